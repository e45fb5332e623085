//! The numbers against those of the tools themselves, where they are installed, over sources found on the machine.

#![allow(
    clippy::print_stderr,
    reason = "a skipped test says so, and the agreement is the result"
)]

use crate::lang::{self, Compat, Counting};
use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// How many functions there are of each line and number.
type Numbers = HashMap<(usize, u32), usize>;

/// How many files are compared.
const MOST: usize = 300;

/// Whether `tool` can be started.
fn installed(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output().is_ok();
    if !found {
        eprintln!("skipped: no {tool}");
    }
    found
}

/// Files below `folder` that end in `extension`, spread over the whole of it.
fn sources(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = ignore::WalkBuilder::new(folder)
        .standard_filters(false)
        .max_depth(Some(8))
        .build()
        .filter_map(Result::ok)
        .map(ignore::DirEntry::into_path)
        .filter(|path| path.extension().is_some_and(|found| found == extension) && path.is_file())
        .collect();
    found.sort();
    let step = found.len() / MOST + 1;
    found.into_iter().step_by(step).collect()
}

/// Line and number of every function that hookd finds in `path`, counted by `rule`; `None` where it cannot read the file.
fn ours(path: &Path, rule: &Counting) -> Option<Numbers> {
    let text = fs::read(path).ok()?;
    let language = lang::by_path(&path.to_string_lossy())?;
    let mut found = HashMap::new();
    for function in language.count(&text, rule).ok()? {
        let line = 1 + memchr::memchr_iter(b'\n', &text[..function.name_span.start]).count();
        *found.entry((line, function.cyclomatic)).or_default() += 1;
    }
    Some(found)
}

/// The share of `theirs` (file, line, number) that hookd has too, in per cent; printed.
fn agreement(name: &str, theirs: &[(PathBuf, usize, u32)], rule: &Counting) -> f64 {
    let mut files: HashMap<&Path, Option<Numbers>> = HashMap::new();
    let (mut right, mut all) = (0_u32, 0_u32);
    for (path, line, number) in theirs {
        let Some(found) = files.entry(path).or_insert_with(|| ours(path, rule)) else {
            continue;
        };
        all += 1;
        let left = found.get_mut(&(*line, *number)).filter(|left| **left > 0);
        if let Some(left) = left {
            *left -= 1;
            right += 1;
        }
    }
    let share = 100.0 * f64::from(right) / f64::from(all.max(1));
    eprintln!("{name}: {right} of {all} functions agree ({share:.3} %)");
    if all == 0 { 100.0 } else { share }
}

/// The fields of a line of CSV.
fn fields(line: &str) -> Vec<String> {
    let mut fields = vec![String::new()];
    let mut quoted = false;
    for letter in line.chars() {
        match letter {
            '"' => quoted = !quoted,
            ',' if !quoted => fields.push(String::new()),
            _ => {
                if let Some(last) = fields.last_mut() {
                    last.push(letter);
                }
            }
        }
    }
    fields
}

/// The command that starts ESLint: one in the search path, or that of the folder which `ESLINT` names.
fn eslint() -> Option<Command> {
    let folder = std::env::var_os("ESLINT").map(PathBuf::from);
    let script = folder.map(|folder| folder.join("node_modules/eslint/bin/eslint.js"));
    if let Some(script) = script.filter(|script| script.exists()) {
        let mut command = Command::new("node");
        command.arg(script);
        return Some(command);
    }
    installed("eslint").then(|| Command::new("eslint"))
}

/// Where Node.js keeps npm, and what `NODE_FILES` names: JavaScript of many authors.
fn scripts() -> Vec<PathBuf> {
    let folders = ["/usr/lib/node_modules", "/usr/local/lib/node_modules"].map(PathBuf::from);
    let named = std::env::var_os("NODE_FILES").map(PathBuf::from);
    let folders = folders.into_iter().chain(named);
    folders.flat_map(|folder| sources(&folder, "js")).collect()
}

#[test]
fn scripts_count_as_eslint_counts_them() {
    let files = scripts();
    let Some(mut command) = eslint().filter(|_| !files.is_empty()) else {
        eprintln!("skipped: no ESLint, or no scripts");
        return;
    };
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("eslint.config.mjs");
    let rule = "export default [{ rules: { complexity: ['error', 0] } }];\n";
    fs::write(&config, rule).expect("written");
    // ESLint leaves out what lies outside its folder, and what lies in node_modules.
    for (number, file) in files.iter().enumerate() {
        fs::copy(file, folder.path().join(format!("{number}.js"))).expect("copied");
    }
    command
        .current_dir(folder.path())
        .args(["--no-inline-config", "--format", "json", "-c"])
        .arg(&config)
        .arg(".");
    let output = command.output().expect("ESLint runs");
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let theirs: Vec<(PathBuf, usize, u32)> = found
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|file| {
            let path = PathBuf::from(file["filePath"].as_str().unwrap_or_default());
            let messages = file["messages"].as_array().cloned().unwrap_or_default();
            messages.into_iter().filter_map(move |message| {
                let (_, rest) = message["message"].as_str()?.split_once("complexity of ")?;
                let digits = rest.split(|letter: char| !letter.is_ascii_digit()).next();
                let line = usize::try_from(message["line"].as_u64()?).ok()?;
                Some((path.clone(), line, digits?.parse().ok()?))
            })
        })
        .collect();
    assert!(
        !theirs.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let share = agreement("ESLint", &theirs, &Counting::default());
    assert!(share >= 99.9, "{share}");
}

fn lizard(folder: &Path, extension: &str, rule: &Counting) -> Option<f64> {
    let files = sources(folder, extension);
    if files.is_empty() {
        eprintln!("skipped: no .{extension} files");
        return None;
    }
    let output = Command::new("lizard")
        .arg("--csv")
        .args(&files)
        .output()
        .ok()?;
    let text = String::from_utf8_lossy(&output.stdout);
    let theirs: Vec<(PathBuf, usize, u32)> = text
        .lines()
        .filter_map(|line| {
            let fields = fields(line);
            let number = fields.get(1)?.parse().ok()?;
            // Line 0 is what stands outside of functions.
            let start = fields.get(9)?.parse().ok().filter(|&line| line > 0)?;
            Some((PathBuf::from(fields.get(6)?), start, number))
        })
        .collect();
    let name = format!("lizard, .{extension}, {:?}", rule.compat);
    Some(agreement(&name, &theirs, rule))
}

/// Where cargo keeps sources, and the folders that `SOURCE_FILES` names.
fn folders() -> Vec<PathBuf> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let home = home.or_else(|| std::env::home_dir().map(|home| home.join(".cargo")));
    let named = std::env::var_os("SOURCE_FILES").unwrap_or_default();
    let registry = home.map(|home| home.join("registry/src"));
    registry
        .into_iter()
        .chain(std::env::split_paths(&named))
        .collect()
}

#[test]
fn real_files_count_as_lizard_counts_them() {
    if !installed("lizard") {
        return;
    }
    let as_lizard = Counting {
        compat: Some(Compat::Lizard),
        ..Counting::default()
    };
    let own =
        ["c", "h", "cpp", "php", "swift", "lua", "java"].map(|name| (name, Counting::default()));
    let others =
        ["java", "kt", "rb", "php", "go", "rs", "cs", "scala"].map(|name| (name, as_lizard));
    for folder in folders() {
        for (extension, rule) in own.iter().chain(&others) {
            if let Some(share) = lizard(&folder, extension, rule) {
                assert!(share >= 99.0, "{extension}: {share}");
            }
        }
    }
}

/// How many of `theirs` have the number of one of `ours`, in order, and how many have to. checkstyle gives methods without a body 1,
/// which hookd leaves out.
fn in_order(theirs: &[u32], ours: &[u32]) -> (usize, usize) {
    let mut left = ours.iter().peekable();
    let found = theirs
        .iter()
        .filter(|number| left.next_if_eq(number).is_some());
    let found = found.count();
    let other = theirs.iter().filter(|&&number| number != 1).count();
    let ones = ours.iter().filter(|&&number| number == 1).count();
    (found, ours.len().max(other + ones))
}

#[test]
fn java_counts_as_checkstyle_counts_it() {
    let files: Vec<PathBuf> = folders()
        .iter()
        .flat_map(|folder| sources(folder, "java"))
        .collect();
    if files.is_empty() || !installed("checkstyle") {
        eprintln!("skipped: no checkstyle, or no .java files");
        return;
    }
    let folder = tempfile::tempdir().expect("a folder");
    let config = folder.path().join("checks.xml");
    let rule = "<?xml version=\"1.0\"?><!DOCTYPE module PUBLIC \"-//Checkstyle//DTD Checkstyle Configuration 1.3//EN\" \
                \"https://checkstyle.org/dtds/configuration_1_3.dtd\"><module name=\"Checker\"><property name=\"haltOnException\" \
                value=\"false\"/><module name=\"TreeWalker\"><module name=\"CyclomaticComplexity\"><property name=\"max\" \
                value=\"0\"/></module></module></module>";
    fs::write(&config, rule).expect("written");
    let output = Command::new("checkstyle")
        .arg("-c")
        .arg(&config)
        .args(&files)
        .output();
    let Ok(output) = output else { return };
    let text = String::from_utf8_lossy(&output.stdout);
    let mut theirs: HashMap<PathBuf, Vec<u32>> = HashMap::new();
    for line in text.lines() {
        let Some((place, rest)) = line.split_once(": Cyclomatic Complexity is ") else {
            continue;
        };
        let path = place.trim_start_matches("[ERROR] ").split(".java:").next();
        let number = rest.split(' ').next().unwrap_or_default().replace(',', "");
        let numbers = theirs.entry(PathBuf::from(format!("{}.java", path.unwrap_or_default())));
        numbers.or_default().extend(number.parse::<u32>());
    }
    assert!(
        !theirs.is_empty(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    let (mut right, mut all) = (0, 0);
    for (path, numbers) in &theirs {
        let text = fs::read(path).unwrap_or_default();
        let language = lang::by_path(&path.to_string_lossy()).expect("Java");
        let Ok(functions) = (language.functions)(&text) else {
            continue;
        };
        let ours: Vec<u32> = functions
            .iter()
            .map(|function| function.cyclomatic)
            .collect();
        let (found, most) = in_order(numbers, &ours);
        right += found;
        all += most;
    }
    eprintln!("checkstyle: {right} of {all} functions agree");
    assert!(right * 1000 >= all * 999, "{right} of {all}");
}

#[test]
fn the_standard_library_counts_as_ruff_counts_it() {
    let query = "import sysconfig; print(sysconfig.get_path('stdlib'))";
    let library = Command::new("python3").args(["-c", query]).output();
    let Some(library) = library.ok().filter(|_| installed("ruff")) else {
        return;
    };
    let library = PathBuf::from(String::from_utf8_lossy(&library.stdout).trim());
    let files = sources(&library, "py");
    let output = Command::new("ruff")
        .args([
            "check",
            "--isolated",
            "--no-cache",
            "--select",
            "C901",
            "--ignore-noqa",
        ])
        .args([
            "--config",
            "lint.mccabe.max-complexity=0",
            "--output-format",
            "json",
        ])
        .args(&files)
        .output();
    let Ok(output) = output else { return };
    let found: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap_or_default();
    let theirs: Vec<(PathBuf, usize, u32)> = found
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|finding| {
            let message = finding["message"].as_str()?;
            let number = message
                .rsplit_once('(')?
                .1
                .split_once(' ')?
                .0
                .parse()
                .ok()?;
            let line = usize::try_from(finding["location"]["row"].as_u64()?).ok()?;
            Some((PathBuf::from(finding["filename"].as_str()?), line, number))
        })
        .collect();
    let share = agreement("ruff", &theirs, &Counting::default());
    assert!(share >= 99.5, "{share}");
}

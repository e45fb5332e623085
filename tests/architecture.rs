//! The shape of the code, held by tests: layers, cycles, who may use git2, who may print, folders and their registries.
//!
//! It reads the sources as text: what the compiler lets through, a reviewer would have to notice.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// From the bottom up: a module may use those of earlier rows, never one of its own row or of a later one.
const LAYERS: [&[&str]; 11] = [
    &["exit", "env"],
    &["model"],
    &["text", "version"],
    &[
        "git", "config", "rules", "lang", "lockfile", "advisory", "report", "triage",
    ],
    &["scan", "command"],
    &["select", "precommit"],
    &["migrate"],
    &["engine", "install", "ledger"],
    &["cli"],
    &["main"],
    &["lib"],
];

/// Folders whose files know nothing of each other: what they share stands in the named files, which may know them
/// (`version/ecosystem.rs` is their table).
const INDEPENDENT: [(&str, &[&str]); 5] = [
    ("scan", &["source", "spec"]),
    (
        "lockfile",
        &[
            "cargo_lines",
            "cargo_names",
            "encoding",
            "input",
            "json",
            "nuget_json",
            "package",
            "package_json",
            "pip_lines",
            "pom_model",
            "pep508",
            "reach",
            "toml_lines",
            "xml",
            "yaml_lines",
        ],
    ),
    ("report", &["wrap", "place"]),
    ("version", &["ecosystem", "token"]),
    (
        "lang",
        &[
            "clike", "compat", "counting", "curly", "flow", "function", "golike", "lexeme",
            "marks", "signs", "members", "token",
        ],
    ),
];

/// A source file: its module path below `src` and its text without tests and comments.
struct Source {
    path: PathBuf,
    module: Vec<String>,
    code: String,
    lines: usize,
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn rust_files(dir: &Path, out: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            rust_files(&path, out);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            out.push(path);
        }
    }
}

fn sources() -> Vec<Source> {
    let src = root().join("src");
    let mut files = Vec::new();
    rust_files(&src, &mut files);
    files.sort();
    let sources = files.into_iter().map(|file| {
        let text = fs::read_to_string(&file).unwrap();
        let relative = file.strip_prefix(&src).unwrap().with_extension("");
        let mut module: Vec<String> = relative
            .iter()
            .map(|part| part.to_string_lossy().into_owned())
            .collect();
        if module.len() > 1 && module.last().is_some_and(|last| last == "mod") {
            module.pop();
        }
        let code: Vec<&str> = text
            .split("#[cfg(test)]\nmod tests {")
            .next()
            .unwrap_or_default()
            .lines()
            .filter(|line| !line.trim_start().starts_with("//"))
            .collect();
        Source {
            path: file,
            module,
            code: code.join("\n"),
            lines: text.lines().count(),
        }
    });
    // Modules that only tests see are not part of the shape.
    let sources: Vec<Source> = sources.collect();
    let test_only: Vec<Vec<String>> = sources.iter().flat_map(test_modules).collect();
    let seen = |source: &Source| {
        !test_only
            .iter()
            .any(|module| source.module.starts_with(module))
    };
    sources.into_iter().filter(seen).collect()
}

/// The modules that `source` declares for tests only.
fn test_modules(source: &Source) -> Vec<Vec<String>> {
    let declared = source.code.match_indices("#[cfg(test)]\nmod ");
    declared
        .map(|(at, marker)| {
            let rest = source.code[at + marker.len()..].chars();
            let name: String = rest.take_while(|c| *c != ';').collect();
            source.module.iter().cloned().chain([name]).collect()
        })
        .collect()
}

/// The names that follow `prefix` in `code`, also those in braces right behind it.
fn names_after(code: &str, prefix: &str) -> BTreeSet<String> {
    let inside_a_path = |at: usize| {
        let before = code[..at].chars().next_back();
        before.is_some_and(|c| is_word(c) || c == ':')
    };
    let mut names = BTreeSet::new();
    for (at, _) in code
        .match_indices(prefix)
        .filter(|(at, _)| !inside_a_path(*at))
    {
        let rest = &code[at + prefix.len()..];
        match rest.strip_prefix('{') {
            Some(list) => names.extend(first_words(list)),
            None => names.extend([word(rest)]),
        }
    }
    names.remove("");
    names
}

fn is_word(character: char) -> bool {
    character.is_alphanumeric() || character == '_'
}

fn word(text: &str) -> String {
    text.chars().take_while(|c| is_word(*c)).collect()
}

/// The first word of each part of a list in braces: `a::{b, c}, d}` gives `a` and `d`.
fn first_words(list: &str) -> Vec<String> {
    let mut depth = 1;
    let mut part = String::new();
    let mut parts = Vec::new();
    for character in list.chars() {
        match character {
            '{' => depth += 1,
            '}' => depth -= 1,
            ',' if depth == 1 => parts.push(std::mem::take(&mut part)),
            _ => {}
        }
        if depth == 0 {
            break;
        }
        part.push(character);
    }
    parts.push(part);
    parts
        .iter()
        .map(|part| word(part.trim_start_matches([',', ' ', '\n'])))
        .collect()
}

fn row_of(module: &str) -> Option<usize> {
    LAYERS.iter().position(|row| row.contains(&module))
}

#[test]
fn imports_go_down_only() {
    let mut wrong = Vec::new();
    for source in sources() {
        let own = source.module[0].as_str();
        let row = row_of(own).unwrap_or_else(|| panic!("src/{own} stands in no layer"));
        for used in names_after(&source.code, "crate::") {
            if let Some(other) = row_of(&used)
                && used != own
                && other >= row
            {
                wrong.push(format!("{} uses crate::{used}", source.path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "upward or sideways imports:\n{}",
        wrong.join("\n")
    );
}

/// Strict rows leave no cycle between top modules; inside a module, files may not form one either.
#[test]
fn no_import_cycle_inside_a_module() {
    let uses = uses_inside_modules(&sources());
    for start in uses.keys() {
        let mut seen = BTreeSet::new();
        let mut left: Vec<&String> = uses[start].iter().collect();
        while let Some(at) = left.pop() {
            assert_ne!(at, start, "{start} uses itself through {seen:?}");
            if seen.insert(at) {
                left.extend(uses.get(at).into_iter().flatten());
            }
        }
    }
}

/// Which files and folders right below a top module use which others of the same.
fn uses_inside_modules(all: &[Source]) -> BTreeMap<String, BTreeSet<String>> {
    let mut uses: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    let named = |top: &str, file: &str| {
        all.iter().any(|source| {
            source.module.len() > 1 && source.module[0] == top && source.module[1] == file
        })
    };
    for source in all {
        let [top, file, ..] = source.module.as_slice() else {
            continue;
        };
        // In `a/b/mod.rs` as in `a/b.rs` one `super` leads to `a`; a file in the folder `a/b` needs two.
        let prefix = "super::".repeat(source.module.len() - 1);
        let mut used = names_after(&source.code, &prefix);
        used.extend(names_after(&source.code, &format!("crate::{top}::")));
        used.retain(|other| other != file && named(top, other));
        let used = used.into_iter().map(|other| format!("{top}::{other}"));
        uses.entry(format!("{top}::{file}"))
            .or_default()
            .extend(used);
    }
    uses
}

#[test]
fn siblings_of_one_kind_do_not_know_each_other() {
    let mut wrong = Vec::new();
    let all = sources();
    for (folder, shared) in INDEPENDENT {
        let members: BTreeSet<&str> = all
            .iter()
            .filter(|source| source.module[0] == folder && source.module.len() > 1)
            .map(|source| source.module[1].as_str())
            .filter(|name| !shared.contains(name))
            .collect();
        for source in all
            .iter()
            .filter(|source| source.module[0] == folder && source.module.len() > 1)
        {
            let own = source.module[1].as_str();
            if shared.contains(&own) {
                continue;
            }
            let prefix = "super::".repeat(source.module.len() - 1);
            let mut used = names_after(&source.code, &format!("crate::{folder}::"));
            used.extend(names_after(&source.code, &prefix));
            for other in used
                .iter()
                .filter(|other| *other != own && members.contains(other.as_str()))
            {
                wrong.push(format!("{} uses {folder}::{other}", source.path.display()));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "siblings that know each other:\n{}",
        wrong.join("\n")
    );
}

fn outside(allowed: &[&str], words: &[&str]) -> Vec<String> {
    let mut wrong = Vec::new();
    for source in sources() {
        if allowed.contains(&source.module[0].as_str()) {
            continue;
        }
        for word in words {
            if source.code.contains(word) {
                wrong.push(format!("{}: {word}", source.path.display()));
            }
        }
    }
    wrong
}

#[test]
fn only_git_uses_git2() {
    assert_eq!(
        outside(&["git"], &["git2::", "use git2"]),
        Vec::<String>::new()
    );
}

#[test]
fn only_cli_and_report_print() {
    let printing = [
        "println!",
        "eprintln!",
        "print!(",
        "eprint!(",
        "dbg!(",
        "io::stdout()",
        "io::stderr()",
        "indicatif",
    ];
    assert_eq!(outside(&["cli", "report"], &printing), Vec::<String>::new());
}

#[test]
fn environment_variables_are_read_in_one_file() {
    assert_eq!(
        outside(&["env"], &["std::env::var", "env::var_os("]),
        Vec::<String>::new()
    );
}

#[test]
fn only_the_update_of_advisories_uses_the_network() {
    assert_eq!(
        outside(&["advisory"], &["ureq", "TcpStream", "UdpSocket"]),
        Vec::<String>::new()
    );
}

#[test]
fn files_stay_readable() {
    let long: Vec<String> = sources()
        .iter()
        .filter(|source| source.lines > 500)
        .map(|source| format!("{}: {} lines", source.path.display(), source.lines))
        .collect();
    assert_eq!(long, Vec::<String>::new());
}

/// The names of the files and folders in `src/FOLDER`, without `mod.rs`, tests and the shared ones.
fn members(folder: &str, shared: &[&str]) -> BTreeSet<String> {
    let entries = fs::read_dir(root().join("src").join(folder)).unwrap();
    entries
        .map(|entry| {
            entry
                .unwrap()
                .path()
                .file_stem()
                .unwrap()
                .to_string_lossy()
                .into_owned()
        })
        .filter(|name| name != "mod" && name != "tests" && !shared.contains(&name.as_str()))
        .collect()
}

fn shared(folder: &str) -> &'static [&'static str] {
    INDEPENDENT
        .iter()
        .find(|(name, _)| *name == folder)
        .map_or(&[], |(_, shared)| *shared)
}

fn set<'a>(names: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    names.map(str::to_owned).collect()
}

#[test]
fn every_scanner_folder_is_registered() {
    let registered = set(hookd::scan::SCANNERS.iter().map(|spec| spec.id));
    assert_eq!(members("scan", shared("scan")), registered);
}

#[test]
fn every_report_format_is_registered() {
    let registered = set(hookd::report::REPORTERS.iter().map(|(name, _)| *name));
    assert_eq!(members("report", shared("report")), registered);
}

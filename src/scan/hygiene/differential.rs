//! The native checks against the originals: same verdict, same bytes, on generated files and on whatever real ones this
//! machine has.
//!
//! Skipped where `python3` (or `$HOOKD_PYTHON`) has no `pre_commit_hooks`. `HOOKD_DIFFERENTIAL=N` takes up to N real
//! files a check (200 otherwise); `HOOKD_DIFFERENTIAL_ONLY=ID` looks at one check.

mod cases;

use super::{hygiene_check, scanner};
use crate::model::{AddedLines, Content, FileKind, FileMeta, Mode, RepoPath, Sink};
use crate::scan::{Base, ScanContext, SourceFile};
use cases::{CASES, Case};
use serde_json::{Value, json};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Runs one of the original hooks on each file of a folder, and tells its exit and the new content.
const DRIVER: &str = r#"
import ast, contextlib, hashlib, importlib, io, json, os, sys
job = json.load(sys.stdin)
main = importlib.import_module('pre_commit_hooks.' + job['module']).main
out = []
for name in job['files']:
    with contextlib.redirect_stdout(io.TextIOWrapper(io.BytesIO())), contextlib.redirect_stderr(io.StringIO()):
        try:
            code = main([*job['args'], name])
        except SystemExit as stop:
            code = stop.code
        except BaseException:
            code = 1
    with open(name, 'rb') as f:
        content = f.read()
    broken = 0
    if code and job['python']:
        try:
            ast.parse(content)
        except (SyntaxError, ValueError):
            broken = 1
    out.append([int(bool(code)), hashlib.sha256(content).hexdigest(), broken])
json.dump(out, sys.stdout)
"#;

struct Alone;

impl Base for Alone {
    fn contents(&self) -> Result<Vec<Vec<u8>>, String> {
        Ok(Vec::new())
    }

    fn added(&self, _bases: &[Vec<u8>], _now: &[u8]) -> AddedLines {
        AddedLines::All
    }
}

fn python() -> Option<String> {
    let python = std::env::var("HOOKD_PYTHON").unwrap_or_else(|_| "python3".to_owned());
    let there = Command::new(&python)
        .args(["-c", "import pre_commit_hooks"])
        .stderr(Stdio::null())
        .status();
    there.ok().filter(std::process::ExitStatus::success)?;
    Some(python)
}

/// Originals that parse the file as Python; the native checks know less about its grammar, and newer and older Pythons
/// have other ones.
const PARSED: [&str; 3] = [
    "check_ast",
    "check_builtin_literals",
    "debug_statement_hook",
];

/// What an original said about a file.
struct Answer {
    /// Whether it complains, and the hash of the content it leaves.
    told: (bool, String),
    /// Whether it could not parse the file.
    broken: bool,
}

/// The original's answers: whether it complains, and the hash of the content it leaves.
fn original(
    python: &str,
    module: &str,
    args: &[&str],
    folder: &Path,
    names: &[String],
) -> Vec<Answer> {
    let job = json!({ "module": module, "args": args, "files": names, "python": PARSED.contains(&module) }).to_string();
    let mut child = Command::new(python)
        .args(["-W", "ignore", "-c", DRIVER])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(job.as_bytes()).unwrap();
    drop(stdin);
    let done = child.wait_with_output().unwrap();
    let answers: Value = serde_json::from_slice(&done.stdout).unwrap();
    let each = answers.as_array().unwrap().iter();
    each.map(|answer| Answer {
        told: (answer[0] == 1, answer[1].as_str().unwrap().to_owned()),
        broken: answer[2] == 1,
    })
    .collect()
}

fn native(id: &str, args: &[&str], folder: &Path, name: &str, bytes: &[u8]) -> (bool, Vec<u8>) {
    let args: Vec<String> = args.iter().map(|&arg| arg.to_owned()).collect();
    let context = ScanContext {
        commits: None,
        reads_message: false,
        mode: Mode::Files,
        data_dir: None,
        root: folder.to_owned(),
        today: jiff::civil::date(2026, 1, 1),
    };
    let scanner = hygiene_check(id, &args, &context).unwrap().unwrap();
    let meta = FileMeta {
        path: RepoPath::from(name),
        kind: FileKind::Regular,
        size: bytes.len() as u64,
        content: Content::Disk(folder.join(name)),
        bases: Vec::new(),
        commit: None,
    };
    let mut sink = Sink::new();
    scanner.scan_file(&SourceFile::new(&meta, bytes, &Alone), &mut sink);
    let fix = sink.take_fix();
    let (findings, errors) = sink.into_parts();
    if std::env::var_os("HOOKD_DIFFERENTIAL_TELL").is_some() {
        for finding in &findings {
            eprintln!("{name}:{}: {}", finding.span.start.line, finding.message);
        }
    }
    assert!(errors.is_empty(), "{id} on {name}: {errors:?}");
    let now = fix.map_or_else(|| bytes.to_vec(), |fix| fix.content);
    (!findings.is_empty(), now)
}

/// Up to `most` real files whose names end in one of `ends`, spread over what there is.
fn real(ends: &[&str], most: usize) -> Vec<PathBuf> {
    let Some(home) = std::env::var_os("HOME").map(PathBuf::from) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for folder in [
        ".pyenv/versions",
        ".cargo/registry/src",
        ".rustup/toolchains",
        ".nvm",
    ] {
        for entry in ignore::WalkBuilder::new(home.join(folder))
            .standard_filters(false)
            .build()
            .flatten()
        {
            let name = entry.file_name().to_string_lossy();
            let small = entry
                .metadata()
                .is_ok_and(|meta| meta.is_file() && meta.len() < 300_000);
            if small && ends.iter().any(|end| name.ends_with(end)) {
                found.push(entry.into_path());
            }
        }
    }
    found.sort();
    let step = (found.len() / most.max(1)).max(1);
    found.into_iter().step_by(step).take(most).collect()
}

/// A small generator of numbers, the same on every machine (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % bound as u64).unwrap_or(0)
    }
}

/// Texts put together from `pieces`.
fn generated(pieces: &[&str], count: usize) -> Vec<Vec<u8>> {
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut texts = vec![Vec::new()];
    for _ in 0..count {
        let length = random.below(14);
        let text: Vec<u8> = (0..length)
            .flat_map(|_| pieces[random.below(pieces.len())].bytes())
            .collect();
        texts.push(text);
    }
    texts
}

/// Each real text with one byte taken out, put in, or changed.
fn damaged(texts: &[Vec<u8>]) -> Vec<Vec<u8>> {
    let mut random = Random(42);
    let marks = b"{}[]\"':,\\ \n\t#-=(&<>";
    texts
        .iter()
        .filter(|text| !text.is_empty() && text.len() < 60_000)
        .map(|text| {
            let mut text = text.clone();
            let at = random.below(text.len());
            let mark = marks[random.below(marks.len())];
            match random.below(3) {
                0 => drop(text.remove(at)),
                1 => text.insert(at, mark),
                _ => text[at] = mark,
            }
            text
        })
        .collect()
}

/// Upstream writes wrong bytes or fails on these, by its own bugs: compared by nobody.
fn upstream_bug(case: &Case, bytes: &[u8]) -> bool {
    // string_fixer counts lines at form feeds and their like, where the tokenizer does not.
    let other_lines = || {
        let text = String::from_utf8_lossy(bytes);
        text.contains([
            '\x0b', '\x0c', '\x1c', '\x1d', '\x1e', '\u{85}', '\u{2028}', '\u{2029}',
        ]) || text.replace("\r\n", "\n").contains('\r')
    };
    // A block scalar that is the whole document: the loader takes marks of documents for its text, and lets it begin
    // with a tab, which the parser here does not.
    let block_document = || {
        let text = String::from_utf8_lossy(bytes);
        let mut lines = text
            .lines()
            .skip_while(|line| line.is_empty() || line.starts_with('#'));
        let head = lines.next().unwrap_or_default();
        head.len() < 5 && head.ends_with(['|', '>']) || text.contains("%[")
    };
    match case.module {
        "string_fixer" => other_lines(),
        "check_yaml" => block_document(),
        _ => false,
    }
}

#[test]
fn the_same_verdicts_and_bytes_as_the_originals() {
    let Some(python) = python() else {
        eprintln!("skipped: python3 has no pre_commit_hooks");
        return;
    };
    let most: usize = std::env::var("HOOKD_DIFFERENTIAL")
        .ok()
        .and_then(|count| count.parse().ok())
        .unwrap_or(200);
    let only = std::env::var("HOOKD_DIFFERENTIAL_ONLY").ok();
    let mut differences = Vec::new();
    let mut total = 0;
    for case in CASES
        .iter()
        .filter(|case| only.as_deref().is_none_or(|only| only == case.id))
    {
        let (count, mut found) = compare(&python, case, most);
        eprintln!(
            "{} {:?}: {count} files, {} differences",
            case.id,
            case.args,
            found.len()
        );
        total += count;
        differences.append(&mut found);
    }
    eprintln!("{total} files, {} differences", differences.len());
    assert!(
        differences.is_empty(),
        "{}",
        differences[..differences.len().min(40)].join("\n")
    );
}

fn compare(python: &str, case: &Case, most: usize) -> (usize, Vec<String>) {
    let folder = tempfile::tempdir().unwrap();
    // Some of the originals ask git where they are.
    let made = Command::new("git")
        .args(["init", "--quiet"])
        .current_dir(folder.path())
        .status();
    assert!(made.unwrap().success());
    let paths = real(case.ends, most);
    let mut texts: Vec<(String, Vec<u8>)> = paths
        .iter()
        .filter_map(|path| {
            let end = path.extension()?.to_string_lossy().into_owned();
            Some((end, std::fs::read(path).ok()?))
        })
        .collect();
    if case.damage {
        let bytes: Vec<Vec<u8>> = texts.iter().map(|(_, bytes)| bytes.clone()).collect();
        let end = case.ends[0].trim_start_matches('.').to_owned();
        texts.extend(
            damaged(&bytes)
                .into_iter()
                .map(|bytes| (end.clone(), bytes)),
        );
    }
    let end = case.ends[0].rsplit('.').next().unwrap_or("txt").to_owned();
    texts.extend(
        generated(case.pieces, most * 2)
            .into_iter()
            .map(|bytes| (end.clone(), bytes)),
    );
    texts.retain(|(_, bytes)| !upstream_bug(case, bytes));
    let names: Vec<String> = texts
        .iter()
        .enumerate()
        .map(|(at, (end, _))| format!("f{at}.{end}"))
        .collect();
    for (name, (_, bytes)) in names.iter().zip(&texts) {
        std::fs::write(folder.path().join(name), bytes).unwrap();
    }
    let expected = original(python, case.module, case.args, folder.path(), &names);
    let mut differences = Vec::new();
    let mut unseen = 0;
    for (at, (name, (_, bytes))) in names.iter().zip(&texts).enumerate() {
        let (complains, now) = native(case.id, case.args, folder.path(), name, bytes);
        let got = (complains, scanner::sha256(&now));
        if !got.0 && expected[at].broken {
            unseen += 1;
        } else if got != expected[at].told {
            let origin = paths.get(at).map_or_else(
                || {
                    format!(
                        "{:?}",
                        String::from_utf8_lossy(&bytes[..bytes.len().min(300)])
                    )
                },
                |path| path.display().to_string(),
            );
            let kept = std::env::temp_dir().join("hookd-differential");
            let saved = kept.join(format!("{}-{name}", case.id));
            let _ = std::fs::create_dir_all(&kept)
                .and_then(|()| std::fs::write(&saved, bytes))
                .and_then(|()| std::fs::write(saved.with_extension("native"), &now));
            differences.push(format!(
                "{} {:?}: complains {} where the original {}{}: {origin} ({})",
                case.id,
                case.args,
                got.0,
                expected[at].told.0,
                if got.1 == expected[at].told.1 {
                    ""
                } else {
                    ", other bytes"
                },
                saved.display()
            ));
        }
    }
    if unseen > 0 {
        eprintln!("{}: {unseen} files that Python cannot parse pass", case.id);
    }
    (texts.len(), differences)
}

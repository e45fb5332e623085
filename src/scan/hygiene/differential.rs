//! The native checks against the originals: same verdict, same bytes, on generated files and on whatever real ones this
//! machine has.
//!
//! Skipped where `python3` (or `$HOOKD_PYTHON`) has no `pre_commit_hooks`. `HOOKD_DIFFERENTIAL=N` takes up to N real
//! files a check (200 otherwise); `HOOKD_DIFFERENTIAL_ONLY=ID` looks at one check.

use super::{hygiene_check, scanner};
use crate::model::{AddedLines, Content, FileKind, FileMeta, Mode, RepoPath, Sink};
use crate::scan::{Base, ScanContext, SourceFile};
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

struct Case {
    id: &'static str,
    module: &'static str,
    args: &'static [&'static str],
    ends: &'static [&'static str],
    pieces: &'static [&'static str],
    /// Whether damaged real files are looked at: not where the native check is known to see less.
    damage: bool,
}

const WHITE: &[&str] = &[
    "a", " ", "\t", "\n", "\r\n", "\r", "b c", "\x0c", "\x0b", "  \n", "é", "#", "\u{feff}",
];
const MARKS: &[&str] = &[
    "<<<<<<< a\n",
    "=======\n",
    "=======\r\n",
    "======= x\n",
    ">>>>>>> b\n",
    "x\n",
    "=======",
    "<<<<<<<\n",
    " <<<<<<< c\n",
    "========\n",
];
const JSON: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"a\"",
    "\"b\"",
    "1",
    "-0",
    "1.5",
    "1e22",
    "1E-7",
    "NaN",
    "-Infinity",
    "true",
    "null",
    " ",
    "\n",
    "\"\\u00e9\"",
    "é",
    "\"\\n\"",
    "01",
    "'x'",
    "//c\n",
    "\"é😀\"",
    "\r\n",
    "\t",
    "\"\\ud83d\\ude00\"",
    "100000000000000000000000",
];
const JSON_WHOLE: &[&str] = &[
    "{\"b\": 1, \"a\": [1, {}, [], {\"z\": null, \"y\": -0.0}], \"é\": \"\\u0041\\t\\\"😀\"}",
    "[1.0, 1e16, 1.5e300, 123456789.125, 1e-5, 0.0001, 12e3]",
    "\n",
    " ",
    "[]",
    "{}",
    "3",
    "\"x\"",
    "{\"a\":1,\"a\":2}",
    "{\"a\": {\"b\": {\"c\": [[]]}}}",
    "[\n  1,\n  2\n]\n",
    "{\n  \"a\": 1\n}\n",
];
const YAML: &[&str] = &[
    "a: ", "b: ", "- ", "\n", "  ", "1\n", "x\n", "'q'", "\"d\"", "[", "]", "{", "}", ", ", "&a ",
    "*a", "!t ", "|\n", ">\n", "# c\n", "---\n", "...\n", ": ", "? ", "<<: ", "\t", "true: ", "é",
    "@", "%", "a:b", "~",
];
const TOML: &[&str] = &[
    "a = ",
    "b = ",
    "1\n",
    "'x'\n",
    "\"y\"\n",
    "[t]\n",
    "[[t]]\n",
    "[t.u]\n",
    "a.b = 1\n",
    "{ c = 1 }\n",
    "[1, 2]\n",
    "\n",
    "# c\n",
    "1979-05-27T07:32:00Z\n",
    "1.5e3\n",
    "0x1F\n",
    "inf\n",
    "\"\"\"\nm\"\"\"\n",
    "true\n",
    " ",
    "\r\n",
    "é = 1\n",
    "01\n",
];
const XML: &[&str] = &[
    "<a>",
    "</a>",
    "<b c=\"d\"/>",
    "<b c='d' c='e'/>",
    "x",
    "&amp;",
    "&x;",
    "&#65;",
    "<!-- c -->",
    "<?pi x?>",
    "<![CDATA[y]]>",
    "<?xml version=\"1.0\"?>",
    "\n",
    "]]>",
    "<!DOCTYPE a>",
    "<",
    ">",
    "&",
    "<a ",
    "b=\"<\"",
    "--",
    "é",
    "<a></a>",
];
const PYTHON: &[&str] = &[
    "x = 1\n",
    "\"\"\"doc\"\"\"\n",
    "'d'\n",
    "# c\n",
    "\n",
    "def f():\n    return \"a\"\n",
    "import pdb\n",
    "import os, ipdb as i\n",
    "from pdb import x\n",
    "breakpoint()\n",
    "x.breakpoint()\n",
    "y = dict()\n",
    "y = list(a)\n",
    "f(dict())\n",
    "y = dict(a=1)\n",
    "y = int().real\n",
    "y = str().join(x)\n",
    "y = tuple()[0]\n",
    "y = [float(), complex()]\n",
    "s = \"it's\"\n",
    "s = b\"x\" 'y'\n",
    "s = f\"{x}\"\n",
    "class A(object):\n    \"d\"\n    x = \"y\"\n",
    "if x: import pdb\n",
    "z = \"\"\"a\nb\"\"\"\n",
    "y = str(object=1)\n",
    "y = (list())\n",
    "y = f'{list()}'\n",
    "lambda: dict()\n",
    "@list()\ndef g(a=dict()): pass\n",
    "s = (\n\"a\"\n)\n",
    "print(\"\")\n",
    "q = \"\\\"\"\n",
    "def breakpoint(): pass\n",
    "from . import pdb\n",
    "from .pdb import y\n",
    "import pdb.x\n",
];
const REQUIREMENTS: &[&str] = &[
    "b==1\n",
    "a\n",
    "A>=2\n",
    "# c\n",
    "\n",
    "c ; x\n",
    "-e git+https://e.x/y#egg=zed\n",
    "a\n",
    "pkg-resources==0.0.0\n",
    "d \\\n  --hash=1\n",
    "b==1",
    "a==1\r\n",
    "-r x.txt\n",
    "f~=1\n",
    "  g\n",
    " \n",
];
const SORTS: &[&str] = &[
    "b\n",
    "a\n",
    "A\n",
    "\n",
    "c",
    " d\n",
    "B\r\n",
    "a\n",
    "\r",
    "é\n",
    "  \n",
    "# z\n",
    "'q': 1\n",
    "\"p\": 2\n",
    "k: v\n",
];
const LINKS: &[&str] = &[
    "https://github.com/",
    "a/",
    "b/",
    "blob/",
    "main/",
    "abcd/",
    "abcdef1234/",
    "x.py",
    "#L",
    "12",
    " ",
    "\n",
    "v1.0/",
    "git.corp/",
    "https://git.corp/",
];
const PRAGMA: &[&str] = &[
    "#!/usr/bin/env python\n",
    "# -*- coding: utf-8 -*-\n",
    "# coding: latin-1\n",
    "x = 1\n",
    "\n",
    "# vim: encoding=utf-8\r\n",
    "#!/x\r\n",
    " \n",
];

const fn case(
    id: &'static str,
    module: &'static str,
    args: &'static [&'static str],
    ends: &'static [&'static str],
    pieces: &'static [&'static str],
    damage: bool,
) -> Case {
    Case {
        id,
        module,
        args,
        ends,
        pieces,
        damage,
    }
}

const TEXT: &[&str] = &[
    ".py", ".md", ".txt", ".rs", ".toml", ".json", ".yml", ".c", ".h", ".rst", ".svg",
];
const PY: &[&str] = &[".py"];

#[rustfmt::skip]
static CASES: &[Case] = &[
    case("trailing-whitespace", "trailing_whitespace_fixer", &[], TEXT, WHITE, true),
    case("trailing-whitespace", "trailing_whitespace_fixer", &["--markdown-linebreak-ext=md,x"], TEXT, WHITE, true),
    case("trailing-whitespace", "trailing_whitespace_fixer", &["--markdown-linebreak-ext=*"], TEXT, WHITE, false),
    case("trailing-whitespace", "trailing_whitespace_fixer", &["--chars", " a"], TEXT, WHITE, false),
    case("end-of-file-fixer", "end_of_file_fixer", &[], TEXT, WHITE, true),
    case("mixed-line-ending", "mixed_line_ending", &[], TEXT, WHITE, true),
    case("mixed-line-ending", "mixed_line_ending", &["--fix=no"], TEXT, WHITE, false),
    case("mixed-line-ending", "mixed_line_ending", &["--fix=lf"], TEXT, WHITE, false),
    case("mixed-line-ending", "mixed_line_ending", &["-f", "crlf"], TEXT, WHITE, false),
    case("mixed-line-ending", "mixed_line_ending", &["--fix", "cr"], TEXT, WHITE, false),
    case("fix-byte-order-marker", "fix_byte_order_marker", &[], TEXT, WHITE, false),
    case("check-byte-order-marker", "check_byte_order_marker", &[], TEXT, WHITE, false),
    case("check-merge-conflict", "check_merge_conflict", &["--assume-in-merge"], TEXT, MARKS, true),
    case("detect-private-key", "detect_private_key", &[], TEXT, WHITE, false),
    case("check-vcs-permalinks", "check_vcs_permalinks", &["--additional-github-domain", "git.corp"], TEXT, LINKS, true),
    case("file-contents-sorter", "file_contents_sorter", &[], TEXT, SORTS, false),
    case("file-contents-sorter", "file_contents_sorter", &["--ignore-case"], TEXT, SORTS, false),
    case("file-contents-sorter", "file_contents_sorter", &["--unique"], TEXT, SORTS, false),
    case("sort-simple-yaml", "sort_simple_yaml", &[], &[".yml", ".yaml", ".txt"], SORTS, false),
    case("requirements-txt-fixer", "requirements_txt_fixer", &[], &["requirements.txt", "constraints.txt"], REQUIREMENTS, false),
    case("fix-encoding-pragma", "fix_encoding_pragma", &[], PY, PRAGMA, false),
    case("fix-encoding-pragma", "fix_encoding_pragma", &["--remove"], PY, PRAGMA, false),
    case("pretty-format-json", "pretty_format_json", &["--autofix"], &[".json", ".ipynb"], JSON_WHOLE, true),
    case("pretty-format-json", "pretty_format_json", &["--autofix", "--no-ensure-ascii", "--no-sort-keys", "--indent=4", "--top-keys=name,b"], &[".json"], JSON_WHOLE, false),
    case("pretty-format-json", "pretty_format_json", &["--indent", "\t"], &[".json"], JSON_WHOLE, false),
    case("check-json", "check_json", &[], &[".json", ".ipynb"], JSON, true),
    case("check-toml", "check_toml", &[], &[".toml"], TOML, true),
    case("check-yaml", "check_yaml", &[], &[".yml", ".yaml"], YAML, true),
    case("check-yaml", "check_yaml", &["--multi"], &[".yml", ".yaml"], YAML, false),
    case("check-yaml", "check_yaml", &["--unsafe"], &[".yml", ".yaml"], YAML, true),
    case("check-xml", "check_xml", &[], &[".xml", ".svg", ".xsd"], XML, true),
    case("check-ast", "check_ast", &[], PY, PYTHON, false),
    case("check-builtin-literals", "check_builtin_literals", &[], PY, PYTHON, false),
    case("check-builtin-literals", "check_builtin_literals", &["--ignore=dict,str", "--no-allow-dict-kwargs"], PY, PYTHON, false),
    case("check-docstring-first", "check_docstring_first", &[], PY, PYTHON, false),
    case("debug-statements", "debug_statement_hook", &[], PY, PYTHON, false),
    case("double-quote-string-fixer", "string_fixer", &[], PY, PYTHON, false),
    case("name-tests-test", "tests_should_end_in_test", &[], PY, PYTHON, false),
    case("name-tests-test", "tests_should_end_in_test", &["--pytest-test-first"], PY, PYTHON, false),
];

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

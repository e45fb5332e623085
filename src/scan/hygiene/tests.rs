//! What the scanner as a whole does: the section, the safe set, one pass, fixes in order, what was there before.

use super::{SPEC, hygiene_check};
use crate::config::Section;
use crate::model::{
    AddedLines, Content, FileKind, FileMeta, Finding, Fix, Mode, Novelty, RepoPath, Sink,
};
use crate::scan::{Base, ScanContext, Scanner, SourceFile};
use std::path::PathBuf;

struct Before(Vec<Vec<u8>>);

impl Base for Before {
    fn contents(&self) -> Result<Vec<Vec<u8>>, String> {
        Ok(self.0.clone())
    }

    fn added(&self, _bases: &[Vec<u8>], _now: &[u8]) -> AddedLines {
        AddedLines::All
    }
}

pub(super) fn context(mode: Mode) -> ScanContext {
    ScanContext {
        commits: None,
        reads_message: false,
        mode,
        data_dir: None,
        root: PathBuf::from("/nonexistent"),
        today: jiff::civil::date(2026, 1, 1),
    }
}

fn scanner(section: &str) -> Result<Box<dyn Scanner>, String> {
    let table = toml::de::DeTable::parse(section)
        .map_err(|error| error.to_string())?
        .into_inner();
    let mut parsed = Section::default();
    parsed.push("hookd.toml", section, table);
    (SPEC.build)(&parsed, &context(Mode::All)).map_err(|error| error.to_string())
}

fn meta(path: &str, bytes: &[u8], kind: FileKind) -> FileMeta {
    FileMeta {
        path: RepoPath::from(path),
        kind,
        size: bytes.len() as u64,
        content: Content::Disk(PathBuf::from(path)),
        bases: Vec::new(),
        commit: None,
    }
}

struct Scanned {
    findings: Vec<Finding>,
    fix: Option<Fix>,
}

fn scan_over(section: &str, path: &str, bytes: &[u8], before: &[&[u8]]) -> Scanned {
    let scanner = scanner(section).unwrap();
    let meta = meta(path, bytes, FileKind::Regular);
    let base = Before(before.iter().map(|bytes| bytes.to_vec()).collect());
    let mut sink = Sink::new();
    scanner.scan_file(&SourceFile::new(&meta, bytes, &base), &mut sink);
    let fix = sink.take_fix();
    let (findings, errors) = sink.into_parts();
    assert_eq!(errors, []);
    Scanned { findings, fix }
}

fn rules(section: &str, path: &str, bytes: &[u8]) -> Vec<String> {
    let scanned = scan_over(section, path, bytes, &[]);
    scanned
        .findings
        .iter()
        .map(|finding| finding.rule.to_string())
        .collect()
}

#[test]
fn the_safe_set_is_silent_where_a_file_may_be_meant_as_it_is() {
    for (path, text) in [
        ("tsconfig.json", "{\n  // comment\n  \"a\": [1, 2,],\n}\n"),
        (".vscode/settings.json", "/* c */ {\"a\": 1}"),
        ("events.json", "{\"a\":1}\n{\"a\":2}\n"),
        ("empty.json", ""),
        (
            "chart/templates/a.yaml",
            "{{- if .x }}\na: {{ .b }}\n{{- end }}\n",
        ),
        ("a.yml", "a: !Ref b\n---\nc: !Sub [d]\nc: 2\n"),
        ("tests/fixtures/x.json", "{"),
        ("tests/invalid.toml", "a ="),
        (
            "doc.rst",
            "Title\n=======\n\n<<<<<<< a\n=======\n>>>>>>> b\n",
        ),
        ("notes.txt", "=======\nx\n=======\n"),
        ("page.xml", "<?xml version=\"1.0\"?><a>{{ b }}</c>"),
        ("a.py", "x = 1  \n\n\n"),
    ] {
        assert_eq!(rules("", path, text.as_bytes()), [""; 0], "{path}");
    }
}

#[test]
fn the_safe_set_finds_what_is_broken() {
    let conflict = format!(
        "a\n{} x\nb\n{}\nc\n{} y\n",
        "<".repeat(7),
        "=".repeat(7),
        ">".repeat(7)
    );
    for (path, text, rule) in [
        ("package.json", "{\"a\": 1", "check-json"),
        ("a.toml", "a = \n", "check-toml"),
        ("a.yaml", "a: [1\n", "check-yaml"),
        ("a.svg", "<svg><g></svg>", "check-xml"),
        ("a.rs", conflict.as_str(), "check-merge-conflict"),
    ] {
        assert_eq!(rules("", path, text.as_bytes()), [rule], "{path}");
    }
    assert_eq!(rules("disable = ['check-json']", "a.json", b"{"), [""; 0]);
}

#[test]
fn a_listed_check_is_as_strict_as_the_original() {
    let section = "checks = ['check-json', 'check-yaml']";
    assert_eq!(
        rules(section, "tsconfig.json", b"{} // c\n"),
        ["check-json"]
    );
    assert_eq!(rules(section, "a.yaml", b"a: !b c\n"), ["check-yaml"]);
    let loose = "checks = ['check-yaml']\nargs = { check-yaml = ['--unsafe'] }";
    assert_eq!(rules(loose, "a.yaml", b"a: !b c\n"), [""; 0]);
}

#[test]
fn mistakes_in_the_section_are_shown() {
    for (section, part) in [
        (
            "checks = ['trailing-whitspace']",
            "did you mean `trailing-whitespace`?",
        ),
        ("disable = ['x']", "unknown check `x`"),
        ("args = { check-yam = [] }", "did you mean `check-yaml`?"),
        (
            "checks = ['check-yaml']\nargs = { check-yaml = ['--mult1'] }",
            "check-yaml: unknown argument `--mult1`",
        ),
        (
            "args = { mixed-line-ending = ['--fix=x'] }\nchecks = ['mixed-line-ending']",
            "is auto, no, lf, crlf or cr",
        ),
        ("files = { check-yaml = ['[z-a]'] }", "not a glob"),
        ("fix = 'now'", "hookd.toml:1:7"),
    ] {
        let message = scanner(section).err().unwrap_or_default();
        assert!(message.contains(part), "{section}: {message}");
    }
    let message = scanner("checks = ['check-yaml', 'nope']").err().unwrap();
    assert!(message.starts_with("hookd.toml:1:25: "), "{message}");
}

#[test]
fn fixes_of_all_checks_make_one_content() {
    let section = "checks = ['trailing-whitespace', 'end-of-file-fixer', 'mixed-line-ending', 'double-quote-string-fixer']";
    let scanned = scan_over(section, "a.py", b"x = \"a\"  \r\ny = 1 \nz = 2\n\n\n", &[]);
    let fix = scanned.fix.unwrap();
    assert_eq!(fix.check, "trailing-whitespace");
    assert_eq!(fix.content, b"x = 'a'\ny = 1\nz = 2\n");
    let lines: Vec<(String, u32)> = scanned
        .findings
        .iter()
        .map(|finding| (finding.rule.to_string(), finding.span.start.line))
        .collect();
    assert!(lines.contains(&("trailing-whitespace".to_owned(), 1)));
    assert!(lines.contains(&("end-of-file-fixer".to_owned(), 4)));
    // What the first fixer leaves behind is the next one's to put right, though it found nothing by itself.
    let scanned = scan_over(section, "a.py", b"x = 1\n   \n", &[]);
    assert_eq!(scanned.fix.unwrap().content, b"x = 1\n");
}

#[test]
fn what_was_there_before_is_existing() {
    let broken = b"{\"a\": 1,\n \"b\": 2\n";
    let scanned = scan_over("", "a.json", broken, &[b"{\"a\": 1,\n"]);
    assert_eq!(scanned.findings[0].novelty, Novelty::Existing);
    let scanned = scan_over("", "a.json", broken, &[b"{}"]);
    assert_eq!(scanned.findings[0].novelty, Novelty::New);
    let section = "checks = ['trailing-whitespace']";
    let scanned = scan_over(section, "a.txt", b"a \n", &[b"a \n"]);
    assert_eq!(scanned.findings[0].novelty, Novelty::ByLines);
}

#[test]
fn a_file_with_a_thousand_faults_does_not_flood_the_report() {
    let text = "a \n".repeat(100_000);
    let scanned = scan_over(
        "checks = ['trailing-whitespace']",
        "a.txt",
        text.as_bytes(),
        &[],
    );
    assert_eq!(scanned.findings.len(), 200);
    let last = scanned.findings.last().unwrap();
    assert!(last.message.contains("further lines"), "{}", last.message);
    assert_eq!(last.span.end.line, 100_000);
}

#[test]
fn secrets_are_not_shown() {
    let text = format!("key = '-----BEGIN {} KEY-----abcdef'\n", "PRIVATE");
    let scanned = scan_over(
        "checks = ['detect-private-key']",
        "a.txt",
        text.as_bytes(),
        &[],
    );
    assert_eq!(scanned.findings.len(), 1);
    assert_eq!(scanned.findings[0].excerpt.text, "");
}

#[test]
fn binary_files_and_links_are_left_alone() {
    let section = "checks = ['trailing-whitespace', 'end-of-file-fixer']";
    assert_eq!(rules(section, "a.bin", b"a \0 \n\n"), [""; 0]);
    assert_eq!(rules(section, "a.png", b"a \n\n"), [""; 0]);
    let scanner = scanner(section).unwrap();
    let meta = meta("link", b"target ", FileKind::Symlink);
    let mut sink = Sink::new();
    scanner.scan_file(
        &SourceFile::new(&meta, b"target ", &Before(Vec::new())),
        &mut sink,
    );
    let (findings, _) = sink.into_parts();
    let found: Vec<&str> = findings
        .iter()
        .map(|finding| finding.rule.as_ref())
        .collect();
    assert_eq!(found, ["check-symlinks"]);
}

#[test]
fn a_part_of_a_large_file_is_looked_at_line_by_line() {
    let scanner = scanner("checks = ['trailing-whitespace', 'end-of-file-fixer']").unwrap();
    let bytes = "a \n".repeat(500_000);
    let mut meta = meta("a.txt", bytes.as_bytes(), FileKind::Regular);
    meta.size = 100 << 20;
    let mut sink = Sink::new();
    scanner.scan_file(
        &SourceFile::new(&meta, bytes.as_bytes(), &Before(Vec::new())),
        &mut sink,
    );
    assert!(sink.take_fix().is_none());
    let (findings, errors) = sink.into_parts();
    assert!(
        findings
            .iter()
            .all(|finding| finding.rule == "trailing-whitespace")
    );
    assert!(
        errors[0]
            .message
            .contains("end-of-file-fixer: not checked: 100 MiB")
    );
}

#[test]
fn every_check_survives_any_bytes() {
    let hostile: Vec<Vec<u8>> = vec![
        Vec::new(),
        b"\xff\xfe\x00".to_vec(),
        b"\xef\xbb\xbf".to_vec(),
        vec![b'\n'; 1000],
        vec![b'"'; 999],
        b"[{('\\".repeat(5000),
        vec![b' '; 100_000],
        b"a: &a [*a, ".repeat(3000),
        "é\u{2028}\u{0}".repeat(1000).into_bytes(),
        b"<a b='".repeat(3000),
        b"a=[".repeat(3000),
        b"x[0]".repeat(20_000),
        b"\r".repeat(10_000),
    ];
    for spec in super::checks::CHECKS {
        let args: &[String] = match spec.id {
            "replace-pattern" => &["(a)".to_owned(), "$1".to_owned()],
            "check-commit-trailers" => &["--require=Issue".to_owned()],
            id if id.ends_with("-pattern") => &["a+b".to_owned()],
            _ => &[],
        };
        let scanner = hygiene_check(spec.id, args, &context(Mode::All))
            .unwrap()
            .unwrap();
        for bytes in &hostile {
            let meta = meta("a.txt", bytes, FileKind::Regular);
            let mut sink = Sink::new();
            scanner.scan_file(
                &SourceFile::new(&meta, bytes, &Before(Vec::new())),
                &mut sink,
            );
        }
    }
}

/// Soups of the pieces that syntaxes are made of: a verdict, never a panic, and places inside of the file.
#[test]
fn every_check_survives_soups_of_syntax() {
    const PIECES: [&[u8]; 40] = [
        b"{",
        b"}",
        b"[",
        b"]",
        b"(",
        b")",
        b"<a",
        b"</a>",
        b">",
        b"<!--",
        b"-->",
        b"&",
        b";",
        b"\"",
        b"'",
        b"\"\"\"",
        b"\\",
        b"\n",
        b"\r\n",
        b"\r",
        b"\t",
        b"  ",
        b"- ",
        b": ",
        b"? ",
        b"|",
        b"#",
        b"a",
        b"=",
        b"*a",
        b"&a ",
        b"!x ",
        b"%",
        b"---\n",
        b"f'{",
        b"0x",
        b"\xff",
        b"\xef\xbb\xbf",
        b"\xc3",
        b"import pdb\n",
    ];
    let mut random = 0x1234_5678_9abc_def1_u64;
    let mut below = |bound: u64| {
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        (random % bound) as usize
    };
    let soups: Vec<Vec<u8>> = (0..150)
        .map(|_| {
            (0..below(60))
                .flat_map(|_| PIECES[below(40)].to_vec())
                .collect()
        })
        .collect();
    for spec in super::checks::CHECKS {
        let args: &[String] = match spec.id {
            "replace-pattern" => &["(a)".to_owned(), "$1".to_owned()],
            "check-commit-trailers" => &["--require=a".to_owned()],
            id if id.ends_with("-pattern") => &["a+".to_owned()],
            _ => &[],
        };
        let scanner = hygiene_check(spec.id, args, &context(Mode::All))
            .unwrap()
            .unwrap();
        for bytes in &soups {
            let meta = meta("a.txt", bytes, FileKind::Regular);
            let mut sink = Sink::new();
            let base = Before(Vec::new());
            scanner.scan_file(&SourceFile::new(&meta, bytes, &base), &mut sink);
            for finding in sink.into_parts().0 {
                assert!(
                    finding.span.end.byte <= bytes.len() as u64,
                    "{} {bytes:?}",
                    spec.id
                );
            }
        }
    }
}

#[test]
fn a_fixed_file_stays_as_it_is() {
    let texts: [&[u8]; 6] = [
        b"b \n\na\r\nb\n\n",
        b"{\"b\":1,\"a\":[]}",
        b"b==1\n# c\na==2",
        b"x = \"a\"\r",
        b"\xef\xbb\xbfa",
        b"\t a\n",
    ];
    for spec in super::checks::CHECKS
        .iter()
        .filter(|spec| !spec.id.ends_with("-pattern") && spec.id != "check-commit-trailers")
    {
        let autofix = ["--autofix".to_owned()];
        let args: &[String] = if spec.id == "pretty-format-json" {
            &autofix
        } else {
            &[]
        };
        let scanner = hygiene_check(spec.id, args, &context(Mode::All))
            .unwrap()
            .unwrap();
        let fixed = |bytes: &[u8]| {
            let meta = meta("a.txt", bytes, FileKind::Regular);
            let mut sink = Sink::new();
            scanner.scan_file(
                &SourceFile::new(&meta, bytes, &Before(Vec::new())),
                &mut sink,
            );
            sink.take_fix()
        };
        for text in texts {
            if let Some(once) = fixed(text) {
                assert_eq!(fixed(&once.content), None, "{} on {text:?}", spec.id);
            }
        }
    }
}

#[test]
fn ids_are_unique_and_every_original_is_there() {
    let mut ids: Vec<&str> = super::checks::CHECKS
        .iter()
        .flat_map(|spec| spec.aliases.iter().copied().chain([spec.id]))
        .collect();
    let count = ids.len();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), count);
    for id in [
        "check-added-large-files",
        "check-ast",
        "check-byte-order-marker",
        "check-builtin-literals",
        "check-case-conflict",
        "check-docstring-first",
        "check-executables-have-shebangs",
        "check-illegal-windows-names",
        "check-json",
        "check-merge-conflict",
        "check-shebang-scripts-are-executable",
        "check-symlinks",
        "check-toml",
        "check-vcs-permalinks",
        "check-xml",
        "check-yaml",
        "debug-statements",
        "destroyed-symlinks",
        "detect-aws-credentials",
        "detect-private-key",
        "double-quote-string-fixer",
        "end-of-file-fixer",
        "file-contents-sorter",
        "fix-byte-order-marker",
        "fix-encoding-pragma",
        "forbid-new-submodules",
        "forbid-submodules",
        "mixed-line-ending",
        "name-tests-test",
        "no-commit-to-branch",
        "pretty-format-json",
        "requirements-txt-fixer",
        "sort-simple-yaml",
        "trailing-whitespace",
        "check-json5",
        "check-jsonc",
        "deny-pattern",
        "require-pattern",
        "deny-filename-pattern",
        "require-filename-pattern",
        "normalize-indentation",
        "replace-pattern",
        "check-commit-trailers",
        "check-signed-commit",
    ] {
        assert!(super::checks::find(id).is_some(), "{id}");
    }
}

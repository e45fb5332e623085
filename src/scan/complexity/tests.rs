//! The scanner as the engine calls it.

use super::SPEC;
use crate::config::Section;
use crate::model::{
    AddedLines, CheckError, Content, FileKind, FileMeta, Finding, LineRange, Mode, Novelty,
    RepoPath, Sink,
};
use crate::scan::{Base, ScanContext, Scanner, SourceFile};
use std::fmt::Write;

/// Earlier contents; a line is added where no earlier content holds it.
struct Earlier(Vec<String>);

impl Base for Earlier {
    fn contents(&self) -> Result<Vec<Vec<u8>>, String> {
        Ok(self
            .0
            .iter()
            .map(|text| text.clone().into_bytes())
            .collect())
    }

    fn added(&self, bases: &[Vec<u8>], now: &[u8]) -> AddedLines {
        let known: Vec<&[u8]> = bases
            .iter()
            .flat_map(|base| base.split(|&byte| byte == b'\n'))
            .collect();
        let lines = now.split(|&byte| byte == b'\n').zip(1..);
        let added = lines.filter(|(line, _)| !known.contains(line));
        AddedLines::Ranges(
            added
                .map(|(_, at)| LineRange {
                    first: at,
                    last: at,
                })
                .collect(),
        )
    }
}

fn scanner(keys: &str) -> Box<dyn Scanner> {
    let context = ScanContext {
        commits: None,
        reads_message: false,
        mode: Mode::Staged,
        data_dir: None,
        root: std::path::PathBuf::new(),
        today: jiff::civil::date(2026, 1, 1),
    };
    let table = toml::de::DeTable::parse(keys)
        .expect("a table")
        .into_inner();
    let mut section = Section::default();
    section.push("hookd.toml", keys, table);
    (SPEC.build)(&section, &context).expect("the section is right")
}

fn meta(path: &str, size: usize) -> FileMeta {
    FileMeta {
        path: RepoPath::from(path),
        kind: FileKind::Regular,
        size: size as u64,
        content: Content::Disk(path.into()),
        bases: Vec::new(),
        commit: None,
    }
}

fn scan(path: &str, now: &str, bases: &[&str]) -> (Vec<Finding>, Vec<CheckError>) {
    scan_with("", path, now, bases)
}

fn scan_with(keys: &str, path: &str, now: &str, bases: &[&str]) -> (Vec<Finding>, Vec<CheckError>) {
    let meta = meta(path, now.len());
    let scanner = scanner(keys);
    let mut sink = Sink::new();
    if scanner.wants(&meta) {
        let earlier = Earlier(bases.iter().map(|&base| base.to_owned()).collect());
        scanner.scan_file(&SourceFile::new(&meta, now.as_bytes(), &earlier), &mut sink);
    }
    sink.into_parts()
}

/// A Python function with `branches` conditions.
fn python(name: &str, branches: usize) -> String {
    let mut text = format!("def {name}(value):\n");
    for at in 0..branches {
        let _ = writeln!(text, "    if value == {at}:\n        return {at}");
    }
    text
}

fn verdicts(now: &str, bases: &[&str]) -> Vec<(String, Novelty)> {
    let (findings, errors) = scan("a.py", now, bases);
    assert_eq!(errors, []);
    findings
        .into_iter()
        .map(|finding| (finding.message, finding.novelty))
        .collect()
}

#[test]
fn a_new_function_over_the_limit_is_new() {
    let (findings, _) = scan("a.py", &python("parse", 12), &["x = 1\n"]);
    let [finding] = findings.as_slice() else {
        panic!("one finding: {findings:?}")
    };
    assert_eq!(
        finding.message,
        "parse() has cyclomatic complexity 13 (limit 10)"
    );
    assert!(finding.blocking);
    assert_eq!(finding.novelty, Novelty::New);
    assert_eq!(finding.excerpt.text, "def parse(value):");
    assert_eq!(finding.excerpt.caret, (4, 5));
    assert_eq!(finding.data["before"], serde_json::Value::Null);
    assert_eq!(finding.data["value"], 13);
    assert_eq!((finding.span.start.line, finding.span.start.column), (1, 5));
}

#[test]
fn nothing_is_said_under_the_limit() {
    assert_eq!(verdicts(&python("parse", 9), &[]), []);
}

#[test]
fn only_what_grows_is_new() {
    let (low, high) = (python("f", 11), python("f", 13));
    assert_eq!(
        verdicts(&high, &[&low]),
        [(
            "f() 12 → 14 (limit 10): +1 on line 24, +1 on line 26".to_owned(),
            Novelty::New
        )]
    );
    assert_eq!(
        verdicts(&low, &[&high])[0].1,
        Novelty::Existing,
        "better is not worse"
    );
    let replaced = low.replacen("value == 0", "value == 0 and not value", 1)
        + "    if value:\n        return 9\n";
    let (told, _) = &verdicts(&replaced, &[&low])[0];
    assert!(
        told.starts_with("f() 12 → 13 (limit 10): +1 on line ") && !told.contains(", +"),
        "a line that held its point before brings none: {told}"
    );
    let comment = high.replace("        return 3", "        return 33");
    assert_eq!(
        verdicts(&comment, &[&high])[0].1,
        Novelty::Existing,
        "touched, and as it was"
    );
}

#[test]
fn a_renamed_or_moved_function_is_what_it_was() {
    let old = python("f", 12);
    assert_eq!(verdicts(&python("g", 12), &[&old])[0].1, Novelty::Existing);
    let indented: String = old.lines().fold("class A:\n".to_owned(), |text, line| {
        text + "    " + line + "\n"
    });
    assert_eq!(verdicts(&indented, &[&old])[0].1, Novelty::Existing);
}

#[test]
fn a_function_renamed_and_edited_at_once_is_compared_with_what_it_was() {
    let (old, edited) = (python("f", 12), python("g", 13));
    let smaller = python("g", 11);
    assert_eq!(verdicts(&smaller, &[&old])[0].1, Novelty::Existing);
    let (message, novelty) = verdicts(&edited, &[&old]).remove(0);
    assert_eq!(novelty, Novelty::New);
    assert!(message.starts_with("g() 13 → 14 (limit 10)"), "{message}");
    let other: String = python("g", 12).replace("value ==", "thing is");
    assert_eq!(
        verdicts(&other, &[&old])[0].1,
        Novelty::New,
        "another body is another function"
    );
}

#[test]
fn of_equal_names_each_is_compared_with_itself() {
    let (old, new) = (
        python("f", 12) + &python("f", 15),
        python("f", 2) + &python("f", 12) + &python("f", 15),
    );
    let found = verdicts(&new, &[&old]);
    assert!(
        found
            .iter()
            .all(|(_, novelty)| *novelty == Novelty::Existing),
        "{found:?}"
    );
}

#[test]
fn a_merge_is_compared_with_the_worst_parent() {
    let (a, b) = (python("f", 11), python("f", 14));
    assert_eq!(verdicts(&b, &[&a, &b])[0].1, Novelty::Existing);
    assert_eq!(verdicts(&python("f", 16), &[&a, &b])[0].1, Novelty::New);
}

#[test]
fn an_earlier_content_that_cannot_be_read_is_said_and_lines_decide() {
    let (findings, errors) = scan("a.py", &python("f", 12), &["\"\"\"never closed\n"]);
    assert_eq!(findings[0].novelty, Novelty::New);
    assert!(
        !errors[0].fatal && errors[0].message.starts_with("not compared"),
        "{errors:?}"
    );
}

#[test]
fn what_cannot_be_read_is_not_passed() {
    let (findings, errors) = scan("a.go", "package a\n\nvar x = `never closed\n", &[]);
    assert!(findings.is_empty());
    assert!(
        errors[0].fatal && errors[0].message.contains("line 3"),
        "{errors:?}"
    );
}

#[test]
fn generated_and_vendored_files_are_left_out() {
    assert_eq!(scan("vendor/a.py", &python("f", 12), &[]).0.len(), 0);
    let marked = format!("# {}generated\n{}", '@', python("f", 12));
    assert_eq!(scan("a.py", &marked, &[]).0.len(), 0);
    assert_eq!(scan("a.txt", &python("f", 12), &[]).0.len(), 0);
}

#[test]
fn what_is_left_out_is_counted() {
    let scanner = scanner("");
    assert_eq!(scanner.left_out(), "");
    for path in ["vendor/a.py", "node_modules/b.js", "c.txt", "d.py"] {
        scanner.wants(&meta(path, 10));
    }
    assert_eq!(
        scanner.left_out(),
        "2 generated, minified or vendored files left out"
    );
}

#[test]
fn sizes_are_judged_where_they_have_a_limit() {
    let text =
        "def f(a, b, c):\n    if a:\n        for x in b:\n            print(x)\n    return c\n";
    assert_eq!(scan("a.py", text, &[]).0.len(), 0);
    let keys = "lines = 4\nparameters = 2\nnesting = 1\ncognitive = 1\n";
    let (findings, _) = scan_with(keys, "a.py", text, &[]);
    let told: Vec<(&str, &str, bool)> = findings
        .iter()
        .map(|found| (&*found.rule, found.message.as_str(), found.blocking))
        .collect();
    assert_eq!(
        told,
        [
            (
                "cognitive-complexity",
                "f() has cognitive complexity 3 (limit 1)",
                false
            ),
            ("function-length", "f() has 5 lines (limit 4)", true),
            ("parameter-count", "f() has 3 parameters (limit 2)", true),
            (
                "nesting-depth",
                "f() has control structures nested 2 deep (limit 1)",
                true
            ),
        ]
    );
    assert!(findings[2].help.starts_with("group parameters"));
    let before = text.replace("    return c\n", "    print(a)\n    return c\n");
    let (findings, _) = scan_with(keys, "a.py", text, &[&before]);
    let new: Vec<&str> = findings
        .iter()
        .filter(|found| found.novelty == Novelty::New)
        .map(|found| &*found.rule)
        .collect();
    assert_eq!(new, [""; 0], "shorter is not worse");
}

#[test]
fn a_text_that_breaks_is_judged_up_to_there_and_not_called_checked() {
    let text = format!(
        "{}\n{}\nx = \"\"\"never closed\n{}",
        python("before", 12),
        python("small", 1),
        python("behind", 12)
    );
    let (findings, errors) = scan("a.py", &text, &[]);
    let told: Vec<&str> = findings.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(told, ["before() has cyclomatic complexity 13 (limit 10)"]);
    let [error] = errors.as_slice() else {
        panic!("one error: {errors:?}")
    };
    assert!(error.fatal);
    assert_eq!(
        error.message,
        "not checked from line 31 on: not readable as Python (line 31): a string in three quotes is never closed"
    );
    // What breaks from the start on was not read at all.
    let (findings, errors) = scan("a.py", "\"\"\"a\n", &[]);
    assert!(findings.is_empty());
    assert!(
        errors[0]
            .message
            .starts_with("not readable as Python (line 1)")
    );
}

#[test]
fn of_an_earlier_text_that_breaks_the_functions_before_it_are_compared() {
    let broken = format!("{}x = \"\"\"a\n", python("f", 12));
    let (findings, errors) = scan("a.py", &python("f", 12), &[&broken]);
    assert_eq!(findings[0].novelty, Novelty::Existing);
    assert!(!errors[0].fatal && errors[0].message.contains("not compared"));
}

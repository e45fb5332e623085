//! Reading `[[hook]]` tables.

use crate::command::{CommandLine, Hook, PassFilenames, read_hooks};
use crate::config::{Config, ConfigError, Document};
use crate::model::RepoPath;
use std::time::Duration;

pub(super) fn read(texts: &[(&str, &str)]) -> Result<Vec<Hook>, ConfigError> {
    let documents: Vec<Document> = texts
        .iter()
        .map(|(file, text)| Document::new(*file, text.as_bytes().to_vec()).unwrap())
        .collect();
    let config = Config::new(&documents, &["secrets"])?;
    read_hooks(config.hooks(), &["secrets", "audit"])
}

#[test]
fn every_key_is_read() {
    let hooks = read(&[(
        "hookd.toml",
        r#"
[[hook]]
id = "first"
run = ["prettier", "--check"]

[[hook]]
id = "all"
name = "All keys"
run = "npx eslint --fix"
check = "npx eslint"
glob = ["*.ts", "!*.d.ts"]
files = '^web/'
exclude = "vendor"
types = "text"
types_or = ["ts", "tsx"]
exclude_types = ["executable"]
stages = ["commit", "pre-push", "manual"]
pass_filenames = 20
always_run = true
serial = true
fail_fast = true
env = { CI = "1" }
dir = "./web//app/"
timeout = 1.5
depends_on = "first"
stage_fixed = true
skip_on = ["merge", "rebase"]
tty = true
enabled = false
"#,
    )])
    .unwrap();
    let first = &hooks[0];
    assert_eq!(
        first.run,
        CommandLine::Program(vec!["prettier".into(), "--check".into()])
    );
    assert_eq!(
        (first.name.as_str(), first.pass_filenames),
        ("first", PassFilenames::All)
    );
    assert!(
        first.writes && first.enabled && first.runs_at("pre-commit") && !first.runs_at("pre-push")
    );
    let all = &hooks[1];
    assert_eq!(all.run, CommandLine::Shell("npx eslint --fix".into()));
    assert_eq!(all.stages, ["pre-commit", "pre-push", "manual"]);
    assert_eq!(all.dir, Some(RepoPath::from("web/app")));
    assert_eq!(all.timeout, Some(Duration::from_millis(1500)));
    assert_eq!(all.env["CI"], "1");
    assert_eq!(all.skip_on.len(), 2);
    assert!(matches!(all.pass_filenames, PassFilenames::AtMost(number) if number.get() == 20));
    assert!(!all.runs_at("pre-commit"));
}

#[test]
fn a_later_file_changes_single_keys() {
    let hooks = read(&[
        ("hookd.toml", "[[hook]]\nid = 'a'\nrun = 'x'\nserial = true\n[[hook]]\nid = 'b'\nrun = 'y'\n"),
        ("hookd.local.toml", "[[hook]]\nid = 'c'\nrun = 'z'\n[[hook]]\nid = 'a'\nrun = 'w'\n[[hook]]\nid='b'\nenabled = false\n"),
    ])
    .unwrap();
    let ids: Vec<&str> = hooks.iter().map(|hook| hook.id.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(hooks[0].run, CommandLine::Shell("w".into()));
    assert!(hooks[0].serial && !hooks[1].enabled && hooks[1].run == CommandLine::Shell("y".into()));
}

#[test]
fn a_mistake_shows_its_line_and_a_caret() {
    let head = "[[hook]]\nid = 'a'\nrun = 'x'\n";
    for (line, at, caret, part) in [
        ("runn = 'x'", "4:1", 4, "did you mean `run`?"),
        ("glob = 3", "4:8", 1, "a string or a list of strings"),
        ("glob = ['a', '[z-a]']", "4:14", 7, "not a glob"),
        ("glob = ''", "4:8", 2, "`glob` is empty"),
        ("files = 'a('", "4:9", 4, "unclosed group"),
        ("exclude = '(?!a'", "4:11", 6, "parenthesis"),
        ("types = ['pyhton']", "4:10", 8, "did you mean `python`?"),
        (
            "types_or = 'qqqqqqqqqq'",
            "4:12",
            12,
            "named as in pre-commit",
        ),
        (
            "stages = ['pre-comit']",
            "4:11",
            11,
            "did you mean `pre-commit`?",
        ),
        ("pass_filenames = 0", "4:18", 1, "a number from 1"),
        ("pass_filenames = 'x'", "4:18", 3, "true, false or a number"),
        ("timeout = -1", "4:11", 2, "more than 0"),
        ("timeout = nan", "4:11", 3, "more than 0"),
        ("timeout = '1'", "4:11", 3, "a number of seconds"),
        ("env = { 'A=B' = 'x' }", "4:7", 15, "`A=B` cannot be"),
        ("dir = '../x'", "4:7", 6, "inside the repository"),
        ("dir = '/x'", "4:7", 4, "inside the repository"),
        ("depends_on = ['aa']", "4:15", 4, "did you mean `a`?"),
        ("depends_on = 'a'", "4:14", 3, "a → a"),
        ("skip_on = ['merging']", "4:12", 9, "did you mean `merge`?"),
        ("check = 'serve &'", "4:9", 9, "operator"),
        ("check = []", "4:9", 2, "`check` is empty"),
        ("check = \"a\\u0000\"", "4:9", 9, "NUL"),
        ("stage_fixed = true\nwrites = false", "5:10", 5, "promises"),
        ("serial = 1", "4:10", 1, "boolean"),
        (
            "[[hook]]\nid = 'a'\nrun = 'y'",
            "5:6",
            3,
            "duplicate id `a`",
        ),
        (
            "[[hook]]\nid = 'secrets'\nrun = 'y'",
            "5:6",
            9,
            "built-in scanner",
        ),
        (
            "[[hook]]\nid = 'a b'\nrun = 'y'",
            "5:6",
            5,
            "cannot be an id",
        ),
        ("[[hook]]\nrun = 'y'", "4:1", 8, "has no `id`"),
        ("[[hook]]\nid = 'b'", "4:1", 8, "has no `run`"),
        ("[[hook]]\nid = 'b'\nrun = ' '", "6:7", 3, "`run` is empty"),
    ] {
        let text = format!("{head}{line}\n");
        let error = read(&[("hookd.toml", &text)]).unwrap_err();
        let message = error.to_string();
        assert!(
            message.starts_with(&format!("hookd.toml:{at}: ")),
            "{line}: {message}"
        );
        assert_eq!(error.width, caret, "{line}: {message}");
        assert!(message.contains(part), "{line}: {message}");
    }
}

#[test]
fn a_cycle_is_named() {
    let text = "[[hook]]\nid='a'\nrun='x'\ndepends_on='b'\n[[hook]]\nid='b'\nrun='x'\ndepends_on=['c']\n[[hook]]\nid='c'\nrun='x'\ndepends_on=['b']\n";
    let error = read(&[("hookd.toml", text)]).unwrap_err();
    assert_eq!(error.message, "hooks wait for each other: b → c → b");
    assert_eq!(error.at, (8, 12));
}

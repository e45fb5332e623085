//! Mistakes are shown where they stand, and unknown keys are only said.

use super::{CONFIG, local, with_config};
use crate::kit::Sandbox;

#[test]
fn mistakes_show_line_and_caret() {
    let sandbox = Sandbox::installed();
    for (text, words) in [
        ("", &["1:1", "empty", "repos:"][..]),
        ("repos: [\n", &[CONFIG, "^"]),
        ("files: a\n", &["1:1", "there is no `repos`"]),
        ("repos:\n  - hooks: []\n", &["2:5", "no `repo`"]),
        ("repos:\n  - repo: local\n", &["2:5", "no `hooks`"]),
        (
            "repos:\n  - repo: https://e.x/y\n    hooks: []\n",
            &["2:5", "no `rev`"],
        ),
        (
            "repos:\n  - repo: https://e.x/y\n    rev: --upload-pack=x\n    hooks: []\n",
            &["3:10", "option"],
        ),
        (
            "repos:\n  - repo: meta\n    hooks: [{id: identify}]\n",
            &["3:18", "did you mean `identity`?"],
        ),
        (
            "repos:\n  - repo: builtin\n    hooks: [{id: check-yamel}]\n",
            &["3:18", "check-yamel"],
        ),
        (&local("      - name: x\n"), &["4:9", "no `id`"]),
        (
            &local("      - id: x\n        language: system\n"),
            &["4:13", "no `entry`"],
        ),
        (
            &local("      - id: x\n        entry: y\n"),
            &["4:13", "no `language`"],
        ),
        (&hook("files: '('"), &["7:16", "not a regular expression"]),
        (
            &hook("types: [file, pyton]"),
            &["7:23", "unknown type `pyton`"],
        ),
        (&hook("types: python"), &["7:16", "must be a list"]),
        (
            &hook("stages: [comit]"),
            &["7:18", "known: pre-commit, pre-merge-commit"],
        ),
        (&hook("always_run: 1"), &["7:21", "true or false"]),
        (&hook("args: [1, [2]]"), &["7:19", "must be text"]),
        (&hook("id: again"), &["7:9", "twice"]),
        ("a: &a [*a]\n", &["1:8"]),
        (
            "default_install_hook_types: [comit]\nrepos: []\n",
            &["1:30", "no hook `comit`"],
        ),
    ] {
        sandbox.write(CONFIG, text);
        let done = sandbox.hookd(["install"]).expect(2);
        for word in words {
            assert!(
                done.err.contains(word),
                "{text}: wanted {word}\n{}",
                done.err
            );
        }
    }
}

/// A configuration whose line 7 is `line`.
fn hook(line: &str) -> String {
    local(&format!(
        "      - id: x\n        language: system\n        entry: 'true'\n        {line}\n"
    ))
}

#[test]
fn unknown_keys_and_newer_versions_are_said() {
    let sandbox = with_config(
        "minimum_pre_commit_version: '99.1'\nfoo: 1\nrepos:\n  - repo: local\n    hooks:\n      - id: x\n        \
         language: fail\n        entry: never\n        file: b\n        files: ^$\n",
    );
    let done = sandbox.hookd(["config", "check"]).expect(0);
    for word in [
        "1: it wants pre-commit 99.1",
        "2: unknown key `foo`",
        "9: unknown key `file` in a hook; did you mean `files`?",
    ] {
        assert!(
            done.err.contains(&format!("{CONFIG}:{word}")),
            "{}",
            done.err
        );
    }
}

#[test]
fn anchors_merge_keys_and_bombs() {
    let text = "x-hook: &base\n  language: system\n  entry: 'true'\nrepos:\n  - repo: local\n    hooks:\n      - {<<: *base, id: a}\n      - <<: *base\n        id: b\n        entry: 'false'\n";
    let sandbox = with_config(text);
    sandbox.write("f", "x\n");
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(
        (super::status(&report, "a"), super::status(&report, "b")),
        ("passed", "failed")
    );
    let mut bomb = String::from("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for level in 1..30 {
        let aliases = vec![format!("*a{}", level - 1); 9].join(", ");
        bomb.push_str(&format!("a{level}: &a{level} [{aliases}]\n"));
    }
    for text in [bomb, "[".repeat(100_000), "- ".repeat(50_000)] {
        sandbox.write(CONFIG, text);
        sandbox.hookd(["config", "check"]).expect(2);
    }
}

#[test]
fn hookd_toml_comes_first_and_prek_toml_is_read() {
    let sandbox = with_config(&local(
        "      - id: x\n        language: fail\n        entry: never\n",
    ));
    sandbox.write("f", "x\n");
    sandbox.git(["add", "."]);
    sandbox.hookd(["run"]).expect(1);
    sandbox.write("hookd.toml", "");
    sandbox.hookd(["run"]).expect(0);
    let sandbox = Sandbox::installed();
    sandbox.write(
        "prek.toml",
        "default_stages = ['commit']\n[[repos]]\nrepo = 'local'\n[[repos.hooks]]\nid = 'names'\nname = 'n'\nlanguage = 'fail'\nentry = 'no such name'\nfiles = '\\.bad$'\n",
    );
    sandbox.write("a.bad", "x\n");
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(crate::kit::findings(&report), ["names a.bad:1"]);
    sandbox.write("prek.toml", "repos = 3\n");
    let done = sandbox.hookd(["config", "check"]).expect(2);
    assert!(done.err.contains("prek.toml:1:9"), "{}", done.err);
}

#[test]
fn only_the_configuration_is_run() {
    let sandbox = with_config("repos: []\n");
    sandbox.write("bad", format!("k = '{}'\n", crate::kit::github_token(3)));
    sandbox.git(["add", "."]);
    sandbox.hookd(["run"]).expect(0);
    sandbox.hookd(["run", "secrets"]).expect(1);
}

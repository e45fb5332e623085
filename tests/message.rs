//! Messages of real commits.

use crate::kit::{Sandbox, findings, github_token};
use std::fs;

/// A sandbox whose messages are checked as `config` says.
fn with_message(config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("hookd.toml", format!("[scan.message]\n{config}"));
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "start"]);
    sandbox.hookd(["install"]).expect(0);
    sandbox
}

fn commit(sandbox: &Sandbox, args: &[&str]) -> crate::kit::Done {
    sandbox.try_git(["commit", "-q", "--allow-empty"].iter().chain(args))
}

#[test]
fn a_message_of_another_form_stops_the_commit_and_is_kept() {
    let sandbox = with_message("conventional = true\n");
    let done = commit(&sandbox, &["-m", "fxi: typo"]).expect(1);
    let said = done.all();
    assert!(said.contains("Did you mean `fix`?"), "{said}");
    assert!(
        said.contains("git commit -e -F .git/COMMIT_EDITMSG"),
        "{said}"
    );
    let kept = fs::read_to_string(sandbox.repo.join(".git/COMMIT_EDITMSG")).unwrap();
    assert_eq!(kept, "fxi: typo\n");
    commit(&sandbox, &["-m", "fix: typo"]).expect(0);
    commit(&sandbox, &["--fixup", "HEAD"]).expect(0);
    let report = sandbox.report(["--message", ".git/COMMIT_EDITMSG"]);
    assert_eq!(
        (&report["stage"], &report["exit_code"]),
        (&"commit-msg".into(), &0.into())
    );
}

#[test]
fn only_what_git_keeps_of_an_edited_message_is_checked() {
    let sandbox = with_message("body_line_length = 20\n");
    sandbox.write("long", format!("{}\n", "many words ".repeat(9)));
    sandbox.git(["add", "long"]);
    let editor = |text: &str| {
        let script = format!("printf '{text}' | cat - \"$1\" > \"$1.new\"; mv \"$1.new\" \"$1\"");
        sandbox.write(".git/editor", format!("#!/bin/sh\n{script}\n"));
        let mut command = sandbox.command("git");
        command.args(["commit", "-qv"]);
        command.env(
            "GIT_EDITOR",
            format!("sh {}", sandbox.repo.join(".git/editor").display()),
        );
        crate::kit::Done::from(command.output().unwrap())
    };
    let done = editor("x\\n\\nthis line is longer than twenty\\n").expect(1);
    assert!(done.all().contains("message-line-length"), "{}", done.all());
    editor("x\\n\\nshort\\n").expect(0);
}

#[test]
fn secrets_in_messages_are_found_and_not_shown() {
    let sandbox = with_message("signed_off = true\n");
    let token = github_token(7);
    let message = format!("use {token}\n");
    let done = commit(
        &sandbox,
        &["-s", "--author", "B <b@example.com>", "-m", &message],
    )
    .expect(1);
    let said = done.all();
    assert!(
        said.contains("Then take it out of the") && !said.contains(&token),
        "{said}"
    );
    assert!(said.contains("did not sign"), "{said}");
    sandbox.write("message", &message);
    let report = sandbox.report(["--message", "message"]);
    assert_eq!(
        findings(&report),
        ["github-pat message:1", "message-signed-off message:1"]
    );
    commit(
        &sandbox,
        &["-m", "x", "-m", "Signed-off-by: A <a@example.com>"],
    )
    .expect(0);
}

#[test]
fn the_hook_is_installed_where_messages_are_checked_and_only_there() {
    let sandbox = Sandbox::installed();
    let installed = |sandbox: &Sandbox| {
        let done = sandbox.hookd(["install"]).expect(0);
        done.all().contains("commit-msg:")
    };
    assert!(!installed(&sandbox));
    sandbox.write("hookd.toml", "[scan.message]\nlevel = 'warn'\n");
    assert!(!installed(&sandbox));
    sandbox.write("hookd.toml", "[scan.message]\nsubject_length = 50\n");
    assert!(installed(&sandbox));
    let ids = sandbox.report(["--all"]);
    let ids = ids["checks"].as_array().unwrap();
    assert!(ids.iter().all(|check| check["id"] != "message"), "{ids:?}");
}

#[test]
fn hooks_of_other_configurations_are_served() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".pre-commit-config.yaml",
        "default_install_hook_types: [pre-commit, commit-msg]\nrepos:\n\
         - repo: https://github.com/commitizen-tools/commitizen\n  rev: v4.8.3\n  hooks:\n  - id: commitizen\n",
    );
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "start"]);
    sandbox.hookd(["install"]).expect(0);
    let done = commit(&sandbox, &["-m", "no form"]).expect(1);
    assert!(done.all().contains("message-format"), "{}", done.all());
    commit(&sandbox, &["-m", "bump: 1.0"]).expect(0);
}

//! Checks that look at commits: their trailers, their signatures.

use super::{CONFIG, with_config};
use crate::kit::Sandbox;

fn with_hook(hook: &str, types: &str) -> Sandbox {
    with_config(&format!(
        "default_install_hook_types: {types}\nrepos:\n  - repo: builtin\n    hooks:\n      - {hook}\n"
    ))
}

#[test]
fn trailers_of_the_message_that_is_written() {
    let sandbox = with_hook(
        "{id: check-commit-trailers, args: [--require, 'Issue=^[0-9]+$', --deny, Wip]}",
        "[commit-msg]",
    );
    let commit = |message: &str| {
        let done = sandbox.try_git(["commit", "-q", "--allow-empty", "-m", message]);
        (done.code, done.all())
    };
    assert_eq!(commit("s\n\nIssue: 12").0, 0);
    let (code, said) = commit("s");
    assert!(
        code != 0 && said.contains("the trailer `Issue` is missing"),
        "{said}"
    );
    let (code, said) = commit("s\n\nIssue: none\nWip: yes");
    assert!(code != 0 && said.contains("`^[0-9]+$` fits"), "{said}");
    assert!(
        said.contains("the trailer `Wip` must not be there"),
        "{said}"
    );
}

#[test]
fn trailers_of_commits_that_are_pushed_or_named() {
    let sandbox = with_hook(
        "{id: check-commit-trailers, args: [--require, Issue]}",
        "[pre-push]",
    );
    let empty = |message: &str| sandbox.git(["commit", "-qn", "--allow-empty", "-m", message]);
    let base = sandbox.git(["rev-parse", "HEAD"]).trim().to_owned();
    empty("first\n\nIssue: 1");
    let run = |from: &str| {
        sandbox.hookd([
            "run",
            "--stage",
            "pre-push",
            "--from-ref",
            from,
            "--to-ref",
            "HEAD",
        ])
    };
    run(&base).expect(0);
    empty("second");
    let said = run(&base).expect(1).all();
    assert!(said.contains("the trailer `Issue` is missing"), "{said}");
    let remote = sandbox.top().join("remote.git");
    let remote = remote.to_str().unwrap();
    sandbox.git(["init", "-q", "--bare", remote]);
    sandbox.git(["push", "-qn", "--no-verify", remote, "HEAD:refs/heads/x"]);
    let done = sandbox.try_git(["push", "-q", remote, "HEAD:refs/heads/x"]);
    assert!(
        done.code != 0 && done.all().contains("Issue"),
        "{}",
        done.all()
    );
    // Without commits there is nothing to look at, and that is said.
    let said = sandbox
        .hookd(["run", "--stage", "pre-push"])
        .expect(3)
        .all();
    assert!(said.contains("--from-ref"), "{said}");
}

#[test]
fn commits_without_a_signature() {
    let sandbox = with_hook("{id: check-signed-commit}", "[pre-push]");
    let said = sandbox
        .hookd([
            "run",
            "--stage",
            "pre-push",
            "--from-ref",
            "HEAD",
            "--to-ref",
            "HEAD",
        ])
        .expect(0)
        .all();
    assert!(!said.contains("signed"), "{said}");
    let said = sandbox.hookd(["run", "--stage", "manual"]).expect(1).all();
    assert!(said.contains("is not signed"), "{said}");
    sandbox.hookd(["run", "--all"]).expect(0);
}

#[test]
fn arguments_that_make_no_sense_name_the_hook() {
    for args in ["", ", args: [--require, 'a b']", ", args: [--deny, 'a=(']"] {
        let sandbox = Sandbox::new();
        sandbox.write(
            CONFIG,
            format!("repos:\n  - repo: builtin\n    hooks:\n      - {{id: check-commit-trailers{args}}}\n"),
        );
        sandbox.git(["add", "."]);
        sandbox.write("m", "s\n");
        let said = sandbox
            .hookd(["run", "--hook", "commit-msg", "--", "m"])
            .expect(2)
            .all();
        assert!(said.contains("check-commit-trailers"), "{said}");
    }
}

#[test]
fn the_list_says_what_runs_by_itself() {
    let sandbox = with_hook("{id: check-json}", "[pre-commit]");
    let list = sandbox.hookd(["list"]).expect(0).out;
    assert!(
        list.contains("secrets (off: only the hooks of .pre-commit-config.yaml run"),
        "{list}"
    );
    assert!(list.contains("hygiene (for the hooks below)"), "{list}");
    sandbox.write("a.json", "{}\n");
    let page = sandbox.hookd(["list", "--explain", "a.json"]).expect(0).out;
    assert!(
        page.contains("secrets      no: only the hooks of"),
        "{page}"
    );
    assert!(page.contains("check-json   yes"), "{page}");
    sandbox.write("hookd.toml", "");
    let said = sandbox.hookd(["run", "--all", "-v", "--offline"]).all();
    assert!(
        said.contains(".pre-commit-config.yaml is not read"),
        "{said}"
    );
}

#[test]
fn a_command_is_not_blamed_for_what_a_built_in_check_fixes() {
    let sandbox = with_config(
        "repos:\n  - repo: builtin\n    hooks:\n      - id: trailing-whitespace\n  - repo: local\n    hooks:\n      - {id: hello, name: hello, language: system, entry: 'true'}\n",
    );
    sandbox.write("a.txt", "a  \n");
    sandbox.git(["add", "."]);
    let said = sandbox.hookd(["run"]).expect(1).all();
    assert!(!said.contains("hello changed"), "{said}");
    let fixed = std::fs::read_to_string(sandbox.repo.join("a.txt")).unwrap();
    assert_eq!(fixed, "a\n");
}

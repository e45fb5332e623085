//! The ledger of checked trees: which commits count as checked, and who names those that do not.

use crate::kit::{Sandbox, github_token};
use serde_json::Value;
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// `SUBJECT: REASON` of each commit after the first that was never checked, newest first, and how verify ended.
fn unchecked(sandbox: &Sandbox, range: &str) -> Vec<String> {
    let done = sandbox.hookd(["verify", range, "--format", "json"]);
    let report: Value = serde_json::from_str(&done.out)
        .unwrap_or_else(|error| panic!("{error}: {}{}", done.out, done.err));
    let list = report["unchecked"].as_array().unwrap();
    assert_eq!(done.code, i32::from(!list.is_empty()));
    list.iter()
        .map(|one| {
            let text = |key: &str| one[key].as_str().unwrap();
            format!("{}: {}", text("subject"), text("reason"))
        })
        .collect()
}

/// An installed sandbox whose first commit has the tag `start`.
fn sandbox() -> Sandbox {
    let sandbox = Sandbox::installed();
    sandbox.git(["tag", "start"]);
    sandbox
}

const SINCE: &str = "start..HEAD";

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn every_way_to_commit_is_recorded() {
    let sandbox = sandbox();
    sandbox.write("a", "1\n");
    sandbox.git(["add", "a"]);
    sandbox.git(["commit", "-qm", "plain"]);
    sandbox.write("a", "2\n");
    sandbox.git(["commit", "-qam", "all"]);
    sandbox.write("a", "3\n");
    sandbox.write("b", "1\n");
    sandbox.git(["add", "b"]);
    sandbox.git(["commit", "-qm", "path", "a"]);
    sandbox.git(["commit", "-qm", "the rest"]);
    sandbox.write("deep/er/c", "1\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-q", "--amend", "-m", "amended"]);
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "empty"]);
    assert_eq!(unchecked(&sandbox, SINCE), none());
    // Another message, the same tree.
    sandbox.git([
        "commit",
        "-q",
        "--amend",
        "--allow-empty",
        "--no-verify",
        "-m",
        "reworded",
    ]);
    assert_eq!(unchecked(&sandbox, SINCE), none());
    let done = sandbox.hookd(["verify", SINCE]).expect(0);
    assert!(
        done.out.contains("every commit was checked (5 commits)"),
        "{}",
        done.out
    );
}

#[test]
fn what_went_around_the_hook_is_named() {
    let sandbox = sandbox();
    let commit = |name: &str, args: &[&str]| {
        sandbox.write(name, name);
        sandbox.git(["add", "."]);
        sandbox.git([&["commit", "-qm", name], args].concat());
    };
    commit("unverified", &["--no-verify"]);
    assert_eq!(unchecked(&sandbox, SINCE), ["unverified: no-record"]);
    let done = sandbox.hookd(["verify", SINCE]).expect(1);
    assert!(
        done.out.contains("unverified") && done.out.contains("--no-verify"),
        "{}",
        done.out
    );
    sandbox.git(["checkout", "-q", "-b", "side", "start"]);
    commit("side", &[]);
    sandbox.git(["checkout", "-q", "main"]);
    sandbox.git(["merge", "-q", "--no-edit", "-m", "merged", "side"]);
    assert_eq!(
        unchecked(&sandbox, SINCE),
        ["merged: no-record", "unverified: no-record"]
    );
    sandbox.git(["checkout", "-q", "-b", "other", "start"]);
    sandbox.git(["cherry-pick", "side"]);
    // The same tree as on the other branch.
    assert_eq!(unchecked(&sandbox, SINCE), none());
    commit("more", &[]);
    sandbox.git(["checkout", "-q", "main"]);
    sandbox.git(["cherry-pick", "other"]);
    assert_eq!(unchecked(&sandbox, "HEAD^..HEAD"), ["more: no-record"]);
}

#[test]
fn turned_off_and_skipped_are_told_apart() {
    let sandbox = sandbox();
    let commit = |name: &str, variable: (&str, &str)| {
        sandbox.write(name, name);
        sandbox.git(["add", "."]);
        let done = sandbox
            .command("git")
            .args(["commit", "-qm", name])
            .env(variable.0, variable.1)
            .output()
            .unwrap();
        assert!(done.status.success());
        String::from_utf8(done.stderr).unwrap()
    };
    let said = commit("off", ("HOOKD", "0"));
    assert_eq!(said, "hookd: nothing is checked (HOOKD=0)\n");
    commit("skipped", ("SKIP", "secrets,no-such-check"));
    commit("unknown", ("SKIP", "no-such-check"));
    assert_eq!(
        unchecked(&sandbox, SINCE),
        ["skipped: skipped", "off: bypassed"]
    );
    let done = sandbox.hookd(["verify", SINCE]).expect(1);
    assert!(
        done.out.contains("checks were skipped: secrets"),
        "{}",
        done.out
    );
    // Once it is checked it counts, whatever was before.
    sandbox.git(["reset", "-q", "--soft", "HEAD~3"]);
    sandbox.git(["commit", "-qm", "again"]);
    assert_eq!(unchecked(&sandbox, SINCE), none());
}

#[test]
fn a_blocked_commit_is_not_recorded() {
    let sandbox = sandbox();
    sandbox.write("a.py", format!("token = '{}'\n", github_token(7)));
    sandbox.git(["add", "."]);
    sandbox.try_git(["commit", "-qm", "bad"]).expect(1);
    sandbox.git(["commit", "-qm", "bad", "--no-verify"]);
    assert_eq!(unchecked(&sandbox, SINCE), ["bad: no-record"]);
}

#[test]
fn the_tree_after_staged_fixes_counts() {
    let sandbox = sandbox();
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = 'fix'\nrun = 'sed -i s/one/ONE/'\nglob = '*.txt'\nstage_fixed = true\n",
    );
    sandbox.write("a.txt", "one\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "fixed"]);
    assert_eq!(sandbox.git(["show", "HEAD:a.txt"]), "ONE\n");
    sandbox.write("a.txt", "one\ntwo\n");
    sandbox.git(["commit", "-qm", "path", "a.txt"]);
    sandbox.write("a.txt", "one\ntwo\nthree\n");
    sandbox.git(["commit", "-qam", "all"]);
    assert_eq!(unchecked(&sandbox, SINCE), none());
}

#[test]
fn another_configuration_is_said() {
    let sandbox = sandbox();
    sandbox.write("a", "1\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "before"]);
    sandbox.write("hookd.toml", "[scan.complexity]\ncyclomatic = 12\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "configured"]);
    assert_eq!(unchecked(&sandbox, SINCE), ["before: other-configuration"]);
    // Comments and layout are no configuration.
    sandbox.write(
        "hookd.toml",
        "# said\n[scan.complexity]\ncyclomatic   =   12 # there\n",
    );
    sandbox.git(["commit", "-qam", "commented"]);
    assert_eq!(unchecked(&sandbox, SINCE), ["before: other-configuration"]);
}

#[test]
fn worktrees_share_the_ledger() {
    let sandbox = sandbox();
    let linked = sandbox.top().join("linked");
    sandbox.git([
        "worktree",
        "add",
        "-q",
        "-b",
        "linked",
        linked.to_str().unwrap(),
    ]);
    fs::write(linked.join("a"), "1\n").unwrap();
    for args in [&["add", "."][..], &["commit", "-qm", "there"]] {
        let done = sandbox
            .command("git")
            .current_dir(&linked)
            .args(args)
            .output();
        assert!(done.unwrap().status.success());
    }
    assert_eq!(unchecked(&sandbox, "start..linked"), none());
    assert_eq!(sandbox.git(["rev-list", "--count", "start..linked"]), "1\n");
}

#[test]
fn a_push_names_what_was_never_checked_and_checks_it() {
    let sandbox = sandbox();
    sandbox
        .hookd(["install", "--hook-type", "pre-push"])
        .expect(0);
    let remote = sandbox.top().join("remote.git");
    sandbox.git(["init", "-q", "--bare", remote.to_str().unwrap()]);
    sandbox.git(["remote", "add", "origin", remote.to_str().unwrap()]);
    let first = sandbox
        .try_git(["push", "-q", "-u", "origin", "main"])
        .expect(0);
    assert!(first.err.contains("(start)"), "{}", first.err);
    sandbox.write("a", "1\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "around\u{1b}[31m", "--no-verify"]);
    sandbox.hookd(["verify"]).expect(1);
    let done = sandbox.try_git(["push", "-q"]).expect(0);
    assert!(
        done.err
            .contains("1 commit was not checked before, it is checked now: ")
            && done.err.contains("(around\\x1b[31m)"),
        "{}",
        done.err
    );
    assert_eq!(unchecked(&sandbox, SINCE), none());
    sandbox.write("b.py", format!("token = '{}'\n", github_token(7)));
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "secret", "--no-verify"]);
    let done = sandbox.try_git(["push", "-q"]);
    assert!(
        done.code != 0 && done.err.contains("(secret)"),
        "{}",
        done.err
    );
    assert_eq!(unchecked(&sandbox, SINCE), ["secret: no-record"]);
}

#[test]
fn after_a_commit_it_is_named_where_asked_for() {
    let sandbox = sandbox();
    sandbox
        .hookd(["install", "--hook-type", "post-commit"])
        .expect(0);
    sandbox.write("a", "1\n");
    sandbox.git(["add", "."]);
    let done = sandbox.try_git(["commit", "-qm", "fine"]).expect(0);
    assert_eq!(done.err, "");
    sandbox.write("a", "2\n");
    let done = sandbox
        .try_git(["commit", "-qam", "around", "--no-verify"])
        .expect(0);
    assert!(
        done.err.contains("(around) was not checked") && done.err.lines().count() == 1,
        "{}",
        done.err
    );
}

#[test]
fn a_ledger_that_is_broken_or_closed_stops_no_commit() {
    let sandbox = sandbox();
    let path = sandbox.repo.join(".git/hookd/ledger");
    sandbox.write("a", "1\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "one"]);
    fs::write(&path, b"\xff\xfejunk\nbroken off").unwrap();
    sandbox.write("a", "2\n");
    sandbox.git(["commit", "-qam", "two"]);
    let done = sandbox.hookd(["verify", SINCE]).expect(1);
    assert!(done.err.contains("2 lines of"), "{}", done.err);
    assert_eq!(unchecked(&sandbox, SINCE), ["one: no-record"]);
    fs::remove_file(&path).unwrap();
    fs::create_dir(&path).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o500)).unwrap();
    sandbox.write("a", "3\n");
    let done = sandbox.try_git(["commit", "-qam", "three"]).expect(0);
    assert!(done.err.contains("cannot be written"), "{}", done.err);
    let done = sandbox.hookd(["verify", SINCE]).expect(2);
    assert!(done.err.contains("ledger"), "{}", done.err);
}

#[test]
fn ranges_that_are_none_and_repositories_without_commits() {
    let sandbox = Sandbox::new();
    sandbox.hookd(["verify"]).expect(0);
    for range in ["no-such-branch..HEAD", "--all", "-"] {
        sandbox.hookd(["verify", "--", range]).expect(2);
    }
}

#[test]
fn turned_off_means_off_also_where_the_program_is_gone() {
    let sandbox = sandbox();
    sandbox
        .hookd([
            "install",
            "--hook-type",
            "pre-receive",
            "--hook-type",
            "pre-commit",
        ])
        .expect(0);
    for hook in ["pre-commit", "pre-receive"] {
        let shim = sandbox.repo.join(".git/hooks").join(hook);
        let text = fs::read_to_string(&shim).unwrap();
        let program = Sandbox::program().to_str().unwrap();
        assert!(text.contains(program));
        fs::write(&shim, text.replace(program, "/no/such/hookd")).unwrap();
    }
    let run = |hook: &str, off: &str| -> (Option<i32>, String) {
        let shim = sandbox.repo.join(".git/hooks").join(hook);
        let mut command = sandbox.command(shim);
        let done = command.env("HOOKD", off).output().unwrap();
        (done.status.code(), String::from_utf8(done.stderr).unwrap())
    };
    let said = "hookd: nothing is checked (HOOKD=0)\n".to_owned();
    assert_eq!(run("pre-commit", "0"), (Some(0), said));
    assert_eq!(run("pre-commit", "").0, Some(1));
    // Who pushes must not be able to switch the check off.
    assert_eq!(run("pre-receive", "0").0, Some(1));
}

#[test]
fn hooks_of_pre_commit_are_recorded_too() {
    let sandbox = sandbox();
    let config = |entry: &str| {
        format!(
            "repos:\n- repo: local\n  hooks:\n  - id: mine\n    name: mine\n    entry: {entry}\n    language: system\n    always_run: true\n    pass_filenames: false\n"
        )
    };
    sandbox.write(".pre-commit-config.yaml", config("echo"));
    sandbox.git(["add", "."]);
    sandbox.hookd(["install"]).expect(0);
    sandbox.git(["commit", "-qm", "fine"]);
    assert_eq!(unchecked(&sandbox, SINCE), none());
    sandbox.write("a", "1\n");
    sandbox.git(["add", "."]);
    let done = sandbox
        .command("git")
        .args(["commit", "-qm", "skipped"])
        .env("SKIP", "mine")
        .output();
    assert!(done.unwrap().status.success());
    assert_eq!(unchecked(&sandbox, SINCE), ["skipped: skipped"]);
    sandbox.write(".pre-commit-config.yaml", config("echo again"));
    sandbox.git(["commit", "-qam", "configured"]);
    assert_eq!(
        unchecked(&sandbox, SINCE),
        ["skipped: skipped", "fine: other-configuration"]
    );
}

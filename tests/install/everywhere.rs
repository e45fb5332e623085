//! `install --global`: every repository of a user, with the consent of none.

use super::newer_git::NewerGit;
use super::{hook, script, stage_leak};
use crate::kit::{Done, Sandbox};
use std::fs;
use std::path::PathBuf;

const COMMAND: &str = "[[hook]]\nid = 'mine'\nrun = 'echo ran >> \"$HOME/ran\"'\npass_filenames = false\nalways_run = true\nwrites = false\n";

fn git_config(sandbox: &Sandbox) -> PathBuf {
    sandbox.top().join("home/.gitconfig")
}

fn ran(sandbox: &Sandbox) -> usize {
    let log = fs::read_to_string(sandbox.top().join("home/ran"));
    log.unwrap_or_default().lines().count()
}

#[test]
fn an_older_git_gets_a_folder_and_the_setting_goes_back_byte_for_byte() {
    for text in [
        None,
        Some("[user]\n\tname = q"),
        Some("[core]\n\teditor = vi ; mine\n[core]\n"),
        Some("# only a comment\n"),
    ] {
        let sandbox = Sandbox::new();
        if let Some(text) = text {
            fs::write(git_config(&sandbox), text).unwrap();
        }
        sandbox.hookd(["install", "--global"]).expect(0);
        let again = sandbox.hookd(["install", "--global"]).expect(0);
        assert!(again.out.contains("already"), "{}", again.out);
        stage_leak(&sandbox);
        let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
        assert!(done.err.contains("github-pat"), "{}", done.err);
        sandbox.hookd(["uninstall", "--global"]).expect(0);
        assert_eq!(
            fs::read_to_string(git_config(&sandbox)).ok().as_deref(),
            text
        );
        assert!(!sandbox.top().join("data/hooks").exists());
        sandbox.git(["commit", "-qm", "x"]);
    }
}

#[test]
fn what_was_written_since_stays() {
    let sandbox = Sandbox::new();
    sandbox.hookd(["install", "--global"]).expect(0);
    sandbox.git(["config", "--global", "alias.s", "status"]);
    sandbox.hookd(["uninstall", "--global"]).expect(0);
    let text = fs::read_to_string(git_config(&sandbox)).unwrap();
    assert_eq!(text, "[alias]\n\ts = status\n");
}

#[test]
fn hooks_of_repositories_still_run() {
    let sandbox = Sandbox::new();
    script(
        &hook(&sandbox),
        "#!/bin/sh\necho own >> \"$HOME/own\"\n",
        0o755,
    );
    let push = sandbox.repo.join(".git/hooks/post-commit");
    script(&push, "#!/bin/sh\necho post >> \"$HOME/own\"\n", 0o755);
    sandbox.hookd(["install", "--global"]).expect(0);
    sandbox.write("a", "a\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "x"]);
    let own = || fs::read_to_string(sandbox.top().join("home/own")).unwrap();
    assert_eq!(own(), "own\npost\n");
    // From a linked worktree, where `.git` is a file.
    sandbox.git(["worktree", "add", "-q", "../other"]);
    let mut commit = sandbox.command("git");
    commit.current_dir(sandbox.top().join("other"));
    commit.args(["commit", "-q", "--allow-empty", "-m", "x"]);
    Done::from(commit.output().unwrap()).expect(0);
    assert_eq!(own(), "own\npost\nown\npost\n");
}

#[test]
fn commands_wait_for_the_consent_of_each_clone() {
    for is_new in [false, true] {
        let sandbox = Sandbox::new();
        let hookd = |args: &[&str]| {
            if is_new {
                let mut command = new(&sandbox).command(&sandbox, Sandbox::program());
                Done::from(command.args(args).output().unwrap())
            } else {
                sandbox.hookd(args)
            }
        };
        hookd(&["install", "--global"]).expect(0);
        let commit = || {
            let args = ["commit", "-q", "--allow-empty", "-m", "x"];
            if is_new {
                new(&sandbox).git(&sandbox, args)
            } else {
                sandbox.try_git(args)
            }
        };
        // Nothing is said where there is nothing to run.
        assert_eq!(commit().expect(0).err, "");
        sandbox.write("hookd.toml", COMMAND);
        sandbox.git(["add", "."]);
        let done = commit().expect(0);
        assert_eq!(done.err.lines().count(), 1, "{}", done.err);
        assert!(done.err.contains("hookd install"), "{}", done.err);
        assert_eq!(ran(&sandbox), 0);
        hookd(&["install"]).expect(0);
        assert_eq!(commit().expect(0).err, "");
        assert_eq!(ran(&sandbox), 1);
        stage_leak(&sandbox);
        commit().expect(1);
        assert_eq!(ran(&sandbox), 2);
    }
}

fn new(sandbox: &Sandbox) -> NewerGit {
    NewerGit::new(sandbox)
}

#[test]
fn a_foreign_folder_for_all_repositories_is_left_alone() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "--global", "core.hooksPath", "~/all-hooks"]);
    let before = fs::read(git_config(&sandbox)).unwrap();
    let done = sandbox.hookd(["install", "--global"]).expect(2);
    assert!(done.err.contains("all-hooks"), "{}", done.err);
    assert!(done.err.contains("next: "), "{}", done.err);
    assert_eq!(fs::read(git_config(&sandbox)).unwrap(), before);
    // Chained into it by an install in one of the repositories; the others have given no consent.
    sandbox.hookd(["install"]).expect(0);
    sandbox.hookd(["uninstall", "--global"]).expect(0);
    assert_eq!(fs::read(git_config(&sandbox)).unwrap(), before);
    fs::remove_file(sandbox.repo.join(".git/hookd/consent")).unwrap();
    sandbox.write("hookd.toml", COMMAND);
    sandbox.git(["add", "."]);
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(0);
    assert!(done.err.contains("not run before"), "{}", done.err);
    // A newer git needs no folder.
    new(&sandbox)
        .hookd(&sandbox, ["install", "--global"])
        .expect(0);
}

#[test]
fn a_newer_git_gets_the_users_configuration_back() {
    let sandbox = Sandbox::new();
    let newer = new(&sandbox);
    fs::write(git_config(&sandbox), "[user]\n\tname = q").unwrap();
    newer
        .hookd(
            &sandbox,
            [
                "install",
                "--global",
                "--hook-type",
                "pre-commit",
                "--hook-type",
                "pre-push",
            ],
        )
        .expect(0);
    stage_leak(&sandbox);
    newer.git(&sandbox, ["commit", "-qm", "x"]).expect(1);
    newer.hookd(&sandbox, ["uninstall", "--global"]).expect(0);
    assert_eq!(
        fs::read_to_string(git_config(&sandbox)).unwrap(),
        "[user]\n\tname = q"
    );
    let done = newer.hookd(&sandbox, ["uninstall", "--global"]).expect(0);
    assert!(done.out.contains("not installed"), "{}", done.out);
}

#[test]
fn the_folder_and_the_users_configuration_together_are_one_run() {
    let sandbox = Sandbox::new();
    sandbox.write("hookd.toml", COMMAND);
    sandbox.git(["add", "."]);
    sandbox.hookd(["install", "--global"]).expect(0);
    sandbox.hookd(["install"]).expect(0);
    let newer = new(&sandbox);
    newer.hookd(&sandbox, ["install", "--global"]).expect(0);
    newer.hookd(&sandbox, ["install"]).expect(0);
    newer.git(&sandbox, ["commit", "-qm", "x"]).expect(0);
    assert_eq!(ran(&sandbox), 1);
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "x"]);
    assert_eq!(ran(&sandbox), 2);
}

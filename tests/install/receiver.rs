//! `pre-receive` and `update`: a server judges what is pushed to it, by its own configuration.

use super::stage_leak;
use crate::kit::{Done, Sandbox, github_token};
use std::fs;
use std::path::{Path, PathBuf};

/// A sandbox with a commit, and a bare repository beside it that is its remote `origin`.
fn with_server() -> (Sandbox, PathBuf) {
    let sandbox = Sandbox::new();
    let server = sandbox.top().join("server.git");
    sandbox.git(["init", "-q", "--bare", server.to_str().unwrap()]);
    sandbox.git(["remote", "add", "origin", server.to_str().unwrap()]);
    sandbox.write("README", "readme\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "start"]);
    sandbox.git(["push", "-q", "origin", "main"]);
    (sandbox, server)
}

fn on_server(sandbox: &Sandbox, server: &Path, args: &[&str]) -> Done {
    let mut command = sandbox.command(Sandbox::program());
    command.current_dir(server).args(args);
    command.output().unwrap().into()
}

fn tip(sandbox: &Sandbox, server: &Path, name: &str) -> String {
    let done = sandbox.try_git([
        "-C",
        server.to_str().unwrap(),
        "rev-parse",
        "-q",
        "--verify",
        name,
    ]);
    done.out
}

#[test]
fn a_pushed_secret_is_refused_and_shown_to_who_pushes() {
    for hook in ["pre-receive", "update"] {
        let (sandbox, server) = with_server();
        on_server(&sandbox, &server, &["install", "--hook-type", hook]).expect(0);
        let before = tip(&sandbox, &server, "main");
        stage_leak(&sandbox);
        sandbox.git(["commit", "-qm", "leak"]);
        // Taken out again: the secret is in the history all the same.
        sandbox.git(["rm", "-q", "bad"]);
        sandbox.git(["commit", "-qm", "gone"]);
        let done = sandbox.try_git(["push", "origin", "main"]).expect(1);
        let finding = done.err.lines().find(|line| line.contains("github-pat"));
        assert!(
            finding.is_some_and(|line| line.starts_with("remote: ")),
            "{hook}: {}",
            done.err
        );
        assert!(!done.err.contains(&github_token(1)), "{hook}: {}", done.err);
        assert_eq!(tip(&sandbox, &server, "main"), before);
        // Without it the push goes through, quietly.
        sandbox.git(["reset", "-q", "--hard", "HEAD~2"]);
        sandbox.write("fine", "fine\n");
        sandbox.git(["add", "."]);
        sandbox.git(["commit", "-qm", "fine"]);
        let done = sandbox.try_git(["push", "-q", "origin", "main"]).expect(0);
        assert_eq!(done.err, "", "{hook}");
    }
}

#[test]
fn only_what_is_new_to_the_server_is_judged() {
    let (sandbox, server) = with_server();
    stage_leak(&sandbox);
    sandbox.git(["commit", "-qm", "from before hookd"]);
    sandbox.git(["push", "-q", "origin", "main"]);
    on_server(&sandbox, &server, &["install"]).expect(0);
    sandbox.git(["checkout", "-qb", "other"]);
    sandbox.write("fine", "fine\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "fine"]);
    sandbox.git(["tag", "-m", "a tag", "v1"]);
    sandbox.git(["push", "-q", "origin", "other", "v1"]);
    // Deleting a branch brings nothing.
    sandbox.git(["push", "-q", "origin", ":other"]);
    sandbox.git(["push", "-q", "--tags", "origin"]);
}

#[test]
fn every_ref_of_a_push_is_judged() {
    let (sandbox, server) = with_server();
    on_server(&sandbox, &server, &["install"]).expect(0);
    sandbox.git(["checkout", "-qb", "leaky"]);
    stage_leak(&sandbox);
    sandbox.git(["commit", "-qm", "leak"]);
    sandbox.git(["tag", "-m", "a tag", "v1"]);
    sandbox.git(["checkout", "-q", "main"]);
    sandbox.write("fine", "fine\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "fine"]);
    for refs in [["main", "leaky"], ["main", "v1"]] {
        sandbox
            .try_git(["push", "-q", "origin", refs[0], refs[1]])
            .expect(1);
    }
    assert_eq!(tip(&sandbox, &server, "leaky"), "");
}

#[test]
fn the_server_is_configured_on_the_server_only() {
    let (sandbox, server) = with_server();
    // What is pushed cannot switch the check off, and runs nothing.
    sandbox.write(
        "hookd.toml",
        "[scan.secrets]\nenabled = false\n[[hook]]\nid = 'evil'\nrun = 'touch \"$HOME/evil\"'\nstages = ['pre-receive', 'update']\n",
    );
    on_server(&sandbox, &server, &["install"]).expect(0);
    stage_leak(&sandbox);
    sandbox.git(["commit", "-qm", "leak"]);
    sandbox.try_git(["push", "-q", "origin", "main"]).expect(1);
    assert!(!sandbox.top().join("home/evil").exists());
    // The administrator can, and can run commands that see the pushed objects.
    fs::write(
        server.join("hookd.toml"),
        "[scan.secrets]\nenabled = false\n[[hook]]\nid = 'log'\nrun = 'while read old new ref; do git log --format=%s -1 $new; done > \"$HOME/log\"'\nstages = 'pre-receive'\n",
    )
    .unwrap();
    on_server(&sandbox, &server, &["install"]).expect(0);
    sandbox.git(["push", "-q", "origin", "main"]);
    let log = fs::read_to_string(sandbox.top().join("home/log")).unwrap();
    assert_eq!(log, "leak\n");
}

#[test]
fn who_pushes_cannot_switch_the_server_off() {
    let (sandbox, server) = with_server();
    on_server(&sandbox, &server, &["install"]).expect(0);
    stage_leak(&sandbox);
    sandbox.git(["commit", "-qm", "leak"]);
    let mut push = sandbox.command("git");
    push.env("HOOKD", "0").env("SKIP", "secrets");
    push.args(["push", "-q", "origin", "main"]);
    Done::from(push.output().unwrap()).expect(1);
}

#[test]
fn a_repository_with_a_worktree_can_receive_too() {
    let (sandbox, _) = with_server();
    let other = sandbox.top().join("other");
    sandbox.git(["clone", "-q", ".", other.to_str().unwrap()]);
    on_server(&sandbox, &other, &["install", "--hook-type", "pre-receive"]).expect(0);
    stage_leak(&sandbox);
    sandbox.git(["commit", "-qm", "leak"]);
    let done = sandbox
        .try_git(["push", "-q", other.to_str().unwrap(), "main:side"])
        .expect(1);
    assert!(done.err.contains("github-pat"), "{}", done.err);
}

#[test]
fn a_repository_that_libgit2_cannot_read_receives_too() {
    let sandbox = Sandbox::without_repo();
    sandbox.git(["init", "-q", "-b", "main", "--object-format=sha256", "."]);
    let server = sandbox.top().join("server.git");
    sandbox.git([
        "init",
        "-q",
        "--bare",
        "--object-format=sha256",
        server.to_str().unwrap(),
    ]);
    on_server(&sandbox, &server, &["install"]).expect(0);
    stage_leak(&sandbox);
    sandbox.git(["commit", "-qm", "leak"]);
    let done = sandbox
        .try_git(["push", "-q", server.to_str().unwrap(), "main"])
        .expect(1);
    assert!(done.err.contains("github-pat"), "{}", done.err);
}

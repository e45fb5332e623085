//! Hooks in git's configuration (git 2.54): what is written, and that hookd runs once whatever is there beside it.

use super::newer_git::NewerGit;
use super::{hook, script, stage_leak};
use crate::kit::Sandbox;
use std::fs;

/// A hook that leaves a line each time it runs.
const COUNT: &str = "[[hook]]\nid = 'count'\nrun = 'echo ran >> \"$HOME/ran\"'\npass_filenames = false\nalways_run = true\nwrites = false\n";

fn counting() -> (Sandbox, NewerGit) {
    let sandbox = Sandbox::new();
    let newer = NewerGit::new(&sandbox);
    sandbox.write("hookd.toml", COUNT);
    sandbox.git(["add", "."]);
    (sandbox, newer)
}

/// How often a commit of the newer git ran the counting hook.
#[track_caller]
fn runs(sandbox: &Sandbox, newer: &NewerGit) -> usize {
    let log = sandbox.top().join("home/ran");
    let _ = fs::remove_file(&log);
    newer
        .git(sandbox, ["commit", "-q", "--allow-empty", "-m", "x"])
        .expect(0);
    fs::read_to_string(log).unwrap_or_default().lines().count()
}

#[test]
fn a_newer_git_gets_configuration_and_no_file() {
    let (sandbox, newer) = counting();
    let before = fs::read(sandbox.repo.join(".git/config")).unwrap();
    let done = newer.hookd(&sandbox, ["install"]).expect(0);
    assert!(done.out.contains("hook.hookd-pre-commit"), "{}", done.out);
    assert!(!hook(&sandbox).exists());
    let config = fs::read(sandbox.repo.join(".git/config")).unwrap();
    let again = newer.hookd(&sandbox, ["install"]).expect(0);
    assert!(again.out.contains("already"), "{}", again.out);
    assert_eq!(fs::read(sandbox.repo.join(".git/config")).unwrap(), config);
    assert_eq!(runs(&sandbox, &newer), 1);
    stage_leak(&sandbox);
    let done = newer.git(&sandbox, ["commit", "-qm", "x"]).expect(1);
    assert!(done.err.contains("github-pat"), "{}", done.err);
    newer.hookd(&sandbox, ["uninstall"]).expect(0);
    assert_eq!(fs::read(sandbox.repo.join(".git/config")).unwrap(), before);
    newer.git(&sandbox, ["commit", "-qm", "x"]).expect(0);
}

#[test]
fn a_foreign_hook_stays_where_it_is() {
    let (sandbox, newer) = counting();
    let text = "#!/bin/sh\necho foreign >> \"$HOME/foreign\"\n";
    script(&hook(&sandbox), text, 0o755);
    newer.hookd(&sandbox, ["install"]).expect(0);
    assert_eq!(fs::read_to_string(hook(&sandbox)).unwrap(), text);
    assert_eq!(runs(&sandbox, &newer), 1);
    assert!(sandbox.top().join("home/foreign").exists());
}

#[test]
fn every_way_at_once_is_one_run() {
    let (sandbox, newer) = counting();
    // The shim of an older git, the repository's configuration, the user's.
    sandbox.hookd(["install"]).expect(0);
    assert!(hook(&sandbox).exists());
    newer.hookd(&sandbox, ["install"]).expect(0);
    newer.hookd(&sandbox, ["install", "--global"]).expect(0);
    assert!(
        sandbox
            .git(["config", "--get-all", "hook.hookd-pre-commit.event"])
            .lines()
            .count()
            == 2
    );
    assert_eq!(runs(&sandbox, &newer), 1);
    // The older git runs the shim.
    let log = sandbox.top().join("home/ran");
    fs::remove_file(&log).unwrap();
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "x"]);
    assert_eq!(fs::read_to_string(&log).unwrap(), "ran\n");
    // A shim that git does not run is no reason to leave the work to it.
    let mode = |mode| {
        fs::set_permissions(
            hook(&sandbox),
            std::os::unix::fs::PermissionsExt::from_mode(mode),
        )
    };
    mode(0o644).unwrap();
    assert_eq!(runs(&sandbox, &newer), 1);
    mode(0o755).unwrap();
    sandbox.git(["config", "core.hooksPath", "/dev/null"]);
    assert_eq!(runs(&sandbox, &newer), 1);
    sandbox.git(["config", "--unset", "core.hooksPath"]);
    fs::remove_file(&log).unwrap();
    let switched_off = [
        "-c",
        "core.hooksPath=/dev/null",
        "commit",
        "-q",
        "--allow-empty",
        "-m",
        "x",
    ];
    newer.git(&sandbox, switched_off).expect(0);
    // Both from the user's configuration and from a shim.
    newer.hookd(&sandbox, ["uninstall"]).expect(0);
    assert!(!hook(&sandbox).exists());
    sandbox.hookd(["install"]).expect(0);
    assert_eq!(runs(&sandbox, &newer), 1);
}

#[test]
fn a_shim_beside_the_configuration_when_asked_for() {
    let (sandbox, newer) = counting();
    newer.hookd(&sandbox, ["install", "--shim"]).expect(0);
    assert!(hook(&sandbox).exists());
    assert_eq!(runs(&sandbox, &newer), 1);
    stage_leak(&sandbox);
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
}

#[test]
fn a_hook_that_is_switched_off_is_no_install() {
    let (sandbox, newer) = counting();
    sandbox.git([
        "config",
        "--global",
        "hook.hookd-pre-commit.enabled",
        "false",
    ]);
    let done = newer.hookd(&sandbox, ["install"]).expect(2);
    assert!(done.err.contains("enabled"), "{}", done.err);
}

#[test]
fn a_missing_program_stops_the_commit_there_too() {
    let (sandbox, newer) = counting();
    let copy = sandbox.top().join("odd dir's $HOME \"x\"");
    fs::create_dir(&copy).unwrap();
    let copy = copy.join("hookd");
    Sandbox::copy_program(&copy);
    let mut install = newer.command(&sandbox, &copy);
    crate::kit::Done::from(install.arg("install").output().unwrap()).expect(0);
    assert_eq!(runs(&sandbox, &newer), 1);
    fs::remove_file(copy).unwrap();
    let done = newer
        .git(&sandbox, ["commit", "-q", "--allow-empty", "-m", "x"])
        .expect(1);
    assert!(done.err.contains("hookd install"), "{}", done.err);
    assert!(
        done.err.contains("hookd: pre-commit was not checked"),
        "{}",
        done.err
    );
}

#[test]
fn arguments_and_input_arrive() {
    let (sandbox, newer) = counting();
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = 'ticket'\nrun = 'grep -q TICKET \"$1\"'\nstages = 'commit-msg'\n",
    );
    sandbox.git(["add", "."]);
    newer
        .hookd(
            &sandbox,
            [
                "install",
                "--hook-type",
                "commit-msg",
                "--hook-type",
                "pre-push",
            ],
        )
        .expect(0);
    newer
        .git(&sandbox, ["commit", "-q", "--allow-empty", "-m", "x"])
        .expect(1);
    newer
        .git(
            &sandbox,
            ["commit", "-q", "--allow-empty", "-m", "TICKET 1"],
        )
        .expect(0);
    let remote = sandbox.top().join("remote.git");
    sandbox.git(["init", "-q", "--bare", remote.to_str().unwrap()]);
    stage_leak(&sandbox);
    sandbox.git(["commit", "-qnm", "x"]);
    let push = ["push", "-q", remote.to_str().unwrap(), "main"];
    let done = newer.git(&sandbox, push).expect(1);
    assert!(done.all().contains("github-pat"), "{}", done.all());
}

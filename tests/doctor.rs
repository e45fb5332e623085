//! `hookd doctor` in set-ups that are sound and in those that are not.

use crate::kit::{Done, Sandbox};
use std::fs;
use std::os::unix::fs::PermissionsExt;

/// The state and the next step of each line about `id`.
fn about(sandbox: &Sandbox, id: &str) -> Vec<(String, String)> {
    let done = sandbox.hookd(["doctor", "--format", "json"]);
    let report: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(report["schema"], "hookd-doctor/1");
    let sound = report["sound"].as_bool().unwrap();
    assert_eq!(done.code, i32::from(!sound), "{}", done.out);
    let checks = report["checks"].as_array().unwrap();
    let lines = checks.iter().filter(|check| check["id"] == id);
    let text = |check: &serde_json::Value, key: &str| check[key].as_str().unwrap().to_owned();
    lines
        .map(|check| (text(check, "state"), text(check, "next")))
        .collect()
}

fn only(sandbox: &Sandbox, id: &str) -> (String, String) {
    let lines = about(sandbox, id);
    assert_eq!(lines.len(), 1, "{lines:?}");
    lines.into_iter().next().unwrap()
}

fn doctor(sandbox: &Sandbox) -> Done {
    sandbox.hookd(["doctor"])
}

#[test]
fn what_is_sound_is_said_to_be() {
    let sandbox = Sandbox::installed();
    let done = doctor(&sandbox).expect(0);
    assert!(
        done.out.contains("git calls hookd at pre-commit"),
        "{}",
        done.out
    );
    assert!(done.out.ends_with("everything is sound\n"), "{}", done.out);
    assert!(!done.out.contains('✗'), "{}", done.out);
    assert_eq!(sandbox.hookd(["doctor", "-q"]).expect(0).out, "");
}

#[test]
fn hooks_that_git_does_not_come_to_are_named() {
    let sandbox = Sandbox::new();
    let (state, next) = only(&sandbox, "hooks");
    assert_eq!((state.as_str(), next.as_str()), ("broken", "hookd install"));
    sandbox.hookd(["install"]).expect(0);
    assert_eq!(only(&sandbox, "hooks").0, "fine");
    // Somebody sets another folder afterwards.
    sandbox.git(["config", "core.hooksPath", "/dev/null"]);
    let (state, next) = only(&sandbox, "hooks");
    assert_eq!(state, "broken");
    assert!(
        next.contains("install") || next.contains("core.hooksPath"),
        "{next}"
    );
    doctor(&sandbox).expect(1);
}

#[test]
fn a_stage_that_nothing_was_installed_for_is_named() {
    let sandbox = Sandbox::installed();
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = 'words'\nrun = 'true'\nstages = 'commit-msg'\n",
    );
    let done = doctor(&sandbox).expect(1);
    assert!(
        done.out.contains("commit-msg: git does not call hookd"),
        "{}",
        done.out
    );
    sandbox.hookd(["install"]).expect(0);
    doctor(&sandbox).expect(0);
}

#[test]
fn the_program_that_the_hooks_call_is_looked_at() {
    let sandbox = Sandbox::new();
    let bin = sandbox.top().join("bin");
    fs::create_dir(&bin).unwrap();
    let copy = bin.join("hookd");
    fs::copy(Sandbox::program(), &copy).unwrap();
    let mut install = sandbox.command(&copy);
    assert!(install.arg("install").output().unwrap().status.success());
    assert_eq!(only(&sandbox, "program").0, "fine");
    fs::write(&copy, "#!/bin/sh\necho hookd 0.0.1\n").unwrap();
    fs::set_permissions(&copy, fs::Permissions::from_mode(0o755)).unwrap();
    let (state, next) = only(&sandbox, "program");
    assert_eq!((state.as_str(), next.as_str()), ("look", "hookd install"));
    fs::remove_file(&copy).unwrap();
    assert_eq!(only(&sandbox, "program").0, "broken");
    sandbox.hookd(["install"]).expect(0);
    assert_eq!(only(&sandbox, "program").0, "fine");
}

#[test]
fn a_broken_configuration_is_shown_with_its_place() {
    let sandbox = Sandbox::installed();
    sandbox.write("hookd.toml", "enabeld = 1\n");
    let done = doctor(&sandbox).expect(1);
    for words in [
        "✗ configuration",
        "hookd.toml:1:1",
        "^^^",
        "git calls hookd",
    ] {
        assert!(done.out.contains(words), "{words}: {}", done.out);
    }
}

#[test]
fn missing_tools_and_new_commands_are_named() {
    let sandbox = Sandbox::installed();
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = 'gone'\nrun = ['no-such-program-here']\n",
    );
    let done = doctor(&sandbox).expect(1);
    assert!(done.out.contains("no-such-program-here"), "{}", done.out);
    let (state, next) = only(&sandbox, "consent");
    assert_eq!(state, "look");
    assert!(next.contains("hookd trust"), "{next}");
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = 'here'\nrun = ['git', 'status']\n",
    );
    sandbox.hookd(["trust"]).expect(0);
    doctor(&sandbox).expect(0);
    assert_eq!(only(&sandbox, "tools").0, "fine");
    assert_eq!(only(&sandbox, "consent").0, "fine");
}

#[test]
fn missing_advisory_data_is_named() {
    let sandbox = Sandbox::installed();
    sandbox.write("requirements.txt", "left-pad==1.0.0\n");
    sandbox.git(["add", "."]);
    let (state, next) = only(&sandbox, "advisories");
    assert_eq!(
        (state.as_str(), next.as_str()),
        ("broken", "hookd db update")
    );
    sandbox.import_advisory("PyPI", "PYSEC-0000-1", "left-pad", "0.5.0");
    assert_eq!(only(&sandbox, "advisories").0, "fine");
    sandbox.write("hookd.toml", "[scan.audit]\nenabled = false\n");
    assert_eq!(only(&sandbox, "advisories").0, "fine");
}

#[test]
fn what_runs_left_behind_is_named() {
    let sandbox = Sandbox::installed();
    assert_eq!(only(&sandbox, "leftovers").0, "fine");
    let lock = sandbox.repo.join(".git/index.lock");
    fs::write(&lock, "").unwrap();
    // Whether somebody holds it is known on Linux only.
    if cfg!(target_os = "linux") {
        let (state, next) = only(&sandbox, "leftovers");
        assert_eq!(state, "broken");
        assert!(next.contains("index.lock"), "{next}");
    }
    fs::remove_file(&lock).unwrap();
    let saved = sandbox.repo.join(".git/hookd/saved/20260101T000000Z");
    fs::create_dir_all(&saved).unwrap();
    fs::write(saved.join("a.txt"), "mine\n").unwrap();
    assert_eq!(only(&sandbox, "saved").0, "look");
    doctor(&sandbox).expect(0);
    assert!(saved.join("a.txt").exists());
}

#[test]
fn outside_of_a_repository_it_works_too() {
    let sandbox = Sandbox::without_repo();
    let done = doctor(&sandbox).expect(0);
    assert!(done.out.contains("no git repository"), "{}", done.out);
}

//! Installing into real repositories: nothing foreign is lost, and a missing program stops the commit.

mod advisories;
mod configuration;
mod everywhere;
mod newer_git;
mod receiver;

use crate::kit::{Sandbox, github_token};
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::PathBuf;

fn hook(sandbox: &Sandbox) -> PathBuf {
    sandbox.repo.join(".git/hooks/pre-commit")
}

fn script(path: &PathBuf, text: &str, mode: u32) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

fn stage_leak(sandbox: &Sandbox) {
    sandbox.write("bad", format!("k = '{}'\n", github_token(1)));
    sandbox.git(["add", "."]);
}

#[test]
fn twice_changes_nothing_and_uninstall_leaves_nothing() {
    let sandbox = Sandbox::new();
    let before: Vec<_> = fs::read_dir(sandbox.repo.join(".git/hooks"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    sandbox.hookd(["install"]).expect(0);
    let first = (
        fs::read(hook(&sandbox)).unwrap(),
        fs::metadata(hook(&sandbox)).unwrap().modified().unwrap(),
    );
    let again = sandbox.hookd(["install"]).expect(0);
    assert!(again.out.contains("already"), "{}", again.out);
    let second = (
        fs::read(hook(&sandbox)).unwrap(),
        fs::metadata(hook(&sandbox)).unwrap().modified().unwrap(),
    );
    assert_eq!(first, second);
    sandbox.hookd(["uninstall"]).expect(0);
    let after: Vec<_> = fs::read_dir(sandbox.repo.join(".git/hooks"))
        .unwrap()
        .map(|e| e.unwrap().file_name())
        .collect();
    assert_eq!(before.len(), after.len());
    sandbox.hookd(["uninstall"]).expect(0);
}

#[test]
fn a_foreign_hook_runs_first_and_comes_back_byte_for_byte() {
    let sandbox = Sandbox::new();
    let text =
        "#!/bin/sh\n# odd bytes \u{e9}\necho foreign >> \"$HOME/ran\"\n[ ! -e \"$HOME/veto\" ]\n";
    script(&hook(&sandbox), text, 0o700);
    sandbox.hookd(["install"]).expect(0);
    let home = sandbox.top().join("home");
    sandbox.write("a", "fine\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "x"]);
    assert_eq!(fs::read_to_string(home.join("ran")).unwrap(), "foreign\n");
    fs::write(home.join("veto"), "").unwrap();
    sandbox
        .try_git(["commit", "-qm", "x", "--allow-empty"])
        .expect(1);
    fs::remove_file(home.join("veto")).unwrap();
    stage_leak(&sandbox);
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    sandbox.hookd(["install"]).expect(0);
    sandbox.hookd(["uninstall"]).expect(0);
    assert_eq!(fs::read_to_string(hook(&sandbox)).unwrap(), text);
    assert_eq!(
        fs::metadata(hook(&sandbox)).unwrap().permissions().mode() & 0o777,
        0o700
    );
}

#[test]
fn a_link_is_kept_and_never_written_through() {
    let sandbox = Sandbox::new();
    let target = sandbox.repo.join("scripts/check.sh");
    script(&target, "#!/bin/sh\nexit 0\n", 0o755);
    symlink("../../scripts/check.sh", hook(&sandbox)).unwrap();
    sandbox.hookd(["install"]).expect(0);
    assert_eq!(fs::read_to_string(&target).unwrap(), "#!/bin/sh\nexit 0\n");
    stage_leak(&sandbox);
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    sandbox.hookd(["uninstall"]).expect(0);
    assert_eq!(
        fs::read_link(hook(&sandbox)).unwrap(),
        PathBuf::from("../../scripts/check.sh")
    );
}

#[test]
fn a_hook_that_came_after_hookd_is_not_lost() {
    let sandbox = Sandbox::new();
    script(&hook(&sandbox), "#!/bin/sh\n# one\n", 0o755);
    sandbox.hookd(["install"]).expect(0);
    script(&hook(&sandbox), "#!/bin/sh\n# two\n", 0o755);
    let done = sandbox.hookd(["install"]).expect(2);
    assert!(done.err.contains("before-hookd"), "{}", done.err);
    let left = sandbox.hookd(["uninstall"]).expect(0);
    assert!(left.out.contains("left alone"), "{}", left.out);
    assert_eq!(
        fs::read_to_string(hook(&sandbox)).unwrap(),
        "#!/bin/sh\n# two\n"
    );
}

#[test]
fn a_missing_program_stops_the_commit_and_path_is_tried() {
    let sandbox = Sandbox::new();
    let odd = sandbox.top().join("odd dir's $HOME");
    fs::create_dir(&odd).unwrap();
    let copy = odd.join("hookd");
    Sandbox::copy_program(&copy);
    let run = |args: &[&str]| -> crate::kit::Done {
        sandbox.command(&copy).args(args).output().unwrap().into()
    };
    run(&["install"]).expect(0);
    sandbox.write("a", "fine\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "through an odd path"]);
    stage_leak(&sandbox);
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    let moved = sandbox.top().join("bin");
    fs::rename(&odd, &moved).unwrap();
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert!(done.err.contains("hookd install"), "{}", done.err);
    let mut path = std::ffi::OsString::from(&moved);
    path.push(":");
    path.push(std::env::var_os("PATH").unwrap());
    let found: crate::kit::Done = sandbox
        .command("git")
        .env("PATH", path)
        .args(["commit", "-qm", "x"])
        .output()
        .unwrap()
        .into();
    assert!(found.expect(1).err.contains("github-pat"));
}

#[test]
fn git_decides_where_hooks_are() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "core.hooksPath", "tools/hooks"]);
    sandbox.hookd(["install"]).expect(0);
    assert!(sandbox.repo.join("tools/hooks/pre-commit").exists());
    stage_leak(&sandbox);
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    sandbox.git(["config", "core.hooksPath", "~/myhooks"]);
    sandbox.hookd(["install"]).expect(0);
    assert!(sandbox.top().join("home/myhooks/pre-commit").exists());
    for off in ["", "/dev/null"] {
        sandbox.git(["config", "core.hooksPath", off]);
        let done = sandbox.hookd(["install"]).expect(2);
        assert!(done.err.contains("git runs no hooks here"), "{}", done.err);
        assert!(
            done.err
                .contains("git config --local --unset core.hooksPath"),
            "{}",
            done.err
        );
    }
}

#[test]
fn a_folder_for_one_command_is_no_place_for_a_hook() {
    let sandbox = Sandbox::new();
    let done: crate::kit::Done = sandbox
        .command(Sandbox::program())
        .env("GIT_CONFIG_COUNT", "1")
        .env("GIT_CONFIG_KEY_0", "core.hooksPath")
        .env("GIT_CONFIG_VALUE_0", "elsewhere")
        .arg("install")
        .output()
        .unwrap()
        .into();
    assert!(done.expect(2).err.contains("GIT_CONFIG_COUNT"));
    assert!(!sandbox.repo.join("elsewhere").exists());
}

#[test]
fn worktrees_with_a_relative_folder_are_told_of() {
    let sandbox = Sandbox::installed();
    sandbox.git(["worktree", "add", "-q", "../other"]);
    sandbox.git(["config", "core.hooksPath", "tools"]);
    let done = sandbox.hookd(["install"]).expect(0);
    assert!(done.out.contains("in the others too"), "{}", done.out);
    let other = sandbox.top().join("other");
    let done: crate::kit::Done = sandbox
        .command(Sandbox::program())
        .arg("-C")
        .arg(&other)
        .arg("install")
        .output()
        .unwrap()
        .into();
    done.expect(0);
    assert!(other.join("tools/pre-commit").exists());
}

#[test]
fn the_hooks_of_a_linked_worktree_are_those_of_the_clone() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "a\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "x"]);
    sandbox.git(["worktree", "add", "-q", "../other"]);
    let other = sandbox.top().join("other");
    let in_other = |program: &std::path::Path, args: &[&str]| -> crate::kit::Done {
        let mut command = sandbox.command(program);
        command.current_dir(&other).args(args);
        command.output().unwrap().into()
    };
    in_other(Sandbox::program(), &["install"]).expect(0);
    fs::write(other.join("bad"), format!("k = '{}'\n", github_token(1))).unwrap();
    let git = std::path::Path::new("git");
    in_other(git, &["add", "."]).expect(0);
    in_other(git, &["commit", "-qm", "x"]).expect(1);
    stage_leak(&sandbox);
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
}

#[test]
fn a_hook_from_before_and_hookd_both_get_what_git_says() {
    let sandbox = Sandbox::installed();
    let remote = sandbox.top().join("remote.git");
    sandbox.git(["init", "-q", "--bare", remote.to_str().unwrap()]);
    sandbox.git(["remote", "add", "origin", remote.to_str().unwrap()]);
    script(
        &sandbox.repo.join(".git/hooks/pre-push"),
        "#!/bin/sh\ncat > \"$HOME/said\"\n",
        0o755,
    );
    sandbox
        .hookd(["install", "--hook-type", "pre-push"])
        .expect(0);
    stage_leak(&sandbox);
    sandbox.git(["commit", "-qnm", "x"]);
    let done = sandbox.try_git(["push", "-q", "origin", "main"]).expect(1);
    assert!(done.all().contains("github-pat"), "{}", done.all());
    let said = fs::read_to_string(sandbox.top().join("home/said")).unwrap();
    assert!(said.starts_with("refs/heads/main "), "{said}");
}

#[test]
fn the_configuration_says_which_hooks_are_written() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "hookd.toml",
        "default_hook_types = ['pre-commit', 'commit-msg']\n[[hook]]\nid = 'x'\nrun = 'true'\nstages = 'pre-push'\n",
    );
    let done = sandbox.hookd(["install"]).expect(0);
    assert!(
        done.out.contains("has commands for pre-push"),
        "{}",
        done.out
    );
    let there = |hook: &str| sandbox.repo.join(".git/hooks").join(hook).exists();
    assert!(there("pre-commit") && there("commit-msg") && !there("pre-push"));
    for (text, part) in [
        (
            "default_hook_types = ['pre-comit']\n",
            "did you mean `pre-commit`?",
        ),
        ("default_hook_types = ['manual']\n", "hookd.toml:1:23"),
        (
            "default_hook_types = ['proc-receive']\n",
            "cannot stand for",
        ),
        ("default_hook_types = 3\n", "hookd.toml:1:22"),
    ] {
        sandbox.write("hookd.toml", text);
        let done = sandbox.hookd(["install"]).expect(2);
        assert!(done.err.contains(part), "{text}: {}", done.err);
        assert!(done.err.contains('^'), "{text}: {}", done.err);
    }
}

#[test]
fn hooks_that_hookd_cannot_stand_for_are_refused_with_a_reason() {
    let sandbox = Sandbox::new();
    for (hook, reason) in [
        ("fsmonitor-watchman", "core.fsmonitor"),
        ("proc-receive", "protocol"),
        ("push-to-checkout", "updates the worktree"),
    ] {
        let done = sandbox.hookd(["install", "--hook-type", hook]).expect(2);
        assert!(done.err.contains(reason), "{}", done.err);
    }
    assert!(!sandbox.repo.join(".git/hooks/proc-receive").exists());
}

#[test]
fn every_other_hook_of_git_can_be_installed_and_gets_its_arguments() {
    let sandbox = Sandbox::new();
    let hooks = [
        "applypatch-msg",
        "pre-applypatch",
        "post-applypatch",
        "pre-commit",
        "pre-merge-commit",
        "prepare-commit-msg",
        "commit-msg",
        "post-commit",
        "pre-rebase",
        "post-checkout",
        "post-merge",
        "pre-push",
        "post-rewrite",
        "pre-auto-gc",
        "sendemail-validate",
        "post-index-change",
        "reference-transaction",
        "p4-changelist",
        "p4-prepare-changelist",
        "p4-post-changelist",
        "p4-pre-submit",
        "pre-receive",
        "update",
        "post-receive",
        "post-update",
    ];
    let list: Vec<String> = hooks.iter().map(|hook| format!("'{hook}'")).collect();
    sandbox.write(
        "hookd.toml",
        format!(
            "[[hook]]\nid = 'log'\nrun = 'echo \"$HOOKD_STAGE $#\" >> \"$HOME/log\"; cat >> \"$HOME/log\"; : \"$@\"'\npass_filenames = false\nalways_run = true\nwrites = false\nstages = [{}]\n",
            list.join(", ")
        ),
    );
    sandbox.hookd(["install"]).expect(0);
    // Where a push arrives, what counts is in the git directory.
    let receives = sandbox.repo.join(".git/hookd.toml");
    fs::copy(sandbox.repo.join("hookd.toml"), receives).unwrap();
    let log = sandbox.top().join("home/log");
    for hook in hooks {
        let _ = fs::remove_file(&log);
        let shim = sandbox.repo.join(".git/hooks").join(hook);
        let mut run = sandbox.command(&shim);
        let is_files = ["pre-commit", "pre-merge-commit", "pre-push"].contains(&hook);
        let done: crate::kit::Done = run.args(["one", "two"]).output().unwrap().into();
        done.expect(0);
        let want = if is_files { 0 } else { 2 };
        let got = fs::read_to_string(&log).unwrap_or_default();
        let got = got.lines().next().unwrap_or_default();
        assert_eq!(got, format!("{hook} {want}"));
    }
}

#[test]
fn a_global_hooks_folder_is_said_to_be_shared() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "--global", "core.hooksPath", "~/all-hooks"]);
    let done = sandbox.hookd(["install"]).expect(0);
    assert!(done.out.contains("other repositories"), "{}", done.out);
}

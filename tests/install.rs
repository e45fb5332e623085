//! Installing into real repositories: nothing foreign is lost, and a missing program stops the commit.

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
    fs::copy(Sandbox::program(), &copy).unwrap();
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
    sandbox.git(["config", "core.hooksPath", ""]);
    let done = sandbox.hookd(["install"]).expect(2);
    assert!(done.err.contains("core.hooksPath"), "{}", done.err);
}

#[test]
fn a_global_hooks_folder_is_said_to_be_shared() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "--global", "core.hooksPath", "~/all-hooks"]);
    let done = sandbox.hookd(["install"]).expect(0);
    assert!(done.out.contains("other repositories"), "{}", done.out);
}

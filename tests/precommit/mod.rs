//! Configurations of pre-commit and prek, run as they are.

mod commits;
mod keys;
mod languages;
mod local;
mod peers;
mod projects;
mod remote;
mod tools;

use crate::kit::Sandbox;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

/// The configuration's name.
const CONFIG: &str = ".pre-commit-config.yaml";

/// A sandbox with this configuration committed, and hookd installed.
fn with_config(text: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write(CONFIG, text);
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "start"]);
    sandbox.hookd(["install"]).expect(0);
    sandbox
}

/// The same for the hooks of `repo: local`.
fn with_local(hooks: &str) -> Sandbox {
    with_config(&local(hooks))
}

/// A configuration of local hooks, each indented by six blanks.
fn local(hooks: &str) -> String {
    format!("repos:\n  - repo: local\n    hooks:\n{hooks}")
}

/// A git repository with these files, committed and tagged `v1.0.0`, beside the sandbox's own. Gives its folder.
fn hook_repo(sandbox: &Sandbox, name: &str, files: &[(&str, &str)]) -> PathBuf {
    let dir = sandbox.top().join(name);
    for (path, text) in files {
        let path = dir.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        if text.starts_with("#!") {
            fs::set_permissions(&path, fs::Permissions::from_mode(0o755)).unwrap();
        }
    }
    let at = dir.to_str().unwrap();
    sandbox.git(["-C", at, "init", "-q", "-b", "main", "."]);
    tag(sandbox, &dir, "v1.0.0");
    dir
}

/// Commits what is in `dir` and tags it.
fn tag(sandbox: &Sandbox, dir: &std::path::Path, tag: &str) {
    let at = dir.to_str().unwrap();
    sandbox.git(["-C", at, "add", "-A"]);
    sandbox.git(["-C", at, "commit", "-q", "--allow-empty", "-m", tag]);
    sandbox.git(["-C", at, "tag", tag]);
}

/// The status of the check `id` in a report, `-` where there is none.
fn status<'r>(report: &'r serde_json::Value, id: &str) -> &'r str {
    let checks = report["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["id"] == id);
    check.map_or("-", |check| check["status"].as_str().unwrap())
}

//! Hook repositories: fetched at their revision, kept, verified, and never waited for by a commit.

use super::{CONFIG, hook_repo, status, tag, with_config};
use crate::kit::Sandbox;
use std::fs;
use std::path::{Path, PathBuf};

const MANIFEST: &str = "- id: shout\n  name: shout\n  language: script\n  entry: shout.sh\n  types: [text]\n  files: \\.txt$\n- id: other\n  name: o\n  language: system\n  entry: 'true'\n";
const SCRIPT: &str = "#!/bin/sh\necho shouting at \"$@\"\nexit 1\n";

fn config(url: &str, rev: &str, more: &str) -> String {
    format!("repos:\n  - repo: {url}\n    rev: {rev}\n    hooks:\n      - id: shout\n{more}")
}

fn stage(sandbox: &Sandbox, text: &str) {
    sandbox.write(CONFIG, text);
    sandbox.write("a.txt", "a\n");
    sandbox.git(["add", "."]);
}

/// A hook repository whose only hook shouts at each file, and fails.
fn shouting(sandbox: &Sandbox) -> PathBuf {
    hook_repo(
        sandbox,
        "hooks",
        &[(".pre-commit-hooks.yaml", MANIFEST), ("shout.sh", SCRIPT)],
    )
}

fn url(dir: &Path) -> String {
    format!("file://{}", dir.display())
}

#[test]
fn fetched_by_install_kept_and_merged_with_its_manifest() {
    let sandbox = Sandbox::new();
    let dir = shouting(&sandbox);
    stage(&sandbox, &config(&url(&dir), "v1.0.0", ""));
    let done = sandbox.hookd(["install"]).expect(0);
    assert!(
        done.err.contains("fetching") && done.out.contains("are ready"),
        "{}",
        done.all()
    );
    fs::remove_dir_all(&dir).unwrap();
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert!(done.all().contains("shouting at a.txt"), "{}", done.all());
    stage(
        &sandbox,
        &config(&url(&dir), "v1.0.0", "        files: ^$\n"),
    );
    sandbox.git(["commit", "-qm", "the configuration's key counts"]);
}

#[test]
fn a_commit_does_not_wait_for_the_network() {
    let sandbox = with_config("repos: []\n");
    let dir = shouting(&sandbox);
    stage(&sandbox, &config(&url(&dir), "v1.0.0", ""));
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert!(
        done.all().contains("`shout` was not run") && done.all().contains("hookd install"),
        "{}",
        done.all()
    );
    assert!(!sandbox.top().join("home/.cache/hookd/repos").exists());
    assert_eq!(sandbox.report(["--offline"])["exit_code"], 3);
    let done = sandbox.hookd(["run"]).expect(1);
    assert!(done.out.contains("shouting"), "{}", done.all());
}

#[test]
fn relative_paths_hashes_and_branches() {
    let sandbox = Sandbox::new();
    let dir = shouting(&sandbox);
    let hash = sandbox
        .git(["-C", dir.to_str().unwrap(), "rev-parse", "HEAD"])
        .trim()
        .to_owned();
    tag(&sandbox, &dir, "v2.0.0");
    for rev in ["v1.0.0", &hash, &hash[..10], "main"] {
        stage(&sandbox, &config("../hooks", rev, ""));
        sandbox.hookd(["install"]).expect(0);
        sandbox.hookd(["run"]).expect(1);
    }
}

#[test]
fn what_cannot_be_fetched_is_said_and_the_shim_is_there_all_the_same() {
    let sandbox = Sandbox::new();
    let dir = hook_repo(&sandbox, "hooks", &[("README", "no manifest\n")]);
    for (rev, url, words) in [
        ("v9", url(&dir), &["not ready: shout", "v9"][..]),
        (
            "v1.0.0",
            "file:///no/such/place".to_owned(),
            &["not ready: shout", "/no/such/place"],
        ),
    ] {
        stage(&sandbox, &config(&url, rev, ""));
        let done = sandbox.hookd(["install"]).expect(3);
        for word in words {
            assert!(done.err.contains(word), "{}", done.err);
        }
        assert!(sandbox.repo.join(".git/hooks/pre-commit").exists());
        sandbox.hookd(["run"]).expect(3);
    }
    stage(&sandbox, &config(&url(&dir), "v1.0.0", ""));
    let done = sandbox.hookd(["install"]).expect(2);
    assert!(done.err.contains("offers no hooks"), "{}", done.err);
}

#[test]
fn a_hook_that_is_not_offered_is_shown_in_the_configuration() {
    let sandbox = Sandbox::new();
    let dir = shouting(&sandbox);
    stage(
        &sandbox,
        &config(&url(&dir), "v1.0.0", "").replace("id: shout", "id: shuot"),
    );
    let done = sandbox.hookd(["install"]).expect(2);
    assert!(
        done.err.contains(&format!("{CONFIG}:5:13")) && done.err.contains("did you mean `shout`?"),
        "{}",
        done.err
    );
}

#[test]
fn two_at_once_make_one() {
    let sandbox = Sandbox::new();
    let dir = shouting(&sandbox);
    stage(&sandbox, &config(&url(&dir), "v1.0.0", ""));
    let children: Vec<_> = (0..4)
        .map(|_| {
            sandbox
                .command(Sandbox::program())
                .arg("install")
                .stderr(std::process::Stdio::null())
                .stdout(std::process::Stdio::null())
                .spawn()
                .unwrap()
        })
        .collect();
    for mut child in children {
        assert!(child.wait().unwrap().success());
    }
    let entries = fs::read_dir(sandbox.top().join("home/.cache/hookd/repos")).unwrap();
    assert_eq!(entries.count(), 1);
    assert_eq!(status(&sandbox.report([]), "shout"), "failed");
}

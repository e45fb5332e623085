//! `try-repo`, `update` and `gc`.

use super::{CONFIG, hook_repo, tag};
use crate::kit::Sandbox;
use std::fs;

const MANIFEST: &str = "- id: names\n  name: n\n  language: script\n  entry: names.sh\n- id: fine\n  name: f\n  language: system\n  entry: 'true'\n";
const SCRIPT: &str = "#!/bin/sh\necho got \"$@\"\nexit 1\n";

fn with_repo() -> (Sandbox, std::path::PathBuf) {
    let sandbox = Sandbox::installed();
    let dir = hook_repo(
        &sandbox,
        "hooks",
        &[(".pre-commit-hooks.yaml", MANIFEST), ("names.sh", SCRIPT)],
    );
    (sandbox, dir)
}

fn config(dir: &std::path::Path, rev: &str) -> String {
    format!(
        "# ours\nrepos:\n- repo: file://{}   # the hooks\n  rev: {rev}\n  hooks:\n  -   id: names  # odd blanks stay\n",
        dir.display()
    )
}

fn read(sandbox: &Sandbox) -> String {
    fs::read_to_string(sandbox.repo.join(CONFIG)).unwrap()
}

#[test]
fn a_repository_is_tried_without_a_configuration() {
    let (sandbox, dir) = with_repo();
    let path = dir.to_str().unwrap();
    sandbox.write("new", "x\n");
    sandbox.git(["add", "."]);
    let done = sandbox.hookd(["try-repo", path]).expect(1);
    assert!(
        done.out.contains("got new") && done.err.contains("- id: \"names\""),
        "{}",
        done.all()
    );
    sandbox.hookd(["try-repo", path, "fine"]).expect(0);
    sandbox
        .hookd(["try-repo", "../hooks", "fine", "--ref", "v1.0.0", "--all"])
        .expect(0);
    let done = sandbox.hookd(["try-repo", path, "nmaes"]).expect(2);
    assert!(done.err.contains("did you mean `names`?"), "{}", done.err);
    sandbox
        .hookd(["try-repo", path, "--ref", "no-such"])
        .expect(2);
    assert!(!sandbox.repo.join(CONFIG).exists());
}

#[test]
fn revisions_move_on_and_nothing_else_changes() {
    let (sandbox, dir) = with_repo();
    tag(&sandbox, &dir, "v1.10.0");
    tag(&sandbox, &dir, "v2.0.0-rc1");
    sandbox.write(CONFIG, config(&dir, "v1.0.0"));
    let done = sandbox.hookd(["update", "--dry-run"]).expect(0);
    assert!(done.out.contains("v1.0.0 → v1.10.0"), "{}", done.out);
    assert_eq!(read(&sandbox), config(&dir, "v1.0.0"));
    sandbox.hookd(["update"]).expect(0);
    assert_eq!(read(&sandbox), config(&dir, "v1.10.0"));
    let done = sandbox.hookd(["update"]).expect(0);
    assert!(done.out.contains("v1.10.0 is the newest"), "{}", done.out);
    sandbox.hookd(["update", "--freeze"]).expect(0);
    let hash = sandbox
        .git(["-C", dir.to_str().unwrap(), "rev-parse", "v1.10.0^{commit}"])
        .trim()
        .to_owned();
    assert_eq!(
        read(&sandbox),
        config(&dir, &format!("{hash}  # frozen: v1.10.0"))
    );
    sandbox.hookd(["install"]).expect(0);
    sandbox.hookd(["update"]).expect(0);
    assert_eq!(read(&sandbox), config(&dir, "v1.10.0"));
    tag(&sandbox, &dir, "v1.11.0");
    let done = sandbox.hookd(["update", "--cooldown-days", "3"]).expect(0);
    assert!(done.out.contains("v1.10.0 is the newest"), "{}", done.out);
    let done = sandbox
        .hookd(["update", "--repo", "file:///elsewhere"])
        .expect(2);
    assert!(done.err.contains("names no repository"), "{}", done.err);
    fs::write(dir.join(".pre-commit-hooks.yaml"), "[]\n").unwrap();
    tag(&sandbox, &dir, "v3.0.0");
    let done = sandbox.hookd(["update"]).expect(3);
    assert!(done.err.contains("does not offer names"), "{}", done.err);
    assert_eq!(read(&sandbox), config(&dir, "v1.10.0"));
}

#[test]
fn prek_toml_is_updated_too() {
    let (sandbox, dir) = with_repo();
    tag(&sandbox, &dir, "v1.1.0");
    let text = |rev: &str| {
        format!(
            "[[repos]]\nrepo = 'file://{}'\nrev = {rev} # why\nhooks = [{{ id = 'names' }}]\n",
            dir.display()
        )
    };
    sandbox.write("prek.toml", text("'v1.0.0'"));
    sandbox.hookd(["update"]).expect(0);
    assert_eq!(
        fs::read_to_string(sandbox.repo.join("prek.toml")).unwrap(),
        text("'v1.1.0'")
    );
}

#[test]
fn the_cache_keeps_what_is_used() {
    let (sandbox, dir) = with_repo();
    tag(&sandbox, &dir, "v2.0.0");
    sandbox.write(CONFIG, config(&dir, "v1.0.0"));
    sandbox.hookd(["install"]).expect(0);
    sandbox
        .hookd(["try-repo", dir.to_str().unwrap(), "fine", "--ref", "v2.0.0"])
        .expect(0);
    let count = || {
        fs::read_dir(sandbox.top().join("home/.cache/hookd/repos"))
            .unwrap()
            .count()
    };
    assert_eq!(count(), 2);
    let done = sandbox.hookd(["gc", "--dry-run"]).expect(0);
    assert!(done.out.contains("would remove 1 of 2"), "{}", done.out);
    assert_eq!(count(), 2);
    sandbox.hookd(["gc"]).expect(0);
    assert_eq!(count(), 1);
    fs::remove_file(sandbox.repo.join(CONFIG)).unwrap();
    sandbox.hookd(["gc"]).expect(0);
    assert_eq!(count(), 0);
}

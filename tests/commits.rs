//! The acceptance test: an installed hookd lets clean commits through and stops bad ones, however the commit is made.

use crate::kit::{Done, Sandbox, complex_python, github_token, simple_python};

const LOCK: &str = "version = 4\n\n[[package]]\nname = \"good\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example/crates\"\nchecksum = \"00\"\n";

fn lock_with(package: &str, version: &str) -> String {
    format!(
        "{LOCK}\n[[package]]\nname = \"{package}\"\nversion = \"{version}\"\nsource = \"registry+https://index.example/crates\"\nchecksum = \"00\"\n"
    )
}

/// A repository in use: code, a lockfile, advisories, hookd installed.
fn repository() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("app.py", simple_python("start"));
    sandbox.write("Cargo.lock", LOCK);
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "start"]);
    sandbox.hookd(["install"]).expect(0);
    sandbox.import_advisory("crates.io", "RUSTSEC-2026-0001", "bad", "2.0.0");
    sandbox
}

/// Each way to commit everything that was changed under `paths`.
fn ways(sandbox: &Sandbox, paths: &[&str]) -> [Done; 4] {
    let only: Vec<&str> = ["commit", "-qm", "only"]
        .iter()
        .chain(paths)
        .copied()
        .collect();
    let include: Vec<&str> = ["commit", "-qm", "include", "--include"]
        .iter()
        .chain(paths)
        .copied()
        .collect();
    let all = sandbox.try_git(["commit", "-qam", "all"]);
    let only = sandbox.try_git(only);
    let include = sandbox.try_git(include);
    sandbox.git(["add", "-A"]);
    [
        all,
        only,
        include,
        sandbox.try_git(["commit", "-qm", "staged"]),
    ]
}

#[track_caller]
fn stopped(sandbox: &Sandbox, paths: &[&str], words: &[&str]) {
    let head = sandbox.git(["rev-parse", "HEAD"]);
    for done in ways(sandbox, paths) {
        let done = done.expect(1);
        for word in words {
            assert!(done.all().contains(word), "no `{word}` in\n{}", done.all());
        }
    }
    assert_eq!(sandbox.git(["rev-parse", "HEAD"]), head);
}

#[test]
fn clean_commits_pass_and_say_nothing() {
    let sandbox = repository();
    for (way, args) in [
        ("staged", &["commit", "-m", "x"][..]),
        ("all", &["commit", "-am", "x"]),
        ("only", &["commit", "-m", "x", "app.py"]),
        ("amend", &["commit", "--amend", "-m", "x"]),
        ("empty", &["commit", "--allow-empty", "-m", "x"]),
    ] {
        sandbox.write("app.py", simple_python(way));
        if matches!(way, "staged" | "amend") {
            sandbox.git(["add", "."]);
        }
        let done = sandbox.try_git(args).expect(0);
        assert_eq!(done.err, "", "{way}");
    }
}

#[test]
fn a_secret_is_stopped_and_never_printed() {
    let sandbox = repository();
    let token = github_token(7);
    sandbox.write(
        "app.py",
        format!("{}KEY = \"{token}\"\n", simple_python("start")),
    );
    stopped(
        &sandbox,
        &["app.py"],
        &["github-pat", "3:8", "hookd:allow github-pat"],
    );
    for format in ["human", "json"] {
        let done = sandbox.hookd(["run", "-v", "--format", format]).expect(1);
        assert!(
            !done.all().contains(&token[8..]),
            "{format} shows the secret"
        );
    }
}

#[test]
fn a_vulnerable_dependency_is_stopped() {
    let sandbox = repository();
    sandbox.write("Cargo.lock", lock_with("bad", "1.2.3"));
    stopped(
        &sandbox,
        &["Cargo.lock"],
        &["RUSTSEC-2026-0001", "bad 1.2.3", "2.0.0"],
    );
    sandbox.write("Cargo.lock", lock_with("bad", "2.0.0"));
    sandbox.git(["commit", "-qam", "the fixed version"]);
}

#[test]
fn a_complex_function_is_stopped() {
    let sandbox = repository();
    sandbox.write("app.py", complex_python("start", 20));
    stopped(
        &sandbox,
        &["app.py"],
        &["cyclomatic-complexity", "1 → 20", "limit 10"],
    );
}

#[test]
fn what_was_there_before_does_not_block() {
    let sandbox = repository();
    let before = format!(
        "KEY = \"{}\"\n{}",
        github_token(3),
        complex_python("legacy", 30)
    );
    sandbox.write("old.py", &before);
    sandbox.write("Cargo.lock", lock_with("bad", "1.0.0"));
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qnm", "before hookd"]);
    sandbox.write(
        "old.py",
        format!("import os\n{before}{}", simple_python("added")),
    );
    sandbox.write(
        "Cargo.lock",
        lock_with("bad", "1.0.0").replace("\"good\"", "\"fine\""),
    );
    sandbox.git(["commit", "-qam", "touches the files, not the findings"]);
    sandbox.write(
        "old.py",
        format!("import os\n{before}").replace(
            "    return 0\n",
            "    if x:\n        return 0\n    return 1\n",
        ),
    );
    let done = sandbox
        .try_git(["commit", "-qam", "makes the legacy function worse"])
        .expect(1);
    assert!(done.all().contains("30 → 31"), "{}", done.all());
}

#[test]
fn an_index_of_ones_own_counts() {
    let sandbox = repository();
    sandbox.write("bad", format!("k = '{}'\n", github_token(1)));
    let with_index = |args: &[&str]| -> Done {
        let mut command = sandbox.command("git");
        command.env("GIT_INDEX_FILE", "../own-index").args(args);
        command.output().unwrap().into()
    };
    with_index(&["read-tree", "HEAD"]).expect(0);
    with_index(&["add", "bad"]).expect(0);
    with_index(&["commit", "-qm", "bad"]).expect(1);
    assert_eq!(sandbox.git(["diff", "--cached", "--name-only"]), "");
}

#[test]
fn from_a_subfolder_and_through_a_link() {
    let sandbox = repository();
    sandbox.write("sub/bad", format!("k = '{}'\n", github_token(1)));
    sandbox.git(["add", "."]);
    let linked = sandbox.top().join("link");
    std::os::unix::fs::symlink(sandbox.repo.join("sub"), &linked).unwrap();
    for folder in [sandbox.repo.join("sub"), linked] {
        let done: Done = sandbox
            .command("git")
            .current_dir(folder)
            .args(["commit", "-qm", "x"])
            .output()
            .unwrap()
            .into();
        assert!(done.expect(1).all().contains("sub/bad"));
    }
}

#[test]
fn skip_and_allow_let_a_commit_through() {
    let sandbox = repository();
    let token = github_token(9);
    sandbox.write("a", format!("k = '{token}'\n"));
    sandbox.git(["add", "."]);
    let skipped: Done = sandbox
        .command("git")
        .env("SKIP", "other, secrets")
        .args(["commit", "-qm", "x"])
        .output()
        .unwrap()
        .into();
    skipped.expect(0);
    sandbox.write(
        "a",
        format!(
            "k = '{token}'\nk2 = '{}' # hookd:allow github-pat a test token\n",
            github_token(10)
        ),
    );
    sandbox.git(["commit", "-qam", "allowed"]);
    assert_eq!(sandbox.report(["--all"])["summary"]["suppressed"], 1);
}

#[test]
fn without_advisories_a_commit_is_warned_and_a_sweep_is_incomplete() {
    let sandbox = Sandbox::installed();
    sandbox.write("Cargo.lock", lock_with("bad", "1.0.0"));
    sandbox.git(["add", "."]);
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(0);
    assert!(
        done.err.contains("not audited") && done.err.contains("hookd db update"),
        "{}",
        done.err
    );
    let sweep = sandbox.hookd(["run", "--all", "--offline"]).expect(3);
    assert!(sweep.out.contains("not audited"), "{}", sweep.out);
    assert!(!sweep.out.contains("nothing found"), "{}", sweep.out);
    // Without a lockfile there is nothing to audit, and that is no hole.
    let plain = Sandbox::installed();
    plain.hookd(["run", "--all", "--offline"]).expect(0);
}

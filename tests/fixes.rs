//! Fixes of built-in checks in real commits.

use crate::kit::{Done, Sandbox};
use std::fs;
use std::os::unix::fs::PermissionsExt;

const BEFORE: &str = "one\ntwo\nthree\nfour\nfive\n";

/// A sandbox with hygiene that fixes white space, and `fix` as given.
fn fixing(fix: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    let checks = "checks = ['trailing-whitespace', 'end-of-file-fixer', 'check-yaml']";
    sandbox.write(
        "hookd.toml",
        format!("[scan.hygiene]\n{checks}\nfix = '{fix}'\n"),
    );
    sandbox.write("a.txt", BEFORE);
    sandbox.write("sub/b.txt", BEFORE);
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "start"]);
    sandbox.hookd(["install"]).expect(0);
    sandbox
}

fn commit(sandbox: &Sandbox, args: &[&str]) -> Done {
    sandbox.try_git(["commit", "-qm", "x"].iter().chain(args))
}

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.repo.join(path)).unwrap()
}

/// Fails unless everything is committed and nothing else is there.
#[track_caller]
fn all_is_committed(sandbox: &Sandbox) {
    assert_eq!(sandbox.git(["status", "--porcelain"]), "");
    assert_eq!(
        sandbox.git(["write-tree"]),
        sandbox.git(["rev-parse", "HEAD^{tree}"])
    );
}

#[test]
fn staged_at_once_in_every_way_to_commit() {
    let sandbox = fixing("stage");
    let bad = |n: u32| format!("{n} \n{BEFORE}");
    let good = |n: u32| format!("{n}\n{BEFORE}");
    sandbox.write("a.txt", bad(1));
    sandbox.git(["add", "."]);
    let done = commit(&sandbox, &[]).expect(0);
    assert!(done.all().contains("fixed and staged"), "{}", done.all());
    assert_eq!(sandbox.git(["show", "HEAD:a.txt"]), good(1));
    all_is_committed(&sandbox);
    for (n, args) in [
        (2, vec!["-a"]),
        (3, vec!["a.txt"]),
        (4, vec!["-a", "--amend"]),
        (5, vec!["-i", "a.txt"]),
    ] {
        sandbox.write("a.txt", bad(n));
        commit(&sandbox, &args).expect(0);
        assert_eq!(sandbox.git(["show", "HEAD:a.txt"]), good(n), "{args:?}");
        all_is_committed(&sandbox);
    }
    sandbox.write("sub/b.txt", bad(6));
    sandbox.git(["-C", "sub", "commit", "-qam", "x"]);
    all_is_committed(&sandbox);
    sandbox.git(["worktree", "add", "-q", "../other"]);
    let other = sandbox.top().join("other");
    fs::write(other.join("a.txt"), bad(7)).unwrap();
    sandbox.git(["-C", "../other", "commit", "-qam", "x"]);
    assert_eq!(sandbox.git(["show", "other:a.txt"]), good(7));
    assert_eq!(fs::read_to_string(other.join("a.txt")).unwrap(), good(7));
}

#[test]
fn unstaged_work_on_other_lines_gets_the_fix_too() {
    for (fix, code) in [("stage", 0), ("report", 1)] {
        let sandbox = fixing(fix);
        sandbox.write("a.txt", "one \ntwo\nthree\nfour\nfive\n");
        sandbox.git(["add", "."]);
        sandbox.write("a.txt", "one \ntwo\nthree\nfour\nUNSTAGED\n");
        commit(&sandbox, &[]).expect(code);
        assert_eq!(
            read(&sandbox, "a.txt"),
            "one\ntwo\nthree\nfour\nUNSTAGED\n",
            "{fix}"
        );
        let staged = sandbox.git(["show", ":a.txt"]);
        assert_eq!(staged == BEFORE, code == 0, "{fix}: {staged}");
    }
}

#[test]
fn unstaged_work_on_the_same_lines_stays_and_the_report_says_so() {
    for (fix, code) in [("stage", 0), ("report", 1)] {
        let sandbox = fixing(fix);
        sandbox.write("a.txt", "one \ntwo\nthree\nfour\nfive\n");
        sandbox.git(["add", "."]);
        sandbox.write("a.txt", "mine \ntwo\nthree\nfour\nfive\n");
        let done = commit(&sandbox, &[]).expect(code);
        assert_eq!(
            read(&sandbox, "a.txt"),
            "mine \ntwo\nthree\nfour\nfive\n",
            "{fix}"
        );
        assert!(done.all().contains("a.txt"), "{}", done.all());
        assert!(done.all().contains("saved"), "{}", done.all());
    }
}

#[test]
fn line_ends_that_git_makes_on_checkout_stay() {
    let sandbox = fixing("stage");
    sandbox.write(".gitattributes", "*.txt text eol=crlf\n*.id ident\n");
    sandbox.write("a.txt", "one \r\ntwo\r\n");
    sandbox.write("b.id", "$Id$ \n");
    sandbox.git(["add", "."]);
    commit(&sandbox, &[]).expect(0);
    assert_eq!(sandbox.git(["show", "HEAD:a.txt"]), "one\ntwo\n");
    assert_eq!(read(&sandbox, "a.txt"), "one\r\ntwo\r\n");
    assert_eq!(sandbox.git(["show", "HEAD:b.id"]), "$Id$\n");
    all_is_committed(&sandbox);
}

#[test]
fn nothing_is_staged_where_something_else_stands_against_the_commit() {
    let sandbox = fixing("stage");
    sandbox.write("a.txt", "one \n");
    sandbox.write("bad.yaml", "a: [ \n");
    sandbox.git(["add", "."]);
    let done = commit(&sandbox, &[]).expect(1).all();
    assert!(
        done.contains("check-yaml") && done.contains("trailing-whitespace"),
        "{done}"
    );
    assert_eq!(sandbox.git(["show", ":a.txt"]), "one \n");
    assert_eq!(read(&sandbox, "a.txt"), "one\n");
}

#[test]
fn modes_stay_and_sweeps_write_with_fix_only() {
    let sandbox = fixing("stage");
    sandbox.write("run.sh", "#!/bin/sh \necho\n");
    let script = sandbox.repo.join("run.sh");
    fs::set_permissions(&script, fs::Permissions::from_mode(0o755)).unwrap();
    sandbox.git(["add", "."]);
    commit(&sandbox, &[]).expect(0);
    assert!(
        sandbox
            .git(["ls-files", "-s", "run.sh"])
            .starts_with("100755")
    );
    assert_eq!(
        fs::metadata(&script).unwrap().permissions().mode() & 0o777,
        0o755
    );
    sandbox.write("a.txt", "one \n");
    sandbox.write("sub/b.txt", "one \n");
    sandbox.hookd(["run", "--all"]).expect(1);
    assert_eq!(read(&sandbox, "a.txt"), "one \n");
    sandbox
        .hookd(["run", "--fix", "--files", "a.txt"])
        .expect(1);
    assert_eq!(
        (read(&sandbox, "a.txt"), read(&sandbox, "sub/b.txt")),
        ("one\n".into(), "one \n".into())
    );
    sandbox.hookd(["run", "--all", "--fix"]).expect(1);
    assert_eq!(read(&sandbox, "sub/b.txt"), "one\n");
}

//! What is judged in each state a repository can be in: the index is the truth.

use crate::kit::{Sandbox, complex_python, findings, github_token};
use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::symlink;

const RULE: &str = "github-pat";

fn leak(seed: u64) -> String {
    format!("token = \"{}\"\n", github_token(seed))
}

fn committed(sandbox: &Sandbox, path: &str, content: &str) {
    sandbox.write(path, content);
    sandbox.git(["add", "-A"]);
    sandbox.git(["commit", "-qm", "before", "--no-verify"]);
}

#[test]
fn before_the_first_commit() {
    let sandbox = Sandbox::new();
    sandbox.write("a.py", leak(1));
    sandbox.git(["add", "a.py"]);
    assert_eq!(findings(&sandbox.report([])), [format!("{RULE} a.py:1")]);
}

#[test]
fn the_index_counts_and_not_the_worktree() {
    let sandbox = Sandbox::installed();
    sandbox.write("bad-staged", leak(1));
    sandbox.write("bad-unstaged", "fine\n");
    sandbox.git(["add", "."]);
    sandbox.write("bad-staged", "fine\n");
    sandbox.write("bad-unstaged", leak(2));
    assert_eq!(
        findings(&sandbox.report([])),
        [format!("{RULE} bad-staged:1")]
    );
}

#[test]
fn staged_and_then_deleted_in_the_worktree() {
    let sandbox = Sandbox::installed();
    sandbox.write("a", leak(1));
    sandbox.git(["add", "."]);
    std::fs::remove_file(sandbox.repo.join("a")).unwrap();
    assert_eq!(findings(&sandbox.report([])), [format!("{RULE} a:1")]);
}

#[test]
fn only_added_lines_count() {
    let sandbox = Sandbox::installed();
    committed(&sandbox, "a", &format!("{}x\n", leak(1)));
    sandbox.write("a", format!("new first\n{}x\n{}", leak(1), leak(2)));
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(findings(&report), [format!("{RULE} a:4")]);
    assert_eq!(report["summary"]["existing"], 1);
}

#[test]
fn a_rename_brings_nothing_in() {
    let sandbox = Sandbox::installed();
    committed(
        &sandbox,
        "old",
        &format!("{}{}", leak(1), "filler line\n".repeat(30)),
    );
    sandbox.git(["mv", "old", "new"]);
    assert_eq!(findings(&sandbox.report([])), [""; 0]);
    sandbox.write(
        "new",
        format!("{}{}{}", leak(1), "filler line\n".repeat(30), leak(2)),
    );
    sandbox.git(["add", "new"]);
    assert_eq!(findings(&sandbox.report([])), [format!("{RULE} new:32")]);
}

#[test]
fn intent_to_add_is_not_staged() {
    let sandbox = Sandbox::installed();
    sandbox.write("ita", leak(1));
    sandbox.git(["add", "-N", "ita"]);
    sandbox.write("b", leak(2));
    sandbox.git(["add", "b"]);
    let report = sandbox.report([]);
    assert_eq!(findings(&report), [format!("{RULE} b:1")]);
    assert_eq!(report["summary"]["files"], 1);
}

#[test]
fn symlinks_are_not_followed() {
    let sandbox = Sandbox::installed();
    std::fs::write(sandbox.top().join("outside"), leak(1)).unwrap();
    symlink(sandbox.top().join("outside"), sandbox.repo.join("link")).unwrap();
    symlink("nowhere", sandbox.repo.join("broken")).unwrap();
    sandbox.git(["add", "."]);
    // Only the one that leads nowhere is worth a word; one that leads out of the repository is not looked behind.
    let broken = ["check-symlinks broken:1"];
    assert_eq!(findings(&sandbox.report([])), broken);
    assert_eq!(findings(&sandbox.report(["--all"])), broken);
    sandbox.hookd(["run", "--all", "secrets"]).expect(0);
}

#[test]
fn a_file_that_becomes_a_link_and_back() {
    let sandbox = Sandbox::installed();
    committed(&sandbox, "a", "text\n");
    std::fs::remove_file(sandbox.repo.join("a")).unwrap();
    symlink("README", sandbox.repo.join("a")).unwrap();
    sandbox.git(["commit", "-qam", "to a link"]);
    std::fs::remove_file(sandbox.repo.join("a")).unwrap();
    sandbox.write("a", leak(1));
    sandbox.git(["add", "-A"]);
    assert_eq!(findings(&sandbox.report([])), [format!("{RULE} a:1")]);
}

#[test]
fn submodules_are_left_alone() {
    let sandbox = Sandbox::installed();
    let other = Sandbox::new();
    committed(&other, "bad", &leak(1));
    let url = other.repo.to_str().unwrap();
    sandbox.git([
        "-c",
        "protocol.file.allow=always",
        "submodule",
        "--quiet",
        "add",
        url,
        "sub",
    ]);
    assert_eq!(findings(&sandbox.report([])), [""; 0]);
    assert_eq!(findings(&sandbox.report(["--all"])), [""; 0]);
    sandbox.git(["commit", "-qm", "with a submodule"]);
}

#[test]
fn a_linked_worktree() {
    let sandbox = Sandbox::installed();
    let linked = sandbox.top().join("linked");
    sandbox.git([
        OsStr::new("worktree"),
        "add".as_ref(),
        "-q".as_ref(),
        linked.as_os_str(),
        "-b".as_ref(),
        "side".as_ref(),
    ]);
    std::fs::write(linked.join("bad"), leak(1)).unwrap();
    let run = |args: &[&str]| -> crate::kit::Done {
        sandbox
            .command("git")
            .current_dir(&linked)
            .args(args)
            .output()
            .unwrap()
            .into()
    };
    run(&["add", "."]).expect(0);
    let done = run(&["commit", "-qm", "bad"]).expect(1);
    assert!(done.all().contains(RULE), "{}", done.all());
    std::fs::write(linked.join("bad"), "fine\n").unwrap();
    run(&["commit", "-qam", "fine"]).expect(0);
}

#[test]
fn a_separate_git_directory() {
    let sandbox = Sandbox::without_repo();
    let git_dir = sandbox.top().join("elsewhere.git");
    sandbox.git([
        OsStr::new("init"),
        "-q".as_ref(),
        "--separate-git-dir".as_ref(),
        git_dir.as_os_str(),
        ".".as_ref(),
    ]);
    sandbox.hookd(["install"]).expect(0);
    sandbox.write("bad", leak(1));
    sandbox.git(["add", "."]);
    sandbox.try_git(["commit", "-qm", "bad"]).expect(1);
}

#[test]
fn git_dir_and_work_tree_from_the_environment() {
    let sandbox = Sandbox::without_repo();
    let bare = sandbox.top().join("bare.git");
    sandbox.git([
        OsStr::new("init"),
        "-q".as_ref(),
        "--bare".as_ref(),
        bare.as_os_str(),
    ]);
    sandbox.write("bad", leak(1));
    let with = |program: &OsStr, args: &[&str]| -> crate::kit::Done {
        let mut command = sandbox.command(program);
        command
            .env("GIT_DIR", "../bare.git")
            .env("GIT_WORK_TREE", ".")
            .args(args);
        command.output().unwrap().into()
    };
    with(OsStr::new("git"), &["add", "."]).expect(0);
    let done = with(Sandbox::program().as_os_str(), &["run", "secrets"]).expect(1);
    assert!(done.out.contains("bad"), "{}", done.out);
}

#[test]
fn paths_that_are_not_utf8_or_hostile() {
    let sandbox = Sandbox::installed();
    let names: [&[u8]; 9] = [
        b"n\xff",
        b"new\nline",
        b" lead",
        b"trail ",
        b"-dash",
        b":(top)x",
        b"quote'\"",
        b"tab\t",
        b"esc\x1b[31m",
    ];
    for (seed, name) in (1..).zip(names) {
        sandbox.write(OsStr::from_bytes(name), leak(seed));
    }
    sandbox.git(["add", "-A"]);
    let staged = sandbox.report(["secrets"]);
    assert_eq!(findings(&staged).len(), names.len(), "{staged:#}");
    assert!(
        findings(&staged)
            .iter()
            .any(|line| line == "github-pat n%FF:1")
    );
    assert_eq!(
        findings(&sandbox.report(["--all", "secrets"])).len(),
        names.len()
    );
    let shown = sandbox.hookd(["run", "secrets", "-v"]).expect(1).out;
    assert!(
        !shown.contains('\x1b'),
        "escape codes reach the terminal: {shown:?}"
    );
}

#[test]
fn a_merge_brings_in_only_what_no_parent_had() {
    let sandbox = Sandbox::installed();
    committed(&sandbox, "both", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    sandbox.git(["checkout", "-qb", "side"]);
    committed(&sandbox, "theirs", &leak(1));
    committed(
        &sandbox,
        "both",
        &format!("1\n2\n3\n4\n5\n6\n7\n8\nside\n{}", leak(2)),
    );
    sandbox.git(["checkout", "-q", "main"]);
    committed(&sandbox, "both", "main\n2\n3\n4\n5\n6\n7\n8\n9\n");
    sandbox.git(["merge", "-q", "--no-commit", "--no-ff", "side"]);
    assert_eq!(findings(&sandbox.report([])), [""; 0]);
    sandbox.write(
        "both",
        format!("main\n{}2\n3\n4\n5\n6\n7\n8\nside\n{}", leak(3), leak(2)),
    );
    sandbox.git(["add", "both"]);
    assert_eq!(findings(&sandbox.report([])), [format!("{RULE} both:2")]);
}

#[test]
fn an_unmerged_index_is_refused() {
    let sandbox = Sandbox::installed();
    committed(&sandbox, "a", "1\n");
    sandbox.git(["checkout", "-qb", "side"]);
    committed(&sandbox, "a", "2\n");
    sandbox.git(["checkout", "-q", "main"]);
    committed(&sandbox, "a", "3\n");
    sandbox.try_git(["merge", "-q", "side"]);
    let done = sandbox.hookd(["run"]).expect(2);
    assert!(done.err.contains("a has conflicts"), "{}", done.err);
    assert!(done.err.contains("git add"), "{}", done.err);
}

/// Repositories that libgit2 cannot read are read by the git command, with the same answer.
fn same_answer(sandbox: &Sandbox) {
    committed(
        sandbox,
        "old",
        &format!("{}{}", leak(1), "filler line\n".repeat(30)),
    );
    sandbox.hookd(["install"]).expect(0);
    sandbox.git(["mv", "old", "moved"]);
    sandbox.write("ita", leak(3));
    sandbox.git(["add", "-N", "ita"]);
    sandbox.write(
        "dir/new.py",
        format!("{}{}", leak(4), complex_python("f", 12)),
    );
    sandbox.write("gone", "x\n");
    sandbox.git(["add", "dir", "gone"]);
    let want = [
        format!("{RULE} dir/new.py:1"),
        "cyclomatic-complexity dir/new.py:2".to_owned(),
    ];
    assert_eq!(findings(&sandbox.report(["secrets", "complexity"])), want);
    let done = sandbox.try_git(["commit", "-qm", "bad"]).expect(1);
    assert!(done.all().contains(RULE), "{}", done.all());
    let all = findings(&sandbox.report(["--all", "secrets"]));
    assert_eq!(
        all,
        [
            format!("{RULE} dir/new.py:1"),
            format!("{RULE} ita:1"),
            format!("{RULE} moved:1")
        ]
    );
}

#[test]
fn an_ordinary_repository() {
    same_answer(&Sandbox::new());
}

#[test]
fn a_sha256_repository() {
    let sandbox = Sandbox::without_repo();
    sandbox.git(["init", "-q", "--object-format=sha256", "-b", "main", "."]);
    same_answer(&sandbox);
}

#[test]
fn a_reftable_repository() {
    let sandbox = Sandbox::without_repo();
    if sandbox
        .try_git(["init", "-q", "--ref-format=reftable", "-b", "main", "."])
        .code
        != 0
    {
        eprintln!("skipped: this git has no reftable");
        return;
    }
    same_answer(&sandbox);
}

#[test]
fn a_split_index() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "core.splitIndex", "true"]);
    sandbox.write("first", "x\n");
    sandbox.git(["add", "."]);
    sandbox.git(["update-index", "--split-index"]);
    same_answer(&sandbox);
}

#[test]
fn an_index_of_version_4() {
    let sandbox = Sandbox::new();
    sandbox.git(["config", "index.version", "4"]);
    same_answer(&sandbox);
}

#[test]
fn a_sparse_index() {
    let sandbox = Sandbox::new();
    for folder in ["a", "b", "c"] {
        committed(&sandbox, &format!("{folder}/file"), "x\n");
    }
    sandbox.git(["sparse-checkout", "init", "--cone", "--sparse-index"]);
    sandbox.git(["sparse-checkout", "set", "a", "dir"]);
    same_answer(&sandbox);
}

#[test]
fn a_partial_clone_offline() {
    let origin = Sandbox::new();
    committed(&origin, "a", "x\n");
    origin.git(["config", "uploadpack.allowFilter", "true"]);
    let sandbox = Sandbox::without_repo();
    let url = format!("file://{}", origin.repo.display());
    sandbox.git(["clone", "-q", "--filter=blob:none", &url, "."]);
    same_answer(&sandbox);
}

#[test]
fn an_index_too_large_for_libgit2_to_be_quick() {
    let sandbox = Sandbox::new();
    let entry = sandbox.git(["hash-object", "-w", "--stdin"]);
    let lines: String = (0..7000)
        .map(|at| {
            format!(
                "100644 {} 0\tmany/{at:05}-with-a-longer-name\n",
                entry.trim()
            )
        })
        .collect();
    let file = sandbox.top().join("entries");
    std::fs::write(&file, lines).unwrap();
    let done = sandbox
        .command("git")
        .args(["update-index", "--index-info"])
        .stdin(std::fs::File::open(file).unwrap())
        .output()
        .unwrap();
    assert!(done.status.success());
    assert!(
        std::fs::metadata(sandbox.repo.join(".git/index"))
            .unwrap()
            .len()
            > 400 * 1024
    );
    sandbox.git(["commit", "-qm", "many"]);
    sandbox.git(["checkout", "-q", "--", "."]);
    same_answer(&sandbox);
}

#[test]
fn between_two_commits() {
    let sandbox = Sandbox::installed();
    committed(&sandbox, "a", &leak(1));
    sandbox.git(["branch", "base"]);
    committed(&sandbox, "a", &format!("{}{}", leak(1), leak(2)));
    sandbox.git(["checkout", "-q", "base"]);
    committed(&sandbox, "elsewhere", &leak(3));
    let report = sandbox.report(["--from-ref", "base", "--to-ref", "main"]);
    assert_eq!(report["mode"], "range");
    assert_eq!(findings(&report), [format!("{RULE} a:2")]);
    let done = sandbox.hookd(["run", "--from-ref", "nope"]).expect(2);
    assert!(
        done.err.contains("git knows no commit `nope`"),
        "{}",
        done.err
    );
}

#[test]
fn outside_of_git_ignore_rules_count() {
    let sandbox = Sandbox::without_repo();
    sandbox.write("bad", leak(1));
    sandbox.write("sub/.hidden", leak(2));
    sandbox.write("ignored", leak(3));
    sandbox.write(".gitignore", "ignored\n");
    let report = sandbox.report(["--all"]);
    assert_eq!(
        findings(&report),
        [format!("{RULE} bad:1"), format!("{RULE} sub/.hidden:1")]
    );
    sandbox.hookd(["run"]).expect(2);
}

#[test]
fn named_files_and_folders() {
    let sandbox = Sandbox::installed();
    sandbox.write("sub/a", leak(1));
    sandbox.write("sub/b", leak(2));
    sandbox.write("c", leak(3));
    assert_eq!(
        findings(&sandbox.report(["--files", "sub", "./c"])).len(),
        3
    );
    assert_eq!(
        findings(&sandbox.report(["--files", "sub/../sub/b"])),
        [format!("{RULE} sub/b:1")]
    );
    sandbox.hookd(["run", "--files", "missing"]).expect(2);
}

#[test]
fn a_staged_configuration_is_what_counts() {
    let sandbox = Sandbox::installed();
    sandbox.write("hookd.toml", "[scan.secrets]\nenabled = false\n");
    sandbox.write("bad", leak(1));
    sandbox.git(["add", "."]);
    sandbox.write("hookd.toml", "");
    sandbox.git(["commit", "-qm", "secrets are off in the index"]);
    sandbox.write("bad", leak(2));
    sandbox.git(["add", "."]);
    sandbox.try_git(["commit", "-qm", "and on now"]).expect(1);
}

//! Command hooks in real commits: what they see, what they change, and that nobody loses a byte.

use crate::kit::{Done, Sandbox, github_token};
use std::fs;

/// A sandbox with a configuration that is committed and allowed.
fn with_hooks(config: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("hookd.toml", config);
    sandbox.write("a.txt", "one\ntwo\nthree\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "start"]);
    sandbox.hookd(["install"]).expect(0);
    sandbox
}

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.repo.join(path)).unwrap()
}

#[test]
fn a_command_sees_what_is_staged_and_the_rest_comes_back() {
    let sandbox =
        with_hooks("[[hook]]\nid = 'look'\nrun = 'cat \"$@\" > \"$HOME/seen\"'\nglob = '*.txt'\n");
    sandbox.write("a.txt", "one\nSTAGED\nthree\n");
    sandbox.git(["add", "a.txt"]);
    sandbox.write("a.txt", "one\nSTAGED\nthree\nUNSTAGED\n");
    sandbox.git(["commit", "-qm", "x"]);
    assert_eq!(
        fs::read_to_string(sandbox.top().join("home/seen")).unwrap(),
        "one\nSTAGED\nthree\n"
    );
    assert_eq!(read(&sandbox, "a.txt"), "one\nSTAGED\nthree\nUNSTAGED\n");
    assert_eq!(sandbox.git(["show", "HEAD:a.txt"]), "one\nSTAGED\nthree\n");
}

#[test]
fn a_failing_command_stops_the_commit_and_shows_its_output() {
    let sandbox = with_hooks(
        "[[hook]]\nid = 'lint'\nrun = 'echo bad style in \"$@\"; exit 3'\nglob = '*.txt'\n",
    );
    sandbox.write("a.txt", "changed\n");
    let done = sandbox.try_git(["commit", "-qam", "x"]).expect(1);
    assert!(
        done.all().contains("lint") && done.all().contains("bad style in a.txt"),
        "{}",
        done.all()
    );
    let report = sandbox.report([]);
    let check = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["id"] == "lint")
        .unwrap();
    assert_eq!(
        check["status"], "skipped",
        "nothing is staged, so: {report:#}"
    );
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    let check = report["checks"]
        .as_array()
        .unwrap()
        .iter()
        .find(|check| check["id"] == "lint")
        .unwrap()
        .clone();
    assert_eq!(
        (&check["kind"], &check["status"], &check["files"]),
        (&"hook".into(), &"failed".into(), &1.into())
    );
    assert_eq!(report["exit_code"], 1);
}

#[test]
fn a_fixer_stops_the_commit_once_or_stages_its_fix() {
    let fixer = |stage: &str| {
        format!(
            "[[hook]]\nid = 'fix'\nrun = 'sed -i s/one/ONE/'\nglob = '*.txt'\nstage_fixed = {stage}\n"
        )
    };
    let sandbox = with_hooks(&fixer("false"));
    sandbox.write("a.txt", "one\ntwo\n");
    let done = sandbox.try_git(["commit", "-qam", "x"]).expect(1);
    assert!(
        done.all().contains("a.txt") && done.all().contains("changed files"),
        "{}",
        done.all()
    );
    assert_eq!(read(&sandbox, "a.txt"), "ONE\ntwo\n");
    sandbox.git(["commit", "-qam", "x"]);

    let sandbox = with_hooks(&fixer("true"));
    sandbox.write("a.txt", "one\ntwo\nthree\nfour\n");
    sandbox.git(["add", "."]);
    sandbox.write("a.txt", "one\ntwo\nthree\nfour\nUNSTAGED\n");
    sandbox.git(["commit", "-qm", "x"]);
    assert_eq!(
        sandbox.git(["show", "HEAD:a.txt"]),
        "ONE\ntwo\nthree\nfour\n"
    );
    assert_eq!(read(&sandbox, "a.txt"), "ONE\ntwo\nthree\nfour\nUNSTAGED\n");
    assert_eq!(sandbox.git(["diff", "--cached", "--name-only"]), "");
}

#[test]
fn restaged_fixes_with_commit_only_leave_index_and_head_equal() {
    let sandbox = with_hooks(
        "[[hook]]\nid = 'fix'\nrun = 'sed -i s/one/ONE/'\nglob = '*.txt'\nstage_fixed = true\n",
    );
    sandbox.write("a.txt", "one\nmore\n");
    sandbox.git(["commit", "-qm", "x", "a.txt"]);
    assert_eq!(sandbox.git(["show", "HEAD:a.txt"]), "ONE\nmore\n");
    assert_eq!(sandbox.git(["status", "--porcelain"]), "");
}

#[test]
fn a_failure_elsewhere_leaves_the_index_as_it_was() {
    let sandbox = with_hooks(
        "[[hook]]\nid = 'fix'\nrun = 'sed -i s/one/ONE/'\nglob = '*.txt'\nstage_fixed = true\n\
         [[hook]]\nid = 'bad'\nrun = 'exit 1'\nalways_run = true\nwrites = false\n",
    );
    sandbox.write("a.txt", "one\nx\n");
    sandbox.git(["add", "."]);
    let before = sandbox.git(["ls-files", "--stage"]);
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert_eq!(sandbox.git(["ls-files", "--stage"]), before);
}

#[test]
fn nothing_runs_before_install_and_new_commands_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = 'evil'\nrun = 'touch \"$HOME/ran\"'\nalways_run = true\n",
    );
    sandbox.git(["add", "."]);
    for args in [&["run"][..], &["run", "--all", "--offline"]] {
        let done = sandbox.hookd(args).expect(3);
        assert!(done.out.contains("hookd install"), "{}", done.out);
    }
    assert!(!sandbox.top().join("home/ran").exists());
    sandbox.hookd(["install"]).expect(0);
    sandbox.git(["commit", "-qm", "x"]);
    assert!(sandbox.top().join("home/ran").exists());
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = 'evil'\nrun = 'true'\nalways_run = true\n",
    );
    let done = sandbox.try_git(["commit", "-qam", "x"]).expect(0);
    assert!(
        done.err.contains("new or changed commands: evil"),
        "{}",
        done.err
    );
    let again = sandbox
        .try_git(["commit", "-q", "--allow-empty", "-m", "x"])
        .expect(0);
    assert!(!again.err.contains("new or changed"), "{}", again.err);
}

#[test]
fn a_missing_program_is_said_before_anything_is_moved() {
    let sandbox =
        with_hooks("[[hook]]\nid = 'gone'\nrun = ['no-such-program-here']\nglob = '*.txt'\n");
    sandbox.write("a.txt", "staged\n");
    sandbox.git(["add", "."]);
    sandbox.write("a.txt", "unstaged\n");
    let inode =
        std::os::unix::fs::MetadataExt::ino(&fs::metadata(sandbox.repo.join("a.txt")).unwrap());
    let done = sandbox.hookd(["run"]).expect(3);
    assert!(done.out.contains("no-such-program-here"), "{}", done.out);
    assert_eq!(read(&sandbox, "a.txt"), "unstaged\n");
    assert_eq!(
        std::os::unix::fs::MetadataExt::ino(&fs::metadata(sandbox.repo.join("a.txt")).unwrap()),
        inode
    );
}

#[test]
fn a_missing_program_stops_no_commit_that_does_not_need_it() {
    let sandbox =
        with_hooks("[[hook]]\nid = 'gone'\nrun = ['no-such-program-here']\nglob = '*.py'\n");
    sandbox.write("a.txt", "text\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "no Python in it"]);
    sandbox.write("a.py", "a = 1\n");
    sandbox.git(["add", "."]);
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert!(done.err.contains("no-such-program-here"), "{}", done.err);
}

#[test]
fn broken_hook_tables_show_line_and_caret() {
    let sandbox = Sandbox::installed();
    for (text, words) in [
        (
            "[[hook]]\nid = 'a'\nrun = 'x'\nglobb = '*'\n",
            &["hookd.toml:4:1", "did you mean `glob`?"][..],
        ),
        (
            "[[hook]]\nid = 'a'\nrun = 'x'\nfiles = '('\n",
            &["hookd.toml:4:9"],
        ),
        (
            "[[hook]]\nid = 'a'\nrun = 'x'\n[[hook]]\nid = 'a'\nrun = 'y'\n",
            &["hookd.toml:5:6"],
        ),
        (
            "[[hook]]\nid = 'a'\nrun = 'x'\ndepends_on = 'b'\n",
            &["hookd.toml:4:14"],
        ),
        ("[[hook]]\nid = 'secrets'\nrun = 'x'\n", &["hookd.toml:2:6"]),
        ("[[hook]]\nrun = 'x'\n", &["hookd.toml:1:1", "id"]),
        ("hook = 3\n", &["hookd.toml:1:8"]),
    ] {
        sandbox.write("hookd.toml", text);
        let done = sandbox.hookd(["config", "check"]).expect(2);
        for word in words {
            assert!(done.err.contains(word), "{text}: {}", done.err);
        }
    }
}

#[test]
fn look_around_chooses_files_and_a_search_without_end_is_not_a_no() {
    let sandbox = with_hooks(
        "[[hook]]\nid = 'look'\nrun = 'echo \"$@\" > \"$HOME/seen\"'\nfiles = '^(?!docs/).*\\.txt$'\n",
    );
    sandbox.write("docs/b.txt", "b\n");
    sandbox.git(["add", "."]);
    sandbox
        .hookd(["run", "--all", "--offline", "look"])
        .expect(0);
    assert_eq!(
        fs::read_to_string(sandbox.top().join("home/seen")).unwrap(),
        "a.txt\n"
    );
    sandbox.write(
        "hookd.toml",
        "[[hook]]\nid = 'slow'\nrun = 'true'\nfiles = '^(?!x)(a|a)*\\1$'\n",
    );
    sandbox.write("a".repeat(60) + "b", "");
    sandbox.git(["add", "."]);
    let done = sandbox
        .hookd(["run", "--all", "--offline", "slow"])
        .expect(3);
    assert!(done.out.contains("takes too long"), "{}", done.out);
    assert!(done.out.contains("`slow`"), "{}", done.out);
}

#[test]
fn in_a_sweep_commands_see_the_worktree() {
    let sandbox =
        with_hooks("[[hook]]\nid = 'look'\nrun = 'cat \"$@\" > \"$HOME/seen\"'\nglob = '*.txt'\n");
    sandbox.write("a.txt", "unstaged\n");
    sandbox.hookd(["run", "--all", "--offline"]).expect(0);
    assert_eq!(
        fs::read_to_string(sandbox.top().join("home/seen")).unwrap(),
        "unstaged\n"
    );
    let fixer = with_hooks("[[hook]]\nid = 'fix'\nrun = 'sed -i s/one/ONE/'\nglob = '*.txt'\n");
    let report = fixer.report(["--all", "--offline", "fix"]);
    assert_eq!(
        (&report["checks"][0]["status"], &report["exit_code"]),
        (&"modified".into(), &1.into())
    );
    fixer.hookd(["run", "--all", "--offline", "fix"]).expect(0);
}

#[test]
fn stages_get_what_git_gives_them() {
    let sandbox = with_hooks(
        "[[hook]]\nid = 'message'\nrun = 'grep -q ticket \"$1\"'\nstages = 'commit-msg'\n\
         [[hook]]\nid = 'after'\nrun = 'touch \"$HOME/after\"; exit 1'\nstages = 'post-commit'\n\
         [[hook]]\nid = 'push'\nrun = 'cat > \"$HOME/push\"'\nstages = 'pre-push'\nalways_run = true\npass_filenames = false\n",
    );
    for hook in ["commit-msg", "post-commit", "pre-push"] {
        assert!(
            sandbox.repo.join(".git/hooks").join(hook).exists(),
            "{hook}"
        );
    }
    sandbox
        .try_git(["commit", "-q", "--allow-empty", "-m", "no number"])
        .expect(1);
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "ticket 7"]);
    assert!(sandbox.top().join("home/after").exists());
    let remote = sandbox.top().join("remote.git");
    sandbox.git(["init", "-q", "--bare", remote.to_str().unwrap()]);
    sandbox.git(["remote", "add", "origin", remote.to_str().unwrap()]);
    sandbox.git(["push", "-q", "origin", "main"]);
    assert!(
        fs::read_to_string(sandbox.top().join("home/push"))
            .unwrap()
            .starts_with("refs/heads/main ")
    );
    sandbox.hookd(["uninstall"]).expect(0);
    assert!(!sandbox.repo.join(".git/hooks/pre-push").exists());
}

fn pushing() -> Sandbox {
    let sandbox = Sandbox::installed();
    sandbox
        .hookd(["install", "--hook-type", "pre-push"])
        .expect(0);
    let remote = sandbox.top().join("remote.git");
    sandbox.git(["init", "-q", "--bare", remote.to_str().unwrap()]);
    sandbox.git(["remote", "add", "origin", remote.to_str().unwrap()]);
    sandbox.git(["push", "-q", "origin", "main"]);
    sandbox
}

fn unchecked(sandbox: &Sandbox, path: &str, content: &str) {
    sandbox.write(path, content);
    sandbox.git(["add", "-A"]);
    sandbox.git(["commit", "-qnm", "unchecked"]);
}

#[track_caller]
fn push(sandbox: &Sandbox, args: &[&str], code: i32) -> Done {
    sandbox
        .try_git(["push", "-q", "origin"].iter().chain(args))
        .expect(code)
}

#[test]
fn a_push_is_judged_by_every_commit_of_every_ref() {
    let sandbox = pushing();
    let leak = format!("t = '{}'\n", github_token(4));
    unchecked(&sandbox, "bad", &leak);
    sandbox.git(["rm", "-q", "bad"]);
    sandbox.git(["commit", "-qm", "removed again"]);
    let done = push(&sandbox, &["main"], 1);
    assert!(
        done.all().contains("github-pat") && done.all().contains("bad"),
        "{}",
        done.all()
    );

    let sandbox = pushing();
    sandbox.git(["checkout", "-qb", "side"]);
    unchecked(&sandbox, "bad", &leak);
    sandbox.git(["checkout", "-q", "main"]);
    unchecked(&sandbox, "fine", "fine\n");
    push(&sandbox, &["main", "side"], 1);
    push(&sandbox, &["side"], 1);
    push(&sandbox, &["main"], 0);
    push(&sandbox, &["side:new-name"], 1);
    sandbox.git(["tag", "-a", "v1", "side", "-m", "v1"]);
    push(&sandbox, &["v1"], 1);
    push(&sandbox, &["main:gone"], 0);
    push(&sandbox, &[":gone"], 0);
}

#[test]
fn what_the_remote_has_is_not_judged_again() {
    let sandbox = pushing();
    unchecked(&sandbox, "old", &format!("t = '{}'\n", github_token(5)));
    sandbox.git(["push", "-q", "--no-verify", "origin", "main"]);
    unchecked(&sandbox, "new", "fine\n");
    push(&sandbox, &["main"], 0);
    sandbox.git(["checkout", "-q", "-b", "topic", "HEAD~2"]);
    unchecked(&sandbox, "topic", "fine\n");
    sandbox.git(["merge", "-q", "main", "-m", "merge"]);
    push(&sandbox, &["topic"], 0);
}

#[test]
fn hookd_can_be_turned_off_and_says_so() {
    let sandbox = Sandbox::installed();
    sandbox.write("bad", format!("t = '{}'\n", github_token(6)));
    sandbox.git(["add", "."]);
    let done: Done = sandbox
        .command("git")
        .env("HOOKD", "0")
        .args(["commit", "-qm", "x"])
        .output()
        .unwrap()
        .into();
    assert!(done.expect(0).err.contains("HOOKD=0"));
}

#[test]
fn list_tells_why_a_hook_does_not_get_a_file() {
    let sandbox = with_hooks(
        "[[hook]]\nid = 'py'\nrun = 'lint'\ntypes = ['python']\n[[hook]]\nid = 'txt'\nrun = 'x'\nglob = '*.txt'\nexclude = '^a'\n",
    );
    sandbox.write("b.py", "x = 1\n");
    let list = sandbox.hookd(["list"]).expect(0).out;
    assert!(list.contains("py (on) pre-commit: lint"), "{list}");
    let page = sandbox.hookd(["list", "--explain", "b.py"]).expect(0).out;
    assert!(page.contains("py           yes, at pre-commit"), "{page}");
    let page = sandbox.hookd(["list", "--explain", "a.txt"]).expect(0).out;
    assert!(
        page.contains("txt          no: ") && page.contains("exclude"),
        "{page}"
    );
}

#[test]
fn whoever_wants_it_must_trust_new_commands_first() {
    let hook = |run: &str| format!("[[hook]]\nid = 'a'\nrun = '{run}'\nalways_run = true\n");
    let sandbox = with_hooks(&hook("true"));
    let folder = sandbox.top().join("home/.config/hookd");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("config.toml"), "require_trust = true\n").unwrap();
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "known"]);
    sandbox.write("hookd.toml", hook("touch \"$HOME/ran\""));
    let done = sandbox.try_git(["commit", "-qam", "new"]).expect(1);
    assert!(done.err.contains("hookd trust"), "{}", done.err);
    assert!(!sandbox.top().join("home/ran").exists());
    sandbox.hookd(["trust"]).expect(0);
    sandbox.git(["commit", "-qam", "new"]);
    assert!(sandbox.top().join("home/ran").exists());
    sandbox.write("hookd.toml", "require_trust = false\n");
    let done = sandbox.hookd(["config", "check"]).expect(2);
    assert!(done.err.contains("hookd.toml:1:1"), "{}", done.err);
}

#[test]
fn built_in_fixers_mend_the_worktree_and_stop_the_commit_once() {
    let sandbox =
        with_hooks("[scan.hygiene]\nchecks = ['trailing-whitespace', 'end-of-file-fixer']\n");
    sandbox.write("a.txt", "one  \ntwo");
    sandbox.write("b.txt", "mixed \n");
    sandbox.git(["add", "."]);
    sandbox.write("b.txt", "mixed \nunstaged\n");
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert!(done.all().contains("trailing-whitespace"), "{}", done.all());
    assert_eq!(read(&sandbox, "a.txt"), "one\ntwo\n");
    assert_eq!(read(&sandbox, "b.txt"), "mixed \nunstaged\n");
    sandbox.write("b.txt", "mixed\nunstaged\n");
    sandbox.git(["commit", "-qam", "x"]);
    sandbox.write("old.txt", "there before \n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qnm", "before"]);
    sandbox.write("old.txt", "there before \nnew\n");
    sandbox.git(["commit", "-qam", "x"]);
    assert_eq!(read(&sandbox, "old.txt"), "there before \nnew\n");
    sandbox.git(["rm", "-q", "old.txt"]);
    sandbox.write("a.txt", "again \n");
    sandbox.hookd(["run", "--all", "--offline"]).expect(1);
    assert_eq!(read(&sandbox, "a.txt"), "again \n");
    sandbox
        .hookd(["run", "--all", "--offline", "--fix"])
        .expect(1);
    assert_eq!(read(&sandbox, "a.txt"), "again\n");
    sandbox
        .hookd(["run", "--all", "--offline", "--fix"])
        .expect(0);
}

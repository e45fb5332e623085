//! Every state a repository can be in: commands see what is staged, and afterwards all is as it was.

use super::*;

#[test]
fn partly_staged_file() {
    let sandbox = partly_staged();
    survives(&sandbox, &["a"]);
    let ran = run(&sandbox, "test \"$(head -n1 a)$(tail -n1 a)\" = staged9").expect(0);
    assert_eq!(ran.line("saved"), "");
}

#[test]
fn nothing_is_moved_where_all_is_staged_or_invisible() {
    let sandbox = partly_staged();
    let mut command = child_command(
        &sandbox,
        "tail -n1 a; test -z \"$(ls .git/hookd | grep txn)\"",
    );
    command.env(VISIBLE, "d/");
    let ran = finish(&sandbox, command).expect(0);
    assert_eq!(ran.line("hidden"), "[]");
    assert!(ran.done.out.contains("unstaged"), "{}", ran.done.out);
    sandbox.git(["add", "a"]);
    survives(&sandbox, &[]);
}

#[test]
fn added_and_deleted_modified_and_deleted() {
    let sandbox = committed();
    sandbox.write("new", "new\n");
    sandbox.write("b", "staged\n");
    sandbox.write("deep/er/new", "new\n");
    sandbox.git(["add", "."]);
    remove(&sandbox, "new");
    remove(&sandbox, "b");
    fs::remove_dir_all(sandbox.repo.join("deep")).unwrap();
    survives(&sandbox, &["b", "deep/er/new", "new"]);
}

#[test]
fn staged_deletions() {
    let sandbox = committed();
    sandbox.git(["rm", "-q", "d/c"]);
    sandbox.git(["rm", "-q", "--cached", "b"]);
    sandbox.write("a", "unstaged\n");
    survives(&sandbox, &["a"]);
}

#[test]
fn intent_to_add_alone_and_beside_others() {
    let sandbox = committed();
    sandbox.write("intended", "text\n");
    sandbox.git(["add", "-N", "intended"]);
    survives(&sandbox, &[]);
    sandbox.write("a", "unstaged\n");
    survives(&sandbox, &["a"]);
}

#[test]
fn untracked_things_in_place_of_tracked_files() {
    let sandbox = committed();
    remove(&sandbox, "a");
    sandbox.write("a/precious", "untracked\n");
    fs::create_dir(sandbox.repo.join("a/empty")).unwrap();
    fs::remove_dir_all(sandbox.repo.join("d")).unwrap();
    sandbox.write("d", "untracked\n");
    remove(&sandbox, "link");
    sandbox.write("link", "was a link\n");
    remove(&sandbox, "b");
    symlink("d", sandbox.repo.join("b")).unwrap();
    survives(&sandbox, &["a", "b", "d/c", "d/e/f", "link"]);
}

#[test]
fn a_symlinked_parent_directory() {
    let sandbox = committed();
    fs::rename(sandbox.repo.join("d"), sandbox.repo.join("moved")).unwrap();
    symlink("moved", sandbox.repo.join("d")).unwrap();
    survives(&sandbox, &["d/c", "d/e/f"]);
}

#[test]
fn links_retargeted_and_broken() {
    let sandbox = committed();
    remove(&sandbox, "link");
    symlink("nowhere", sandbox.repo.join("link")).unwrap();
    survives(&sandbox, &["link"]);
}

#[test]
fn modes_survive_and_stay_private() {
    let sandbox = committed();
    sandbox.write("private", "1\n");
    sandbox.write("run", "1\n");
    set_mode(&sandbox, "run", 0o755);
    sandbox.git(["add", "."]);
    sandbox.write("private", "2\n");
    sandbox.write("run", "2\n");
    sandbox.write("b", "2\n");
    set_mode(&sandbox, "private", 0o600);
    set_mode(&sandbox, "run", 0o500);
    set_mode(&sandbox, "b", 0o444);
    set_mode(&sandbox, "a", 0o755);
    survives(&sandbox, &["a", "b", "private", "run"]);
    let ran = run(&sandbox, "stat -c '%n:%a' a b private run").expect(0);
    for line in ["a:644", "b:444", "private:600", "run:500"] {
        assert!(ran.done.out.contains(line), "{}", ran.done.out);
    }
}

#[test]
fn hard_links_survive() {
    let sandbox = partly_staged();
    fs::hard_link(sandbox.repo.join("a"), sandbox.top().join("other name")).unwrap();
    survives(&sandbox, &["a"]);
    let (one, two) = (sandbox.repo.join("a"), sandbox.top().join("other name"));
    assert_eq!(
        fs::metadata(one).unwrap().ino(),
        fs::metadata(two).unwrap().ino()
    );
}

#[test]
fn files_that_git_does_not_look_at() {
    let sandbox = committed();
    sandbox.git(["update-index", "--assume-unchanged", "a", "d/c"]);
    sandbox.git(["update-index", "--skip-worktree", "b", "d/e/f"]);
    sandbox.write("a", "edited\n");
    sandbox.write("b", "edited\n");
    remove(&sandbox, "d/e/f");
    let before = state(&sandbox);
    let ran = run(
        &sandbox,
        "test \"$(cat b)\" = b && test \"$(head -n1 a)\" = 1",
    )
    .expect(0);
    assert_eq!(ran.line("hidden"), r#"["a", "b"]"#);
    assert_same(&before, &state(&sandbox), "marked");
    // A fix of such a file is staged, and the marks stay.
    let before = state(&sandbox);
    run_staging(&sandbox, "echo fixed > b; echo fixed > a").expect(0);
    assert_eq!(sandbox.git(["show", ":a"]), "fixed\n");
    assert_eq!(sandbox.git(["show", ":b"]), "fixed\n");
    let after = state(&sandbox);
    let marks = |state: &State| -> Vec<String> {
        let lines = state.index.split("\\x00");
        lines.map(|line| line.chars().take(1).collect()).collect()
    };
    assert_eq!(marks(&before), marks(&after));
    assert_eq!(read(&sandbox, "a"), "edited\n");
}

#[test]
fn sparse_checkouts() {
    let sandbox = committed();
    for cone in ["--cone", "--no-cone"] {
        sandbox.git(["sparse-checkout", "set", cone, "d"]);
        sandbox.write("d/c", "unstaged\n");
        survives(&sandbox, &["d/c"]);
    }
    sandbox.git(["sparse-checkout", "set", "--cone", "--sparse-index", "d/e"]);
    sandbox.write("d/e/f", "unstaged\n");
    survives(&sandbox, &["d/c", "d/e/f"]);
}

#[test]
fn line_ends_keywords_and_encodings() {
    let sandbox = committed();
    sandbox.write(
        ".gitattributes",
        "crlf eol=crlf\nident ident\nenc text working-tree-encoding=UTF-16LE\nbin -text\n",
    );
    sandbox.write("crlf", "one\r\ntwo\r\n");
    sandbox.write("mixed", "one\r\ntwo\nthree\r\n");
    sandbox.write("ident", "$Id$\nmore\n");
    sandbox.write("enc", "o\0n\0e\0\n\0");
    sandbox.write("bin", [0, 255, 10, 13, 10]);
    sandbox.write("none", "");
    commit_all(&sandbox);
    sandbox.write("crlf", "one\r\ntwo\nstray\r\n");
    sandbox.write("mixed", "one\ntwo\r\nthree");
    sandbox.write("ident", "$Id: mine $\nunstaged\n");
    sandbox.write("enc", "t\0w\0o\0\n\0");
    sandbox.write("bin", [1, 0, 255]);
    sandbox.write("none", "no newline");
    survives(&sandbox, &["bin", "crlf", "enc", "ident", "mixed", "none"]);
    run(&sandbox, "test \"$(wc -c < crlf)$(wc -c < enc)\" = 108").expect(0);
}

#[test]
fn filters() {
    let sandbox = committed();
    sandbox.write(".gitattributes", "*.up filter=up\n*.lossy filter=lossy\n");
    for (key, value) in [
        ("filter.up.clean", "tr a-z A-Z"),
        ("filter.up.smudge", "tr A-Z a-z"),
        ("filter.up.required", "true"),
        ("filter.lossy.clean", "sed /drop/d"),
    ] {
        sandbox.git(["config", key, value]);
    }
    sandbox.write("x.up", "text\n");
    sandbox.write("y.lossy", "drop\nkeep\n");
    commit_all(&sandbox);
    sandbox.write("x.up", "Mixed Case\n");
    sandbox.write("y.lossy", "drop this\nkeep\nunstaged\n");
    survives(&sandbox, &["x.up", "y.lossy"]);
    run(&sandbox, "test \"$(cat x.up)\" = text").expect(0);
    // A fix of the smudged version is cleaned when it is staged.
    run_staging(&sandbox, "echo fixed > x.up").expect(0);
    assert_eq!(sandbox.git(["show", ":x.up"]), "FIXED\n");
}

#[test]
fn a_filter_that_fails_leaves_everything() {
    let sandbox = committed();
    sandbox.write(".gitattributes", "*.big filter=big\n");
    sandbox.write("x.big", "text\n");
    commit_all(&sandbox);
    sandbox.write("x.big", "unstaged\n");
    sandbox.write("a", "unstaged\n");
    for (key, value) in [
        ("filter.big.clean", "cat"),
        ("filter.big.smudge", "exit 1"),
        ("filter.big.required", "true"),
    ] {
        sandbox.git(["config", key, value]);
    }
    let before = state(&sandbox);
    let ran = run(&sandbox, "exit 0").expect(2);
    assert!(
        ran.line("error").contains("checkout-index"),
        "{}",
        ran.report
    );
    assert_same(&before, &state(&sandbox), "filter");
    assert_clean(&sandbox, "filter");
}

#[test]
fn hostile_git_configuration() {
    let sandbox = partly_staged();
    for (key, value) in [
        ("diff.external", "false"),
        ("diff.noprefix", "true"),
        ("color.ui", "always"),
        ("diff.relative", "true"),
        ("status.relativePaths", "true"),
        ("status.renames", "copies"),
        ("status.branch", "true"),
        ("status.showStash", "true"),
        ("core.quotePath", "true"),
        ("diff.autoRefreshIndex", "false"),
        ("core.autocrlf", "input"),
    ] {
        sandbox.git(["config", key, value]);
    }
    let before = state(&sandbox);
    let ran = run(&sandbox, "test \"$(tail -n1 a)\" = 9").expect(0);
    assert_eq!(ran.line("hidden"), r#"["a"]"#);
    assert_same(&before, &state(&sandbox), "configuration");
}

#[test]
fn files_that_were_only_touched() {
    let sandbox = committed();
    let file = fs::File::options()
        .append(true)
        .open(sandbox.repo.join("a"))
        .unwrap();
    file.set_modified(std::time::UNIX_EPOCH + Duration::from_secs(1_000_000))
        .unwrap();
    let ran = run(&sandbox, "exit 0").expect(0);
    assert_eq!(ran.line("hidden"), "[]");
}

#[test]
fn no_commit_yet() {
    let sandbox = Sandbox::new();
    sandbox.write("a", "staged\n");
    sandbox.git(["add", "."]);
    sandbox.write("a", "unstaged\n");
    let before = state(&sandbox);
    run(&sandbox, "test $(cat a) = staged").expect(0);
    assert_same(&before, &state(&sandbox), "unborn");
}

#[test]
fn states_of_merges_and_picks_survive() {
    for kind in ["merge", "cherry-pick", "rebase"] {
        let sandbox = committed();
        sandbox.git(["checkout", "-qb", "side"]);
        sandbox.write("a", "side\n");
        commit_all(&sandbox);
        sandbox.git(["checkout", "-q", "main"]);
        sandbox.write("a", "main\n");
        commit_all(&sandbox);
        sandbox.try_git([kind, "side"]);
        let unmerged = run(&sandbox, "exit 0").expect(2);
        assert!(
            unmerged.line("error").contains("a has conflicts"),
            "{}",
            unmerged.report
        );
        sandbox.write("a", "resolved\n");
        sandbox.git(["add", "a"]);
        sandbox.write("b", "unstaged\n");
        survives(&sandbox, &["b"]);
    }
}

#[test]
fn submodules_are_left_alone() {
    let sandbox = committed();
    let other = committed();
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
    sandbox.git(["commit", "-qm", "sub"]);
    sandbox.write("sub/a", "dirty\n");
    sandbox.write("a", "unstaged\n");
    survives(&sandbox, &["a"]);
}

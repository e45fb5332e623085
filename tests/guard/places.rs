//! Hostile paths, and every kind and place of repositories and indexes.

use super::*;

const HOSTILE: [&[u8]; 20] = [
    b"n\xff",
    b"new\nline",
    b" lead",
    b"trail ",
    b"-dash",
    b"--help",
    b":(top)x",
    b":!x",
    b"quote'\"",
    b"\"quoted\"",
    b"tab\t",
    b"cr\r",
    b"esc\x1b[31m",
    b"$(touch pwned)",
    b"`touch pwned`",
    b"back\\slash",
    b"{placeholder}",
    b"glob*?[a]",
    b" ",
    b"trailing line end\n",
];

#[test]
fn hostile_paths() {
    let sandbox = committed();
    let name = |bytes: &'static [u8]| Path::new("d").join(OsStr::from_bytes(bytes));
    let long = Path::new(&"long".repeat(60))
        .join("e".repeat(250))
        .join("é".repeat(120));
    for bytes in HOSTILE {
        sandbox.write(name(bytes), "staged\n");
    }
    sandbox.write(&long, "staged\n");
    commit_all(&sandbox);
    for bytes in HOSTILE {
        sandbox.write(name(bytes), "unstaged\n");
    }
    sandbox.write(&long, "unstaged\n");
    let before = state(&sandbox);
    run(&sandbox, SEES_STAGED).expect(0);
    assert_same(&before, &state(&sandbox), "names");
    // Each is noticed when it is changed, staged and merged.
    let ran = run_staging(
        &sandbox,
        "for f in d/* d/.[!.]*; do test -f \"$f\" && sed -i '1i fix' \"$f\"; done; true",
    );
    assert_eq!(
        ran.expect(0).line("changed").matches("d/").count(),
        HOSTILE.len() + 1
    );
    for bytes in HOSTILE {
        let mut arg = b":".to_vec();
        arg.extend_from_slice(name(bytes).as_os_str().as_bytes());
        let shown = sandbox.git([OsStr::new("show"), OsStr::from_bytes(&arg)]);
        assert_eq!(shown, "fix\nstaged\n", "{}", bytes.escape_ascii());
    }
    assert!(!sandbox.repo.join("pwned").exists());
}

#[test]
fn more_paths_than_an_argument_list() {
    let sandbox = Sandbox::new();
    let folder = "f".repeat(200);
    for number in 0..12_000 {
        sandbox.write(format!("{folder}/{}-{number}", "x".repeat(20)), "staged\n");
    }
    sandbox.git(["add", "."]);
    for number in 0..12_000 {
        sandbox.write(
            format!("{folder}/{}-{number}", "x".repeat(20)),
            "unstaged\n",
        );
    }
    let before = state(&sandbox);
    run(&sandbox, "test -z \"$(grep -rl unstaged f*)\"").expect(0);
    assert_same(&before, &state(&sandbox), "many");
}

fn in_dir(sandbox: &Sandbox, dir: &Path) -> Command {
    let mut command = child_command(sandbox, SEES_STAGED);
    command.current_dir(dir);
    command
}

#[test]
fn kinds_of_repositories() {
    let kinds: [&[&str]; 4] = [
        &["--object-format=sha256"],
        &["--ref-format=reftable"],
        &["--separate-git-dir", "../elsewhere.git"],
        &[],
    ];
    for kind in kinds {
        let sandbox = Sandbox::without_repo();
        let mut args = vec!["init", "-q", "-b", "main"];
        args.extend(kind);
        if sandbox.try_git(&args).code != 0 {
            eprintln!("skipped: this git does not know {kind:?}");
            continue;
        }
        sandbox.write("a", "1\n2\n3\n");
        sandbox.write("b", "b\n");
        symlink("a", sandbox.repo.join("link")).unwrap();
        commit_all(&sandbox);
        if kind.is_empty() {
            sandbox.git(["update-index", "--split-index"]);
        }
        sandbox.write("a", "1\n2\nunstaged\n");
        survives(&sandbox, &["a"]);
        let ran = run_staging(&sandbox, "sed -i 's/1/one/' a; ln -sf b link").expect(0);
        assert_eq!(ran.line("changed"), r#"["a", "link"]"#, "{kind:?}");
        assert_eq!(sandbox.git(["show", ":a"]), "one\n2\n3\n");
        assert_eq!(read(&sandbox, "a"), "one\n2\nunstaged\n");
    }
}

#[test]
fn kinds_of_indexes() {
    for settings in [
        &[("index.version", "4")][..],
        &[("core.untrackedCache", "true")],
        &[("core.fsmonitor", "false"), ("feature.manyFiles", "true")],
        &[("core.checkStat", "minimal"), ("core.trustctime", "false")],
        &[("core.fileMode", "false")],
        &[("core.ignoreStat", "true")],
        &[("index.skipHash", "true")],
    ] {
        let sandbox = Sandbox::new();
        for (key, value) in settings {
            sandbox.git(["config", key, value]);
        }
        sandbox.write("a", "staged\n");
        sandbox.write("b", "staged\n");
        commit_all(&sandbox);
        sandbox.git(["update-index", "--force-write-index"]);
        sandbox.write("a", "unstaged, longer\n");
        let before = state(&sandbox);
        let ran = run(&sandbox, "test $(cat a) = staged").expect(0);
        assert_eq!(ran.line("hidden"), r#"["a"]"#, "{settings:?}");
        assert_same(&before, &state(&sandbox), &format!("{settings:?}"));
    }
}

#[test]
fn a_bare_repository_with_a_worktree_from_the_environment() {
    let sandbox = Sandbox::without_repo();
    let bare = sandbox.top().join("dotfiles.git");
    let bare = bare.to_str().unwrap();
    sandbox.git(["init", "-q", "--bare", bare]);
    let git = |args: &[&str]| {
        let mut command = sandbox.command("git");
        command
            .env("GIT_DIR", bare)
            .env("GIT_WORK_TREE", ".")
            .args(args);
        let done: Done = command.output().unwrap().into();
        done.expect(0).out
    };
    let guard = |script: &str| {
        let mut command = child_command(&sandbox, script);
        command.env("GIT_DIR", bare).env("GIT_WORK_TREE", ".");
        finish(&sandbox, command)
    };
    sandbox.write("a", "staged\n");
    git(&["add", "a"]);
    sandbox.write("a", "unstaged\n");
    guard("test $(cat a) = staged && ! git status").expect(0);
    assert_eq!(read(&sandbox, "a"), "unstaged\n");
    guard("kill -9 $PPID; sleep 0.1").expect(-1);
    assert_eq!(read(&sandbox, "a"), "staged\n");
    guard(RECOVER).expect(0);
    assert_eq!(read(&sandbox, "a"), "unstaged\n");
}

#[test]
fn a_repository_that_is_moved_after_a_kill() {
    let mut sandbox = partly_staged();
    run(&sandbox, "kill -9 $PPID; sleep 0.1").expect(-1);
    let old = sandbox.repo.clone();
    sandbox.repo = sandbox.top().join("moved");
    fs::rename(&old, &sandbox.repo).unwrap();
    // Another one in its place is not touched.
    fs::create_dir(&old).unwrap();
    fs::write(old.join("a"), "other\n").unwrap();
    run(&sandbox, RECOVER).expect(0);
    assert!(read(&sandbox, "a").ends_with("unstaged\n"));
    assert_eq!(fs::read_to_string(old.join("a")).unwrap(), "other\n");
}

#[test]
fn linked_worktrees_and_other_folders() {
    let sandbox = partly_staged();
    let linked = sandbox.top().join("linked\n");
    sandbox.git([
        OsStr::new("worktree"),
        "add".as_ref(),
        "-q".as_ref(),
        "-b".as_ref(),
        "side".as_ref(),
        linked.as_os_str(),
    ]);
    fs::write(linked.join("b"), "unstaged there\n").unwrap();
    let ran = finish(&sandbox, in_dir(&sandbox, &linked)).expect(0);
    assert_eq!(ran.line("hidden"), r#"["b"]"#);
    assert_eq!(
        fs::read_to_string(linked.join("b")).unwrap(),
        "unstaged there\n"
    );
    symlink(sandbox.repo.join("d"), sandbox.top().join("shortcut")).unwrap();
    for dir in [sandbox.repo.join("d/e"), sandbox.top().join("shortcut")] {
        let before = state(&sandbox);
        let ran = finish(&sandbox, in_dir(&sandbox, &dir)).expect(0);
        assert_eq!(ran.line("hidden"), r#"["a"]"#);
        assert_same(&before, &state(&sandbox), "folder");
    }
}

#[test]
fn a_git_directory_on_another_file_system() {
    let Ok(other) = tempfile::tempdir_in("/dev/shm") else {
        eprintln!("skipped: no /dev/shm");
        return;
    };
    let sandbox = Sandbox::without_repo();
    if fs::metadata(other.path()).unwrap().dev() == fs::metadata(&sandbox.repo).unwrap().dev() {
        eprintln!("skipped: /dev/shm is no file system of its own");
        return;
    }
    let git_dir = other.path().join("git");
    sandbox.git([
        OsStr::new("init"),
        "-q".as_ref(),
        "--separate-git-dir".as_ref(),
        git_dir.as_os_str(),
    ]);
    sandbox.write("a", "1\n2\n3\n");
    commit_all(&sandbox);
    sandbox.write("a", "1\n2\nunstaged\n");
    survives(&sandbox, &["a"]);
    // git sees nothing of the folder that holds the originals, and it is gone afterwards.
    run(&sandbox, "test -z \"$(git status --porcelain)\"").expect(0);
    assert!(!sandbox.repo.join(".git-hookd").exists());
    let before = state(&sandbox);
    let ran = run(&sandbox, "echo conflict > a").expect(0);
    assert!(
        ran.line("saved").contains(".git-hookd/saved"),
        "{}",
        ran.report
    );
    // What was set aside stays where git ignores it.
    fs::remove_dir_all(sandbox.repo.join(".git-hookd")).unwrap();
    assert_same(&before, &state(&sandbox), "conflict");
    run(&sandbox, "kill -9 $PPID").expect(-1);
    assert!(sandbox.repo.join(".git-hookd").exists());
    run(&sandbox, RECOVER).expect(0);
    assert_same(&before, &state(&sandbox), "killed");
    assert!(!sandbox.repo.join(".git-hookd").exists());
}

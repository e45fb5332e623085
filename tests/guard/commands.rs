//! What commands do, what the user does meanwhile, and how it ends up in commits.

use super::*;
use std::process::Stdio;
use std::time::Instant;

/// The one version that was set aside.
#[track_caller]
fn saved(ran: &Ran) -> PathBuf {
    let (_, kept) = ran
        .line("saved")
        .split_once(' ')
        .unwrap_or_else(|| panic!("nothing saved: {}", ran.report));
    PathBuf::from(kept)
}

#[test]
fn a_fix_is_merged_into_the_unstaged_version() {
    let sandbox = partly_staged();
    set_mode(&sandbox, "a", 0o640);
    let ran = run_staging(&sandbox, "sed -i s/2/two/ a").expect(0);
    assert_eq!(ran.line("changed"), r#"["a"]"#);
    assert_eq!(ran.line("merged"), r#"["a"]"#);
    assert_eq!(
        read(&sandbox, "a"),
        "staged\ntwo\n3\n4\n5\n6\n7\n8\nunstaged\n"
    );
    assert_eq!(
        sandbox.git(["show", ":a"]),
        "staged\ntwo\n3\n4\n5\n6\n7\n8\n9\n"
    );
    let mode = fs::metadata(sandbox.repo.join("a")).unwrap().mode();
    assert_eq!(mode & 0o777, 0o640);
    assert_clean(&sandbox, "merged");
}

#[test]
fn a_fix_of_a_fully_staged_file_beside_it() {
    let sandbox = partly_staged();
    sandbox.write("b", "staged\n");
    sandbox.git(["add", "b"]);
    let ran = run_staging(&sandbox, "echo fixed > b").expect(0);
    assert_eq!(ran.line("changed"), r#"["b"]"#);
    assert_eq!(ran.line("hidden"), r#"["a"]"#);
    assert_eq!(sandbox.git(["show", ":b"]), "fixed\n");
    assert_eq!(read(&sandbox, "b"), "fixed\n");
    assert!(sandbox.git(["diff", "a"]).contains("+unstaged"));
}

#[test]
fn a_fix_that_overlaps_is_set_aside() {
    let sandbox = partly_staged();
    let before = state(&sandbox);
    let ran = run(&sandbox, "sed -i s/9/nine/ a").expect(0);
    let kept = saved(&ran);
    assert!(kept.starts_with(sandbox.repo.join(".git/hookd/saved")));
    assert!(kept.ends_with("a"));
    assert!(fs::read_to_string(&kept).unwrap().ends_with("nine\n"));
    assert_eq!(
        fs::metadata(kept.parent().unwrap()).unwrap().mode() & 0o777,
        0o700
    );
    assert_same(&before, &state(&sandbox), "conflict");
}

#[test]
fn binary_and_other_kinds_are_never_merged() {
    let sandbox = committed();
    sandbox.write("bin", [0, 1, 2, 10]);
    sandbox.git(["add", "bin"]);
    sandbox.write("bin", [0, 1, 3, 10]);
    remove(&sandbox, "b");
    sandbox.write("b/inside", "untracked\n");
    let before = state(&sandbox);
    let ran = run(&sandbox, "printf 'x\\0' >> bin; echo x >> b").expect(0);
    assert_eq!(ran.report.matches("\nsaved ").count(), 2, "{}", ran.report);
    assert_same(&before, &state(&sandbox), "kinds");
}

#[test]
fn a_command_makes_a_file_executable() {
    let sandbox = partly_staged();
    let ran = run_staging(&sandbox, "chmod +x a").expect(0);
    assert_eq!(ran.line("changed"), r#"["a"]"#);
    assert!(sandbox.git(["ls-files", "-s", "a"]).starts_with("100755"));
    let mode = fs::metadata(sandbox.repo.join("a")).unwrap().mode();
    assert_eq!(mode & 0o111, 0o111, "{mode:o}");
    assert!(read(&sandbox, "a").ends_with("unstaged\n"));
}

#[test]
fn obstacles_of_commands() {
    let scripts = [
        "rm a; rm -r d",
        "rm a; ln -s b a",
        "rm a; mkdir a",
        "rm a; mkdir a; echo x > a/x",
        "rm a; mkfifo a",
        "rm -r d; ln -s /tmp d",
        "rm -r d; echo file > d",
        "chmod 0 a",
        "mv a elsewhere; mv d other",
    ];
    for script in scripts {
        let sandbox = partly_staged();
        sandbox.write("d/c", "unstaged\n");
        let before = state(&sandbox);
        let ran = run(&sandbox, script).expect(0);
        let after = state(&sandbox);
        for path in ["a", "d/c"] {
            let (was, is) = (
                &before.files[Path::new(path)],
                &after.files[Path::new(path)],
            );
            assert_eq!(was, is, "{script}: {path}: {}", ran.report);
        }
        assert_eq!(before.index, after.index);
        assert_clean(&sandbox, script);
    }
}

#[test]
fn a_command_that_is_in_the_way_of_an_obstacle() {
    let sandbox = committed();
    fs::rename(sandbox.repo.join("d"), sandbox.repo.join("moved")).unwrap();
    symlink("moved", sandbox.repo.join("d")).unwrap();
    remove(&sandbox, "b");
    sandbox.write("b/precious", "untracked\n");
    let before = state(&sandbox);
    let ran = run(
        &sandbox,
        "echo new > d/generated; rm b; mkdir b; echo mine > b/x",
    )
    .expect(0);
    assert_eq!(ran.report.matches("\nsaved ").count(), 2, "{}", ran.report);
    assert_same(&before, &state(&sandbox), "in the way");
}

#[test]
fn a_staged_fix_of_a_file_that_is_gone_from_the_worktree() {
    let sandbox = committed();
    sandbox.write("b", "staged\n");
    sandbox.git(["add", "b"]);
    remove(&sandbox, "b");
    let ran = run_staging(&sandbox, "echo fixed > b").expect(0);
    assert_eq!(ran.line("saved"), "", "it is in the index");
    assert_eq!(sandbox.git(["show", ":b"]), "fixed\n");
    assert!(!sandbox.repo.join("b").exists());
    // What came after that is nowhere else.
    let ran = run(&sandbox, "echo changed > b").expect(0);
    assert_eq!(fs::read_to_string(saved(&ran)).unwrap(), "changed\n");
}

#[test]
fn new_files_of_commands_stay() {
    let sandbox = committed();
    fs::remove_dir_all(sandbox.repo.join("d")).unwrap();
    run(&sandbox, "echo new > d/new; echo new > new").expect(0);
    assert_eq!(read(&sandbox, "d/new"), "new\n");
    assert_eq!(read(&sandbox, "new"), "new\n");
    assert!(!sandbox.repo.join("d/c").exists());
    assert!(!sandbox.repo.join("d/e").exists());
}

#[test]
fn a_command_stages_itself() {
    let sandbox = partly_staged();
    let ran = run(
        &sandbox,
        "sed -i s/2/two/ a; git add a; sed -i s/3/three/ a",
    )
    .expect(0);
    assert_eq!(ran.line("changed"), r#"["a"]"#);
    assert!(sandbox.git(["show", ":a"]).starts_with("staged\ntwo\n3\n"));
    assert_eq!(
        read(&sandbox, "a"),
        "staged\ntwo\nthree\n4\n5\n6\n7\n8\nunstaged\n"
    );
}

#[test]
fn only_what_has_changed_is_reported() {
    let sandbox = committed();
    sandbox.write("gone", "1\n");
    sandbox.write("same", "1\n");
    sandbox.git(["add", "."]);
    sandbox.write("intended", "text\n");
    sandbox.git(["add", "-N", "intended"]);
    let ran = run(
        &sandbox,
        "touch a; cp same t; cat t > same; rm t gone; printf 'c\\n' > d/c; echo 2 > d/e/f; ln -sf b link",
    );
    assert_eq!(
        ran.expect(0).line("changed"),
        r#"["d/e/f", "gone", "link"]"#
    );
}

#[test]
fn the_user_saves_meanwhile() {
    let sandbox = partly_staged();
    sandbox.write("d/c", "unstaged\n");
    // In place, as some editors do, and by a new file in its place, as others do.
    let ran = run(
        &sandbox,
        "printf 'users\\n' > d/c; sed s/2/saved/ a > tmp; mv tmp a; echo later > d/e/f",
    )
    .expect(0);
    assert_eq!(
        read(&sandbox, "a"),
        "staged\nsaved\n3\n4\n5\n6\n7\n8\nunstaged\n"
    );
    assert_eq!(read(&sandbox, "d/c"), "unstaged\n");
    assert_eq!(fs::read_to_string(saved(&ran)).unwrap(), "users\n");
    assert_eq!(read(&sandbox, "d/e/f"), "later\n");
}

#[test]
fn other_repositories_are_out_of_reach() {
    for kind in [
        &["commit", "-qm", "x"][..],
        &["commit", "-qam", "x"],
        &["commit", "-qm", "x", "a"],
    ] {
        let sandbox = partly_staged();
        as_hook(
            &sandbox,
            "mkdir ../nested && cd ../nested && git init -q . && echo n > n && git add n && \
             git -c user.name=n -c user.email=n@n commit -qm nested",
            false,
        );
        sandbox.git(kind);
        assert_eq!(
            sandbox.git(["log", "--format=%s"]),
            "x\nbefore\n",
            "{kind:?}"
        );
        assert!(!sandbox.git(["ls-files"]).lines().any(|line| line == "n"));
        assert!(read(&sandbox, "a").ends_with("unstaged\n"));
    }
}

/// What is committed, staged and in the worktree after each kind of commit whose hook fixes `a`.
#[test]
fn fixes_in_every_kind_of_commit() {
    let fixed_staged = "staged\ntwo\n3\n4\n5\n6\n7\n8\n9\n";
    let fixed_all = "staged\ntwo\n3\n4\n5\n6\n7\n8\nunstaged\n";
    let kinds: [(&[&str], &str); 5] = [
        (&["commit", "-qm", "x"], fixed_staged),
        (&["commit", "-q", "--amend", "-m", "x"], fixed_staged),
        (&["commit", "-qam", "x"], fixed_all),
        (&["commit", "-qm", "x", "--only", "a"], fixed_all),
        (&["commit", "-qm", "x", "--include", "a"], fixed_all),
    ];
    for (kind, committed) in kinds {
        for stage in [true, false] {
            let sandbox = partly_staged();
            sandbox.write("d/e/f", "staged\n");
            sandbox.git(["add", "d/e/f"]);
            sandbox.write("d/c", "unstaged\n");
            // Without `stage` the command stages it itself, as hooks for other runners do.
            let script = if stage {
                "sed -i s/2/two/ a"
            } else {
                "sed -i s/2/two/ a; git add a"
            };
            as_hook(&sandbox, script, stage);
            sandbox.git(kind);
            let what = format!("{kind:?} {stage}");
            assert_eq!(sandbox.git(["show", "HEAD:a"]), committed, "{what}");
            assert_eq!(sandbox.git(["show", ":a"]), committed, "{what}");
            assert_eq!(read(&sandbox, "a"), fixed_all, "{what}");
            assert_eq!(
                read(&sandbox, "d/c"),
                "unstaged
",
                "{what}"
            );
            let staged = sandbox.git(["diff", "--cached", "--name-only"]);
            let expected = if kind.contains(&"--only") {
                "d/e/f\n"
            } else {
                ""
            };
            assert_eq!(staged, expected, "{what}");
            assert_clean(&sandbox, &what);
        }
    }
}

#[test]
fn a_failing_hook_leaves_every_kind_of_commit_undone() {
    let kinds: [&[&str]; 4] = [
        &["commit", "-qm", "x"],
        &["commit", "-qam", "x"],
        &["commit", "-qm", "x", "--only", "a"],
        &["commit", "-qm", "x", "--include", "a"],
    ];
    for kind in kinds {
        let sandbox = partly_staged();
        sandbox.write("d/c", "unstaged\n");
        as_hook(&sandbox, &format!("{SEES_STAGED} exit 1"), false);
        let before = state(&sandbox);
        sandbox.try_git(kind).expect(1);
        assert_same(&before, &state(&sandbox), &format!("{kind:?}"));
        assert_clean(&sandbox, "failed");
    }
}

#[test]
fn an_index_of_ones_own() {
    let sandbox = partly_staged();
    let own = sandbox.top().join("own index");
    fs::copy(sandbox.repo.join(".git/index"), &own).unwrap();
    let before = state(&sandbox);
    let mut command = child_command(&sandbox, "sed -i s/2/two/ a");
    command.env("GIT_INDEX_FILE", &own).env(STAGE, "1");
    finish(&sandbox, command).expect(0);
    assert_eq!(before.index, state(&sandbox).index);
    let mut show = sandbox.command("git");
    show.args(["show", ":a"]).env("GIT_INDEX_FILE", &own);
    let shown: Done = show.output().unwrap().into();
    assert!(shown.out.starts_with("staged\ntwo\n"), "{}", shown.out);
}

#[test]
fn a_lock_that_a_command_left_behind() {
    let sandbox = partly_staged();
    let ran = run_staging(&sandbox, "sed -i s/2/two/ a; touch .git/index.lock").expect(0);
    assert!(
        sandbox.git(["show", ":a"]).contains("two"),
        "{}",
        ran.report
    );
    assert!(!sandbox.repo.join(".git/index.lock").exists());
    let ran = run(&sandbox, "touch .git/index.lock").expect(0);
    assert!(ran.line("lock").ends_with("index.lock"), "{}", ran.report);
    sandbox.git(["add", "b"]);
    // One that was there before is somebody else's, and so is one that a running program holds.
    sandbox.write(".git/index.lock", "");
    run(&sandbox, "exit 0").expect(0);
    assert!(sandbox.repo.join(".git/index.lock").exists());
    remove(&sandbox, ".git/index.lock");
    if cfg!(target_os = "linux") {
        let script = "sh -c 'exec 9> .git/index.lock; exec sleep 4' >/dev/null 2>&1 & sleep 0.3";
        run(&sandbox, script).expect(0);
        assert!(sandbox.repo.join(".git/index.lock").exists());
    }
}

#[test]
fn hookd_in_a_command_of_hookd_is_refused() {
    let sandbox = partly_staged();
    let exe = std::env::current_exe().unwrap();
    let ran = run(
        &sandbox,
        &format!(
            "{SCRIPT}=true {} guard::child --exact --nocapture; test $? = 2",
            exe.display()
        ),
    );
    ran.expect(0);
}

fn wait_for(path: &Path) {
    let start = Instant::now();
    while !path.exists() {
        assert!(
            start.elapsed() < Duration::from_secs(20),
            "{} does not come",
            path.display()
        );
        std::thread::sleep(Duration::from_millis(5));
    }
}

#[test]
fn two_at_once() {
    let sandbox = partly_staged();
    let before = state(&sandbox);
    let ready = sandbox.top().join("ready");
    let mut first = child_command(
        &sandbox,
        &format!("{SEES_STAGED} touch {}; sleep 1", ready.display()),
    );
    let mut first = first.stdout(Stdio::null()).spawn().unwrap();
    wait_for(&ready);
    // While one is at work, recovery leaves it alone, and a second run waits for it.
    run(&sandbox, RECOVER).expect(0);
    run(&sandbox, SEES_STAGED).expect(0);
    assert!(
        first
            .try_wait()
            .unwrap()
            .is_some_and(|status| status.success())
    );
    assert_same(&before, &state(&sandbox), "two");
}

#[test]
fn signals_put_everything_back() {
    for signals in [&["INT"][..], &["INT", "INT", "INT"], &["TERM"], &["HUP"]] {
        if signals == ["HUP"] && ignores_hang_ups() {
            eprintln!("left out: SIGHUP, which this run ignores, and what it starts too");
            continue;
        }
        let sandbox = partly_staged();
        let before = state(&sandbox);
        // The hook ends only once the signals were sent, however busy the machine is.
        let (ready, sent) = (sandbox.top().join("ready"), sandbox.top().join("sent"));
        let script = format!(
            "sed -i s/2/half/ a; touch {}; until [ -e {} ]; do sleep 0.05; done; exit 5",
            ready.display(),
            sent.display()
        );
        let mut child = child_command(&sandbox, &script);
        let mut child = child.stdout(Stdio::null()).spawn().unwrap();
        wait_for(&ready);
        for signal in signals {
            let pid = child.id().to_string();
            let done = Command::new("kill")
                .args(["-s", signal, &pid])
                .status()
                .unwrap();
            assert!(done.success());
        }
        fs::write(sent, "").unwrap();
        assert_eq!(child.wait().unwrap().code(), Some(5), "{signals:?}");
        assert_same(&before, &state(&sandbox), "signal");
        let report = fs::read_to_string(sandbox.top().join("report")).unwrap();
        assert!(
            report.contains("saved"),
            "half a change is not merged: {report}"
        );
    }
}

/// Whether the tests were started with SIGHUP ignored, as `nohup` does: hookd keeps to that.
fn ignores_hang_ups() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    ignored
        .and_then(|mask| u64::from_str_radix(mask.trim(), 16).ok())
        .is_some_and(|mask| mask & 1 == 1)
}

/// `d/e/f` cannot be renamed as long as this lives: for root permissions are no obstacle, the immutable flag is one.
struct Fixed(PathBuf, &'static str);

impl Fixed {
    fn new(sandbox: &Sandbox) -> Option<Self> {
        let (folder, file) = (sandbox.repo.join("d/e"), sandbox.repo.join("d/e/f"));
        let run = |program: &str, arg: &str, path: &Path| {
            let status = Command::new(program).arg(arg).arg(path).status();
            status.is_ok_and(|status| status.success())
        };
        if run("chattr", "+i", &file) {
            return Some(Self(file, "chattr"));
        }
        run("chmod", "555", &folder);
        let fixed = Self(folder.clone(), "chmod");
        fs::write(folder.join("probe"), "")
            .is_err()
            .then_some(fixed)
    }
}

impl Drop for Fixed {
    fn drop(&mut self) {
        let undo = if self.1 == "chattr" { "-i" } else { "755" };
        let _ = Command::new(self.1).arg(undo).arg(&self.0).status();
    }
}

#[test]
fn a_file_that_cannot_be_replaced_rolls_back() {
    let sandbox = committed();
    sandbox.write("a", "unstaged\n");
    sandbox.write("d/c", "unstaged\n");
    sandbox.write("d/e/f", "unstaged\n");
    let Some(_fixed) = Fixed::new(&sandbox) else {
        eprintln!("skipped: nothing can be made irreplaceable here");
        return;
    };
    let before = state(&sandbox);
    let ran = run(&sandbox, "exit 0").expect(2);
    assert!(ran.line("error").contains("d/e/f"), "{}", ran.report);
    assert_same(&before, &state(&sandbox), "rolled back");
    assert_clean(&sandbox, "rolled back");
}

#[test]
fn a_git_directory_that_cannot_be_written() {
    let sandbox = partly_staged();
    let before = state(&sandbox);
    // In place of the folder that would hold the originals: for root, permissions are no obstacle.
    sandbox.write(".git/hookd", "");
    run(&sandbox, "exit 0").expect(2);
    assert_same(&before, &state(&sandbox), "no folder");
}

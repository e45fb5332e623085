//! The process is killed, or the disk fails, at every single step. In release builds there are no faults to make.
#![cfg(debug_assertions)]

use super::*;

const FAULT: &str = "HOOKD_TEST_FAULT";

/// Every kind of unsaved work at once.
fn everything() -> Sandbox {
    let sandbox = committed();
    sandbox.write("mode", "1\n");
    sandbox.write("gone", "1\n");
    sandbox.write("obstacle", "1\n");
    sandbox.write("marked", "1\n");
    sandbox.write("p/q/r", "1\n");
    commit_all(&sandbox);
    sandbox.write("a", "staged\n2\n3\n4\n5\n6\n7\n8\n9\n");
    sandbox.git(["add", "a"]);
    sandbox.write("a", "staged\n2\n3\n4\n5\n6\n7\n8\nunstaged\n");
    set_mode(&sandbox, "mode", 0o600);
    sandbox.write("mode", "2\n");
    remove(&sandbox, "gone");
    remove(&sandbox, "obstacle");
    sandbox.write("obstacle/precious", "untracked\n");
    sandbox.git(["update-index", "--assume-unchanged", "marked"]);
    sandbox.write("marked", "2\n");
    fs::rename(sandbox.repo.join("d"), sandbox.repo.join("moved")).unwrap();
    symlink("moved", sandbox.repo.join("d")).unwrap();
    fs::remove_dir_all(sandbox.repo.join("p")).unwrap();
    remove(&sandbox, "link");
    sandbox.write("link", "was a link\n");
    sandbox
}

fn with_fault(sandbox: &Sandbox, script: &str, fault: &str) -> Ran {
    let mut command = child_command(sandbox, script);
    command.env(FAULT, fault);
    finish(sandbox, command)
}

/// Runs `check` for each step until the run has no more steps; how many there were.
fn at_every_step(
    sandbox: &Sandbox,
    kind: &str,
    script: &str,
    mut check: impl FnMut(&Ran, &str),
) -> usize {
    for step in 1..2000 {
        let ran = with_fault(sandbox, script, &format!("{kind}:{step}"));
        let is_over = ran.done.code == 0 && ran.report.contains("merged");
        check(&ran, &format!("{kind}:{step} {}", ran.report));
        if is_over && kind != "full" && !ran.report.contains("error") && step > 20 {
            let next = with_fault(sandbox, script, &format!("{kind}:{}", step + 1));
            check(&next, "the step after the last");
            if next.done.code == 0 {
                eprintln!("{kind} at {step} steps");
                return step;
            }
        }
        if kind == "full" && is_over {
            eprintln!("{kind} at {step} steps");
            return step;
        }
    }
    panic!("no end of steps");
}

#[test]
fn killed_at_every_step() {
    let sandbox = everything();
    let before = state(&sandbox);
    let steps = at_every_step(&sandbox, "kill", SEES_STAGED, |ran, what| {
        assert!(matches!(ran.done.code, -1 | 0), "{what}");
        let ran = run(&sandbox, RECOVER);
        assert_eq!(ran.done.code, 0, "{what}: {}", ran.report);
        assert_same(&before, &state(&sandbox), what);
        assert_clean(&sandbox, what);
    });
    assert!(steps > 60, "{steps}");
    assert!(!sandbox.repo.join(".git/hookd/saved").exists());
}

#[test]
fn killed_at_every_step_and_recovered_by_the_next_run() {
    let sandbox = partly_staged();
    let before = state(&sandbox);
    at_every_step(&sandbox, "kill", "exit 0", |ran, what| {
        let next = run(&sandbox, SEES_STAGED).expect(0);
        if ran.done.code == 0 {
            assert_eq!(next.line("recovered"), "None", "{what}");
        }
        assert_same(&before, &state(&sandbox), what);
        assert_clean(&sandbox, what);
    });
    let ran = run(&sandbox, "kill -9 $PPID; sleep 0.1").expect(-1);
    assert_eq!(ran.report, "");
    let next = run(&sandbox, "exit 0").expect(0);
    assert!(next.line("recovered").contains("\"a\""), "{}", next.report);
}

#[test]
fn killed_in_recovery_at_every_step() {
    let sandbox = everything();
    let before = state(&sandbox);
    for step in 1..200 {
        run(&sandbox, "kill -9 $PPID; sleep 0.1").expect(-1);
        let ran = with_fault(&sandbox, RECOVER, &format!("kill:{step}"));
        run(&sandbox, RECOVER).expect(0);
        assert_same(&before, &state(&sandbox), &format!("recovery {step}"));
        assert_clean(&sandbox, "recovery");
        if ran.done.code == 0 {
            assert!(step > 20, "{step}");
            return;
        }
    }
    panic!("no end of steps");
}

#[test]
fn the_disk_fails_at_every_step() {
    let sandbox = everything();
    let before = state(&sandbox);
    at_every_step(&sandbox, "fail", SEES_STAGED, |ran, what| {
        assert!(matches!(ran.done.code, 0 | 2), "{what}");
        // Only where a step back fails is something left to do, and the message says so.
        if !ran.report.contains("is kept in") && !ran.report.contains("journal cannot be closed") {
            assert_same(&before, &state(&sandbox), what);
        }
        run(&sandbox, RECOVER).expect(0);
        assert_same(&before, &state(&sandbox), what);
        assert_clean(&sandbox, what);
    });
}

#[test]
fn the_disk_is_full_from_every_step() {
    let sandbox = everything();
    let before = state(&sandbox);
    at_every_step(&sandbox, "full", SEES_STAGED, |ran, what| {
        assert!(matches!(ran.done.code, 0 | 2), "{what}");
        assert_same(&before, &state(&sandbox), what);
        assert_clean(&sandbox, what);
    });
}

/// Commands that have changed things: the user's bytes are there afterwards, merged at most, and no version is lost.
#[test]
fn killed_at_every_step_after_commands_have_changed_files() {
    let script = "sed -i s/2/two/ a; echo changed > mode; rm obstacle; mkdir obstacle; echo x > obstacle/x; \
                  rm -r d; ln -s moved d; echo kept > gone";
    let setup = everything();
    let before = state(&setup);
    let merged = "staged\ntwo\n3\n4\n5\n6\n7\n8\nunstaged\n";
    let sandbox = setup;
    let steps = at_every_step(&sandbox, "kill", script, |_, what| {
        run(&sandbox, RECOVER).expect(0);
        let after = state(&sandbox);
        for (path, was) in &before.files {
            let is = after.files.get(path);
            let is = is.unwrap_or_else(|| panic!("{what}: {} is lost", path.display()));
            if path == Path::new("a") && is.content == merged.as_bytes() {
                // Back to the beginning for the next step.
                sandbox.write("a", &was.content);
                continue;
            }
            if path == Path::new("a") {
                assert_eq!(is.content, was.content, "{what}: a");
                continue;
            }
            assert_eq!(is, was, "{what}: {}", path.display());
        }
        for path in after.files.keys() {
            assert!(
                before.files.contains_key(path),
                "{what}: {} is new",
                path.display()
            );
        }
        assert_eq!(before.index, after.index, "{what}");
        assert_clean(&sandbox, what);
    });
    assert!(steps > 60, "{steps}");
    // Each run that got as far as the commands has left their versions of what could not be merged.
    let kept = fs::read_dir(sandbox.repo.join(".git/hookd/saved")).unwrap();
    assert!(kept.count() > 5);
}

/// A fix that is staged and merged: killed anywhere, index and worktree each have it or do not, and nothing in between.
#[test]
fn killed_at_every_step_of_staging_a_fix() {
    let versions =
        |end: &str| ["2", "two"].map(|line| format!("staged\n{line}\n3\n4\n5\n6\n7\n8\n{end}\n"));
    for step in 1..200 {
        let sandbox = partly_staged();
        let mut command = child_command(&sandbox, "sed -i s/2/two/ a");
        command.env(STAGE, "1").env(FAULT, format!("kill:{step}"));
        let code = finish(&sandbox, command).done.code;
        run(&sandbox, RECOVER).expect(0);
        assert!(
            versions("9").contains(&sandbox.git(["show", ":a"])),
            "{step}"
        );
        assert!(
            versions("unstaged").contains(&read(&sandbox, "a")),
            "{step}"
        );
        assert_clean(&sandbox, "staging");
        if code == 0 {
            assert!(step > 20, "{step}");
            return;
        }
    }
    panic!("no end of steps");
}

/// The disk fails or is full while what a killed run left is put back: nothing is lost, and the next try ends it.
#[test]
fn the_disk_fails_in_recovery_at_every_step() {
    let sandbox = everything();
    let before = state(&sandbox);
    for kind in ["fail", "full"] {
        for step in 1..200 {
            run(&sandbox, "kill -9 $PPID; sleep 0.1").expect(-1);
            let ran = with_fault(&sandbox, RECOVER, &format!("{kind}:{step}"));
            run(&sandbox, RECOVER).expect(0);
            assert_same(&before, &state(&sandbox), &format!("{kind} {step}"));
            assert_clean(&sandbox, kind);
            let is_over = ran.done.code == 0 && !ran.report.contains("error");
            if is_over && (kind == "full" || step > 20) {
                eprintln!("recovery: {kind} at {step} steps");
                break;
            }
            assert!(step < 199, "no end of steps");
        }
    }
}

/// Staging a fix, and what a command has staged itself in the copy of a temporary index: with every kind of fault at every
/// step both are in the index or neither, and the worktree has the user's lines.
#[test]
fn faults_at_every_step_of_staging_into_a_temporary_index() {
    let script = "sed -i s/2/two/ a; echo made > made; git add made";
    for kind in ["kill", "fail", "full"] {
        // The steps before are those of every run.
        for step in 15..200 {
            let sandbox = partly_staged();
            let own = sandbox.top().join("own");
            fs::copy(sandbox.repo.join(".git/index"), &own).unwrap();
            let index = state(&sandbox).index;
            let mut command = child_command(&sandbox, script);
            command
                .env(STAGE, "1")
                .env("GIT_INDEX_FILE", &own)
                .env(FAULT, format!("{kind}:{step}"));
            let ran = finish(&sandbox, command);
            run(&sandbox, RECOVER).expect(0);
            let what = format!("{kind}:{step} {}", ran.report);
            assert_eq!(index, state(&sandbox).index, "{what}");
            assert!(read(&sandbox, "a").ends_with("8\nunstaged\n"), "{what}");
            let mut git = sandbox.command("git");
            git.args(["ls-files", "--stage"])
                .env("GIT_INDEX_FILE", &own);
            let listed: Done = git.output().unwrap().into();
            listed.expect(0);
            let left = fs::read_dir(sandbox.repo.join(".git")).unwrap().flatten();
            let copies = left.filter(|entry| {
                entry
                    .file_name()
                    .as_encoded_bytes()
                    .starts_with(b"hookd-index-")
            });
            assert!(copies.count() == 0 || kind == "kill", "{what}");
            let is_over = ran.done.code == 0 && !ran.report.contains("error");
            if is_over && (kind == "full" || step > 30) {
                eprintln!("staging: {kind} at {step} steps");
                break;
            }
            assert!(step < 199, "no end of steps");
        }
    }
}

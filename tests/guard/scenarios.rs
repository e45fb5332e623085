//! Every state of a repository × what a hook does × how it is committed: the built program, installed, driven by git alone.

use super::*;

mod during;
mod odd;
mod table;

use table::STATES;

/// Thirty lines: room for hunks that do not touch.
fn lines() -> String {
    (1..=30).map(|n| format!("line {n}\n")).collect()
}

/// A repository with a few files, a hook and hookd installed. The hook fails with 7 unless it sees what is staged.
fn hooked(mode: &str, more: &str) -> Sandbox {
    let sandbox = Sandbox::new();
    prepare(&sandbox, mode, more);
    sandbox
}

fn prepare(sandbox: &Sandbox, mode: &str, more: &str) {
    let script = sandbox.top().join("hook.sh");
    let text = format!(
        "#!/bin/sh\nmode=$1; shift\ntest -e hookd.toml && test -e .git || exit 8\n{SEES_STAGED}\ncase $mode in\nfail) exit 1;;\n\
         fix) for f; do if test -f \"$f\" && test ! -L \"$f\"; then sed -i '1i FIX' \"$f\"; fi; done;;\nesac\n"
    );
    fs::write(&script, text).unwrap();
    let config = format!(
        "[[hook]]\nid = 't'\nrun = '/bin/sh \"$HOME/../hook.sh\" {mode}'\n{more}\n[scan.hygiene]\nenabled = false\n"
    );
    sandbox.write("hookd.toml", config);
    for path in ["a", "b", "c", "d/e/f", "d/g"] {
        sandbox.write(path, lines());
    }
    symlink("a", sandbox.repo.join("link")).unwrap();
    commit_all(sandbox);
    sandbox.hookd(["install"]).expect(0);
}

/// Replaces one line of a file.
fn line(sandbox: &Sandbox, path: &str, number: usize, text: &str) {
    let content = fs::read(sandbox.repo.join(path)).unwrap();
    let mut lines: Vec<&[u8]> = content.split_inclusive(|&byte| byte == b'\n').collect();
    let text = format!("{text}\n");
    lines[number - 1] = text.as_bytes();
    let content = lines.concat();
    sandbox.write(path, content);
}

fn add(sandbox: &Sandbox) {
    sandbox.git(["add", "-A"]);
}

/// A staged line at the top, an unstaged one at the end.
fn partly(sandbox: &Sandbox, path: &str) {
    line(sandbox, path, 3, "staged");
    sandbox.git(["add", "--", path]);
    line(sandbox, path, 28, "unstaged");
}

/// No transaction and no private index is left.
#[track_caller]
fn assert_nothing_left(sandbox: &Sandbox, what: &str) {
    let git_dir = git_dir(sandbox);
    for folder in [git_dir.join("hookd"), git_dir.to_path_buf()] {
        for entry in fs::read_dir(&folder).into_iter().flatten().flatten() {
            let name = entry.file_name().into_string().unwrap_or_default();
            let is_left = name.starts_with("txn-")
                || name.starts_with("hookd-index-")
                || Path::new(&name)
                    .extension()
                    .is_some_and(|end| end == "lock");
            assert!(!is_left, "{what}: {name} is left");
        }
    }
    assert!(!sandbox.repo.join(".git-hookd").exists(), "{what}");
}

/// The files of the worktree with a fixer's lines taken out again, without times and inodes.
fn without_fixes(state: &State) -> BTreeMap<&Path, (u32, String)> {
    let clean = |seen: &Seen| {
        seen.content
            .escape_ascii()
            .to_string()
            .replace("FIX\\n", "")
    };
    let files = state.files.iter();
    files
        .map(|(path, seen)| (path.as_path(), (seen.mode, clean(seen))))
        .collect()
}

/// One state: the hook fails, passes, changes files, changes and stages them.
fn every_outcome(name: &str, set_up: fn(&Sandbox)) {
    let failing = hooked("fail", "");
    set_up(&failing);
    let before = state(&failing);
    let staged = failing.try_git(["write-tree"]).out;
    failing.try_git(["commit", "-qm", "x"]).expect(1);
    assert_same(&before, &state(&failing), &format!("{name}: fails"));
    assert_nothing_left(&failing, name);
    let run = failing
        .hookd(["run", "--offline", "--format", "json"])
        .expect(1);
    assert!(run.out.contains("\"failed\""), "{name}: {}", run.out);
    assert_same(&before, &state(&failing), &format!("{name}: run"));

    let passing = hooked("pass", "");
    set_up(&passing);
    let before = state(&passing);
    let staged_here = passing.try_git(["write-tree"]).out;
    passing.try_git(["commit", "-qm", "x"]).expect(0);
    let after = state(&passing);
    assert_eq!(before.files, after.files, "{name}: passes");
    assert_eq!(
        passing.git(["rev-parse", "HEAD^{tree}"]),
        staged_here,
        "{name}"
    );
    assert_nothing_left(&passing, name);
    // Only the mode of the hook, in the configuration, differs.
    assert_eq!(staged.is_empty(), staged_here.is_empty(), "{name}");

    let fixing = hooked("fix", "");
    set_up(&fixing);
    let before = state(&fixing);
    let done = fixing.try_git(["commit", "-qm", "x"]);
    let after = state(&fixing);
    assert_eq!(before.head, after.head, "{name}: fixed {}", done.err);
    assert_eq!(before.index, after.index, "{name}: fixed");
    assert_eq!(
        without_fixes(&before),
        without_fixes(&after),
        "{name}: fixed"
    );

    let staging = hooked("fix", "stage_fixed = true");
    set_up(&staging);
    let before = state(&staging);
    staging.try_git(["commit", "-qm", "x"]).expect(0);
    let after = state(&staging);
    assert_eq!(
        without_fixes(&before),
        without_fixes(&after),
        "{name}: staged"
    );
    let show = staging.git([
        "log",
        "-1",
        "-p",
        "--format=",
        "--no-ext-diff",
        "--no-textconv",
        "--no-color",
        "-m",
        "--first-parent",
    ]);
    assert!(
        show.contains("+FIX"),
        "{name}: the fix is not committed: {show}"
    );
    assert_nothing_left(&staging, name);
}

fn states_of(group: &str) {
    let mut count = 0;
    for (name, set_up) in STATES.iter().filter(|(name, _)| name.starts_with(group)) {
        every_outcome(name, *set_up);
        count += 1;
    }
    assert!(count > 2, "{group}");
}

#[test]
fn hunks() {
    states_of("hunks");
}

#[test]
fn additions_and_deletions() {
    states_of("paths");
}

#[test]
fn kinds_of_files() {
    states_of("kinds");
}

#[test]
fn obstacles() {
    states_of("obstacle");
}

#[test]
fn flags_of_entries() {
    states_of("flags");
}

#[test]
fn contents() {
    states_of("contents");
}

#[test]
fn settings() {
    states_of("settings");
}

#[test]
fn operations_in_progress() {
    states_of("operation");
}

/// Git itself is the oracle: what the same commit comes to without hooks.
#[test]
fn ways_to_commit() {
    const WAYS: [&[&str]; 7] = [
        &["commit", "-qm", "x"],
        &["commit", "-qam", "x"],
        &["commit", "-qm", "x", "--only", "a"],
        &["commit", "-qm", "x", "--", "a", "b"],
        &["commit", "-qm", "x", "--include", "b"],
        &["commit", "-q", "--amend", "-m", "x"],
        &["commit", "-qm", "x", "--allow-empty"],
    ];
    const OF: [&str; 4] = [
        "hunks: far apart",
        "paths: added",
        "kinds: a mode",
        "hunks: overlapping",
    ];
    for (name, set_up) in STATES.iter().filter(|(name, _)| OF.contains(name)) {
        for way in WAYS {
            let what = format!("{name}: {way:?}");
            let plain = hooked("pass", "");
            set_up(&plain);
            let code = plain
                .try_git(["commit", "--no-verify"].iter().chain(&way[1..]))
                .code;
            let passing = hooked("pass", "");
            set_up(&passing);
            let before = state(&passing);
            passing.try_git(way).expect(code);
            let after = state(&passing);
            assert_eq!(before.files, after.files, "{what}");
            assert_eq!(after.index, state(&plain).index, "{what}");
            let tree = ["rev-parse", "HEAD^{tree}"];
            assert_eq!(passing.git(tree), plain.git(tree), "{what}");
            assert_nothing_left(&passing, &what);

            if code != 0 {
                // Nothing to commit: no hook has anything to say.
                continue;
            }
            let failing = hooked("fail", "");
            set_up(&failing);
            let before = state(&failing);
            failing.try_git(way).expect(1);
            assert_same(&before, &state(&failing), &what);
            assert_nothing_left(&failing, &what);
        }
    }
}

#[test]
fn restaged_fixes_in_every_way_to_commit() {
    for way in [
        &["commit", "-qm", "x", "a"][..],
        &["commit", "-qam", "x"],
        &["commit", "-qm", "x", "--include", "a"],
        &["commit", "-q", "--amend", "-m", "x"],
    ] {
        let sandbox = hooked("fix", "stage_fixed = true");
        partly(&sandbox, "a");
        sandbox.git(way);
        let what = format!("{way:?}");
        assert!(
            sandbox.git(["show", "HEAD:a"]).starts_with("FIX\n"),
            "{what}"
        );
        assert_eq!(
            sandbox.git(["diff", "--cached", "--name-only"]),
            "",
            "{what}"
        );
        assert!(read(&sandbox, "a").starts_with("FIX\n"), "{what}");
        assert!(read(&sandbox, "a").contains("\nunstaged\n"), "{what}");
        assert_nothing_left(&sandbox, &what);
    }
}

#[test]
fn from_a_subfolder_a_linked_folder_and_hunk_by_hunk() {
    let sandbox = hooked("fail", "");
    partly(&sandbox, "a");
    symlink(&sandbox.repo, sandbox.top().join("through")).unwrap();
    let before = state(&sandbox);
    for folder in [
        sandbox.repo.join("d/e"),
        sandbox.top().join("through"),
        sandbox.top().join("through/d"),
    ] {
        let mut git = sandbox.command("git");
        git.args(["commit", "-qm", "x"]).current_dir(&folder);
        let done: Done = git.output().unwrap().into();
        done.expect(1);
        assert_same(&before, &state(&sandbox), &folder.display().to_string());
    }
    let hunks = hooked("pass", "");
    line(&hunks, "a", 3, "wanted");
    line(&hunks, "a", 28, "not yet");
    let file = fs::metadata(hunks.repo.join("a")).unwrap();
    let mut git = hunks.command("sh");
    git.args(["-c", "printf 'y\\nn\\n' | git commit -qpm x"]);
    let done: Done = git.output().unwrap().into();
    done.expect(0);
    let committed = hunks.git(["show", "HEAD:a"]);
    assert!(committed.contains("wanted") && !committed.contains("not yet"));
    assert!(read(&hunks, "a").contains("not yet"));
    let now = fs::metadata(hunks.repo.join("a")).unwrap();
    assert_eq!(
        (file.ino(), file.mtime_nsec()),
        (now.ino(), now.mtime_nsec())
    );
}

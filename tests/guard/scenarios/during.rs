//! What happens while commands run: what they do to the repository, what the user does, and how they end.

use super::*;
use std::process::Stdio;
use std::time::Instant;

/// A repository whose only hook runs `script`, with a partly staged `a` and a fully staged `b`.
fn running(script: &str, more: &str) -> Sandbox {
    let sandbox = hooked("pass", "");
    let config = format!(
        "[[hook]]\nid = 't'\nrun = '''{script} # $@'''\n{more}\n[scan.hygiene]\nenabled = false\n"
    );
    sandbox.write("hookd.toml", config);
    commit_all(&sandbox);
    sandbox.hookd(["install"]).expect(0);
    partly(&sandbox, "a");
    line(&sandbox, "b", 3, "staged");
    sandbox.git(["add", "b"]);
    sandbox
}

const WAYS: [&[&str]; 4] = [
    &["commit", "-qm", "x"],
    &["commit", "-qam", "x"],
    &["commit", "-qm", "x", "--only", "a"],
    &["commit", "-qm", "x", "--include", "b"],
];

#[test]
fn a_command_that_stages_its_fix_itself() {
    for way in WAYS {
        let sandbox = running("sed -i \"1i FIX\" a; git add a", "");
        let before = state(&sandbox);
        sandbox.git(way);
        let what = format!("{way:?}");
        assert!(
            sandbox.git(["show", "HEAD:a"]).starts_with("FIX\n"),
            "{what}"
        );
        assert_eq!(
            sandbox.git(["diff", "--cached", "--name-only", "--", "a"]),
            "",
            "{what}"
        );
        assert_eq!(
            without_fixes(&before),
            without_fixes(&state(&sandbox)),
            "{what}"
        );
        assert_nothing_left(&sandbox, &what);
    }
    // Overlapping: both versions are kept.
    let sandbox = running("sed -i s/^line\\ 28/fixed/ a; git add a", "");
    let before = state(&sandbox);
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(0);
    assert!(sandbox.git(["show", "HEAD:a"]).contains("\nfixed\n"));
    assert_eq!(before.files, state(&sandbox).files);
    assert!(done.all().contains("saved"), "{}", done.all());
}

#[test]
fn a_command_that_adds_and_removes_files() {
    for way in WAYS {
        let sandbox = running(
            "echo made > made; git add made; git rm -q --cached c; git mv d/g d/h",
            "",
        );
        sandbox.git(way);
        let what = format!("{way:?}");
        let tree = sandbox.git(["ls-tree", "-r", "--name-only", "HEAD"]);
        assert!(
            tree.contains("made\n") && tree.contains("d/h\n"),
            "{what}: {tree}"
        );
        assert!(
            !tree.contains("c\nd") && !tree.contains("d/g\n"),
            "{what}: {tree}"
        );
        let staged = sandbox.git(["diff", "--cached", "--name-only"]);
        let expected = if way.contains(&"--only") { "b\n" } else { "" };
        assert_eq!(staged, expected, "{what}");
        assert_eq!(read(&sandbox, "c"), lines(), "{what}");
    }
    // Nothing of it is staged where another hook says no.
    let more = "[[hook]]\nid = 'no'\nrun = 'exit 1 #'\ndepends_on = 't'";
    for way in &WAYS[1..3] {
        let sandbox = running("echo made > made; git add made", more);
        let index = state(&sandbox).index;
        sandbox.try_git(*way).expect(1);
        assert_eq!(state(&sandbox).index, index);
    }
}

#[test]
fn a_command_that_edits_a_file_with_unstaged_changes_only() {
    let sandbox = running("sed -i s/^line\\ 3$/fixed/ c", "");
    line(&sandbox, "c", 28, "unstaged");
    let index = state(&sandbox).index;
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    let text = read(&sandbox, "c");
    assert!(
        text.contains("\nfixed\n") && text.contains("\nunstaged\n"),
        "{text}"
    );
    assert_eq!(state(&sandbox).index, index);
}

#[test]
fn a_command_that_overlaps_deletes_or_replaces() {
    for script in [
        "sed -i s/^line\\ 28/fixed/ a",
        "rm a",
        "rm a; ln -s /etc/passwd a",
        "rm a; mkdir a; echo x > a/y",
        "rm a; mkfifo a",
        ": > a",
        "mv a moved",
        "rm -rf d; ln -s /tmp d",
    ] {
        let sandbox = running(script, "");
        line(&sandbox, "d/g", 28, "unstaged");
        let before = state(&sandbox);
        sandbox.try_git(["commit", "-qm", "x"]).expect(1);
        let after = state(&sandbox);
        for path in ["a", "b", "d/g"] {
            let path = Path::new(path);
            assert_eq!(
                before.files.get(path),
                after.files.get(path),
                "{script}: {}",
                path.display()
            );
        }
        assert_eq!(before.index, after.index, "{script}");
        assert_nothing_left(&sandbox, script);
    }
}

#[test]
fn a_lock_that_a_command_leaves() {
    let sandbox = running(
        "touch .git/index.lock; sed -i \"1i FIX\" a",
        "stage_fixed = true",
    );
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(0);
    assert!(done.all().contains("index.lock"), "{}", done.all());
    sandbox.git(["add", "a"]);
}

#[test]
fn the_user_saves_meanwhile() {
    for path in ["a", "b", "c", "new"] {
        let sandbox = running(
            "touch ../go; while [ ! -e ../done ]; do sleep 0.02; done; true",
            "",
        );
        let mut git = sandbox.command("git");
        git.args(["commit", "-qm", "x"])
            .stderr(Stdio::null())
            .stdout(Stdio::null());
        let mut git = git.spawn().unwrap();
        wait_for(&sandbox.top().join("go"));
        sandbox.write(path, "saved by the user\n");
        fs::write(sandbox.top().join("done"), "").unwrap();
        git.wait().unwrap();
        let mut texts = vec![read(&sandbox, path)];
        if path == "a" {
            let mut kept = BTreeMap::new();
            let folder = sandbox.repo.join(".git/hookd/saved");
            walk(&folder, &folder, &|_| false, &mut kept);
            texts.extend(
                kept.into_values()
                    .map(|seen| String::from_utf8(seen.content).unwrap()),
            );
            assert!(
                texts.iter().any(|text| text.contains("\nunstaged\n")),
                "{texts:?}"
            );
        } else {
            assert_eq!(texts[0], "saved by the user\n", "{path}");
        }
        assert!(
            texts.iter().any(|text| text == "saved by the user\n"),
            "{texts:?}"
        );
    }
}

/// Waits until a file is there.
fn wait_for(path: &Path) {
    let begun = Instant::now();
    while !path.exists() {
        assert!(
            begun.elapsed() < Duration::from_secs(30),
            "{} never came",
            path.display()
        );
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn a_test_suite_with_a_repository_of_its_own() {
    // The author is known from the environment only: people are no secret of one repository.
    let script = "mkdir ../own && cd ../own && git init -q . && echo n > n && git add n && git commit -qm nested && git config own.key x && test \"$(git ls-files)\" = n";
    for way in WAYS {
        let sandbox = running(script, "");
        let mut git = sandbox.command("git");
        git.args(["-c", "core.abbrev=7"]).args(way);
        let done: Done = git.output().unwrap().into();
        done.expect(0);
        assert!(!sandbox.git(["log", "--format=%s"]).contains("nested"));
        assert!(!sandbox.git(["ls-files"]).lines().any(|path| path == "n"));
        assert!(!read(&sandbox, ".git/config").contains("own"));
    }
}

/// Starts a commit whose hook never ends by itself, waits for the hook, sends `signals` to the whole group.
fn interrupted(sandbox: &Sandbox, signals: &[&str], group: bool) -> i32 {
    use std::os::unix::process::{CommandExt, ExitStatusExt};
    let mut command = if group {
        let mut git = sandbox.command("git");
        git.args(["commit", "-qm", "x"]);
        git
    } else {
        let mut hookd = sandbox.command(Sandbox::program());
        hookd.arg("run");
        hookd
    };
    command
        .process_group(0)
        .stdout(Stdio::null())
        .stderr(Stdio::null());
    let mut child = command.spawn().unwrap();
    wait_for(&sandbox.top().join("go"));
    let to = format!("{}{}", if group { "-" } else { "" }, child.id());
    for signal in signals {
        let sent = Command::new("kill")
            .args(["-s", signal, "--", &to])
            .status();
        assert!(sent.unwrap().success());
    }
    let status = child.wait().unwrap();
    status.code().or(status.signal().map(|n| -n)).unwrap()
}

#[test]
fn signals_end_the_commit_and_its_commands() {
    for ignoring in ["", "trap \"\" INT TERM HUP; "] {
        for signals in [&["INT"][..], &["INT", "INT", "INT"], &["TERM"], &["HUP"]] {
            let sandbox = running(
                &format!(
                    "{ignoring}sed -i s/2/half/ a; echo $$ > ../pid; touch ../go; while :; do sleep 0.1; done"
                ),
                "",
            );
            let before = state(&sandbox);
            // git itself dies of the signal; hookd goes on for as long as it takes to put everything back.
            interrupted(&sandbox, signals, true);
            let begun = Instant::now();
            let hookd = sandbox.repo.join(".git/hookd");
            while fs::read_dir(&hookd)
                .unwrap()
                .flatten()
                .any(|entry| entry.file_name().as_encoded_bytes().starts_with(b"txn-"))
            {
                assert!(begun.elapsed() < Duration::from_secs(10), "{signals:?}");
                std::thread::sleep(Duration::from_millis(20));
            }
            assert_same(&before, &state(&sandbox), &format!("{signals:?}"));
            assert!(!is_alive(&sandbox), "{ignoring}{signals:?}");
        }
    }
    let sandbox = running("touch ../go; while :; do sleep 0.1; done", "");
    let before = state(&sandbox);
    assert_eq!(interrupted(&sandbox, &["INT"], false), 130);
    assert_same(&before, &state(&sandbox), "run");
}

/// Whether the command that wrote its number still runs; a dead one that nobody has waited for does not.
fn is_alive(sandbox: &Sandbox) -> bool {
    let pid = fs::read_to_string(sandbox.top().join("pid")).unwrap();
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.trim())).unwrap_or_default();
    stat.rsplit_once(')')
        .is_some_and(|(_, rest)| !rest.starts_with(" Z"))
}

#[test]
fn killed_and_put_back_by_the_next_command() {
    let sandbox = running(
        "echo $$ > ../pid; touch ../go; while :; do sleep 0.1; echo late >> a; done",
        "",
    );
    let before = state(&sandbox);
    assert_eq!(interrupted(&sandbox, &["KILL"], false), -9);
    let done = sandbox.hookd(["run", "--skip", "t"]).expect(0);
    assert!(done.err.contains("killed"), "{}", done.err);
    std::thread::sleep(Duration::from_millis(300));
    assert_same(&before, &state(&sandbox), "killed");
    assert!(
        !is_alive(&sandbox),
        "what the killed run had started is ended"
    );
    assert_nothing_left(&sandbox, "killed");
}

#[test]
fn what_commands_leave_in_the_background() {
    let begun = Instant::now();
    let sandbox = running("(while :; do sleep 1; done) & echo $! > ../pid; true", "");
    sandbox.git(["commit", "-qm", "x"]);
    assert!(begun.elapsed() < Duration::from_secs(20));
    std::thread::sleep(Duration::from_millis(100));
    assert!(!is_alive(&sandbox));
    let sandbox = running("trap \"\" TERM; while :; do sleep 1; done", "timeout = 1");
    let before = state(&sandbox);
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
    assert_same(&before, &state(&sandbox), "timeout");
}

#[test]
fn no_terminal_no_pipes_and_a_short_path() {
    let sandbox = running("true", "");
    let mut git = sandbox.command("sh");
    git.args(["-c", "git commit -qm x <&- >&- 2>&-"])
        .env("PATH", "/usr/bin:/bin");
    assert!(git.status().unwrap().success());
    let sandbox = running("echo loud; exit 1", "");
    let mut git = sandbox.command("sh");
    git.args(["-c", "git commit -qm x <&- >&- 2>&-"]);
    assert_eq!(git.status().unwrap().code(), Some(1));
}

#[test]
fn two_commits_at_once() {
    let sandbox = running("sleep 0.5", "");
    let linked = sandbox.top().join("linked");
    sandbox.git([
        OsStr::new("worktree"),
        "add".as_ref(),
        "-qb".as_ref(),
        "other".as_ref(),
        linked.as_os_str(),
    ]);
    fs::write(linked.join("a"), "theirs\n").unwrap();
    let before = state(&sandbox);
    let commit = |dir: &Path, args: &[&str]| {
        let mut git = sandbox.command("git");
        git.args(args)
            .current_dir(dir)
            .stderr(Stdio::null())
            .stdout(Stdio::null());
        git.spawn().unwrap()
    };
    let mut other = commit(&linked, &["commit", "-qam", "x"]);
    let mut first = commit(&sandbox.repo, &["commit", "-qm", "x"]);
    let mut second = commit(&sandbox.repo, &["commit", "-qm", "y"]);
    assert!(other.wait().unwrap().success());
    let codes = [
        first.wait().unwrap().success(),
        second.wait().unwrap().success(),
    ];
    assert!(codes.contains(&true), "{codes:?}");
    assert_eq!(before.files, state(&sandbox).files);
    assert_nothing_left(&sandbox, "two");
}

#[test]
fn fixers_do_not_follow_links() {
    let sandbox = Sandbox::new();
    let config = "[scan.hygiene]\nchecks = ['trailing-whitespace', 'end-of-file-fixer']\n";
    sandbox.write("hookd.toml", config);
    sandbox.write("folder/file", "blank \n");
    add(&sandbox);
    sandbox.hookd(["install"]).expect(0);
    let outside = sandbox.top().join("outside");
    fs::rename(sandbox.repo.join("folder"), &outside).unwrap();
    symlink("../outside", sandbox.repo.join("folder")).unwrap();
    symlink("../outside/file", sandbox.repo.join("link")).unwrap();
    sandbox.git(["add", "link"]);
    for args in [
        &["--offline"][..],
        &["--all", "--fix", "--offline"],
        &["--files", "folder/file", "--fix"],
    ] {
        sandbox.hookd([&["run"], args].concat());
        let now = fs::read_to_string(outside.join("file")).unwrap();
        assert_eq!(now, "blank \n", "{args:?}");
    }
    let sweep = sandbox.report(["--all", "--offline"]);
    assert_eq!(sweep["findings"].as_array().unwrap().len(), 0, "{sweep}");
}

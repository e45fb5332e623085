//! The worktree guard in real repositories: what commands see, and that every byte is back afterwards.
//!
//! The guard works on the process's environment and may be killed, so each run of it is a child: this test binary again,
//! with only [`child`] selected. It may stand in for a hook, too.

use crate::kit::{Done, Sandbox};
use hookd::git::{Changes, GuardError, GuardOptions, Repo, make_git_paths_absolute};
use std::collections::BTreeMap;
use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// Selects the child: the commands to run under the guard, or [`RECOVER`].
const SCRIPT: &str = "GUARD_TEST_SCRIPT";
/// Set: what commands changed is staged.
const STAGE: &str = "GUARD_TEST_STAGE";
/// Only paths with this beginning are visible.
const VISIBLE: &str = "GUARD_TEST_VISIBLE";
/// Where the child says what it did.
const REPORT: &str = "GUARD_TEST_REPORT";
const RECOVER: &str = "recover";

/// Fails unless the worktree shows what is staged. Entries made by `git add -N` are not staged.
const SEES_STAGED: &str = "git -c diff.autoRefreshIndex=true diff --quiet --diff-filter=a --ignore-submodules=all || exit 7;";

#[test]
fn child() {
    let Some(script) = std::env::var_os(SCRIPT) else {
        return;
    };
    make_git_paths_absolute();
    let mut report = String::new();
    let code = guarded(&script, &mut report).unwrap_or_else(|error| {
        report.push_str(&format!("error {error} | {}\n", error.hint()));
        if matches!(error, GuardError::Interrupted) {
            130
        } else {
            2
        }
    });
    if let Some(path) = std::env::var_os(REPORT) {
        fs::write(path, &report).unwrap();
    }
    std::process::exit(code);
}

fn guarded(script: &OsStr, report: &mut String) -> Result<i32, GuardError> {
    let repo = Repo::open(&std::env::current_dir().unwrap())?;
    if script == RECOVER {
        let recovered = repo.recover()?;
        report.push_str(&format!("{recovered:?}\n"));
        return Ok(0);
    }
    let prefix = std::env::var_os(VISIBLE).unwrap_or_default();
    let visible =
        |path: &hookd::model::RepoPath| path.as_bytes().starts_with(prefix.as_encoded_bytes());
    let mut guard = repo.guard(&GuardOptions {
        visible: &visible,
        deadline: Duration::from_secs(20),
        on_wait: &|_| (),
    })?;
    report.push_str(&format!("recovered {:?}\n", guard.recovered()));
    report.push_str(&format!("hidden {:?}\n", guard.hidden()));
    let mut snapshot = guard.snapshot(&visible)?;
    let mut command = Command::new("sh");
    command.arg("-c").arg(script).current_dir(repo.root());
    guard.command_env().apply(&mut command);
    let status = command.status().unwrap();
    let changed = snapshot.changed()?;
    assert!(snapshot.changed()?.is_empty(), "changed only once");
    report.push_str(&format!("changed {changed:?}\n"));
    if status.success() {
        guard.adopt()?;
    }
    if std::env::var_os(STAGE).is_some() {
        guard.take_stale_lock();
        guard.stage(&changed)?;
    }
    let restored = guard.restore(Changes::Merge)?;
    report.push_str(&format!("merged {:?}\n", restored.merged));
    for saved in &restored.saved {
        report.push_str(&format!(
            "saved {:?} {}\n",
            saved.path,
            saved.kept.display()
        ));
    }
    if let Some(lock) = restored.removed_lock {
        report.push_str(&format!("lock {}\n", lock.display()));
    }
    Ok(status.code().unwrap_or(99))
}

/// What a guarded run said and how it ended.
struct Ran {
    done: Done,
    report: String,
}

impl Ran {
    #[track_caller]
    fn expect(self, code: i32) -> Self {
        assert_eq!(
            self.done.code, code,
            "{}\n{}{}",
            self.report, self.done.out, self.done.err
        );
        self
    }

    /// The line of the report that begins with `word`, without it.
    #[track_caller]
    fn line(&self, word: &str) -> &str {
        self.report
            .lines()
            .find_map(|line| line.strip_prefix(word)?.strip_prefix(' '))
            .unwrap_or_default()
    }
}

fn child_command(sandbox: &Sandbox, script: &str) -> Command {
    let mut command = sandbox.command(std::env::current_exe().unwrap());
    command
        .args(["guard::child", "--exact", "--nocapture", "--test-threads=1"])
        .env(SCRIPT, script)
        .env(REPORT, sandbox.top().join("report"));
    command
}

fn finish(sandbox: &Sandbox, mut command: Command) -> Ran {
    let report = sandbox.top().join("report");
    let _ = fs::remove_file(&report);
    let done = command.output().unwrap().into();
    Ran {
        done,
        report: fs::read_to_string(report).unwrap_or_default(),
    }
}

fn run(sandbox: &Sandbox, script: &str) -> Ran {
    finish(sandbox, child_command(sandbox, script))
}

fn run_staging(sandbox: &Sandbox, script: &str) -> Ran {
    let mut command = child_command(sandbox, script);
    command.env(STAGE, "1");
    finish(sandbox, command)
}

/// Makes this binary the pre-commit hook.
fn as_hook(sandbox: &Sandbox, script: &str, stage: bool) {
    let quoted = |text: &OsStr| format!("'{}'", text.to_string_lossy().replace('\'', "'\\''"));
    let stage = if stage {
        format!("{STAGE}=1 ")
    } else {
        String::new()
    };
    let text = format!(
        "#!/bin/sh\n{SCRIPT}={} {REPORT}={} {stage}exec {} guard::child --exact --nocapture --test-threads=1\n",
        quoted(OsStr::new(script)),
        quoted(sandbox.top().join("report").as_os_str()),
        quoted(std::env::current_exe().unwrap().as_os_str()),
    );
    let hook = sandbox.git(["rev-parse", "--git-path", "hooks/pre-commit"]);
    let hook = sandbox.repo.join(hook.trim_end());
    fs::create_dir_all(hook.parent().unwrap()).unwrap();
    fs::write(&hook, text).unwrap();
    fs::set_permissions(&hook, fs::Permissions::from_mode(0o755)).unwrap();
}

/// One entry of the worktree: kind and mode, inode, time of change, content.
#[derive(Debug, PartialEq, Eq, Clone)]
struct Seen {
    mode: u32,
    inode: u64,
    modified: (i64, i64),
    content: Vec<u8>,
}

/// Everything that must be as it was.
#[derive(PartialEq, Eq)]
struct State {
    files: BTreeMap<PathBuf, Seen>,
    index: String,
    status: String,
    head: String,
    git_dir: BTreeMap<PathBuf, Vec<u8>>,
}

fn walk(root: &Path, dir: &Path, skip: &dyn Fn(&Path) -> bool, out: &mut BTreeMap<PathBuf, Seen>) {
    for entry in fs::read_dir(dir).unwrap().flatten() {
        let path = entry.path();
        let relative = path.strip_prefix(root).unwrap().to_path_buf();
        if skip(&relative) {
            continue;
        }
        let meta = fs::symlink_metadata(&path).unwrap();
        let is_dir = meta.is_dir();
        let content = if meta.is_symlink() {
            fs::read_link(&path)
                .unwrap()
                .as_os_str()
                .as_bytes()
                .to_vec()
        } else if meta.is_file() {
            fs::read(&path).unwrap()
        } else {
            Vec::new()
        };
        if is_dir {
            walk(root, &path, skip, out);
        }
        let seen = Seen {
            mode: meta.mode(),
            // Folders change when something in them does.
            inode: if is_dir { 0 } else { meta.ino() },
            modified: if is_dir {
                (0, 0)
            } else {
                (meta.mtime(), meta.mtime_nsec())
            },
            content,
        };
        out.insert(relative, seen);
    }
}

/// The git directory, by its bytes.
fn git_dir(sandbox: &Sandbox) -> PathBuf {
    let mut git = sandbox.command("git");
    let asked = git.args(["rev-parse", "--absolute-git-dir"]).output();
    let path = asked.unwrap().stdout;
    PathBuf::from(OsStr::from_bytes(path.strip_suffix(b"\n").unwrap()))
}

fn state(sandbox: &Sandbox) -> State {
    let mut files = BTreeMap::new();
    let skip = |path: &Path| path == Path::new(".git") || path == Path::new(".git-hookd");
    walk(&sandbox.repo, &sandbox.repo, &skip, &mut files);
    let bytes = |args: &[&str]| {
        let output = sandbox.command("git").args(args).output().unwrap();
        output.stdout.escape_ascii().to_string()
    };
    let git_dir = &git_dir(sandbox);
    let mut inside = BTreeMap::new();
    let skip = |path: &Path| {
        path.starts_with("hookd") || path.starts_with("objects") || path.starts_with("index")
            // Where a split index keeps most of it.
            || path.to_string_lossy().starts_with("sharedindex")
    };
    walk(git_dir, git_dir, &skip, &mut inside);
    State {
        files,
        // `status` refreshes the index, so it comes last.
        index: bytes(&["ls-files", "--stage", "-v", "-z"]),
        head: bytes(&["rev-parse", "HEAD", "HEAD^{tree}"]),
        status: bytes(&["status", "--porcelain=v2", "-z", "--ignored"]),
        git_dir: inside
            .into_iter()
            .map(|(path, seen)| (path, seen.content))
            .collect(),
    }
}

#[track_caller]
fn assert_same(before: &State, after: &State, what: &str) {
    let paths = before.files.keys().chain(after.files.keys());
    for path in paths {
        assert_eq!(
            before.files.get(path),
            after.files.get(path),
            "{what}: {}",
            path.display()
        );
    }
    assert_eq!(before.index, after.index, "{what}: index");
    assert_eq!(before.head, after.head, "{what}: HEAD");
    assert_eq!(before.status, after.status, "{what}: status");
    let paths = before.git_dir.keys().chain(after.git_dir.keys());
    for path in paths {
        assert_eq!(
            before.git_dir.get(path),
            after.git_dir.get(path),
            "{what}: .git/{}",
            path.display()
        );
    }
}

/// Nothing of a finished or recovered run is left.
#[track_caller]
fn assert_clean(sandbox: &Sandbox, what: &str) {
    let hookd = git_dir(sandbox).join("hookd");
    for entry in fs::read_dir(&hookd).into_iter().flatten().flatten() {
        let name = entry.file_name();
        assert!(
            name == "lock" || name == "saved",
            "{what}: {} is left",
            entry.path().display()
        );
    }
}

/// Runs commands that succeed and commands that fail, and compares everything.
#[track_caller]
fn survives(sandbox: &Sandbox, hidden: &[&str]) {
    let before = state(sandbox);
    for (end, code) in [("exit 0", 0), ("exit 1", 1)] {
        let ran = run(sandbox, &format!("{SEES_STAGED} {end}")).expect(code);
        assert_eq!(ran.line("hidden"), format!("{hidden:?}"));
        assert_eq!(ran.line("changed"), "[]");
        assert_same(&before, &state(sandbox), end);
        assert_clean(sandbox, end);
    }
}

fn commit_all(sandbox: &Sandbox) {
    sandbox.git(["add", "-A"]);
    sandbox.git(["commit", "-qm", "before", "--no-verify"]);
}

/// A repository with one commit of a few files.
fn committed() -> Sandbox {
    let sandbox = Sandbox::new();
    sandbox.write("a", "1\n2\n3\n4\n5\n6\n7\n8\n9\n");
    sandbox.write("b", "b\n");
    sandbox.write("d/c", "c\n");
    sandbox.write("d/e/f", "f\n");
    symlink("a", sandbox.repo.join("link")).unwrap();
    commit_all(&sandbox);
    sandbox
}

/// `a` with a staged change at the top and an unstaged one at the end.
fn partly_staged() -> Sandbox {
    let sandbox = committed();
    sandbox.write("a", "staged\n2\n3\n4\n5\n6\n7\n8\n9\n");
    sandbox.git(["add", "a"]);
    sandbox.write("a", "staged\n2\n3\n4\n5\n6\n7\n8\nunstaged\n");
    sandbox
}

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.repo.join(path)).unwrap()
}

fn remove(sandbox: &Sandbox, path: &str) {
    fs::remove_file(sandbox.repo.join(path)).unwrap();
}

fn set_mode(sandbox: &Sandbox, path: &str, mode: u32) {
    fs::set_permissions(sandbox.repo.join(path), fs::Permissions::from_mode(mode)).unwrap();
}

mod commands;
mod faults;
mod places;
mod scenarios;
mod states;

//! The index that git commits from, and the others there may be meanwhile.
//!
//! `git commit` works on the index itself. `git commit -a` and `--include` work on `index.lock`, which becomes the index
//! afterwards. `git commit PATH` commits from `next-index-PID.lock`, while `index.lock` waits to become the index
//! (`prepare_index` in git's builtin/commit.c): a fix must go into both, or the next commit would take it back.

use super::super::{GitError, Repo, command};
use super::disk;
use super::entries::{self, Entry};
use super::error::{GuardError, at};
use super::fault;
use super::stdin::with_paths;
use crate::env::GIT_INDEX_FILE;
use crate::model::{ObjectId, RepoPath};
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What the names of private copies in the git directory begin with.
const PRIVATE_PREFIX: &str = "hookd-index-";

/// The indexes of one run.
#[derive(Debug)]
pub(super) struct Index {
    root: PathBuf,
    /// The one git commits from.
    current: PathBuf,
    /// `index.lock`, where it waits to become the index after `git commit PATH`.
    waiting: Option<PathBuf>,
    /// The copy that commands get, where `current` is not the index itself.
    private: Option<Private>,
    /// The lock of the index that a command may leave behind; none where it was there before.
    pub(super) leftover: Option<PathBuf>,
}

#[derive(Debug)]
struct Private {
    path: PathBuf,
    /// How commands know it.
    name: OsString,
    /// As it was when it was made.
    stamp: (u64, i64, i64),
}

impl Index {
    /// Looks at which index git uses, and makes the private copy for commands where they need one.
    ///
    /// # Errors
    /// The copy cannot be written.
    pub(super) fn open(repo: &Repo) -> Result<Self, GuardError> {
        let current = repo.index_path();
        let (real, lock) = (repo.git_dir.join("index"), repo.git_dir.join("index.lock"));
        let is_temporary = !is_same_file(&current, &real);
        let is_partial = current
            .file_name()
            .is_some_and(|name| name.as_encoded_bytes().starts_with(b"next-index-"));
        let lock_is_there = std::fs::symlink_metadata(&lock).is_ok();
        let private = if is_temporary && current.is_file() {
            Some(Private::new(&current, repo)?)
        } else {
            None
        };
        Ok(Self {
            root: repo.root.clone(),
            waiting: Some(lock.clone()).filter(|_| is_partial && lock_is_there),
            leftover: Some(lock).filter(|_| !lock_is_there),
            current,
            private,
        })
    }

    /// What commands get as `GIT_INDEX_FILE`.
    pub(super) fn for_commands(&self) -> Option<OsString> {
        self.private.as_ref().map(|private| private.name.clone())
    }

    /// Stages the worktree's version of `paths` in every index that needs it.
    ///
    /// # Errors
    /// git refuses, for instance because another git holds the index.
    pub(super) fn stage(&self, paths: &[RepoPath]) -> Result<(), GuardError> {
        let wanted: HashSet<&RepoPath> = paths.iter().collect();
        let here = entries_of(&self.root, &self.current, &wanted)?;
        if let Some(waiting) = &self.waiting {
            let there = entries_of(&self.root, waiting, &wanted)?;
            // Where the waiting index has something else staged, it is not the version that was fixed.
            let same: Vec<&RepoPath> = paths
                .iter()
                .filter(|path| staged(&here, path) == staged(&there, path))
                .collect();
            stage_in(&self.root, waiting, &same, &there)?;
        }
        stage_in(
            &self.root,
            &self.current,
            &paths.iter().collect::<Vec<_>>(),
            &here,
        )
    }

    /// Paths that a command has staged itself in its private copy, so that the commit gets them as it would have without
    /// the copy. Only tracked files whose staged version is what is in the worktree: a repository that a test suite has
    /// made elsewhere may have used the copy, too.
    ///
    /// # Errors
    /// git cannot be asked.
    pub(super) fn staged_by_commands(&self) -> Result<Vec<RepoPath>, GuardError> {
        let Some(private) = self.private.as_ref().filter(|private| private.is_changed()) else {
            return Ok(Vec::new());
        };
        let before: HashMap<RepoPath, Entry> = entries::list(&self.root, Some(&self.current))?
            .into_iter()
            .map(|entry| (entry.path.clone(), entry))
            .collect();
        // A broken copy is the command's own affair.
        let after = entries::list(&self.root, Some(&private.path)).unwrap_or_default();
        let changed: Vec<Entry> = after
            .into_iter()
            .filter(|entry| {
                before
                    .get(&entry.path)
                    .is_some_and(|old| old.id != entry.id)
            })
            .collect();
        let paths: Vec<&RepoPath> = changed.iter().map(|entry| &entry.path).collect();
        let ids = super::hash::files(&self.root, &paths)?;
        let same = changed.into_iter().zip(ids);
        Ok(same
            .filter(|(entry, id)| *id == Some(entry.id))
            .map(|(entry, _)| entry.path)
            .collect())
    }

    /// Removes the private copy.
    pub(super) fn close(&self) {
        if let Some(private) = &self.private {
            let mut lock = private.path.clone().into_os_string();
            lock.push(".lock");
            let _ = std::fs::remove_file(&private.path);
            let _ = std::fs::remove_file(lock);
        }
    }
}

impl Private {
    fn new(current: &Path, repo: &Repo) -> Result<Self, GuardError> {
        let file = format!("{PRIVATE_PREFIX}{}", std::process::id());
        let path = repo.git_dir.join(&file);
        let _ = std::fs::remove_file(&path);
        disk::copy(current, &path).map_err(at("cannot be copied", current))?;
        // git looks for a relative name from the top of the worktree it is in. So this name means the copy here, and an
        // index of its own in a repository that a test suite makes elsewhere: those must not meet.
        let usual = repo.root.join(".git");
        let is_usual = usual.is_dir() && is_same_file(&usual, &repo.git_dir);
        let name = if is_usual {
            Path::new(".git").join(file)
        } else {
            path.clone()
        };
        Ok(Self {
            stamp: stamp(&path).unwrap_or_default(),
            path,
            name: name.into_os_string(),
        })
    }

    fn is_changed(&self) -> bool {
        stamp(&self.path).is_some_and(|now| now != self.stamp)
    }
}

/// Removes the copies that dead runs gave to their commands. The caller holds the lock.
pub(super) fn remove_private_copies(git_dir: &Path) {
    for entry in std::fs::read_dir(git_dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name
            .as_encoded_bytes()
            .starts_with(PRIVATE_PREFIX.as_bytes())
        {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn stamp(path: &Path) -> Option<(u64, i64, i64)> {
    let meta = std::fs::symlink_metadata(path).ok()?;
    Some((meta.ino(), meta.mtime(), meta.mtime_nsec()))
}

/// Whether two names mean one file, which need not be there yet.
fn is_same_file(a: &Path, b: &Path) -> bool {
    if a == b {
        return true;
    }
    match (std::fs::metadata(a), std::fs::metadata(b)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        (Err(_), Err(_)) => {
            let folder = |path: &Path| path.parent()?.canonicalize().ok();
            a.file_name() == b.file_name() && folder(a) == folder(b)
        }
        _ => false,
    }
}

fn entries_of(
    root: &Path,
    index: &Path,
    wanted: &HashSet<&RepoPath>,
) -> Result<HashMap<RepoPath, Entry>, GitError> {
    let list = entries::list(root, Some(index))?.into_iter();
    Ok(list
        .filter(|entry| wanted.contains(&entry.path))
        .map(|entry| (entry.path.clone(), entry))
        .collect())
}

fn staged<'a>(
    entries: &'a HashMap<RepoPath, Entry>,
    path: &RepoPath,
) -> Option<(&'a [u8], ObjectId)> {
    entries
        .get(path)
        .map(|entry| (entry.mode.as_slice(), entry.id))
}

fn stage_in(
    root: &Path,
    index: &Path,
    paths: &[&RepoPath],
    entries: &HashMap<RepoPath, Entry>,
) -> Result<(), GuardError> {
    let marked = |mark: fn(&Entry) -> bool| -> Vec<&RepoPath> {
        let marked = paths.iter().copied();
        marked
            .filter(|path| entries.get(path).is_some_and(mark))
            .collect()
    };
    let assumed = marked(|entry| entry.assume_unchanged);
    let skipped = marked(|entry| entry.skip_worktree);
    // git does not look at files with a mark, and takes one that is outside of a sparse checkout for deleted: the marks
    // are lifted for as long as it takes.
    update(root, index, &["--no-assume-unchanged"], &assumed)?;
    update(root, index, &["--no-skip-worktree"], &skipped)?;
    let done = update(root, index, &["--add", "--remove"], paths);
    update(root, index, &["--assume-unchanged"], &assumed)?;
    update(root, index, &["--skip-worktree"], &skipped)?;
    done
}

/// Runs git-update-index(1) on `paths`; on none it is not run.
fn update(
    root: &Path,
    index: &Path,
    options: &[&str],
    paths: &[&RepoPath],
) -> Result<(), GuardError> {
    if paths.is_empty() {
        return Ok(());
    }
    fault::step(true).map_err(at("cannot be written", index))?;
    let mut git = command::git(root);
    git.arg("update-index")
        .args(options)
        .args(["-z", "--stdin"])
        .env(GIT_INDEX_FILE, index);
    let done = with_paths(git, paths.iter().copied())?;
    if done.status.success() {
        return Ok(());
    }
    Err(GitError::Command {
        command: "update-index".to_owned(),
        message: command::message(&done),
    }
    .into())
}

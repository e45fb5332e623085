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
use super::private::{self, Private};
use super::stdin::with_paths;
use crate::env::GIT_INDEX_FILE;
use crate::model::{ObjectId, RepoPath};
use std::collections::{HashMap, HashSet};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

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

impl Index {
    /// Looks at which index git uses, and makes the private copy for commands where they need one.
    ///
    /// # Errors
    /// The copy cannot be written.
    pub(super) fn open(repo: &Repo) -> Result<Self, GuardError> {
        let current = repo.index_path();
        let (real, lock) = (repo.git_dir.join("index"), repo.git_dir.join("index.lock"));
        let is_temporary = !disk::is_same_file(&current, &real);
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

    /// Brings what commands have staged themselves in their private copy into the commit, as it would have come without
    /// the copy: added, changed and removed entries.
    ///
    /// # Errors
    /// git cannot be asked, or refuses.
    pub(super) fn adopt(&self) -> Result<(), GuardError> {
        let Some(private) = &self.private else {
            return Ok(());
        };
        let changes = private.changes(&self.root, &self.current)?;
        if changes.is_empty() {
            return Ok(());
        }
        if let Some(waiting) = &self.waiting {
            let wanted = changes.iter().map(|change| &change.path).collect();
            let there = entries_of(&self.root, waiting, &wanted)?;
            // As in `stage`.
            let same = changes
                .iter()
                .filter(|change| staged(&there, &change.path) == change.before());
            private::apply(&self.root, waiting, same)?;
        }
        private::apply(&self.root, &self.current, changes.iter())
    }

    /// The index that commands use, where it is a copy.
    pub(super) fn private(&self) -> Option<&Path> {
        self.private.as_ref().map(|private| private.path.as_path())
    }

    /// Removes the private copy.
    pub(super) fn close(&self) {
        if let Some(private) = &self.private {
            private.remove();
        }
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

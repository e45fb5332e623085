//! The copy of a temporary index that commands get: what they stage there reaches the commit only if everything passed, and
//! what a test suite does elsewhere never.

use super::super::{GitError, Repo, command};
use super::disk;
use super::entries::{self, Entry};
use super::error::{GuardError, at};
use super::fault;
use super::hash;
use super::stdin::with_input;
use crate::env::GIT_INDEX_FILE;
use crate::model::{ObjectId, RepoPath};
use std::collections::HashMap;
use std::ffi::OsString;
use std::fs::File;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// What the names of private copies in the git directory begin with.
const PREFIX: &str = "hookd-index-";

/// One copy.
#[derive(Debug)]
pub(super) struct Private {
    pub(super) path: PathBuf,
    /// How commands know it.
    pub(super) name: OsString,
    /// Whether that name means something else in another repository.
    is_own: bool,
    /// As it was when it was made.
    stamp: (u64, i64, i64),
}

/// What a command did to one entry.
#[derive(Debug)]
pub(super) struct Change {
    pub(super) path: RepoPath,
    before: Option<Entry>,
    after: Option<Entry>,
}

impl Change {
    /// Mode and id of the entry before.
    pub(super) fn before(&self) -> Option<(&[u8], ObjectId)> {
        let entry = self.before.as_ref()?;
        Some((entry.mode.as_slice(), entry.id))
    }
}

impl Private {
    /// Copies `current`, with its time: git compares files that are as new as the index with what is staged (racy-git, in
    /// git's technical documentation), and a copy that is newer would hide their changes.
    ///
    /// # Errors
    /// The copy cannot be written.
    pub(super) fn new(current: &Path, repo: &Repo) -> Result<Self, GuardError> {
        let file = format!("{PREFIX}{}", std::process::id());
        let path = repo.git_dir.join(&file);
        let _ = std::fs::remove_file(&path);
        disk::copy(current, &path)
            .and_then(|()| {
                let time = std::fs::metadata(current)?.modified()?;
                File::options().write(true).open(&path)?.set_modified(time)
            })
            .map_err(at("cannot be copied", current))?;
        // git looks for a relative name from the top of the worktree it is in. So this name means the copy here, and an
        // index of its own in a repository that a test suite makes elsewhere: those must not meet.
        let usual = repo.root.join(".git");
        let is_own = usual.is_dir() && disk::is_same_file(&usual, &repo.git_dir);
        let name = if is_own {
            Path::new(".git").join(file)
        } else {
            path.clone()
        };
        Ok(Self {
            stamp: stamp(&path).unwrap_or_default(),
            path,
            name: name.into_os_string(),
            is_own,
        })
    }

    /// What commands have changed in the copy of `current`.
    ///
    /// # Errors
    /// git cannot be asked.
    pub(super) fn changes(&self, root: &Path, current: &Path) -> Result<Vec<Change>, GuardError> {
        if stamp(&self.path).is_none_or(|now| now == self.stamp) {
            return Ok(Vec::new());
        }
        // A broken copy is the command's own affair.
        let Ok(after) = entries::list(root, Some(&self.path)) else {
            return Ok(Vec::new());
        };
        let mut changes = differences(entries::list(root, Some(current))?, after);
        let paths: Vec<&RepoPath> = changes.iter().map(|change| &change.path).collect();
        let mut ids = hash::files(root, &paths)?.into_iter();
        changes.retain(|change| self.is_meant(change, ids.next().flatten()));
        Ok(changes)
    }

    /// Whether a change belongs into the commit. `now`: the id of the file in the worktree. Where another repository may
    /// have used the copy, only what is in the worktree, too; and a new entry with another content than its file is one
    /// of `git add -N`.
    fn is_meant(&self, change: &Change, now: Option<ObjectId>) -> bool {
        let is_new = change.before.is_none();
        (self.is_own && !is_new) || change.after.as_ref().map(|entry| entry.id) == now
    }

    /// Removes the copy.
    pub(super) fn remove(&self) {
        let mut lock = self.path.clone().into_os_string();
        lock.push(".lock");
        let _ = std::fs::remove_file(&self.path);
        let _ = std::fs::remove_file(lock);
    }
}

/// Removed entries first: one may be where the folder of another one comes.
fn differences(before: Vec<Entry>, after: Vec<Entry>) -> Vec<Change> {
    let mut known: HashMap<RepoPath, Entry> = before
        .into_iter()
        .map(|entry| (entry.path.clone(), entry))
        .collect();
    let mut set = Vec::new();
    for entry in after {
        let old = known.remove(&entry.path);
        let is_same = old
            .as_ref()
            .is_some_and(|old| (old.id, &old.mode) == (entry.id, &entry.mode));
        if !is_same {
            set.push(Change {
                path: entry.path.clone(),
                before: old,
                after: Some(entry),
            });
        }
    }
    let mut changes: Vec<Change> = known
        .into_values()
        .map(|entry| Change {
            path: entry.path.clone(),
            before: Some(entry),
            after: None,
        })
        .collect();
    changes.append(&mut set);
    changes
}

/// Makes the changes in `index` (git-update-index(1), "Using --index-info").
///
/// # Errors
/// git refuses.
pub(super) fn apply<'a>(
    root: &Path,
    index: &Path,
    changes: impl Iterator<Item = &'a Change>,
) -> Result<(), GuardError> {
    let mut input = Vec::new();
    for change in changes {
        match (&change.after, &change.before) {
            (Some(entry), _) => {
                input.extend_from_slice(&entry.mode);
                input.extend_from_slice(format!(" {}\t", entry.id).as_bytes());
            }
            (None, Some(entry)) => {
                let none = "0".repeat(entry.id.as_bytes().len() * 2);
                input.extend_from_slice(format!("0 {none}\t").as_bytes());
            }
            (None, None) => continue,
        }
        input.extend_from_slice(change.path.as_bytes());
        input.push(0);
    }
    if input.is_empty() {
        return Ok(());
    }
    fault::step(true).map_err(at("cannot be written", index))?;
    let mut git = command::git(root);
    git.args(["update-index", "-z", "--index-info"])
        .env(GIT_INDEX_FILE, index);
    let done = with_input(&mut git, &input)?;
    if done.status.success() {
        return Ok(());
    }
    Err(GitError::Command {
        command: "update-index".to_owned(),
        message: command::message(&done),
    }
    .into())
}

/// Removes the copies that dead runs gave to their commands. The caller holds the lock.
pub(super) fn remove_left(git_dir: &Path) {
    for entry in std::fs::read_dir(git_dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        if name.as_encoded_bytes().starts_with(PREFIX.as_bytes()) {
            let _ = std::fs::remove_file(entry.path());
        }
    }
}

fn stamp(path: &Path) -> Option<(u64, i64, i64)> {
    let meta = std::fs::symlink_metadata(path).ok()?;
    Some((meta.ino(), meta.mtime(), meta.mtime_nsec()))
}

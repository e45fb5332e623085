//! The folder of one run: journal, staged versions on their way in, originals on their way back.

use super::disk;
use super::error::{GuardError, at};
use super::journal::{self, Home, Journal, Op};
use super::saved::Saver;
use super::signal::interrupted;
use crate::model::RepoPath;
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

/// The folder at the top of a worktree whose git directory is on another file system. It ignores itself.
const WORKTREE_HOME: &str = ".git-hookd";
/// What the names of transaction folders begin with.
const PREFIX: &str = "txn-";

/// Files that were moved out of the way, or are about to be.
#[derive(Debug)]
pub(super) struct Transaction {
    /// Holds the journal; always in the git directory, where recovery looks.
    record: PathBuf,
    /// Holds the files: the same folder, or one in the worktree.
    pub(super) data: PathBuf,
    /// The top of the worktree.
    pub(super) root: PathBuf,
    pub(super) ops: Vec<Op>,
    home: Home,
}

impl Transaction {
    /// Makes the folders. Nothing of the user's is touched.
    ///
    /// # Errors
    /// A folder cannot be made; those made so far are gone again.
    pub(super) fn begin(hookd: &Path, root: &Path) -> Result<Self, GuardError> {
        let name = free_name(hookd);
        let record = hookd.join(&name);
        let home = home(hookd, root).map_err(at("cannot be looked at", root))?;
        let transaction = Self {
            data: data_dir(home, &record, root, &name),
            record,
            root: root.to_path_buf(),
            ops: Vec::new(),
            home,
        };
        let made = transaction.make_dirs();
        made.map_err(|error| {
            let failed = at("cannot be written", &transaction.data)(error);
            transaction.remove();
            failed
        })?;
        Ok(transaction)
    }

    fn make_dirs(&self) -> io::Result<()> {
        disk::make_private_dir(&self.record)?;
        if self.home == Home::Worktree {
            let home = self.root.join(WORKTREE_HOME);
            disk::make_private_dirs(&home)?;
            let ignore = home.join(".gitignore");
            if disk::entry(&ignore)?.is_none() {
                disk::write_new(&ignore, b"*\n")?;
            }
            disk::make_private_dir(&self.data)?;
        }
        for folder in ["staged", "original", "base", "command", "merged", "spent"] {
            disk::make_private_dir(&self.data.join(folder))?;
        }
        Ok(())
    }

    /// The folder of a run that has died; `None` where its journal is not complete: then nothing was moved.
    ///
    /// # Errors
    /// The journal cannot be read or understood.
    pub(super) fn left_behind(record: &Path, root: &Path) -> io::Result<Option<Self>> {
        let Some(journal) = Journal::read(record)? else {
            return Ok(None);
        };
        // The worktree may have been moved since; where the folder of then is still there, it is the one.
        let root = if journal.root.is_dir() {
            journal.root
        } else {
            root.to_path_buf()
        };
        let name = record.file_name().unwrap_or_default().to_string_lossy();
        Ok(Some(Self {
            data: data_dir(journal.home, record, &root, &name),
            record: record.to_path_buf(),
            root,
            ops: journal.ops,
            home: journal.home,
        }))
    }

    /// Writes the plan to the disk, then does it. If a step fails, the caller puts back what was done.
    ///
    /// # Errors
    /// The journal cannot be written, a file cannot be moved, or a signal came.
    pub(super) fn hide(&mut self, ops: Vec<Op>) -> Result<(), GuardError> {
        self.ops = ops;
        let journal = Journal {
            root: self.root.clone(),
            home: self.home,
            ops: self.ops.clone(),
        };
        journal
            .write(&self.record)
            .map_err(at("cannot be written", &self.record))?;
        self.ops.iter().try_for_each(|op| self.hide_one(op))
    }

    fn hide_one(&self, op: &Op) -> Result<(), GuardError> {
        if interrupted() {
            return Err(GuardError::Interrupted);
        }
        let (Op::MakeDir(path) | Op::Aside(_, path) | Op::Place(_, path)) = op;
        let place = self.place(path);
        let done = match op {
            Op::MakeDir(_) => disk::make_dir(&place),
            Op::Aside(number, _) => disk::rename_new(&place, &self.original(*number)),
            Op::Place(..) => disk::rename_new(&self.staged(path), &place),
        };
        done.map_err(at("cannot be replaced by its staged version", &place))
    }

    /// Where a path is in the worktree.
    pub(super) fn place(&self, path: &RepoPath) -> PathBuf {
        self.root.join(path.to_path())
    }

    /// Where its staged version is before it is moved in.
    pub(super) fn staged(&self, path: &RepoPath) -> PathBuf {
        self.data.join("staged").join(path.to_path())
    }

    /// Where what was moved aside is.
    pub(super) fn original(&self, number: usize) -> PathBuf {
        self.numbered("original", number)
    }

    /// A file of one of the numbered folders.
    pub(super) fn numbered(&self, folder: &str, number: usize) -> PathBuf {
        self.data.join(folder).join(number.to_string())
    }

    /// Where versions are kept that could not be merged: on the file system of the moved files.
    pub(super) fn saver(&self, hookd: &Path) -> Saver {
        Saver::new(match self.home {
            Home::GitDir => hookd.to_path_buf(),
            Home::Worktree => self.root.join(WORKTREE_HOME),
        })
    }

    /// Ends the transaction: from now on there is nothing to recover. Folders that still hold an original stay.
    ///
    /// # Errors
    /// The journal cannot be closed.
    pub(super) fn finish(self) -> io::Result<()> {
        let journal = self.record.join(journal::NAME);
        if disk::entry(&journal)?.is_some() {
            disk::rename_new(&journal, &self.record.join(journal::DONE))?;
        }
        self.remove();
        Ok(())
    }

    /// Removes the folders as far as they hold nothing of the user's. What cannot be removed is left for the next run.
    pub(super) fn remove(&self) {
        // rmdir(2) as the last safety: an original that is still here has nowhere else to be.
        let empty = disk::remove_empty_dir(&self.data.join("original"));
        if !empty.unwrap_or(false) {
            return;
        }
        let _ = disk::remove_tree(&self.data);
        let _ = disk::remove_tree(&self.record);
        if self.home == Home::Worktree {
            remove_home(&self.root.join(WORKTREE_HOME));
        }
    }
}

/// Removes the folder in the worktree when nothing but its `.gitignore` is in it.
fn remove_home(home: &Path) {
    let alone = std::fs::read_dir(home).is_ok_and(|entries| {
        entries
            .flatten()
            .all(|entry| entry.file_name() == ".gitignore")
    });
    if alone {
        let _ = disk::remove_tree(home);
    }
}

/// The folders that dead runs have left.
///
/// # Errors
/// The folder is there and cannot be read.
pub(super) fn records(hookd: &Path) -> io::Result<Vec<PathBuf>> {
    let entries = match std::fs::read_dir(hookd) {
        Ok(entries) => entries,
        Err(error) if disk::is_absent(&error) => return Ok(Vec::new()),
        Err(error) => return Err(error),
    };
    let mut records = Vec::new();
    for entry in entries {
        let entry = entry?;
        if entry
            .file_name()
            .as_encoded_bytes()
            .starts_with(PREFIX.as_bytes())
        {
            records.push(entry.path());
        }
    }
    records.sort();
    Ok(records)
}

/// Removes a record whose journal was never complete or is closed, with the data it may have in the worktree.
pub(super) fn remove_dead(record: &Path, root: &Path) {
    let name = record.file_name().unwrap_or_default().to_string_lossy();
    for (home, data) in [
        (
            Home::Worktree,
            data_dir(Home::Worktree, record, root, &name),
        ),
        (Home::GitDir, record.to_path_buf()),
    ] {
        if disk::entry(&data).ok().flatten().is_some() {
            let left = Transaction {
                record: record.to_path_buf(),
                data,
                root: root.to_path_buf(),
                ops: Vec::new(),
                home,
            };
            left.remove();
        }
    }
}

fn data_dir(home: Home, record: &Path, root: &Path, name: &str) -> PathBuf {
    match home {
        Home::GitDir => record.to_path_buf(),
        Home::Worktree => root.join(WORKTREE_HOME).join(name),
    }
}

fn home(hookd: &Path, root: &Path) -> io::Result<Home> {
    let same = std::fs::metadata(hookd)?.dev() == std::fs::metadata(root)?.dev();
    Ok(if same { Home::GitDir } else { Home::Worktree })
}

/// A name that no dead run has used: process numbers come again.
fn free_name(hookd: &Path) -> String {
    let pid = std::process::id();
    let mut number = 0;
    loop {
        let name = format!("{PREFIX}{pid}-{number}");
        if std::fs::symlink_metadata(hookd.join(&name)).is_err() {
            return name;
        }
        number += 1;
    }
}

//! A look at what runs have left behind, which changes nothing.

use super::error::{GuardError, at};
use super::lock::Lock;
use super::{Repo, stale_lock, transaction};
use std::path::PathBuf;

/// What is left in a worktree of runs and commands that have ended.
#[derive(Debug, Default)]
pub struct Leftovers {
    /// Whether a hookd works here now: then what it needs is not looked at.
    pub busy: bool,
    /// How many killed runs have files of the user's that are not back in their places.
    pub transactions: usize,
    /// Folders with versions that were set aside.
    pub saved: Vec<PathBuf>,
    /// A lock of the index that nobody holds.
    pub index_lock: Option<PathBuf>,
}

impl Repo {
    /// Looks at what is left.
    ///
    /// # Errors
    /// A folder cannot be read.
    pub fn leftovers(&self) -> Result<Leftovers, GuardError> {
        let hookd = self.hookd_dir();
        let left = transaction::records(&hookd).map_err(at("cannot be read", &hookd))?;
        let path = hookd.join("lock");
        let taken = match left.is_empty() {
            true => None,
            false => Lock::try_take(&path).map_err(at("cannot be locked", &path))?,
        };
        let busy = !left.is_empty() && taken.is_none();
        let mut index_lock = self.index_path().into_os_string();
        index_lock.push(".lock");
        let index_lock = PathBuf::from(index_lock);
        let is_left = stale_lock::is_left_behind(&index_lock, [self.root(), self.git_dir()]);
        let mut saved: Vec<PathBuf> = match std::fs::read_dir(hookd.join("saved")) {
            Ok(entries) => entries.flatten().map(|entry| entry.path()).collect(),
            Err(_) => Vec::new(),
        };
        saved.sort();
        Ok(Leftovers {
            busy,
            transactions: if busy { 0 } else { left.len() },
            saved,
            index_lock: is_left.then_some(index_lock),
        })
    }
}

//! The worktree guard: commands see what is staged, and nobody loses a byte.
//!
//! Files that differ from what is staged are *renamed* into a transaction folder, and their staged versions into their
//! places; afterwards they are renamed back. What will be moved is written to a journal first, so that the next hookd
//! command can put back what a killed one has left. Nothing is ever overwritten, and nothing unknown is deleted.
//! See `docs/architecture.md` for why it is not a diff, a stash or a checkout.

mod checkout;
mod command_env;
mod contents;
mod disk;
mod entries;
mod error;
mod fault;
mod hash;
mod index;
mod journal;
mod leftovers;
mod lock;
mod merge;
mod orphans;
mod plan;
mod private;
mod recover;
mod restore;
mod saved;
mod signal;
mod snapshot;
mod stale_lock;
mod stat;
mod stdin;
mod transaction;
mod unstaged;

pub use command_env::GuardEnv;
pub use error::GuardError;
pub use leftovers::Leftovers;
pub use recover::Recovered;
pub use restore::Changes;
pub use saved::Saved;
pub use signal::{install_handlers, interrupted, interrupting_signal};
pub use snapshot::Snapshot;

use super::Repo;
use crate::env;
use crate::model::RepoPath;
use entries::Entry;
use error::at;
use index::Index;
use lock::Lock;
use stat::Stat;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;
use transaction::Transaction;
use unstaged::Unstaged;

/// The folder of hookd in the git directory of a worktree.
const FOLDER: &str = "hookd";

/// How to guard a worktree.
pub struct GuardOptions<'a> {
    /// Whether a command may look at a path: only such files are replaced by their staged versions.
    pub visible: &'a dyn Fn(&RepoPath) -> bool,
    /// How long to wait for another hookd in the same worktree.
    pub deadline: Duration,
    /// Told once when there is another one, with the number of its process where it is known.
    pub on_wait: &'a dyn Fn(Option<u32>),
}

/// A worktree in which commands see what is staged. [`Guard::restore`] ends it; a guard that is dropped puts everything
/// back as well, and sets changes by commands aside.
#[derive(Debug)]
pub struct Guard {
    root: PathBuf,
    git_dir: PathBuf,
    hookd: PathBuf,
    index: Index,
    /// The index as it was at the beginning.
    entries: Vec<Entry>,
    environment: GuardEnv,
    transaction: Option<Transaction>,
    hidden: Vec<RepoPath>,
    recovered: Option<Recovered>,
    /// Given back last. `None` where the git directory cannot be written and nothing had to be moved.
    _lock: Option<Lock>,
}

/// What [`Guard::restore`] did beside putting everything back as it was.
#[derive(Debug, Default)]
pub struct Restored {
    /// Files with unstaged work into which the changes of commands were merged.
    pub merged: Vec<RepoPath>,
    /// Versions that could not be merged, and things that stood in the way: the user's own files are as they were.
    pub saved: Vec<Saved>,
    /// A lock of the index that a command left behind; it was taken away, so that git works again.
    pub removed_lock: Option<PathBuf>,
}

impl Repo {
    /// Makes the worktree show what is staged, as far as commands look at it. Puts back first what a dead run has left.
    /// Where nothing visible is unstaged, nothing is moved.
    ///
    /// # Errors
    /// The index has conflicts, another hookd works here, a staged version cannot be written, a file cannot be replaced,
    /// a signal came. Everything is as it was then, unless the error is [`GuardError::Stuck`].
    pub fn guard(&self, options: &GuardOptions<'_>) -> Result<Guard, GuardError> {
        self.refuse_nested()?;
        let hookd = self.hookd_dir();
        let lock = self.lock(&hookd, options)?;
        let recovered = match lock {
            Some(_) => {
                private::remove_left(&self.git_dir);
                recover::recover(&hookd, &self.root)?
            }
            None => None,
        };
        install_handlers();
        let (entries, list) = unstaged::list(self, options.visible)?;
        if lock.is_none() && !list.is_empty() {
            // Says why: the folder cannot be written.
            make_folder(&hookd)?;
        }
        let index = Index::open(self)?;
        let git_dir = self.git_dir.clone().into_os_string();
        let mut guard = Guard {
            root: self.root.clone(),
            git_dir: self.git_dir.clone(),
            environment: GuardEnv::new(git_dir, index.for_commands()),
            index,
            entries,
            transaction: None,
            hidden: Vec::new(),
            recovered,
            hookd,
            _lock: lock,
        };
        guard.hide(list)?;
        Ok(guard)
    }

    /// Puts back what a run that died has left, and says so; `None` where there is nothing, or where the run is alive.
    ///
    /// # Errors
    /// Something cannot be put back; it is kept.
    pub fn recover(&self) -> Result<Option<Recovered>, GuardError> {
        let hookd = self.hookd_dir();
        let left = transaction::records(&hookd).map_err(at("cannot be read", &hookd))?;
        if left.is_empty() {
            return Ok(None);
        }
        let path = hookd.join("lock");
        match Lock::try_take(&path).map_err(at("cannot be locked", &path))? {
            Some(_lock) => recover::recover(&hookd, &self.root),
            None => Ok(None),
        }
    }

    fn hookd_dir(&self) -> PathBuf {
        self.git_dir.join(FOLDER)
    }

    /// A command that waits for the hookd that started it would wait for ever.
    fn refuse_nested(&self) -> Result<(), GuardError> {
        let outer =
            env::var(env::HOOKD_GUARD).and_then(|path| Path::new(&path).canonicalize().ok());
        match outer {
            Some(outer) if self.git_dir.canonicalize().is_ok_and(|own| own == outer) => {
                Err(GuardError::Nested)
            }
            _ => Ok(()),
        }
    }

    fn lock(&self, hookd: &Path, options: &GuardOptions<'_>) -> Result<Option<Lock>, GuardError> {
        match make_folder(hookd) {
            Ok(()) => {}
            // Looking at a repository that cannot be written is fine as long as nothing must be moved.
            Err(GuardError::Io { source, .. }) if is_read_only(&source) => return Ok(None),
            Err(error) => return Err(error),
        }
        match Lock::take(&hookd.join("lock"), options.deadline, options.on_wait) {
            Err(GuardError::Io { source, .. }) if is_read_only(&source) => Ok(None),
            taken => taken.map(Some),
        }
    }
}

impl Guard {
    /// What a run that died had left; it is back in its place.
    #[must_use]
    pub const fn recovered(&self) -> Option<&Recovered> {
        self.recovered.as_ref()
    }

    /// The files whose staged version is in their place.
    #[must_use]
    pub fn hidden(&self) -> &[RepoPath] {
        &self.hidden
    }

    /// The environment of commands.
    #[must_use]
    pub const fn command_env(&self) -> &GuardEnv {
        &self.environment
    }

    /// Remembers the tracked files that `visible` lets through as they are now, to ask later what has changed.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn snapshot(&self, visible: &dyn Fn(&RepoPath) -> bool) -> Result<Snapshot, GuardError> {
        Snapshot::take(&self.root, &self.entries, self.index.private(), visible)
    }

    /// Brings what commands have staged themselves into the commit, where they work on a copy of its index. Where they work
    /// on the index itself there is nothing to do. Call it before [`Guard::stage`], and only if everything passed.
    ///
    /// # Errors
    /// git refuses, for instance because something else holds the index.
    pub fn adopt(&self) -> Result<(), GuardError> {
        self.index.adopt()
    }

    /// Stages the present version of `paths`: of files that commands have fixed. Unstaged work does not go in, because it
    /// is out of the way. A path that is gone is staged as deleted.
    ///
    /// # Errors
    /// git refuses, for instance because something else holds the index.
    pub fn stage(&mut self, paths: &[RepoPath]) -> Result<(), GuardError> {
        if paths.is_empty() {
            return Ok(());
        }
        self.index.stage(paths)?;
        if let Some(transaction) = &mut self.transaction {
            let now = paths
                .iter()
                .filter_map(|path| Some((path.clone(), Stat::in_worktree(&self.root, path)?)));
            transaction.in_index.extend(now);
        }
        Ok(())
    }

    /// Puts everything back. What commands have changed in files with unstaged work is merged, or set aside where that
    /// cannot be, and after an interruption in any case.
    ///
    /// # Errors
    /// [`GuardError::Stuck`]: something could not be put back yet. The next hookd command tries again.
    pub fn restore(mut self, changes: Changes) -> Result<Restored, GuardError> {
        let changes = if interrupted() {
            Changes::SetAside
        } else {
            changes
        };
        self.put_back(changes)
    }

    /// Takes a lock that a dead command has left on the index out of the way, so that fixes can be staged. `None` where
    /// there is none, or somebody may still hold it.
    pub fn take_stale_lock(&mut self) -> Option<PathBuf> {
        let lock = self.index.leftover.clone()?;
        if !stale_lock::is_left_behind(&lock, [&self.root, &self.git_dir]) {
            return None;
        }
        let mut saver = saved::Saver::new(self.hookd.clone());
        saver.keep(&lock, &"index.lock".into()).ok()?;
        Some(lock)
    }

    fn hide(&mut self, list: Vec<Unstaged>) -> Result<(), GuardError> {
        if list.is_empty() {
            return Ok(());
        }
        let transaction = Transaction::begin(&self.hookd, &self.root)?;
        let transaction = self.transaction.insert(transaction);
        let prepared = prepare(transaction, list);
        match prepared.and_then(|(ops, hidden)| {
            self.hidden = hidden;
            transaction.hide(ops)
        }) {
            Ok(()) => Ok(()),
            Err(error) => {
                // Rolled back: what is left to say is what went wrong in the first place, unless that fails, too.
                self.put_back(Changes::SetAside)?;
                Err(error)
            }
        }
    }

    fn put_back(&mut self, changes: Changes) -> Result<Restored, GuardError> {
        let mut restored = Restored::default();
        if let Some(transaction) = self.transaction.take() {
            let (merged, saved) = recover::close(transaction, &self.hookd, changes)?;
            restored.merged = merged;
            restored.saved = saved;
        }
        restored.removed_lock = self.take_stale_lock();
        Ok(restored)
    }
}

impl Drop for Guard {
    fn drop(&mut self) {
        if self.transaction.is_some() {
            // There is nobody to tell; what fails here is put back by the next hookd command.
            let _ = self.put_back(Changes::SetAside);
        }
        self.index.close();
    }
}

/// Writes the staged versions and plans the steps. Nothing of the user's is touched.
fn prepare(
    transaction: &Transaction,
    mut list: Vec<Unstaged>,
) -> Result<(Vec<journal::Op>, Vec<RepoPath>), GuardError> {
    checkout::write(transaction, &list)?;
    let mut failed = None;
    list.retain(|file| {
        let same = file.unknown
            && checkout::is_as_staged(transaction, file).unwrap_or_else(|error| {
                failed = Some(error);
                true
            });
        !same
    });
    if let Some(error) = failed {
        return Err(error);
    }
    for (number, file) in list.iter().enumerate() {
        checkout::prepare(transaction, number, file)?;
    }
    let paths: Vec<RepoPath> = list.into_iter().map(|file| file.path).collect();
    let ops = plan::steps(&transaction.root, &paths.iter().collect::<Vec<_>>())
        .map_err(at("cannot be looked at", &transaction.root))?;
    Ok((ops, paths))
}

fn make_folder(path: &Path) -> Result<(), GuardError> {
    match std::fs::symlink_metadata(path) {
        Ok(meta) if meta.is_dir() => Ok(()),
        _ => disk::make_private_dirs(path).map_err(at("cannot be made", path)),
    }
}

fn is_read_only(error: &io::Error) -> bool {
    matches!(
        error.raw_os_error(),
        Some(libc::EROFS | libc::EACCES | libc::EPERM)
    )
}

//! The index as the guard finds it: read in this process where libgit2 can, by git where it cannot.

use super::super::{Folders, GitError, Repo};
use super::disk;
use super::entries::{self, Entry};
use super::stat::{Stat, recorded};
use crate::model::{ObjectId, RepoPath};
use std::path::Path;

/// Bits of libgit2's index.h: the stage of a conflict, and what git was told about a file.
const STAGE: u16 = 3 << 12;
const ASSUME_UNCHANGED: u16 = 1 << 15;
const SKIP_WORKTREE: u16 = 1 << 14;

/// The entries of the index.
pub(super) struct Contents {
    pub(super) entries: Vec<Entry>,
    /// Whether every file is known to be as staged. If not, git must be asked.
    pub(super) is_clean: bool,
}

impl Contents {
    /// Reads the index in this process; `None` where libgit2 cannot, or git is faster.
    pub(super) fn read(repo: &Repo) -> Option<Self> {
        // Before the index, so that a write in between makes files look changed and not clean.
        let written = Stat::of(&repo.index_path());
        let mut folders = Folders::default();
        let (_, mut index) = repo.library_for_index()?;
        // Something may have been staged since the repository was opened.
        index.read(false).ok()?;
        let mut contents = Self {
            entries: Vec::with_capacity(index.len()),
            is_clean: true,
        };
        for entry in index.iter() {
            let Some(id) = ObjectId::from_bytes(entry.id.as_bytes()) else {
                continue;
            };
            if entry.flags & STAGE != 0 {
                contents.is_clean = false;
                continue;
            }
            let path = RepoPath::new(entry.path.as_slice());
            let is_clean = is_as_staged(&repo.root, &path, &entry, written)
                && !folders.lead_elsewhere(&repo.root, &path);
            contents.is_clean &= is_clean;
            contents.entries.push(Entry {
                is_clean,
                mode: format!("{:06o}", entry.mode).into_bytes(),
                id,
                assume_unchanged: entry.flags & ASSUME_UNCHANGED != 0,
                skip_worktree: entry.flags_extended & SKIP_WORKTREE != 0,
                path,
            });
        }
        Some(contents)
    }

    /// Asks git for the entries.
    ///
    /// # Errors
    /// git cannot be asked.
    pub(super) fn ask(repo: &Repo) -> Result<Self, GitError> {
        Ok(Self {
            entries: entries::list(&repo.root, None)?,
            is_clean: false,
        })
    }
}

/// Whether a file has the times and the size that the index remembers, and cannot have been written after the index
/// within one tick of the clock ("racy git", technical documentation of git). Stricter than git: in doubt git is asked.
fn is_as_staged(
    root: &Path,
    path: &RepoPath,
    entry: &git2::IndexEntry,
    written: Option<Stat>,
) -> bool {
    const SUBMODULE: u32 = 0o160_000;
    if entry.mode == SUBMODULE || entry.flags_extended & super::super::staged::INTENT_TO_ADD != 0 {
        return true;
    }
    let (Some(now), Some(written)) = (Stat::in_worktree(root, path), written) else {
        // Outside of a sparse checkout no file is expected.
        return entry.flags_extended & SKIP_WORKTREE != 0
            && matches!(disk::entry(&root.join(path.to_path())), Ok(None));
    };
    let time = |time: git2::IndexTime| (i64::from(time.seconds()), i64::from(time.nanoseconds()));
    now.modified == time(entry.mtime)
        && now.changed == time(entry.ctime)
        && now.modified < written.modified
        // git keeps 32 bits of each.
        && now.size & 0xffff_ffff == u64::from(entry.file_size)
        && now.inode & 0xffff_ffff == u64::from(entry.ino)
        && now.kind() == recorded(entry.mode)
}

//! What the system knows of a file without reading it.

use crate::model::RepoPath;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What git records of a mode: the kind of file and, of regular files, whether it is executable. Systems show links with
/// every permission.
pub(super) const fn recorded(mode: u32) -> u32 {
    const KIND: u32 = 0o170_000;
    const LINK: u32 = 0o120_000;
    if mode & KIND == LINK {
        LINK
    } else {
        mode & (KIND | 0o100)
    }
}

/// What changes whenever a file is written, short of setting the clock back. Times are seconds and nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Stat {
    pub(super) inode: u64,
    pub(super) mode: u32,
    pub(super) size: u64,
    pub(super) modified: (i64, i64),
    pub(super) changed: (i64, i64),
}

impl Stat {
    /// Of what is at `path` itself; `None` where nothing is, or it cannot be looked at.
    pub(super) fn of(path: &Path) -> Option<Self> {
        let meta = std::fs::symlink_metadata(path).ok()?;
        Some(Self {
            inode: meta.ino(),
            mode: meta.mode(),
            size: meta.size(),
            modified: (meta.mtime(), meta.mtime_nsec()),
            changed: (meta.ctime(), meta.ctime_nsec()),
        })
    }

    /// Of a path of the worktree.
    pub(super) fn in_worktree(root: &Path, path: &RepoPath) -> Option<Self> {
        Self::of(&root.join(path.to_path()))
    }

    /// Whether it is the same file with the same content under another name: renaming changes one of the times.
    pub(super) fn is_renamed(self, other: Self) -> bool {
        Self {
            changed: other.changed,
            ..self
        } == other
    }

    /// The bits that git records: the kind of file, and whether it is executable.
    pub(super) const fn kind(self) -> u32 {
        recorded(self.mode)
    }
}

//! What the system knows of a file without reading it.

use crate::model::RepoPath;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

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

    /// The bits that git records: the kind of file, and whether it is executable.
    pub(super) const fn kind(self) -> u32 {
        self.mode & 0o170_100
    }
}

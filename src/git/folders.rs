//! Folders of a worktree that are not what they seem: a link in place of a folder leads elsewhere.

use crate::model::RepoPath;
use std::collections::HashMap;
use std::path::{Path, PathBuf};

/// Which folders are links, or below one. What stands at the other end is not the tracked file of that name: git takes it
/// for deleted (`has_symlink_leading_path` in git's symlinks.c). Each folder is looked at once.
#[derive(Debug, Default)]
pub struct Folders {
    seen: HashMap<PathBuf, bool>,
}

impl Folders {
    /// Whether a folder above `path` in the worktree `root` is a link.
    pub fn lead_elsewhere(&mut self, root: &Path, path: &RepoPath) -> bool {
        let folder = path.to_path().parent();
        folder.is_some_and(|folder| self.is_link(root, folder))
    }

    fn is_link(&mut self, root: &Path, folder: &Path) -> bool {
        if folder.as_os_str().is_empty() {
            return false;
        }
        if let Some(&known) = self.seen.get(folder) {
            return known;
        }
        let above = folder.parent();
        let is_link = above.is_some_and(|above| self.is_link(root, above))
            || std::fs::symlink_metadata(root.join(folder)).is_ok_and(|meta| meta.is_symlink());
        self.seen.insert(folder.to_path_buf(), is_link);
        is_link
    }
}

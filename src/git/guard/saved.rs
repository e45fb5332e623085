//! Versions that could not be brought back into the worktree, kept where they can be found.

use super::disk;
use crate::model::RepoPath;
use std::io;
use std::path::{Path, PathBuf};

/// One version of a file (or a folder) that was put aside.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Saved {
    /// Where it was in the worktree.
    pub path: RepoPath,
    /// Where it is now, absolute.
    pub kept: PathBuf,
}

/// Puts versions into `saved/TIME/PATH`; the folder is made when the first one comes.
pub(super) struct Saver {
    folder: PathBuf,
    pub(super) saved: Vec<Saved>,
}

impl Saver {
    pub(super) fn new(home: PathBuf) -> Self {
        let time = jiff::Timestamp::now().strftime("%Y%m%dT%H%M%SZ");
        Self {
            folder: home.join("saved").join(time.to_string()),
            saved: Vec::new(),
        }
    }

    /// Moves `from`, which was at `path`, into the folder.
    ///
    /// # Errors
    /// The disk is full, or the system refuses; it is still at `from`.
    pub(super) fn keep(&mut self, from: &Path, path: &RepoPath) -> io::Result<()> {
        let mut tries = 0;
        loop {
            let mut folder = self.folder.clone().into_os_string();
            if tries > 0 {
                folder.push(format!(".{tries}"));
            }
            let kept = PathBuf::from(folder).join(path.to_path());
            match keep_at(from, &kept) {
                Ok(()) => {
                    self.saved.push(Saved {
                        path: path.clone(),
                        kept,
                    });
                    return Ok(());
                }
                // A second version of the same path, or of a path below or above it.
                Err(error) if is_taken(&error) && tries < 1000 => tries += 1,
                Err(error) => return Err(error),
            }
        }
    }
}

fn is_taken(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::AlreadyExists | io::ErrorKind::NotADirectory
    )
}

fn keep_at(from: &Path, to: &Path) -> io::Result<()> {
    if let Some(folder) = to.parent() {
        disk::make_private_dirs(folder)?;
    }
    disk::rename_new(from, to)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn versions_of_clashing_paths_are_all_kept() {
        let dir = tempfile::tempdir().unwrap();
        let mut saver = Saver::new(dir.path().to_path_buf());
        for (number, path) in ["a", "a", "a/b", "c/d", "c"].iter().enumerate() {
            let from = dir.path().join("from");
            fs::write(&from, number.to_string()).unwrap();
            saver.keep(&from, &(*path).into()).unwrap();
        }
        for (number, saved) in saver.saved.iter().enumerate() {
            assert_eq!(fs::read_to_string(&saved.kept).unwrap(), number.to_string());
        }
    }
}

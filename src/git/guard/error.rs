//! What can go wrong while unsaved work is out of the way.

use super::super::GitError;
use std::io;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// Why the worktree could not be made to show what is staged, or not be put back at once.
#[derive(Debug, thiserror::Error)]
pub enum GuardError {
    /// git could not be asked.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A signal came before anything was moved, or everything is back in its place.
    #[error("interrupted")]
    Interrupted,
    /// Another hookd works in this worktree, and did not end in time.
    #[error("another hookd{} is at work in this worktree (waited {} s)", .pid.map(|pid| format!(" (process {pid})")).unwrap_or_default(), .waited.as_secs())]
    Busy {
        /// The process that holds the lock, where it is known.
        pid: Option<u32>,
        /// How long was waited.
        waited: Duration,
    },
    /// A command that hookd runs has started hookd again in the same worktree.
    #[error("hookd already runs in this worktree, and this is one of the commands it started")]
    Nested,
    /// A file or folder could not be used. Nothing of the user's was changed, or it is back in its place.
    #[error("{}: {doing}: {source}", .path.display())]
    Io {
        /// What was attempted.
        doing: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        #[source]
        source: io::Error,
    },
    /// Some files are not back in their place. Nothing is lost: everything is in the named folder.
    #[error("{} cannot be put back: {message}; it is kept in {}", .path.display(), .kept.display())]
    Stuck {
        /// The first path that could not be put back.
        path: PathBuf,
        /// Why.
        message: String,
        /// The folder with the originals.
        kept: PathBuf,
    },
}

impl GuardError {
    /// What to type next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::Git(error) => error.hint(),
            Self::Interrupted => "run it again",
            Self::Busy { .. } => "wait until it has ended, then try again",
            Self::Nested => "take the git or hookd call out of the hook",
            Self::Io { .. } => "mend that, then try again; your files are as they were",
            Self::Stuck { .. } => "mend that, then: hookd recover",
        }
    }
}

/// For `map_err`: what was attempted on which path.
pub(super) fn at(doing: &'static str, path: &Path) -> impl FnOnce(io::Error) -> GuardError {
    let path = path.to_path_buf();
    move |source| GuardError::Io {
        doing,
        path,
        source,
    }
}

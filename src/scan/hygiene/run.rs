//! What checks may know about the run as a whole; git is asked at most once, and only by a check that needs it.

use crate::git::{IndexPaths, Repo, Told};
use crate::model::Mode;
use crate::scan::ScanContext;
use std::path::Path;
use std::sync::OnceLock;

/// The run that checks are made for.
pub(super) struct Run {
    context: ScanContext,
    merging: OnceLock<bool>,
}

impl Run {
    /// A run in `context`.
    pub(super) fn new(context: &ScanContext) -> Self {
        Self {
            context: context.clone(),
            merging: OnceLock::new(),
        }
    }

    /// The root of what is checked.
    pub(super) fn root(&self) -> &Path {
        &self.context.root
    }

    /// Whether a file without an earlier content is one that the change adds.
    pub(super) fn judges_change(&self) -> bool {
        self.context.mode.judges_change()
    }

    /// Whether the run looks at what is staged.
    pub(super) fn staged(&self) -> bool {
        self.context.mode == Mode::Staged
    }

    /// Whether the file at hand is the message of a commit.
    pub(super) fn reads_message(&self) -> bool {
        self.context.reads_message
    }

    /// A message without what git takes out of it.
    ///
    /// # Errors
    /// git cannot be asked.
    pub(super) fn cleaned(&self, message: &[u8]) -> Result<Vec<u8>, String> {
        let repo = self.repo().ok_or("there is no repository")?;
        let cleanup = repo.cleanup().map_err(|error| error.to_string())?;
        Ok(cleanup.apply(message))
    }

    /// The commits that the run is about; `None` where it is about none.
    ///
    /// # Errors
    /// git cannot be asked.
    pub(super) fn commits(&self) -> Result<Option<Vec<Told>>, String> {
        let Some((range, repo)) = self.context.commits.as_ref().zip(self.repo()) else {
            return Ok(None);
        };
        let told = repo.told(range).map_err(|error| error.to_string())?;
        Ok(Some(told))
    }

    /// The repository; `None` outside of one.
    pub(super) fn repo(&self) -> Option<Repo> {
        Repo::open(&self.context.root).ok()
    }

    /// Every path in the index; none outside of a repository, or where git cannot be asked.
    pub(super) fn index_paths(&self) -> IndexPaths {
        let paths = self.repo().and_then(|repo| repo.index_paths().ok());
        paths.unwrap_or_default()
    }

    /// Whether a merge or a rebase waits for its conflicts to be resolved.
    pub(super) fn merging(&self) -> bool {
        *self
            .merging
            .get_or_init(|| self.repo().is_some_and(|repo| repo.merging()))
    }
}

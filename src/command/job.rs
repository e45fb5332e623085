//! A hook with the work it has in one run.

use super::batch::{Limits, batches};
use super::environment::Environment;
use super::spec::{Hook, PassFilenames};
use crate::model::RepoPath;
use std::ops::Range;

/// A hook of this run, and what it is to work on.
#[derive(Debug, Clone)]
pub struct Job<'a> {
    /// The hook.
    pub hook: &'a Hook,
    /// The files selected for it, in order, each once; `None` at stages that have no files (post-checkout, pre-rebase,
    /// …), where it is called once.
    pub files: Option<Vec<&'a RepoPath>>,
    /// What git gave as arguments; they go before the files.
    pub arguments: Vec<Vec<u8>>,
    /// What each call reads, as pre-push hooks do; `None` for nothing.
    pub stdin: Option<Vec<u8>>,
}

impl Job<'_> {
    /// Whether there is nothing to do: no file, and the hook does not run without.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        !self.hook.always_run && self.files.as_ref().is_some_and(Vec::is_empty)
    }

    pub(super) fn paths(&self) -> &[&RepoPath] {
        self.files.as_deref().unwrap_or_default()
    }

    /// The calls: a range of the files each; one empty range for a call without files.
    pub(super) fn calls(&self, environment: &Environment, jobs: usize) -> Vec<Range<usize>> {
        let paths = self.paths();
        if paths.is_empty() || self.hook.pass_filenames == PassFilenames::No {
            return vec![Range::default()];
        }
        let environment = environment.with(&self.hook.env);
        batches(
            self.hook,
            paths,
            Limits::of(self.hook, &environment, paths.len(), jobs),
        )
    }
}

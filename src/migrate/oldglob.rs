//! Globs as lefthook and lint-staged read them: to compare what went to a hook before with what does now.

use super::other::Chosen;
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

/// The files of a hook.
pub(super) struct OldGlobs {
    wanted: Option<GlobSet>,
    unwanted: GlobSet,
    root: Option<String>,
    names: bool,
}

impl OldGlobs {
    /// # Errors
    /// Why a glob cannot be read.
    pub(super) fn new(chosen: &Chosen) -> Result<Self, String> {
        let set = |globs: &[String]| {
            let mut set = GlobSetBuilder::new();
            for glob in globs {
                // lint-staged's `*` stops at a slash, that of lefthook does not.
                let glob = GlobBuilder::new(glob)
                    .literal_separator(chosen.names || chosen.strict)
                    .empty_alternates(true)
                    .build();
                set.add(glob.map_err(|error| error.to_string())?);
            }
            set.build().map_err(|error| error.to_string())
        };
        Ok(Self {
            wanted: if chosen.globs.is_empty() {
                None
            } else {
                Some(set(&chosen.globs)?)
            },
            unwanted: set(&chosen.exclude)?,
            root: chosen.root.clone(),
            names: chosen.names && chosen.globs.iter().all(|glob| !glob.contains('/')),
        })
    }

    /// Whether the hook gets the file at `path`.
    pub(super) fn matches(&self, path: &str) -> bool {
        let below = match &self.root {
            Some(root) => path
                .strip_prefix(root)
                .is_some_and(|rest| rest.starts_with('/')),
            None => true,
        };
        let judged = if self.names {
            path.rsplit('/').next().unwrap_or(path)
        } else {
            path
        };
        let wanted = self
            .wanted
            .as_ref()
            .is_none_or(|globs| globs.is_match(judged));
        below && wanted && !self.unwanted.is_match(path)
    }
}

//! The scanners of a run, ready to be asked.

use crate::config::{Config, ConfigError};
use crate::model::{FileMeta, Level, RepoPath, Scope};
use crate::scan::{ScanContext, Scanner, ScannerSpec};
use crate::text::PathSet;
use std::collections::HashSet;
use std::sync::Arc;

/// A scanner that takes part in a run.
pub struct PreparedCheck {
    /// Its entry in the registry.
    pub spec: &'static ScannerSpec,
    /// The scanner itself.
    pub scanner: Box<dyn Scanner>,
    /// Whether its findings block.
    pub level: Level,
    /// Whether only what a change brings in blocks.
    pub scope: Scope,
    /// Whether it looks at the run as a whole also where no file is for it.
    pub always: bool,
    exclude: PathSet,
    /// The only files it gets.
    only: Option<Arc<HashSet<RepoPath>>>,
    /// Files that it does not get.
    left_out: Option<Arc<HashSet<RepoPath>>>,
}

/// Which checks a run was asked for.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// Only these; all where empty.
    pub only: Vec<String>,
    /// Not these.
    pub skip: Vec<String>,
}

/// Why a check does not get a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// An `exclude` of the check's own section names it.
    Excluded,
    /// The scanner has no use for it.
    NotItsKind,
}

impl PreparedCheck {
    /// Whether an `exclude` of the check's own section names `path`.
    #[must_use]
    pub fn excludes(&self, path: &RepoPath) -> bool {
        self.exclude.contains(path.to_path())
    }

    /// A check that gets the files `only` and judges them as wholes: for hooks of another tool's configuration.
    #[must_use]
    pub fn served(
        spec: &'static ScannerSpec,
        scanner: Box<dyn Scanner>,
        only: Arc<HashSet<RepoPath>>,
    ) -> Self {
        Self {
            spec,
            scanner,
            level: Level::Error,
            scope: Scope::All,
            always: false,
            exclude: PathSet::default(),
            only: Some(only),
            left_out: None,
        }
    }

    /// The same check for the files `only`.
    #[must_use]
    pub fn restricted(mut self, only: Arc<HashSet<RepoPath>>) -> Self {
        self.only = Some(only);
        self
    }

    /// Keeps the files `paths` from the check.
    pub fn leave_out(&mut self, paths: Arc<HashSet<RepoPath>>) {
        self.left_out = Some(paths);
    }

    /// Whether the check gets `file`.
    ///
    /// # Errors
    /// Why it does not.
    pub fn takes(&self, file: &FileMeta) -> Result<(), Refusal> {
        let has = |set: &Arc<HashSet<RepoPath>>| set.contains(&file.path);
        if self.only.as_ref().is_some_and(|only| !has(only))
            || self.left_out.as_ref().is_some_and(has)
            || self.excludes(&file.path)
        {
            Err(Refusal::Excluded)
        } else if self.scanner.wants(file) {
            Ok(())
        } else {
            Err(Refusal::NotItsKind)
        }
    }
}

/// Makes the scanners of a run, in registry order. Every section is checked, also those of scanners that do not run.
///
/// # Errors
/// A mistake in a section.
pub fn prepare(
    specs: &[&'static ScannerSpec],
    config: &Config<'_>,
    context: &ScanContext,
    wanted: &Wanted,
) -> Result<Vec<PreparedCheck>, ConfigError> {
    let mut checks = Vec::with_capacity(specs.len());
    for &spec in specs {
        let section = config.section(spec.id);
        let common = section.common()?;
        let scanner = (spec.build)(section, context)?;
        let asked = wanted.only.is_empty() || wanted.only.iter().any(|id| id == spec.id);
        if common.enabled && asked && !wanted.skip.iter().any(|id| id == spec.id) {
            checks.push(PreparedCheck {
                spec,
                scanner,
                level: common.level,
                scope: common.scope,
                always: false,
                exclude: PathSet::new(&common.exclude).unwrap_or_default(),
                only: None,
                left_out: None,
            });
        }
    }
    Ok(checks)
}

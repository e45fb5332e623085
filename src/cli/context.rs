//! Where a command works: the folder, the repository, the configuration files.

use super::error::CliError;
use crate::config::{Config, Document};
use crate::env;
use crate::git::{GitError, Repo, make_git_paths_absolute};
use crate::model::Mode;
use crate::scan::{SCANNERS, ScanContext};
use std::path::{Path, PathBuf};

/// Changes to `directory` as `git -C` does. Nothing else may have run before.
///
/// # Errors
/// There is no such folder.
pub(super) fn enter(directory: Option<&Path>) -> Result<(), CliError> {
    if let Some(directory) = directory {
        std::env::set_current_dir(directory).map_err(|error| {
            CliError::usage(
                format!("{}: {error}", directory.display()),
                "name a folder after -C",
            )
        })?;
    }
    make_git_paths_absolute();
    Ok(())
}

/// The place a command works in.
pub(super) struct Context {
    /// The current folder.
    pub(super) here: PathBuf,
    /// The repository, where there is one.
    pub(super) repo: Option<Repo>,
    /// The root of what is checked: the top of the worktree, or the current folder.
    pub(super) root: PathBuf,
}

impl Context {
    /// Opens the repository around the current folder; being outside of one is no error.
    ///
    /// # Errors
    /// There is a repository that cannot be opened.
    pub(super) fn open() -> Result<Self, CliError> {
        let here = current()?;
        match Repo::open(&here) {
            Ok(repo) => Ok(Self {
                root: repo.root().to_path_buf(),
                here,
                repo: Some(repo),
            }),
            Err(GitError::NotARepository(_) | GitError::Missing(_)) => Ok(Self {
                root: here.clone(),
                here,
                repo: None,
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// The repository, for commands that mean nothing without one.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn repository(&self) -> Result<&Repo, CliError> {
        self.repo
            .as_ref()
            .ok_or_else(|| GitError::NotARepository(self.here.clone()).into())
    }

    /// What scanners may know about a run that looks at `mode`.
    pub(super) fn scan_context(&self, mode: Mode) -> ScanContext {
        ScanContext {
            mode,
            data_dir: env::data_dir(),
            root: self.root.clone(),
            today: jiff::Zoned::now().date(),
        }
    }
}

/// Lays configuration files over each other; the sections are those of the scanners there are.
///
/// # Errors
/// The first mistake.
pub(super) fn configuration(documents: &[Document]) -> Result<Config<'_>, CliError> {
    let ids: Vec<&str> = SCANNERS.iter().map(|spec| spec.id).collect();
    Ok(Config::new(documents, &ids)?)
}

fn current() -> Result<PathBuf, CliError> {
    std::env::current_dir().map_err(|error| {
        CliError::usage(
            format!("the current folder cannot be used: {error}"),
            "cd to a folder that is there",
        )
    })
}

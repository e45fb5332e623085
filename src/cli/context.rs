//! Where a command works: the folder, the repository, the configuration files.

use super::error::CliError;
use crate::config::{Config, Document};
use crate::env;
use crate::git::{BlobReader, GitError, Repo, make_git_paths_absolute};
use crate::model::{Mode, RepoPath};
use crate::scan::{SCANNERS, ScanContext};
use crate::triage::IgnoreSource;
use std::io;
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

    /// Opens the repository by its git directory, as the one that a push is received in: its configuration is the
    /// `hookd.toml` in that directory, which nobody can push.
    ///
    /// # Errors
    /// There is none, or it cannot be opened.
    pub(super) fn open_receiver() -> Result<Self, CliError> {
        let here = current()?;
        let repo = Repo::open_git_dir(&here)?;
        Ok(Self {
            root: repo.root().to_path_buf(),
            here,
            repo: Some(repo),
        })
    }

    /// The repository with its worktree, or a bare one by its git directory.
    ///
    /// # Errors
    /// There is one that cannot be opened.
    pub(super) fn open_any() -> Result<Self, CliError> {
        match Repo::open(&current()?) {
            Err(GitError::Bare) => Self::open_receiver(),
            _ => Self::open(),
        }
    }

    /// Whether what stands for the root is the git directory.
    pub(super) fn is_receiver(&self) -> bool {
        let repo = self.repo.as_ref();
        repo.is_some_and(|repo| repo.root() == repo.git_dir())
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
            commits: None,
            reads_message: false,
            today: Self::today(),
        }
    }

    /// The day it is, in UTC: the same for everybody. To find out the local one, the whole time zone database is read,
    /// which takes longer than most commits.
    pub(super) fn today() -> jiff::civil::Date {
        jiff::Timestamp::now()
            .to_zoned(jiff::tz::TimeZone::UTC)
            .date()
    }
}

/// Where a run reads what was accepted: for a commit what is staged, as everything else that is judged; else the disk.
pub(super) struct IgnoreFiles<'a> {
    root: &'a Path,
    repo: Option<(&'a Repo, &'a BlobReader)>,
    staged: bool,
}

impl<'a> IgnoreFiles<'a> {
    /// For a run that looks at `mode`.
    pub(super) fn new(context: &'a Context, mode: Mode, blobs: Option<&'a BlobReader>) -> Self {
        let repo = context.repo.as_ref().zip(blobs);
        Self {
            root: &context.root,
            repo,
            staged: mode == Mode::Staged && repo.is_some(),
        }
    }

    fn on_disk(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        match std::fs::read(self.root.join(name)) {
            Ok(bytes) => Ok(Some(bytes)),
            Err(error) if is_absent(&error) => Ok(None),
            Err(error) => Err(error.to_string()),
        }
    }
}

impl IgnoreSource for IgnoreFiles<'_> {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        match self.repo {
            Some((repo, blobs)) if self.staged => repo
                .staged_file(name, blobs)
                .map_err(|error| error.to_string()),
            _ => self.on_disk(name),
        }
    }

    fn read_unstaged(&self, name: &str) -> Option<Vec<u8>> {
        self.staged.then(|| self.on_disk(name).ok()?).flatten()
    }

    fn read_at(&self, commit: &str, path: &RepoPath) -> Option<Vec<u8>> {
        let (repo, blobs) = self.repo?;
        repo.file_at(commit, path, blobs)
    }

    fn has(&self, path: &RepoPath) -> bool {
        match self.repo {
            // Where git cannot be asked, the file counts as there: an entry that speaks of it stays with it.
            Some((repo, _)) if self.staged => repo
                .staged_blob(path.to_path())
                .map_or(true, |id| id.is_some()),
            _ => self.root.join(path.to_path()).symlink_metadata().is_ok(),
        }
    }
}

/// Whether there is nothing at a path.
fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
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

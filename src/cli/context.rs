//! Where a command works: the folder, the repository, the configuration files.

use super::error::CliError;
use crate::config::{Config, Document, FILE_NAME, LOCAL_FILE_NAME};
use crate::env;
use crate::git::{BlobReader, GitError, Repo, make_git_paths_absolute};
use crate::model::Mode;
use crate::scan::{SCANNERS, ScanContext};
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

    /// The repository, for commands that mean nothing without one.
    ///
    /// # Errors
    /// There is none.
    pub(super) fn repository(&self) -> Result<&Repo, CliError> {
        self.repo
            .as_ref()
            .ok_or_else(|| GitError::NotARepository(self.here.clone()).into())
    }

    /// The configuration files that count, in the order in which they are laid over each other. For a commit `hookd.toml`
    /// is what is staged, as everything else that is judged.
    ///
    /// # Errors
    /// A file is there and cannot be read.
    pub(super) fn documents(
        &self,
        mode: Mode,
        blobs: Option<&BlobReader>,
    ) -> Result<Vec<Document>, CliError> {
        let mut documents = Vec::new();
        if let Some(path) = env::user_config() {
            let own = read(&path, &path.display().to_string())?;
            documents.extend(own.map(|document| Document {
                personal: true,
                ..document
            }));
        }
        let staged = match (mode, &self.repo, blobs) {
            (Mode::Staged, Some(repo), Some(blobs)) => repo.staged_file(FILE_NAME, blobs)?,
            _ => None,
        };
        match staged {
            Some(bytes) => documents.push(Document::new(FILE_NAME, bytes)?),
            None => documents.extend(read(&self.root.join(FILE_NAME), FILE_NAME)?),
        }
        documents.extend(read(&self.root.join(LOCAL_FILE_NAME), LOCAL_FILE_NAME)?);
        Ok(documents)
    }

    /// What scanners may know about a run that looks at `mode`.
    pub(super) fn scan_context(&self, mode: Mode) -> ScanContext {
        ScanContext {
            mode,
            data_dir: env::data_dir(),
            root: self.root.clone(),
            // In UTC: the same day for everybody, and finding the local one reads the whole time zone database.
            today: jiff::Timestamp::now()
                .to_zoned(jiff::tz::TimeZone::UTC)
                .date(),
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

fn read(path: &Path, name: &str) -> Result<Option<Document>, CliError> {
    match std::fs::read(path) {
        Ok(bytes) => Ok(Some(Document::new(name, bytes)?)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(CliError::usage(
            format!("{name}: {error}"),
            "make it readable, or take it away",
        )),
    }
}

//! What can go wrong with a repository.

use std::path::PathBuf;

/// Why git could not be asked, or what it answered.
#[derive(Debug, thiserror::Error)]
pub enum GitError {
    /// The folder is in no repository.
    #[error("{} is not in a git repository", .0.display())]
    NotARepository(PathBuf),
    /// git refuses a repository that belongs to somebody else.
    #[error("git does not trust this repository: {0}")]
    Untrusted(String),
    /// Neither libgit2 nor the git command can read it.
    #[error("cannot open the repository: {0}")]
    Unreadable(String),
    /// The repository has no files to check out.
    #[error("this is a bare repository: nothing can be staged in it")]
    Bare,
    /// A merge is not finished.
    #[error("{0} has conflicts that are not resolved")]
    Unmerged(String),
    /// A name that git knows nothing of.
    #[error("git knows no commit `{0}`")]
    UnknownRevision(String),
    /// Words that name no range of commits.
    #[error("`{range}` is no range of commits: {message}")]
    UnknownRange {
        /// As it was given.
        range: String,
        /// What git said.
        message: String,
    },
    /// The git command is not installed or cannot be started.
    #[error("cannot start git: {0}")]
    Missing(#[source] std::io::Error),
    /// The git command failed.
    #[error("git {command} failed: {message}")]
    Command {
        /// Its first words.
        command: String,
        /// What it said.
        message: String,
    },
    /// libgit2 failed.
    #[error("{0}")]
    Library(String),
    /// git said something that is not of the form its manual gives.
    #[error("git {0} answered in a form that hookd does not know")]
    Answer(&'static str),
}

impl GitError {
    /// What to type next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::NotARepository(_) => "run it in a repository, or make one here: git init",
            Self::Untrusted(_) => "see `safe.directory` in: git help config",
            Self::Bare => "run it in a worktree of the repository: git worktree list",
            Self::Unmerged(_) => "resolve them, then: git add PATH",
            Self::UnknownRevision(_) => "see what there is: git log --oneline --all",
            Self::UnknownRange { .. } => {
                "give it as git log takes it: hookd run --history main..HEAD; ids of checks stand before --history"
            }
            Self::Missing(_) => "install git, or put it on PATH",
            Self::Unreadable(_) | Self::Command { .. } | Self::Library(_) => {
                "see what git itself says: git status"
            }
            Self::Answer(_) => "report it with the output of: git --version",
        }
    }
}

impl From<git2::Error> for GitError {
    fn from(error: git2::Error) -> Self {
        Self::Library(error.message().to_owned())
    }
}

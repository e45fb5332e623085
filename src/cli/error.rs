//! What a command that failed tells the user.

use crate::config::ConfigError;
use crate::exit::Exit;
use crate::git::GitError;
use crate::install::InstallError;
use crate::select::GatherError;

/// A command that could not do its work.
#[derive(Debug)]
pub(super) struct CliError {
    /// How the process ends.
    pub(super) exit: Exit,
    /// What went wrong, where and why.
    pub(super) message: String,
    /// What to do next; may be empty.
    pub(super) hint: String,
}

impl CliError {
    /// Wrong usage, configuration or environment.
    pub(super) fn usage(message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self {
            exit: Exit::Usage,
            message: message.into(),
            hint: hint.into(),
        }
    }
}

impl From<GitError> for CliError {
    fn from(error: GitError) -> Self {
        Self::usage(error.to_string(), error.hint())
    }
}

impl From<ConfigError> for CliError {
    fn from(error: ConfigError) -> Self {
        Self::usage(error.to_string(), "")
    }
}

impl From<InstallError> for CliError {
    fn from(error: InstallError) -> Self {
        Self::usage(error.to_string(), error.hint())
    }
}

impl From<GatherError> for CliError {
    fn from(error: GatherError) -> Self {
        match error {
            GatherError::Git(error) => error.into(),
            GatherError::Named { .. } => {
                Self::usage(error.to_string(), "name files or folders that are there")
            }
        }
    }
}

//! Running git with paths on its standard input: there may be more of them than fit an argument list.

use super::super::{GitError, command};
use crate::model::RepoPath;
use std::os::unix::process::CommandExt;
use std::process::{Command, Output};

/// Runs git with NUL-ended paths on its standard input.
///
/// # Errors
/// git cannot be started.
pub(super) fn with_paths<'a>(
    mut git: Command,
    paths: impl Iterator<Item = &'a RepoPath>,
) -> Result<Output, GitError> {
    let input: Vec<u8> = paths
        .flat_map(|path| path.as_bytes().iter().copied().chain([0]))
        .collect();
    with_input(&mut git, &input)
}

/// Runs git with `input` on its standard input.
///
/// # Errors
/// git cannot be started.
pub(super) fn with_input(git: &mut Command, input: &[u8]) -> Result<Output, GitError> {
    // A key press meant for hookd must not end the git that puts files back.
    command::fed(git.process_group(0), input)
}

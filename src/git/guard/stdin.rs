//! Running git with paths on its standard input: there may be more of them than fit an argument list.

use super::super::GitError;
use crate::model::RepoPath;
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::process::{Command, Output, Stdio};

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
    let mut child = git
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        // A key press meant for hookd must not end the git that puts files back.
        .process_group(0)
        .spawn()
        .map_err(GitError::Missing)?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // git ends early where it finds a mistake; its status and message tell.
            stdin.map(|mut stdin| stdin.write_all(input))
        });
        child.wait_with_output().map_err(GitError::Missing)
    })
}

//! Three-way merges of single files.

use super::super::command;
use super::fault;
use std::io;
use std::os::unix::process::CommandExt;
use std::path::Path;

/// What a merge came to.
pub(super) enum Merge {
    /// Both changes are in.
    Clean(Vec<u8>),
    /// They touch the same lines, or it is not text.
    Conflict,
}

/// Merges `[ours, base, theirs]` with git-merge-file(1). `dir` is a folder to work in.
///
/// # Errors
/// The disk fails. That git cannot be started counts as a conflict: both versions stay.
pub(super) fn three_way(dir: &Path, [ours, base, theirs]: [&Path; 3]) -> io::Result<Merge> {
    fault::step(false)?;
    let done = command::git(dir)
        .args(["merge-file", "-p", "-q"])
        .args([ours, base, theirs])
        .process_group(0)
        .output();
    // Any other status counts conflicts, or says that a side is binary or cannot be read.
    Ok(match done {
        Ok(done) if done.status.success() => Merge::Clean(done.stdout),
        _ => Merge::Conflict,
    })
}

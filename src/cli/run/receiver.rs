//! Hooks in a repository that a push arrives in: its git directory is where they work, and no worktree.

use super::super::args::Run;
use super::super::context::Context;
use super::super::error::CliError;
use crate::command::RECEIVER_STAGES;
use crate::git::{BlobReader, PushedRef};
use crate::select::Gathered;
use std::os::unix::ffi::OsStrExt;

/// The place the run works in.
///
/// # Errors
/// There is no repository where one is needed, or it cannot be opened.
pub(super) fn context(given: &Run, stage: &str) -> Result<Context, CliError> {
    match &given.hook {
        Some(_) if RECEIVER_STAGES.contains(&stage) => Context::open_receiver(),
        // Hooks such as reference-transaction run in bare repositories too.
        Some(_) => Context::open_any(),
        None => Context::open(),
    }
}

/// Whether a hook at this stage decides about a push. Who pushes over a local path brings the environment along, and
/// must not be able to switch the check off with it.
pub(super) fn decides(stage: &str) -> bool {
    ["pre-receive", "update"].contains(&stage)
}

/// The files of the commits that the push brings. `update` says it in its arguments, `REF OLD NEW`, `pre-receive` on
/// standard input (githooks(5)).
///
/// # Errors
/// git cannot be asked.
pub(super) fn received(
    given: &Run,
    context: &Context,
    stdin: Option<&[u8]>,
    blobs: Option<&BlobReader>,
) -> Result<Gathered, CliError> {
    let (Some(repo), Some(blobs)) = (&context.repo, blobs) else {
        return Err(CliError::usage("there is no repository to push to", ""));
    };
    let new = match stdin {
        Some(input) => PushedRef::received(input),
        None => {
            let id = given.hook_args.get(2);
            id.map(|id| id.as_bytes().to_vec()).into_iter().collect()
        }
    };
    Ok(Gathered {
        files: repo.received(&new, blobs)?,
        ..Gathered::default()
    })
}

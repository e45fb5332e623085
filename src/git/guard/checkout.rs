//! The staged versions of files, as git itself would check them out: filters, line ends, encodings and all.

use super::super::{GitError, command};
use super::disk;
use super::error::{GuardError, at};
use super::fault;
use super::stdin::with_paths;
use super::transaction::Transaction;
use super::unstaged::Unstaged;
use crate::model::FileKind;
use std::ffi::OsString;
use std::os::unix::fs::PermissionsExt;

/// Writes the staged versions of `files` below `staged/` of the transaction. git-checkout-index(1) takes the paths from
/// standard input, so that there may be more than fit an argument list.
///
/// # Errors
/// A filter fails, an object is missing, the disk is full. The worktree is as it was.
pub(super) fn write(transaction: &Transaction, files: &[Unstaged]) -> Result<(), GuardError> {
    let staged = transaction.data.join("staged");
    fault::step(true).map_err(at("cannot be written", &staged))?;
    let mut prefix = OsString::from("--prefix=");
    prefix.push(&staged);
    prefix.push("/");
    let mut git = command::git(&transaction.root);
    git.args(["checkout-index", "-z", "--stdin"]);
    if files.iter().any(|file| file.unknown) {
        git.arg("--ignore-skip-worktree-bits");
    }
    git.arg(prefix);
    let done = with_paths(git, files.iter().map(|file| &file.path))?;
    if !done.status.success() {
        return Err(GitError::Command {
            command: "checkout-index".to_owned(),
            message: command::message(&done),
        }
        .into());
    }
    for file in files {
        check(transaction, file)?;
    }
    Ok(())
}

/// git leaves out what it cannot write, or warns only: every version must be there, and of the right kind.
fn check(transaction: &Transaction, file: &Unstaged) -> Result<(), GuardError> {
    let path = transaction.staged(&file.path);
    let found = disk::entry(&path).map_err(at("cannot be read", &path))?;
    let is_right = found.is_some_and(|meta| match file.kind {
        // Without symbolic links (core.symlinks = false) git writes a file with the target in it.
        FileKind::Symlink => meta.is_symlink() || meta.is_file(),
        FileKind::Regular | FileKind::Executable => meta.is_file(),
    });
    if is_right {
        return Ok(());
    }
    Err(GitError::Command {
        command: "checkout-index".to_owned(),
        message: format!("it wrote no staged version of {}", file.path.to_text()),
    }
    .into())
}

/// Whether the worktree has the staged version of a file after all.
///
/// # Errors
/// One of the two cannot be read.
pub(super) fn is_as_staged(transaction: &Transaction, file: &Unstaged) -> Result<bool, GuardError> {
    let (place, staged) = (
        transaction.place(&file.path),
        transaction.staged(&file.path),
    );
    let same = || -> std::io::Result<bool> {
        let (Some(here), Some(there)) = (disk::entry(&place)?, disk::entry(&staged)?) else {
            return Ok(false);
        };
        let is_executable = |mode: u32| mode & 0o100 != 0;
        let same_mode = here.is_symlink()
            || is_executable(here.permissions().mode())
                == is_executable(there.permissions().mode());
        Ok(same_mode && disk::same_content(&place, &staged)?)
    };
    same().map_err(at("cannot be read", &place))
}

/// Gives a staged version the permissions of the file that it stands in for: what only its owner may read must not be
/// readable by others meanwhile. Then copies it, to compare with and as the base of a merge.
///
/// # Errors
/// The disk is full.
pub(super) fn prepare(
    transaction: &Transaction,
    number: usize,
    file: &Unstaged,
) -> Result<(), GuardError> {
    let (place, staged) = (
        transaction.place(&file.path),
        transaction.staged(&file.path),
    );
    let prepared = || -> std::io::Result<()> {
        let original = disk::entry(&place)?.filter(std::fs::Metadata::is_file);
        let is_file = disk::entry(&staged)?.is_some_and(|meta| meta.is_file());
        if let Some(original) = original.filter(|_| is_file) {
            let mode = original.permissions().mode() & 0o666;
            let executable = if file.kind == FileKind::Executable {
                (mode & 0o444) >> 2
            } else {
                0
            };
            disk::set_mode(&staged, mode | executable)?;
        }
        disk::copy(&staged, &transaction.numbered("base", number))
    };
    prepared().map_err(at("cannot be copied", &staged))
}

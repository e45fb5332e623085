//! Ending a transaction: that of this run, or of one that has died.

use super::error::{GuardError, at};
use super::journal::Op;
use super::orphans;
use super::restore::{Changes, Undone};
use super::saved::Saved;
use super::transaction::{self, Transaction};
use crate::model::RepoPath;
use std::path::Path;

/// What a run that died had left.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Recovered {
    /// The files that are back in their places.
    pub restored: Vec<RepoPath>,
    /// Versions that were found in the places of those files and were not the staged ones.
    pub saved: Vec<Saved>,
}

/// Puts back what dead runs have left in the folder `hookd`. The caller holds the lock.
///
/// # Errors
/// Something cannot be put back; it is kept.
pub(super) fn recover(hookd: &Path, root: &Path) -> Result<Option<Recovered>, GuardError> {
    let records = transaction::records(hookd).map_err(at("cannot be read", hookd))?;
    if let Some(git_dir) = hookd.parent().filter(|_| !records.is_empty()) {
        orphans::end(git_dir);
    }
    let mut recovered = Recovered::default();
    for record in records {
        let left =
            Transaction::left_behind(&record, root).map_err(at("cannot be read", &record))?;
        let Some(left) = left else {
            transaction::remove_dead(&record, root);
            continue;
        };
        let paths = left.ops.iter().filter_map(|op| match op {
            Op::Place(_, path) => Some(path.clone()),
            Op::MakeDir(_) | Op::Aside(..) => None,
        });
        recovered.restored.extend(paths);
        let (_, saved) = close(left, hookd, Changes::SetAside)?;
        recovered.saved.extend(saved);
    }
    Ok(Some(recovered).filter(|recovered| !recovered.restored.is_empty()))
}

/// Undoes a transaction and ends it. Gives what was merged and what was set aside.
///
/// # Errors
/// A step failed: the transaction is kept for the next try.
pub(super) fn close(
    transaction: Transaction,
    hookd: &Path,
    changes: Changes,
) -> Result<(Vec<RepoPath>, Vec<Saved>), GuardError> {
    let mut saver = transaction.saver(hookd);
    let Undone { merged, failed } = transaction.undo(changes, &mut saver);
    if let Some((path, error)) = failed.into_iter().next() {
        return Err(GuardError::Stuck {
            path: path.to_path().to_path_buf(),
            message: error.to_string(),
            kept: transaction.data,
        });
    }
    let root = transaction.root.clone();
    transaction
        .finish()
        .map_err(at("the journal cannot be closed", &root))?;
    Ok((merged, saver.saved))
}

//! Fixes of built-in checks: written to the worktree where nobody's unstaged work is in the way.

use super::super::context::Context;
use crate::engine::write_fix;
use crate::git::BlobReader;
use crate::model::{CheckError, FileMeta, Fix, Mode, Outcome, RepoPath};
use std::collections::HashSet;

/// Writes the fixes of a run. A commit gets them in the worktree and fails once, as with pre-commit; sweeps and named files
/// only with `fix`.
pub(super) fn apply(
    fix: bool,
    context: &Context,
    files: &[FileMeta],
    blobs: Option<&BlobReader>,
    outcome: &mut Outcome,
) {
    let wanted = match outcome.mode {
        Mode::Staged => true,
        Mode::All | Mode::Files => fix,
        Mode::Range | Mode::History => false,
    };
    let fixes = take_blocking(outcome);
    if !wanted {
        return;
    }
    let notes = fixes.iter().filter_map(|(path, fix)| {
        let file = files.iter().find(|file| file.path == *path)?;
        Some(match write_fix(&context.root, file, fix, blobs) {
            Ok(true) => note(
                path,
                "fixed",
                format!("look at it: git diff -- {}", path.to_text()),
            ),
            Ok(false) => note(
                path,
                "not fixed: it has unstaged changes, and they stay as they are",
                "stage or undo them, and run it again".to_owned(),
            ),
            Err(error) => note(path, &format!("not fixed: {error}"), String::new()),
        })
    });
    let notes: Vec<CheckError> = notes.collect();
    outcome.add(Vec::new(), notes);
}

/// The fixes of files in which a built-in check found something that blocks: what was there before a change is left as it is.
pub(super) fn take_blocking(outcome: &mut Outcome) -> Vec<(RepoPath, Fix)> {
    let mut fixes = std::mem::take(&mut outcome.fixes);
    let blocking = outcome
        .findings
        .iter()
        .filter(|finding| finding.blocking && finding.scanner == "hygiene");
    let paths: HashSet<&RepoPath> = blocking.map(|finding| &finding.path).collect();
    fixes.retain(|(path, _)| paths.contains(path));
    fixes
}

fn note(path: &RepoPath, message: &str, help: String) -> CheckError {
    CheckError {
        path: Some(path.clone()),
        scanner: "",
        message: message.to_owned(),
        help,
        fatal: false,
    }
}

//! Fixes of built-in checks: written to the worktree where nobody's unstaged work is in the way.

use super::super::args::Run;
use super::super::context::Context;
use crate::git::BlobReader;
use crate::model::{CheckError, Content, FileMeta, Fix, Mode, Outcome, RepoPath};
use std::io::{self, Write};
use std::path::Path;

/// Writes the fixes of a run. A commit gets them in the worktree and fails once, as with pre-commit; sweeps and named files
/// only with `--fix`.
pub(super) fn apply(
    given: &Run,
    context: &Context,
    files: &[FileMeta],
    blobs: Option<&BlobReader>,
    outcome: &mut Outcome,
) {
    let wanted = match outcome.mode {
        Mode::Staged => true,
        Mode::All | Mode::Files => given.fix,
        Mode::Range | Mode::History => false,
    };
    let fixes = std::mem::take(&mut outcome.fixes);
    if !wanted {
        return;
    }
    let blocks = |path: &RepoPath| {
        let findings = outcome.findings.iter();
        findings
            .filter(|finding| finding.path == *path)
            .any(|finding| finding.blocking && finding.scanner == "hygiene")
    };
    // What was there before the change is left as it is: nobody asked.
    let fixes: Vec<_> = fixes.into_iter().filter(|(path, _)| blocks(path)).collect();
    let notes = fixes.iter().filter_map(|(path, fix)| {
        let file = files.iter().find(|file| file.path == *path)?;
        Some(match write(&context.root, file, fix, blobs) {
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

fn note(path: &RepoPath, message: &str, help: String) -> CheckError {
    CheckError {
        path: Some(path.clone()),
        scanner: "",
        message: message.to_owned(),
        help,
        fatal: false,
    }
}

/// Replaces the file on disk in one step. Gives false, and does nothing, where it does not hold what was checked.
fn write(root: &Path, file: &FileMeta, fix: &Fix, blobs: Option<&BlobReader>) -> io::Result<bool> {
    let disk = root.join(file.path.to_path());
    let folder = disk.parent().unwrap_or(root);
    let inside = file.path.to_path().parent().unwrap_or(Path::new(""));
    if folder.canonicalize()? != root.canonicalize()?.join(inside) {
        let why =
            "a folder above it is a symbolic link, and what that names is not looked after here";
        return Err(io::Error::other(why));
    }
    let meta = std::fs::symlink_metadata(&disk)?;
    if !meta.is_file() {
        return Ok(false);
    }
    if let (Content::Blob(id), Some(blobs)) = (&file.content, blobs) {
        let staged = blobs.read(*id).map_err(io::Error::other)?;
        if std::fs::read(&disk)? != staged {
            return Ok(false);
        }
    }
    let mut fresh = tempfile::Builder::new()
        .prefix(".hookd-")
        .tempfile_in(folder)?;
    fresh.write_all(&fix.content)?;
    fresh.as_file().set_permissions(meta.permissions())?;
    fresh.persist(&disk).map_err(|error| error.error)?;
    Ok(true)
}

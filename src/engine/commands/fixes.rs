//! Fixes of built-in checks, written where commands will find them.

use super::CommandPlan;
use crate::git::{BlobReader, Folders, Repo};
use crate::model::{CheckError, Content, FileMeta, Fix, ObjectId, RepoPath};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

/// What became of the fixes of a plan.
#[derive(Default)]
pub(super) struct Applied {
    /// What is said about each, where it is not staged.
    pub(super) notes: Vec<CheckError>,
    /// The files that are fixed on disk.
    pub(super) written: Vec<RepoPath>,
}

/// Writes the fixes of the plan. The guard stands: what is on disk is what is staged, and the user's unstaged version gets
/// the fix when it comes back.
pub(super) fn apply(plan: &CommandPlan<'_>) -> Applied {
    let files = plan.files.unwrap_or_default();
    let by_path: HashMap<&RepoPath, &FileMeta> =
        files.iter().map(|file| (&file.path, file)).collect();
    let mut applied = Applied::default();
    let mut folders = Folders::default();
    for (path, fix) in plan.fixes {
        let Some(file) = by_path.get(path) else {
            continue;
        };
        let written = write_fix(plan.root, &mut folders, file, fix, plan.blobs, plan.repo);
        if matches!(written, Ok(true)) {
            applied.written.push(path.clone());
        }
        applied.notes.push(note(path, written));
    }
    applied
}

/// The notes about fixes that were staged, each instead of what was said when it was on disk only.
pub(super) fn staged(paths: &[RepoPath], notes: &mut [CheckError]) {
    for note in notes {
        if note.message == FIXED && note.path.as_ref().is_some_and(|path| paths.contains(path)) {
            note.message = "fixed and staged".to_owned();
            note.help = String::new();
        }
    }
}

/// What is said of a file that is fixed on disk.
const FIXED: &str = "fixed";

fn note(path: &RepoPath, written: io::Result<bool>) -> CheckError {
    let (message, help) = match written {
        Ok(true) => (
            FIXED.to_owned(),
            format!("look at it: git diff -- {}", path.to_text()),
        ),
        Ok(false) => (
            "not fixed: on disk it is not what is staged".to_owned(),
            "stage or undo what differs, and run it again".to_owned(),
        ),
        Err(error) => (format!("not fixed: {error}"), String::new()),
    };
    CheckError {
        path: Some(path.clone()),
        scanner: "",
        message,
        help,
        fatal: false,
    }
}

/// Replaces the file on disk in one step. Gives false, and does nothing, where it does not hold what was checked: the blob
/// itself, or what git makes of it on disk; then it gets what git makes of the fix. `folders` remembers what was looked at.
///
/// # Errors
/// It cannot be read or written.
pub fn write_fix(
    root: &Path,
    folders: &mut Folders,
    file: &FileMeta,
    fix: &Fix,
    blobs: Option<&BlobReader>,
    repo: Option<&Repo>,
) -> io::Result<bool> {
    let disk = root.join(file.path.to_path());
    let folder = disk.parent().unwrap_or(root);
    if folders.lead_elsewhere(root, &file.path) {
        let why =
            "a folder above it is a symbolic link, and what that names is not looked after here";
        return Err(io::Error::other(why));
    }
    let meta = std::fs::symlink_metadata(&disk)?;
    if !meta.is_file() {
        return Ok(false);
    }
    let content = match (&file.content, blobs) {
        (Content::Blob(id), Some(blobs)) => {
            let now = std::fs::read(&disk)?;
            match matching(&now, *id, file, fix, blobs, repo)? {
                Some(content) => content,
                None => return Ok(false),
            }
        }
        _ => fix.content.clone(),
    };
    let mut fresh = tempfile::Builder::new()
        .prefix(".hookd-")
        .tempfile_in(folder)?;
    fresh.write_all(&content)?;
    fresh.as_file().set_permissions(meta.permissions())?;
    fresh.persist(&disk).map_err(|error| error.error)?;
    Ok(true)
}

/// The fix in the form that the file has on disk, where it holds `now`; `None` where that is not what is staged.
fn matching(
    now: &[u8],
    id: ObjectId,
    file: &FileMeta,
    fix: &Fix,
    blobs: &BlobReader,
    repo: Option<&Repo>,
) -> io::Result<Option<Vec<u8>>> {
    if now == blobs.read(id).map_err(io::Error::other)? {
        return Ok(Some(fix.content.clone()));
    }
    let Some(repo) = repo else { return Ok(None) };
    let checked_out = |id| repo.checked_out(&file.path, id).map_err(io::Error::other);
    if now != checked_out(id)? {
        return Ok(None);
    }
    let fixed = repo.store(&fix.content).map_err(io::Error::other)?;
    checked_out(fixed).map(Some)
}

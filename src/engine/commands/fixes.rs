//! Fixes of built-in checks, written where commands will find them.

use super::CommandPlan;
use crate::git::BlobReader;
use crate::model::{CheckError, Content, FileMeta, Fix, RepoPath};
use std::collections::HashMap;
use std::io::{self, Write};
use std::path::Path;

/// Writes the fixes of the plan, and says what became of each. The guard stands: what is on disk is what is staged, and the
/// user's unstaged version gets the fix when it comes back.
pub(super) fn apply(plan: &CommandPlan<'_>) -> Vec<CheckError> {
    let files = plan.files.unwrap_or_default();
    let by_path: HashMap<&RepoPath, &FileMeta> =
        files.iter().map(|file| (&file.path, file)).collect();
    let each = plan.fixes.iter().filter_map(|(path, fix)| {
        let file = by_path.get(path)?;
        let (message, help) = match write_fix(plan.root, file, fix, plan.blobs) {
            Ok(true) => {
                let help = format!("look at it: git diff -- {}", path.to_text());
                ("fixed".to_owned(), help)
            }
            Ok(false) => (
                "not fixed: on disk it is not what is staged".to_owned(),
                String::new(),
            ),
            Err(error) => (format!("not fixed: {error}"), String::new()),
        };
        Some(CheckError {
            path: Some(path.clone()),
            scanner: "",
            message,
            help,
            fatal: false,
        })
    });
    each.collect()
}

/// Replaces the file on disk in one step. Gives false, and does nothing, where it does not hold what was checked.
///
/// # Errors
/// It cannot be read or written.
pub fn write_fix(
    root: &Path,
    file: &FileMeta,
    fix: &Fix,
    blobs: Option<&BlobReader>,
) -> io::Result<bool> {
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

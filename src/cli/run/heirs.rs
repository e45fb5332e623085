//! Lockfiles that a change does not touch and that count from now on: what was read in their place is deleted.

use crate::git::{BlobReader, Change};
use crate::lockfile;
use crate::model::{Content, FileKind, FileMeta, ObjectId, RepoPath};
use crate::select::{Gathered, PreparedCheck};
use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;

/// The scanner of lockfiles.
const READER: &str = "audit";

/// What a change brings in, and the lockfiles that take the place of those that it deletes, judged against them. `now`
/// gives the blob of a file after the change.
pub(super) fn gathered(
    change: Change,
    blobs: &BlobReader,
    now: impl Fn(&RepoPath) -> Option<ObjectId>,
) -> Gathered {
    let mut heirs: Vec<FileMeta> = Vec::new();
    for (path, was) in change.gone {
        let heir = lockfile::heir(&path.to_text()).map(|heir| RepoPath::from(heir.as_str()));
        let Some(path) = heir.filter(|heir| change.files.iter().all(|file| file.path != *heir))
        else {
            continue;
        };
        let Some(id) = now(&path) else { continue };
        heirs.push(FileMeta {
            path,
            kind: FileKind::Regular,
            size: blobs.size(id).unwrap_or_default(),
            content: Content::Blob(id),
            bases: vec![was],
            commit: None,
        });
    }
    Gathered {
        files: change.files,
        heirs,
        errors: Vec::new(),
    }
}

/// The files for the scanners, in order of path. Only the one that reads lockfiles gets what the change does not touch.
pub(super) fn scanned<'a>(
    gathered: &'a Gathered,
    checks: &mut [PreparedCheck],
) -> Cow<'a, [FileMeta]> {
    if gathered.heirs.is_empty() {
        return Cow::Borrowed(&gathered.files);
    }
    let paths: HashSet<RepoPath> = gathered.heirs.iter().map(|one| one.path.clone()).collect();
    let paths = Arc::new(paths);
    for check in checks.iter_mut().filter(|check| check.spec.id != READER) {
        check.leave_out(Arc::clone(&paths));
    }
    let mut files: Vec<FileMeta> = gathered
        .files
        .iter()
        .chain(&gathered.heirs)
        .cloned()
        .collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    Cow::Owned(files)
}

//! What is staged, against HEAD and, in a merge, against each commit that is merged.

use super::raw::{self, Delta, Deltas};
use super::{BlobReader, GitError, Repo, command};
use crate::model::{FileKind, FileMeta, ObjectId, RepoPath};
use git2::{Delta as Status, DiffFindOptions, DiffOptions, FileMode};

/// The flag of an entry made by `git add -N` (`GIT_INDEX_ENTRY_INTENT_TO_ADD` of libgit2's index.h).
pub(super) const INTENT_TO_ADD: u16 = 1 << 13;

/// What a commit or a range of commits changes.
#[derive(Debug, Default)]
pub struct Change {
    /// The files that it brings in, in order of path.
    pub files: Vec<FileMeta>,
    /// The paths that it deletes, and the blobs they were.
    pub gone: Vec<(RepoPath, ObjectId)>,
}

impl Repo {
    /// The files that the commit would change: added, modified, renamed with an edit, of another type or mode.
    /// Submodules and entries made by `git add -N` are left out. Each file carries the blobs it is judged
    /// against; in a merge those are the file's blobs in every parent.
    ///
    /// # Errors
    /// The index has conflicts, or git cannot be asked.
    pub fn staged(&self, blobs: &BlobReader) -> Result<Change, GitError> {
        let (deltas, gone) = match self.library_for_index() {
            Some((library, index)) => by_library(library, &index)?,
            None => self.by_command()?,
        };
        let merged = self.merged_commits();
        let introduced = deltas.into_iter().map(|delta| {
            let mut bases: Vec<ObjectId> = delta.before.into_iter().collect();
            if delta.kind.is_some() {
                bases.extend(
                    merged
                        .iter()
                        .filter_map(|commit| self.blob_at(commit, &delta.path)),
                );
            }
            (delta.path, delta.kind, delta.now, bases)
        });
        Ok(Change {
            files: blobs.files(introduced)?,
            gone,
        })
    }

    fn by_command(&self) -> Result<Deltas, GitError> {
        let unborn = match &self.library {
            Some(library) => library.head().is_err(),
            None => !command::run(
                &self.root,
                &["rev-parse", "--verify", "--quiet", "HEAD^{tree}"],
            )?
            .status
            .success(),
        };
        let tree = if unborn {
            let empty = command::output(&self.root, &["hash-object", "-t", "tree", "/dev/null"])?;
            String::from_utf8_lossy(&command::one_line(empty)).into_owned()
        } else {
            "HEAD".to_owned()
        };
        let args = [
            "diff-index",
            "--cached",
            "--raw",
            "-z",
            "--no-abbrev",
            "-M",
            "--ita-invisible-in-index",
            "--no-relative",
            &tree,
            "--",
        ];
        raw::parse(&command::output(&self.root, &args)?)
    }

    /// The commits being merged, from `MERGE_HEAD`; none outside a merge.
    fn merged_commits(&self) -> Vec<String> {
        let text = std::fs::read_to_string(self.git_dir.join("MERGE_HEAD")).unwrap_or_default();
        text.lines()
            .filter(|line| ObjectId::from_hex(line.as_bytes()).is_some())
            .map(str::to_owned)
            .collect()
    }

    /// The bytes of the file at `path` in `commit`; `None` where there is none, or no such commit.
    #[must_use]
    pub fn file_at(&self, commit: &str, path: &RepoPath, blobs: &BlobReader) -> Option<Vec<u8>> {
        blobs.read(self.blob_at(commit, path)?).ok()
    }

    /// The blob at `path` in `commit`; `None` where there is none.
    #[must_use]
    pub fn blob_at(&self, commit: &str, path: &RepoPath) -> Option<ObjectId> {
        if let Some(library) = &self.library {
            let tree = library.revparse_single(commit).ok()?.peel_to_tree().ok()?;
            return ObjectId::from_bytes(tree.get_path(path.to_path()).ok()?.id().as_bytes());
        }
        let mut name = std::ffi::OsString::from(format!("{commit}:"));
        name.push(path.to_path());
        let args = [
            "rev-parse".into(),
            "--verify".into(),
            "--quiet".into(),
            name,
        ];
        ObjectId::from_hex(&command::one_line(command::output(&self.root, &args).ok()?))
    }
}

fn by_library(library: &git2::Repository, index: &git2::Index) -> Result<Deltas, GitError> {
    if index.has_conflicts() {
        return Err(GitError::Unmerged(first_conflict(index)));
    }
    let tree = match library.head() {
        Ok(head) => Some(head.peel_to_tree()?),
        Err(error)
            if matches!(
                error.code(),
                git2::ErrorCode::UnbornBranch | git2::ErrorCode::NotFound
            ) =>
        {
            None
        }
        Err(error) => return Err(error.into()),
    };
    let mut options = DiffOptions::new();
    options.include_typechange(true);
    let mut diff = library.diff_tree_to_index(tree.as_ref(), Some(index), Some(&mut options))?;
    let has = |status| diff.deltas().any(|delta| delta.status() == status);
    if has(Status::Added) && has(Status::Deleted) {
        // Without this a renamed file would count as new from its first line to its last.
        diff.find_similar(Some(DiffFindOptions::new().renames(true)))?;
    }
    let is_gone = |delta: &git2::DiffDelta<'_>| delta.status() == Status::Deleted;
    let was = |delta: git2::DiffDelta<'_>| {
        let path = RepoPath::new(delta.old_file().path_bytes()?);
        Some((
            path,
            ObjectId::from_bytes(delta.old_file().id().as_bytes())?,
        ))
    };
    let there = diff.deltas().filter(|delta| !is_gone(delta));
    Ok((
        there
            .filter_map(|delta| from_library(&delta, index))
            .collect(),
        diff.deltas().filter(is_gone).filter_map(was).collect(),
    ))
}

fn first_conflict(index: &git2::Index) -> String {
    let conflict = index
        .conflicts()
        .ok()
        .and_then(|mut all| all.next())
        .and_then(Result::ok);
    let entry = conflict.and_then(|conflict| conflict.our.or(conflict.their).or(conflict.ancestor));
    entry.map_or_else(
        || "the index".to_owned(),
        |entry| String::from_utf8_lossy(&entry.path).into_owned(),
    )
}

fn from_library(delta: &git2::DiffDelta<'_>, index: &git2::Index) -> Option<Delta> {
    let path = RepoPath::new(delta.new_file().path_bytes()?);
    if index
        .get_path(path.to_path(), 0)
        .is_some_and(|entry| entry.flags_extended & INTENT_TO_ADD != 0)
    {
        return None;
    }
    let before = delta.old_file();
    let was_file = matches!(
        before.mode(),
        FileMode::Blob | FileMode::BlobExecutable | FileMode::BlobGroupWritable
    );
    Some(Delta {
        path,
        kind: kind_of(delta.new_file().mode()),
        now: ObjectId::from_bytes(delta.new_file().id().as_bytes())?,
        before: ObjectId::from_bytes(before.id().as_bytes()).filter(|id| was_file && !id.is_zero()),
    })
}

const fn kind_of(mode: FileMode) -> Option<FileKind> {
    match mode {
        FileMode::Blob | FileMode::BlobGroupWritable => Some(FileKind::Regular),
        FileMode::BlobExecutable => Some(FileKind::Executable),
        FileMode::Link => Some(FileKind::Symlink),
        _ => None,
    }
}

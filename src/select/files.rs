//! The files of a run that looks at the worktree or at a folder.

use crate::git::{Folders, GitError, Repo};
use crate::model::{CheckError, Content, FileKind, FileMeta, RepoPath};
use std::fs::Metadata;
use std::io;
use std::path::{Component, Path, PathBuf};

/// The files to check, and what could not be looked at.
#[derive(Debug, Default)]
pub struct Gathered {
    /// In order of path.
    pub files: Vec<FileMeta>,
    /// Files that the change does not touch and that count from now on, for the scanner of lockfiles alone.
    pub heirs: Vec<FileMeta>,
    /// Unreadable folders, and named things that are no files.
    pub errors: Vec<CheckError>,
}

/// Why files cannot be gathered at all.
#[derive(Debug, thiserror::Error)]
pub enum GatherError {
    /// git cannot be asked.
    #[error(transparent)]
    Git(#[from] GitError),
    /// A named path is not there.
    #[error("{}: {reason}", path.display())]
    Named {
        /// As it was given.
        path: PathBuf,
        /// What the operating system says.
        reason: io::Error,
    },
}

impl Gathered {
    /// Adds the file at `path` below `root`, by what stands there now. Nothing there is no error: git tracks it, and it
    /// was deleted or is not checked out. A folder in the place of a tracked file is passed over: what is in it is not tracked.
    fn add(&mut self, root: &Path, path: RepoPath) {
        let disk = root.join(path.to_path());
        match std::fs::symlink_metadata(&disk) {
            Ok(meta) => self.add_known(disk, path, &meta),
            Err(error)
                if matches!(
                    error.kind(),
                    io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
                ) => {}
            Err(error) => self.errors.push(unreadable(Some(path), &error.to_string())),
        }
    }

    fn add_known(&mut self, disk: PathBuf, path: RepoPath, meta: &Metadata) {
        match kind_of(meta) {
            Some(kind) => self.files.push(FileMeta {
                path,
                kind,
                size: meta.len(),
                content: Content::Disk(disk),
                bases: Vec::new(),
                commit: None,
            }),
            None if meta.is_dir() => {}
            None => self.errors.push(unreadable(
                Some(path),
                "it is neither a file nor a link (a pipe, socket or device)",
            )),
        }
    }

    fn sorted(mut self) -> Self {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.files.dedup_by(|a, b| a.path == b.path);
        self.errors.sort();
        self
    }
}

/// Every tracked file as it is in the worktree, with `untracked` also those that are neither tracked nor ignored.
/// Without a repository, every file below `root` that no ignore rule excludes.
///
/// # Errors
/// git cannot be asked.
pub fn gather_all(
    repo: Option<&Repo>,
    root: &Path,
    untracked: bool,
) -> Result<Gathered, GatherError> {
    let mut found = Gathered::default();
    let Some(repo) = repo else {
        walk(root, root, &mut found);
        return Ok(found.sorted());
    };
    let mut folders = Folders::default();
    for path in repo.tracked()? {
        if !folders.lead_elsewhere(root, &path) {
            found.add(root, path);
        }
    }
    if untracked {
        for path in repo.untracked()? {
            found.add(root, path);
        }
    }
    Ok(found.sorted())
}

/// The named files, and every file in the named folders that no ignore rule excludes. `paths` are absolute.
///
/// # Errors
/// A path that is not there.
pub fn gather_named(root: &Path, paths: &[PathBuf]) -> Result<Gathered, GatherError> {
    let mut found = Gathered::default();
    for path in paths {
        let path = normal(path);
        let meta = std::fs::symlink_metadata(&path).map_err(|reason| GatherError::Named {
            path: path.clone(),
            reason,
        })?;
        if meta.is_dir() {
            walk(root, &path, &mut found);
        } else {
            let name = relative(root, &path);
            found.add_known(path, name, &meta);
        }
    }
    Ok(found.sorted())
}

/// Every file below `start`, hidden ones too, without `.git` folders and what ignore rules exclude. Links are not followed.
fn walk(root: &Path, start: &Path, found: &mut Gathered) {
    let mut builder = ignore::WalkBuilder::new(start);
    builder
        .hidden(false)
        .require_git(false)
        .filter_entry(|entry| entry.file_name() != ".git");
    for entry in builder.build() {
        match entry {
            Ok(entry) => {
                let path = relative(root, entry.path());
                match entry.metadata() {
                    Ok(meta) if meta.is_dir() => {}
                    Ok(meta) => found.add_known(entry.into_path(), path, &meta),
                    Err(error) => found
                        .errors
                        .push(unreadable(Some(path), &error.to_string())),
                }
            }
            Err(error) => found.errors.push(unreadable(None, &error.to_string())),
        }
    }
}

fn unreadable(path: Option<RepoPath>, reason: &str) -> CheckError {
    CheckError {
        path,
        scanner: "",
        message: format!("not checked: {reason}"),
        help: "make it readable, or leave it out with `exclude` in hookd.toml".to_owned(),
        fatal: true,
    }
}

/// The path below `root`, or the whole path where it is elsewhere.
fn relative(root: &Path, path: &Path) -> RepoPath {
    RepoPath::from_path(path.strip_prefix(root).unwrap_or(path))
}

/// The path without `.` and, where nothing is known of links, `..` parts: so that `./a` and `a` are one file.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            _ => out.push(part),
        }
    }
    out
}

fn kind_of(meta: &Metadata) -> Option<FileKind> {
    use std::os::unix::fs::PermissionsExt;
    if meta.is_symlink() {
        Some(FileKind::Symlink)
    } else if !meta.is_file() {
        None
    } else if meta.permissions().mode() & 0o100 != 0 {
        Some(FileKind::Executable)
    } else {
        Some(FileKind::Regular)
    }
}

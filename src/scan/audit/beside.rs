//! The files around a lockfile: as the run sees them, and as they were before the change.

use crate::git::{BlobReader, Repo};
use crate::lockfile::{self, Beside, Contents, Kept, LockfileError, LockfileSpec};
use crate::model::{Content, FileMeta, Mode, ObjectId, RepoPath};
use crate::scan::ScanContext;
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

/// No manifest and no lockfile is larger.
const LARGEST: u64 = 64 << 20;

/// How many entries of one folder are looked at.
const FOLDERS_MOST: usize = 100_000;

/// How many read lockfiles are kept.
const HELD_MOST: usize = 16;

/// How many files are kept for the manifests that are compared with them.
const KEPT_MOST: usize = 64;

/// Reads files beside those of the run. The repository is opened when the first is asked for.
pub(super) struct Neighbours {
    mode: Mode,
    root: PathBuf,
    /// The files of the run, by path.
    set: OnceLock<HashMap<String, FileMeta>>,
    git: OnceLock<Option<Git>>,
    /// What the lockfiles that were read last hold.
    held: Mutex<HashMap<(String, Turn, u64), Held>>,
    /// The files that many manifests are compared with.
    kept: Mutex<HashMap<(String, Turn), Arc<Kept<'static>>>>,
}

/// What a lockfile holds, or why it can't be read.
pub(super) type Held = Result<Arc<Contents>, LockfileError>;

/// Which side of the change a lockfile is on, and with it those that it names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Turn {
    Now,
    Before,
}

/// A merge has several states before, and a history has many of one path.
fn digest(bytes: &[u8]) -> u64 {
    let mut hasher = DefaultHasher::new();
    bytes.hash(&mut hasher);
    hasher.finish()
}

struct Git {
    repo: Mutex<Repo>,
    blobs: BlobReader,
}

impl Neighbours {
    /// Of a run in `context`.
    pub(super) fn new(context: &ScanContext) -> Self {
        Self {
            mode: context.mode,
            root: context.root.clone(),
            set: OnceLock::new(),
            git: OnceLock::new(),
            held: Mutex::default(),
            kept: Mutex::default(),
        }
    }

    /// Takes note of the files of the run.
    pub(super) fn note(&self, files: &[&FileMeta]) {
        let by_path = files
            .iter()
            .map(|file| (file.path.to_text().into_owned(), (*file).clone()));
        self.set.get_or_init(|| by_path.collect());
    }

    fn of_run(&self, path: &str) -> Option<&FileMeta> {
        self.set.get()?.get(path)
    }

    /// Whether the file at `path` is one of the run.
    pub(super) fn is_of_run(&self, path: &str) -> bool {
        self.of_run(path).is_some()
    }

    /// The file at `path` as the run sees it: for a commit what is staged, else what is on disk.
    pub(super) fn read(&self, path: &str) -> Option<Vec<u8>> {
        match self.of_run(path).map(|file| &file.content) {
            Some(Content::Blob(id)) => self.blob(*id),
            Some(Content::Disk(path)) => disk(path),
            Some(Content::Text(text)) => Some(text.to_vec()),
            Some(Content::Input(start)) => Some(start.to_vec()),
            None if self.mode == Mode::Staged => self.staged(path),
            None => disk(&self.root.join(path)),
        }
    }

    /// Whether the project has a file at `path`.
    pub(super) fn has(&self, path: &str) -> bool {
        self.is_of_run(path) || self.of_project(path).is_some()
    }

    /// The file at `path` if it is part of the project: where every tracked file is looked at, one that is not among them
    /// is ignored or forgotten.
    pub(super) fn of_project(&self, path: &str) -> Option<Vec<u8>> {
        (self.mode != Mode::All || self.is_of_run(path))
            .then(|| self.read(path))
            .flatten()
    }

    /// The file at `path`, for a judgement about others: of the files that the scanner looks at itself one that is part of
    /// the project.
    pub(super) fn context(&self, path: &str) -> Option<Vec<u8>> {
        let looked_at = lockfile::find(path).is_some() || super::frozen::concerns(path);
        if looked_at {
            self.of_project(path)
        } else {
            self.read(path)
        }
    }

    /// The names of the folders in a folder of the worktree.
    pub(super) fn folders(&self, folder: &str) -> Vec<String> {
        let Ok(entries) = std::fs::read_dir(self.root.join(folder)) else {
            return Vec::new();
        };
        let entries = entries.flatten().take(FOLDERS_MOST);
        let folders = entries.filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()));
        folders
            .filter_map(|entry| entry.file_name().into_string().ok())
            .collect()
    }

    /// The paths of the run's files in a folder.
    pub(super) fn beside<'a>(&'a self, folder: &'a str) -> impl Iterator<Item = &'a str> {
        let paths = self
            .set
            .get()
            .into_iter()
            .flatten()
            .map(|(path, _)| path.as_str());
        paths.filter(move |path| path.rsplit_once('/').map_or("", |(above, _)| above) == folder)
    }

    /// The file at `path` before the change; what is no part of the change was the same.
    pub(super) fn read_before(&self, path: &str) -> Option<Vec<u8>> {
        match self.of_run(path) {
            Some(file) => file.bases.first().and_then(|id| self.blob(*id)),
            None => self.read(path),
        }
    }

    /// The lockfile that npm read in HEAD in the place of the one at `path`, of which a commit is to be judged.
    pub(super) fn read_instead_before(&self, path: &str) -> Option<Vec<u8>> {
        let is_new = self.of_run(path).is_some_and(|file| file.bases.is_empty());
        let other = match lockfile::heir(path) {
            // What was there by its own name was what npm read.
            Some(heir) => is_new.then_some(heir),
            None => lockfile::read_instead(path),
        };
        let other = other.filter(|_| self.mode == Mode::Staged)?;
        let git = self.git()?;
        // Nothing that is done under the lock leaves the repository half changed.
        let repo = git.repo.lock().unwrap_or_else(PoisonError::into_inner);
        repo.file_at("HEAD", &RepoPath::from(other.as_str()), &git.blobs)
    }

    /// What the lockfile at `path` holds, with the files that it names: read anew, for the lockfile's own turn.
    pub(super) fn contents(&self, format: &LockfileSpec, path: &str, bytes: &[u8]) -> Held {
        let read = |path: &str| self.read(path);
        format.read(path, bytes, beside(&read)).map(Arc::new)
    }

    /// The same, kept for the next that asks: many manifests may have one lockfile.
    pub(super) fn contents_kept(&self, format: &LockfileSpec, path: &str, bytes: &[u8]) -> Held {
        let read = |path: &str| self.read(path);
        self.held(format, (path, Turn::Now), bytes, &read)
    }

    /// What the lockfile at `path` held when it was `bytes`, one of its states before the change, with the files that it
    /// named then.
    pub(super) fn contents_before(&self, format: &LockfileSpec, path: &str, bytes: &[u8]) -> Held {
        let read = |path: &str| self.read_before(path);
        self.held(format, (path, Turn::Before), bytes, &read)
    }

    fn held(
        &self,
        format: &LockfileSpec,
        (path, turn): (&str, Turn),
        bytes: &[u8],
        read: &dyn Fn(&str) -> Option<Vec<u8>>,
    ) -> Held {
        let key = (path.to_owned(), turn, digest(bytes));
        // Nothing that is done under the lock leaves the map half changed.
        let lock = || self.held.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return known.clone();
        }
        let held = format.read(path, bytes, beside(read)).map(Arc::new);
        let mut known = lock();
        // A sweep may see thousands, each for a moment.
        if known.len() >= HELD_MOST {
            known.clear();
        }
        known.insert(key, held.clone());
        drop(known);
        held
    }

    /// The file at `path` as [`Neighbours::context`] sees it, read once for many manifests.
    pub(super) fn kept(&self, path: &str) -> Option<Arc<Kept<'static>>> {
        self.keep((path, Turn::Now), || self.context(path))
    }

    /// The same as [`Neighbours::read_before`] sees it.
    pub(super) fn kept_before(&self, path: &str) -> Option<Arc<Kept<'static>>> {
        self.keep((path, Turn::Before), || self.read_before(path))
    }

    fn keep(
        &self,
        (path, turn): (&str, Turn),
        read: impl FnOnce() -> Option<Vec<u8>>,
    ) -> Option<Arc<Kept<'static>>> {
        let key = (path.to_owned(), turn);
        // Nothing that is done under the lock leaves the map half changed.
        let lock = || self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = lock().get(&key) {
            return Some(Arc::clone(known));
        }
        let file = Arc::new(Kept::new(read()?));
        let mut known = lock();
        // A sweep may see thousands, each for a moment.
        if known.len() >= KEPT_MOST {
            known.clear();
        }
        Some(Arc::clone(known.entry(key).or_insert(file)))
    }

    fn git(&self) -> Option<&Git> {
        let open = || {
            // The environment may lead to another repository than the one that is checked.
            let repo = Repo::open(&self.root).ok()?;
            if repo.root() != self.root {
                return None;
            }
            let blobs = repo.blobs().ok()?;
            Some(Git {
                repo: Mutex::new(repo),
                blobs,
            })
        };
        self.git.get_or_init(open).as_ref()
    }

    fn blob(&self, id: ObjectId) -> Option<Vec<u8>> {
        self.git()?.blobs.read(id).ok()
    }

    fn staged(&self, path: &str) -> Option<Vec<u8>> {
        let git = self.git()?;
        // Nothing that is done under the lock leaves the repository half changed.
        let repo = git.repo.lock().unwrap_or_else(PoisonError::into_inner);
        repo.staged_file(path, &git.blobs).ok()?
    }
}

/// Files that are lockfiles by their own names are judged by themselves.
fn beside<'a>(read: &'a dyn Fn(&str) -> Option<Vec<u8>>) -> Beside<'a> {
    Beside {
        read,
        apart: &|path| lockfile::find(path).is_some(),
    }
}

/// An ordinary file of a size that such files have. Links are not followed: they may lead anywhere.
fn disk(path: &Path) -> Option<Vec<u8>> {
    let meta = path.symlink_metadata().ok()?;
    (meta.is_file() && meta.len() <= LARGEST)
        .then(|| std::fs::read(path).ok())
        .flatten()
}

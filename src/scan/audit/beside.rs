//! The files around a lockfile, as the run sees them.

use crate::git::{BlobReader, Repo};
use crate::model::{Content, FileMeta, Mode, ObjectId};
use crate::scan::ScanContext;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, OnceLock, PoisonError};

/// No manifest and no lockfile is larger.
const LARGEST: u64 = 64 << 20;

/// Reads files beside those of the run. The repository is opened when the first is asked for.
pub(super) struct Neighbours {
    mode: Mode,
    root: PathBuf,
    /// The files of the run, by path.
    set: OnceLock<HashMap<String, FileMeta>>,
    git: OnceLock<Option<Git>>,
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
        }
    }

    /// Takes note of the files of the run.
    pub(super) fn note(&self, files: &[&FileMeta]) {
        let by_path = files
            .iter()
            .map(|file| (file.path.to_text().into_owned(), (*file).clone()));
        self.set.get_or_init(|| by_path.collect());
    }

    /// The file at `path` as the run sees it: for a commit what is staged, else what is on disk.
    pub(super) fn read(&self, path: &str) -> Option<Vec<u8>> {
        match self
            .set
            .get()
            .and_then(|set| set.get(path))
            .map(|file| &file.content)
        {
            Some(Content::Blob(id)) => self.blob(*id),
            Some(Content::Disk(path)) => disk(path),
            None if self.mode == Mode::Staged => self.staged(path),
            None => disk(&self.root.join(path)),
        }
    }

    fn git(&self) -> Option<&Git> {
        let open = || {
            let repo = Repo::open(&self.root).ok()?;
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
        repo.staged_file(path, &git.blobs).ok().flatten()
    }
}

fn disk(path: &Path) -> Option<Vec<u8>> {
    let meta = path.metadata().ok()?;
    if !meta.is_file() || meta.len() > LARGEST {
        return None;
    }
    std::fs::read(path).ok()
}

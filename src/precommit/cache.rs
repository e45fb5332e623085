//! The folder that holds clones of hook repositories and the environments made from them.

use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

/// Written last into an entry: without it the entry is half made.
const READY: &str = ".hookd-ready";

/// The cache.
#[derive(Debug, Clone)]
pub struct Cache {
    root: PathBuf,
}

/// One clone or environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Its folder.
    pub dir: PathBuf,
}

impl Entry {
    /// Whether it is there and complete.
    #[must_use]
    pub fn is_ready(&self) -> bool {
        self.dir.join(READY).is_file()
    }

    /// What was said when it was made.
    #[must_use]
    pub fn about(&self) -> String {
        fs::read_to_string(self.dir.join(READY)).unwrap_or_default()
    }

    /// Says that it is complete, and what it is.
    pub(super) fn finish(&self, about: &str) -> io::Result<()> {
        fs::write(self.dir.join(READY), about)
    }
}

impl Cache {
    /// The cache in folder `root`, which need not be there yet.
    #[must_use]
    pub const fn new(root: PathBuf) -> Self {
        Self { root }
    }

    /// Its folder.
    #[must_use]
    pub fn root(&self) -> &Path {
        &self.root
    }

    /// The clone of the repository at `url` at `rev`.
    #[must_use]
    pub fn clone_of(&self, url: &str, rev: &str) -> Entry {
        self.entry("repos", &[url, rev])
    }

    /// The environment that `parts` describe.
    pub(super) fn environment(&self, parts: &[&str]) -> Entry {
        self.entry("envs", parts)
    }

    fn entry(&self, kind: &str, parts: &[&str]) -> Entry {
        let mut hash = Sha256::new();
        for part in parts {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part.as_bytes());
        }
        let mut name = String::new();
        for byte in hash.finalize().iter().take(16) {
            // Writing to a String cannot fail.
            let _ = write!(name, "{byte:02x}");
        }
        Entry {
            dir: self.root.join(kind).join(name),
        }
    }

    /// Every entry, complete or not.
    ///
    /// # Errors
    /// The folder cannot be read.
    pub fn entries(&self) -> io::Result<Vec<Entry>> {
        let mut all = Vec::new();
        for kind in ["repos", "envs"] {
            match fs::read_dir(self.root.join(kind)) {
                Ok(list) => {
                    for entry in list {
                        all.push(Entry { dir: entry?.path() });
                    }
                }
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(error),
            }
        }
        all.sort_by(|a, b| a.dir.cmp(&b.dir));
        Ok(all)
    }

    /// Makes the folder and takes its lock, so that one hookd at a time adds or removes entries; held until the file is
    /// dropped. `on_wait` is called once where another one has it.
    pub(super) fn lock(&self, on_wait: &mut dyn FnMut()) -> io::Result<File> {
        fs::create_dir_all(&self.root)?;
        let file = File::options()
            .create(true)
            .truncate(false)
            .write(true)
            .open(self.root.join("lock"))?;
        match file.try_lock() {
            Ok(()) => {}
            Err(fs::TryLockError::WouldBlock) => {
                on_wait();
                file.lock()?;
            }
            Err(fs::TryLockError::Error(error)) => return Err(error),
        }
        Ok(file)
    }

    /// Remembers that the configuration at `path` uses the cache.
    pub(super) fn remember(&self, path: &Path) -> io::Result<()> {
        let mut known = self.configurations();
        if known.iter().any(|one| one == path) {
            return Ok(());
        }
        known.push(path.to_path_buf());
        self.set_configurations(&known)
    }

    /// The configurations that were seen to use the cache.
    #[must_use]
    pub fn configurations(&self) -> Vec<PathBuf> {
        let text = fs::read_to_string(self.root.join("configurations")).unwrap_or_default();
        text.lines().map(PathBuf::from).collect()
    }

    pub(super) fn set_configurations(&self, paths: &[PathBuf]) -> io::Result<()> {
        let lines = paths
            .iter()
            .filter_map(|path| path.to_str())
            .filter(|path| !path.contains('\n'));
        let text: String = lines.map(|path| format!("{path}\n")).collect();
        let fresh = self.root.join("configurations.new");
        fs::write(&fresh, text)?;
        fs::rename(fresh, self.root.join("configurations"))
    }
}

//! What git tracks, and single files of the index.

use super::{BlobReader, GitError, Repo, command};
use crate::model::{ObjectId, RepoPath};
use std::ffi::OsStr;
use std::path::Path;

/// The mode of a submodule's entry in the index.
const SUBMODULE: u32 = 0o160_000;

/// Every path in the index, submodules too, in order and as one text: a list of a hundred thousand of them takes longer to
/// make than to read.
#[derive(Debug, Clone, Default)]
pub struct IndexPaths(Vec<u8>);

impl IndexPaths {
    /// The paths. One with a conflict may come several times.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.0
            .split(|&byte| byte == 0)
            .filter(|path| !path.is_empty())
    }
}

impl Repo {
    /// Every path in the index.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn index_paths(&self) -> Result<IndexPaths, GitError> {
        if let Some((_, index)) = self.library_for_index() {
            let mut text = Vec::new();
            for entry in index.iter() {
                text.extend_from_slice(&entry.path);
                text.push(0);
            }
            return Ok(IndexPaths(text));
        }
        Ok(IndexPaths(command::output(
            &self.root,
            &["ls-files", "-z"],
        )?))
    }

    /// Every path in the index that is a file, each once and in order; submodules are left out.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn tracked(&self) -> Result<Vec<RepoPath>, GitError> {
        if let Some((_, index)) = self.library_for_index() {
            let files = index.iter().filter(|entry| entry.mode != SUBMODULE);
            let mut paths: Vec<RepoPath> = files.map(|entry| RepoPath::new(entry.path)).collect();
            paths.dedup();
            return Ok(paths);
        }
        let output = command::output(&self.root, &["ls-files", "--stage", "-z"])?;
        let mut paths: Vec<RepoPath> = output
            .split(|&byte| byte == 0)
            .filter(|entry| !entry.is_empty() && !entry.starts_with(b"160000 "))
            .filter_map(|entry| {
                Some(RepoPath::new(
                    entry.splitn(2, |&byte| byte == b'\t').nth(1)?,
                ))
            })
            .collect();
        paths.dedup();
        Ok(paths)
    }

    /// Every path that is neither tracked nor ignored, in order.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn untracked(&self) -> Result<Vec<RepoPath>, GitError> {
        let output = command::output(
            &self.root,
            &["ls-files", "--others", "--exclude-standard", "-z"],
        )?;
        Ok(output
            .split(|&byte| byte == 0)
            .filter(|path| !path.is_empty() && !path.ends_with(b"/"))
            .map(RepoPath::new)
            .collect())
    }

    /// The staged bytes of the file at `path`, from the root; `None` where the index has none.
    ///
    /// # Errors
    /// git cannot be asked, or the blob cannot be read.
    pub fn staged_file(&self, path: &str, blobs: &BlobReader) -> Result<Option<Vec<u8>>, GitError> {
        let id = self.staged_blob(Path::new(path))?;
        id.map(|id| blobs.read(id)).transpose()
    }

    /// The staged blob of the file at `path`, from the root; `None` where the index has none.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn staged_blob(&self, path: &Path) -> Result<Option<ObjectId>, GitError> {
        Ok(match self.library_for_index() {
            Some((_, index)) => index
                .get_path(path, 0)
                .filter(|entry| entry.flags_extended & super::staged::INTENT_TO_ADD == 0)
                .and_then(|entry| ObjectId::from_bytes(entry.id.as_bytes())),
            None => {
                let mut words = ["ls-files", "--stage", "-z", "--"].map(OsStr::new).to_vec();
                words.push(path.as_os_str());
                let output = command::output(&self.root, &words)?;
                output
                    .split(|&byte| byte == b' ')
                    .nth(1)
                    .and_then(ObjectId::from_hex)
            }
        })
    }
}

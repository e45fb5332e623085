//! Reading blobs from many threads.

use super::{GitError, Repo, command, loose};
use crate::model::{Content, FileKind, FileMeta, ObjectId, RepoPath};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};
use std::sync::Mutex;

/// Reads blobs of one repository; shared by all threads of the pool.
pub struct BlobReader {
    root: PathBuf,
    source: Source,
}

enum Source {
    /// libgit2's object database, and the folders that have objects as files of their own.
    Database(git2::Odb<'static>, Vec<PathBuf>),
    /// The git command, for what libgit2 cannot read: processes started on first use.
    Command { sizes: Slot, contents: Slot },
}

type Slot = Mutex<Option<Batch>>;

impl Repo {
    /// A reader for the blobs of this repository.
    ///
    /// # Errors
    /// The object database cannot be opened.
    pub fn blobs(&self) -> Result<BlobReader, GitError> {
        let database = match self.objects()? {
            Some(objects) => {
                let folders: Vec<PathBuf> = std::iter::once(objects).chain(alternates()).collect();
                database(&folders)?.map(|database| (database, loose::folders(folders)))
            }
            None => None,
        };
        Ok(BlobReader {
            root: self.root.clone(),
            source: database.map_or_else(
                || Source::Command {
                    sizes: Slot::default(),
                    contents: Slot::default(),
                },
                |(database, folders)| Source::Database(database, folders),
            ),
        })
    }

    /// The folder of the object database, where libgit2 can read its objects.
    fn objects(&self) -> Result<Option<PathBuf>, GitError> {
        if let Some(library) = &self.library {
            // libgit2 refuses SHA-256 repositories, so the objects of this one are SHA-1.
            let objects = crate::env::var("GIT_OBJECT_DIRECTORY").map(PathBuf::from);
            return Ok(Some(
                objects.unwrap_or_else(|| library.commondir().join("objects")),
            ));
        }
        let format = command::output(&self.root, &["rev-parse", "--show-object-format"])?;
        if command::one_line(format) != b"sha1" {
            return Ok(None);
        }
        let answer = command::output(&self.root, &["rev-parse", "--git-path", "objects"])?;
        Ok(Some(
            self.root.join(super::repo::path(command::one_line(answer))),
        ))
    }
}

/// The folders of objects that the environment names beside the repository's own.
fn alternates() -> Vec<PathBuf> {
    let paths = crate::env::var("GIT_ALTERNATE_OBJECT_DIRECTORIES");
    paths.iter().flat_map(std::env::split_paths).collect()
}

/// libgit2's view of folders of objects; `None` where a path is not UTF-8, which its interface does not take.
fn database(folders: &[PathBuf]) -> Result<Option<git2::Odb<'static>>, GitError> {
    // Git does not hash what it reads either: a damaged object fails to unpack, and whether one stands under another's name
    // is for `git fsck`. It would be half of the time that a staged lockfile takes.
    git2::opts::strict_hash_verification(false);
    let database = git2::Odb::new()?;
    for path in folders {
        match path.to_str() {
            Some(path) => database.add_disk_alternate(path)?,
            None => return Ok(None),
        }
    }
    Ok(Some(database))
}

/// A path that a change brings in: what it is (`None` for a submodule), its blob, the blobs it is judged against.
pub(super) type Introduced = (RepoPath, Option<FileKind>, ObjectId, Vec<ObjectId>);

impl BlobReader {
    /// The files among what a change brings in, in order of path, with their sizes.
    ///
    /// # Errors
    /// A blob is not there.
    pub(super) fn files(
        &self,
        introduced: impl IntoIterator<Item = Introduced>,
    ) -> Result<Vec<FileMeta>, GitError> {
        let mut files = Vec::new();
        for (path, kind, now, bases) in introduced {
            let Some(kind) = kind else { continue };
            files.push(FileMeta {
                size: self.size(now)?,
                path,
                kind,
                content: Content::Blob(now),
                bases,
                commit: None,
            });
        }
        files.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(files)
    }

    /// The size in bytes of a blob, without reading it.
    ///
    /// # Errors
    /// There is no such object.
    pub fn size(&self, id: ObjectId) -> Result<u64, GitError> {
        match &self.source {
            Source::Database(database, _) => Ok(database.read_header(oid(id)?)?.0 as u64),
            Source::Command { sizes, .. } => {
                ask(sizes, &self.root, "--batch-check", |batch| batch.head(id))
            }
        }
    }

    /// The bytes of a blob.
    ///
    /// # Errors
    /// There is no such object, or it is damaged.
    pub fn read(&self, id: ObjectId) -> Result<Vec<u8>, GitError> {
        match &self.source {
            Source::Database(database, folders) => match loose::read(folders, id) {
                Some(content) => content,
                None => Ok(database.read(oid(id)?)?.data().to_vec()),
            },
            Source::Command { contents, .. } => {
                ask(contents, &self.root, "--batch", |batch| batch.read(id))
            }
        }
    }

    /// The bytes of a blob as a stream, for those too large to hold.
    ///
    /// # Errors
    /// git cannot be started.
    pub fn stream(&self, id: ObjectId) -> Result<impl Read + use<>, GitError> {
        let mut child = command::git(&self.root)
            .args(["cat-file", "blob", &id.to_string()])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::Missing)?;
        let output = child.stdout.take().ok_or(GitError::Answer("cat-file"))?;
        Ok(Stream { child, output })
    }
}

fn ask<T>(
    slot: &Slot,
    root: &Path,
    mode: &str,
    question: impl FnOnce(&mut Batch) -> Result<T, GitError>,
) -> Result<T, GitError> {
    let mut slot = slot
        .lock()
        .unwrap_or_else(std::sync::PoisonError::into_inner);
    let mut batch = match slot.take() {
        Some(batch) => batch,
        None => Batch::start(root, mode)?,
    };
    let answer = question(&mut batch);
    if !matches!(answer, Err(GitError::Answer(_))) {
        // After a broken answer the stream may be out of step: the next question starts a fresh process.
        *slot = Some(batch);
    }
    answer
}

fn oid(id: ObjectId) -> Result<git2::Oid, GitError> {
    Ok(git2::Oid::from_bytes(id.as_bytes())?)
}

/// The output of a git process that is waited for when its end is reached: a failed process is a read error.
struct Stream {
    child: Child,
    output: ChildStdout,
}

impl Read for Stream {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        let count = self.output.read(buffer)?;
        if count == 0 && !buffer.is_empty() && !self.child.wait()?.success() {
            return Err(std::io::Error::other("git cat-file failed"));
        }
        Ok(count)
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        // A reader that stops early must not leave a process behind.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A running `git cat-file --batch` or `--batch-check` (git-cat-file(1), "BATCH OUTPUT").
struct Batch {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Batch {
    fn start(root: &Path, mode: &str) -> Result<Self, GitError> {
        let mut child = command::git(root)
            .args(["cat-file", mode])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .map_err(GitError::Missing)?;
        let (Some(input), Some(output)) = (child.stdin.take(), child.stdout.take()) else {
            return Err(GitError::Answer("cat-file"));
        };
        Ok(Self {
            child,
            input,
            output: BufReader::new(output),
        })
    }

    /// Asks for an object and reads the line before its content: the size.
    fn head(&mut self, id: ObjectId) -> Result<u64, GitError> {
        writeln!(self.input, "{id}").map_err(broken)?;
        let mut head = String::new();
        self.output.read_line(&mut head).map_err(broken)?;
        let mut words = head.split_whitespace().skip(1);
        match (words.next(), words.next()) {
            (Some("blob"), Some(size)) => size.parse().map_err(|_| GitError::Answer("cat-file")),
            (Some("missing"), None) => Err(GitError::Library(format!(
                "object {id} is not in the repository"
            ))),
            _ => Err(GitError::Answer("cat-file")),
        }
    }

    fn read(&mut self, id: ObjectId) -> Result<Vec<u8>, GitError> {
        let size = usize::try_from(self.head(id)?).map_err(|_| GitError::Answer("cat-file"))?;
        let mut bytes = vec![0; size];
        self.output.read_exact(&mut bytes).map_err(broken)?;
        self.output.read_exact(&mut [0]).map_err(broken)?;
        Ok(bytes)
    }
}

fn broken(_: std::io::Error) -> GitError {
    GitError::Answer("cat-file")
}

impl Drop for Batch {
    fn drop(&mut self) {
        // The process may have ended by itself; then there is nothing to do.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

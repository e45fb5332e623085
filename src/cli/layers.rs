//! The configuration files that count: the user's, the repository's, the local one, and what they extend.

use super::context::Context;
use super::error::CliError;
use crate::config::{ConfigError, Document, Extended, FILE_NAME, LOCAL_FILE_NAME};
use crate::env;
use crate::git::{BlobReader, Repo};
use crate::model::Mode;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Component, Path, PathBuf};

/// How many files may extend one another.
const DEPTH: usize = 16;
/// How many files there may be in all.
const FILES: usize = 64;
/// A configuration larger than this is something else.
const LARGEST: u64 = 4 << 20;

impl Context {
    /// The configuration files that count, in the order in which they are laid over each other. For a commit `hookd.toml`
    /// and what it extends are what is staged, as everything else that is judged.
    ///
    /// # Errors
    /// A file is there and cannot be read, or one that another extends is missing.
    pub(super) fn documents(
        &self,
        mode: Mode,
        blobs: Option<&BlobReader>,
    ) -> Result<Vec<Document>, CliError> {
        let staged = match (mode, &self.repo, blobs) {
            (Mode::Staged, Some(repo), Some(blobs)) => Some((repo, blobs)),
            _ => None,
        };
        let mut layers = Layers {
            root: &self.root,
            staged,
            documents: Vec::new(),
        };
        if let Some(path) = env::user_config() {
            layers.add(&path, Kind::Personal)?;
        }
        layers.add(&self.root.join(FILE_NAME), Kind::Shared)?;
        layers.add(&self.root.join(LOCAL_FILE_NAME), Kind::Local)?;
        Ok(layers.documents)
    }
}

/// The user's own configuration for all repositories, with what it extends.
///
/// # Errors
/// See [`Context::documents`].
pub(super) fn user_documents() -> Result<Vec<Document>, CliError> {
    let mut layers = Layers {
        // Every file is named in full.
        root: Path::new(""),
        staged: None,
        documents: Vec::new(),
    };
    if let Some(path) = env::user_config() {
        layers.add(&path, Kind::Personal)?;
    }
    Ok(layers.documents)
}

/// Whose a file is; what it extends is of the same kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// The user's, for all repositories.
    Personal,
    /// The repository's: read from the index where that is judged.
    Shared,
    /// The user's, for this repository.
    Local,
}

struct Layers<'a> {
    root: &'a Path,
    staged: Option<(&'a Repo, &'a BlobReader)>,
    documents: Vec<Document>,
}

impl Layers<'_> {
    /// Adds the file at `path`, if it is there, over what it extends.
    fn add(&mut self, path: &Path, kind: Kind) -> Result<(), CliError> {
        match self.read(path, kind)? {
            Some(document) => {
                let mut chain = Chain {
                    open: vec![path.to_path_buf()],
                    done: Vec::new(),
                    kind,
                };
                self.lay(document, &mut chain)
            }
            None => Ok(()),
        }
    }

    fn lay(&mut self, document: Document, chain: &mut Chain) -> Result<(), CliError> {
        for extended in document.extends()? {
            let path = chain.resolve(&extended.path);
            if chain.done.contains(&path) {
                continue;
            }
            self.may_extend(&document, &extended, &path, chain)?;
            let Some(next) = self.read(&path, chain.kind)? else {
                return Err(missing(&document, &extended, self.root, &path).into());
            };
            chain.open.push(path);
            self.lay(next, chain)?;
            chain.done.extend(chain.open.pop());
        }
        self.documents.push(document);
        Ok(())
    }

    fn may_extend(
        &self,
        document: &Document,
        extended: &Extended,
        path: &Path,
        chain: &Chain,
    ) -> Result<(), ConfigError> {
        let error = |message: String| Err(document.error(extended.span.clone(), message));
        if let Some(at) = chain.open.iter().position(|open| open == path) {
            let circle: Vec<String> = chain.open[at..]
                .iter()
                .chain([&path.to_path_buf()])
                .map(|path| shown(self.root, path))
                .collect();
            return error(format!(
                "these files extend each other in a circle: {}",
                circle.join(" → ")
            ));
        }
        if chain.open.len() >= DEPTH || self.documents.len() >= FILES {
            return error(format!(
                "too many files extend each other: at most {DEPTH} in a row, {FILES} in all"
            ));
        }
        Ok(())
    }

    fn read(&self, path: &Path, kind: Kind) -> Result<Option<Document>, CliError> {
        let name = shown(self.root, path);
        let inside = path.strip_prefix(self.root).ok().and_then(Path::to_str);
        let staged = match (self.staged, inside) {
            (Some((repo, blobs)), Some(inside)) if kind == Kind::Shared => {
                repo.staged_file(inside, blobs)?
            }
            _ => None,
        };
        let bytes = match staged {
            Some(bytes) => Some(bytes),
            None => on_disk(path).map_err(|error| {
                CliError::usage(
                    format!("{name}: {error}"),
                    "make it a file that can be read, or take it away",
                )
            })?,
        };
        let document = bytes.map(|bytes| Document::new(name, bytes)).transpose()?;
        Ok(document.map(|document| Document {
            personal: kind == Kind::Personal,
            ..document
        }))
    }
}

/// A file with what it extends.
struct Chain {
    /// The files that are read now, each extended by the one before.
    open: Vec<PathBuf>,
    /// What was laid: once is enough.
    done: Vec<PathBuf>,
    kind: Kind,
}

impl Chain {
    /// The file that `written` means in the file that is read now. `~/` is the home folder in files of the user.
    fn resolve(&self, written: &str) -> PathBuf {
        let home = written
            .strip_prefix("~/")
            .filter(|_| self.kind != Kind::Shared)
            .zip(env::var(env::HOME));
        let folder = self.open.last().and_then(|path| path.parent());
        let path = match home {
            Some((below, home)) => PathBuf::from(home).join(below),
            None => folder.unwrap_or(Path::new("/")).join(written),
        };
        plain(&path)
    }
}

/// The path without `.` and `..`, as it is written: links are not followed.
fn plain(path: &Path) -> PathBuf {
    let mut plain = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                plain.pop();
            }
            other => plain.push(other),
        }
    }
    plain
}

fn missing(document: &Document, extended: &Extended, root: &Path, path: &Path) -> ConfigError {
    let message = format!("{} is not there", shown(root, path));
    document
        .error(extended.span.clone(), message)
        .with_help("paths are relative to the file that names them")
}

/// How the user would name the file.
fn shown(root: &Path, path: &Path) -> String {
    let short = path.strip_prefix(root).unwrap_or(path);
    crate::text::printable(&short.display().to_string()).into_owned()
}

/// The content of the file at `path`; `None` where there is nothing. A pipe or a device would be waited for.
fn on_disk(path: &Path) -> io::Result<Option<Vec<u8>>> {
    let meta = match std::fs::metadata(path) {
        Ok(meta) => meta,
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            return Ok(None);
        }
        Err(error) => return Err(error),
    };
    if !meta.is_file() {
        return Err(io::Error::other("it is not a file"));
    }
    if meta.len() > LARGEST {
        return Err(io::Error::other("it is too large for a configuration"));
    }
    let mut bytes = Vec::new();
    File::open(path)?.take(LARGEST).read_to_end(&mut bytes)?;
    Ok(Some(bytes))
}

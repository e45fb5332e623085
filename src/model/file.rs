//! Files as git knows them: byte paths, kinds, object ids.

use std::borrow::Cow;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A path relative to the root of what is checked, in bytes as git stores it, `/` between its parts.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RepoPath(Box<[u8]>);

impl RepoPath {
    /// Takes the bytes as they are.
    #[must_use]
    pub fn new(bytes: impl Into<Vec<u8>>) -> Self {
        Self(bytes.into().into_boxed_slice())
    }

    /// From a path of the operating system that is already relative to the root.
    #[must_use]
    pub fn from_path(path: &Path) -> Self {
        Self::new(path.as_os_str().as_encoded_bytes())
    }

    /// The bytes as git stores them.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    /// The part after the last `/`.
    #[must_use]
    pub fn file_name(&self) -> &[u8] {
        self.0
            .rsplit(|&byte| byte == b'/')
            .next()
            .unwrap_or(&self.0)
    }

    /// What follows the last dot of the file name, in lower case; empty where there is none or the dot comes first.
    #[must_use]
    pub fn extension(&self) -> String {
        let name = self.file_name();
        match name.iter().rposition(|&byte| byte == b'.') {
            Some(dot) if dot > 0 => String::from_utf8_lossy(&name[dot + 1..]).to_ascii_lowercase(),
            _ => String::new(),
        }
    }

    /// The path as text, each byte that is not UTF-8 replaced. For matching and messages, never for opening.
    #[must_use]
    pub fn to_text(&self) -> Cow<'_, str> {
        String::from_utf8_lossy(&self.0)
    }

    /// The path as the operating system takes it.
    #[cfg(unix)]
    #[must_use]
    pub fn to_path(&self) -> &Path {
        use std::os::unix::ffi::OsStrExt;
        Path::new(std::ffi::OsStr::from_bytes(&self.0))
    }
}

impl fmt::Debug for RepoPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?}", self.to_text())
    }
}

impl From<&str> for RepoPath {
    fn from(text: &str) -> Self {
        Self::new(text.as_bytes())
    }
}

/// What an entry is. Submodules and folders are not files and never get here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FileKind {
    /// An ordinary file (mode 100644).
    Regular,
    /// An executable file (mode 100755).
    Executable,
    /// A symbolic link (mode 120000): its content is the path it names; it is never followed.
    Symlink,
}

/// The id of a git object: 20 bytes in SHA-1 repositories, 32 in SHA-256 ones.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ObjectId {
    bytes: [u8; 32],
    len: u8,
}

impl ObjectId {
    /// From raw bytes; `None` unless there are 20 or 32 of them.
    #[must_use]
    pub fn from_bytes(raw: &[u8]) -> Option<Self> {
        let len = match raw.len() {
            20 => 20,
            32 => 32,
            _ => return None,
        };
        let mut bytes = [0; 32];
        bytes[..raw.len()].copy_from_slice(raw);
        Some(Self { bytes, len })
    }

    /// From 40 or 64 hexadecimal digits.
    #[must_use]
    pub fn from_hex(hex: &[u8]) -> Option<Self> {
        let nibble = |digit: u8| {
            (digit as char)
                .to_digit(16)
                .and_then(|value| u8::try_from(value).ok())
        };
        let mut raw = Vec::with_capacity(32);
        for pair in hex.chunks(2) {
            let &[high, low] = pair else { return None };
            raw.push(nibble(high)? << 4 | nibble(low)?);
        }
        Self::from_bytes(&raw)
    }

    /// The raw bytes.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8] {
        &self.bytes[..usize::from(self.len)]
    }

    /// Whether every byte is zero: git's way of saying "no object".
    #[must_use]
    pub fn is_zero(&self) -> bool {
        self.as_bytes().iter().all(|&byte| byte == 0)
    }
}

impl fmt::Display for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.as_bytes()
            .iter()
            .try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for ObjectId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

/// Where the bytes of a file are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Content {
    /// In the object database.
    Blob(ObjectId),
    /// On disk, at this path.
    Disk(PathBuf),
    /// At hand: the message of a commit, which is no file of the repository.
    Text(Arc<[u8]>),
    /// On standard input: its first bytes, all of them where they are fewer than are read at once. What follows is still
    /// to be read there.
    Input(Arc<[u8]>),
}

/// A file to be checked: everything that is known without reading it.
#[derive(Debug, Clone)]
pub struct FileMeta {
    /// Where it is, relative to the root of what is checked.
    pub path: RepoPath,
    /// What it is.
    pub kind: FileKind,
    /// Its size in bytes.
    pub size: u64,
    /// Where its bytes are.
    pub content: Content,
    /// The blobs it is judged against: one for a change of a file, several in a merge, none where it is new or the
    /// run judges whole files.
    pub bases: Vec<ObjectId>,
    /// The commit that brought its bytes in, where they are of the history.
    pub commit: Option<ObjectId>,
}

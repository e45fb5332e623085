//! Reading a file to check, once.

use crate::git::BlobReader;
use crate::model::{Content, FileKind, FileMeta};
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::ffi::OsStringExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

/// The bytes of `file`. For a link, the path it names.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn whole(file: &FileMeta, blobs: Option<&BlobReader>) -> Result<Vec<u8>, String> {
    match &file.content {
        Content::Blob(id) => {
            let blobs = blobs.ok_or("there is no repository")?;
            blobs.read(*id).map_err(|error| error.to_string())
        }
        Content::Text(text) => Ok(text.to_vec()),
        Content::Input(start) => Ok(start.to_vec()),
        Content::Disk(path) if file.kind == FileKind::Symlink => std::fs::read_link(path)
            .map(|target| target.into_os_string().into_vec())
            .map_err(|error| error.to_string()),
        Content::Disk(path) => {
            let mut bytes = Vec::with_capacity(usize::try_from(file.size).unwrap_or(0) + 1);
            open(path)
                .and_then(|mut opened| opened.read_to_end(&mut bytes))
                .map_err(|error| error.to_string())?;
            Ok(bytes)
        }
    }
}

/// The bytes of `file` as a stream.
///
/// # Errors
/// Why it cannot be opened.
pub(super) fn stream(file: &FileMeta, blobs: Option<&BlobReader>) -> Result<Box<dyn Read>, String> {
    match &file.content {
        Content::Blob(id) => {
            let blobs = blobs.ok_or("there is no repository")?;
            Ok(Box::new(
                blobs.stream(*id).map_err(|error| error.to_string())?,
            ))
        }
        Content::Text(text) => Ok(Box::new(io::Cursor::new(text.to_vec()))),
        Content::Input(start) => {
            let start = io::Cursor::new(Arc::clone(start));
            Ok(Box::new(start.chain(io::stdin())))
        }
        Content::Disk(path) => Ok(Box::new(open(path).map_err(|error| error.to_string())?)),
    }
}

/// Opens an ordinary file. What took its place since it was listed is refused: a link is not followed, and opening a
/// pipe does not wait for a writer.
fn open(path: &Path) -> io::Result<File> {
    let opened = OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC)
        .open(path)?;
    if opened.metadata()?.is_file() {
        Ok(opened)
    } else {
        Err(io::Error::other("it is not a file any more"))
    }
}

//! Reading a file to check, once.

use crate::git::BlobReader;
use crate::model::{Content, FileKind, FileMeta};
use std::cell::RefCell;
use std::fs::{File, OpenOptions};
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::sync::Arc;

thread_local! {
    /// What the last file of this thread was read into: asking the system for memory file by file takes as long as reading.
    static BUFFER: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// A buffer that grew beyond this is not kept.
const KEPT: usize = 4 * 1024 * 1024;

/// Hands the bytes of `file` to `then`. For a link, the path it names.
///
/// # Errors
/// Why it cannot be read.
pub(super) fn with_whole<T>(
    file: &FileMeta,
    blobs: Option<&BlobReader>,
    then: impl FnOnce(&[u8]) -> T,
) -> Result<T, String> {
    match &file.content {
        Content::Blob(id) => {
            let blobs = blobs.ok_or("there is no repository")?;
            let bytes = blobs.read(*id).map_err(|error| error.to_string())?;
            Ok(then(&bytes))
        }
        Content::Text(text) => Ok(then(text)),
        Content::Input(start) => Ok(then(start)),
        Content::Disk(path) if file.kind == FileKind::Symlink => std::fs::read_link(path)
            .map(|target| then(target.as_os_str().as_bytes()))
            .map_err(|error| error.to_string()),
        Content::Disk(path) => {
            // Whoever scans a file while another is scanned finds no buffer here and makes one of its own.
            let mut buffer = BUFFER.take();
            let length = fill(path, file.size, &mut buffer).map_err(|error| error.to_string())?;
            let result = then(&buffer[..length]);
            if buffer.len() <= KEPT {
                BUFFER.set(buffer);
            }
            Ok(result)
        }
    }
}

/// Reads the file at `path`, which had `size` bytes when it was listed, into the start of `buffer`; gives its length now.
/// Whether it is a file still is asked only where its length is another: pipes and devices have none.
fn fill(path: &Path, size: u64, buffer: &mut Vec<u8>) -> io::Result<usize> {
    let mut file = open(path)?;
    let expected = usize::try_from(size).unwrap_or(usize::MAX - 1);
    let mut length = read_some(&mut file, expected + 1, 0, buffer)?;
    if length == expected && length > 0 {
        // There was room for more.
        return Ok(length);
    }
    refuse_others(&file)?;
    loop {
        match read_some(&mut file, length + 1, length, buffer)? {
            0 => return Ok(length),
            count => length += count,
        }
    }
}

/// One read into `buffer` from `at` on, which is made at least `room` bytes long.
fn read_some(file: &mut File, room: usize, at: usize, buffer: &mut Vec<u8>) -> io::Result<usize> {
    if buffer.len() < room {
        if buffer.is_empty() {
            // The system hands zeroed memory out: filling it once more would cost as much as reading the file.
            *buffer = vec![0; room];
        }
        buffer.resize(room.max(2 * at), 0);
    }
    loop {
        match file.read(&mut buffer[at..]) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            done => return done,
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
        Content::Disk(path) => {
            let opened = open(path).map_err(|error| error.to_string())?;
            refuse_others(&opened).map_err(|error| error.to_string())?;
            Ok(Box::new(opened))
        }
    }
}

/// Opens a file. A link that took its place since it was listed is not followed, and opening a pipe does not wait for a
/// writer.
fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_CLOEXEC)
        .open(path)
}

/// Refuses what is no ordinary file.
///
/// # Errors
/// It is none, or cannot be looked at.
fn refuse_others(opened: &File) -> io::Result<()> {
    if opened.metadata()?.is_file() {
        Ok(())
    } else {
        Err(io::Error::other("it is not a file any more"))
    }
}

#[cfg(test)]
mod tests {
    use super::fill;
    use std::path::Path;

    #[test]
    fn a_file_is_read_whole_whatever_length_it_had() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        let text: Vec<u8> = (0..100_000_u32).map(|at| at as u8).collect();
        let mut buffer = Vec::new();
        for length in [0, 1, 4096, 100_000] {
            std::fs::write(&path, &text[..length]).unwrap();
            for size in [0, 1, 4095, 4096, 4097, 100_000, 200_000] {
                assert_eq!(fill(&path, size, &mut buffer).unwrap(), length, "{size}");
                assert_eq!(buffer[..length], text[..length]);
            }
        }
    }

    #[test]
    fn what_is_no_file_any_more_is_refused() {
        let mut buffer = Vec::new();
        for size in [0, 10] {
            assert!(fill(Path::new("/dev/zero"), size, &mut buffer).is_err());
        }
        let folder = tempfile::tempdir().unwrap();
        assert!(fill(folder.path(), 0, &mut buffer).is_err());
    }
}

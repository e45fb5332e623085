//! The few things the guard does to a disk. Each is one step at which it can be killed, and none overwrites anything.

use super::fault::step;
use std::ffi::CString;
use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;

/// The metadata of what is at `path` itself; `None` where nothing is.
///
/// # Errors
/// It cannot be looked at.
pub(super) fn entry(path: &Path) -> io::Result<Option<Metadata>> {
    match fs::symlink_metadata(path) {
        Ok(meta) => Ok(Some(meta)),
        Err(error) if is_absent(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

/// Whether the error says that nothing is there.
pub(super) fn is_absent(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

/// Makes a folder that only its owner may read.
///
/// # Errors
/// It is there already, or cannot be made.
pub(super) fn make_private_dir(path: &Path) -> io::Result<()> {
    step(true)?;
    fs::DirBuilder::new().mode(0o700).create(path)
}

/// Makes a folder and those above it that are missing, for their owner only; being there already is no error.
///
/// # Errors
/// One cannot be made.
pub(super) fn make_private_dirs(path: &Path) -> io::Result<()> {
    step(true)?;
    fs::DirBuilder::new()
        .mode(0o700)
        .recursive(true)
        .create(path)
}

/// Makes a folder of the worktree; being there already is no error.
///
/// # Errors
/// It cannot be made, or something else is there.
pub(super) fn make_dir(path: &Path) -> io::Result<()> {
    step(true)?;
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
            let is_dir = entry(path)?.is_some_and(|meta| meta.is_dir());
            if is_dir { Ok(()) } else { Err(error) }
        }
        done => done,
    }
}

/// Renames `from` to `to`, where nothing may be yet.
///
/// # Errors
/// Something is at `to` (`AlreadyExists`), or the system refuses.
pub(super) fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    step(false)?;
    match rename_exclusive(from, to) {
        // Not every file system and kernel knows the flag: look first, then. The gap between the two is all that is lost.
        Err(error)
            if matches!(
                error.raw_os_error(),
                Some(libc::EINVAL | libc::ENOSYS | libc::ENOTSUP)
            ) =>
        {
            if entry(to)?.is_some() {
                return Err(io::ErrorKind::AlreadyExists.into());
            }
            fs::rename(from, to)
        }
        done => done,
    }
}

#[cfg(any(target_os = "linux", target_os = "macos"))]
fn rename_exclusive(from: &Path, to: &Path) -> io::Result<()> {
    let from = CString::new(from.as_os_str().as_bytes())?;
    let to = CString::new(to.as_os_str().as_bytes())?;
    // SAFETY: both are strings that end in NUL and live until the call returns.
    #[cfg(target_os = "linux")]
    let code = unsafe {
        // Through syscall(2): older C libraries have no wrapper for renameat2(2).
        libc::syscall(
            libc::SYS_renameat2,
            libc::AT_FDCWD,
            from.as_ptr(),
            libc::AT_FDCWD,
            to.as_ptr(),
            libc::RENAME_NOREPLACE,
        )
    };
    // SAFETY: as above.
    #[cfg(target_os = "macos")]
    let code = unsafe { libc::renamex_np(from.as_ptr(), to.as_ptr(), libc::RENAME_EXCL) };
    if code == 0 {
        Ok(())
    } else {
        Err(io::Error::last_os_error())
    }
}

#[cfg(not(any(target_os = "linux", target_os = "macos")))]
fn rename_exclusive(_from: &Path, _to: &Path) -> io::Result<()> {
    Err(io::Error::from_raw_os_error(libc::ENOTSUP))
}

/// Writes a new private file and waits until it is on the disk.
///
/// # Errors
/// It is there already, or the disk is full.
pub(super) fn write_new(path: &Path, bytes: &[u8]) -> io::Result<()> {
    step(true)?;
    let mut file = OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)?;
    step(true)?;
    file.write_all(bytes)?;
    step(true)?;
    file.sync_all()
}

/// Waits until the names in a folder are on the disk.
///
/// # Errors
/// The disk does not take them.
pub(super) fn sync_dir(path: &Path) -> io::Result<()> {
    step(false)?;
    match File::open(path)?.sync_all() {
        // Some network file systems cannot; there is nothing better to do there.
        Err(error) if error.raw_os_error() == Some(libc::EINVAL) => Ok(()),
        done => done,
    }
}

/// Copies a file or a symbolic link.
///
/// # Errors
/// It cannot be read, or the disk is full.
pub(super) fn copy(from: &Path, to: &Path) -> io::Result<()> {
    step(true)?;
    let meta = fs::symlink_metadata(from)?;
    if meta.is_symlink() {
        return std::os::unix::fs::symlink(fs::read_link(from)?, to);
    }
    fs::copy(from, to).map(drop)
}

/// Sets the permission bits of a file.
///
/// # Errors
/// The file is not ours.
pub(super) fn set_mode(path: &Path, mode: u32) -> io::Result<()> {
    step(false)?;
    fs::set_permissions(path, fs::Permissions::from_mode(mode & 0o7777))
}

/// Removes an empty folder; whether it is gone. One that is not empty stays.
///
/// # Errors
/// The system refuses for another reason.
pub(super) fn remove_empty_dir(path: &Path) -> io::Result<bool> {
    step(false)?;
    match fs::remove_dir(path) {
        Ok(()) => Ok(true),
        Err(error) if is_absent(&error) => Ok(true),
        Err(error)
            if matches!(
                error.raw_os_error(),
                Some(libc::ENOTEMPTY | libc::EEXIST | libc::EBUSY)
            ) =>
        {
            Ok(false)
        }
        Err(error) => Err(error),
    }
}

/// Removes a folder of the guard with everything in it.
///
/// # Errors
/// The system refuses.
pub(super) fn remove_tree(path: &Path) -> io::Result<()> {
    step(false)?;
    match fs::remove_dir_all(path) {
        Err(error) if !is_absent(&error) => Err(error),
        _ => Ok(()),
    }
}

/// Whether two names mean one file, which need not be there yet.
pub(super) fn is_same_file(a: &Path, b: &Path) -> bool {
    if a == b {
        return true;
    }
    match (fs::metadata(a), fs::metadata(b)) {
        (Ok(a), Ok(b)) => (a.dev(), a.ino()) == (b.dev(), b.ino()),
        (Err(_), Err(_)) => {
            let folder = |path: &Path| path.parent()?.canonicalize().ok();
            a.file_name() == b.file_name() && folder(a) == folder(b)
        }
        _ => false,
    }
}

/// Whether two files, or two symbolic links, have the same content. Modes are not compared.
///
/// # Errors
/// One cannot be read.
pub(super) fn same_content(a: &Path, b: &Path) -> io::Result<bool> {
    let (left, right) = (fs::symlink_metadata(a)?, fs::symlink_metadata(b)?);
    if left.is_symlink() && right.is_symlink() {
        return Ok(fs::read_link(a)? == fs::read_link(b)?);
    }
    if !left.is_file() || !right.is_file() || left.len() != right.len() {
        return Ok(false);
    }
    same_bytes(File::open(a)?, File::open(b)?)
}

/// Whether two files that had the same size have the same bytes.
fn same_bytes(mut left: File, mut right: File) -> io::Result<bool> {
    let (mut one, mut two) = (vec![0; 1 << 16], vec![0; 1 << 16]);
    loop {
        let count = left.read(&mut one)?;
        if count == 0 {
            return Ok(right.read(&mut two)? == 0);
        }
        match right.read_exact(&mut two[..count]) {
            Err(error) if error.kind() == io::ErrorKind::UnexpectedEof => return Ok(false),
            read => read?,
        }
        if one[..count] != two[..count] {
            return Ok(false);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rename_never_overwrites() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        fs::write(&a, "a").unwrap();
        fs::write(&b, "b").unwrap();
        assert_eq!(
            rename_new(&a, &b).unwrap_err().kind(),
            io::ErrorKind::AlreadyExists
        );
        assert_eq!(fs::read(&b).unwrap(), b"b");
        fs::remove_file(&b).unwrap();
        rename_new(&a, &b).unwrap();
        assert_eq!(fs::read(&b).unwrap(), b"a");
    }

    #[test]
    fn content_is_compared_and_not_only_sizes() {
        let dir = tempfile::tempdir().unwrap();
        let (a, b) = (dir.path().join("a"), dir.path().join("b"));
        let mut bytes = vec![7; 100_000];
        fs::write(&a, &bytes).unwrap();
        fs::write(&b, &bytes).unwrap();
        assert!(same_content(&a, &b).unwrap());
        bytes[99_999] = 8;
        fs::write(&b, &bytes).unwrap();
        assert!(!same_content(&a, &b).unwrap());
        std::os::unix::fs::symlink("x", dir.path().join("l")).unwrap();
        assert!(!same_content(&a, &dir.path().join("l")).unwrap());
    }
}

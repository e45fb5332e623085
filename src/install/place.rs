//! Putting a shim in its place and taking it out again, by renames only: a crash leaves the old hook or the new one.

use super::{InstallError, Script, shim};
use std::ffi::{CString, OsString};
use std::fs;
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

/// The ending of the name under which a foreign hook is kept.
const KEPT: &str = ".before-hookd";

/// What `install` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Installed {
    /// A shim was written where there was no hook.
    New,
    /// A shim was written; the foreign hook that was there is kept at this path and runs first.
    Chained(PathBuf),
    /// An older shim was brought up to date.
    Updated,
    /// Everything was as it should be; nothing was touched.
    Unchanged,
}

/// What `uninstall` did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Removed {
    /// The shim was taken out; there was no hook before it.
    Removed,
    /// The shim was taken out and the hook from before is back.
    Restored,
    /// There is no shim of hookd's.
    NotThere,
    /// There is another hook in its place; it was left alone.
    Foreign,
}

/// Writes the shim for `hook` into `dir`, which is made if it is missing. `hookd` is the program the shim calls;
/// `shared` says that other repositories use the folder too.
///
/// # Errors
/// See [`InstallError`]; nothing was lost.
pub fn install(
    dir: &Path,
    hook: &str,
    hookd: &Path,
    shared: bool,
) -> Result<Installed, InstallError> {
    put(dir, hook, &shim::text(hook, hookd, shared))
}

/// Writes `text`, a shim, as `hook` into `dir`.
pub(super) fn put(dir: &Path, hook: &str, text: &[u8]) -> Result<Installed, InstallError> {
    fs::create_dir_all(dir).map_err(|source| at(dir, source))?;
    let path = dir.join(hook);
    let state = state(&path)?;
    if let State::Shim(old) = &state
        && old == text
        && is_executable(&path)
    {
        return Ok(Installed::Unchanged);
    }
    let fresh = write_beside(dir, text)?;
    let done = match state {
        State::Nothing => Installed::New,
        State::Shim(_) => Installed::Updated,
        State::Foreign => Installed::Chained(keep(&path)?),
    };
    fresh
        .persist(&path)
        .map_err(|error| at(&path, error.error))?;
    Ok(done)
}

/// What git would run if it were to run `path`: nothing where it is not there or cannot be executed, which also is so on a
/// file system that is mounted with `noexec` (access(2)).
#[must_use]
pub fn callable(path: &Path) -> Option<Script> {
    if !can_be_run(path) {
        return None;
    }
    // Only the beginning matters, and a foreign hook may be a large program.
    let mut head = Vec::new();
    let file = fs::File::open(path).ok()?;
    file.take(512).read_to_end(&mut head).ok()?;
    Some(shim::kind(&head))
}

/// Whether the kernel would run the file, by access(2), as git asks.
fn can_be_run(path: &Path) -> bool {
    let Ok(name) = CString::new(path.as_os_str().as_bytes()) else {
        return false;
    };
    // SAFETY: `name` ends in NUL and lives until the call returns.
    let can = unsafe { libc::access(name.as_ptr(), libc::X_OK) } == 0;
    can && path.is_file()
}

/// Takes the shim for `hook` out of `dir` and puts back what was there before it.
///
/// # Errors
/// A file cannot be read, renamed or removed; nothing was lost.
pub fn uninstall(dir: &Path, hook: &str) -> Result<Removed, InstallError> {
    let path = dir.join(hook);
    match state(&path)? {
        State::Nothing => return Ok(Removed::NotThere),
        State::Foreign => return Ok(Removed::Foreign),
        State::Shim(_) => {}
    }
    let kept = kept(&path);
    if fs::symlink_metadata(&kept).is_ok() {
        fs::rename(&kept, &path).map_err(|source| at(&kept, source))?;
        return Ok(Removed::Restored);
    }
    fs::remove_file(&path).map_err(|source| at(&path, source))?;
    Ok(Removed::Removed)
}

/// Whether there is a script of hookd's for `hook` in `dir`.
///
/// # Errors
/// It cannot be read.
pub fn has_shim(dir: &Path, hook: &str) -> Result<bool, InstallError> {
    Ok(matches!(state(&dir.join(hook))?, State::Shim(_)))
}

enum State {
    Nothing,
    /// A shim of hookd's, with this text.
    Shim(Vec<u8>),
    /// Anything else, a link in particular: what it points to is not looked at and never written to.
    Foreign,
}

fn state(path: &Path) -> Result<State, InstallError> {
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(State::Nothing),
        Err(error) => Err(at(path, error)),
        Ok(meta) if !meta.is_file() => Ok(State::Foreign),
        Ok(_) => {
            let text = fs::read(path).map_err(|source| at(path, source))?;
            Ok(if shim::kind(&text) != Script::Foreign {
                State::Shim(text)
            } else {
                State::Foreign
            })
        }
    }
}

/// Gives a foreign hook, or the link that stands for it, a second name, so that the shim can take its first one in a
/// single step. Where the file system has no hard links it is moved.
fn keep(path: &Path) -> Result<PathBuf, InstallError> {
    let kept = kept(path);
    if fs::symlink_metadata(&kept).is_ok() {
        return Err(InstallError::TwoForeign {
            hook: path.to_path_buf(),
            kept,
        });
    }
    fs::hard_link(path, &kept)
        .or_else(|_| fs::rename(path, &kept))
        .map_err(|source| at(path, source))?;
    Ok(kept)
}

fn kept(path: &Path) -> PathBuf {
    let mut name = OsString::from(path.as_os_str());
    name.push(KEPT);
    PathBuf::from(name)
}

/// An executable file with `text` in `dir`, complete on disk before it gets its name.
fn write_beside(dir: &Path, text: &[u8]) -> Result<tempfile::NamedTempFile, InstallError> {
    let failed = |source| at(dir, source);
    let mut file = tempfile::Builder::new()
        .prefix(".hookd-")
        .tempfile_in(dir)
        .map_err(failed)?;
    file.write_all(text).map_err(failed)?;
    let mode = fs::Permissions::from_mode(0o755);
    file.as_file().set_permissions(mode).map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    Ok(file)
}

fn is_executable(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|meta| meta.permissions().mode() & 0o111 != 0)
}

pub(super) fn at(path: &Path, source: io::Error) -> InstallError {
    InstallError::File {
        path: path.to_path_buf(),
        source,
    }
}

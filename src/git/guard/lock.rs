//! One hookd at a time per worktree: a lock that the system drops when its holder dies.

use super::error::{GuardError, at};
use super::signal::interrupted;
use std::fs::{File, OpenOptions};
use std::io::{self, Read, Seek, Write};
use std::os::fd::AsRawFd;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::time::{Duration, Instant};

/// How often a lock is tried while another process has it.
const PAUSE: Duration = Duration::from_millis(20);

/// The held lock.
#[derive(Debug)]
pub(super) struct Lock {
    /// flock(2) belongs to the open file; closing it gives the lock back. It is not inherited by commands.
    _file: File,
}

impl Lock {
    /// Takes the lock `path`, or gives `None` where another process has it.
    ///
    /// # Errors
    /// The file cannot be made.
    pub(super) fn try_take(path: &Path) -> io::Result<Option<Self>> {
        let mut file = open(path)?;
        if !try_flock(&file)? {
            return Ok(None);
        }
        // For the message of those who wait. Whether it can be written decides nothing.
        let _ = file
            .set_len(0)
            .and_then(|()| writeln!(file, "{}", std::process::id()));
        Ok(Some(Self { _file: file }))
    }

    /// Takes the lock `path`, waiting for another process until `deadline` is over. `on_wait` is told once, with the
    /// number of that process where it is known.
    ///
    /// # Errors
    /// The other process does not end in time, a signal comes, or the file cannot be made.
    pub(super) fn take(
        path: &Path,
        deadline: Duration,
        on_wait: &dyn Fn(Option<u32>),
    ) -> Result<Self, GuardError> {
        let start = Instant::now();
        let mut told = false;
        loop {
            if let Some(lock) = Self::try_take(path).map_err(at("cannot be locked", path))? {
                return Ok(lock);
            }
            let pid = holder(path);
            if start.elapsed() >= deadline {
                return Err(GuardError::Busy {
                    pid,
                    waited: deadline,
                });
            }
            if interrupted() {
                return Err(GuardError::Interrupted);
            }
            if !told {
                on_wait(pid);
                told = true;
            }
            std::thread::sleep(PAUSE);
        }
    }
}

fn open(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(0o600)
        .open(path)
}

fn try_flock(file: &File) -> io::Result<bool> {
    loop {
        // SAFETY: the descriptor is open as long as `file` lives.
        if unsafe { libc::flock(file.as_raw_fd(), libc::LOCK_EX | libc::LOCK_NB) } == 0 {
            return Ok(true);
        }
        let error = io::Error::last_os_error();
        match error.raw_os_error() {
            Some(libc::EINTR) => {}
            Some(libc::EWOULDBLOCK) => return Ok(false),
            // A file system without locks: better none than no commit at all.
            Some(libc::ENOLCK | libc::ENOSYS | libc::ENOTSUP) => return Ok(true),
            _ => return Err(error),
        }
    }
}

fn holder(path: &Path) -> Option<u32> {
    let mut file = File::open(path).ok()?;
    let mut text = String::new();
    file.rewind().ok()?;
    file.take(32).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::cell::Cell;

    #[test]
    fn one_at_a_time_and_free_again() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("lock");
        let first = Lock::try_take(&path).unwrap().unwrap();
        assert!(Lock::try_take(&path).unwrap().is_none());
        let told = Cell::new(None);
        let waited = Lock::take(&path, Duration::from_millis(30), &|pid| told.set(pid));
        assert!(matches!(waited, Err(GuardError::Busy { .. })));
        assert_eq!(told.get(), Some(std::process::id()));
        drop(first);
        assert!(Lock::take(&path, Duration::ZERO, &|_| ()).is_ok());
    }
}

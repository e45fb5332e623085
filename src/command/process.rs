//! System calls on child processes: waiting without reaping, signals to a whole group, pipes.

use std::io::{self, PipeReader, PipeWriter};
use std::os::fd::AsRawFd;
use std::time::Duration;

/// How a process stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Life {
    Running,
    /// Stopped, as the terminal does with a background process that reads from it.
    Stopped,
    /// Ended, and not yet reaped: its id cannot be used again before it is.
    Ended,
}

/// Looks at child `pid` without reaping it.
pub(super) fn look(pid: u32) -> Life {
    // SAFETY: siginfo_t is plain data, for which all zeroes is a value; waitid fills it in.
    let (answer, info) = unsafe {
        let mut info: libc::siginfo_t = std::mem::zeroed();
        let flags = libc::WEXITED | libc::WSTOPPED | libc::WNOHANG | libc::WNOWAIT;
        let answer = libc::waitid(libc::P_PID, pid as libc::id_t, &raw mut info, flags);
        (answer, info)
    };
    match (answer, info.si_signo, info.si_code) {
        (0, 0, _) => Life::Running,
        (0, _, libc::CLD_STOPPED) => Life::Stopped,
        (0, _, _) => Life::Ended,
        _ if io::Error::last_os_error().kind() == io::ErrorKind::Interrupted => Life::Running,
        // No such child: somebody else reaped it.
        _ => Life::Ended,
    }
}

/// Sends `signal` to process `pid`, or to the group it leads; whether anything was there to get it.
pub(super) fn send(pid: u32, group: bool, signal: libc::c_int) -> bool {
    let Ok(pid) = libc::pid_t::try_from(pid) else {
        return false;
    };
    // 0 and 1 would mean the caller's own group and every process.
    if pid <= 1 {
        return false;
    }
    // SAFETY: kill has no memory effects.
    unsafe { libc::kill(if group { -pid } else { pid }, signal) == 0 }
}

/// Lets reads and writes return at once.
pub(super) fn nonblocking(file: &impl AsRawFd) {
    let file = file.as_raw_fd();
    // SAFETY: fcntl on a descriptor that the caller owns.
    unsafe {
        let flags = libc::fcntl(file, libc::F_GETFL);
        libc::fcntl(file, libc::F_SETFL, flags | libc::O_NONBLOCK);
    }
}

/// Waits until one of the two ends can be used, or `most` is over. Gives whether each can be.
pub(super) fn wait(
    reader: Option<&PipeReader>,
    writer: Option<&PipeWriter>,
    most: Duration,
) -> (bool, bool) {
    // poll ignores entries with a negative descriptor.
    let entry = |file: Option<i32>, events| libc::pollfd {
        fd: file.unwrap_or(-1),
        events,
        revents: 0,
    };
    let mut entries = [
        entry(reader.map(AsRawFd::as_raw_fd), libc::POLLIN),
        entry(writer.map(AsRawFd::as_raw_fd), libc::POLLOUT),
    ];
    let millis = libc::c_int::try_from(most.as_millis()).unwrap_or(libc::c_int::MAX);
    // SAFETY: the array is valid for its length.
    let ready = unsafe { libc::poll(entries.as_mut_ptr(), 2, millis) };
    if ready <= 0 {
        return (false, false);
    }
    (entries[0].revents != 0, entries[1].revents != 0)
}

//! What a killed run had started and could not end: it would go on writing to files that are the user's again.

use std::path::Path;

/// Ends the commands of a dead run in the worktree of `git_dir`: they are known by [`crate::env::HOOKD_GUARD`], which hookd
/// sets for them. A daemon that has left its group with setsid(2) stays. The caller holds the lock, so no live run has any.
#[cfg(target_os = "linux")]
pub(super) fn end(git_dir: &Path) {
    use std::time::{Duration, Instant};
    /// How long they have after TERM.
    const GRACE: Duration = Duration::from_millis(300);
    const PAUSE: Duration = Duration::from_millis(10);
    let begun = Instant::now();
    let mut signal = libc::SIGTERM;
    loop {
        let groups = groups(git_dir);
        if groups.is_empty() || begun.elapsed() > GRACE * 4 {
            return;
        }
        for group in groups {
            // SAFETY: kill has no memory effects, and the group is a real one: above 1.
            unsafe { libc::kill(-group, signal) };
        }
        std::thread::sleep(PAUSE);
        if begun.elapsed() > GRACE {
            signal = libc::SIGKILL;
        }
    }
}

/// Processes of others are known on Linux only.
#[cfg(not(target_os = "linux"))]
pub(super) fn end(_git_dir: &Path) {}

/// The process groups of the commands (proc(5)).
#[cfg(target_os = "linux")]
fn groups(git_dir: &Path) -> Vec<i32> {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;
    let name = format!("{}=", crate::env::HOOKD_GUARD);
    let is_mark = |entry: &[u8]| {
        let value = entry.strip_prefix(name.as_bytes());
        // As paths: one of the two may end in a slash.
        value.is_some_and(|value| Path::new(OsStr::from_bytes(value)) == git_dir)
    };
    // SAFETY: asks for this process's own group.
    let own = unsafe { libc::getpgrp() };
    let processes = std::fs::read_dir("/proc").into_iter().flatten().flatten();
    let marked = processes.filter(|process| {
        // Those of other users cannot be read.
        let environment = std::fs::read(process.path().join("environ")).unwrap_or_default();
        environment.split(|&byte| byte == 0).any(is_mark)
    });
    let mut groups: Vec<i32> = marked
        .filter_map(|process| group(&process.path()))
        .filter(|&group| group > 1 && group != own)
        .collect();
    groups.sort_unstable();
    groups.dedup();
    groups
}

/// The group of a process that lives and has not made a session of its own.
#[cfg(target_os = "linux")]
fn group(process: &Path) -> Option<i32> {
    let stat = std::fs::read_to_string(process.join("stat")).ok()?;
    // `PID (NAME) STATE PARENT GROUP SESSION …`, and the name may hold anything.
    let mut words = stat.rsplit_once(')')?.1.split_whitespace();
    let state = words.next()?;
    let group: i32 = words.nth(1)?.parse().ok()?;
    let session: i32 = words.next()?.parse().ok()?;
    (state != "Z" && session != group).then_some(group)
}

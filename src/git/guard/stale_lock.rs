//! A lock of the index that a dead command has left: git would refuse to work until somebody removes it.

use std::os::unix::fs::MetadataExt;
use std::path::Path;
use std::time::Duration;

/// How long a lock must stay as it is before it counts as left behind. Programs that lock the index without git, such as
/// editors, have it for milliseconds.
const PATIENCE: Duration = Duration::from_millis(300);

/// Whether `lock` is there, nobody has it open, and no git works in `folders` that may be about to rename it. Where the
/// system does not tell who holds what, the answer is no.
pub(super) fn is_left_behind(lock: &Path, folders: [&Path; 2]) -> bool {
    let Ok(before) = std::fs::symlink_metadata(lock) else {
        return false;
    };
    if is_held(lock, before.uid(), folders) {
        return false;
    }
    std::thread::sleep(PATIENCE);
    let after = std::fs::symlink_metadata(lock);
    after.is_ok_and(|after| {
        (after.ino(), after.size(), after.mtime_nsec())
            == (before.ino(), before.size(), before.mtime_nsec())
    }) && !is_held(lock, before.uid(), folders)
}

/// Looks through the processes of the lock's owner (proc(5)).
#[cfg(target_os = "linux")]
fn is_held(lock: &Path, owner: u32, folders: [&Path; 2]) -> bool {
    let Ok(processes) = std::fs::read_dir("/proc") else {
        return true;
    };
    let ancestors = ancestors();
    processes.flatten().any(|process| {
        let pid = process
            .file_name()
            .to_str()
            .and_then(|name| name.parse().ok());
        let is_owners = process.metadata().is_ok_and(|meta| meta.uid() == owner);
        let Some(pid) = pid.filter(|_| is_owners) else {
            return false;
        };
        let process = process.path();
        has_open(&process, lock) || !ancestors.contains(&pid) && is_git_at_work(&process, folders)
    })
}

#[cfg(not(target_os = "linux"))]
fn is_held(_lock: &Path, _owner: u32, _folders: [&Path; 2]) -> bool {
    true
}

#[cfg(target_os = "linux")]
fn has_open(process: &Path, lock: &Path) -> bool {
    std::fs::read_dir(process.join("fd")).is_ok_and(|files| {
        files
            .flatten()
            .any(|file| std::fs::read_link(file.path()).is_ok_and(|target| target == lock))
    })
}

/// Between writing and renaming git has the lock without having it open.
#[cfg(target_os = "linux")]
fn is_git_at_work(process: &Path, folders: [&Path; 2]) -> bool {
    let name = std::fs::read(process.join("comm")).unwrap_or_default();
    if !name.starts_with(b"git") {
        return false;
    }
    let command = std::fs::read(process.join("cmdline")).unwrap_or_default();
    if command
        .split(|&byte| byte == 0)
        .any(|word| word.starts_with(b"fsmonitor--daemon"))
    {
        return false;
    }
    // A dead process that nobody has waited for has no folder any more.
    std::fs::read_link(process.join("cwd"))
        .is_ok_and(|cwd| folders.iter().any(|folder| cwd.starts_with(folder)))
}

/// This process and those above it: the git that runs the hook does not hold the lock while it waits.
#[cfg(target_os = "linux")]
fn ancestors() -> Vec<u32> {
    let mut chain = vec![std::process::id()];
    while let Some(&pid) = chain.last().filter(|pid| **pid > 1)
        && let Some(parent) = parent(pid).filter(|parent| !chain.contains(parent))
    {
        chain.push(parent);
    }
    chain
}

#[cfg(target_os = "linux")]
fn parent(pid: u32) -> Option<u32> {
    let stat = std::fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    // `PID (NAME) STATE PARENT …`, and the name may hold anything.
    stat.rsplit_once(')')?
        .1
        .split_whitespace()
        .nth(1)?
        .parse()
        .ok()
}

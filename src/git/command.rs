//! Running the git command line.

use super::GitError;
use std::ffi::OsStr;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A git command in `dir` that reads paths literally, takes no optional lock, fetches nothing and answers in English.
pub(super) fn git(dir: &Path) -> Command {
    let mut command = Command::new("git");
    command
        .current_dir(dir)
        .env("GIT_LITERAL_PATHSPECS", "1")
        .env("GIT_NO_LAZY_FETCH", "1")
        .env("GIT_OPTIONAL_LOCKS", "0")
        .env("LC_ALL", "C")
        .stdin(Stdio::null());
    command
}

/// Runs git with `args` in `dir` and gives its standard output.
///
/// # Errors
/// git cannot be started, or ends with another status than 0.
pub(super) fn output<S: AsRef<OsStr>>(dir: &Path, args: &[S]) -> Result<Vec<u8>, GitError> {
    let done = run(dir, args)?;
    if done.status.success() {
        return Ok(done.stdout);
    }
    let command = args.first().map_or_else(String::new, |arg| {
        arg.as_ref().to_string_lossy().into_owned()
    });
    Err(GitError::Command {
        command,
        message: message(&done),
    })
}

/// Runs git and gives everything, whatever the status.
///
/// # Errors
/// git cannot be started.
pub(super) fn run<S: AsRef<OsStr>>(dir: &Path, args: &[S]) -> Result<Output, GitError> {
    git(dir).args(args).output().map_err(GitError::Missing)
}

/// Runs `git` with `input` on its standard input and gives everything, whatever the status.
///
/// # Errors
/// git cannot be started.
pub(super) fn fed(git: &mut Command, input: &[u8]) -> Result<Output, GitError> {
    let mut child = git
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .map_err(GitError::Missing)?;
    let stdin = child.stdin.take();
    std::thread::scope(|scope| {
        scope.spawn(move || {
            // git ends early where it finds a mistake; its status and message tell.
            stdin.map(|mut stdin| stdin.write_all(input))
        });
        child.wait_with_output().map_err(GitError::Missing)
    })
}

/// What git said on standard error, on one line and without its prefix.
pub(super) fn message(done: &Output) -> String {
    let text = String::from_utf8_lossy(&done.stderr);
    let line = text.trim().lines().collect::<Vec<_>>().join(" ");
    let line = line.strip_prefix("fatal: ").unwrap_or(&line);
    if line.is_empty() {
        done.status.to_string()
    } else {
        line.to_owned()
    }
}

/// The output without the line end git puts after it. A path that itself ends with a line end keeps it.
pub(super) fn one_line(mut output: Vec<u8>) -> Vec<u8> {
    if output.last() == Some(&b'\n') {
        output.pop();
    }
    output
}

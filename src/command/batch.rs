//! How many files go into one call.

use super::environment::{Environment, POINTER};
use super::spec::{CommandLine, Hook, PassFilenames};
use crate::model::RepoPath;
use std::ops::Range;

/// Linux takes no single string over 32 pages (`MAX_ARG_STRLEN` in `include/uapi/linux/binfmts.h`), whatever the rest.
const ONE_STRING: usize = 128 * 1024;

/// No call gets more than this, even where the system allows megabytes: wrappers such as `npx` and shell scripts join
/// their arguments into one string for another shell, and that string has the limit of [`ONE_STRING`].
const AT_MOST: usize = 120 * 1024;

/// Left for what the C library, the shell and the loader add (POSIX asks xargs for 2048).
const MARGIN: usize = 4096;

/// With fewer files than this in a call, starting another process costs more than it gains.
const WORTH_A_PROCESS: usize = 20;

/// How much fits into one call of a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes for all arguments, each with its NUL and pointer.
    pub total: usize,
    /// Arguments.
    pub count: usize,
}

impl Limits {
    /// What is left for the file names of `hook` in `environment`, and how many it may get so that `jobs` processes
    /// share `files` of them.
    #[must_use]
    pub fn of(hook: &Hook, environment: &Environment, files: usize, jobs: usize) -> Self {
        let longest = hook.check.as_ref().map_or(0, command_bytes);
        let command = command_bytes(&hook.run).max(longest);
        let system = argument_limit().saturating_sub(environment.bytes() + MARGIN);
        let count = match hook.pass_filenames {
            PassFilenames::AtMost(number) => number.get(),
            PassFilenames::All if !hook.serial => files.div_ceil(jobs.max(1)).max(WORTH_A_PROCESS),
            PassFilenames::All | PassFilenames::No => usize::MAX,
        };
        Self {
            total: system.min(AT_MOST).saturating_sub(command),
            count,
        }
    }
}

/// Why a command line cannot be run whatever the files; `None` where it can.
#[must_use]
pub(super) fn too_long(command: &CommandLine) -> Option<String> {
    let longest = words(command).map(|word| word.len()).max().unwrap_or(0);
    (longest >= ONE_STRING)
        .then(|| format!("one argument of it has {longest} bytes, and the system takes 131071"))
}

/// Cuts `files` into calls: in order, every file once, each call within `limits`. A file that is over the limit by
/// itself gets a call of its own, for the operating system to refuse.
#[must_use]
pub fn batches(hook: &Hook, files: &[&RepoPath], limits: Limits) -> Vec<Range<usize>> {
    let mut out = Vec::new();
    let (mut start, mut bytes) = (0, 0);
    for (at, file) in files.iter().enumerate() {
        let size = argument_bytes(hook.argument(file).len());
        let full = at - start >= limits.count || bytes + size > limits.total;
        if full && at > start {
            out.push(start..at);
            (start, bytes) = (at, 0);
        }
        bytes += size;
    }
    if start < files.len() {
        out.push(start..files.len());
    }
    out
}

fn argument_bytes(len: usize) -> usize {
    len + 1 + POINTER
}

fn words(command: &CommandLine) -> impl Iterator<Item = &str> {
    let words = match command {
        CommandLine::Shell(text) => std::slice::from_ref(text),
        CommandLine::Program(words) => words.as_slice(),
    };
    words.iter().map(String::as_str)
}

fn command_bytes(command: &CommandLine) -> usize {
    // `/bin/sh -c '… "$@"' sh` has three more words and the quoted list.
    let shell = 64;
    words(command)
        .map(|word| argument_bytes(word.len()))
        .sum::<usize>()
        + shell
}

/// What `execve` takes for arguments and environment together, in bytes.
fn argument_limit() -> usize {
    // SAFETY: sysconf has no preconditions.
    let limit = unsafe { libc::sysconf(libc::_SC_ARG_MAX) };
    // POSIX allows -1 for "no limit"; it guarantees 4096, and every system hookd runs on 128 KiB.
    usize::try_from(limit).unwrap_or(ONE_STRING)
}

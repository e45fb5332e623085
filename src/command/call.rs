//! One call of a hook with one batch of files, and what the calls of a hook add up to.

use super::batch::too_long;
use super::environment::Environment;
use super::execute::{Done, Exit, execute};
use super::program::{invocation, working_dir};
use super::result::HookStatus;
use super::spec::{CommandLine, Hook};
use std::io;
use std::path::Path;

/// What all calls share.
#[derive(Clone, Copy)]
pub(super) struct Surroundings<'a> {
    pub(super) root: &'a Path,
    pub(super) environment: &'a Environment,
    pub(super) interrupted: &'a (dyn Fn() -> bool + Sync),
}

/// What came of one call.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) status: HookStatus,
    pub(super) exit: Option<Exit>,
    pub(super) output: Vec<u8>,
}

impl Call {
    pub(super) fn without_process(status: HookStatus) -> Self {
        Self {
            status,
            exit: None,
            output: Vec::new(),
        }
    }
}

/// Calls `hook`: its `check` first where it has one, and `run` unless that passes.
pub(super) fn call(
    hook: &Hook,
    arguments: &[&[u8]],
    stdin: Option<&[u8]>,
    around: Surroundings<'_>,
) -> Call {
    if let Some(check) = &hook.check {
        let checked = once(hook, check, arguments, stdin, around);
        // A check that says no is what `run` is for; one that could not be made is not an answer.
        if checked.status != HookStatus::Failed {
            return checked;
        }
    }
    once(hook, &hook.run, arguments, stdin, around)
}

fn once(
    hook: &Hook,
    command: &CommandLine,
    arguments: &[&[u8]],
    stdin: Option<&[u8]>,
    around: Surroundings<'_>,
) -> Call {
    if (around.interrupted)() {
        return Call::without_process(HookStatus::Interrupted);
    }
    let mut invocation = match invocation(hook, command, around.environment, around.root, arguments)
    {
        Ok(invocation) => invocation,
        Err(missing) => return error(missing.message(), missing.help()),
    };
    invocation.stdin = stdin.map(<[u8]>::to_vec);
    match execute(&invocation, &|| (around.interrupted)()) {
        Ok(done) => finished(hook, done),
        Err(reason) => not_started(hook, command, around.root, &reason),
    }
}

fn error(message: String, help: impl Into<String>) -> Call {
    Call::without_process(HookStatus::Error {
        message,
        help: help.into(),
    })
}

fn not_started(hook: &Hook, command: &CommandLine, root: &Path, reason: &io::Error) -> Call {
    let id = &hook.id;
    if !working_dir(hook, root).is_dir() {
        return error(
            format!("the folder that `dir` of hook `{id}` names does not exist"),
            "create it, or correct `dir`",
        );
    }
    if let Some(why) = too_long(command) {
        return error(
            format!("the command of hook `{id}` is too long: {why}"),
            "move it into a script",
        );
    }
    let help = match reason.raw_os_error() {
        Some(libc::E2BIG) => {
            "the environment takes too much of the argument list: unset large variables"
        }
        Some(libc::ENOEXEC) => "give the script a first line such as #!/bin/sh",
        Some(libc::ENOENT) => "the program behind the script's `#!` line is missing: install it",
        _ => "run the command by hand to see more",
    };
    error(format!("hook `{id}` cannot be started: {reason}"), help)
}

fn finished(hook: &Hook, done: Done) -> Call {
    let id = &hook.id;
    let failure = |message: String, help: &str| HookStatus::Error {
        message,
        help: help.to_owned(),
    };
    let status = match done.exit {
        Exit::Code(0) => HookStatus::Passed,
        // The statuses that shells and env(1) use for it (POSIX.1-2024, XCU 2.8.2).
        Exit::Code(127) => failure(
            format!("a command of hook `{id}` was not found"),
            &format!(
                "install what its output names, put it on PATH, or leave the hook out once with SKIP={id}"
            ),
        ),
        Exit::Code(126) => failure(
            format!("a command of hook `{id}` was found and cannot be run"),
            "chmod +x, and look at its first line (#!)",
        ),
        Exit::WantsTerminal => failure(
            format!("hook `{id}` wanted to talk to the terminal, which it does not have"),
            "set `tty = true` for it",
        ),
        Exit::TimedOut => HookStatus::TimedOut,
        Exit::Interrupted => HookStatus::Interrupted,
        Exit::Code(_) | Exit::Signal(_) => HookStatus::Failed,
    };
    Call {
        status,
        exit: Some(done.exit),
        output: done.output,
    }
}

/// The calls of one hook, in the order of its files, as one: the worst status, the exit of the first that did not
/// pass, all outputs.
pub(super) fn add_up(calls: impl IntoIterator<Item = Call>) -> Call {
    let mut sum = Call::without_process(HookStatus::Passed);
    for call in calls {
        if sum.status == HookStatus::Passed {
            sum.exit = call.exit.or(sum.exit);
        }
        if weight(&call.status) > weight(&sum.status) {
            sum.status = call.status;
        }
        if !sum.output.is_empty() && !sum.output.ends_with(b"\n") && !call.output.is_empty() {
            sum.output.push(b'\n');
        }
        sum.output.extend(call.output);
    }
    sum
}

const fn weight(status: &HookStatus) -> u8 {
    match status {
        HookStatus::Passed | HookStatus::Skipped(_) | HookStatus::Modified => 0,
        HookStatus::Failed => 1,
        HookStatus::TimedOut => 2,
        HookStatus::Error { .. } => 3,
        HookStatus::Interrupted => 4,
    }
}

//! What came of commands, as reports show it.

use super::Commands;
use super::jobs::Obstacle;
use crate::command::{Exit, Hook, HookResult, HookStatus, SkipReason};
use crate::git::{Recovered, Restored};
use crate::model::{Check, CheckError, CheckKind, CheckStatus};
use std::path::Path;

/// Whether a commit may go on after a hook that ended so.
pub(super) const fn lets_commit(status: &HookStatus) -> bool {
    matches!(
        status,
        HookStatus::Passed | HookStatus::Skipped(SkipReason::NoFiles)
    )
}

/// Adds the check of a hook that could not run.
pub(super) fn cannot_run(commands: &mut Commands, hook: &Hook, obstacle: &Obstacle) {
    let mut check = Check::new(&hook.id, CheckKind::Hook, CheckStatus::Error);
    check.message = format!("{}; {}", obstacle.message, obstacle.help);
    commands.errors.push(error(
        &hook.id,
        obstacle.message.clone(),
        obstacle.help.clone(),
    ));
    commands.checks.push(check);
}

/// Adds the check of one result.
pub(super) fn add(commands: &mut Commands, result: Option<HookResult>) {
    let Some(result) = result else { return };
    let (status, message) = status(&result);
    if let HookStatus::Error { message, help } = &result.status {
        commands
            .errors
            .push(error(&result.id, message.clone(), help.clone()));
    }
    commands.interrupted |= result.status == HookStatus::Interrupted;
    commands.checks.push(Check {
        files: result.files,
        duration: result.duration,
        message,
        output: result.output,
        ..Check::new(result.id, CheckKind::Hook, status)
    });
}

fn status(result: &HookResult) -> (CheckStatus, String) {
    let exit = match &result.exit {
        Some(Exit::Code(code)) => format!("exit status {code}"),
        Some(Exit::Signal(signal)) => format!("ended by signal {signal}"),
        _ => String::new(),
    };
    match &result.status {
        HookStatus::Passed => (CheckStatus::Passed, String::new()),
        HookStatus::Failed => (CheckStatus::Failed, exit),
        HookStatus::Modified => (
            CheckStatus::Modified,
            "it changed files: look at them, git add them, and commit again".to_owned(),
        ),
        HookStatus::Skipped(reason) => (CheckStatus::Skipped, reason.to_string()),
        HookStatus::Error { message, help } => (CheckStatus::Error, format!("{message}; {help}")),
        HookStatus::TimedOut => (
            CheckStatus::Failed,
            "it took longer than its timeout".to_owned(),
        ),
        HookStatus::Interrupted => (CheckStatus::Error, "interrupted".to_owned()),
    }
}

/// Something about the hook `id` that could not be done.
pub(super) fn error(id: &str, message: String, help: String) -> CheckError {
    let message = if id.is_empty() {
        message
    } else {
        format!("hook `{id}`: {message}")
    };
    CheckError {
        path: None,
        scanner: "",
        message,
        help,
        fatal: true,
    }
}

fn note(message: String, help: String) -> CheckError {
    CheckError {
        fatal: false,
        ..error("", message, help)
    }
}

/// A run that died had left something; it is back.
pub(super) fn recovered(recovered: &Recovered) -> CheckError {
    let count = recovered.restored.len();
    note(
        format!(
            "an earlier run of hookd was killed; {count} of your files are back in their places"
        ),
        String::new(),
    )
}

/// A command left a lock of the index behind.
pub(super) fn stale_lock(lock: &Path) -> CheckError {
    note(
        format!(
            "a command left {} behind; it was taken out of the way",
            lock.display()
        ),
        String::new(),
    )
}

/// What was merged and what was set aside.
pub(super) fn restored(root: &Path, restored: &Restored) -> Vec<CheckError> {
    let merged = restored.merged.iter().map(|path| {
        let path = path.to_text();
        note(
            format!("{path}: fixes were merged into your unstaged version"),
            format!("look at it: git diff -- {path}"),
        )
    });
    let saved = restored.saved.iter().map(|saved| {
        let kept = saved.kept.strip_prefix(root).unwrap_or(&saved.kept);
        note(
            format!(
                "{}: a command's version did not fit your unstaged changes; yours stays",
                saved.path.to_text()
            ),
            format!("the other one is kept in {}", kept.display()),
        )
    });
    let lock = restored.removed_lock.iter().map(|lock| stale_lock(lock));
    merged.chain(saved).chain(lock).collect()
}

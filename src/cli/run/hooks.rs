//! The command hooks of a run: which of them, whether they may, and what is shown while they work.

use super::super::args::Run;
use super::super::context::Context;
use super::super::error::CliError;
use super::super::live::Live;
use super::super::terminal::Terminal;
use crate::command::{CommandLine, Environment, Hook, STAGES, read_hooks};
use crate::config::Config;
use crate::engine::{CommandPlan, Commands, run_commands};
use crate::env;
use crate::exit::Exit;
use crate::git::{BlobReader, install_handlers};
use crate::install::{CommandText, Consent, Script, callable};
use crate::model::{
    Check, CheckError, CheckKind, CheckStatus, FileMeta, Fix, Mode, Outcome, RepoPath,
};
use crate::scan::SCANNERS;
use crate::select::Wanted;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The hooks of the configuration.
///
/// # Errors
/// A mistake in a `[[hook]]` table.
pub(in crate::cli) fn configured(config: &Config<'_>) -> Result<Vec<Hook>, CliError> {
    let built_in: Vec<&str> = SCANNERS.iter().map(|spec| spec.id).collect();
    Ok(read_hooks(config.hooks(), &built_in)?)
}

/// What each hook runs, for the record of consent.
pub(in crate::cli) fn texts(hooks: &[Hook]) -> Vec<CommandText> {
    let line = |line: &CommandLine| match line {
        CommandLine::Shell(text) => text.clone(),
        CommandLine::Program(words) => words.join("\0"),
    };
    hooks
        .iter()
        .map(|hook| CommandText {
            id: hook.id.clone(),
            text: format!(
                "{}\u{1}{}\u{1}{:?}\u{1}{:?}",
                line(&hook.run),
                hook.check.as_ref().map(line).unwrap_or_default(),
                hook.env,
                hook.dir
            ),
        })
        .collect()
}

/// The stage a run stands for.
///
/// # Errors
/// There is no such stage.
pub(super) fn stage(given: &Run) -> Result<&'static str, CliError> {
    let named = given.hook.as_deref().unwrap_or(&given.stage);
    let name = if given.message.is_some() {
        "commit-msg"
    } else {
        named
    };
    crate::command::stage(name).ok_or_else(|| {
        let hint = crate::config::suggest(name, STAGES.into_iter());
        CliError::usage(format!("there is no stage `{name}`"), hint)
    })
}

/// Whether git will run a shim of hookd's after this call from its configuration. Only then the call leaves the work to it:
/// libgit2 tells cheaply that there is none, git itself has the last word that there is one.
pub(super) fn steps_aside(context: &Context, stage: &str) -> bool {
    let Some(repo) = &context.repo else {
        return false;
    };
    let is_shim = |path: &Path| callable(path) == Some(Script::Calls);
    let unlikely = repo
        .likely_hook_path(stage)
        .is_some_and(|path| !is_shim(&path));
    !unlikely && repo.asked_hook_path(stage).is_ok_and(|path| is_shim(&path))
}

/// The hooks that run: of this stage, asked for, not skipped, not in the middle of something they stay out of.
pub(super) fn chosen(
    hooks: Vec<Hook>,
    stage: &str,
    wanted: &Wanted,
    context: &Context,
) -> Vec<Hook> {
    let operations = context
        .repo
        .as_ref()
        .map(|repo| repo.operations())
        .unwrap_or_default();
    let stays_out = |hook: &Hook| {
        let words = crate::command::GitOperation::ALL
            .iter()
            .filter(|(_, one)| hook.skip_on.contains(one));
        words.into_iter().any(|(word, _)| operations.contains(word))
    };
    let asked = |hook: &Hook| wanted.only.is_empty() || wanted.only.contains(&hook.id);
    let chosen = hooks
        .into_iter()
        .filter(|hook| hook.runs_at(stage) && asked(hook));
    chosen
        .filter(|hook| !wanted.skip.contains(&hook.id) && !stays_out(hook))
        .collect()
}

/// What the commands of a run work on.
pub(super) struct Work<'a> {
    pub(super) given: &'a Run,
    pub(super) context: &'a Context,
    pub(super) stage: &'static str,
    pub(super) mode: Mode,
    pub(super) hooks: &'a [Hook],
    /// What consent is asked for.
    pub(super) texts: Vec<CommandText>,
    /// The file that names the hooks.
    pub(super) file: &'a str,
    /// What git gives the commands.
    pub(super) arguments: Vec<Vec<u8>>,
    /// Whether the first failure ends the run.
    pub(super) fail_fast: bool,
    /// `None` at stages that have no files.
    pub(super) files: Option<&'a [FileMeta]>,
    pub(super) blobs: Option<&'a BlobReader>,
    pub(super) stdin: Option<Vec<u8>>,
    /// What built-in checks put right, where the commands are to find it done.
    pub(super) fixes: Vec<(RepoPath, Fix)>,
    /// Whether that is staged at once.
    pub(super) stage_fixes: bool,
    /// Whether new commands stop the run.
    pub(super) require_trust: bool,
    /// The user named the hooks on the command line: that is consent.
    pub(super) trusted: bool,
}

/// Runs the commands and adds what came of them to `outcome`. Gives the files whose fixes were staged.
///
/// # Errors
/// The worktree cannot be made to show what is staged; nothing was run and everything is as it was.
pub(super) fn run(
    work: &Work<'_>,
    outcome: &mut Outcome,
    terminal: &Terminal,
) -> Result<Vec<RepoPath>, CliError> {
    let hooks = allowed(work, outcome, terminal)?;
    if hooks.is_empty() && work.fixes.is_empty() {
        return Ok(Vec::new());
    }
    install_handlers();
    let receives = work.context.is_receiver();
    let mut live = Live::new(!terminal.quiet);
    let plan = CommandPlan {
        // Without a worktree there is nothing to guard.
        repo: work.context.repo.as_ref().filter(|_| !receives),
        root: &work.context.root,
        hooks,
        files: work.files,
        fixes: &work.fixes,
        stage_fixes: work.stage_fixes,
        blobs: work.blobs,
        staged: work.mode == Mode::Staged && work.files.is_some(),
        environment: environment(work, receives),
        arguments: work.arguments.clone(),
        stdin: work.stdin.clone(),
        jobs: jobs(work.given.jobs),
        fail_fast: work.fail_fast,
        good_so_far: outcome.exit == Exit::Clean,
        on_wait: &|pid| {
            let who = pid
                .map(|pid| format!(" (process {pid})"))
                .unwrap_or_default();
            terminal.note(&format!("waiting for another hookd{who} in this worktree"));
        },
    };
    let commands = run_commands(&plan, &mut live)
        .map_err(|error| CliError::usage(error.to_string(), error.hint()))?;
    live.end();
    let Commands {
        checks,
        errors,
        staged,
        interrupted,
    } = commands;
    outcome.add(checks, errors);
    if interrupted {
        outcome.exit = Exit::Interrupted;
    }
    Ok(staged)
}

/// The hooks that may run now: none where the user has not agreed, or where a check failed and nothing is to begin then.
fn allowed<'a>(
    work: &Work<'a>,
    outcome: &mut Outcome,
    terminal: &Terminal,
) -> Result<&'a [Hook], CliError> {
    if work.hooks.is_empty() || !(work.trusted || consented(work, outcome, terminal)?) {
        return Ok(&[]);
    }
    if work.fail_fast && outcome.exit == Exit::Findings {
        let skipped = |hook: &Hook| Check::new(&hook.id, CheckKind::Hook, CheckStatus::Skipped);
        outcome.add(work.hooks.iter().map(skipped).collect(), Vec::new());
        return Ok(&[]);
    }
    Ok(work.hooks)
}

/// What commands inherit. Where a push arrives that is all of git's variables: without them they would not find the pushed
/// objects, and there is no index they could harm.
fn environment(work: &Work<'_>, receives: bool) -> Environment {
    let mut environment = if receives {
        let mut all = Environment::default();
        for (name, value) in env::all() {
            all.set(name, value);
        }
        all
    } else {
        Environment::scrubbed(env::all())
    };
    environment.set("HOOKD_STAGE", work.stage);
    if work.stage == "pre-push" {
        for (name, value) in ["HOOKD_REMOTE_NAME", "HOOKD_REMOTE_URL"]
            .into_iter()
            .zip(&work.given.hook_args)
        {
            environment.set(name, value.clone());
        }
    }
    environment
}

/// What git gives, where the commands get no files: those would stand among them.
pub(super) fn arguments(given: &Run, has_files: bool) -> Vec<Vec<u8>> {
    if has_files {
        return Vec::new();
    }
    if let Some(message) = &given.message {
        return vec![message.as_os_str().as_bytes().to_vec()];
    }
    given
        .hook_args
        .iter()
        .map(|arg| arg.as_bytes().to_vec())
        .collect()
}

fn jobs(given: usize) -> usize {
    if given > 0 {
        return given;
    }
    std::thread::available_parallelism().map_or(2, std::num::NonZero::get)
}

/// Whether the commands may run in this clone. Those that are new since the last time are named in a line first.
fn consented(
    work: &Work<'_>,
    outcome: &mut Outcome,
    terminal: &Terminal,
) -> Result<bool, CliError> {
    let Some(repo) = &work.context.repo else {
        refuse(
            work,
            outcome,
            "commands run in a git repository only, after `hookd install` there",
        );
        return Ok(false);
    };
    let mut consent = Consent::read(&repo.common_dir());
    if !consent.is_given() && work.given.global {
        pass_over(work, outcome, terminal);
        return Ok(false);
    }
    if !consent.is_given() {
        refuse(
            work,
            outcome,
            &format!(
                "commands do not run in a clone before somebody says so: look at {}, then: hookd install",
                work.file
            ),
        );
        return Ok(false);
    }
    let unknown = consent.unknown(&work.texts);
    if !unknown.is_empty() {
        let ids: Vec<&str> = unknown.iter().map(|command| command.id.as_str()).collect();
        if work.require_trust {
            let message = format!(
                "the configuration has new or changed commands: {}",
                crate::text::printable(&ids.join(", "))
            );
            return Err(CliError::usage(message, "look at them, then: hookd trust"));
        }
        terminal.note(&format!(
            "hookd: the configuration has new or changed commands: {}",
            crate::text::printable(&ids.join(", "))
        ));
        consent.give(&work.texts)?;
    }
    Ok(true)
}

/// hookd runs in every repository of the user, and nobody has looked at this one's commands.
fn pass_over(work: &Work<'_>, outcome: &mut Outcome, terminal: &Terminal) {
    let ids: Vec<&str> = work.hooks.iter().map(|hook| hook.id.as_str()).collect();
    terminal.note(&format!(
        "hookd: not run before `hookd install` in this clone: {}",
        crate::text::printable(&ids.join(", "))
    ));
    let skipped = |hook: &Hook| Check::new(&hook.id, CheckKind::Hook, CheckStatus::Skipped);
    outcome.add(work.hooks.iter().map(skipped).collect(), Vec::new());
}

fn refuse(work: &Work<'_>, outcome: &mut Outcome, help: &str) {
    let refused = |hook: &Hook| Check {
        message: help.to_owned(),
        ..Check::new(&hook.id, CheckKind::Hook, CheckStatus::Error)
    };
    let ids: Vec<&str> = work.hooks.iter().map(|hook| hook.id.as_str()).collect();
    let error = CheckError {
        path: None,
        scanner: "",
        message: format!("not run: {}", ids.join(", ")),
        help: help.to_owned(),
        fatal: true,
    };
    outcome.add(work.hooks.iter().map(refused).collect(), vec![error]);
}

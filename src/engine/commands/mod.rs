//! The external commands of a run: which files each gets, in a worktree that shows what is staged, and what they changed.

mod changes;
mod fixes;
mod jobs;
mod outcome;

use crate::command::{CommandProgress, Environment, Hook, Job, RunContext, run_hooks};
use crate::git::{BlobReader, Changes, Guard, GuardError, GuardOptions, Repo, interrupted};
use crate::model::{Check, CheckError, FileMeta, Fix, RepoPath};
pub use fixes::write_fix;

use changes::Watch;
use std::path::Path;
use std::sync::Mutex;
use std::time::Duration;

/// How long to wait for another hookd in the same worktree.
const PATIENCE: Duration = Duration::from_secs(60);

/// What to run.
pub struct CommandPlan<'a> {
    /// The repository; `None` outside of one.
    pub repo: Option<&'a Repo>,
    /// The top folder.
    pub root: &'a Path,
    /// The hooks of this stage that were asked for, in configuration order.
    pub hooks: &'a [Hook],
    /// The files of the run; `None` at stages that have none.
    pub files: Option<&'a [FileMeta]>,
    /// Where blobs come from.
    pub blobs: Option<&'a BlobReader>,
    /// Whether the worktree must show what is staged while commands run.
    pub staged: bool,
    /// What built-in checks put right: commands find it done.
    pub fixes: &'a [(RepoPath, Fix)],
    /// Whether those are staged at once, where nothing stands against the commit.
    pub stage_fixes: bool,
    /// What every command inherits, before the guard's own changes.
    pub environment: Environment,
    /// What git gave as arguments.
    pub arguments: Vec<Vec<u8>>,
    /// What git gave on standard input.
    pub stdin: Option<Vec<u8>>,
    /// Processes at once.
    pub jobs: usize,
    /// Whether the first failure ends the run.
    pub fail_fast: bool,
    /// Whether the checks before passed: only then fixes are staged.
    pub good_so_far: bool,
    /// Told once when another hookd works in this worktree.
    pub on_wait: &'a dyn Fn(Option<u32>),
}

/// What came of the commands.
#[derive(Debug, Default)]
pub struct Commands {
    /// One entry a hook, in configuration order.
    pub checks: Vec<Check>,
    /// What could not be done, and notes.
    pub errors: Vec<CheckError>,
    /// The files whose fixes were staged.
    pub staged: Vec<RepoPath>,
    /// Whether a signal ended the run.
    pub interrupted: bool,
}

/// Runs the hooks. Programs are looked up before anything is moved; whatever happens, the user's files are back in their
/// places afterwards.
///
/// # Errors
/// The worktree cannot be made to show what is staged; nothing was run, everything is as it was.
pub fn run_commands(
    plan: &CommandPlan<'_>,
    progress: &mut dyn CommandProgress,
) -> Result<Commands, GuardError> {
    let mut commands = Commands::default();
    let planned = jobs::jobs(plan);
    let jobs: Vec<Job<'_>> = planned.iter().flatten().cloned().collect();
    let idle = plan.fixes.is_empty()
        && jobs
            .iter()
            .all(|job| !job.hook.always_run && job.files.as_ref().is_some_and(Vec::is_empty));
    let results = if idle {
        // Nobody looks: nothing needs to be moved.
        run_hooks(&jobs, context(plan, &plan.environment), &(), progress)
    } else {
        guarded(plan, &jobs, &mut commands, progress)?
    };
    let mut results = results.into_iter();
    for (hook, planned) in plan.hooks.iter().zip(planned) {
        match planned {
            Err(obstacle) => outcome::cannot_run(&mut commands, hook, &obstacle),
            Ok(_) => outcome::add(&mut commands, results.next()),
        }
    }
    commands.interrupted |= interrupted();
    Ok(commands)
}

fn context<'a>(plan: &'a CommandPlan<'_>, environment: &'a Environment) -> RunContext<'a> {
    RunContext {
        root: plan.root,
        environment,
        jobs: plan.jobs,
        fail_fast: plan.fail_fast,
        interrupted: &interrupted,
    }
}

fn guarded(
    plan: &CommandPlan<'_>,
    jobs: &[Job<'_>],
    commands: &mut Commands,
    progress: &mut dyn CommandProgress,
) -> Result<Vec<crate::command::HookResult>, GuardError> {
    let Some(repo) = plan.repo else {
        let watch = Mutex::new(Watch::files(plan, jobs));
        let around = changes::Around::new(jobs, &watch);
        return Ok(run_hooks(
            jobs,
            context(plan, &plan.environment),
            &around,
            progress,
        ));
    };
    let staged = plan.staged;
    let mut guard = repo.guard(&GuardOptions {
        visible: &|_| staged,
        deadline: PATIENCE,
        on_wait: plan.on_wait,
    })?;
    if let Some(recovered) = guard.recovered() {
        commands.errors.push(outcome::recovered(recovered));
    }
    let mut environment = plan.environment.clone();
    for (name, value) in &guard.command_env().set {
        environment.set(*name, value.clone());
    }
    let mut watch = Watch::new(plan, jobs, &guard)?;
    let mut applied = fixes::apply(plan);
    if !applied.written.is_empty() {
        // No command did that.
        watch.look();
    }
    let watch = Mutex::new(watch);
    let around = changes::Around::new(jobs, &watch);
    let results = run_hooks(jobs, context(plan, &environment), &around, progress);
    let mut fixed = around.fixed();
    if plan.stage_fixes {
        fixed.extend(applied.written.iter().cloned());
    }
    let staged = guard_stage(plan, &mut guard, &results, &fixed, commands);
    if plan.stage_fixes && matches!(staged, Ok(true)) {
        fixes::staged(&applied.written, &mut applied.notes);
        commands.staged = applied.written;
    }
    commands.errors.extend(applied.notes);
    finish(plan, staged, guard, commands)?;
    Ok(results)
}

/// Stages what fixers changed, if every check passed: a commit that fails must leave the index as it was. Gives whether it
/// did.
fn guard_stage(
    plan: &CommandPlan<'_>,
    guard: &mut Guard,
    results: &[crate::command::HookResult],
    fixed: &[RepoPath],
    commands: &mut Commands,
) -> Result<bool, GuardError> {
    let good = plan.good_so_far
        && results
            .iter()
            .all(|result| outcome::lets_commit(&result.status));
    if let Some(lock) = guard.take_stale_lock() {
        commands.errors.push(outcome::stale_lock(&lock));
    }
    if plan.staged && good && !interrupted() {
        guard.adopt()?;
        guard.stage(fixed)?;
        Ok(true)
    } else {
        Ok(false)
    }
}

/// Puts everything back, also where staging failed.
fn finish(
    plan: &CommandPlan<'_>,
    staged: Result<bool, GuardError>,
    guard: Guard,
    commands: &mut Commands,
) -> Result<(), GuardError> {
    let restored = guard.restore(Changes::Merge)?;
    commands
        .errors
        .extend(outcome::restored(plan.root, &restored));
    if let Err(error) = staged {
        let mut failed = outcome::error(
            "",
            format!("fixes could not be staged: {error}"),
            error.hint().to_owned(),
        );
        failed.fatal = true;
        commands.errors.push(failed);
    }
    Ok(())
}

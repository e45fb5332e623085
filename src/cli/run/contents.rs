//! Runs over contents that are no files of the worktree: the history, and standard input. No commands run on them.

mod history;
mod input;

use super::super::args::Run;
use super::super::context::{Context, IgnoreFiles, configuration};
use super::super::error::CliError;
use super::super::progress::Bar;
use super::super::terminal::Terminal;
use super::{StageKind, configured, mode, not_excluded, skipped, wanted};
use crate::engine::{self, Plan};
use crate::git::{History, Repo};
use crate::model::{Mode, Outcome};
use crate::scan::SCANNERS;
use crate::select::prepare;
use crate::triage::IgnoreList;
use std::time::Instant;

/// Whether such contents are to be checked.
pub(super) fn are_asked(given: &Run) -> bool {
    given.history.is_some() || input::is_asked(given)
}

/// Finds the contents and runs the scanners over them.
///
/// # Errors
/// A mistake in the configuration, or the contents cannot be had.
pub(super) fn judge(
    given: &Run,
    stage: &str,
    context: &Context,
    terminal: &Terminal,
    started: Instant,
) -> Result<Outcome, CliError> {
    let kind = StageKind::Files;
    let mode = mode(given, kind);
    let blobs = context.repo.as_ref().map(Repo::blobs).transpose()?;
    let documents = context.documents(mode, blobs.as_ref())?;
    let config = configuration(&documents)?;
    let hooks = configured(&config)?;
    let wanted = wanted(given, kind, hooks.iter().map(|hook| hook.id.as_str()))?;
    let mut checks = prepare(SCANNERS, &config, &context.scan_context(mode), &wanted)?;
    checks.retain(|check| check.spec.reads.fits(false));
    let (gathered, history) = if mode == Mode::History {
        history::only_able(given, &mut checks)?;
        history::gather(given, context, &config, &checks)?
    } else {
        let mut gathered = input::gather(given)?;
        not_excluded(&mut gathered, &config);
        (gathered, History::default())
    };
    let plan = Plan {
        mode,
        stage: stage.to_owned(),
        files: &gathered.files,
        errors: gathered.errors,
        skipped: skipped(&wanted),
        checks,
        blobs: blobs.as_ref(),
        jobs: given.jobs,
        fixes: false,
        shown: None,
        fail_fast: given.fail_fast,
        started,
    };
    let files = IgnoreFiles::new(context, mode, blobs.as_ref());
    let ignores = IgnoreList::new(&files, Context::today());
    let mut outcome = engine::run(plan, &Bar::new(!terminal.quiet), &ignores);
    history::name_commits(&history, &mut outcome);
    Ok(outcome)
}

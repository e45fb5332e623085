//! Runs over contents that are no files of the worktree: the history, and standard input. No commands run on them.

mod history;
mod input;

use super::super::args::Run;
use super::super::context::{Context, IgnoreFiles};
use super::super::error::CliError;
use super::super::progress::Bar;
use super::super::terminal::Terminal;
use super::{not_excluded, skipped};
use crate::config::Config;
use crate::engine::{self, Plan};
use crate::git::BlobReader;
use crate::model::{Mode, Outcome};
use crate::scan::SCANNERS;
use crate::select::{Gathered, PreparedCheck, Wanted, prepare};
use crate::triage::IgnoreList;
use std::time::Instant;

/// Whether such contents are to be checked.
pub(super) fn are_asked(given: &Run) -> bool {
    given.history.is_some() || input::is_asked(given)
}

/// What such a run works with.
pub(super) struct ContentsRun<'a> {
    pub(super) given: &'a Run,
    pub(super) stage: &'a str,
    pub(super) mode: Mode,
    pub(super) context: &'a Context,
    pub(super) terminal: &'a Terminal,
    pub(super) started: Instant,
    pub(super) blobs: Option<&'a BlobReader>,
    pub(super) config: &'a Config<'a>,
    pub(super) wanted: Wanted,
}

impl ContentsRun<'_> {
    /// Finds the contents and runs the scanners over them.
    ///
    /// # Errors
    /// A mistake in the configuration, or the contents cannot be had.
    pub(super) fn judge(&self) -> Result<Outcome, CliError> {
        let known = self.context.scan_context(self.mode);
        let mut checks = prepare(SCANNERS, self.config, &known, &self.wanted)?;
        if self.mode != Mode::History {
            let mut gathered = input::gather(self.given)?;
            gathered.files = not_excluded(gathered.files, self.config);
            return Ok(self.scan(checks, gathered));
        }
        history::only_able(self.given, &mut checks)?;
        let (gathered, history) = history::gather(self.given, self.context, self.config, &checks)?;
        let mut outcome = self.scan(checks, gathered);
        history::name_commits(&history, &mut outcome);
        Ok(outcome)
    }

    fn scan(&self, checks: Vec<PreparedCheck>, gathered: Gathered) -> Outcome {
        let plan = Plan {
            mode: self.mode,
            stage: self.stage.to_owned(),
            files: &gathered.files,
            errors: gathered.errors,
            skipped: skipped(&self.wanted),
            checks,
            blobs: self.blobs,
            jobs: self.given.jobs,
            fail_fast: self.given.fail_fast,
            started: self.started,
        };
        let files = IgnoreFiles::new(self.context, self.mode, self.blobs);
        let ignores = IgnoreList::new(&files, Context::today());
        engine::run(plan, &Bar::new(!self.terminal.quiet), &ignores)
    }
}

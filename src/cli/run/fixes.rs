//! Fixes of built-in checks: those of a commit are handed to the guard, which gets them to the worktree and into the index
//! without touching anybody's unstaged work; those of sweeps are written.

use super::super::context::Context;
use super::super::error::CliError;
use super::super::progress::Bar;
use crate::config::Config;
use crate::engine::{self, Plan, write_fix};
use crate::git::{BlobReader, Folders};
use crate::model::{
    Check, CheckError, CheckStatus, Content, FileMeta, Finding, Fix, Mode, Outcome, RepoPath,
};
use crate::scan::{SCANNERS, hygiene_stages_fixes};
use crate::select::{Wanted, prepare};
use crate::triage::IgnoreList;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use std::time::Instant;

/// The scanner that fixes.
const FIXER: &str = "hygiene";

/// What deciding about fixes takes.
pub(super) struct Fixing<'a> {
    /// Whether a sweep writes them.
    pub(super) fix: bool,
    pub(super) context: &'a Context,
    pub(super) config: &'a Config<'a>,
    pub(super) files: &'a [FileMeta],
    pub(super) blobs: Option<&'a BlobReader>,
    pub(super) ignores: &'a IgnoreList<'a>,
}

/// What is left to do about fixes, once commands run.
#[derive(Default)]
pub(super) struct Mending {
    /// The fixes of a commit.
    pub(super) fixes: Vec<(RepoPath, Fix)>,
    /// The findings that are gone once those are staged. They come back where they cannot be.
    pub(super) gone: Vec<Finding>,
}

impl Mending {
    /// Whether the fixes are staged at once.
    pub(super) const fn stages(&self) -> bool {
        !self.gone.is_empty()
    }
}

impl Fixing<'_> {
    /// Writes the fixes of a sweep. Those of a commit are given back: they fail it once, as with pre-commit, or are staged.
    ///
    /// # Errors
    /// A mistake in the configuration.
    pub(super) fn begin(&self, outcome: &mut Outcome) -> Result<Mending, CliError> {
        if outcome.mode != Mode::Staged {
            apply(self.fix, self.context, self.files, outcome);
            return Ok(Mending::default());
        }
        let mut mending = Mending {
            fixes: take_blocking(outcome),
            gone: Vec::new(),
        };
        let stages = hygiene_stages_fixes(self.config.section(FIXER))?;
        if stages && !mending.fixes.is_empty() {
            let left = self.left(&mending.fixes, outcome)?;
            mending.gone = take_gone(&mending.fixes, &left, outcome);
        }
        Ok(mending)
    }

    /// Path and rule of what still blocks in the fixed files.
    fn left(
        &self,
        fixes: &[(RepoPath, Fix)],
        outcome: &Outcome,
    ) -> Result<HashSet<(RepoPath, String)>, CliError> {
        let fixed = fixes.iter().filter_map(|(path, fix)| {
            let file = self.files.iter().find(|file| file.path == *path)?;
            Some(FileMeta {
                size: fix.content.len() as u64,
                content: Content::Text(Arc::from(fix.content.as_slice())),
                ..file.clone()
            })
        });
        let fixed: Vec<FileMeta> = fixed.collect();
        let wanted = Wanted {
            only: vec![FIXER.to_owned()],
            skip: Vec::new(),
        };
        let context = self.context.scan_context(outcome.mode);
        let plan = Plan {
            mode: outcome.mode,
            stage: outcome.stage.clone(),
            files: &fixed,
            errors: Vec::new(),
            checks: prepare(SCANNERS, self.config, &context, &wanted)?,
            skipped: Vec::new(),
            blobs: self.blobs,
            jobs: 1,
            fixes: false,
            shown: None,
            fail_fast: false,
            started: Instant::now(),
        };
        let again = engine::run(plan, &Bar::new(false), self.ignores);
        let blocking = again.findings.into_iter().filter(|one| one.blocking);
        Ok(blocking
            .map(|one| (one.path, one.rule.into_owned()))
            .collect())
    }
}

/// Takes out the findings that the fixes put right.
fn take_gone(
    fixes: &[(RepoPath, Fix)],
    left: &HashSet<(RepoPath, String)>,
    outcome: &mut Outcome,
) -> Vec<Finding> {
    let fixed: HashSet<&RepoPath> = fixes.iter().map(|(path, _)| path).collect();
    let is_gone = |one: &Finding| {
        one.blocking
            && one.scanner == FIXER
            && fixed.contains(&one.path)
            && !left.contains(&(one.path.clone(), one.rule.to_string()))
    };
    let (gone, kept) = std::mem::take(&mut outcome.findings)
        .into_iter()
        .partition(is_gone);
    outcome.findings = kept;
    recount(outcome);
    gone
}

/// Puts findings back whose fixes are not staged after all.
pub(super) fn settle(gone: Vec<Finding>, staged: &[RepoPath], outcome: &mut Outcome) {
    let back = gone.into_iter().filter(|one| !staged.contains(&one.path));
    let count = outcome.findings.len();
    outcome.findings.extend(back);
    if outcome.findings.len() > count {
        outcome.findings.sort_by(|a, b| {
            (&a.path, a.span.start.byte, &a.rule).cmp(&(&b.path, b.span.start.byte, &b.rule))
        });
        recount(outcome);
    }
}

/// Numbers and verdicts after findings went or came.
fn recount(outcome: &mut Outcome) {
    let blocking = |one: &&Finding| one.blocking;
    outcome.summary.findings = outcome.findings.len();
    outcome.summary.blocking = outcome.findings.iter().filter(blocking).count();
    let own = || outcome.findings.iter().filter(|one| one.scanner == FIXER);
    let blocks = own().any(|one| one.blocking);
    let otherwise = if own().next().is_some() {
        CheckStatus::Warned
    } else {
        CheckStatus::Passed
    };
    let status = |check: &Check| match check.status {
        _ if blocks => CheckStatus::Failed,
        CheckStatus::Failed => otherwise,
        other => other,
    };
    for check in outcome.checks.iter_mut().filter(|check| check.id == FIXER) {
        check.status = status(check);
    }
    if outcome.exit != crate::exit::Exit::Interrupted {
        outcome.exit = outcome.worst();
    }
}

/// Writes the fixes of a sweep, where that is wanted.
pub(super) fn apply(wanted: bool, context: &Context, files: &[FileMeta], outcome: &mut Outcome) {
    let fixes = take_blocking(outcome);
    if !wanted || !matches!(outcome.mode, Mode::All | Mode::Files) {
        return;
    }
    let by_path: HashMap<&RepoPath, &FileMeta> =
        files.iter().map(|file| (&file.path, file)).collect();
    let mut folders = Folders::default();
    let notes = fixes.iter().filter_map(|(path, fix)| {
        let file = by_path.get(path)?;
        Some(
            match write_fix(&context.root, &mut folders, file, fix, None, None) {
                Ok(true) => note(
                    path,
                    "fixed",
                    format!("look at it: git diff -- {}", path.to_text()),
                ),
                Ok(false) => note(path, "not fixed: it is no file any more", String::new()),
                Err(error) => note(path, &format!("not fixed: {error}"), String::new()),
            },
        )
    });
    let notes: Vec<CheckError> = notes.collect();
    outcome.add(Vec::new(), notes);
}

/// The fixes of files in which a built-in check found something that blocks: what was there before a change is left as it is.
pub(super) fn take_blocking(outcome: &mut Outcome) -> Vec<(RepoPath, Fix)> {
    let mut fixes = std::mem::take(&mut outcome.fixes);
    let blocking = outcome
        .findings
        .iter()
        .filter(|finding| finding.blocking && finding.scanner == FIXER);
    let paths: HashSet<&RepoPath> = blocking.map(|finding| &finding.path).collect();
    fixes.retain(|(path, _)| paths.contains(path));
    fixes
}

fn note(path: &RepoPath, message: &str, help: String) -> CheckError {
    CheckError {
        path: Some(path.clone()),
        scanner: "",
        message: message.to_owned(),
        help,
        fatal: false,
    }
}

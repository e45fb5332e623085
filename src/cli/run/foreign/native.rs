//! Hooks whose work hookd does itself: the scanners that do it, and what came of each.

use super::super::super::error::CliError;
use crate::model::{Check, CheckError, CheckKind, CheckStatus, Finding, Outcome, RepoPath};
use crate::precommit::{Planned, Source, Work};
use crate::scan::{SCANNERS, ScanContext, ScannerSpec, Served, ServedKind, serve_hygiene};
use crate::select::PreparedCheck;
use std::collections::HashSet;
use std::sync::Arc;

/// A hook of this run with the files it gets.
pub(super) struct Chosen<'p> {
    pub(super) hook: &'p Planned,
    pub(super) files: Arc<HashSet<RepoPath>>,
}

impl Chosen<'_> {
    /// Whether hookd itself does the work, through a scanner.
    pub(super) const fn is_native(&self) -> bool {
        matches!(
            self.hook.work,
            Work::Check(_) | Work::Foreign(_) | Work::Scanner(..)
        )
    }

    /// Whether there is anything for it to look at.
    pub(super) fn has_work(&self) -> bool {
        self.hook.always_run || !self.files.is_empty()
    }
}

/// The scanner that is all hygiene checks and patterns among `chosen`; `None` where there are none.
///
/// # Errors
/// A hook has arguments that its check does not know.
pub(super) fn hygiene(
    chosen: &[Chosen<'_>],
    source: &Source,
    context: &ScanContext,
) -> Result<Option<PreparedCheck>, CliError> {
    let kind = |hook: &Planned| match &hook.work {
        Work::Check(id) => Some(ServedKind::Check(id.clone(), hook.args.clone())),
        Work::Foreign(check) => Some(ServedKind::Foreign(Arc::clone(check))),
        _ => None,
    };
    let mut hooks = Vec::new();
    let mut all: HashSet<RepoPath> = HashSet::new();
    let mut always = false;
    for one in chosen.iter().filter(|one| one.has_work()) {
        if let Some(kind) = kind(one.hook) {
            // Hooks often have one set in common.
            if !hooks
                .iter()
                .any(|hook: &Served| Arc::ptr_eq(&hook.files, &one.files))
            {
                all.extend(one.files.iter().cloned());
            }
            always |= one.hook.always_run;
            hooks.push(Served {
                rule: one.hook.id.clone(),
                kind,
                files: Arc::clone(&one.files),
                always: one.hook.always_run,
            });
        }
    }
    if hooks.is_empty() {
        return Ok(None);
    }
    let ids: Vec<String> = hooks.iter().map(|hook| hook.rule.clone()).collect();
    let scanner = serve_hygiene(hooks, context).map_err(|(at, reason)| {
        CliError::usage(
            format!("{}: hook `{}`: {reason}", source.file, ids[at]),
            "correct its `args`; [precommit] native = false in hookd.local.toml runs the original",
        )
    })?;
    let mut check = PreparedCheck::served(spec("hygiene"), scanner, Arc::new(all));
    check.always = always;
    Ok(Some(check))
}

fn spec(id: &str) -> &'static ScannerSpec {
    SCANNERS
        .iter()
        .copied()
        .find(|spec| spec.id == id)
        .unwrap_or(SCANNERS[0])
}

/// The scanners that stand in for whole tools, each with the keys for its section and the files of all hooks that want it.
pub(super) fn scanners(chosen: &[Chosen<'_>]) -> Vec<(&'static str, String, HashSet<RepoPath>)> {
    let mut wanted: Vec<(&'static str, String, HashSet<RepoPath>)> = Vec::new();
    for one in chosen {
        let Work::Scanner(id, keys) = &one.hook.work else {
            continue;
        };
        let files = one.files.iter().cloned();
        match wanted.iter_mut().find(|(known, ..)| known == id) {
            Some((_, _, all)) => all.extend(files),
            None => wanted.push((id, keys.clone(), files.collect())),
        }
    }
    wanted
}

/// What came of each native hook; the scanners' own entries are taken out of `outcome`.
pub(super) fn split(chosen: &[Chosen<'_>], outcome: &mut Outcome, keep: &[String]) -> Vec<Check> {
    let scanners: Vec<Check> = std::mem::take(&mut outcome.checks);
    let native = chosen.iter().filter(|one| one.is_native());
    let checks = native.map(|one| {
        let mut check = Check::new(&one.hook.id, CheckKind::Scanner, status(one, outcome));
        check.files = one.files.len();
        let own = scanners
            .iter()
            .find(|scanner| scanner.id == scanner_of(one.hook));
        check.duration = own.map_or(check.duration, |own| own.duration);
        check
    });
    let checks = checks.collect();
    outcome.checks = scanners
        .into_iter()
        .filter(|check| keep.contains(&check.id))
        .collect();
    checks
}

fn scanner_of(hook: &Planned) -> &str {
    match &hook.work {
        Work::Scanner(id, _) => id,
        _ => "hygiene",
    }
}

fn status(one: &Chosen<'_>, outcome: &Outcome) -> CheckStatus {
    if !one.has_work() {
        CheckStatus::Skipped
    } else if outcome
        .findings
        .iter()
        .any(|finding| one.failed_by(finding))
    {
        CheckStatus::Failed
    } else if outcome.errors.iter().any(|error| one.broken_by(error)) {
        CheckStatus::Error
    } else {
        CheckStatus::Passed
    }
}

impl Chosen<'_> {
    fn owns(&self, path: &RepoPath) -> bool {
        self.hook.always_run || self.files.contains(path)
    }

    fn failed_by(&self, finding: &Finding) -> bool {
        let scanner = scanner_of(self.hook);
        let is_its =
            finding.scanner == scanner && (scanner != "hygiene" || finding.rule == self.hook.id);
        finding.blocking && is_its && self.owns(&finding.path)
    }

    /// What could not be checked leaves a hole in every hook that was to check it.
    fn broken_by(&self, error: &CheckError) -> bool {
        let is_its = error.scanner.is_empty() || error.scanner == scanner_of(self.hook);
        error.fatal && is_its && error.path.as_ref().is_none_or(|path| self.owns(path))
    }
}

//! From the results of files to the outcome of the run.

use super::Plan;
use super::hide::hide_shown;
use super::scan_source::FileResult;
use crate::exit::Exit;
use crate::model::{
    Accepted, Check, CheckError, CheckKind, CheckStatus, Finding, Fix, Mode, Outcome, RepoPath,
    Sink, Summary,
};
use crate::triage::{IgnoreList, Judged};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};
use std::time::Duration;

/// Collects results. Order does not matter: everything is sorted at the end.
pub(super) struct Assembly {
    summary: Summary,
    findings: Vec<Finding>,
    accepted: Vec<Accepted>,
    errors: Vec<CheckError>,
    fixes: Vec<(RepoPath, Fix)>,
    /// In a history, what earlier contents held: only the first one that has a secret is told.
    known: Option<Known>,
    /// Files and time of each check of the plan.
    checks: Vec<(usize, Duration)>,
    /// The secrets that were found, by file: no excerpt may show them.
    secrets: HashMap<RepoPath, Vec<Vec<u8>>>,
}

/// Names of findings in earlier contents.
#[derive(Default)]
struct Known {
    findings: HashSet<String>,
    accepted: HashSet<String>,
}

impl Known {
    /// Leaves in `result` what no earlier content held. A secret may stand in one content twice: those of the same content
    /// do not hide each other.
    fn forget_repeated(&mut self, result: &mut FileResult) {
        let names: Vec<String> = result.findings.iter().map(Finding::fingerprint).collect();
        let mut is_new = names.iter().map(|name| !self.findings.contains(name));
        result.findings.retain(|_| is_new.next().unwrap_or(true));
        self.findings.extend(names);
        self.findings.extend(std::mem::take(&mut result.settled));
        let accepted = &mut self.accepted;
        let mut is_new = |one: &Accepted| accepted.insert(one.finding.fingerprint());
        result.accepted.retain(|one| is_new(one));
    }
}

impl Assembly {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        Self {
            summary: Summary::default(),
            findings: Vec::new(),
            accepted: Vec::new(),
            errors: plan.errors.clone(),
            fixes: Vec::new(),
            known: (plan.mode == Mode::History).then(Known::default),
            checks: vec![(0, Duration::ZERO); plan.checks.len()],
            secrets: HashMap::new(),
        }
    }

    /// Adds what the check at position `at` said about its `files` files as a set.
    pub(super) fn add_set(&mut self, at: usize, files: usize, sink: Sink, time: Duration) {
        let (findings, errors) = sink.into_parts();
        self.findings.extend(findings);
        self.errors.extend(errors);
        self.checks[at].0 = files;
        self.checks[at].1 += time;
    }

    /// Adds what a check said when every file was scanned.
    pub(super) fn add_end(&mut self, sink: Sink) {
        let (findings, errors) = sink.into_parts();
        self.findings.extend(findings);
        self.errors.extend(errors);
    }

    /// Adds what came of one file.
    pub(super) fn add_file(&mut self, mut result: FileResult) {
        if let Some(known) = &mut self.known {
            known.forget_repeated(&mut result);
        }
        if let Some(path) = &result.path
            && !result.secrets.is_empty()
        {
            self.secrets.insert(path.clone(), result.secrets);
        }
        self.fixes.extend(result.path.zip(result.fix));
        self.findings.extend(result.findings);
        self.summary.suppressed += result.accepted.len();
        self.accepted.extend(result.accepted);
        self.errors.extend(result.errors);
        self.summary.suppressed += result.suppressed;
        self.summary.existing += result.existing;
        self.summary.fixed += result.fixed;
        self.summary.files += usize::from(result.read);
        self.summary.bytes += result.bytes;
        for (at, time) in result.times {
            self.checks[at].1 += time;
        }
    }

    /// Asks for each finding whether somebody accepted it in a file.
    pub(super) fn accept(&mut self, mode: Mode, ignores: &IgnoreList<'_>) {
        // Only a sweep sees every place a secret may have been moved to. In a change a moved line is not new.
        if mode == Mode::All {
            ignores.follow(&self.findings);
        }
        for finding in std::mem::take(&mut self.findings) {
            match ignores.judge(finding) {
                Judged::Counts(finding) => self.findings.push(finding),
                Judged::Accepted(accepted) => {
                    self.summary.suppressed += 1;
                    self.accepted.push(accepted);
                }
            }
        }
        self.errors.extend_from_slice(ignores.errors());
    }

    /// Whether anything blocks.
    pub(super) fn blocks(&self) -> bool {
        self.findings.iter().any(|finding| finding.blocking)
    }

    /// Adds findings that nobody can accept.
    pub(super) fn block(&mut self, findings: Vec<Finding>) {
        self.findings.extend(findings);
    }

    /// Adds a note or something that could not be checked.
    pub(super) fn complain(&mut self, error: CheckError) {
        self.errors.push(error);
    }

    /// The outcome, everything in order.
    pub(super) fn finish(mut self, plan: Plan<'_>) -> Outcome {
        self.findings.sort_by(order);
        if let Some(most) = plan.shown {
            hide_shown(&plan, most, &mut self.findings, &mut self.secrets);
        }
        self.accepted.sort_by(|a, b| order(&a.finding, &b.finding));
        self.errors.sort();
        self.errors.dedup();
        let mut checks = self.checks(&plan);
        let skipped = |id: &String| Check::new(id, CheckKind::Scanner, CheckStatus::Skipped);
        checks.extend(plan.skipped.iter().map(skipped));
        self.summary.findings = self.findings.len();
        self.summary.blocking = self
            .findings
            .iter()
            .filter(|finding| finding.blocking)
            .count();
        self.summary.errors = self.errors.iter().filter(|error| error.fatal).count();
        self.summary.duration = plan.started.elapsed();
        let mut outcome = Outcome {
            mode: plan.mode,
            stage: plan.stage,
            exit: Exit::Clean,
            summary: self.summary,
            checks,
            findings: self.findings,
            accepted: self.accepted,
            errors: self.errors,
            fixes: self.fixes,
        };
        outcome.exit = outcome.worst();
        outcome
    }

    fn checks(&self, plan: &Plan<'_>) -> Vec<Check> {
        let status = |id: &str, files: usize| {
            let own = || self.findings.iter().filter(|finding| finding.scanner == id);
            // An unreadable file belongs to no scanner: it leaves a hole in each.
            if self
                .errors
                .iter()
                .any(|error| error.fatal && (error.scanner == id || error.scanner.is_empty()))
            {
                CheckStatus::Error
            } else if own().any(|finding| finding.blocking) {
                CheckStatus::Failed
            } else if own().next().is_some() || self.errors.iter().any(|error| error.scanner == id)
            {
                CheckStatus::Warned
            } else if files == 0 {
                CheckStatus::Skipped
            } else {
                CheckStatus::Passed
            }
        };
        let pairs = plan.checks.iter().zip(&self.checks);
        pairs
            .map(|(check, &(files, duration))| Check {
                files,
                duration,
                message: check.scanner.left_out(),
                ..Check::new(
                    check.spec.id,
                    CheckKind::Scanner,
                    status(check.spec.id, files),
                )
            })
            .collect()
    }
}

fn order(a: &Finding, b: &Finding) -> Ordering {
    (&a.path, a.span, &a.rule, &a.message).cmp(&(&b.path, b.span, &b.rule, &b.message))
}

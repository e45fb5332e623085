//! From the results of files to the outcome of the run.

use super::Plan;
use super::scan_source::FileResult;
use crate::exit::Exit;
use crate::model::{
    Check, CheckError, CheckKind, CheckStatus, Finding, Fix, Mode, Outcome, RepoPath, Sink, Summary,
};
use std::collections::HashSet;
use std::time::Duration;

/// Collects results. Order does not matter: everything is sorted at the end.
pub(super) struct Assembly {
    summary: Summary,
    findings: Vec<Finding>,
    errors: Vec<CheckError>,
    fixes: Vec<(RepoPath, Fix)>,
    /// In a history, what earlier contents held: only the first one that has a secret is told.
    known: Option<HashSet<String>>,
    /// Files and time of each check of the plan.
    checks: Vec<(usize, Duration)>,
}

impl Assembly {
    pub(super) fn new(plan: &Plan<'_>) -> Self {
        Self {
            summary: Summary::default(),
            findings: Vec::new(),
            errors: plan.errors.clone(),
            fixes: Vec::new(),
            known: (plan.mode == Mode::History).then(HashSet::new),
            checks: vec![(0, Duration::ZERO); plan.checks.len()],
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

    /// Adds what came of one file.
    pub(super) fn add_file(&mut self, mut result: FileResult) {
        if let Some(known) = &mut self.known {
            // A secret may stand in one content twice: those of the same content do not hide each other.
            let names: Vec<String> = result.findings.iter().map(Finding::fingerprint).collect();
            let mut is_new = names.iter().map(|name| !known.contains(name));
            result.findings.retain(|_| is_new.next().unwrap_or(true));
            known.extend(names);
        }
        self.fixes.extend(result.path.zip(result.fix));
        self.findings.extend(result.findings);
        self.errors.extend(result.errors);
        self.summary.suppressed += result.suppressed;
        self.summary.existing += result.existing;
        self.summary.files += usize::from(result.read);
        self.summary.bytes += result.bytes;
        for (at, time) in result.times {
            self.checks[at].1 += time;
        }
    }

    /// The outcome, everything in order.
    pub(super) fn finish(mut self, plan: Plan<'_>) -> Outcome {
        self.findings.sort_by(|a, b| {
            (&a.path, a.span, &a.rule, &a.message).cmp(&(&b.path, b.span, &b.rule, &b.message))
        });
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
                ..Check::new(
                    check.spec.id,
                    CheckKind::Scanner,
                    status(check.spec.id, files),
                )
            })
            .collect()
    }
}

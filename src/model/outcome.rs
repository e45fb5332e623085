//! The result of a run, as every report shows it.

use super::{CheckError, Finding, Fix, RepoPath};
use crate::exit::Exit;
use serde::Serialize;
use std::time::Duration;

/// What a run looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Mode {
    /// What is staged, against HEAD.
    Staged,
    /// Every tracked file as it is in the worktree.
    All,
    /// The named files as they are on disk.
    Files,
    /// What changed between two commits.
    Range,
    /// Every blob that commits brought in.
    History,
}

impl Mode {
    /// Whether the run judges a change, so that what was there before does not block.
    #[must_use]
    pub const fn judges_change(self) -> bool {
        matches!(self, Self::Staged | Self::Range)
    }
}

/// What kind of thing a check is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckKind {
    /// A built-in scanner.
    Scanner,
    /// An external command.
    Hook,
}

/// How a check ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum CheckStatus {
    /// Nothing found.
    Passed,
    /// Blocking findings, or a failed command.
    Failed,
    /// Only findings that do not block.
    Warned,
    /// Left out, or no file for it.
    Skipped,
    /// It could not check everything.
    Error,
    /// A command changed files.
    Modified,
}

/// One scanner or command of the run.
#[derive(Debug, Clone)]
pub struct Check {
    /// Its id.
    pub id: String,
    /// What it is.
    pub kind: CheckKind,
    /// How it ended.
    pub status: CheckStatus,
    /// How many files it was given.
    pub files: usize,
    /// Time spent in it, added up over all threads.
    pub duration: Duration,
    /// How it ended, in a sentence, where the status does not say it all.
    pub message: String,
    /// What a command printed.
    pub output: Vec<u8>,
    /// Whether people see what it printed where it passed, too.
    pub verbose: bool,
}

impl Check {
    /// A check of which nothing more is known than how it ended.
    #[must_use]
    pub fn new(id: impl Into<String>, kind: CheckKind, status: CheckStatus) -> Self {
        Self {
            id: id.into(),
            kind,
            status,
            files: 0,
            duration: Duration::ZERO,
            message: String::new(),
            output: Vec::new(),
            verbose: false,
        }
    }
}

/// The counts of a run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Summary {
    /// Files that were read.
    pub files: usize,
    /// Their bytes.
    pub bytes: u64,
    /// Findings shown.
    pub findings: usize,
    /// Findings that block.
    pub blocking: usize,
    /// Findings that somebody accepted, inline or by a baseline.
    pub suppressed: usize,
    /// Findings that were there before the change: counted, not shown.
    pub existing: usize,
    /// Findings that the change took away, of scanners that look at both sides.
    pub fixed: usize,
    /// Things that could not be checked.
    pub errors: usize,
    /// Wall time of the run.
    pub duration: Duration,
}

/// A finding that somebody accepted.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// The finding.
    pub finding: Finding,
    /// Where that is written: a file with a line, or a comment.
    pub by: String,
    /// Why it is fine; may be empty where it was accepted for another tool.
    pub reason: String,
}

/// The result of a run.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// What was looked at.
    pub mode: Mode,
    /// The git hook it ran as.
    pub stage: String,
    /// How the process ends.
    pub exit: Exit,
    /// The counts.
    pub summary: Summary,
    /// One entry a scanner or command, in registry order.
    pub checks: Vec<Check>,
    /// Sorted by path, place, rule.
    pub findings: Vec<Finding>,
    /// Findings that somebody accepted, sorted likewise. Those that a scanner's own settings accept are only counted.
    pub accepted: Vec<Accepted>,
    /// Sorted by path, scanner.
    pub errors: Vec<CheckError>,
    /// What files should hold instead, by scanners that can tell.
    pub fixes: Vec<(RepoPath, Fix)>,
}

impl Outcome {
    /// Adds checks that ran after the scanners, and works out anew how the process ends.
    pub fn add(&mut self, checks: Vec<Check>, errors: Vec<CheckError>) {
        self.checks.extend(checks);
        self.errors.extend(errors);
        self.summary.errors = self.errors.iter().filter(|error| error.fatal).count();
        self.exit = self.worst();
    }

    /// Findings and failed commands are certain, so they outrank what is not known.
    #[must_use]
    pub fn worst(&self) -> Exit {
        let any = |status| self.checks.iter().any(|check| check.status == status);
        let failed = any(CheckStatus::Failed) || any(CheckStatus::Modified);
        if self.summary.blocking > 0 || failed {
            Exit::Findings
        } else if self.summary.errors > 0 || any(CheckStatus::Error) {
            Exit::Incomplete
        } else {
            Exit::Clean
        }
    }
}

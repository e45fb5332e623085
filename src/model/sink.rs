//! Where scanners put what they find.

use super::{Accepted, Finding, RepoPath};

/// Something that could not be checked. It never counts as passed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct CheckError {
    /// The file, where it is about one.
    pub path: Option<RepoPath>,
    /// Id of the scanner; empty where the engine itself failed.
    pub scanner: &'static str,
    /// What could not be done, and why.
    pub message: String,
    /// The next thing to do or type.
    pub help: String,
    /// Whether it makes the run incomplete (exit 3) or is only said.
    pub fatal: bool,
}

/// A file put right: what a scanner would have it hold.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// Id of the check that changed it; of the first one, where several did.
    pub check: &'static str,
    /// The whole new content.
    pub content: Vec<u8>,
}

/// Collects the findings, errors and fixes of one scanner over one file, or over the set of files.
#[derive(Debug, Default)]
pub struct Sink {
    findings: Vec<Finding>,
    errors: Vec<CheckError>,
    accepted: usize,
    accepted_by: Vec<Accepted>,
    fixed: usize,
    fix: Option<Fix>,
    no_fixes: bool,
}

impl Sink {
    /// An empty sink.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// An empty sink of a run that has no use for fixes, so that none need be made.
    #[must_use]
    pub fn without_fixes() -> Self {
        Self {
            no_fixes: true,
            ..Self::default()
        }
    }

    /// Whether a fix is worth making.
    #[must_use]
    pub const fn wants_fix(&self) -> bool {
        !self.no_fixes
    }

    /// Adds a finding.
    pub fn finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds something that could not be checked.
    pub fn error(&mut self, error: CheckError) {
        self.errors.push(error);
    }

    /// Says what the file at hand should hold instead. There is one such content a file: a later one replaces it.
    pub fn fix(&mut self, fix: Fix) {
        self.fix = Some(fix);
    }

    /// Takes out what the file should hold, where a scanner said so.
    pub fn take_fix(&mut self) -> Option<Fix> {
        self.fix.take()
    }

    /// Counts a finding that the scanner's own settings accept: it is not shown, but not forgotten either.
    pub fn accept(&mut self) {
        self.accepted += 1;
    }

    /// Keeps a finding that the scanner's own settings accept, with the place where they do: `-v` shows it.
    pub fn accept_as(&mut self, accepted: Accepted) {
        self.accepted_by.push(accepted);
    }

    /// Counts findings that the change took away.
    pub fn note_fixed(&mut self, number: usize) {
        self.fixed += number;
    }

    /// How many findings the change took away.
    #[must_use]
    pub const fn fixed(&self) -> usize {
        self.fixed
    }

    /// Takes out the findings that were accepted with their places.
    pub fn take_accepted(&mut self) -> Vec<Accepted> {
        std::mem::take(&mut self.accepted_by)
    }

    /// How many findings the scanner's own settings accept, beside those that are kept.
    #[must_use]
    pub const fn accepted(&self) -> usize {
        self.accepted
    }

    /// The findings and errors that were collected.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Finding>, Vec<CheckError>) {
        (self.findings, self.errors)
    }
}

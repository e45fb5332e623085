//! Where scanners put what they find.

use super::{Finding, RepoPath};

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

/// Collects the findings and errors of one scanner over one file, or over the set of files.
#[derive(Debug, Default)]
pub struct Sink {
    findings: Vec<Finding>,
    errors: Vec<CheckError>,
    accepted: usize,
}

impl Sink {
    /// An empty sink.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a finding.
    pub fn finding(&mut self, finding: Finding) {
        self.findings.push(finding);
    }

    /// Adds something that could not be checked.
    pub fn error(&mut self, error: CheckError) {
        self.errors.push(error);
    }

    /// Counts a finding that the scanner's own settings accept: it is not shown, but not forgotten either.
    pub fn accept(&mut self) {
        self.accepted += 1;
    }

    /// How many findings the scanner's own settings accept.
    #[must_use]
    pub const fn accepted(&self) -> usize {
        self.accepted
    }

    /// What was collected.
    #[must_use]
    pub fn into_parts(self) -> (Vec<Finding>, Vec<CheckError>) {
        (self.findings, self.errors)
    }
}

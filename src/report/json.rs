//! For programs: one JSON object, `hookd-report/1`, described by a JSON Schema.

use super::place::readable;
use super::{Reporter, Style};
use crate::model::{
    Accepted, Check, CheckError, CheckKind, CheckStatus, Finding, Mode, Outcome, Position,
    RepoPath, Severity,
};
use schemars::JsonSchema;
use serde::Serialize;
use std::borrow::Cow;
use std::io::{self, Write};
use std::time::Duration;

/// The format for programs.
pub(super) struct Json;

impl Reporter for Json {
    fn write(&self, outcome: &Outcome, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &Report::from(outcome))?;
        writeln!(out)
    }
}

/// The JSON Schema of the report.
#[must_use]
pub fn schema() -> serde_json::Value {
    schemars::schema_for!(Report).to_value()
}

/// The result of a hookd run.
#[derive(Serialize, JsonSchema)]
#[schemars(title = "hookd report")]
struct Report<'a> {
    /// Name and version of this format: `hookd-report/1`.
    schema: &'static str,
    /// What was looked at: staged, all, files, range or history.
    #[schemars(with = "String")]
    mode: Mode,
    /// The git hook the run stands for.
    stage: &'a str,
    /// 0 nothing, 1 findings, 2 usage, 3 incomplete.
    exit_code: u8,
    summary: Counts,
    /// One entry a scanner or command.
    checks: Vec<CheckLine<'a>>,
    /// Sorted by path, place and rule.
    findings: Vec<FindingLine<'a>>,
    /// Findings that somebody accepted, sorted likewise; `summary.suppressed` also counts those that settings accept.
    accepted: Vec<AcceptedLine<'a>>,
    /// What could not be checked.
    errors: Vec<ErrorLine<'a>>,
}

/// Counts of the run.
#[derive(Serialize, JsonSchema)]
struct Counts {
    /// Files read.
    files: usize,
    /// Bytes read.
    bytes: u64,
    /// Findings listed.
    findings: usize,
    /// Findings that make the run fail.
    blocking: usize,
    /// Findings accepted by a comment or a baseline.
    suppressed: usize,
    /// Findings that were there before the change.
    existing: usize,
    /// Findings that the change took away: advisories about packages that it removes or upgrades.
    fixed: usize,
    /// Things that could not be checked.
    errors: usize,
    /// Wall time in milliseconds.
    duration_ms: f64,
}

/// One scanner or command.
#[derive(Serialize, JsonSchema)]
struct CheckLine<'a> {
    id: &'a str,
    /// scanner or hook.
    #[schemars(with = "String")]
    kind: CheckKind,
    /// passed, failed, warned, skipped, error or modified.
    #[schemars(with = "String")]
    status: CheckStatus,
    /// Files it was given.
    files: usize,
    /// Time spent in it over all threads, in milliseconds.
    duration_ms: f64,
    /// How it ended, where the status does not say it all.
    #[serde(skip_serializing_if = "str::is_empty")]
    message: &'a str,
    /// What a command printed; bytes that are not UTF-8 are replaced.
    #[serde(skip_serializing_if = "str::is_empty")]
    output: Cow<'a, str>,
}

/// One finding.
#[derive(Serialize, JsonSchema)]
struct FindingLine<'a> {
    scanner: &'static str,
    rule: &'a str,
    /// info, low, medium, high or critical.
    #[schemars(with = "String")]
    severity: Severity,
    /// Whether it makes the run fail.
    blocking: bool,
    #[serde(flatten)]
    path: PathLine,
    start: Place,
    end: Place,
    message: &'a str,
    help: &'a str,
    /// The place, secrets redacted.
    excerpt: &'a str,
    /// The same from run to run while the finding is the same.
    fingerprint: String,
    /// The scanner's own facts.
    data: &'a serde_json::Map<String, serde_json::Value>,
}

/// One accepted finding.
#[derive(Serialize, JsonSchema)]
struct AcceptedLine<'a> {
    scanner: &'static str,
    rule: &'a str,
    #[serde(flatten)]
    path: PathLine,
    start: Place,
    end: Place,
    fingerprint: String,
    /// Where that is written: a file with a line, or a comment.
    by: &'a str,
    /// Why it is fine; may be empty.
    reason: &'a str,
}

/// Where a file is.
#[derive(Serialize, JsonSchema)]
struct PathLine {
    /// From the root of the repository.
    path: String,
    /// `percent` where the path is not UTF-8 and is written percent-encoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    path_encoding: Option<&'static str>,
}

/// A place: line and column from 1, columns in Unicode scalar values, byte from 0.
#[derive(Serialize, JsonSchema)]
struct Place {
    line: u32,
    column: u32,
    byte: u64,
}

/// Something that could not be checked, or a note.
#[derive(Serialize, JsonSchema)]
struct ErrorLine<'a> {
    /// Empty where it concerns every scanner.
    scanner: &'static str,
    #[serde(flatten)]
    path: Option<PathLine>,
    message: &'a str,
    help: &'a str,
    /// Whether it makes the run incomplete.
    fatal: bool,
}

impl<'a> From<&'a Outcome> for Report<'a> {
    fn from(outcome: &'a Outcome) -> Self {
        let summary = &outcome.summary;
        Self {
            schema: "hookd-report/1",
            mode: outcome.mode,
            stage: &outcome.stage,
            exit_code: outcome.exit.code(),
            summary: Counts {
                files: summary.files,
                bytes: summary.bytes,
                findings: summary.findings,
                blocking: summary.blocking,
                suppressed: summary.suppressed,
                existing: summary.existing,
                fixed: summary.fixed,
                errors: summary.errors,
                duration_ms: milliseconds(summary.duration),
            },
            checks: outcome.checks.iter().map(CheckLine::from).collect(),
            findings: outcome.findings.iter().map(FindingLine::from).collect(),
            accepted: outcome.accepted.iter().map(AcceptedLine::from).collect(),
            errors: outcome.errors.iter().map(ErrorLine::from).collect(),
        }
    }
}

impl<'a> From<&'a Check> for CheckLine<'a> {
    fn from(check: &'a Check) -> Self {
        Self {
            id: &check.id,
            kind: check.kind,
            status: check.status,
            files: check.files,
            duration_ms: milliseconds(check.duration),
            message: &check.message,
            output: String::from_utf8_lossy(&check.output),
        }
    }
}

impl<'a> From<&'a Finding> for FindingLine<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            scanner: finding.scanner,
            rule: &finding.rule,
            severity: finding.severity,
            blocking: finding.blocking,
            path: PathLine::from(&finding.path),
            start: finding.span.start.into(),
            end: finding.span.end.into(),
            message: &finding.message,
            help: &finding.help,
            excerpt: &finding.excerpt.text,
            fingerprint: finding.fingerprint(),
            data: &finding.data,
        }
    }
}

impl<'a> From<&'a Accepted> for AcceptedLine<'a> {
    fn from(accepted: &'a Accepted) -> Self {
        let finding = &accepted.finding;
        Self {
            scanner: finding.scanner,
            rule: &finding.rule,
            path: PathLine::from(&finding.path),
            start: finding.span.start.into(),
            end: finding.span.end.into(),
            fingerprint: finding.fingerprint(),
            by: &accepted.by,
            reason: &accepted.reason,
        }
    }
}

impl<'a> From<&'a CheckError> for ErrorLine<'a> {
    fn from(error: &'a CheckError) -> Self {
        Self {
            scanner: error.scanner,
            path: error.path.as_ref().map(PathLine::from),
            message: &error.message,
            help: &error.help,
            fatal: error.fatal,
        }
    }
}

impl From<&RepoPath> for PathLine {
    fn from(path: &RepoPath) -> Self {
        let (path, encoded) = readable(path);
        Self {
            path,
            path_encoding: encoded.then_some("percent"),
        }
    }
}

impl From<Position> for Place {
    fn from(at: Position) -> Self {
        Self {
            line: at.line,
            column: at.column,
            byte: at.byte,
        }
    }
}

/// Milliseconds, to the microsecond.
fn milliseconds(time: Duration) -> f64 {
    (time.as_secs_f64() * 1e6).round() / 1e3
}

//! One source through one scanner, and what becomes of its findings.

use super::Plan;
use super::panics::catching;
use crate::model::{Accepted, CheckError, Content, Finding, Fix, Mode, RepoPath, Sink};
use crate::scan::SourceFile;
use crate::select::PreparedCheck;
use crate::triage::{Allows, Verdict, judge};
use std::collections::BTreeSet;
use std::time::{Duration, Instant};

/// What came of one file.
#[derive(Debug, Default)]
pub(super) struct FileResult {
    /// Findings to show, `blocking` as judged.
    pub(super) findings: Vec<Finding>,
    /// What could not be checked.
    pub(super) errors: Vec<CheckError>,
    /// Findings that a comment accepts.
    pub(super) accepted: Vec<Accepted>,
    /// Names of findings that the settings of a scanner accept: in a history later contents that hold them add nothing.
    pub(super) settled: Vec<String>,
    /// How many findings the settings of scanners accept.
    pub(super) suppressed: usize,
    /// The secrets that were found, for hiding them.
    pub(super) secrets: Vec<Vec<u8>>,
    /// Findings that were there before.
    pub(super) existing: usize,
    /// Findings that the change took away.
    pub(super) fixed: usize,
    /// Bytes read.
    pub(super) bytes: u64,
    /// Whether it was read.
    pub(super) read: bool,
    /// Which file; `None` where it was not scanned.
    pub(super) path: Option<RepoPath>,
    /// What the file should hold instead, where a scanner says so.
    pub(super) fix: Option<Fix>,
    /// Time by check, as positions in the plan.
    pub(super) times: Vec<(usize, Duration)>,
}

impl FileResult {
    /// Whether it holds a blocking finding.
    pub(super) fn blocks(&self) -> bool {
        self.findings.iter().any(|finding| finding.blocking)
    }
}

/// Runs the check at position `at` over `source` and judges what it finds.
pub(super) fn scan_source(
    plan: &Plan<'_>,
    at: usize,
    source: &SourceFile<'_>,
    result: &mut FileResult,
) {
    let check = &plan.checks[at];
    let began = Instant::now();
    let mut sink = if plan.fixes {
        Sink::new()
    } else {
        Sink::without_fixes()
    };
    if let Err(place) = catching(|| check.scanner.scan_file(source, &mut sink)) {
        // What it found before it broke is not to be trusted to be all there is; it is shown all the same.
        result.errors.push(CheckError {
            path: Some(source.meta().path.clone()),
            scanner: check.spec.id,
            message: format!(
                "not checked: the {} scanner broke at {place}",
                check.spec.id
            ),
            help: "this is a bug in hookd: please report it with the file, if you may share it"
                .to_owned(),
            fatal: true,
        });
    }
    result.suppressed += sink.accepted();
    result.fixed += sink.fixed();
    let accepted = sink.take_accepted();
    if plan.mode == Mode::History {
        let names = accepted.iter().map(|one| one.finding.fingerprint());
        result.settled.extend(names);
    }
    for one in accepted
        .iter()
        .filter(|one| one.finding.scanner == "secrets")
    {
        result.secrets.push(one.finding.identity.clone());
    }
    result.accepted.extend(accepted);
    result.fix = sink.take_fix().or(result.fix.take());
    let (findings, errors) = sink.into_parts();
    result.errors.extend(errors);
    if !findings.is_empty() {
        settle(plan, check, source, findings, result);
    }
    result.times.push((at, began.elapsed()));
}

fn settle(
    plan: &Plan<'_>,
    check: &PreparedCheck,
    source: &SourceFile<'_>,
    findings: Vec<Finding>,
    result: &mut FileResult,
) {
    let allows = allows(source, &findings);
    result.findings.reserve(findings.len());
    for mut finding in findings {
        if finding.scanner == "secrets" {
            result.secrets.push(finding.identity.clone());
        }
        if let Some(line) = allows.accepting(&finding) {
            result.accepted.push(Accepted {
                finding,
                by: format!("a comment on line {line}"),
                reason: String::new(),
            });
            continue;
        }
        match judge(&finding, check.level, check.scope, || source.added()) {
            Verdict::Existing => result.existing += 1,
            verdict => {
                finding.blocking = verdict == Verdict::Blocks;
                if let (Mode::History, Content::Blob(id)) = (plan.mode, &source.meta().content) {
                    finding
                        .data
                        .insert("blob".to_owned(), id.to_string().into());
                }
                result.findings.push(finding);
            }
        }
    }
}

/// So many findings are looked at one by one.
const FEW: usize = 64;

/// The comments that may accept `findings`: on their lines and those above them.
fn allows(source: &SourceFile<'_>, findings: &[Finding]) -> Allows {
    let first = source.position(0).line;
    if findings.len() > FEW || first != 1 {
        return Allows::new(source.bytes(), first);
    }
    let near = |finding: &Finding| {
        let lines = finding.span.lines();
        [lines.first, lines.last].map(|line| line.saturating_sub(1).max(1)..=line)
    };
    let lines: BTreeSet<u32> = findings.iter().flat_map(near).flatten().collect();
    Allows::of_lines(lines.into_iter().map(|line| (line, source.line(line))))
}

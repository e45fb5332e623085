//! For GitLab: a Code Quality report.
//!
//! Source: <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>.

use super::place::readable;
use super::{Reporter, Style};
use crate::model::{Check, CheckError, CheckKind, CheckStatus, Finding, Outcome, Severity};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::io::{self, Write};

/// The format for GitLab's merge requests.
pub(super) struct Gitlab;

impl Reporter for Gitlab {
    fn write(&self, outcome: &Outcome, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        let failed = outcome.checks.iter().filter_map(hook);
        let errors = outcome.errors.iter().filter(|error| error.fatal);
        let issues: Vec<Value> = outcome
            .findings
            .iter()
            .map(issue)
            .chain(errors.map(not_checked))
            .chain(failed)
            .collect();
        serde_json::to_writer_pretty(&mut *out, &issues)?;
        writeln!(out)
    }
}

fn issue(finding: &Finding) -> Value {
    json!({
        "description": finding.message,
        "check_name": finding.rule,
        "fingerprint": finding.fingerprint(),
        "severity": severity(finding),
        "location": {
            "path": readable(&finding.path).0,
            "lines": { "begin": finding.span.start.line, "end": finding.span.end.line },
        },
    })
}

/// GitLab's words, which are about quality: what blocks is at least major.
const fn severity(finding: &Finding) -> &'static str {
    match (finding.blocking, finding.severity) {
        (true, Severity::Critical) => "blocker",
        (true, Severity::High) => "critical",
        (true, _) => "major",
        (false, Severity::Info) => "info",
        (false, _) => "minor",
    }
}

/// A report has a place for each entry: what concerns no file stands at the root.
fn elsewhere(name: &str, path: &str, description: &str) -> Value {
    let mut hash = Sha256::new();
    for part in [name, path, description] {
        hash.update(part);
        hash.update([0]);
    }
    let fingerprint: String = hash.finalize()[..16]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect();
    json!({
        "description": description,
        "check_name": name,
        "fingerprint": fingerprint,
        "severity": "critical",
        "location": { "path": path, "lines": { "begin": 1, "end": 1 } },
    })
}

fn not_checked(error: &CheckError) -> Value {
    let path = error
        .path
        .as_ref()
        .map_or_else(|| ".".to_owned(), |path| readable(path).0);
    let description = format!("not checked: {}", error.message);
    elsewhere("not-checked", &path, &description)
}

fn hook(check: &Check) -> Option<Value> {
    let what = match check.status {
        CheckStatus::Failed => "failed",
        CheckStatus::Modified => "changed files",
        _ => return None,
    };
    let description = format!("{} {what}: {}", check.id, check.message);
    (check.kind == CheckKind::Hook).then(|| elsewhere(&check.id, ".", &description))
}

//! For code scanning services: SARIF 2.1.0, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>.

use super::place::percent;
use super::{Reporter, Style};
use crate::exit::Exit;
use crate::model::{
    Check, CheckError, CheckKind, CheckStatus, Finding, Outcome, RepoPath, Severity,
};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{self, Write};

/// The format for code scanning services.
pub(super) struct Sarif;

impl Reporter for Sarif {
    fn write(&self, outcome: &Outcome, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        serde_json::to_writer_pretty(&mut *out, &log(outcome))?;
        writeln!(out)
    }
}

fn log(outcome: &Outcome) -> Value {
    let rules = Rules::of(&outcome.findings);
    let results: Vec<Value> = outcome
        .findings
        .iter()
        .map(|finding| result(finding, &rules))
        .collect();
    json!({
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [{
            "tool": { "driver": {
                "name": "hookd",
                "semanticVersion": env!("CARGO_PKG_VERSION"),
                "rules": rules.descriptors(),
            } },
            "automationDetails": { "id": format!("hookd/{}/", outcome.stage) },
            "columnKind": "unicodeCodePoints",
            "originalUriBaseIds": { "SRCROOT": { "description": { "text": "the root of the repository" } } },
            "invocations": [{
                "executionSuccessful": matches!(outcome.exit, Exit::Clean | Exit::Findings),
                "exitCode": outcome.exit.code(),
                "toolExecutionNotifications": notifications(outcome),
            }],
            "results": results,
        }],
    })
}

/// The rules that have findings, each with its place in the list.
struct Rules<'a>(BTreeMap<&'a str, (usize, &'a Finding)>);

impl<'a> Rules<'a> {
    fn of(findings: &'a [Finding]) -> Self {
        let mut rules: BTreeMap<&str, (usize, &Finding)> = BTreeMap::new();
        for finding in findings {
            rules.entry(&finding.rule).or_insert((0, finding));
        }
        for (index, rule) in rules.values_mut().enumerate() {
            rule.0 = index;
        }
        Self(rules)
    }

    fn descriptors(&self) -> Vec<Value> {
        let descriptor = |(id, (_, finding)): (&&str, &(usize, &Finding))| {
            json!({
                "id": id,
                "shortDescription": { "text": format!("{id} ({})", finding.scanner) },
                "help": { "text": format!("hookd explain {id}") },
                "properties": {
                    "tags": [finding.scanner],
                    "security-severity": score(finding.severity),
                },
            })
        };
        self.0.iter().map(descriptor).collect()
    }
}

/// The middle of the range of CVSS scores that has the name of `severity`: by this number services sort.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.5",
        Severity::High => "8.0",
        Severity::Medium => "5.5",
        Severity::Low => "2.5",
        Severity::Info => "0.0",
    }
}

fn result(finding: &Finding, rules: &Rules<'_>) -> Value {
    let (start, end) = (finding.span.start, finding.span.end);
    let level = match (finding.blocking, finding.severity) {
        (true, _) => "error",
        (false, Severity::Info) => "note",
        (false, _) => "warning",
    };
    let text = if finding.help.is_empty() {
        finding.message.clone()
    } else {
        format!("{}\n{}", finding.message, finding.help)
    };
    json!({
        "ruleId": finding.rule,
        "ruleIndex": rules.0.get(&*finding.rule).map(|rule| rule.0),
        "level": level,
        "message": { "text": text },
        "locations": [{ "physicalLocation": {
            "artifactLocation": artifact(&finding.path),
            "region": {
                "startLine": start.line,
                "startColumn": start.column,
                "endLine": end.line,
                "endColumn": end.column,
                "snippet": { "text": finding.excerpt.text },
            },
        } }],
        "partialFingerprints": { "hookd/v1": finding.fingerprint() },
        "properties": { "scanner": finding.scanner, "severity": finding.severity.as_str(), "data": finding.data },
    })
}

fn artifact(path: &RepoPath) -> Value {
    json!({ "uri": percent(path.as_bytes()), "uriBaseId": "SRCROOT" })
}

/// What could not be checked, and commands that failed: neither is a result in a file.
fn notifications(outcome: &Outcome) -> Vec<Value> {
    let failed = outcome.checks.iter().filter(|check| {
        check.kind == CheckKind::Hook
            && matches!(check.status, CheckStatus::Failed | CheckStatus::Modified)
    });
    let errors = outcome.errors.iter().map(not_checked);
    errors.chain(failed.map(failed_hook)).collect()
}

fn not_checked(error: &CheckError) -> Value {
    let mut notification = json!({
        "level": if error.fatal { "error" } else { "note" },
        "message": { "text": format!("{}\n{}", error.message, error.help).trim_end() },
        "properties": { "scanner": error.scanner },
    });
    if let Some(path) = &error.path {
        notification["locations"] =
            json!([{ "physicalLocation": { "artifactLocation": artifact(path) } }]);
    }
    notification
}

fn failed_hook(check: &Check) -> Value {
    let output = String::from_utf8_lossy(&check.output);
    let output = console::strip_ansi_codes(&output);
    let what = match check.status {
        CheckStatus::Modified => "changed files",
        _ => "failed",
    };
    let text = format!("{} {what}: {}\n{output}", check.id, check.message);
    json!({
        "level": "error",
        "message": { "text": text.trim_end() },
        "properties": { "hook": check.id },
    })
}

//! Entries of `hookd.ignore` that accept nothing any more, or more than is there: said after a sweep, never at a commit.

use super::Plan;
use crate::model::{CheckError, Excerpt, FileMeta, Finding, Novelty, RepoPath, Severity, Span};
use crate::triage::{Entry, IGNORE_FILE, IgnoreList, RATCHET_RULE, State};
use std::collections::BTreeMap;

/// How many entries are named.
const NAMED: usize = 3;

/// Every entry after a sweep, and what can be said of it.
fn states<'a>(plan: &Plan<'_>, ignores: &'a IgnoreList<'_>) -> Vec<(&'a Entry, State)> {
    let files: BTreeMap<&RepoPath, &FileMeta> =
        plan.files.iter().map(|file| (&file.path, file)).collect();
    let states = ignores.states(|scanner, path| {
        let check = plan.checks.iter().find(|check| check.spec.id == scanner);
        check.is_some_and(|check| match files.get(path) {
            Some(file) => check.takes(file).is_ok(),
            None => !ignores.has(path),
        })
    });
    states
        .into_iter()
        .map(|(entry, state, _)| (entry, state))
        .collect()
}

/// Whether `scanner` lets its entries only become fewer and smaller.
fn ratchets(plan: &Plan<'_>, scanner: &str) -> bool {
    let mut checks = plan.checks.iter();
    checks.any(|check| check.spec.id == scanner && check.scanner.ratchets())
}

/// A finding for each entry of a scanner that ratchets which accepts nothing, or more than is there.
pub(super) fn loose(plan: &Plan<'_>, ignores: &IgnoreList<'_>) -> Vec<Finding> {
    let checks = || plan.checks.iter().filter(|check| check.scanner.ratchets());
    if checks().next().is_none() {
        return Vec::new();
    }
    // Without a finding nobody has asked for the file yet.
    ignores.ignores();
    let found = states(plan, ignores).into_iter();
    found
        .filter_map(|(entry, state)| {
            let check = checks().find(|check| check.spec.id == entry.scanner)?;
            let place = format!("{} in {}", entry.rule, entry.path.to_text());
            let message = match (state, entry.accepted) {
                (State::Unused, _) => format!("accepts {place}, which is not there any more"),
                (State::Loose(value), Some(most)) => {
                    format!("accepts {place} up to {most}, and {value} is enough")
                }
                _ => return None,
            };
            Some(finding(check.spec.id, entry, message))
        })
        .collect()
}

fn finding(scanner: &'static str, entry: &Entry, message: String) -> Finding {
    let mut span = Span::START;
    let line = u32::try_from(entry.line).unwrap_or(u32::MAX);
    (span.start.line, span.end.line) = (line, line);
    Finding {
        scanner,
        rule: RATCHET_RULE.into(),
        severity: Severity::Medium,
        blocking: true,
        novelty: Novelty::New,
        path: RepoPath::from(IGNORE_FILE),
        span,
        message,
        help: "`ratchet` lets the list only shrink: run hookd baseline prune".to_owned(),
        excerpt: Excerpt::default(),
        identity: entry.line.to_string().into_bytes(),
        data: serde_json::Map::new(),
    }
}

/// A note on the entries that a sweep had no use for; `None` where there are none.
pub(super) fn note(plan: &Plan<'_>, ignores: &IgnoreList<'_>) -> Option<CheckError> {
    let mut unused: Vec<String> = states(plan, ignores)
        .iter()
        .filter(|(entry, state)| *state == State::Unused && !ratchets(plan, &entry.scanner))
        .map(|(entry, _)| {
            format!(
                "line {}, {} in {}",
                entry.line,
                entry.rule,
                entry.path.to_text()
            )
        })
        .collect();
    if unused.is_empty() {
        return None;
    }
    let count = unused.len();
    unused.truncate(NAMED);
    if count > NAMED {
        unused.push(format!("and {} more", count - NAMED));
    }
    let what = if count == 1 {
        "1 entry accepts"
    } else {
        &format!("{count} entries accept")
    };
    Some(CheckError {
        path: Some(RepoPath::from(IGNORE_FILE)),
        scanner: "",
        message: format!("{what} nothing any more: {}", unused.join("; ")),
        help: "take out what is not needed: hookd baseline prune".to_owned(),
        fatal: false,
    })
}

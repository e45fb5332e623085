//! `ratchet = true`: the list of accepted functions in `hookd.ignore` may only shrink.

use super::ID;
use crate::model::{Excerpt, Finding, Novelty, RepoPath, Severity, Sink};
use crate::scan::SourceFile;
use crate::triage::{Entry, IGNORE_FILE, parse_ignores};
use serde_json::{Map, json};
use std::borrow::Cow;

/// Whether `path` is that of the list.
pub(super) fn is_list(path: &RepoPath) -> bool {
    path.as_bytes() == IGNORE_FILE.as_bytes()
}

/// Emits a finding for each entry of this scanner that the change adds or raises. A list that was not there before may hold
/// what it likes: that is where a ratchet begins.
pub(super) fn judge(file: &SourceFile<'_>, blocks: bool, out: &mut Sink) {
    // What cannot be compared is not passed: an unreadable base is an empty one.
    let bases = file.bases().map_or_else(
        |_| vec![Vec::new()],
        |bases| bases.iter().map(|base| entries(base)).collect(),
    );
    if bases.is_empty() {
        return;
    }
    for entry in entries(file.bytes()) {
        // In a merge an entry of either side was there.
        let before: Vec<&Entry> = bases
            .iter()
            .flatten()
            .filter(|old| old.is_same(&entry))
            .collect();
        let kept = before
            .iter()
            .any(|old| match (old.accepted, entry.accepted) {
                (None, _) => true,
                (Some(old), Some(new)) => new <= old,
                (Some(_), None) => false,
            });
        if !kept {
            out.finding(finding(file, &entry, before.first().copied(), blocks));
        }
    }
}

fn entries(text: &[u8]) -> Vec<Entry> {
    let (mut entries, _) = parse_ignores(text);
    entries.retain(|entry| entry.scanner == ID);
    entries
}

fn finding(
    file: &SourceFile<'_>,
    entry: &Entry,
    before: Option<&Entry>,
    blocking: bool,
) -> Finding {
    let number = u32::try_from(entry.line).unwrap_or(u32::MAX);
    let line = String::from_utf8_lossy(file.line(number)).into_owned();
    let lines = file.bytes().split_inclusive(|&byte| byte == b'\n');
    let start: usize = lines
        .take(entry.line.saturating_sub(1))
        .map(<[u8]>::len)
        .sum();
    let place = entry.path.to_text();
    let (rule, width) = (&entry.rule, line.chars().count().max(1));
    let told = |accepted: Option<u64>| {
        accepted.map_or_else(|| "any number".to_owned(), |number| number.to_string())
    };
    let message = before.map_or_else(
        || format!("accepts another function of {place} ({rule}), and `ratchet` lets the list only shrink"),
        |old| {
            let (from, to) = (told(old.accepted), told(entry.accepted));
            format!("raises what is accepted in {place} ({rule}) from {from} to {to}, and `ratchet` lets it only sink")
        },
    );
    let mut data = Map::new();
    data.insert("accepted".to_owned(), json!(entry.accepted));
    Finding {
        scanner: ID,
        rule: Cow::Borrowed(super::rules::RATCHET),
        severity: Severity::Medium,
        blocking,
        novelty: Novelty::New,
        path: file.meta().path.clone(),
        span: file.span(start..start + file.line(number).len()),
        message,
        help: "make the function simpler, and put the line back: `git restore --staged --worktree hookd.ignore`"
            .to_owned(),
        excerpt: Excerpt::part(line.chars().take(120).collect(), (0, width.min(120))),
        identity: format!("{place} {rule} {}", entry.line).into_bytes(),
        data,
    }
}

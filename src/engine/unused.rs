//! Entries of `hookd.ignore` that accept nothing any more: said after a sweep, never at a commit.

use super::Plan;
use crate::model::{CheckError, FileMeta, RepoPath};
use crate::triage::{IGNORE_FILE, IgnoreList, State};
use std::collections::BTreeMap;

/// How many entries are named.
const NAMED: usize = 3;

/// A note on the entries that a sweep had no use for; `None` where there are none.
pub(super) fn note(plan: &Plan<'_>, ignores: &IgnoreList<'_>) -> Option<CheckError> {
    let files: BTreeMap<&RepoPath, &FileMeta> =
        plan.files.iter().map(|file| (&file.path, file)).collect();
    let states = ignores.states(|scanner, path| {
        let check = plan.checks.iter().find(|check| check.spec.id == scanner);
        check.is_some_and(|check| match files.get(path) {
            Some(file) => check.takes(file).is_ok(),
            None => !ignores.has(path),
        })
    });
    let mut unused: Vec<String> = states
        .iter()
        .filter(|(_, state, _)| *state == State::Unused)
        .map(|(entry, ..)| {
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

//! Paths that differ in nothing but capital and small letters.

use super::super::check::{Check, CheckSpec, SetIssues, Setup};
use super::super::kind::Types;
use super::super::run::Run;
use crate::model::{FileMeta, RepoPath, Severity};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-case-conflict",
    aliases: &[],
    title: "paths that are the same on macOS and Windows",
    description: "File systems that do not tell capital from small letters can hold only one of two such files: the other \
                  one is lost on checkout.",
    fix: "Rename one of them: `git mv`.",
    severity: Severity::Medium,
    types: Types::None,
    names: None,
    options: &[],
    build: |setup: &Setup| {
        Ok(Box::new(CaseConflict {
            run: Arc::clone(&setup.run),
        }))
    },
};

struct CaseConflict {
    run: Arc<Run>,
}

/// The path in small letters.
fn folded(path: &[u8]) -> Vec<u8> {
    match std::str::from_utf8(path) {
        Ok(text) if !text.is_ascii() => text.to_lowercase().into_bytes(),
        _ => path.to_ascii_lowercase(),
    }
}

/// The path and every folder above it.
fn with_parents(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = memchr::memrchr_iter(b'/', path).map(|at| &path[..at]);
    std::iter::once(path).chain(ends)
}

/// The paths and folders of `paths` that conflict with each other, at least one of each conflict in `new`.
fn conflicts<'p>(
    paths: impl Iterator<Item = &'p [u8]>,
    new: &HashSet<&'p [u8]>,
) -> BTreeSet<&'p [u8]> {
    let mut seen: HashSet<&[u8]> = HashSet::new();
    let mut groups: HashMap<Vec<u8>, Vec<&[u8]>> = HashMap::new();
    for path in paths {
        for part in with_parents(path) {
            // A folder that is known has known parents.
            if !seen.insert(part) {
                break;
            }
            groups.entry(folded(part)).or_default().push(part);
        }
    }
    let conflicting = groups
        .into_values()
        .filter(|group| group.len() > 1 && group.iter().any(|part| new.contains(part)));
    conflicting.flatten().collect()
}

impl Check for CaseConflict {
    fn set(&self, files: &[&FileMeta], out: &mut SetIssues) {
        let judged = self.run.judges_change();
        let relevant = files.iter().filter(|file| !judged || file.bases.is_empty());
        let relevant: Vec<&[u8]> = relevant.map(|file| file.path.as_bytes()).collect();
        if relevant.is_empty() {
            return;
        }
        let new: HashSet<&[u8]> = relevant.iter().copied().flat_map(with_parents).collect();
        let tracked = self.run.tracked();
        let all = tracked
            .iter()
            .map(RepoPath::as_bytes)
            .chain(relevant.iter().copied());
        for path in conflicts(all, &new) {
            let message =
                "another path differs from this one in nothing but capital and small letters";
            out.push(RepoPath::new(path), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::conflicts;
    use std::collections::HashSet;

    #[test]
    fn files_and_folders_conflict_and_old_conflicts_stay() {
        let paths: [&[u8]; 6] = [b"a/x", b"A/y", b"old", b"Old", b"b", b"B"];
        let new: HashSet<&[u8]> = [b"A/y".as_slice(), b"A", b"b"].into();
        let found: Vec<&[u8]> = conflicts(paths.into_iter(), &new).into_iter().collect();
        assert_eq!(found, [b"A".as_slice(), b"B", b"a", b"b"]);
    }
}

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

/// Those of `tracked`, in order, that may conflict with something in `new`: of each part of a path only the first path that has
/// it. To sort out all paths of a large repository takes far longer than to see that few are alike.
fn alike<'p>(
    tracked: impl Iterator<Item = &'p [u8]>,
    new: &HashSet<&[u8]>,
) -> impl Iterator<Item = &'p [u8]> {
    let wanted: HashSet<Vec<u8>> = new.iter().map(|part| folded(part)).collect();
    let longest = wanted.iter().map(Vec::len).max().unwrap_or(0);
    let mut lengths = vec![false; longest + 1];
    for part in &wanted {
        lengths[part.len()] = true;
    }
    let is_wanted = move |part: &[u8]| {
        // Small letters outside of ASCII may take more or fewer bytes.
        let may_be = lengths.get(part.len()) == Some(&true) || !part.is_ascii();
        may_be && wanted.contains(&folded(part))
    };
    let mut before: &[u8] = b"";
    tracked.filter(move |path| {
        let shared = path.iter().zip(before).take_while(|(a, b)| a == b).count();
        before = path;
        with_parents(path)
            .take_while(|part| part.len() >= shared)
            .any(&is_wanted)
    })
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
        let tracked = self.run.index_paths();
        let all = alike(tracked.iter(), &new);
        let all = all.chain(relevant.iter().copied());
        for path in conflicts(all, &new) {
            let message =
                "another path differs from this one in nothing but capital and small letters";
            out.push(RepoPath::new(path), message);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{alike, conflicts};
    use std::collections::HashSet;

    #[test]
    fn files_and_folders_conflict_and_old_conflicts_stay() {
        let paths: [&[u8]; 6] = [b"a/x", b"A/y", b"old", b"Old", b"b", b"B"];
        let new: HashSet<&[u8]> = [b"A/y".as_slice(), b"A", b"b"].into();
        let found: Vec<&[u8]> = conflicts(paths.into_iter(), &new).into_iter().collect();
        assert_eq!(found, [b"A".as_slice(), b"B", b"a", b"b"]);
    }

    #[test]
    fn most_paths_are_never_looked_at_and_no_conflict_is_missed() {
        let tracked: [&[u8]; 9] = [
            b"SRC/x",
            b"docs/a",
            b"src/a/one",
            b"src/a/two",
            b"src/b/one",
            b"src/b/two",
            "stra\u{df}e".as_bytes(),
            "\u{c9}t\u{e9}/x".as_bytes(),
            b"z",
        ];
        let new: HashSet<&[u8]> = [
            b"src".as_slice(),
            b"src/B",
            b"src/B/one",
            "\u{e9}t\u{e9}".as_bytes(),
        ]
        .into();
        let near: Vec<&[u8]> = alike(tracked.into_iter(), &new).collect();
        let expected = [
            tracked[0], // SRC
            tracked[2], // src
            tracked[4], // src/b
            tracked[7],
        ];
        assert_eq!(near, expected);
        let all = conflicts(tracked.into_iter().chain(new.iter().copied()), &new);
        let few = conflicts(near.into_iter().chain(new.iter().copied()), &new);
        assert_eq!(all, few);
        assert!(all.contains(b"src/B/one".as_slice()));
    }
}

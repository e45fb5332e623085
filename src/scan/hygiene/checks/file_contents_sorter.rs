//! Lists with one entry a line, kept sorted.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;
use std::collections::HashSet;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "file-contents-sorter",
    aliases: &[],
    title: "lines that are not in order",
    description: "A sorted list changes where an entry belongs, so that two people who add to it do not meet. Name the \
                  files in `files`: without it the check looks at none.",
    fix: "Sort the lines, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::File,
    names: Some(|_| false),
    options: &[
        Opt::flag(&["--ignore-case"], "capital and small letters are the same"),
        Opt::flag(&["--unique"], "each line is there once"),
        Opt::flag(&["--check"], "only report"),
    ],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let (ignore_case, unique) = (setup.args.has("--ignore-case"), setup.args.has("--unique"));
    if ignore_case && unique {
        return Err("`--ignore-case` and `--unique` do not go together".to_owned());
    }
    Ok(Box::new(Sorter {
        ignore_case,
        unique,
        only_report: setup.args.has("--check"),
    }))
}

struct Sorter {
    ignore_case: bool,
    unique: bool,
    only_report: bool,
}

impl Sorter {
    fn sorted(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let mut seen = HashSet::new();
        let mut lines: Vec<&[u8]> = bytes
            .split_inclusive(|&byte| byte == b'\n')
            .filter(|line| !line.iter().all(|byte| matches!(byte, b' ' | 9..=13)))
            .map(|line| {
                let end = line.iter().rposition(|byte| !matches!(byte, b'\n' | b'\r'));
                &line[..end.map_or(0, |last| last + 1)]
            })
            .filter(|line| !self.unique || seen.insert(*line))
            .collect();
        if self.ignore_case {
            lines.sort_by_cached_key(|line| line.to_ascii_lowercase());
        } else {
            lines.sort();
        }
        let mut out = lines.join(&b'\n');
        if !out.is_empty() {
            out.push(b'\n');
        }
        (out != bytes).then_some(out)
    }
}

impl Check for Sorter {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if let Some(sorted) = self.sorted(subject.bytes) {
            let at = first_difference(subject.bytes, &sorted);
            out.whole(at..at, "the lines are not sorted");
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.only_report {
            return None;
        }
        self.sorted(bytes)
    }
}

/// The start of the first line that is not the same in both.
fn first_difference(before: &[u8], after: &[u8]) -> usize {
    let same = before.iter().zip(after).take_while(|(a, b)| a == b).count();
    memchr::memrchr(b'\n', &before[..same.min(before.len())]).map_or(0, |at| at + 1)
}

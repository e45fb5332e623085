//! Patterns that no file may hold, or that every file must.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;
use regex::bytes::{Regex, RegexBuilder};

const OPTIONS: &[Opt] = &[
    Opt::flag(
        &["--ignore-case", "-i"],
        "capital and small letters are the same",
    ),
    Opt::flag(
        &["--multiline", "-m"],
        "look at the file as a whole, not line by line",
    ),
];

pub(super) static DENY: CheckSpec = CheckSpec {
    id: "deny-pattern",
    aliases: &[],
    title: "a pattern that no file may hold",
    description: "The arguments are regular expressions; a line that one of them matches is reported.",
    fix: "Take it out of the file.",
    severity: Severity::Medium,
    types: Types::Text,
    names: None,
    options: OPTIONS,
    build: |setup: &Setup| Pattern::build(setup, true),
};

pub(super) static REQUIRE: CheckSpec = CheckSpec {
    id: "require-pattern",
    aliases: &[],
    title: "a pattern that every file must hold",
    description: "The arguments are regular expressions; a file that none of them matches is reported.",
    fix: "Add it to the file.",
    severity: Severity::Medium,
    types: Types::Text,
    names: None,
    options: OPTIONS,
    build: |setup: &Setup| Pattern::build(setup, false),
};

/// The regular expressions of the arguments.
///
/// # Errors
/// There is none, or one that cannot be read.
pub(super) fn patterns(setup: &Setup) -> Result<Vec<Regex>, String> {
    if setup.args.rest.is_empty() {
        return Err("a regular expression is missing".to_owned());
    }
    let each = setup.args.rest.iter().map(|text| compile(text, setup));
    each.collect()
}

/// One regular expression, read with the options of the check.
///
/// # Errors
/// It cannot be read.
pub(super) fn compile(text: &str, setup: &Setup) -> Result<Regex, String> {
    let whole = setup.args.has("--multiline");
    RegexBuilder::new(text)
        .case_insensitive(setup.args.has("--ignore-case"))
        .multi_line(whole)
        .dot_matches_new_line(whole)
        .build()
        .map_err(|error| format!("`{text}`: {error}"))
}

struct Pattern {
    patterns: Vec<Regex>,
    whole: bool,
    deny: bool,
}

/// The lines of a text with the place where each starts, without their ends.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    let mut start = 0;
    bytes
        .split_inclusive(|&byte| byte == b'\n')
        .map(move |raw| {
            let at = start;
            start += raw.len();
            let line = raw.strip_suffix(b"\n").unwrap_or(raw);
            (at, line.strip_suffix(b"\r").unwrap_or(line))
        })
}

impl Pattern {
    /// The check of these arguments: `deny` what matches, or require it.
    fn build(setup: &Setup, deny: bool) -> Result<Box<dyn Check>, String> {
        Ok(Box::new(Self {
            patterns: patterns(setup)?,
            whole: setup.args.has("--multiline"),
            deny,
        }))
    }

    fn matches(&self, text: &[u8]) -> bool {
        self.patterns.iter().any(|pattern| pattern.is_match(text))
    }

    fn deny(&self, bytes: &[u8], out: &mut Issues) {
        for pattern in &self.patterns {
            let message = || format!("`{}` is not allowed here", pattern.as_str());
            if self.whole {
                for found in pattern.find_iter(bytes) {
                    out.line(found.range(), message());
                }
                continue;
            }
            for (start, line) in lines(bytes) {
                if let Some(found) = pattern.find(line) {
                    out.line(start + found.start()..start + found.end(), message());
                }
            }
        }
    }
}

impl Check for Pattern {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let bytes = subject.bytes;
        if self.deny {
            self.deny(bytes, out);
            return;
        }
        let there = if self.whole {
            self.matches(bytes)
        } else {
            lines(bytes).any(|(_, line)| self.matches(line))
        };
        if !there {
            let all: Vec<&str> = self.patterns.iter().map(Regex::as_str).collect();
            out.whole(
                0..0,
                format!("nothing here matches `{}`", all.join("` or `")),
            );
        }
    }
}

//! Patterns that no path may match, or that every path must.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;
use regex::{Regex, RegexBuilder};

const OPTIONS: &[Opt] = &[Opt::flag(
    &["--ignore-case", "-i"],
    "capital and small letters are the same",
)];

pub(super) static DENY: CheckSpec = CheckSpec {
    id: "deny-filename-pattern",
    aliases: &[],
    title: "a path that no file may have",
    description: "The arguments are regular expressions; a file whose path one of them matches is reported.",
    fix: "Rename the file.",
    severity: Severity::Medium,
    types: Types::Any,
    names: None,
    options: OPTIONS,
    build: |setup: &Setup| build(setup, true),
};

pub(super) static REQUIRE: CheckSpec = CheckSpec {
    id: "require-filename-pattern",
    aliases: &[],
    title: "a path that every file must have",
    description: "The arguments are regular expressions; a file whose path none of them matches is reported.",
    fix: "Rename the file.",
    severity: Severity::Medium,
    types: Types::Any,
    names: None,
    options: OPTIONS,
    build: |setup: &Setup| build(setup, false),
};

fn build(setup: &Setup, deny: bool) -> Result<Box<dyn Check>, String> {
    if setup.args.rest.is_empty() {
        return Err("a regular expression is missing".to_owned());
    }
    let patterns = setup.args.rest.iter().map(|text| {
        RegexBuilder::new(text)
            .case_insensitive(setup.args.has("--ignore-case"))
            .build()
            .map_err(|error| format!("`{text}`: {error}"))
    });
    Ok(Box::new(FilenamePattern {
        patterns: patterns.collect::<Result<_, _>>()?,
        deny,
    }))
}

struct FilenamePattern {
    patterns: Vec<Regex>,
    deny: bool,
}

impl Check for FilenamePattern {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let matched = self
            .patterns
            .iter()
            .any(|pattern| pattern.is_match(&subject.path));
        match (self.deny, matched) {
            (true, true) => out.whole(0..0, "a path of this form is not allowed"),
            (false, false) => out.whole(0..0, "the path is not of the form that is asked for"),
            _ => {}
        }
    }
}

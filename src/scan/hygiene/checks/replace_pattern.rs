//! Search and replace.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use super::pattern::{compile, lines};
use crate::model::Severity;
use regex::bytes::Regex;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "replace-pattern",
    aliases: &[],
    title: "text that is to be replaced",
    description: "Two arguments: a regular expression, and what to write instead of what it matches (`$1` or `${name}` \
                  for groups, `$$` for a dollar).",
    fix: "Replace it, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::Text,
    names: None,
    options: &[
        Opt::flag(
            &["--ignore-case", "-i"],
            "capital and small letters are the same",
        ),
        Opt::flag(
            &["--multiline", "-m"],
            "look at the file as a whole, not line by line",
        ),
        Opt::flag(&["--check"], "only report"),
    ],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let [pattern, replacement] = setup.args.rest.as_slice() else {
        return Err("a regular expression and a replacement are needed".to_owned());
    };
    let pattern = compile(pattern, setup)?;
    if let Some(group) = unknown_group(&pattern, replacement) {
        return Err(format!("the regular expression has no group `{group}`"));
    }
    Ok(Box::new(Replace {
        pattern,
        replacement: replacement.clone().into_bytes(),
        whole: setup.args.has("--multiline"),
        only_report: setup.args.has("--check"),
    }))
}

/// The first group that the replacement names and the pattern does not have: it would be replaced by nothing.
fn unknown_group<'r>(pattern: &Regex, replacement: &'r str) -> Option<&'r str> {
    let mut rest = replacement;
    while let Some((_, after)) = rest.split_once('$') {
        rest = after;
        if let Some(plain) = after.strip_prefix('$') {
            rest = plain;
            continue;
        }
        let braced = after
            .strip_prefix('{')
            .and_then(|inside| inside.split_once('}'));
        let bare = after.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
        let name = braced.map_or(&after[..bare.unwrap_or(after.len())], |(name, _)| name);
        let known = match name.parse::<usize>() {
            Ok(number) => number < pattern.captures_len(),
            Err(_) => {
                name.is_empty() || pattern.capture_names().flatten().any(|group| group == name)
            }
        };
        if !known {
            return Some(name);
        }
    }
    None
}

struct Replace {
    pattern: Regex,
    replacement: Vec<u8>,
    whole: bool,
    only_report: bool,
}

impl Replace {
    fn replaced(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.whole {
            let out = self.pattern.replace_all(bytes, self.replacement.as_slice());
            return (out.as_ref() != bytes).then(|| out.into_owned());
        }
        let mut out = Vec::with_capacity(bytes.len());
        for (start, line) in lines(bytes) {
            out.extend_from_slice(&self.pattern.replace_all(line, self.replacement.as_slice()));
            let end = start + line.len();
            let next = memchr::memchr(b'\n', &bytes[end..]).map_or(bytes.len(), |at| end + at + 1);
            out.extend_from_slice(&bytes[end..next]);
        }
        (out != bytes).then_some(out)
    }
}

impl Check for Replace {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let bytes = subject.bytes;
        let message = "text that is to be replaced";
        if self.replaced(bytes).is_none() {
            return;
        }
        if self.whole {
            for found in self.pattern.find_iter(bytes) {
                out.line(found.range(), message);
            }
            return;
        }
        for (start, line) in lines(bytes) {
            if let Some(found) = self.pattern.find(line) {
                out.line(start + found.start()..start + found.end(), message);
            }
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.only_report {
            return None;
        }
        self.replaced(bytes)
    }
}

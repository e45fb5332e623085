//! Python strings in single quotes.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::{Format, Types};
use super::super::python::{self, Kind};
use super::super::subject::Subject;
use crate::model::Severity;
use std::ops::Range;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "double-quote-string-fixer",
    aliases: &[],
    title: "Python strings in double quotes",
    description: "Strings in double quotes that hold no quote are written in single quotes. f-strings count as strings, as \
                  under Python up to 3.11; under later versions the original leaves them alone, and so does \
                  `--keep-f-strings`.",
    fix: "Use single quotes, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::Format(Format::Python),
    names: None,
    options: &[Opt::flag(&["--keep-f-strings"], "leave f-strings alone")],
    build: |setup: &Setup| {
        Ok(Box::new(StringFixer {
            keep_f: setup.args.has("--keep-f-strings"),
        }))
    },
};

struct StringFixer {
    keep_f: bool,
}

impl StringFixer {
    /// The strings to rewrite, each with the length of its prefix.
    fn strings(&self, bytes: &[u8]) -> Result<Vec<(Range<usize>, usize)>, python::Fault> {
        if let Err(error) = std::str::from_utf8(bytes) {
            return Err(python::Fault::new(
                error.valid_up_to(),
                "this byte is not UTF-8",
            ));
        }
        let text = python::text(bytes);
        let tokens = python::lex_on(&text)?.list;
        let strings = tokens.iter().filter(|token| token.kind == Kind::Text);
        Ok(strings
            .filter_map(|token| {
                let raw = &text[token.start..token.end];
                let prefix = raw
                    .iter()
                    .take_while(|byte| byte.is_ascii_alphabetic())
                    .count();
                let kept =
                    self.keep_f && raw[..prefix].iter().any(|byte| matches!(byte, b'f' | b'F'));
                (!kept && plain(raw, prefix)).then_some((token.start..token.end, prefix))
            })
            .collect())
    }
}

/// Whether the string is in double quotes and holds no quote.
fn plain(raw: &[u8], prefix: usize) -> bool {
    let long = [b"\"\"\"".as_slice(), b"'''"]
        .iter()
        .any(|quotes| memchr::memmem::find(raw, quotes).is_some());
    let Some(inside) = raw.get(prefix + 1..raw.len() - 1) else {
        return false;
    };
    !long && raw[prefix] == b'"' && memchr::memchr2(b'"', b'\'', inside).is_none()
}

impl Check for StringFixer {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        match self.strings(subject.bytes) {
            Ok(strings) => {
                for (at, _) in strings {
                    out.line(at, "a string in double quotes");
                }
            }
            Err(fault) => {
                let at = fault.at.min(subject.bytes.len());
                out.whole(at..at, format!("not valid Python: {}", fault.message));
            }
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        let strings = self
            .strings(bytes)
            .ok()
            .filter(|strings| !strings.is_empty())?;
        let mut out = bytes.to_vec();
        for (at, prefix) in strings {
            out[at.start + prefix] = b'\'';
            out[at.end - 1] = b'\'';
        }
        Some(out)
    }
}

//! The `coding` comment at the top of Python files.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::{Format, Types};
use super::super::subject::Subject;
use crate::model::Severity;

const DEFAULT: &str = "# -*- coding: utf-8 -*-";

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "fix-encoding-pragma",
    aliases: &[],
    title: "the `coding` comment of Python files",
    description: "Adds the comment that names the encoding, or takes it away. Python 3 reads UTF-8 without it: \
                  pre-commit-hooks 6 dropped this hook.",
    fix: "Add or remove the comment, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::Format(Format::Python),
    names: None,
    options: &[
        Opt::flag(&["--remove"], "take the comment away"),
        Opt::value(&["--pragma"], "the comment"),
    ],
    build: |setup: &Setup| {
        Ok(Box::new(Pragma {
            remove: setup.args.has("--remove"),
            text: setup
                .args
                .last("--pragma")
                .unwrap_or(DEFAULT)
                .trim_end()
                .as_bytes()
                .to_vec(),
        }))
    },
};

struct Pragma {
    remove: bool,
    text: Vec<u8>,
}

/// Whether a line is a comment about the encoding.
fn coding(line: &[u8]) -> bool {
    let comment = line.trim_ascii_start().starts_with(b"#");
    comment
        && [b"unicode".as_slice(), b"encoding", b"coding:", b"coding="]
            .iter()
            .any(|word| memchr::memmem::find(line, word).is_some())
}

fn cut_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    bytes.split_at(memchr::memchr(b'\n', bytes).map_or(bytes.len(), |at| at + 1))
}

impl Pragma {
    fn right(&self, bytes: &[u8]) -> Option<Vec<u8>> {
        let (first, behind) = cut_line(bytes);
        let end: &[u8] = if first.ends_with(b"\r\n") {
            b"\r\n"
        } else {
            b"\n"
        };
        let (shebang, body): (&[u8], &[u8]) = if first.starts_with(b"#!") {
            (first, behind)
        } else {
            (b"", bytes)
        };
        let (line, below) = cut_line(body);
        let bare = line.iter().rposition(|byte| !matches!(byte, b'\r' | b'\n'));
        let exact = line[..bare.map_or(0, |last| last + 1)] == self.text[..];
        let any = exact || coding(line);
        let rest = if any { below } else { body };
        if rest.iter().all(|byte| matches!(byte, b' ' | 9..=13)) {
            return (any || !shebang.is_empty()).then(Vec::new);
        }
        let fine = if self.remove { !any } else { exact };
        if fine {
            return None;
        }
        let mut out = shebang.to_vec();
        if !self.remove {
            out.extend_from_slice(&self.text);
            out.extend_from_slice(end);
        }
        out.extend_from_slice(rest);
        Some(out)
    }
}

impl Check for Pragma {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if self.right(subject.bytes).is_some() {
            let message = if self.remove {
                "a `coding` comment that is not needed"
            } else {
                "the `coding` comment is missing, or is another one"
            };
            out.whole(0..0, message);
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        self.right(bytes)
    }
}

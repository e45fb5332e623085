//! The docstring of a module comes before its code.

use super::super::check::{Check, CheckSpec};
use super::super::issue::Issues;
use super::super::kind::{Format, Types};
use super::super::python::{self, Kind, Token};
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-docstring-first",
    aliases: &[],
    title: "a docstring behind code",
    description: "A string at the start of a line that follows code, or a second one, is no docstring: Python throws it away.",
    fix: "Move the docstring to the top of the file, or make it a comment.",
    severity: Severity::Low,
    types: Types::Format(Format::Python),
    names: None,
    options: &[],
    build: |_| Ok(Box::new(DocstringFirst)),
};

struct DocstringFirst;

impl Check for DocstringFirst {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let text = python::text(subject.bytes);
        let tokens = match python::encoding_fault(subject.bytes) {
            Some(fault) => Err(fault),
            None => python::lex_on(&text),
        };
        let tokens = match tokens {
            Ok(tokens) => tokens.list,
            Err(fault) => {
                let at = fault.at.min(text.len());
                return out.whole(at..at, format!("not valid Python: {}", fault.message));
            }
        };
        if let Some((token, message)) = misplaced(&text, &tokens) {
            out.whole(token.start..token.end, message);
        }
    }
}

/// The first string at the start of a line that is no docstring, and why.
fn misplaced(text: &[u8], tokens: &[Token]) -> Option<(Token, &'static str)> {
    let (mut docstring, mut code) = (false, false);
    for token in tokens.iter().filter(|token| token.kind != Kind::Newline) {
        let line_start = match token.start {
            0 => true,
            3 if text.starts_with(b"\xef\xbb\xbf") => true,
            start => text[start - 1] == b'\n',
        };
        if token.kind != Kind::Text || !line_start {
            code = true;
        } else if docstring {
            return Some((*token, "a second module docstring"));
        } else if code {
            return Some((*token, "the module docstring comes behind code"));
        } else {
            docstring = true;
        }
    }
    None
}

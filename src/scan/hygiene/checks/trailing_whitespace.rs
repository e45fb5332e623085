//! White space at the ends of lines.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Edges, Line, LineCheck, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "trailing-whitespace",
    aliases: &["trailing-whitespace-fixer"],
    title: "white space at the end of a line",
    description: "White space at the ends of lines says nothing and makes changes look larger than they are.",
    fix: "Remove it, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::Text,
    names: None,
    options: &[
        Opt::value(
            &["--markdown-linebreak-ext"],
            "extensions of files (or `*`) where two blanks at the end of a line are a line break and stay",
        ),
        Opt::flag(
            &["--no-markdown-linebreak-ext"],
            "does nothing, as in the original",
        ),
        Opt::value(
            &["--chars"],
            "the characters to remove, instead of all white space",
        ),
    ],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let written = setup.args.all("--markdown-linebreak-ext");
    let mut extensions = Vec::new();
    for extension in written.iter().flat_map(|value| value.split(',')) {
        let extension = extension.to_lowercase();
        let extension = extension.trim_start_matches('.');
        if extension.contains(['.', '/', '\\', ':']) {
            return Err(format!("`{extension}` is no extension"));
        }
        extensions.push(extension.to_owned());
    }
    if written.iter().any(String::is_empty) {
        return Err("`--markdown-linebreak-ext` needs an extension".to_owned());
    }
    let chars: Option<Vec<u8>> = setup
        .args
        .last("--chars")
        .map(|chars| chars.as_bytes().to_vec());
    // A carriage return may be a part of the line end, with something to remove before it.
    let mut last = chars.clone().unwrap_or_else(|| b" \t\r\x0b\x0c".to_vec());
    last.push(b'\r');
    Ok(Box::new(TrailingWhitespace {
        extensions,
        last,
        chars,
    }))
}

struct TrailingWhitespace {
    extensions: Vec<String>,
    chars: Option<Vec<u8>>,
    /// Bytes that may be there to remove.
    last: Vec<u8>,
}

impl TrailingWhitespace {
    fn rules(&self, subject: &Subject<'_>) -> Rules<'_> {
        // An empty extension is never one that the option names: the original compares `.md` with the dot.
        let breaks = self.extensions.iter().any(|extension| {
            extension == "*" || (extension == subject.extension() && !extension.is_empty())
        });
        Rules {
            breaks,
            chars: self.chars.as_deref(),
        }
    }
}

/// What counts as white space to remove in the file at hand.
#[derive(Clone, Copy)]
struct Rules<'a> {
    breaks: bool,
    chars: Option<&'a [u8]>,
}

impl Rules<'_> {
    #[inline]
    fn strip<'l>(&self, line: &'l [u8]) -> &'l [u8] {
        let kept = match self.chars {
            None => line.iter().rposition(|byte| !blank(*byte)),
            Some(chars) => line.iter().rposition(|byte| !chars.contains(byte)),
        };
        &line[..kept.map_or(0, |last| last + 1)]
    }

    /// The length of `line` (without its line end) that stays, and whether two blanks follow it.
    #[inline]
    fn kept(&self, line: &[u8]) -> (usize, bool) {
        if self.breaks && line.ends_with(b"  ") && !line.iter().all(|byte| blank(*byte)) {
            return (self.strip(&line[..line.len() - 2]).len(), true);
        }
        (self.strip(line).len(), false)
    }
}

/// White space as Python's `bytes` sees it.
#[inline]
fn blank(byte: u8) -> bool {
    matches!(byte, b' ' | 9..=13)
}

/// The line without the `\r` of its line end.
#[inline]
fn body<'l>(line: &Line<'l>) -> &'l [u8] {
    match line.bytes {
        [body @ .., b'\r'] if line.ended => body,
        all => all,
    }
}

impl LineCheck for Rules<'_> {
    #[inline]
    fn line(&mut self, line: &Line<'_>, out: &mut Issues) {
        let body = body(line);
        // The last byte decides for nearly every line.
        if self.chars.is_none() && body.last().is_none_or(|&last| !blank(last)) {
            return;
        }
        let (kept, two) = self.kept(body);
        if kept + if two { 2 } else { 0 } != body.len() {
            let at = line.start + kept..line.start + body.len();
            out.line(at, "white space at the end of the line");
        }
    }
}

impl Check for TrailingWhitespace {
    fn takes_parts(&self) -> bool {
        true
    }

    fn edges(&self) -> Edges<'_> {
        Edges {
            first: b"",
            last: &self.last,
        }
    }

    fn lines<'a>(&'a self, subject: &'a Subject<'_>) -> Option<Box<dyn LineCheck + 'a>> {
        Some(Box::new(self.rules(subject)))
    }

    fn fixed(&self, subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        let rules = self.rules(subject);
        let mut out = Vec::with_capacity(bytes.len());
        for raw in bytes.split_inclusive(|&byte| byte == b'\n') {
            let (line, end): (&[u8], &[u8]) = match raw {
                [line @ .., b'\r', b'\n'] => (line, b"\r\n"),
                [line @ .., b'\n'] => (line, b"\n"),
                line => (line, b""),
            };
            let (kept, two) = rules.kept(line);
            out.extend_from_slice(&line[..kept]);
            out.extend_from_slice(if two { b"  " } else { b"" });
            out.extend_from_slice(end);
        }
        (out != bytes).then_some(out)
    }
}

//! What lies between the scalars of a YAML stream: tabs there are refused by many parsers, the one that check-yaml is
//! measured by among them.

use crate::scan::hygiene::json::Fault;
use granit_parser::{Event, ScalarStyle, Span};

/// Looks at the bytes between scalars, in order.
pub(super) struct Layout<'a> {
    text: &'a str,
    /// Whether there is a tab at all.
    tabs: bool,
    /// What was looked at.
    seen: usize,
}

impl<'a> Layout<'a> {
    /// For the stream `text`.
    pub(super) fn new(text: &'a str) -> Self {
        Self {
            text,
            tabs: text.contains('\t'),
            seen: 0,
        }
    }

    /// A mark for the end of a document before there is one.
    pub(super) fn early_end(&self) -> Option<Fault> {
        let mut at = 0;
        for line in self.text.split_inclusive('\n') {
            let solid = line.trim();
            if !solid.is_empty() && !solid.starts_with('#') {
                let mark = line.starts_with("...")
                    && line[3..].chars().next().is_none_or(char::is_whitespace);
                return mark.then(|| Fault::new(at, "the end of a document before its start"));
            }
            at += line.len();
        }
        None
    }

    /// The first tab between the scalar before and the one of `event`, or within it where it is plain.
    pub(super) fn event(&mut self, event: &Event<'_>, span: &Span) -> Option<Fault> {
        if !self.tabs {
            return None;
        }
        let (start, end) = match event {
            Event::Scalar(..) => (span.start.byte_offset()?, span.end.byte_offset()?),
            Event::StreamEnd => (self.text.len(), self.text.len()),
            _ => return None,
        };
        let start = start.clamp(self.seen, self.text.len());
        let between = tab(&self.text.as_bytes()[self.seen..start]).map(|at| self.seen + at);
        let plain = matches!(event, Event::Scalar(_, ScalarStyle::Plain, ..));
        self.seen = end.clamp(start, self.text.len());
        let within = || {
            let inside = &self.text.as_bytes()[start..self.seen];
            memchr::memchr(b'\t', inside)
                .filter(|_| plain)
                .map(|at| start + at)
        };
        let at = between.or_else(within)?;
        Some(Fault::new(at, "a tab, where blanks are meant"))
    }
}

/// The first tab that is not in a comment.
fn tab(bytes: &[u8]) -> Option<usize> {
    let mut comment = false;
    let mut before = b'\n';
    for (at, &byte) in bytes.iter().enumerate() {
        match byte {
            b'\n' => comment = false,
            b'#' if matches!(before, b'\n' | b' ') => comment = true,
            b'\t' if !comment => return Some(at),
            _ => {}
        }
        before = byte;
    }
    None
}

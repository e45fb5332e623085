//! The pieces that lizard cuts a text of Python into: blanks, line ends and comments among them, and what stands in the braces of
//! formatted strings.

use crate::lang::lexeme::{Dialect, Lexemes, Raw};
use crate::lang::token::line_end;
use memchr::memchr2;
use std::collections::VecDeque;

/// What a piece is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    Code,
    /// The text of a formatted string, which is never a word.
    Text,
    Comment,
    Blank,
    Newline,
}

/// A piece.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Piece {
    pub(super) sort: Sort,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it stands in the braces of a formatted string.
    pub(super) inner: bool,
}

/// Cuts a text, or what stands in a formatted string's braces.
struct Cutter<'a> {
    text: &'a [u8],
    at: usize,
    lexemes: Lexemes<'a>,
    /// Whether `"""` and `'''` are known not to close any more.
    open: [bool; 2],
}

impl<'a> Cutter<'a> {
    fn new(text: &'a [u8], at: usize) -> Self {
        Self {
            text,
            at,
            lexemes: Lexemes::new(text, at, Dialect::Plain),
            open: [false; 2],
        }
    }

    fn next(&mut self) -> Option<Piece> {
        let start = self.at;
        let byte = *self.text.get(start)?;
        let own = match byte {
            b'#' => Some((Sort::Comment, line_end(self.text, start))),
            b'/' => self.slashes(start),
            b'"' | b'\'' => self.triple(start, byte),
            _ => None,
        };
        let (sort, end) = own.unwrap_or_else(|| {
            let (raw, end) = self.lexemes.raw(start);
            (sort(raw), end)
        });
        self.at = end;
        Some(Piece {
            sort,
            start,
            end,
            inner: false,
        })
    }

    /// `//` and `//=` are signs.
    fn slashes(&self, at: usize) -> Option<(Sort, usize)> {
        let rest = &self.text[at..];
        let equals = usize::from(rest.get(2) == Some(&b'='));
        rest.starts_with(b"//")
            .then_some((Sort::Code, at + 2 + equals))
    }

    fn triple(&mut self, at: usize, quote: u8) -> Option<(Sort, usize)> {
        let slot = usize::from(quote == b'\'');
        if !self.text[at..].starts_with(&[quote; 3]) || self.open[slot] {
            return None;
        }
        let end = triple_end(self.text, at + 3, quote);
        self.open[slot] = end.is_none();
        end.map(|end| (Sort::Code, end))
    }
}

fn sort(raw: Raw) -> Sort {
    match raw {
        Raw::Blank => Sort::Blank,
        Raw::Newline => Sort::Newline,
        _ => Sort::Code,
    }
}

/// Behind the three quotes that close what starts at `at`.
fn triple_end(text: &[u8], mut at: usize, quote: u8) -> Option<usize> {
    loop {
        at += memchr2(quote, b'\\', text.get(at..)?)?;
        if text[at] == b'\\' {
            at += 2;
        } else if text[at..].starts_with(&[quote; 3]) {
            return Some(at + 3);
        } else {
            at += 1;
        }
    }
}

/// Reads pieces.
pub(super) struct Pieces<'a> {
    text: &'a [u8],
    cutter: Cutter<'a>,
    ready: VecDeque<Piece>,
}

impl<'a> Pieces<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let mark = if text.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        Self {
            text,
            cutter: Cutter::new(text, mark),
            ready: VecDeque::new(),
        }
    }

    /// The next piece.
    pub(super) fn next(&mut self) -> Option<Piece> {
        if let Some(piece) = self.ready.pop_front() {
            return Some(piece);
        }
        let piece = self.cutter.next()?;
        if !is_prefix(self.text, &piece) {
            return Some(piece);
        }
        if let Some(behind) = self.cutter.next() {
            self.expand(behind, false);
        }
        Some(piece)
    }

    /// What stands behind the prefix of a formatted string: its parts, if it is one.
    fn expand(&mut self, string: Piece, inner: bool) {
        let quote = self.text[string.start];
        if string.sort != Sort::Code
            || !matches!(quote, b'"' | b'\'')
            || string.end - string.start < 2
        {
            return self.queue(string, inner);
        }
        let triple = self.text[string.start..string.end].starts_with(&[quote; 3]);
        let width = if triple { 3 } else { 1 };
        let (mut at, end) = (string.start + width, string.end - width);
        let mut from = string.start;
        while at < end {
            let pair = &self.text[at..end.min(at + 2)];
            if matches!(pair, b"{{" | b"}}") {
                at += 2;
            } else if pair[0] == b'{' {
                self.part(from, at, inner);
                let close = interpolation_end(self.text, at, end);
                self.code(at + 1, close - 1);
                at = close;
                from = at;
            } else {
                at += 1;
            }
        }
        self.part(from, string.end, inner);
    }

    /// The text between two pairs of braces.
    fn part(&mut self, start: usize, end: usize, inner: bool) {
        let piece = Piece {
            sort: Sort::Text,
            start,
            end,
            inner,
        };
        self.ready.push_back(piece);
    }

    /// What stands in braces.
    fn code(&mut self, start: usize, end: usize) {
        let text: &'a [u8] = self.text;
        let mut cutter = Cutter::new(&text[..end.max(start)], start);
        while let Some(piece) = cutter.next() {
            self.queue(piece, true);
            if is_prefix(text, &piece)
                && let Some(behind) = cutter.next()
            {
                self.expand(behind, true);
            }
        }
    }

    fn queue(&mut self, piece: Piece, inner: bool) {
        self.ready.push_back(Piece { inner, ..piece });
    }
}

/// Whether a string behind it is a formatted one.
fn is_prefix(text: &[u8], piece: &Piece) -> bool {
    let word = &text[piece.start..piece.end];
    let prefixes: [&[u8]; 5] = [b"f", b"rf", b"fr", b"bf", b"fb"];
    word.len() <= 2
        && prefixes
            .iter()
            .any(|prefix| word.eq_ignore_ascii_case(prefix))
}

/// Behind the brace that closes the one at `at`, or `end`. Braces in strings are none.
fn interpolation_end(text: &[u8], at: usize, end: usize) -> usize {
    let mut depth = 1_usize;
    let mut at = at + 1;
    while at < end && depth > 0 {
        match text[at] {
            quote @ (b'"' | b'\'') => {
                at = quoted_end(text, at, end, quote);
                continue;
            }
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        at += 1;
    }
    at
}

/// Behind the string at `at`, or `end`.
fn quoted_end(text: &[u8], at: usize, end: usize, quote: u8) -> usize {
    let text = &text[..end];
    let found = if text[at..].starts_with(&[quote; 3]) {
        triple_end(text, at + 3, quote)
    } else {
        crate::lang::token::skip_quoted(text, at + 1, quote, false)
    };
    found.map_or(end, |found| found.min(end))
}

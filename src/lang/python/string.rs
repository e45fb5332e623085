//! The ends of Python strings, those of nested f-strings among them.
//!
//! Rules: <https://docs.python.org/3/reference/lexical_analysis.html#f-strings>, PEP 701.

use crate::lang::token::{CLASS, IDENTIFIER, line_end, skip_quoted};

/// Whether `word` can stand before the quote of a string, and if so whether the string has replacement fields.
#[inline]
pub(super) fn prefix(word: &[u8]) -> Option<bool> {
    if word.len() > 3 {
        return None;
    }
    let mut fields = false;
    for byte in word {
        match byte | 0x20 {
            b'f' | b't' => fields = true,
            b'r' | b'b' | b'u' => {}
            _ => return None,
        }
    }
    Some(fields)
}

/// The length of the prefix at the end of `text`, behind which a quote stands, and whether the string has replacement fields.
#[inline]
pub(super) fn prefix_before(text: &[u8]) -> (usize, bool) {
    let letters = text.iter().rev().take(4);
    let length = letters
        .take_while(|&&byte| CLASS[byte as usize] & IDENTIFIER != 0)
        .count();
    prefix(&text[text.len() - length..]).map_or((0, false), |fields| (length, fields))
}

/// Whether three quotes start at `at`.
#[inline]
pub(super) fn is_triple(text: &[u8], at: usize) -> bool {
    let quote = text[at];
    text.get(at + 1) == Some(&quote) && text.get(at + 2) == Some(&quote)
}

/// One past the string whose first quote is at `at`; `None` where a triple-quoted one is never closed.
/// A string in single quotes ends at the line end at the latest.
pub(super) fn skip_plain(text: &[u8], at: usize) -> Option<usize> {
    let quote = text[at];
    if !is_triple(text, at) {
        return Some(skip_quoted(text, at + 1, quote, true).unwrap_or(text.len()));
    }
    let mut next = at + 3;
    loop {
        next += memchr::memchr2(quote, b'\\', text.get(next..)?)?;
        if text[next] == b'\\' {
            next += 2;
        } else if is_triple(text, next) {
            return Some(next + 3);
        } else {
            next += 1;
        }
    }
}

/// Where a scan through an f-string is.
#[derive(Clone, Copy)]
enum Mode {
    /// In the text between quotes.
    Text,
    /// In a replacement field, so many brackets deep.
    Field { depth: u32 },
    /// In the format of a field, behind its colon.
    Format,
}

/// One past the f-string whose first quote is at `at`; `None` where it is never closed.
pub(super) fn skip_fields(text: &[u8], at: usize) -> Option<usize> {
    let mut scan = Scan {
        text,
        at,
        modes: Vec::new(),
        quotes: Vec::new(),
    };
    scan.enter();
    while !scan.modes.is_empty() {
        scan.step()?;
    }
    Some(scan.at)
}

struct Scan<'a> {
    text: &'a [u8],
    at: usize,
    modes: Vec<Mode>,
    /// The quote of each open string and whether there are three of it, the innermost last.
    quotes: Vec<(u8, bool)>,
}

impl Scan<'_> {
    fn enter(&mut self) {
        let triple = is_triple(self.text, self.at);
        let quote = self.text[self.at];
        self.at += if triple { 3 } else { 1 };
        self.modes.push(Mode::Text);
        self.quotes.push((quote, triple));
    }

    fn step(&mut self) -> Option<()> {
        let byte = *self.text.get(self.at)?;
        let (quote, triple) = *self.quotes.last()?;
        match *self.modes.last()? {
            Mode::Text => self.text_byte(byte, quote, triple),
            Mode::Field { depth } => self.field_byte(byte, depth),
            Mode::Format => self.format_byte(byte, quote, triple),
        }
    }

    fn next_is(&self, byte: u8) -> bool {
        self.text.get(self.at + 1) == Some(&byte)
    }

    fn closes(&self, triple: bool) -> bool {
        !triple || is_triple(self.text, self.at)
    }

    fn text_byte(&mut self, byte: u8, quote: u8, triple: bool) -> Option<()> {
        match byte {
            b'\\' => self.escape(),
            b'{' if self.next_is(b'{') => self.at += 2,
            b'{' => {
                self.at += 1;
                self.modes.push(Mode::Field { depth: 0 });
            }
            b'\n' if !triple => {
                // Not a string: it ends with the line.
                self.modes.clear();
            }
            _ if byte == quote && self.closes(triple) => {
                self.at += if triple { 3 } else { 1 };
                self.modes.pop();
                self.quotes.pop();
            }
            _ => self.at += 1,
        }
        Some(())
    }

    /// `\N{…}` names a character and is no field; a backslash before a brace hides nothing.
    fn escape(&mut self) {
        let rest = &self.text[self.at + 1..];
        self.at += match rest.first() {
            Some(b'{' | b'}') => 1,
            Some(b'N') if rest.get(1) == Some(&b'{') => {
                let close = rest
                    .iter()
                    .take(100)
                    .position(|&byte| matches!(byte, b'}' | b'\n'));
                close.map_or(2, |length| length + 1)
            }
            _ => 2,
        };
    }

    fn set(&mut self, mode: Mode) {
        if let Some(last) = self.modes.last_mut() {
            *last = mode;
        }
    }

    fn field_byte(&mut self, byte: u8, depth: u32) -> Option<()> {
        self.at += 1;
        match byte {
            b'(' | b'[' | b'{' => self.set(Mode::Field { depth: depth + 1 }),
            b'}' if depth == 0 => {
                self.modes.pop();
            }
            b')' | b']' | b'}' => self.set(Mode::Field {
                depth: depth.saturating_sub(1),
            }),
            b':' if depth == 0 => self.set(Mode::Format),
            b'#' => self.at = line_end(self.text, self.at),
            b'"' | b'\'' => {
                self.at -= 1;
                return self.inner_string();
            }
            _ => {}
        }
        Some(())
    }

    fn inner_string(&mut self) -> Option<()> {
        let start = (self.at.saturating_sub(3)..self.at)
            .rev()
            .take_while(|&at| CLASS[self.text[at] as usize] & IDENTIFIER != 0)
            .last()
            .unwrap_or(self.at);
        let fields = prefix(&self.text[start..self.at]) == Some(true);
        if fields {
            self.enter();
        } else {
            self.at = skip_plain(self.text, self.at)?;
        }
        Some(())
    }

    fn format_byte(&mut self, byte: u8, quote: u8, triple: bool) -> Option<()> {
        match byte {
            b'{' => {
                self.at += 1;
                self.modes.push(Mode::Field { depth: 0 });
            }
            b'}' => {
                self.at += 1;
                self.modes.pop();
            }
            b'\n' if !triple => self.modes.clear(),
            // Not a string: the quote ends it all the same.
            _ if byte == quote && !triple => {
                self.at += 1;
                self.modes.clear();
            }
            _ => self.at += 1,
        }
        Some(())
    }
}

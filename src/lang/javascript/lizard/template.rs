//! Where templates start and end, and regular expressions: found ahead of all other tokens.

use crate::lang::token::{BLANK, CLASS, skip_quoted};
use memchr::{memchr, memchr3, memmem};
use std::ops::Range;

/// A template with its backticks. Without its end it goes on to the end of the file, and its expressions are not known.
pub(super) struct Template {
    pub(super) start: usize,
    pub(super) end: usize,
    pub(super) expressions: Option<Vec<Range<usize>>>,
}

/// Finds templates in what is neither a comment nor a string nor a regular expression.
pub(super) struct Templates<'a> {
    text: &'a [u8],
    at: usize,
    /// What is known not to close any more: `"`, `'`, `/*`.
    open: [bool; 3],
    regexes: Regexes,
}

impl<'a> Templates<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let none = memchr(b'`', text).is_none();
        Self {
            text,
            at: if none { text.len() } else { 0 },
            open: [false; 3],
            regexes: Regexes::default(),
        }
    }

    /// The next template.
    pub(super) fn next(&mut self) -> Option<Template> {
        let start = self.find(|byte| byte == b'`')?;
        let expressions = self.expressions(start);
        if expressions.is_none() {
            self.at = self.text.len();
        }
        Some(Template {
            start,
            end: self.at,
            expressions,
        })
    }

    /// The next byte of code that is `wanted`, read over.
    fn find(&mut self, wanted: impl Fn(u8) -> bool) -> Option<usize> {
        let from = self.at;
        while let Some(&byte) = self.text.get(self.at) {
            let at = self.at;
            self.at = match byte {
                b'"' | b'\'' => self.quoted(at, byte),
                b'/' => self.slash(at, from),
                _ => at + 1,
            };
            if wanted(byte) {
                return Some(at);
            }
        }
        None
    }

    fn quoted(&mut self, at: usize, quote: u8) -> usize {
        let slot = usize::from(quote == b'\'');
        if self.open[slot] {
            return at + 1;
        }
        let end = skip_quoted(self.text, at + 1, quote, false);
        let end = end.filter(|&end| end <= self.text.len());
        self.open[slot] = end.is_none();
        end.unwrap_or(at + 1)
    }

    fn slash(&mut self, at: usize, from: usize) -> usize {
        match self.text.get(at + 1) {
            Some(b'/') => comment_end(self.text, at),
            Some(b'*') if !self.open[2] => {
                let end = memmem::find(&self.text[at + 2..], b"*/");
                self.open[2] = end.is_none();
                end.map_or(at + 1, |end| at + end + 4)
            }
            _ if opens_expression(self.text, at, from) => {
                self.regexes.end(self.text, at).unwrap_or(at + 1)
            }
            _ => at + 1,
        }
    }

    /// The expressions in the template at `start` itself, not those of templates in them. `None` where it never ends.
    fn expressions(&mut self, start: usize) -> Option<Vec<Range<usize>>> {
        let mut found = Vec::new();
        let mut began = start;
        // Zero stands for the text of a template, more for the braces that are open in an expression.
        let mut open: Vec<usize> = vec![0];
        while let Some(depth) = open.last_mut() {
            if *depth == 0 {
                if self.leaves_text()? {
                    open.pop();
                    continue;
                }
                if open.len() == 1 {
                    began = self.at;
                }
                open.push(1);
                continue;
            }
            let at = self.find(|byte| matches!(byte, b'`' | b'{' | b'}'))?;
            match self.text[at] {
                b'`' => open.push(0),
                b'{' => *depth += 1,
                _ if *depth > 1 => *depth -= 1,
                _ => {
                    open.pop();
                    if open.len() == 1 {
                        found.push(began..at);
                    }
                }
            }
        }
        Some(found)
    }

    /// Whether a template ends behind what is left of its text; an expression starts there otherwise.
    fn leaves_text(&mut self) -> Option<bool> {
        loop {
            self.at += memchr3(b'`', b'$', b'\\', self.text.get(self.at..)?)?;
            let (byte, next) = (self.text[self.at], self.text.get(self.at + 1));
            let expression = byte == b'$' && next == Some(&b'{');
            self.at += 1 + usize::from(expression || byte == b'\\');
            if expression || byte == b'`' {
                return Some(!expression);
            }
        }
    }
}

/// A comment ends with its line, whatever stands in front of its end.
fn comment_end(text: &[u8], at: usize) -> usize {
    crate::lang::token::line_end(text, at)
}

/// Whether a `/` at `at` may start a regular expression: at the start of the file, or behind a sign that no operand ends with, and
/// blanks. What stands before `from` has been read.
fn opens_expression(text: &[u8], at: usize, from: usize) -> bool {
    let blanks = text[from..at].iter().rev();
    let blanks = blanks.take_while(|&&byte| is_space(byte)).count();
    let before = at - blanks;
    before == 0 || precedes_regex(text[before - 1])
}

/// Blanks and line ends.
pub(super) fn is_space(byte: u8) -> bool {
    byte == b'\n' || CLASS[byte as usize] & BLANK != 0
}

/// Whether a regular expression may stand behind `byte`.
#[inline]
pub(super) fn precedes_regex(byte: u8) -> bool {
    matches!(
        byte,
        b'=' | b',' | b'(' | b'{' | b'[' | b'?' | b':' | b'!' | b'&' | b'|' | b';'
    )
}

/// Finds where regular expressions end.
#[derive(Default)]
pub(super) struct Regexes {
    /// Up to here what would be one on this line is known not to end.
    failed_to: usize,
}

impl Regexes {
    /// The end of the regular expression whose `/` stands at `at`.
    pub(super) fn end(&mut self, text: &[u8], at: usize) -> Option<usize> {
        if matches!(text.get(at + 1), None | Some(b'/' | b'*')) {
            return None;
        }
        // What has failed to end from further in front was in a class of characters here: behind that it fails again.
        let known = at < self.failed_to;
        let mut class = false;
        let mut from = at + 1;
        while let Some(&byte) = text.get(from).filter(|byte| !is_line_end(byte)) {
            match byte {
                b'/' if !class => return Some(flags_end(text, from + 1)),
                b'[' | b']' if known => return None,
                b'[' | b']' => class = byte == b'[',
                b'\\' => from += usize::from(!text.get(from + 1).is_some_and(is_line_end)),
                _ => {}
            }
            from += 1;
        }
        self.failed_to = self.failed_to.max(from);
        None
    }
}

fn is_line_end(byte: &u8) -> bool {
    matches!(byte, b'\n' | b'\r')
}

fn flags_end(text: &[u8], at: usize) -> usize {
    let flags = text[at..].iter();
    at + flags.take_while(|byte| byte.is_ascii_lowercase()).count()
}

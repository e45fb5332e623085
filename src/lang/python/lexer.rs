//! Tokens of Python, the ends of logical lines among them.
//!
//! Rules: <https://docs.python.org/3/reference/lexical_analysis.html>.

use super::string;
use crate::lang::function::Unreadable;
use crate::lang::marks::{Look, Marking, Marks};
use crate::lang::token::{
    BLANK, CLASS, DIGIT, IDENTIFIER, Kind, Token, is_identifier, is_letter, line_end, skip,
    skip_number, skip_spaces, word_end,
};

/// What [`Lexer::next_mark`] stops at.
struct Expression;

impl Marking for Expression {
    #[inline]
    fn marks(before: u8, here: u8, behind: u8) -> bool {
        // Each of the first line is a pair of signs in one comparison.
        let pairs = (here & 0xfe == b'(') | (here & 0xfe == b':') | (here & 0xfe == b'"');
        let brackets = (here | 0x20).wrapping_sub(b'{') < 3;
        let signs = (here == b',') | (here == b'\'') | (here == b'\n');
        let and_or = ((here == b'a') & (behind == b'n')) | ((here == b'o') & (behind == b'r'));
        let others = ((here == b'e') & (behind == b'l')) | ((here == b'l') & (behind == b'a'));
        pairs | brackets | signs | ((and_or | others) & !is_letter(before))
    }
}

/// Reads tokens one by one.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    marks: Marks<'a, Expression>,
    /// Where the last token ends, the ends of lines left out.
    pub(super) solid_end: usize,
    /// Open brackets.
    depth: u32,
    /// Whether the next token starts a logical line.
    fresh: bool,
    /// Where the indentation of the logical line at hand ends, in columns.
    pub(super) indent: u32,
    /// After an f-string that never ends, all of them are read as plain strings: otherwise each could cost a look at
    /// the whole rest of the file.
    plain_only: bool,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let mark = if text.starts_with(b"\xef\xbb\xbf") {
            3
        } else {
            0
        };
        Self {
            text,
            at: mark,
            marks: Marks::new(text),
            solid_end: 0,
            depth: 0,
            fresh: true,
            indent: 0,
            plain_only: false,
        }
    }

    /// How many brackets are open behind the last token.
    pub(super) fn depth(&self) -> u32 {
        self.depth
    }

    /// Whether the last token ended a logical line.
    pub(super) fn at_line_start(&self) -> bool {
        self.fresh
    }

    /// Whether nothing but blanks and a comment is left on the logical line.
    pub(super) fn ends_line(&self) -> bool {
        let next = skip(self.text, self.at, BLANK);
        matches!(self.text.get(next), None | Some(b'\n' | b'#'))
    }

    /// The next token; [`Kind::Newline`] ends a logical line, [`Kind::End`] the text.
    pub(super) fn next(&mut self) -> Result<Token, Unreadable> {
        if self.fresh {
            self.indentation();
        }
        loop {
            self.at = skip(self.text, self.at, BLANK);
            let start = self.at;
            let Some(&byte) = self.text.get(start) else {
                return Ok(self.over());
            };
            match byte {
                b'#' => self.at = line_end(self.text, start),
                b'\\' => self.continuation(),
                b'\n' => {
                    self.at += 1;
                    if self.ends_logical_line() {
                        return Ok(newline(start));
                    }
                }
                _ => return self.solid(byte, start),
            }
        }
    }

    /// The next token that can matter in an expression or in a head: `and`, `or`, `else`, `lambda`, brackets, `,`, `:`, `;`, strings,
    /// and the ends of logical lines. Some others may come too.
    #[inline]
    pub(super) fn next_mark(&mut self) -> Result<Token, Unreadable> {
        loop {
            let from = self.at;
            let start = self.marks.next(from, Look::Over);
            let Some(&byte) = self.text.get(start) else {
                self.end_solid(from, start);
                self.at = start;
                return Ok(self.over());
            };
            match byte {
                b'#' => {
                    self.end_solid(from, start);
                    self.at = line_end(self.text, start);
                }
                b'\\' => {
                    self.end_solid(from, start);
                    self.at = start;
                    self.continuation();
                }
                b'\n' => {
                    self.end_solid(from, start);
                    self.at = start + 1;
                    if self.ends_logical_line() {
                        return Ok(newline(start));
                    }
                }
                b'a' | b'e' | b'l' | b'o' => {
                    // Behind a digit or the like it is none, and what is returned is no word that anybody knows.
                    let digits = self.text[from..start].iter().rev();
                    let before = digits.take_while(|&&byte| is_identifier(byte)).count();
                    let end = word_end(self.text, start);
                    return Ok(self.token(Kind::Word, start - before, end));
                }
                b'"' | b'\'' => {
                    let (prefix, fields) = string::prefix_before(&self.text[from..start]);
                    return self.string(start - prefix, start, fields);
                }
                _ => return Ok(self.sign(byte, start)),
            }
        }
    }

    /// Between `from`, where a token ended, and `to` there may be more of them: the last one ends before the blanks.
    #[inline]
    fn end_solid(&mut self, from: usize, to: usize) {
        let between = &self.text[from..to];
        let blank = |byte: &&u8| CLASS[**byte as usize] & BLANK != 0;
        let blanks = between.iter().rev().take_while(blank).count();
        if blanks < between.len() {
            self.solid_end = to - blanks;
        }
    }

    /// Behind a line end: whether it ends the logical line, which it does within brackets only where one is missing.
    #[inline]
    fn ends_logical_line(&mut self) -> bool {
        let ends = self.depth == 0 || self.recovers();
        if ends {
            self.depth = 0;
            self.fresh = true;
        }
        ends
    }

    /// The end of the text, after the end of a line that has none.
    fn over(&mut self) -> Token {
        let end = self.text.len();
        let kind = if self.fresh { Kind::End } else { Kind::Newline };
        self.fresh = true;
        self.depth = 0;
        Token {
            kind,
            start: end,
            end,
        }
    }

    /// Skips blank lines and measures the indentation of the next line: a tab goes to the next multiple of eight,
    /// a form feed starts over.
    fn indentation(&mut self) {
        let start = self.at;
        self.at = skip_spaces(self.text, start);
        let mut column = columns(start, self.at);
        while let Some(&byte) = self.text.get(self.at) {
            match byte {
                b' ' => column = column.saturating_add(1),
                b'\t' => column = (column / 8 + 1) * 8,
                b'\r' => {}
                b'\n' => {
                    let start = self.at + 1;
                    self.at = skip_spaces(self.text, start);
                    column = columns(start, self.at);
                    continue;
                }
                0x0c => column = 0,
                b'#' => {
                    self.at = line_end(self.text, self.at);
                    continue;
                }
                _ => {
                    self.fresh = false;
                    self.indent = column;
                    return;
                }
            }
            self.at += 1;
        }
    }

    /// A backslash joins the next line to this one.
    fn continuation(&mut self) {
        self.at = match self.text.get(self.at + 1) {
            Some(b'\n') => self.at + 2,
            Some(b'\r') => self.at + 3,
            _ => self.at + 1,
        }
        .min(self.text.len());
    }

    /// Whether the line that starts here, within brackets, can only be a new statement: a bracket is missing.
    fn recovers(&self) -> bool {
        let start = skip(self.text, self.at, BLANK);
        let rest = &self.text[start..];
        rest.starts_with(b"def ") || rest.starts_with(b"class ") || rest.starts_with(b"async def ")
    }

    #[inline]
    fn solid(&mut self, byte: u8, start: usize) -> Result<Token, Unreadable> {
        let class = CLASS[byte as usize];
        if class & DIGIT != 0 {
            return Ok(self.token(Kind::Number, start, skip_number(self.text, start)));
        }
        if class & IDENTIFIER != 0 {
            let end = word_end(self.text, start);
            if let Some(b'"' | b'\'') = self.text.get(end)
                && let Some(fields) = string::prefix(&self.text[start..end])
            {
                return self.string(start, end, fields);
            }
            return Ok(self.token(Kind::Word, start, end));
        }
        match byte {
            b'"' | b'\'' => self.string(start, start, false),
            _ => Ok(self.sign(byte, start)),
        }
    }

    #[inline]
    fn sign(&mut self, byte: u8, start: usize) -> Token {
        match byte {
            b'(' | b'[' | b'{' => self.depth += 1,
            b')' | b']' | b'}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        self.token(Kind::Punct(byte), start, start + 1)
    }

    fn string(&mut self, start: usize, quote: usize, fields: bool) -> Result<Token, Unreadable> {
        let end = if fields && !self.plain_only {
            string::skip_fields(self.text, quote).or_else(|| {
                self.plain_only = true;
                string::skip_plain(self.text, quote)
            })
        } else {
            string::skip_plain(self.text, quote)
        };
        let end =
            end.ok_or_else(|| Unreadable::new("a string in three quotes is never closed", start))?;
        Ok(self.token(Kind::Text, start, end))
    }

    #[inline]
    fn token(&mut self, kind: Kind, start: usize, end: usize) -> Token {
        self.at = end;
        self.solid_end = end;
        Token { kind, start, end }
    }
}

/// The columns that the spaces from `start` to `end` take.
fn columns(start: usize, end: usize) -> u32 {
    u32::try_from(end - start).unwrap_or(u32::MAX)
}

/// The end of a logical line at byte `at`.
const fn newline(at: usize) -> Token {
    Token {
        kind: Kind::Newline,
        start: at,
        end: at,
    }
}

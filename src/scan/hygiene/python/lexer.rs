//! Tokens, with the faults that can be seen on the way.

use super::{Kind, Token, Tokens, string};
use crate::scan::hygiene::json::Fault;

/// Python's own limit of nested indentation.
const LEVELS: usize = 100;

/// The tokens of `text`, whose line ends are `\n` or `\r\n`.
///
/// # Errors
/// The first fault.
pub(in super::super) fn lex(text: &[u8]) -> Result<Tokens, Fault> {
    read(text, false)
}

/// As [`lex`], but goes on behind what is wrong within a line, as Python's own `tokenize` module does: for checks that
/// need the strings only, also those of Python 2.
///
/// # Errors
/// A string in three quotes or a bracket that is never closed, or an indentation that is that of no line above.
pub(in super::super) fn lex_on(text: &[u8]) -> Result<Tokens, Fault> {
    read(text, true)
}

fn read(text: &[u8], tolerant: bool) -> Result<Tokens, Fault> {
    let at = if text.starts_with(b"\xef\xbb\xbf") {
        3
    } else {
        0
    };
    let mut lexer = Lexer {
        text,
        at,
        brackets: Vec::new(),
        levels: Vec::new(),
        tokens: Tokens::default(),
        plain_only: false,
        tolerant,
    };
    lexer.run()?;
    Ok(lexer.tokens)
}

struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    brackets: Vec<(u8, usize)>,
    /// Open levels of indentation: columns with tab stops of eight and of one.
    levels: Vec<(usize, usize)>,
    tokens: Tokens,
    /// After an f-string that cannot be read all are read as plain strings: otherwise each could cost a look at the
    /// whole rest of the file.
    plain_only: bool,
    /// Whether what is wrong within a line is passed over.
    tolerant: bool,
}

impl Lexer<'_> {
    fn run(&mut self) -> Result<(), Fault> {
        while self.line_start()? {
            while !self.step()? {}
        }
        if let Some(&(bracket, at)) = self.brackets.last() {
            return Err(Fault::new(
                at,
                format!("this `{}` is never closed", bracket as char),
            ));
        }
        for _ in 0..self.levels.len() {
            self.push(Kind::Dedent, self.text.len());
        }
        Ok(())
    }

    fn push(&mut self, kind: Kind, end: usize) {
        self.tokens.list.push(Token {
            kind,
            start: self.at,
            end,
        });
        self.at = end;
    }

    /// Skips empty lines and takes the indentation of the next line; `false` at the end of the text.
    fn line_start(&mut self) -> Result<bool, Fault> {
        let (mut column, mut narrow) = (0, 0);
        loop {
            let Some(&byte) = self.text.get(self.at) else {
                return Ok(false);
            };
            match byte {
                b' ' => {
                    column += 1;
                    narrow += 1;
                }
                b'\t' => {
                    column = (column / 8 + 1) * 8;
                    narrow += 1;
                }
                0x0c | b'\n' => (column, narrow) = (0, 0),
                b'\r' => {}
                b'#' => {
                    self.comment();
                    continue;
                }
                b'\\' => {
                    // A line that begins with a continuation: its indentation is where the backslash is.
                    break;
                }
                _ => break,
            }
            self.at += 1;
        }
        self.indentation((column, narrow)).map(|()| true)
    }

    fn indentation(&mut self, now: (usize, usize)) -> Result<(), Fault> {
        let last = self.levels.last().copied().unwrap_or((0, 0));
        let torn = || {
            Fault::new(
                self.at,
                "tabs and blanks are mixed so that the indentation is not clear",
            )
        };
        if now.0 == last.0 {
            return if now.1 == last.1 { Ok(()) } else { Err(torn()) };
        }
        if now.0 > last.0 {
            if now.1 <= last.1 {
                return Err(torn());
            }
            if self.levels.len() + 1 >= LEVELS {
                return Err(Fault::new(self.at, "too many levels of indentation"));
            }
            self.levels.push(now);
            self.push(Kind::Indent, self.at);
            return Ok(());
        }
        while self.levels.last().is_some_and(|level| level.0 > now.0) {
            self.levels.pop();
            self.push(Kind::Dedent, self.at);
        }
        let level = self.levels.last().copied().unwrap_or((0, 0));
        if level.0 != now.0 {
            return Err(Fault::new(
                self.at,
                "the indentation is that of no line above",
            ));
        }
        self.clear(level.1 == now.1)
    }

    /// Whether tabs and blanks agree about the indentation (Python's `TabError`).
    fn clear(&self, agrees: bool) -> Result<(), Fault> {
        if agrees || self.tolerant {
            return Ok(());
        }
        Err(Fault::new(
            self.at,
            "tabs and blanks are mixed so that the indentation is not clear",
        ))
    }

    fn comment(&mut self) {
        let rest = &self.text[self.at..];
        self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    }

    fn skip(&mut self, byte: u8) {
        if byte == b'#' {
            self.comment();
        } else {
            self.at += 1;
        }
    }

    /// One token; `true` where the logical line ends.
    fn step(&mut self) -> Result<bool, Fault> {
        let Some(&byte) = self.text.get(self.at) else {
            self.push(Kind::Newline, self.at);
            return Ok(true);
        };
        match byte {
            b'\n' if self.brackets.is_empty() => {
                self.push(Kind::Newline, self.at + 1);
                return Ok(true);
            }
            b' ' | b'\t' | b'\r' | b'\n' | 0x0c | b'#' => self.skip(byte),
            b'\\' => self.continuation()?,
            b'0'..=b'9' => self.number()?,
            b'"' | b'\'' => self.string(self.at, false)?,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80.. => self.word()?,
            b'.' => self.dot()?,
            _ => self.operator(byte)?,
        }
        Ok(false)
    }

    fn continuation(&mut self) -> Result<(), Fault> {
        let rest = &self.text[self.at + 1..];
        let length = if rest.starts_with(b"\n") {
            2
        } else if rest.starts_with(b"\r\n") {
            3
        } else if self.tolerant {
            1
        } else {
            return Err(Fault::new(
                self.at,
                "something stands behind the backslash that continues the line",
            ));
        };
        self.at += length;
        if self.at >= self.text.len() && !self.tolerant {
            return Err(Fault::new(
                self.at - length,
                "nothing follows the backslash that continues the line",
            ));
        }
        Ok(())
    }

    fn digits(&self, at: usize, digit: fn(&u8) -> bool) -> usize {
        let rest = &self.text[at.min(self.text.len())..];
        at + rest
            .iter()
            .take_while(|&byte| digit(byte) || *byte == b'_')
            .count()
    }

    fn dot(&mut self) -> Result<(), Fault> {
        if self.text.get(self.at + 1).is_some_and(u8::is_ascii_digit) {
            return self.number();
        }
        self.operator(b'.')
    }

    fn number(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let second = self.text.get(start + 1).map(u8::to_ascii_lowercase);
        if self.text[start] == b'0' && matches!(second, Some(b'x' | b'o' | b'b')) {
            let end = self.digits(start + 2, u8::is_ascii_hexdigit);
            self.push(Kind::Number, end);
            return Ok(());
        }
        let whole = self.digits(start, u8::is_ascii_digit);
        let end = self.fraction(whole);
        let digits = &self.text[start..whole];
        let zero = end == whole
            && digits[0] == b'0'
            && digits.iter().any(|&byte| !matches!(byte, b'0' | b'_'));
        if zero && digits.len() > 1 && !self.tolerant {
            return Err(Fault::new(
                start,
                "a whole number that begins with 0: octal ones begin with `0o`",
            ));
        }
        self.push(Kind::Number, end);
        Ok(())
    }

    /// The end of what may follow the whole part of a number, which ends at `end`.
    fn fraction(&self, mut end: usize) -> usize {
        if self.text.get(end) == Some(&b'.') {
            end = self.digits(end + 1, u8::is_ascii_digit);
        }
        if matches!(self.text.get(end), Some(b'e' | b'E')) {
            let sign = usize::from(matches!(self.text.get(end + 1), Some(b'+' | b'-')));
            let exponent = self.digits(end + 1 + sign, u8::is_ascii_digit);
            if exponent > end + 1 + sign {
                end = exponent;
            }
        }
        end + usize::from(matches!(self.text.get(end), Some(b'j' | b'J')))
    }

    fn word(&mut self) -> Result<(), Fault> {
        let start = self.at;
        let rest = &self.text[start..];
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_' || **byte >= 0x80)
            .count();
        let word = &rest[..length];
        if let Some(b'"' | b'\'') = rest.get(length)
            && let Some(fields) = string::prefix(word)
        {
            return self.string(start + length, fields);
        }
        if let Some(at) = odd_character(word).filter(|_| !self.tolerant) {
            return Err(Fault::new(start + at, "a character that no name holds"));
        }
        self.push(Kind::Name, start + length);
        Ok(())
    }

    fn string(&mut self, quote: usize, fields: bool) -> Result<(), Fault> {
        let known = self.tokens.fields.len();
        let mut end = None;
        if fields && !self.plain_only {
            end = string::fields(self.text, quote, &mut self.tokens.fields);
            if end.is_none() {
                self.plain_only = true;
                self.tokens.fields.truncate(known);
            }
        }
        match end.or_else(|| string::plain(self.text, quote)) {
            Some(end) => {
                self.push(Kind::Text, end);
                Ok(())
            }
            None if self.tolerant && !string::triple(self.text, quote) => {
                self.push(Kind::Op(self.text[quote]), quote + 1);
                Ok(())
            }
            None => Err(Fault::new(self.at, "this string is never closed")),
        }
    }

    fn close(&mut self, byte: u8) -> Result<(), Fault> {
        let open = match byte {
            b')' => b'(',
            b']' => b'[',
            _ => b'{',
        };
        let top = self.brackets.pop();
        if top.is_some_and(|(bracket, _)| bracket == open) || self.tolerant {
            return Ok(());
        }
        let message = format!("this `{}` closes nothing", char::from(byte));
        Err(Fault::new(self.at, message))
    }

    fn operator(&mut self, byte: u8) -> Result<(), Fault> {
        match byte {
            b'(' | b'[' | b'{' => self.brackets.push((byte, self.at)),
            b')' | b']' | b'}' => self.close(byte)?,
            b'!' if self.text.get(self.at + 1) == Some(&b'=') => {}
            b'+' | b'-' | b'*' | b'/' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'<' | b'>'
            | b'=' | b',' | b':' | b'.' | b';' => {}
            _ if self.tolerant => {}
            _ => {
                return Err(Fault::new(self.at, "a character that Python does not know"));
            }
        }
        self.push(Kind::Op(byte), self.at + 1);
        Ok(())
    }
}

/// The place of a blank or of punctuation beyond ASCII: word processors put them in place of plain ones.
fn odd_character(word: &[u8]) -> Option<usize> {
    if word.is_ascii() {
        return None;
    }
    let text = std::str::from_utf8(word).ok()?;
    let odd = |c: char| {
        c == '\u{a0}'
            || (('\u{2000}'..='\u{206f}').contains(&c)
                && !matches!(c, '\u{203f}' | '\u{2040}' | '\u{2054}'))
    };
    text.find(odd)
}

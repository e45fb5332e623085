//! Tokens of Go, newlines that end statements among them.
//!
//! Rules: <https://go.dev/ref/spec#Lexical_elements>.

use crate::lang::function::Unreadable;
use crate::lang::token::{
    BLANK, CLASS, DIGIT, IDENTIFIER, Kind, Token, line_end, skip, skip_number, skip_quoted,
    word_end,
};

/// Reads tokens one by one.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    /// Whether a line end after the last token ends a statement.
    ends_statement: bool,
    /// Whether the comment just read stands for a line end.
    newline: bool,
    /// Where the last `//gocyclo:ignore` comment ends.
    pub(super) ignore: Option<usize>,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            ends_statement: false,
            newline: false,
            ignore: None,
        }
    }

    /// The next token; [`Kind::End`] once the text is over.
    pub(super) fn next(&mut self) -> Result<Token, Unreadable> {
        loop {
            self.at = skip(self.text, self.at, BLANK);
            let start = self.at;
            let Some(&byte) = self.text.get(start) else {
                return Ok(self.token(Kind::End, start, start));
            };
            match byte {
                b'\n' => {
                    self.at += 1;
                    if self.ends_statement {
                        self.ends_statement = false;
                        return Ok(Token {
                            kind: Kind::Newline,
                            start,
                            end: self.at,
                        });
                    }
                }
                b'/' if self.comment()? => {
                    if std::mem::take(&mut self.newline) {
                        self.ends_statement = false;
                        return Ok(Token {
                            kind: Kind::Newline,
                            start,
                            end: self.at,
                        });
                    }
                }
                _ => return self.solid(byte, start),
            }
        }
    }

    /// Skips a comment where one starts.
    fn comment(&mut self) -> Result<bool, Unreadable> {
        let start = self.at;
        match self.text.get(start + 1) {
            Some(b'/') => {
                self.at = line_end(self.text, start);
                if self.text[start..self.at].trim_ascii_end() == b"//gocyclo:ignore" {
                    self.ignore = Some(self.at);
                }
                Ok(true)
            }
            Some(b'*') => {
                let body = &self.text[start + 2..];
                let length = memchr::memmem::find(body, b"*/")
                    .ok_or_else(|| Unreadable::new("a comment is never closed", start))?;
                self.at = start + 2 + length + 2;
                // A comment over several lines acts like a line end.
                self.newline =
                    self.ends_statement && memchr::memchr(b'\n', &body[..length]).is_some();
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    fn solid(&mut self, byte: u8, start: usize) -> Result<Token, Unreadable> {
        let class = CLASS[byte as usize];
        if class & DIGIT != 0 {
            return Ok(self.token(Kind::Number, start, skip_number(self.text, start)));
        }
        if class & IDENTIFIER != 0 {
            return Ok(self.token(Kind::Word, start, word_end(self.text, start)));
        }
        let next = self.text.get(start + 1).copied();
        match (byte, next) {
            (b'"' | b'\'', _) => {
                let end = skip_quoted(self.text, start + 1, byte, true).unwrap_or(self.text.len());
                Ok(self.token(Kind::Text, start, end))
            }
            (b'`', _) => {
                let length = memchr::memchr(b'`', &self.text[start + 1..])
                    .ok_or_else(|| Unreadable::new("a raw string is never closed", start))?;
                Ok(self.token(Kind::Text, start, start + length + 2))
            }
            (b'&', Some(b'&')) => Ok(self.token(Kind::AndAnd, start, start + 2)),
            (b'|', Some(b'|')) => Ok(self.token(Kind::OrOr, start, start + 2)),
            (b'+' | b'-', Some(second)) if second == byte => {
                let token = self.token(Kind::Punct(byte), start, start + 2);
                self.ends_statement = true;
                Ok(token)
            }
            _ => Ok(self.token(Kind::Punct(byte), start, start + 1)),
        }
    }

    #[inline]
    fn token(&mut self, kind: Kind, start: usize, end: usize) -> Token {
        self.at = end;
        let token = Token { kind, start, end };
        self.ends_statement = match kind {
            Kind::Number | Kind::Text => true,
            Kind::Punct(byte) => matches!(byte, b')' | b']' | b'}'),
            Kind::Word => !continues(token.bytes(self.text)),
            _ => false,
        };
        token
    }
}

/// Whether a statement goes on after this word at a line end: every keyword but four.
fn continues(word: &[u8]) -> bool {
    matches!(
        word,
        b"case"
            | b"chan"
            | b"const"
            | b"default"
            | b"defer"
            | b"else"
            | b"for"
            | b"func"
            | b"go"
            | b"goto"
            | b"if"
            | b"import"
            | b"interface"
            | b"map"
            | b"package"
            | b"range"
            | b"select"
            | b"struct"
            | b"switch"
            | b"type"
            | b"var"
    )
}

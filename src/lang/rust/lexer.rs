//! Tokens of Rust.
//!
//! Rules: <https://doc.rust-lang.org/reference/tokens.html>.

use crate::lang::function::Unreadable;
use crate::lang::token::{
    BLANK, CLASS, DIGIT, IDENTIFIER, Kind, Token, line_end, skip, skip_number, skip_quoted,
    word_end,
};

/// Reads tokens one by one.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        Self { text, at: 0 }
    }

    /// The next token; [`Kind::End`] once the text is over.
    pub(super) fn next(&mut self) -> Result<Token, Unreadable> {
        loop {
            self.at = skip(self.text, self.at, BLANK);
            let start = self.at;
            let Some(&byte) = self.text.get(start) else {
                return Ok(Token {
                    kind: Kind::End,
                    start,
                    end: start,
                });
            };
            match (byte, self.peek(1)) {
                (b'\n', _) => self.at += 1,
                (b'/', b'/') => self.at = line_end(self.text, start),
                (b'/', b'*') => self.block_comment()?,
                _ => return self.solid(byte, start),
            }
        }
    }

    /// The byte `ahead` of the current one; 0 past the end.
    #[inline]
    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Comments nest.
    fn block_comment(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        let mut depth = 1_u32;
        self.at += 2;
        while depth > 0 {
            let found = memchr::memchr2(b'*', b'/', self.text.get(self.at..).unwrap_or_default())
                .ok_or_else(|| Unreadable::new("a comment is never closed", start))?;
            self.at += found;
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
        }
        Ok(())
    }

    #[inline]
    fn solid(&mut self, byte: u8, start: usize) -> Result<Token, Unreadable> {
        let class = CLASS[byte as usize];
        if class & DIGIT != 0 {
            return Ok(self.token(Kind::Number, start, skip_number(self.text, start)));
        }
        if class & IDENTIFIER != 0 {
            let end = word_end(self.text, start);
            return self.word(start, end);
        }
        let (kind, length) = match (byte, self.peek(1)) {
            (b'"', _) => return self.string(start, start),
            (b'\'', _) => return Ok(self.quote(start)),
            (b'&', b'&') => (Kind::AndAnd, 2),
            (b'|', b'|') => (Kind::OrOr, 2),
            (b'=', b'>') => (Kind::FatArrow, 2),
            (b'-', b'>') => (Kind::ThinArrow, 2),
            _ => (Kind::Punct(byte), 1),
        };
        Ok(self.token(kind, start, start + length))
    }

    /// A word, or the string or raw identifier it is the prefix of.
    fn word(&mut self, start: usize, end: usize) -> Result<Token, Unreadable> {
        let next = self.text.get(end).copied().unwrap_or(0);
        if !matches!(next, b'"' | b'#' | b'\'') || end - start > 2 {
            return Ok(self.token(Kind::Word, start, end));
        }
        match (&self.text[start..end], next) {
            (b"b" | b"c", b'"') => self.string(start, end),
            (b"b", b'\'') => {
                self.at = end;
                let token = self.quote(end);
                Ok(self.token(Kind::Text, start, token.end))
            }
            (b"r" | b"br" | b"cr", b'"' | b'#') => self.raw(start, end),
            _ => Ok(self.token(Kind::Word, start, end)),
        }
    }

    fn string(&mut self, start: usize, quote: usize) -> Result<Token, Unreadable> {
        let end = skip_quoted(self.text, quote + 1, b'"', false)
            .ok_or_else(|| Unreadable::new("a string is never closed", start))?;
        Ok(self.token(Kind::Text, start, end.min(self.text.len())))
    }

    /// `r"…"`, `r#"…"#`, or the raw identifier `r#name`.
    fn raw(&mut self, start: usize, hashes: usize) -> Result<Token, Unreadable> {
        let quote = self.text[hashes..]
            .iter()
            .position(|&byte| byte != b'#')
            .map_or(self.text.len(), |length| hashes + length);
        let count = quote - hashes;
        if self.text.get(quote) != Some(&b'"') {
            let end = word_end(self.text, quote);
            // A raw identifier is never a keyword: `Text` keeps it from being read as one.
            let kind = if count == 1 && end > quote {
                Kind::Text
            } else {
                Kind::Punct(b'#')
            };
            return Ok(self.token(kind, start, end.max(quote)));
        }
        let mut at = quote + 1;
        loop {
            let found = memchr::memchr(b'"', &self.text[at..])
                .ok_or_else(|| Unreadable::new("a raw string is never closed", start))?;
            at += found + 1;
            let closing = self.text[at..]
                .iter()
                .take(count)
                .take_while(|&&byte| byte == b'#')
                .count();
            if closing == count {
                return Ok(self.token(Kind::Text, start, at + count));
            }
            at += closing;
        }
    }

    /// A character, or a lifetime or label.
    fn quote(&mut self, start: usize) -> Token {
        let first = self.text.get(start + 1).copied().unwrap_or(0);
        if first == b'\\' {
            let end = skip_quoted(self.text, start + 1, b'\'', true).unwrap_or(self.text.len());
            return self.token(Kind::Text, start, end.min(self.text.len()));
        }
        let width = match first {
            0xf0.. => 4,
            0xe0.. => 3,
            0xc0.. => 2,
            _ => 1,
        };
        if self.text.get(start + 1 + width) == Some(&b'\'') {
            return self.token(Kind::Text, start, start + 2 + width);
        }
        let end = word_end(self.text, start + 1);
        self.token(Kind::Lifetime, start, end)
    }

    #[inline]
    fn token(&mut self, kind: Kind, start: usize, end: usize) -> Token {
        self.at = end;
        Token { kind, start, end }
    }
}

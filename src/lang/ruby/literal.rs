//! Literals of Ruby whose end must be looked for: strings, `%` forms, regular expressions, here-documents.

use super::lexer::Lexer;
use crate::lang::function::Unreadable;
use crate::lang::token::{Kind, Token, line_end, word_end};

/// A literal that is being read, or waits while code in it is.
#[derive(Clone, Copy)]
pub(super) struct Literal {
    pub(super) open: u8,
    pub(super) close: u8,
    /// Whether `#{…}` in it is code.
    pub(super) code: bool,
    /// Brackets of its own kind that are open in it.
    pub(super) depth: u32,
    /// Braces open in its code.
    pub(super) braces: u32,
}

impl Literal {
    pub(super) const fn quoted(quote: u8) -> Self {
        Self {
            open: quote,
            close: quote,
            code: quote != b'\'',
            depth: 0,
            braces: 0,
        }
    }
}

/// A here-document whose text starts on the next line.
pub(super) struct Heredoc {
    name: Vec<u8>,
    indented: bool,
    /// Where its name is told.
    start: usize,
}

impl Lexer<'_> {
    /// Reads on in `literal` from `at`, to its end or to code in it.
    pub(super) fn literal(
        &mut self,
        start: usize,
        mut at: usize,
        mut literal: Literal,
    ) -> Result<Token, Unreadable> {
        while let Some(&byte) = self.text.get(at) {
            if matches!(byte, b'\n' | b'\\')
                && let Some(end) = self.gone_over(at, byte, literal.close)?
            {
                at = end;
                continue;
            }
            let next = self.text.get(at + 1).copied().unwrap_or(0);
            if byte == b'#' && next == b'{' && literal.code {
                self.literals.push(literal);
                return Ok(self.token(Kind::Text, start, at + 1));
            }
            at += 1;
            if byte == literal.close {
                if literal.depth == 0 {
                    return Ok(self.finish_literal(start, at, literal));
                }
                literal.depth -= 1;
            } else if byte == literal.open {
                literal.depth += 1;
            }
        }
        Err(Unreadable::new("a string is never closed", start))
    }

    /// The end of what a literal that `close` ends says nothing with, at byte `at`: of what is escaped, and of the texts of
    /// here-documents, which stand behind the line that starts them, within a string too.
    fn gone_over(&mut self, at: usize, byte: u8, close: u8) -> Result<Option<usize>, Unreadable> {
        if byte == b'\n' && !self.heredocs.is_empty() {
            return self.skip_heredocs(at).map(Some);
        }
        if byte != b'\\' || close == byte {
            return Ok(None);
        }
        let ends_line = self.text.get(at + 1) == Some(&b'\n');
        Ok(Some(at + if ends_line { 1 } else { 2 }))
    }

    fn finish_literal(&mut self, start: usize, mut at: usize, literal: Literal) -> Token {
        if literal.close == b'/' {
            at = word_end(self.text, at);
        } else if literal.open == literal.close && self.text.get(at) == Some(&b':') {
            // `"name": value`
            let next = self.text.get(at + 1).copied().unwrap_or(0);
            at += usize::from(matches!(next, b' ' | b'\n'));
        }
        self.token(Kind::Text, start, at)
    }

    /// `%w[…]`, `%(…)`; `None` where `%` is an operator.
    pub(super) fn percent(&self, start: usize) -> Option<(usize, Literal)> {
        let letter = self.text.get(start + 1).copied().unwrap_or(0);
        let lettered = b"qQwWiIrsx".contains(&letter);
        let at = start + 1 + usize::from(lettered);
        let open = self.text.get(at).copied()?;
        if open.is_ascii_alphanumeric() || open.is_ascii_whitespace() || open >= 0x80 {
            return None;
        }
        let usual = matches!(open, b'(' | b'[' | b'{' | b'<' | b'|' | b'!' | b'/');
        if !lettered && !usual && !self.takes_any_sign(start, open) {
            return None;
        }
        let close = closing(open);
        let code = !matches!(letter, b'q' | b'w' | b'i' | b's');
        let literal = Literal {
            open,
            close,
            code,
            depth: 0,
            braces: 0,
        };
        Some((at + 1, literal))
    }

    /// Whether `%` at `start` starts a literal whatever sign stands behind it. Behind a name it is an operator more often than
    /// not; `<%= … %>` is a template of something else in a file of Ruby.
    fn takes_any_sign(&self, start: usize, open: u8) -> bool {
        !self.after_operand() && open != b'>' && self.text[..start].last() != Some(&b'<')
    }

    /// `<<~NAME`, `<<-NAME`, `<<NAME`, the name quoted or not.
    pub(super) fn heredoc(&mut self, start: usize) -> Option<Token> {
        if !self.text[start..].starts_with(b"<<") {
            return None;
        }
        let mut at = start + 2;
        let indented = matches!(self.text.get(at), Some(b'~' | b'-'));
        at += usize::from(indented);
        let quote = self.text.get(at).copied()?;
        let (from, end, after) = if matches!(quote, b'"' | b'\'' | b'`') {
            let end = at + 1 + memchr::memchr2(quote, b'\n', &self.text[at + 1..])?;
            (at + 1, end, end + 1)
        } else {
            let end = word_end(self.text, at);
            (at, end, end)
        };
        // The name in quotes may be empty: its text ends at an empty line.
        let named = after > from && self.text.get(after - 1) != Some(&b'\n');
        // Behind a name `<<a` may be an operator.
        let told = indented || quote.is_ascii_uppercase() || after > end || !self.after_operand();
        if !named || !told {
            return None;
        }
        self.heredocs.push(Heredoc {
            name: self.text[from..end].to_vec(),
            indented,
            start,
        });
        Some(self.token(Kind::Text, start, after))
    }

    /// Goes over the texts of the here-documents of the line that ends at byte `at`.
    ///
    /// # Errors
    /// One of them never ends.
    pub(super) fn skip_heredocs(&mut self, at: usize) -> Result<usize, Unreadable> {
        let mut at = at + 1;
        for heredoc in std::mem::take(&mut self.heredocs) {
            loop {
                if at >= self.text.len() {
                    let what = "a here-document is never closed";
                    return Err(Unreadable::new(what, heredoc.start));
                }
                let end = line_end(self.text, at);
                let mut line = &self.text[at..end];
                if heredoc.indented {
                    line = line.trim_ascii_start();
                }
                at = (end + 1).min(self.text.len());
                if line.strip_suffix(b"\r").unwrap_or(line) == heredoc.name {
                    break;
                }
            }
        }
        Ok(at)
    }
}

const fn closing(open: u8) -> u8 {
    match open {
        b'(' => b')',
        b'[' => b']',
        b'{' => b'}',
        b'<' => b'>',
        other => other,
    }
}

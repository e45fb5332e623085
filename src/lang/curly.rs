//! Tokens of Java, Kotlin and C#.
//!
//! Rules: <https://docs.oracle.com/javase/specs/jls/se21/html/jls-3.html>,
//! <https://kotlinlang.org/spec/syntax-and-grammar.html>,
//! <https://learn.microsoft.com/dotnet/csharp/language-reference/language-specification/lexical-structure>.

use super::function::Unreadable;
use super::token::{
    BLANK, CLASS, DIGIT, IDENTIFIER, Kind, Token, line_end, skip, skip_number, skip_quoted,
    word_end,
};
use memchr::memmem;

/// What differs from language to language.
#[derive(Clone, Copy)]
pub(super) struct Dialect {
    /// Comments nest.
    pub(super) nested_comments: bool,
    /// `"…${code}…"`.
    pub(super) templates: bool,
    /// `@"…"`, `$"…{code}…"`, lines that `#` starts.
    pub(super) csharp: bool,
}

/// A string whose code part is being read.
struct Template {
    /// Braces open in the code part.
    braces: u32,
    triple: bool,
    verbatim: bool,
}

/// What stands at a place in a string.
enum Mark {
    /// This many bytes of text.
    Skip(usize),
    /// The end, this many bytes on.
    End(usize),
    /// The brace of a part of code, this many bytes on.
    Code(usize),
}

/// Reads tokens one by one.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    dialect: Dialect,
    templates: Vec<Template>,
    /// Whether a line ended in front of the token read last.
    pub(super) fresh: bool,
}

/// Operators of several bytes, the longest first; `<`, `>` and what types are written with stay single.
const OPERATORS: [&[u8]; 19] = [
    b"!==", b"===", b"...", b"..", b"==", b"!=", b"<=", b">=", b"+=", b"-=", b"*=", b"/=", b"%=",
    b"|=", b"&=", b"^=", b"++", b"--", b"::",
];

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8], dialect: Dialect) -> Self {
        Self {
            text,
            at: 0,
            dialect,
            templates: Vec::new(),
            fresh: true,
        }
    }

    /// The next token; [`Kind::End`] once the text is over.
    ///
    /// # Errors
    /// A comment or string that is never closed.
    pub(super) fn next(&mut self) -> Result<Token, Unreadable> {
        self.fresh = false;
        loop {
            self.at = skip(self.text, self.at, BLANK);
            let start = self.at;
            let Some(&byte) = self.text.get(start) else {
                return Ok(self.token(Kind::End, start, start));
            };
            match (byte, self.peek(1)) {
                (b'\n', _) => {
                    self.fresh = true;
                    self.at += 1;
                }
                (b'/', b'/') => self.at = line_end(self.text, start),
                (b'/', b'*') => self.block_comment()?,
                (b'#', _) if self.dialect.csharp || start == 0 => {
                    self.at = line_end(self.text, start);
                }
                _ => return self.solid(byte, start),
            }
        }
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    fn block_comment(&mut self) -> Result<(), Unreadable> {
        let start = self.at;
        let mut depth = 0_u32;
        loop {
            match (self.peek(0), self.peek(1)) {
                (b'/', b'*') if depth == 0 || self.dialect.nested_comments => {
                    depth += 1;
                    self.at += 2;
                }
                (b'*', b'/') => {
                    depth -= 1;
                    self.at += 2;
                }
                _ => self.at += 1,
            }
            if depth == 0 {
                break;
            }
            let rest = self.text.get(self.at..).unwrap_or_default();
            self.at += memchr::memchr2(b'*', b'/', rest)
                .ok_or_else(|| Unreadable::new("a comment is never closed", start))?;
        }
        self.fresh |= memchr::memchr(b'\n', &self.text[start..self.at]).is_some();
        Ok(())
    }

    fn solid(&mut self, byte: u8, start: usize) -> Result<Token, Unreadable> {
        let class = CLASS[byte as usize];
        if class & DIGIT != 0 {
            return Ok(self.token(Kind::Number, start, skip_number(self.text, start)));
        }
        if class & IDENTIFIER != 0 {
            return Ok(self.token(Kind::Word, start, word_end(self.text, start)));
        }
        match byte {
            b'"' => self.string(start, start, false, self.dialect.templates),
            b'\'' => {
                let end = skip_quoted(self.text, start + 1, b'\'', true);
                let end = end.unwrap_or(self.text.len()).min(self.text.len());
                Ok(self.token(Kind::Text, start, end))
            }
            b'`' if self.dialect.templates => {
                let end = skip(self.text, start + 1, IDENTIFIER | BLANK);
                let end = end + usize::from(self.text.get(end) == Some(&b'`'));
                Ok(self.token(Kind::Word, start, end))
            }
            b'@' | b'$' if self.dialect.csharp => self.csharp_string(start),
            b'{' | b'}' => self.brace(byte, start),
            _ => Ok(self.sign(byte, start)),
        }
    }

    fn sign(&mut self, byte: u8, start: usize) -> Token {
        let rest = &self.text[start..];
        let (kind, length) = match (byte, self.peek(1)) {
            (b'&', b'&') => (Kind::AndAnd, 2),
            (b'|', b'|') => (Kind::OrOr, 2),
            (b'=', b'>') => (Kind::FatArrow, 2),
            (b'-', b'>') => (Kind::ThinArrow, 2),
            (b'?', next) => self.question(next),
            // One of these is the second byte of each.
            (_, b'=' | b'.' | b'+' | b'-' | b':') => {
                match OPERATORS.iter().find(|sign| rest.starts_with(sign)) {
                    Some(sign) => (Kind::Operator, sign.len()),
                    None => (Kind::Punct(byte), 1),
                }
            }
            _ => (Kind::Punct(byte), 1),
        };
        self.token(kind, start, start + length)
    }

    fn question(&self, next: u8) -> (Kind, usize) {
        match next {
            b':' if self.dialect.templates => (Kind::Elvis, 2),
            b'?' if self.dialect.csharp => (Kind::Coalesce, 2 + usize::from(self.peek(2) == b'=')),
            b'.' if !self.peek(2).is_ascii_digit() => (Kind::Operator, 2),
            _ => (Kind::Punct(b'?'), 1),
        }
    }

    fn brace(&mut self, byte: u8, start: usize) -> Result<Token, Unreadable> {
        let token = self.token(Kind::Punct(byte), start, start + 1);
        let Some(template) = self.templates.last_mut() else {
            return Ok(token);
        };
        if byte == b'{' {
            template.braces += 1;
        } else if template.braces > 1 {
            template.braces -= 1;
        } else if let Some(template) = self.templates.pop() {
            // The rest of the string; it may hold further parts of code.
            self.piece(start, start + 1, &template)?;
        }
        Ok(token)
    }

    /// `@"…"`, `$"…"`, `$@"…"`, or the sign alone.
    fn csharp_string(&mut self, start: usize) -> Result<Token, Unreadable> {
        let marks = self.text[start..].iter().take(4);
        let length = marks.take_while(|byte| matches!(byte, b'@' | b'$')).count();
        if self.text.get(start + length) != Some(&b'"') {
            let end = word_end(self.text, start + length);
            let kind = if end > start + length {
                Kind::Word
            } else {
                Kind::Punct(b'@')
            };
            return Ok(self.token(kind, start, end.max(start + 1)));
        }
        let marks = &self.text[start..start + length];
        let code = marks.contains(&b'$');
        self.string(start, start + length, marks.contains(&b'@'), code)
    }

    fn string(
        &mut self,
        start: usize,
        quote: usize,
        verbatim: bool,
        code: bool,
    ) -> Result<Token, Unreadable> {
        let triple = !verbatim && self.text[quote..].starts_with(b"\"\"\"");
        if triple && self.dialect.csharp {
            return self.raw(start, quote);
        }
        let template = Template {
            braces: 0,
            triple,
            verbatim,
        };
        let from = quote + if triple { 3 } else { 1 };
        if code {
            return self.piece(start, from, &template);
        }
        let end = match (triple, verbatim) {
            (true, _) => self.triple_end(from),
            (_, true) => self.verbatim_end(from),
            _ => skip_quoted(self.text, from, b'"', true).map(|end| end.min(self.text.len())),
        };
        let end = end.ok_or_else(|| Unreadable::new("a string is never closed", start))?;
        Ok(self.token(Kind::Text, start, end))
    }

    /// `"""…"""` with as many quotes at its end as at its start.
    fn raw(&mut self, start: usize, quote: usize) -> Result<Token, Unreadable> {
        let rest = &self.text[quote..];
        let count = rest.iter().take_while(|&&byte| byte == b'"').count();
        let end = memmem::find(&rest[count..], &rest[..count])
            .ok_or_else(|| Unreadable::new("a string is never closed", start))?;
        Ok(self.token(Kind::Text, start, quote + count + end + count))
    }

    fn triple_end(&self, mut at: usize) -> Option<usize> {
        loop {
            at += memchr::memchr2(b'"', b'\\', self.text.get(at..)?)?;
            if self.text[at..].starts_with(b"\"\"\"") {
                let more = self.text[at + 3..].iter().take_while(|&&b| b == b'"');
                return Some(at + 3 + more.count());
            }
            at += 1 + usize::from(self.text[at] == b'\\');
        }
    }

    fn verbatim_end(&self, mut at: usize) -> Option<usize> {
        loop {
            at += memchr::memchr(b'"', self.text.get(at..)?)? + 1;
            if self.text.get(at) != Some(&b'"') {
                return Some(at);
            }
            at += 1;
        }
    }

    /// A string from `from` to its end, or to a part of code in it.
    fn piece(
        &mut self,
        start: usize,
        from: usize,
        template: &Template,
    ) -> Result<Token, Unreadable> {
        let mut at = from;
        while at < self.text.len() {
            match self.mark(at, template) {
                Mark::Skip(length) => at += length,
                Mark::End(length) => return Ok(self.token(Kind::Text, start, at + length)),
                Mark::Code(length) => return Ok(self.enter(start, at + length, template)),
            }
        }
        Err(Unreadable::new("a string is never closed", start))
    }

    /// What stands at byte `at` of a string.
    fn mark(&self, at: usize, template: &Template) -> Mark {
        let one_line = !template.triple && !template.verbatim;
        let next = self.text.get(at + 1).copied().unwrap_or(0);
        match self.text[at] {
            b'\\' if one_line => Mark::Skip(2),
            b'\n' if one_line => Mark::End(0),
            b'"' => self.quote(at, template),
            byte => self.code_mark(byte, next),
        }
    }

    /// `${` in Kotlin; `{`, which two of stand for one, in C#.
    const fn code_mark(&self, byte: u8, next: u8) -> Mark {
        match (byte, next) {
            (b'{', b'{') if self.dialect.csharp => Mark::Skip(2),
            (b'{', _) if self.dialect.csharp => Mark::Code(0),
            (b'$', b'{') if self.dialect.templates => Mark::Code(1),
            _ => Mark::Skip(1),
        }
    }

    fn quote(&self, at: usize, template: &Template) -> Mark {
        let quotes = self.text[at..].iter().take_while(|&&byte| byte == b'"');
        match quotes.take(64).count() {
            count if template.triple && count >= 3 => Mark::End(count),
            _ if template.triple => Mark::Skip(1),
            1 => Mark::End(1),
            _ if template.verbatim => Mark::Skip(2),
            _ => Mark::End(1),
        }
    }

    fn enter(&mut self, start: usize, brace: usize, template: &Template) -> Token {
        self.templates.push(Template {
            braces: 0,
            triple: template.triple,
            verbatim: template.verbatim,
        });
        self.token(Kind::Text, start, brace)
    }

    fn token(&mut self, kind: Kind, start: usize, end: usize) -> Token {
        self.at = end;
        Token { kind, start, end }
    }
}

//! Tokens of Ruby.
//!
//! Rules: <https://docs.ruby-lang.org/en/3.4/syntax/literals_rdoc.html>.

use super::literal::{Heredoc, Literal};
use crate::lang::function::Unreadable;
use crate::lang::token::{
    BLANK, CLASS, DIGIT, IDENTIFIER, Kind, Token, line_end, skip, skip_number, word_end,
};

/// Reads tokens one by one. Labels (`name:`) and symbols are [`Kind::Lifetime`], `&.` is [`Kind::Operator`].
pub(super) struct Lexer<'a> {
    pub(super) text: &'a [u8],
    at: usize,
    pub(super) literals: Vec<Literal>,
    pub(super) heredocs: Vec<Heredoc>,
    last: Token,
}

impl<'a> Lexer<'a> {
    pub(super) fn new(text: &'a [u8]) -> Self {
        let mut lexer = Self {
            text,
            at: 0,
            literals: Vec::new(),
            heredocs: Vec::new(),
            last: Token::START,
        };
        lexer.documentation();
        lexer
    }

    /// The next token; [`Kind::End`] once the text is over.
    ///
    /// # Errors
    /// A string or here-document that is never closed.
    pub(super) fn next(&mut self) -> Result<Token, Unreadable> {
        let token = self.read()?;
        self.last = token;
        Ok(token)
    }

    /// Whether the token read last ends an operand.
    pub(super) fn after_operand(&self) -> bool {
        ends_operand(&self.last, self.text)
    }

    fn read(&mut self) -> Result<Token, Unreadable> {
        loop {
            self.at = skip(self.text, self.at, BLANK);
            let start = self.at;
            let Some(&byte) = self.text.get(start) else {
                return Ok(self.token(Kind::End, start, start));
            };
            match byte {
                b'#' => self.at = line_end(self.text, start),
                b'\\' if self.peek(1) == b'\n' => self.at = self.skip_heredocs(start + 1)?,
                b'\n' => {
                    if self.ends_line(start)? {
                        let end = self.at;
                        return Ok(self.token(Kind::Newline, start, end));
                    }
                }
                _ => return self.solid(byte, start),
            }
        }
    }

    /// Goes to the next line; whether the statement is over.
    fn ends_line(&mut self, at: usize) -> Result<bool, Unreadable> {
        self.at = self.skip_heredocs(at)?;
        self.documentation();
        Ok(!self.continues())
    }

    fn peek(&self, ahead: usize) -> u8 {
        self.text.get(self.at + ahead).copied().unwrap_or(0)
    }

    /// Skips `=begin … =end`; ends at `__END__`.
    fn documentation(&mut self) {
        if !matches!(self.text.get(self.at), Some(b'=' | b'_')) {
            return;
        }
        while self.text[self.at..].starts_with(b"=begin") {
            let found = memchr::memmem::find(&self.text[self.at..], b"\n=end");
            let end = found.map_or(self.text.len(), |found| self.at + found + 1);
            self.at = (line_end(self.text, end) + 1).min(self.text.len());
        }
        let line = &self.text[self.at..line_end(self.text, self.at)];
        if line.trim_ascii_end() == b"__END__" {
            self.at = self.text.len();
        }
    }

    /// Whether the next line goes on with a call: `.map`, `&.map`.
    fn continues(&mut self) -> bool {
        loop {
            let at = skip(self.text, self.at, BLANK);
            match self.text.get(at) {
                // Comments are gone over for good: they may be many.
                Some(b'#') => {
                    self.at = (line_end(self.text, at) + 1).min(self.text.len());
                    self.documentation();
                }
                Some(b'.') => return self.text.get(at + 1) != Some(&b'.'),
                Some(b'&') => return self.text.get(at + 1) == Some(&b'.'),
                _ => return false,
            }
        }
    }

    fn solid(&mut self, byte: u8, start: usize) -> Result<Token, Unreadable> {
        let class = CLASS[byte as usize];
        if class & DIGIT != 0 {
            return Ok(self.token(Kind::Number, start, skip_number(self.text, start)));
        }
        if class & IDENTIFIER != 0 {
            return Ok(self.word(start));
        }
        match byte {
            b'"' | b'\'' | b'`' => self.literal(start, start + 1, Literal::quoted(byte)),
            b'@' | b'$' => Ok(self.variable(start)),
            b':' => self.colon(start),
            b'{' | b'}' => self.brace(byte, start),
            b'?' if self.character(start) => {
                let end = word_end(self.text, start + 1).max(start + 2);
                Ok(self.token(Kind::Text, start, end.min(self.text.len())))
            }
            b'/' | b'%' | b'<' => self.operand_or_sign(byte, start),
            _ => Ok(self.sign(byte, start)),
        }
    }

    /// What is an operator behind an operand and starts a literal elsewhere.
    fn operand_or_sign(&mut self, byte: u8, start: usize) -> Result<Token, Unreadable> {
        let operand = self.starts_operand(start);
        match byte {
            b'/' if operand => self.literal(start, start + 1, Literal::quoted(b'/')),
            b'%' if operand => {
                if let Some((at, literal)) = self.percent(start) {
                    return self.literal(start, at, literal);
                }
                Ok(self.sign(byte, start))
            }
            // Behind `class` it opens the class of one object.
            b'<' if (operand || self.peek(2) == b'~') && !self.last_is(b"class") => {
                let found = self.heredoc(start);
                Ok(found.unwrap_or_else(|| self.sign(byte, start)))
            }
            _ => Ok(self.sign(byte, start)),
        }
    }

    fn brace(&mut self, byte: u8, start: usize) -> Result<Token, Unreadable> {
        let token = self.token(Kind::Punct(byte), start, start + 1);
        let Some(literal) = self.literals.last_mut() else {
            return Ok(token);
        };
        if byte == b'{' {
            literal.braces += 1;
        } else if literal.braces > 1 {
            literal.braces -= 1;
        } else if let Some(mut literal) = self.literals.pop() {
            literal.braces = 0;
            self.literal(start, start + 1, literal)?;
        }
        Ok(token)
    }

    /// Whether an operand can start here: always behind an operator; behind a name only where a blank stands in front
    /// and none behind, as in `puts /x/`.
    fn starts_operand(&self, start: usize) -> bool {
        if !self.after_operand() {
            return !self.before_name();
        }
        let next = self.text.get(start + 1).copied().unwrap_or(0);
        let name = matches!(self.last.kind, Kind::Word | Kind::Member)
            && !is_constant(self.last.bytes(self.text));
        name && self.last.end < start && !next.is_ascii_whitespace() && next != b'='
    }

    /// Whether the sign of an operator is the name of a method here: `alias / split`, `a./(b)`.
    fn before_name(&self) -> bool {
        let word = self.last_is(b"alias") || self.last_is(b"undef");
        word || self.last.is(b'.') || self.last.kind == Kind::Operator && self.last_sign(b"&.")
    }

    /// Whether `?` starts a character: `?a`.
    fn character(&self, start: usize) -> bool {
        let next = self.text.get(start + 1).copied().unwrap_or(b' ');
        !self.after_operand()
            && !next.is_ascii_whitespace()
            && word_end(self.text, start + 1) <= start + 2
    }

    fn word(&mut self, start: usize) -> Token {
        let end = self.suffixed(word_end(self.text, start));
        let next = |at: usize| self.text.get(at).copied().unwrap_or(0);
        let label = next(end) == b':' && next(end + 1).is_ascii_whitespace();
        if label && !self.last.is(b'?') && !self.last.is(b'.') {
            return self.token(Kind::Lifetime, start, end + 1);
        }
        let dot = self.last.is(b'.') || self.last.kind == Kind::Operator && self.last_sign(b"&.");
        self.token(if dot { Kind::Member } else { Kind::Word }, start, end)
    }

    /// The end of a name with its `?` or `!`; that of `x!=y` and `x?::A` is not the name's.
    fn suffixed(&self, end: usize) -> usize {
        match self.text.get(end..).unwrap_or_default() {
            [b'?' | b'!', b'=', b'=' | b'~', ..] => end + 1,
            [b'?' | b'!', b'=', ..] | [b'?', b':', b':', ..] => end,
            [b'?' | b'!', ..] => end + 1,
            _ => end,
        }
    }

    fn last_sign(&self, sign: &[u8]) -> bool {
        self.last.bytes(self.text) == sign
    }

    fn variable(&mut self, start: usize) -> Token {
        let marks = self.text[start..].iter().take(2);
        let marks = marks.take_while(|byte| matches!(byte, b'@' | b'$')).count();
        let end = word_end(self.text, start + marks);
        // `$!`, `$/`
        let end = end.max(start + 2).min(self.text.len());
        self.token(Kind::Number, start, end)
    }

    fn colon(&mut self, start: usize) -> Result<Token, Unreadable> {
        let next = self.peek(1);
        if next == b':' {
            return Ok(self.token(Kind::Operator, start, start + 2));
        }
        if next == b'"' || next == b'\'' {
            return self.literal(start, start + 2, Literal::quoted(next));
        }
        let end = word_end(self.text, start + 1);
        if end > start + 1 || matches!(next, b'@' | b'$') {
            let end = word_end(self.text, end.max(start + 2));
            let suffix = matches!(self.text.get(end), Some(b'?' | b'!' | b'='))
                && !matches!(self.text.get(end + 1), Some(b'=' | b'>' | b'~'));
            return Ok(self.token(Kind::Lifetime, start, end + usize::from(suffix)));
        }
        let signs = self.text[start + 1..].iter().take(3);
        let length = signs
            .take_while(|byte| b"+-*/%<>=!~^&|[]".contains(byte))
            .count();
        if length > 0 && !self.after_operand() {
            return Ok(self.token(Kind::Lifetime, start, start + 1 + length));
        }
        Ok(self.token(Kind::Punct(b':'), start, start + 1))
    }

    fn sign(&mut self, byte: u8, start: usize) -> Token {
        const OPERATORS: [&[u8]; 22] = [
            b"<=>", b"===", b"**=", b"<<=", b">>=", b"...", b"==", b"=~", b"!=", b"!~", b"<=",
            b">=", b"**", b"<<", b">>", b"..", b"+=", b"-=", b"*=", b"/=", b"|=", b"&.",
        ];
        let rest = &self.text[start..];
        let (kind, length) = match (byte, self.peek(1)) {
            (b'&', b'&') => (Kind::AndAnd, 2),
            (b'|', b'|') if !self.last.is(b'{') && !self.last_is(b"do") => (Kind::OrOr, 2),
            (b'=', b'>') => (Kind::FatArrow, 2),
            (b'-', b'>') => (Kind::ThinArrow, 2),
            // One of these is the second byte of each.
            (_, b'=' | b'*' | b'<' | b'>' | b'.' | b'~') => {
                match OPERATORS.iter().find(|sign| rest.starts_with(sign)) {
                    Some(sign) => (Kind::Operator, sign.len()),
                    None => (Kind::Punct(byte), 1),
                }
            }
            _ => (Kind::Punct(byte), 1),
        };
        self.token(kind, start, start + length)
    }

    fn last_is(&self, word: &[u8]) -> bool {
        self.last.kind == Kind::Word && self.last.bytes(self.text) == word
    }

    /// The name behind `def`: with its receiver, with `=` of a setter; or the sign of an operator.
    pub(super) fn definition(&mut self) -> Token {
        let start = skip(self.text, self.at, BLANK);
        let mut from = start;
        let mut end;
        loop {
            end = word_end(self.text, from);
            if end == from {
                let signs = self.text[from..].iter().take(3);
                end += signs
                    .take_while(|byte| b"+-*/%<>=!~^&|[]`@".contains(byte))
                    .count();
                break;
            }
            if self.text.get(end) != Some(&b'.') {
                let next = self.text.get(end + 1).copied().unwrap_or(0);
                end += match self.text.get(end) {
                    Some(b'?' | b'!') => 1,
                    Some(b'=') if matches!(next, b'(' | b' ') || next.is_ascii_alphabetic() => 1,
                    _ => 0,
                };
                break;
            }
            from = end + 1;
        }
        let token = self.token(Kind::Word, start, end);
        self.last = token;
        token
    }

    pub(super) fn token(&mut self, kind: Kind, start: usize, end: usize) -> Token {
        self.at = end;
        Token { kind, start, end }
    }
}

fn is_constant(word: &[u8]) -> bool {
    word.first().is_some_and(u8::is_ascii_uppercase)
}

/// Whether `token` ends an operand.
pub(super) fn ends_operand(token: &Token, text: &[u8]) -> bool {
    match token.kind {
        Kind::Number | Kind::Text | Kind::Member => true,
        Kind::Lifetime => text.get(token.end.saturating_sub(1)) != Some(&b':'),
        Kind::Punct(byte) => matches!(byte, b')' | b']' | b'}'),
        Kind::Word => !is_opening(token.bytes(text)),
        _ => false,
    }
}

/// Keywords behind which an operand starts.
fn is_opening(word: &[u8]) -> bool {
    matches!(
        word,
        b"if"
            | b"unless"
            | b"while"
            | b"until"
            | b"case"
            | b"when"
            | b"in"
            | b"then"
            | b"else"
            | b"elsif"
            | b"do"
            | b"begin"
            | b"ensure"
            | b"rescue"
            | b"and"
            | b"or"
            | b"not"
            | b"def"
            | b"class"
            | b"module"
            | b"undef"
            | b"alias"
            | b"for"
    )
}

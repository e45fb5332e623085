//! Tokens of Go, newlines that end statements among them.
//!
//! Rules: <https://go.dev/ref/spec#Lexical_elements>.

use crate::lang::function::Unreadable;
use crate::lang::marks::{Look, Marking, Marks};
use crate::lang::token::{
    BLANK, CLASS, DIGIT, IDENTIFIER, Kind, Token, is_identifier, is_letter, line_end, skip,
    skip_number, skip_quoted, word_end,
};

/// What [`Lexer::next_mark`] stops at.
struct Statements;

impl Marking for Statements {
    #[inline]
    fn marks(before: u8, here: u8, behind: u8) -> bool {
        let brackets = (here & 0xfe == b'(') | ((here | 0x20).wrapping_sub(b'{') < 3);
        let quotes = (here == b'"') | (here == b'\'') | (here == b'`');
        let others = (here == b'/') | ((here == b'&') & (behind == b'&'));
        let word = starts_keyword(here, behind) & !is_letter(before);
        brackets | quotes | others | word
    }

    #[inline]
    fn close(here: u8) -> bool {
        (here & 0xfe == b':') | (here == b',') | (here == b'=') | (here == b'\n')
    }
}

/// Whether a word with these first letters can be one of [`counts`].
#[inline]
const fn starts_keyword(first: u8, second: u8) -> bool {
    let o = second == b'o';
    ((first == b'i') & ((second == b'f') | (second == b'n')))
        | ((first == b'f') & (o | (second == b'u')))
        | ((first == b's') & ((second == b'w') | (second == b'e') | (second == b't')))
        | ((first == b'c') & ((second == b'a') | o))
        | ((first == b'e') & (second == b'l'))
        | ((first == b'b') & (second == b'r'))
        | ((first == b'g') & o)
}

/// Whether a word matters in the body of a function.
fn counts(word: &[u8]) -> bool {
    matches!(
        word,
        b"break"
            | b"case"
            | b"continue"
            | b"else"
            | b"for"
            | b"func"
            | b"goto"
            | b"if"
            | b"interface"
            | b"select"
            | b"struct"
            | b"switch"
    )
}

/// Reads tokens one by one, or only those that matter.
pub(super) struct Lexer<'a> {
    text: &'a [u8],
    at: usize,
    marks: Marks<'a, Statements>,
    /// The token that was read last, or gone over.
    last: Token,
    /// The one before the token read last, unless another one ends between `gap` and it.
    before: Token,
    gap: usize,
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
            marks: Marks::new(text),
            last: Token::START,
            before: Token::START,
            gap: 0,
            newline: false,
            ignore: None,
        }
    }

    /// The token before the one that was read last.
    pub(super) fn before(&self) -> Token {
        self.before_byte(self.last.start)
    }

    /// The last token before byte `at`, and behind `gap` if there is one.
    fn before_byte(&self, at: usize) -> Token {
        let solid = last_token(self.text, self.gap, at).unwrap_or(self.before);
        let from = solid.end.max(self.gap).min(at);
        match memchr::memchr(b'\n', &self.text[from..at]) {
            Some(found) if ends_statement(&solid, self.text) => Token {
                kind: Kind::Newline,
                start: from + found,
                end: from + found + 1,
            },
            _ => solid,
        }
    }

    /// Whether the word `name` stands right before the token read last, and no `.` before that.
    pub(super) fn calls(&self, name: &[u8]) -> bool {
        let end = self.last.start;
        let start = end - name.len();
        let word = self.before();
        (word.kind, word.start, word.end) == (Kind::Word, start, end)
            && !self.before_byte(start).is(b'.')
    }

    /// The next token that matters in the body of a function: the words of [`counts`], `&&`, `||` and brackets; for a close look
    /// `,`, `:`, `;`, `=`, and line ends that end statements too.
    pub(super) fn next_mark(&mut self, look: Look) -> Result<Token, Unreadable> {
        let mut search = self.at;
        loop {
            let from = self.at;
            let start = self.marks.next(search, look);
            let Some(&byte) = self.text.get(start) else {
                self.note(from);
                return Ok(self.token(Kind::End, start, start));
            };
            match byte {
                b'a'..=b'z' => {
                    search = word_end(self.text, start);
                    let whole = start == 0 || !is_identifier(self.text[start - 1]);
                    if whole && counts(&self.text[start..search]) {
                        self.note(from);
                        return Ok(self.token(Kind::Word, start, search));
                    }
                }
                b'\n' | b'/' | b'"' | b'\'' | b'`' => {
                    if let Some(newline) = self.pass_over(byte, start)? {
                        return Ok(newline);
                    }
                    search = self.at.max(start + 1);
                }
                _ => {
                    self.note(from);
                    return Ok(self.sign(byte, start));
                }
            }
        }
    }

    /// `&&`, `||`, or a sign of one byte.
    #[inline]
    fn sign(&mut self, byte: u8, start: usize) -> Token {
        let doubled = self.text.get(start + 1) == Some(&byte);
        match byte {
            b'&' if doubled => self.token(Kind::AndAnd, start, start + 2),
            b'|' if doubled => self.token(Kind::OrOr, start, start + 2),
            _ => self.token(Kind::Punct(byte), start, start + 1),
        }
    }

    /// A line end, comment or string that starts with `byte` at `start`; gives a line end that ends a statement.
    fn pass_over(&mut self, byte: u8, start: usize) -> Result<Option<Token>, Unreadable> {
        let from = self.at;
        if byte == b'/' && !matches!(self.text.get(start + 1), Some(b'/' | b'*')) {
            return Ok(None);
        }
        if !matches!(byte, b'\n' | b'/') {
            self.solid(byte, start)?;
            return Ok(None);
        }
        self.gap = from;
        self.before = self.last;
        self.last = self.before_byte(start);
        self.at = start;
        if byte == b'/' {
            self.comment()?;
            let ends = std::mem::take(&mut self.newline);
            return Ok(ends.then(|| self.newline(start)));
        }
        self.at += 1;
        let ends = ends_statement(&self.last, self.text);
        Ok(ends.then(|| self.newline(start)))
    }

    /// The next token is returned: what is before it stands in front of byte `gap`, or behind it.
    #[inline]
    fn note(&mut self, gap: usize) {
        self.before = self.last;
        self.gap = gap;
    }

    /// A line end at byte `start` that ends a statement.
    fn newline(&mut self, start: usize) -> Token {
        let token = Token {
            kind: Kind::Newline,
            start,
            end: self.at,
        };
        self.note(start);
        self.last = token;
        token
    }

    /// The next token; [`Kind::End`] once the text is over.
    pub(super) fn next(&mut self) -> Result<Token, Unreadable> {
        loop {
            self.at = skip(self.text, self.at, BLANK);
            let start = self.at;
            let Some(&byte) = self.text.get(start) else {
                self.note(start);
                return Ok(self.token(Kind::End, start, start));
            };
            match byte {
                b'\n' => {
                    self.at += 1;
                    if ends_statement(&self.last, self.text) {
                        return Ok(self.newline(start));
                    }
                }
                b'/' if self.comment()? => {
                    if std::mem::take(&mut self.newline) {
                        return Ok(self.newline(start));
                    }
                }
                _ => {
                    self.note(start);
                    return self.solid(byte, start);
                }
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
                self.newline = ends_statement(&self.last, self.text)
                    && memchr::memchr(b'\n', &body[..length]).is_some();
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
                Ok(self.token(Kind::Punct(byte), start, start + 2))
            }
            _ => Ok(self.token(Kind::Punct(byte), start, start + 1)),
        }
    }

    #[inline]
    fn token(&mut self, kind: Kind, start: usize, end: usize) -> Token {
        self.at = end;
        self.last = Token { kind, start, end };
        self.last
    }
}

/// Whether a line end behind `token` ends a statement.
#[inline]
fn ends_statement(token: &Token, text: &[u8]) -> bool {
    match token.kind {
        Kind::Number | Kind::Text => true,
        Kind::Punct(b')' | b']' | b'}') => true,
        Kind::Punct(b'+' | b'-') => token.end - token.start == 2,
        Kind::Word => !continues(token.bytes(text)),
        _ => false,
    }
}

/// The last token of what has no marks in it, from byte `from` to `to`.
fn last_token(text: &[u8], from: usize, to: usize) -> Option<Token> {
    let between = text.get(from..to)?;
    let blank = |byte: &&u8| **byte == b'\n' || CLASS[**byte as usize] & BLANK != 0;
    let end = to - between.iter().rev().take_while(blank).count();
    let (&byte, rest) = text[from..end].split_last()?;
    let like = |class: fn(u8, u8) -> bool| {
        let run = rest.iter().rev().take_while(|&&other| class(other, byte));
        end - 1 - run.count()
    };
    let (kind, start) = if is_identifier(byte) {
        let start = like(|other, _| is_identifier(other));
        let number = CLASS[text[start] as usize] & DIGIT != 0;
        (if number { Kind::Number } else { Kind::Word }, start)
    } else if matches!(byte, b'+' | b'-') {
        // They are taken two at a time.
        let start = like(|other, byte| other == byte);
        (Kind::Punct(byte), end - 1 - (end - start + 1) % 2)
    } else {
        (Kind::Punct(byte), end - 1)
    };
    Some(Token { kind, start, end })
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

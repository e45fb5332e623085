//! Tokens of Ruby as lizard cuts them: here-documents are code for it, and names take a sign in front and behind.

use crate::lang::signs;
use crate::lang::token::{BLANK, CLASS, IDENTIFIER, line_end, skip, skip_quoted};
use memchr::{memchr, memmem};

/// How far the end of a regular expression is looked for.
const LONGEST_PATTERN: usize = 4096;

/// A token.
#[derive(Clone, Copy)]
pub(super) struct Piece {
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it is the first of its line, or goes over several.
    pub(super) fresh: bool,
    pub(super) sort: Sort,
}

/// What a token is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Sort {
    /// What its bytes say.
    Plain,
    /// `#{` in a string.
    Code,
    /// A part of a string with code in it.
    Part,
}

/// What a closing brace ends.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Open {
    Brace,
    Code,
}

/// Reads tokens; comments and blanks are left out.
pub(super) struct Pieces<'a> {
    text: &'a [u8],
    at: usize,
    fresh: bool,
    open: Vec<Open>,
    /// Where lizard starts anew: behind `#{`, and at the brace that closes it.
    base: usize,
    /// A string goes on behind the brace at `at`.
    resumes: bool,
    /// `#{` comes next.
    code: bool,
    /// Up to where what stays open is known not to close: `"`, `'`, `/*`, and literals by their bracket.
    unclosed: [usize; 7],
}

/// The brackets of `%` literals: what opens and closes them.
const BRACKETS: [(u8, u8); 4] = [(b'{', b'}'), (b'[', b']'), (b'<', b'>'), (b'(', b')')];

impl<'a> Pieces<'a> {
    pub(super) const fn new(text: &'a [u8]) -> Self {
        Self {
            text,
            at: 0,
            fresh: true,
            open: Vec::new(),
            base: 0,
            resumes: false,
            code: false,
            unclosed: [0; 7],
        }
    }

    pub(super) fn next(&mut self) -> Option<Piece> {
        if std::mem::take(&mut self.code) {
            return Some(self.enter());
        }
        loop {
            let byte = *self.text.get(self.at)?;
            if self.resumes {
                return Some(self.string(self.at));
            }
            let start = self.at;
            if CLASS[byte as usize] & BLANK != 0 || byte == b'\n' {
                if let Some(end) = self.pattern(start) {
                    return Some(self.pattern_piece(start, end));
                }
                self.blank(byte);
                continue;
            }
            if byte == b'#' {
                self.at = line_end(self.text, start);
                continue;
            }
            return Some(self.piece(start, byte));
        }
    }

    fn blank(&mut self, byte: u8) {
        if byte == b'\n' {
            self.fresh = true;
            self.at += 1;
        } else {
            self.at = skip(self.text, self.at, BLANK);
        }
    }

    fn peek(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    fn token(&mut self, start: usize, end: usize) -> Piece {
        self.at = end;
        let several = memchr(b'\n', &self.text[start..end]).is_some();
        Piece {
            start,
            end,
            fresh: std::mem::take(&mut self.fresh) || several,
            sort: Sort::Plain,
        }
    }

    fn piece(&mut self, start: usize, byte: u8) -> Piece {
        match byte {
            b'"' => return self.string(start),
            b'{' => self.open.push(Open::Brace),
            b'}' => return self.close(start),
            _ => {}
        }
        let end = self.end(start, byte);
        self.token(start, end)
    }

    fn close(&mut self, start: usize) -> Piece {
        let piece = self.token(start, start + 1);
        if self.open.pop() == Some(Open::Code) {
            self.resumes = true;
            self.base = start;
            self.at = start;
        }
        piece
    }

    fn enter(&mut self) -> Piece {
        self.open.push(Open::Code);
        let mut piece = self.token(self.at, self.at + 2);
        piece.sort = Sort::Code;
        self.base = self.at;
        piece
    }

    /// A string, up to the code in it.
    fn string(&mut self, start: usize) -> Piece {
        let resumed = std::mem::take(&mut self.resumes);
        let end = self.quoted(start, b'"', 0).unwrap_or(start + 1);
        let found = memmem::find(&self.text[start..end], b"#{");
        self.code = found.is_some();
        let mut piece = self.token(start, found.map_or(end, |found| start + found));
        if resumed || self.code {
            piece.sort = Sort::Part;
        }
        piece
    }

    fn quoted(&mut self, start: usize, quote: u8, slot: usize) -> Option<usize> {
        if start < self.unclosed[slot] {
            return None;
        }
        let end = skip_quoted(self.text, start + 1, quote, false);
        let end = end.filter(|&end| end <= self.text.len());
        if end.is_none() {
            self.unclosed[slot] = self.text.len();
        }
        end
    }

    fn end(&mut self, start: usize, byte: u8) -> usize {
        if let Some(end) = self.own(start, byte) {
            return end;
        }
        match byte {
            b'\'' => self.quoted(start, byte, 1).unwrap_or(start + 1),
            b'/' if self.peek(start + 1) == b'/' => line_end(self.text, start),
            _ => signs::end(self.text, start),
        }
    }

    /// What is one token in Ruby only.
    fn own(&mut self, start: usize, byte: u8) -> Option<usize> {
        match byte {
            b'/' => self.comment(start).or_else(|| self.pattern(start)),
            b'=' => self.documentation(start),
            b'%' => self.literal(start),
            b'.' => {
                let dots = self.text[start..].iter().take_while(|&&byte| byte == b'.');
                Some(start + dots.count())
            }
            b'$' => {
                let end = skip(self.text, start + 1, IDENTIFIER);
                (end > start + 1).then_some(end)
            }
            _ => self.name(start),
        }
    }

    fn comment(&mut self, start: usize) -> Option<usize> {
        if self.peek(start + 1) != b'*' || start < self.unclosed[2] {
            return None;
        }
        let found = memmem::find(&self.text[start + 2..], b"*/");
        if found.is_none() {
            self.unclosed[2] = self.text.len();
        }
        found.map(|found| start + found + 4)
    }

    /// `=begin` and `=end` at the start of a line.
    fn documentation(&self, start: usize) -> Option<usize> {
        let fresh = start == self.base || self.text[start - 1] == b'\n';
        let words: [&[u8]; 2] = [b"=begin", b"=end"];
        let found = words
            .iter()
            .find(|word| self.text[start..].starts_with(word));
        found.filter(|_| fresh).map(|word| start + word.len())
    }

    /// `%w(…)`: up to the first bracket that closes. In parentheses no `>` may stand.
    fn literal(&mut self, start: usize) -> Option<usize> {
        let letter = matches!(
            self.peek(start + 1),
            b'q' | b'Q' | b'r' | b'w' | b'i' | b'I'
        );
        let mut at = start + 1 + usize::from(letter);
        let opened = self.peek(at);
        let index = BRACKETS.iter().position(|pair| pair.0 == opened)?;
        let (slot, close) = (3 + index, BRACKETS[index].1);
        if start < self.unclosed[slot] {
            return None;
        }
        at += 1;
        while let Some(&byte) = self.text.get(at) {
            match byte {
                b'\\' => at += 1,
                _ if byte == close => return Some(at + 1),
                b'>' if close == b')' => break,
                _ => {}
            }
            at += 1;
        }
        self.unclosed[slot] = at.min(self.text.len());
        None
    }

    /// `name:`, or a name with `:` or `@` in front and `?` or `!` behind.
    fn name(&self, start: usize) -> Option<usize> {
        let word = skip(self.text, start, IDENTIFIER);
        if word > start && self.peek(word) == b':' {
            return Some(word + 1);
        }
        let mut at = start + usize::from(self.text[start] == b':');
        let signs = self.text[at..].iter().take_while(|&&byte| byte == b'@');
        at += signs.take(2).count();
        let end = skip(self.text, at, IDENTIFIER);
        if end == at {
            return None;
        }
        let end = end + usize::from(self.peek(end) == b'?');
        Some(end + usize::from(self.peek(end) == b'!'))
    }

    /// The end of a regular expression at byte `at`, blanks in front included: one starts only behind a sign that opens an
    /// expression.
    fn pattern(&self, at: usize) -> Option<usize> {
        let opens = at == self.base
            || matches!(
                self.text[at - 1],
                b'=' | b',' | b'(' | b'{' | b'[' | b'?' | b':' | b'!' | b'&' | b'|' | b';'
            );
        if !opens {
            return None;
        }
        let rest = &self.text[at..];
        let start = at + rest.len() - rest.trim_ascii_start().len();
        if self.peek(start) != b'/' || matches!(self.peek(start + 1), b'/' | b'*') {
            return None;
        }
        self.pattern_end(start + 1)
    }

    fn pattern_end(&self, start: usize) -> Option<usize> {
        let rest = &self.text[start..self.text.len().min(start + LONGEST_PATTERN)];
        let line = memchr::memchr2(b'\r', b'\n', rest).map_or(rest, |end| &rest[..end]);
        let (mut at, mut class) = (0, false);
        loop {
            match *line.get(at)? {
                b'\\' => at += 1,
                b'[' => class = true,
                b']' => class = false,
                b'/' if !class => break,
                _ => {}
            }
            at += 1;
        }
        let at = start + at;
        let flags = self.text[at + 1..]
            .iter()
            .take_while(|byte| byte.is_ascii_lowercase());
        Some(at + 1 + flags.count())
    }

    /// A regular expression with blanks in front of it, which count as such.
    fn pattern_piece(&mut self, at: usize, end: usize) -> Piece {
        let rest = &self.text[at..end];
        let start = end - rest.trim_ascii_start().len();
        self.fresh |= memchr(b'\n', &self.text[at..start]).is_some();
        self.token(start, end)
    }
}

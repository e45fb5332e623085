//! Tokens as lizard cuts them, for the languages whose numbers are lizard's: what is one token there must be one here.
//!
//! Source: the behaviour of <https://github.com/terryyin/lizard> 1.24.

mod literal;
mod script;

use super::function::Unreadable;
use super::nested;
use super::signs;
use super::token::{BLANK, CLASS, DIGIT, IDENTIFIER, skip, word_end};
use memchr::memmem;

/// Which tokens there are beside those of all languages.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum Dialect {
    #[default]
    Plain,
    /// `1.5e3` is one token, `R"(…)"` a string.
    C,
    /// `name?` and `name!` are one token, as are `` `name` ``, `#name` and `??`; strings hold code, and comments nest.
    Swift,
    /// `name?`, `name!!` and `` `name` `` are one token, as are `??` and `?:`.
    Kotlin,
    /// `$name` is one token, as are `??`, `??=`, `?->`, `?:` and here-documents.
    Php,
    /// `--` starts a comment, `[[` a string.
    Lua,
    /// `'name` is one token, whatever closes behind it.
    Rust,
    /// Strings may stand in backticks.
    Go,
    /// JavaScript: `#name`, `$name` and `name?` are one token, as are `??` and `?.`.
    Script,
    /// The same with JSX: `<name>` and `</name>` are one token, `name?` is none.
    ScriptMarkup,
}

/// Whether `#` and this word make a line of Swift that is no code.
fn is_directive(word: &[u8]) -> bool {
    let condition = matches!(word, b"if" | b"elseif" | b"else" | b"endif");
    condition || matches!(word, b"sourceLocation" | b"warning" | b"error")
}

/// What a lexeme is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Sort {
    /// A word, also one that starts with a digit.
    Word,
    /// A string or character.
    Text,
    /// `#` and what stands behind it on the line.
    Macro,
    /// Anything else.
    Sign,
}

/// A token.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Lexeme {
    pub(super) sort: Sort,
    pub(super) start: usize,
    pub(super) end: usize,
    /// Whether it is the first of its line, or goes over several.
    pub(super) fresh: bool,
}

impl Lexeme {
    /// Its bytes in `text`.
    #[inline]
    pub(super) fn bytes<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.start..self.end]
    }
}

/// Reads lexemes; comments and blanks are left out.
pub(super) struct Lexemes<'a> {
    pub(super) text: &'a [u8],
    /// Where the next token may start.
    pub(super) at: usize,
    dialect: Dialect,
    fresh: bool,
    /// Quotes that are known not to close any more: `"`, `'`, `/*`, others.
    open: [bool; 4],
}

/// The raw kinds a token may have before comments and blanks are dropped.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Raw {
    Keep(Sort),
    Comment,
    Blank,
    Newline,
    Hash,
}

impl<'a> Lexemes<'a> {
    /// The lexemes of `text` from byte `at` on.
    pub(super) fn new(text: &'a [u8], at: usize, dialect: Dialect) -> Self {
        Self {
            text,
            at,
            dialect,
            fresh: true,
            open: [false; 4],
        }
    }

    /// The next lexeme; `None` at the end.
    ///
    /// # Errors
    /// A comment that is never closed.
    pub(super) fn next(&mut self) -> Result<Option<Lexeme>, Unreadable> {
        while let Some(&byte) = self.text.get(self.at) {
            let start = self.at;
            // What most texts have the most of goes no further.
            if CLASS[byte as usize] & BLANK != 0 {
                self.at = skip(self.text, start + 1, BLANK);
                continue;
            }
            if byte == b'\n' {
                self.fresh = true;
                self.at += 1;
                continue;
            }
            if signs::is_single(byte) {
                self.at += 1;
                return Ok(Some(self.lexeme(Sort::Sign, start)));
            }
            let (raw, end) = self.raw(start);
            self.at = end;
            match raw {
                Raw::Blank => {}
                Raw::Newline => self.fresh = true,
                Raw::Comment => self.fresh |= spans_lines(&self.text[start..end]),
                Raw::Hash => return Ok(Some(self.directive(start))),
                Raw::Keep(sort) => {
                    self.closed(sort, start, end)?;
                    return Ok(Some(self.lexeme(sort, start)));
                }
            }
        }
        Ok(None)
    }

    /// Nothing but a comment, or a string that holds code, may be left open: what follows it would be read as code.
    #[inline]
    pub(super) fn closed(&self, sort: Sort, start: usize, end: usize) -> Result<(), Unreadable> {
        if sort != Sort::Sign || !matches!(self.text[start], b'/' | b'"' | b'#') {
            return Ok(());
        }
        let comment = self.dialect != Dialect::Lua && end == start + 1 && self.starts(start, b"/*");
        let string = self.dialect == Dialect::Swift && matches!(self.text[start], b'"' | b'#');
        let what = match (comment, string) {
            (true, _) => "a comment is never closed",
            (_, true) => "a string is never closed",
            _ => return Ok(()),
        };
        Err(Unreadable::new(what, start))
    }

    /// The directive whose `#` stands at `start` and has been read.
    pub(super) fn directive(&mut self, start: usize) -> Lexeme {
        self.finish_macro();
        self.lexeme(Sort::Macro, start)
    }

    /// The word or sign from `start` to `end`.
    #[inline]
    pub(super) fn take(&mut self, sort: Sort, start: usize, end: usize) -> Lexeme {
        self.at = end;
        self.lexeme(sort, start)
    }

    #[inline]
    fn lexeme(&mut self, sort: Sort, start: usize) -> Lexeme {
        let several = sort == Sort::Text && spans_lines(&self.text[start..self.at]);
        let fresh = std::mem::take(&mut self.fresh) || several;
        Lexeme {
            sort,
            start,
            end: self.at,
            fresh,
        }
    }

    /// A directive ends before the first token that holds a line end which no backslash hides.
    fn finish_macro(&mut self) {
        while self.at < self.text.len() {
            let (raw, end) = self.raw(self.at);
            let token = &self.text[self.at..end];
            let may_span = !matches!(raw, Raw::Blank | Raw::Keep(Sort::Word));
            if may_span && spans_lines(token) && memmem::find(token, b"\\\n").is_none() {
                return;
            }
            self.at = end;
        }
    }

    fn peek(&self, at: usize) -> u8 {
        self.text.get(at).copied().unwrap_or(0)
    }

    fn starts(&self, at: usize, with: &[u8]) -> bool {
        self.text[at..].starts_with(with)
    }

    /// What starts at byte `at`, and where it ends.
    #[inline]
    pub(super) fn raw(&mut self, at: usize) -> (Raw, usize) {
        let byte = self.text[at];
        let class = CLASS[byte as usize];
        if class & BLANK != 0 {
            return (Raw::Blank, skip(self.text, at, BLANK));
        }
        if class & IDENTIFIER != 0 {
            return self.word(at, class & DIGIT != 0);
        }
        if byte == b'\n' {
            return (Raw::Newline, at + 1);
        }
        if let Some(found) = self.own(at, byte) {
            return found;
        }
        match byte {
            b'"' | b'\'' => self.quoted(at, byte),
            b'#' => (Raw::Hash, at + 1),
            b'/' => self.slash(at),
            _ => (Raw::Keep(Sort::Sign), signs::end(self.text, at)),
        }
    }

    /// What only one dialect has.
    fn own(&mut self, at: usize, byte: u8) -> Option<(Raw, usize)> {
        match (self.dialect, byte) {
            (Dialect::Php, _) => self.php(at, byte),
            (Dialect::Lua, _) => self.lua(at, byte),
            (Dialect::Swift, _) => self.swift(at, byte),
            (Dialect::C, b'.') => self.fraction(at),
            (Dialect::Kotlin, b'`') => self.backticks(at),
            (Dialect::Kotlin, b'?') => self.question(at),
            (Dialect::Rust, b'\'') => self.lifetime(at),
            (Dialect::Go, b'`') => self.raw_text(at),
            (Dialect::Script | Dialect::ScriptMarkup, _) => self.script(at, byte),
            _ => None,
        }
    }

    /// `'name`, and `'a` of `'a'` too, as lizard has it.
    fn lifetime(&self, at: usize) -> Option<(Raw, usize)> {
        let end = skip(self.text, at + 1, IDENTIFIER);
        let name = String::from_utf8_lossy(self.text.get(at + 1..end.min(at + 5))?);
        let first = name.chars().next()?;
        (first == '_' || first.is_alphanumeric()).then_some((Raw::Keep(Sort::Sign), end))
    }

    fn raw_text(&mut self, at: usize) -> Option<(Raw, usize)> {
        if self.open[3] {
            return None;
        }
        let found = memchr::memchr(b'`', &self.text[at + 1..]);
        self.open[3] = found.is_none();
        found.map(|found| (Raw::Keep(Sort::Text), at + found + 2))
    }

    fn swift(&mut self, at: usize, byte: u8) -> Option<(Raw, usize)> {
        match byte {
            b'`' => self.backticks(at),
            b'?' => self.question(at),
            b'"' => Some(self.string(at, 0)),
            b'#' => Some(self.hashes(at)),
            b'/' if self.peek(at + 1) == b'*' => Some(self.nested_comment(at)),
            _ => None,
        }
    }

    fn nested_comment(&mut self, at: usize) -> (Raw, usize) {
        let end = (!self.open[2]).then(|| nested::comment_end(self.text, at));
        match end.flatten() {
            Some(end) => (Raw::Comment, end),
            None => self.stays_open(2, at + 1),
        }
    }

    fn string(&mut self, at: usize, hashes: usize) -> (Raw, usize) {
        let end = (!self.open[3]).then(|| nested::string_end(self.text, at + hashes, hashes));
        match end.flatten() {
            Some(end) => (Raw::Keep(Sort::Text), end),
            None => self.stays_open(3, at + hashes + 1),
        }
    }

    /// Looked for once: a directive may hold many that are never closed.
    fn stays_open(&mut self, slot: usize, end: usize) -> (Raw, usize) {
        self.open[slot] = true;
        (Raw::Keep(Sort::Sign), end)
    }

    /// `#"…"#`, a directive, or a macro's name.
    fn hashes(&mut self, at: usize) -> (Raw, usize) {
        let rest = &self.text[at..];
        let count = rest.iter().take_while(|&&byte| byte == b'#').count();
        let end = word_end(self.text, at + count);
        match rest.get(count) {
            Some(b'"') => self.string(at, count),
            _ if end == at + count || is_directive(&self.text[at + count..end]) => {
                (Raw::Hash, at + count)
            }
            _ => (Raw::Keep(Sort::Word), end),
        }
    }

    fn php(&mut self, at: usize, byte: u8) -> Option<(Raw, usize)> {
        match byte {
            b'$' => {
                let end = word_end(self.text, at + 1);
                (end > at + 1).then_some((Raw::Keep(Sort::Word), end))
            }
            b'?' => self.question(at),
            b'<' if self.starts(at, b"<<<") => self.heredoc(at),
            _ => None,
        }
    }

    fn lua(&mut self, at: usize, byte: u8) -> Option<(Raw, usize)> {
        match byte {
            b'-' if self.starts(at, b"--") => Some(self.dashes(at)),
            b'[' => self.long_bracket(at),
            _ => None,
        }
    }

    fn backticks(&self, at: usize) -> Option<(Raw, usize)> {
        let end = word_end(self.text, at + 1);
        (end > at + 1 && self.peek(end) == b'`').then_some((Raw::Keep(Sort::Word), end + 1))
    }

    fn question(&self, at: usize) -> Option<(Raw, usize)> {
        let signs: &[&[u8]] = match self.dialect {
            Dialect::Php => &[b"??=", b"??", b"?->", b"?:"],
            Dialect::Kotlin => &[b"??", b"?:"],
            _ => &[b"??"],
        };
        let found = signs.iter().find(|sign| self.starts(at, sign))?;
        Some((Raw::Keep(Sort::Sign), at + found.len()))
    }

    fn heredoc(&mut self, at: usize) -> Option<(Raw, usize)> {
        let end = word_end(self.text, at + 3);
        if end == at + 3 || self.open[3] {
            return None;
        }
        let found = memmem::find(&self.text[end..], &self.text[at + 3..end]);
        self.open[3] = found.is_none();
        found.map(|found| (Raw::Keep(Sort::Text), end + found + (end - at - 3)))
    }

    fn dashes(&mut self, at: usize) -> (Raw, usize) {
        if self.starts(at, b"--[[") && !self.open[3] {
            if let Some(found) = memmem::find(&self.text[at..], b"]]") {
                return (Raw::Comment, at + found + 2);
            }
            self.open[3] = true;
        }
        (Raw::Comment, super::token::line_end(self.text, at))
    }

    /// `[==[ … ]==]`; any number of `=` closes it.
    fn long_bracket(&mut self, at: usize) -> Option<(Raw, usize)> {
        let rest = &self.text[at + 1..];
        let equals = rest.iter().take_while(|&&byte| byte == b'=').count();
        if rest.get(equals) != Some(&b'[') || self.open[2] {
            return None;
        }
        let mut from = at + 2 + equals;
        while let Some(found) = memchr::memchr(b']', self.text.get(from..)?) {
            let close = from + found + 1;
            let equals = self.text[close..]
                .iter()
                .take_while(|&&byte| byte == b'=')
                .count();
            if self.peek(close + equals) == b']' {
                return Some((Raw::Keep(Sort::Text), close + equals + 1));
            }
            from = close + equals;
        }
        self.open[2] = true;
        None
    }

    #[inline]
    fn word(&mut self, at: usize, number: bool) -> (Raw, usize) {
        if number && let Some(end) = self.number(at) {
            return (Raw::Keep(Sort::Sign), end);
        }
        let end = word_end(self.text, at);
        if self.dialect == Dialect::Swift && matches!(self.peek(end), b'?' | b'!') {
            return (Raw::Keep(Sort::Word), end + 1);
        }
        if self.dialect == Dialect::Script {
            return (Raw::Keep(Sort::Word), end + self.optional(end));
        }
        if self.dialect == Dialect::Kotlin {
            return (Raw::Keep(Sort::Word), end + self.behind_name(end));
        }
        if self.dialect == Dialect::C
            && self.peek(end) == b'"'
            && let Some(end) = self.raw_string(at, end)
        {
            return (Raw::Keep(Sort::Text), end);
        }
        (Raw::Keep(Sort::Word), end)
    }

    fn raw_string(&mut self, at: usize, quote: usize) -> Option<usize> {
        let prefix = matches!(&self.text[at..quote], b"R" | b"u8R" | b"uR" | b"UR" | b"LR");
        if !prefix || self.peek(quote + 1) != b'(' || self.open[3] {
            return None;
        }
        let found = memmem::find(&self.text[quote..], b")\"");
        self.open[3] = found.is_none();
        found.map(|found| quote + found + 2)
    }

    fn quoted(&mut self, at: usize, quote: u8) -> (Raw, usize) {
        let slot = usize::from(quote == b'\'');
        if !self.open[slot] {
            let end = super::token::skip_quoted(self.text, at + 1, quote, false);
            if let Some(end) = end.filter(|&end| end <= self.text.len()) {
                return (Raw::Keep(Sort::Text), end);
            }
            self.open[slot] = true;
        }
        (Raw::Keep(Sort::Sign), at + 1)
    }

    fn slash(&mut self, at: usize) -> (Raw, usize) {
        match self.peek(at + 1) {
            b'*' if !self.open[2] => {
                if let Some(found) = memmem::find(&self.text[at + 2..], b"*/") {
                    return (self.comment(), at + found + 4);
                }
                self.open[2] = true;
                (Raw::Keep(Sort::Sign), at + 1)
            }
            b'/' => {
                let mut end = super::token::line_end(self.text, at);
                while self.peek(end) == b'\n' && self.text[end - 1] == b'\\' {
                    end = super::token::line_end(self.text, end + 1);
                }
                (self.comment(), end)
            }
            _ => (Raw::Keep(Sort::Sign), at + 1),
        }
    }

    /// What `//` and `/* */` are: in Lua no comments, and yet one token.
    fn comment(&self) -> Raw {
        if self.dialect == Dialect::Lua {
            Raw::Keep(Sort::Text)
        } else {
            Raw::Comment
        }
    }
}

fn spans_lines(token: &[u8]) -> bool {
    memchr::memchr(b'\n', token).is_some()
}

#[cfg(test)]
mod tests {
    use super::{Dialect, Lexemes};

    #[test]
    fn signs_are_cut_as_lizard_cuts_them() {
        let text = b"a<<=b>>=c||d&&e===f!==g==h!=i<=j>=k->l=>m++n--o+=p-=q^=r&=s|=t...u:=v::w**x<<y>>z..a!b=c";
        let mut lexemes = Lexemes::new(text, 0, Dialect::default());
        let mut signs = Vec::new();
        while let Ok(Some(lexeme)) = lexemes.next() {
            if !text[lexeme.start].is_ascii_lowercase() {
                signs.push(String::from_utf8_lossy(&text[lexeme.start..lexeme.end]).into_owned());
            }
        }
        let expected = "<<= >>= || && === !== == != <= >= -> => ++ -- += -= ^= &= |= ... := :: ** < < > > . . ! =";
        assert_eq!(signs.join(" "), expected);
    }
}

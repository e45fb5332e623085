//! TOML as lockfiles write it: a reader of items (a table's head, or a key and its value), without a tree.
//!
//! By hand: reading a 230 kB `Cargo.lock` with the `toml` crate costs more than a whole commit may. The tests
//! compare both over all real lockfiles. Dotted keys and tables as values of tables are read as they stand and left
//! to the format; no package manager writes them.

use super::LockfileError;
use super::input::Input;
use super::toml_lex::{key_end, line_end, skip_blank, value_end};
use std::borrow::Cow;

/// One item of a file.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item<'a> {
    /// `[head]`
    Table(&'a str),
    /// `[[head]]`
    Element(&'a str),
    /// `key = value`
    Pair(&'a str, Value<'a>),
}

/// A value, as written.
#[derive(Debug, Clone, Copy)]
pub(super) struct Value<'a>(pub &'a str);

/// Goes through a file item by item.
pub(super) struct Reader<'a> {
    input: Input<'a>,
    at: usize,
}

impl<'a> Reader<'a> {
    /// Starts at the beginning.
    pub(super) fn new(input: Input<'a>) -> Self {
        Self { input, at: 0 }
    }

    fn error<T>(&self, message: &str, at: usize) -> Result<T, LockfileError> {
        let text = self.input.text;
        let at = text.floor_char_boundary(at.min(text.len()));
        Err(self
            .input
            .error(format!("it is not valid TOML: {message}"), &text[at..at]))
    }

    /// The next item; `None` at the end.
    ///
    /// # Errors
    ///
    /// Where the text is not TOML.
    pub(super) fn next(&mut self) -> Result<Option<Item<'a>>, LockfileError> {
        let bytes = self.input.text.as_bytes();
        loop {
            self.at = skip_blank(bytes, self.at);
            match bytes.get(self.at) {
                None => return Ok(None),
                Some(b'\n') => self.at += 1,
                Some(b'#') => self.at = line_end(bytes, self.at),
                Some(b'[') => return self.head().map(Some),
                Some(_) => return self.pair().map(Some),
            }
        }
    }

    fn head(&mut self) -> Result<Item<'a>, LockfileError> {
        let text = self.input.text;
        let end = line_end(text.as_bytes(), self.at);
        let line = &text[self.at..end];
        let (marks, element) = match line.strip_prefix("[[") {
            Some(_) => (2, true),
            None => (1, false),
        };
        let length = memchr::memchr(b']', &line.as_bytes()[marks..]);
        let closed = length.filter(|length| line[marks + length..].starts_with(&"]]"[..marks]));
        let Some(length) = closed else {
            return self.error("a table's head is not closed", self.at);
        };
        let name = line[marks..marks + length].trim();
        if name.is_empty() {
            return self.error("a table has no name", self.at);
        }
        self.at += marks + length + marks;
        self.finish_line()?;
        Ok(if element {
            Item::Element(name)
        } else {
            Item::Table(name)
        })
    }

    fn pair(&mut self) -> Result<Item<'a>, LockfileError> {
        let text = self.input.text;
        let bytes = text.as_bytes();
        let start = self.at;
        let Some(end) = key_end(bytes, start) else {
            return self.error("expected a key", start);
        };
        let key = unquote_key(text[start..end].trim_end());
        let equals = skip_blank(bytes, end);
        if bytes.get(equals) != Some(&b'=') {
            return self.error("expected `=` after a key", equals);
        }
        let from = skip_blank(bytes, equals + 1);
        let to = match value_end(bytes, from) {
            Ok(to) => to,
            Err(at) => return self.error("expected a value", at),
        };
        self.at = to;
        self.finish_line()?;
        Ok(Item::Pair(key, Value(&text[from..to])))
    }

    /// Nothing but a comment may follow.
    fn finish_line(&mut self) -> Result<(), LockfileError> {
        let bytes = self.input.text.as_bytes();
        let at = skip_blank(bytes, self.at);
        match bytes.get(at) {
            None | Some(b'\n') => self.at = at,
            Some(b'#') => self.at = line_end(bytes, at),
            Some(_) => return self.error("expected the end of the line", at),
        }
        Ok(())
    }
}

fn unquote_key(key: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = key
            .strip_prefix(quote)
            .and_then(|key| key.strip_suffix(quote))
            && !inner.contains(quote)
        {
            return inner;
        }
    }
    key
}

impl<'a> Value<'a> {
    /// The text of a string; `None` for anything else.
    pub(super) fn string(self) -> Option<Cow<'a, str>> {
        let raw = self.0;
        let quote = raw
            .chars()
            .next()
            .filter(|quote| matches!(quote, '"' | '\''))?;
        let long = raw.len() >= 6 && raw.bytes().take(3).all(|byte| byte == quote as u8);
        let marks = if long { 3 } else { 1 };
        let inner = raw.get(marks..raw.len() - marks)?;
        let inner = if long {
            inner
                .strip_prefix("\r\n")
                .or(inner.strip_prefix('\n'))
                .unwrap_or(inner)
        } else {
            inner
        };
        if quote == '"' && memchr::memchr(b'\\', inner.as_bytes()).is_some() {
            return Some(Cow::Owned(unescape(inner)));
        }
        Some(Cow::Borrowed(inner))
    }

    /// Whether it is `true`.
    pub(super) fn is_true(self) -> bool {
        self.0 == "true"
    }

    /// The elements of an array; none for anything else.
    pub(super) fn elements(self) -> Pieces<'a> {
        Pieces {
            rest: self.0.strip_prefix('[').unwrap_or_default(),
        }
    }

    /// The value that an inline table has for `key`.
    pub(super) fn field(self, key: &str) -> Option<Value<'a>> {
        let mut rest = self.0.strip_prefix('{')?;
        loop {
            rest = skip_filler(rest);
            let end = key_end(rest.as_bytes(), 0)?;
            let name = unquote_key(&rest[..end]);
            rest = rest[end..].trim_start().strip_prefix('=')?.trim_start();
            let end = value_end(rest.as_bytes(), 0).ok()?;
            if name == key {
                return Some(Value(&rest[..end]));
            }
            rest = &rest[end..];
        }
    }
}

/// Drops blanks, commas and comments.
fn skip_filler(mut rest: &str) -> &str {
    loop {
        rest = rest.trim_start_matches([' ', '\t', '\r', '\n', ',']);
        if !rest.starts_with('#') {
            return rest;
        }
        rest = &rest[line_end(rest.as_bytes(), 0)..];
    }
}

/// The elements of an array.
pub(super) struct Pieces<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Pieces<'a> {
    type Item = Value<'a>;

    fn next(&mut self) -> Option<Value<'a>> {
        self.rest = skip_filler(self.rest);
        let end = value_end(self.rest.as_bytes(), 0).ok()?;
        let (piece, rest) = self.rest.split_at(end);
        self.rest = rest;
        Some(Value(piece))
    }
}

fn unescape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('t') => out.push('\t'),
            Some('r') => out.push('\r'),
            Some('u') => out.push(code_point(&mut chars, 4)),
            Some('U') => out.push(code_point(&mut chars, 8)),
            Some(other) => out.push(other),
            None => {}
        }
    }
    out
}

fn code_point(chars: &mut std::str::Chars<'_>, digits: usize) -> char {
    let code = chars.by_ref().take(digits).fold(0_u32, |code, c| {
        code.wrapping_mul(16)
            .wrapping_add(c.to_digit(16).unwrap_or(0))
    });
    char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER)
}

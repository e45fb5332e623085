//! TOML as lockfiles write it: a reader of items (a table's head, or a key and its value), without a tree.
//!
//! By hand: reading a 230 kB `Cargo.lock` with the `toml` crate costs more than a whole commit may. The tests
//! compare both over all real lockfiles. Dotted keys and tables as values of tables are read as they stand and left
//! to the format; no package manager writes them.

use super::LockfileError;
use super::input::Input;
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

/// Deeper nesting is no lockfile.
const MAX_DEPTH: usize = 64;

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
        let close = if element { "]]" } else { "]" };
        let Some(length) = line[marks..].find(close) else {
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

fn skip_blank(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r')) {
        at += 1;
    }
    at
}

fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length)
}

/// The end of a key, which may be dotted and quoted; `None` where there is none.
fn key_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        match bytes.get(at) {
            Some(b'"' | b'\'') => at = string_end(bytes, at).ok()?,
            Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') => {
                at += 1
            }
            _ => break,
        }
    }
    (at > start).then_some(at)
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

/// The end of the value that starts at `at`, or the place where it stops being one.
fn value_end(bytes: &[u8], at: usize) -> Result<usize, usize> {
    match bytes.get(at) {
        Some(b'"' | b'\'') => string_end(bytes, at),
        Some(b'[' | b'{') => nested_end(bytes, at),
        _ => {
            let end = bare_end(bytes, at);
            if is_bare_value(&bytes[at..end]) {
                Ok(end)
            } else {
                Err(at)
            }
        }
    }
}

fn bare_end(bytes: &[u8], at: usize) -> usize {
    let length = bytes[at..].iter().position(|byte| {
        !(byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'-' | b'.' | b':' | b'_'))
    });
    length.map_or(bytes.len(), |length| at + length)
}

/// Booleans, numbers and dates.
fn is_bare_value(word: &[u8]) -> bool {
    let unsigned = match word {
        [b'+' | b'-', rest @ ..] => rest,
        _ => word,
    };
    matches!(word, b"true" | b"false")
        || matches!(unsigned, b"inf" | b"nan")
        || unsigned.first().is_some_and(u8::is_ascii_digit)
}

/// The end of the string whose opening quote is at `at`.
fn string_end(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let quote = bytes[at];
    let triple = [quote; 3];
    if bytes[at..].starts_with(&triple) {
        return long_string_end(bytes, at);
    }
    let mut from = at + 1;
    loop {
        let Some(found) = find_stop(bytes, from, quote) else {
            return Err(at);
        };
        match bytes[found] {
            b'\n' => return Err(at),
            b'\\' if quote == b'"' => from = (found + 2).min(bytes.len()),
            b'\\' => from = found + 1,
            _ => return Ok(found + 1),
        }
    }
}

/// Where the quote, a backslash or a line end is next. Most strings are short: calling for SIMD costs more than it gains.
fn find_stop(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    let stops = |byte: u8| byte == quote || byte == b'\\' || byte == b'\n';
    let near = bytes.get(from..)?;
    let head = &near[..near.len().min(20)];
    if let Some(length) = head.iter().position(|byte| stops(*byte)) {
        return Some(from + length);
    }
    let far = from + head.len();
    memchr::memchr3(quote, b'\\', b'\n', &bytes[far..]).map(|length| far + length)
}

fn long_string_end(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let quote = bytes[at];
    let mut from = at + 3;
    loop {
        let Some(length) = memchr::memchr2(quote, b'\\', &bytes[from..]) else {
            return Err(at);
        };
        let found = from + length;
        if bytes[found] == b'\\' {
            let escaped = usize::from(quote == b'"');
            from = (found + 1 + escaped).min(bytes.len());
        } else if bytes[found..].starts_with(&[quote; 3]) {
            let end = found + 3;
            // One or two more quotes belong to the text.
            let extra = bytes[end..]
                .iter()
                .take(2)
                .take_while(|byte| **byte == quote)
                .count();
            return Ok(end + extra);
        } else {
            from = found + 1;
        }
    }
}

/// The end of the array or inline table whose bracket is at `start`. Checks brackets and strings; what stands between
/// them only byte by byte.
fn nested_end(bytes: &[u8], start: usize) -> Result<usize, usize> {
    let mut closers = [0_u8; MAX_DEPTH];
    let mut depth = 0;
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b' ' | b'\n' | b',' => {}
            b'"' | b'\'' => {
                at = string_end(bytes, at)?;
                continue;
            }
            b'[' | b'{' => {
                *closers.get_mut(depth).ok_or(at)? = if byte == b'[' { b']' } else { b'}' };
                depth += 1;
            }
            b']' | b'}' => {
                depth -= 1;
                if closers[depth] != byte {
                    return Err(at);
                }
                if depth == 0 {
                    return Ok(at + 1);
                }
            }
            b'#' => {
                at = line_end(bytes, at);
                continue;
            }
            _ if !is_filler(byte) => return Err(at),
            _ => {}
        }
        at += 1;
    }
    Err(start)
}

/// What may stand between brackets and strings.
fn is_filler(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte.is_ascii_whitespace()
        || matches!(byte, b',' | b'=' | b'.' | b'_' | b'-' | b'+' | b':')
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
        if quote == '"' && inner.contains('\\') {
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

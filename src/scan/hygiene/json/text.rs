//! Strings of JSON and JSON5, and the encodings of a document.

use super::{Dialect, Fault};
use std::borrow::Cow;
use std::ops::Range;

/// The range between the quotes of the string whose first quote is at `start`.
///
/// # Errors
/// It is never closed, or holds what strings do not.
pub(super) fn string(
    text: &str,
    start: usize,
    quote: u8,
    dialect: Dialect,
) -> Result<Range<usize>, Fault> {
    let bytes = text.as_bytes();
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            None => return Err(Fault::new(start, "this string is never closed")),
            Some(&byte) if byte == quote => return Ok(start + 1..at),
            Some(b'\\') => at += escape(bytes, at, dialect.json5)?,
            Some(b'\n' | b'\r') => return Err(Fault::new(at, "a line end in a string")),
            Some(0..0x20) if !dialect.comments => {
                return Err(Fault::new(at, "a control character in a string"));
            }
            Some(_) => at += 1,
        }
    }
}

/// The length of the escape at `at`.
fn escape(bytes: &[u8], at: usize, json5: bool) -> Result<usize, Fault> {
    let hex = |count: usize| {
        bytes
            .get(at + 2..at + 2 + count)
            .is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit))
    };
    let length = match bytes.get(at + 1) {
        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => Some(2),
        Some(b'u') => hex(4).then_some(6),
        Some(&other) if json5 => match other {
            b'x' => hex(2).then_some(4),
            b'1'..=b'9' => None,
            b'\r' if bytes.get(at + 2) == Some(&b'\n') => Some(3),
            _ => Some(2),
        },
        _ => None,
    };
    length.ok_or_else(|| Fault::new(at, "not an escape"))
}

/// The value of the string written as `raw` (valid JSON, without its quotes) in UTF-8; a lone surrogate is written in
/// three bytes like any other code point (<https://simonsapin.github.io/wtf-8/>).
pub(in super::super) fn decode(raw: &str) -> Vec<u8> {
    let bytes = raw.as_bytes();
    if memchr::memchr(b'\\', bytes).is_none() {
        return bytes.to_vec();
    }
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            out.push(bytes[at]);
            at += 1;
            continue;
        }
        at += push_escape(bytes, at, &mut out);
    }
    out
}

/// Appends what the escape at `at` stands for, and gives its length.
fn push_escape(bytes: &[u8], at: usize, out: &mut Vec<u8>) -> usize {
    let plain = match bytes.get(at + 1) {
        Some(b'b') => 8,
        Some(b'f') => 12,
        Some(b'n') => b'\n',
        Some(b'r') => b'\r',
        Some(b't') => b'\t',
        Some(b'u') => {
            let (code, length) = code_point(bytes, at);
            push_code(code, out);
            return length;
        }
        Some(&other) => other,
        None => return 1,
    };
    out.push(plain);
    2
}

fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + 6)?.strip_prefix(b"\\u")?;
    u32::from_str_radix(std::str::from_utf8(digits).ok()?, 16).ok()
}

/// The code point of one or two `\u` escapes at `at`, and their length.
fn code_point(bytes: &[u8], at: usize) -> (u32, usize) {
    let high = unit(bytes, at).unwrap_or(0xfffd);
    if (0xd800..0xdc00).contains(&high)
        && let Some(low @ 0xdc00..0xe000) = unit(bytes, at + 6)
    {
        return (0x10000 + ((high - 0xd800) << 10) + (low - 0xdc00), 12);
    }
    (high, 6)
}

fn push_code(code: u32, out: &mut Vec<u8>) {
    match char::from_u32(code) {
        Some(character) => out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes()),
        None => out.extend([
            0xe0 | (code >> 12) as u8,
            0x80 | (code >> 6 & 0x3f) as u8,
            0x80 | (code & 0x3f) as u8,
        ]),
    }
}

/// The text of a document in the encoding its first bytes tell (RFC 4627, section 3), without a byte order mark.
///
/// # Errors
/// The place of the first byte that is not of that encoding.
pub(in super::super) fn from_bytes(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    if let Some(rest) = bytes.strip_prefix(b"\xef\xbb\xbf") {
        return utf8(rest, 3);
    }
    match bytes {
        [0xff, 0xfe, 0, 0, rest @ ..] => utf32(rest, u32::from_le_bytes),
        [0, 0, 0xfe, 0xff, rest @ ..] => utf32(rest, u32::from_be_bytes),
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0, 0, 0, _, ..] => utf32(bytes, u32::from_be_bytes),
        [0, _, ..] => utf16(bytes, u16::from_be_bytes),
        [_, 0, 0, 0, ..] => utf32(bytes, u32::from_le_bytes),
        [_, 0, ..] => utf16(bytes, u16::from_le_bytes),
        _ => utf8(bytes, 0),
    }
}

fn utf8(bytes: &[u8], offset: usize) -> Result<Cow<'_, str>, Fault> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| Fault::new(offset + error.valid_up_to(), "this byte is not UTF-8"))
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'static, str>, Fault> {
    let units = bytes.chunks(2).map(|pair| match *pair {
        [a, b] => unit([a, b]),
        _ => 0xdc00,
    });
    char::decode_utf16(units)
        .collect::<Result<String, _>>()
        .map(Cow::Owned)
        .map_err(|_| Fault::new(0, "this is not UTF-16"))
}

fn utf32(bytes: &[u8], unit: fn([u8; 4]) -> u32) -> Result<Cow<'static, str>, Fault> {
    let units = bytes.chunks(4).map(|four| match *four {
        [a, b, c, d] => char::from_u32(unit([a, b, c, d])),
        _ => None,
    });
    units
        .collect::<Option<String>>()
        .map(Cow::Owned)
        .ok_or_else(|| Fault::new(0, "this is not UTF-32"))
}

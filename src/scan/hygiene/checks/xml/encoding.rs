//! The encoding of an XML document (<https://www.w3.org/TR/xml/#sec-guessing>).

use crate::scan::hygiene::json::Fault;
use std::borrow::Cow;

/// The text of a document. Of encodings with one byte a character each byte stands for itself: what matters to the
/// structure is ASCII in all of them.
///
/// # Errors
/// The place of the first byte that is not of the encoding, or that the encoding is not known.
pub(super) fn text(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    match bytes {
        [0xff, 0xfe, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xfe, 0xff, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [b'<', 0, ..] => utf16(bytes, u16::from_le_bytes),
        [0, b'<', ..] => utf16(bytes, u16::from_be_bytes),
        _ => match declared(bytes) {
            None => utf8(bytes),
            Some(name) => named(bytes, &name),
        },
    }
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, Fault> {
    std::str::from_utf8(bytes)
        .map(Cow::Borrowed)
        .map_err(|error| Fault::new(error.valid_up_to(), "this byte is not UTF-8"))
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

/// The encoding that the declaration names, in lower case.
fn declared(bytes: &[u8]) -> Option<String> {
    let start = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let head = &start[..start.len().min(200)];
    let head = head.strip_prefix(b"<?xml")?;
    let end = memchr::memmem::find(head, b"?>")?;
    let at = memchr::memmem::find(&head[..end], b"encoding")?;
    let rest = head[at + 8..end]
        .trim_ascii_start()
        .strip_prefix(b"=")?
        .trim_ascii_start();
    let (&quote, rest) = rest.split_first()?;
    let close = memchr::memchr(quote, rest)?;
    Some(String::from_utf8_lossy(&rest[..close]).to_ascii_lowercase())
}

/// Beginnings of the names of encodings with one byte a character.
const ONE_BYTE: &[&str] = &[
    "iso-8859-",
    "iso8859-",
    "iso_8859-",
    "latin",
    "windows-12",
    "cp12",
    "cp4",
    "cp8",
    "ibm",
    "koi8",
    "mac",
    "us-ascii",
    "ascii",
];

fn named<'b>(bytes: &'b [u8], name: &str) -> Result<Cow<'b, str>, Fault> {
    if matches!(name, "utf-8" | "utf8") {
        return utf8(bytes);
    }
    if ONE_BYTE.iter().any(|known| name.starts_with(known)) {
        if let Ok(text) = std::str::from_utf8(bytes).map(Cow::Borrowed)
            && text.is_ascii()
        {
            return Ok(text);
        }
        return Ok(Cow::Owned(
            bytes.iter().map(|&byte| char::from(byte)).collect(),
        ));
    }
    if name.starts_with("utf-16") {
        return Err(Fault::new(
            0,
            "the declaration says UTF-16, the bytes are none",
        ));
    }
    Err(Fault::new(0, format!("the encoding `{name}` is not known")))
}

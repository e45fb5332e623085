//! Names as they are put together from tokens.

use super::token::Token;
use std::borrow::Cow;

/// Longer names are cut: hostile input has names of megabytes.
const LONGEST: usize = 1024;

/// A name, or another token that may turn out to be one.
#[derive(Clone, Default)]
pub(super) struct Name<'a> {
    bytes: Cow<'a, [u8]>,
    at: usize,
}

impl<'a> Name<'a> {
    pub(super) fn of(token: &Token<'a>) -> Self {
        let end = token.bytes.len().min(LONGEST);
        let bytes = match &token.bytes {
            Cow::Borrowed(bytes) => Cow::Borrowed(&bytes[..end]),
            Cow::Owned(bytes) => Cow::Owned(bytes[..end].to_vec()),
        };
        Self {
            bytes,
            at: token.at,
        }
    }

    pub(super) fn word(word: &'static [u8]) -> Self {
        Self {
            bytes: Cow::Borrowed(word),
            at: 0,
        }
    }

    pub(super) fn built(bytes: Vec<u8>) -> Self {
        Self {
            bytes: Cow::Owned(bytes),
            at: 0,
        }
    }

    #[inline]
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Appends a token, as to `a.b`.
    pub(super) fn push(&mut self, text: &'a [u8], token: &Token<'a>) {
        let end = token.at + token.bytes.len();
        let together = self.bytes.len() + token.bytes.len();
        if together > LONGEST {
            return;
        }
        let adjacent = self.at + self.bytes.len() == token.at && end <= text.len();
        if let (Cow::Borrowed(_), Cow::Borrowed(_), true) = (&self.bytes, &token.bytes, adjacent) {
            let joined = &text[self.at..end];
            if joined.starts_with(&self.bytes) {
                self.bytes = Cow::Borrowed(joined);
                return;
            }
        }
        self.bytes.to_mut().extend_from_slice(&token.bytes);
    }

    /// Whether it can be the name of a function: it starts with a letter, `_`, `$` or `#`.
    pub(super) fn is_valid(&self) -> bool {
        starts_name(&self.bytes)
    }

    /// Whether an operand ends with it: a name, a number, or a string.
    pub(super) fn is_operand(&self) -> bool {
        let first = self.bytes.first().copied().unwrap_or(0);
        first.is_ascii_digit() || matches!(first, b'\'' | b'"' | b'`') || self.is_valid()
    }
}

/// Whether a name of a function can start like this.
pub(super) fn starts_name(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b'_' | b'$' | b'#')) || starts_with_letter(bytes)
}

pub(super) fn starts_with_letter(bytes: &[u8]) -> bool {
    match bytes.first() {
        Some(first) if first.is_ascii() => first.is_ascii_alphabetic(),
        Some(_) => {
            let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4)]);
            head.chars().next().is_some_and(char::is_alphabetic)
        }
        None => false,
    }
}

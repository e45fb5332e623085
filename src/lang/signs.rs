//! Signs as lizard cuts them.

use super::token::{BLANK, CLASS, IDENTIFIER};

/// Where the sign at `at` ends.
pub(super) fn end(text: &[u8], at: usize) -> usize {
    match text[at] {
        b'<' => angle_end(text, at),
        _ => at + length(text, at),
    }
}

/// Where the sign ends whose `<` stands at `at`: `<` alone, `<=`, `<<=`, or the whole of a list of types with a wildcard,
/// `<? extends T>`.
fn angle_end(text: &[u8], at: usize) -> usize {
    let rest = &text[at + 1..];
    let list = rest.iter().take_while(|&&byte| {
        CLASS[byte as usize] & (IDENTIFIER | BLANK) != 0
            || matches!(byte, b',' | b'.' | b'?' | b'\n')
    });
    let count = list.count();
    if rest.get(count) == Some(&b'>') && rest[..count].contains(&b'?') {
        return at + count + 2;
    }
    at + length(text, at)
}

/// The length of the sign at `at`.
fn length(text: &[u8], at: usize) -> usize {
    let peek = |ahead: usize| text.get(at + ahead).copied().unwrap_or(0);
    match (text[at], peek(1)) {
        (b'(' | b')' | b'{' | b'}' | b';' | b',' | b'[' | b']', _) => 1,
        (b'<', b'<') | (b'>', b'>') => 1 + 2 * usize::from(peek(2) == b'='),
        (b'.', b'.') => 1 + 2 * usize::from(peek(2) == b'.'),
        (b'=' | b'!', b'=') => 2 + usize::from(peek(2) == b'='),
        (first, second) => 1 + usize::from(is_pair(first, second)),
    }
}

/// Whether a byte is a sign of its own in every dialect, whatever stands behind it.
#[inline]
pub(super) const fn is_single(byte: u8) -> bool {
    (byte & 0xfe == b'(') | (byte == b'{') | (byte == b'}') | (byte == b';') | (byte == b',')
}

/// Whether two bytes are one sign.
const fn is_pair(first: u8, second: u8) -> bool {
    match second {
        b'=' => matches!(first, b'<' | b'>' | b'+' | b'-' | b'^' | b'&' | b'|' | b':'),
        b'|' | b'&' | b'+' | b'-' | b':' | b'*' => first == second,
        b'>' => matches!(first, b'-' | b'='),
        b'\n' => first == b'\\',
        _ => false,
    }
}

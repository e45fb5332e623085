//! Numbers of JSON and JSON5.

use super::{Dialect, Fault};
use std::ops::Range;

/// Python turns no longer whole number into an integer (`sys.int_info.default_max_str_digits`).
const MOST_DIGITS: usize = 4300;

/// The number that starts at `start`.
///
/// # Errors
/// It is none, or of a form that the dialect does not have.
pub(super) fn number(bytes: &[u8], start: usize, dialect: Dialect) -> Result<Range<usize>, Fault> {
    let end = if dialect.json5 {
        json5(bytes, start)
    } else {
        plain(bytes, start, dialect.constants)
    };
    end.map(|end| start..end)
        .ok_or_else(|| Fault::new(start, "not a number"))
        .and_then(|range| {
            let whole = bytes[range.clone()]
                .iter()
                .all(|byte| byte.is_ascii_digit() || *byte == b'-');
            if whole && range.len() > MOST_DIGITS {
                return Err(Fault::new(
                    start,
                    format!("a number of more than {MOST_DIGITS} digits"),
                ));
            }
            Ok(range)
        })
}

fn digits(bytes: &[u8], at: usize) -> usize {
    at + bytes[at.min(bytes.len())..]
        .iter()
        .take_while(|byte| byte.is_ascii_digit())
        .count()
}

fn plain(bytes: &[u8], start: usize, constants: bool) -> Option<usize> {
    let at = start + usize::from(bytes[start] == b'-');
    match bytes.get(at)? {
        b'0' => Some(tail(bytes, at + 1)),
        b'1'..=b'9' => Some(tail(bytes, digits(bytes, at))),
        b'I' if constants && at > start && bytes[at..].starts_with(b"Infinity") => Some(at + 8),
        _ => None,
    }
}

/// The end of the fraction and the exponent behind the whole part that ends at `at`.
fn tail(bytes: &[u8], at: usize) -> usize {
    let mut end = at;
    if bytes.get(end) == Some(&b'.') {
        let fraction = digits(bytes, end + 1);
        if fraction == end + 1 {
            return end;
        }
        end = fraction;
    }
    exponent(bytes, end)
}

fn exponent(bytes: &[u8], at: usize) -> usize {
    if !matches!(bytes.get(at), Some(b'e' | b'E')) {
        return at;
    }
    let sign = usize::from(matches!(bytes.get(at + 1), Some(b'+' | b'-')));
    let end = digits(bytes, at + 1 + sign);
    if end == at + 1 + sign { at } else { end }
}

fn json5(bytes: &[u8], start: usize) -> Option<usize> {
    let at = start + usize::from(matches!(bytes[start], b'+' | b'-'));
    let rest = bytes.get(at..)?;
    if rest.starts_with(b"Infinity") {
        return Some(at + 8);
    }
    if rest.starts_with(b"NaN") {
        return Some(at + 3);
    }
    if rest.starts_with(b"0x") || rest.starts_with(b"0X") {
        let length = rest[2..]
            .iter()
            .take_while(|byte| byte.is_ascii_hexdigit())
            .count();
        return (length > 0).then_some(at + 2 + length);
    }
    let whole = digits(bytes, at);
    let fraction = match bytes.get(whole) {
        Some(b'.') => digits(bytes, whole + 1),
        _ => whole,
    };
    let count = fraction - at - usize::from(fraction > whole);
    let leading_zero = bytes.get(at) == Some(&b'0') && whole > at + 1;
    (count > 0 && !leading_zero).then(|| exponent(bytes, fraction))
}

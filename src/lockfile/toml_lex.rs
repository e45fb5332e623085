//! Where TOML's keys, strings and values end: each function takes the bytes of a file and a place in them. A value
//! that does not end is an error with the place.

/// The first byte from `at` on that is no blank of its line.
pub(super) fn skip_blank(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\t' | b'\r')) {
        at += 1;
    }
    at
}

/// The end of the line that `at` is in.
pub(super) fn line_end(bytes: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |length| at + length)
}

/// The end of a key, which may be dotted and quoted; `None` where there is none.
pub(super) fn key_end(bytes: &[u8], start: usize) -> Option<usize> {
    let mut at = start;
    loop {
        match bytes.get(at) {
            Some(b'"' | b'\'') => at = string_end(bytes, at).ok()?,
            Some(byte) if byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.') => {
                at += 1;
            }
            _ => break,
        }
    }
    (at > start).then_some(at)
}

/// The end of the value that starts at `at`, or the place where it stops being one.
pub(super) fn value_end(bytes: &[u8], at: usize) -> Result<usize, usize> {
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

/// Where the quote, a backslash or a line end is next.
#[inline]
pub(super) fn find_stop(bytes: &[u8], from: usize, quote: u8) -> Option<usize> {
    find_any(bytes, from, [quote, b'\\', b'\n'])
}

/// Where one of `stops` is next: eight bytes at a time, for most strings are too short to gain from calling SIMD code.
#[inline]
fn find_any(bytes: &[u8], from: usize, stops: [u8; 3]) -> Option<usize> {
    let rest = bytes.get(from..)?;
    let mut at = from;
    for chunk in rest.as_chunks::<8>().0 {
        let word = u64::from_le_bytes(*chunk);
        let found = zero_bytes(word ^ spread(stops[0]))
            | zero_bytes(word ^ spread(stops[1]))
            | zero_bytes(word ^ spread(stops[2]));
        if found != 0 {
            return Some(at + found.trailing_zeros() as usize / 8);
        }
        at += 8;
    }
    let found = bytes[at..].iter().position(|byte| stops.contains(byte));
    found.map(|length| at + length)
}

/// `byte` in each of the eight places.
#[inline]
const fn spread(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The highest bit of the first zero byte is set; bits above it may be too.
#[inline]
const fn zero_bytes(word: u64) -> u64 {
    word.wrapping_sub(spread(1)) & !word & spread(0x80)
}

/// The highest bit of the first ASCII byte below `least` is set; bits above it may be too.
#[inline]
pub(super) const fn below(word: u64, least: u8) -> u64 {
    word.wrapping_sub(spread(least)) & !word & spread(0x80)
}

/// The highest bit of the first `byte` is set; bits above it may be too.
#[inline]
pub(super) const fn same(word: u64, byte: u8) -> u64 {
    zero_bytes(word ^ spread(byte))
}

/// The end of a string in three quotes. One or two more quotes before the closing three belong to the text.
fn long_string_end(bytes: &[u8], at: usize) -> Result<usize, usize> {
    let quote = bytes[at];
    let mut from = at + 3;
    loop {
        let rest = bytes.get(from..).unwrap_or_default();
        let length = memchr::memchr2(quote, b'\\', rest).ok_or(at)?;
        let found = from + length;
        let quotes = bytes[found..]
            .iter()
            .take(5)
            .take_while(|byte| **byte == quote)
            .count();
        from = match quotes {
            // A backslash, which takes the next byte with it where escapes count.
            0 => found + 1 + usize::from(quote == b'"'),
            1 | 2 => found + quotes,
            _ => return Ok(found + quotes),
        };
    }
}

/// The end of the array or inline table whose bracket is at `start`. Checks brackets and strings; what stands between
/// them only byte by byte.
fn nested_end(bytes: &[u8], start: usize) -> Result<usize, usize> {
    let mut brackets = Brackets::default();
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        at = match byte {
            b' ' | b'\n' | b',' => at + 1,
            b'"' | b'\'' => string_end(bytes, at)?,
            b'#' => line_end(bytes, at),
            b'[' | b'{' | b']' | b'}' => {
                if brackets.take(byte).ok_or(at)? {
                    return Ok(at + 1);
                }
                at + 1
            }
            _ if is_filler(byte) => at + 1,
            _ => return Err(at),
        };
    }
    Err(start)
}

/// Deeper nesting is no lockfile.
const MAX_DEPTH: usize = 64;

/// The brackets that are open.
struct Brackets {
    closers: [u8; MAX_DEPTH],
    depth: usize,
}

impl Default for Brackets {
    fn default() -> Self {
        Self {
            closers: [0; MAX_DEPTH],
            depth: 0,
        }
    }
}

impl Brackets {
    /// Takes a bracket and tells whether it closes the first; `None` for one that does not fit.
    fn take(&mut self, bracket: u8) -> Option<bool> {
        let closer = match bracket {
            b'[' => b']',
            b'{' => b'}',
            _ => {
                self.depth = self.depth.checked_sub(1)?;
                return (self.closers[self.depth] == bracket).then_some(self.depth == 0);
            }
        };
        *self.closers.get_mut(self.depth)? = closer;
        self.depth += 1;
        Some(false)
    }
}

/// What may stand between brackets and strings.
fn is_filler(byte: u8) -> bool {
    byte.is_ascii_alphanumeric()
        || byte.is_ascii_whitespace()
        || matches!(byte, b',' | b'=' | b'.' | b'_' | b'-' | b'+' | b':')
}

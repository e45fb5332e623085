//! When two keys of a mapping are the same key.
//!
//! Plain scalars have the types of the YAML 1.2 core schema (<https://yaml.org/spec/1.2.2/#103-core-schema>); numbers and
//! truth values are compared as Python compares them, where `1`, `1.0` and `true` are one key.

/// A key, so that equal ones are equal.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(super) enum Key {
    /// Nothing.
    Null,
    /// A number or a truth value.
    Number(String),
    /// Any other scalar.
    Text(String),
}

impl Key {
    /// The key of a scalar; `plain` where it has neither quotes nor a tag.
    pub(super) fn new(value: &str, plain: bool) -> Self {
        if !plain {
            return Self::Text(value.to_owned());
        }
        match value {
            "" | "~" | "null" | "Null" | "NULL" => Self::Null,
            "true" | "True" | "TRUE" => Self::Number("1".to_owned()),
            "false" | "False" | "FALSE" => Self::Number("0".to_owned()),
            _ => number(value).map_or_else(|| Self::Text(value.to_owned()), Self::Number),
        }
    }
}

fn number(value: &str) -> Option<String> {
    let first = value.bytes().next()?;
    if !(first.is_ascii_digit() || matches!(first, b'-' | b'+' | b'.')) || value.len() > 64 {
        return None;
    }
    let (negative, digits) = match value.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, value.strip_prefix('+').unwrap_or(value)),
    };
    let bare = digits.replace('_', "");
    if let Some(whole) = whole(&bare) {
        return Some(if negative { -whole } else { whole }.to_string());
    }
    let value = float(&bare)?;
    Some(format!("{}", if negative { -value } else { value }))
}

fn whole(bare: &str) -> Option<i128> {
    let (radix, digits) = match bare.get(..2) {
        Some("0x") => (16, &bare[2..]),
        Some("0o") => (8, &bare[2..]),
        Some("0b") => (2, &bare[2..]),
        _ => (10, bare),
    };
    let digits = Some(digits).filter(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit()));
    i128::from_str_radix(digits?, radix).ok()
}

fn float(bare: &str) -> Option<f64> {
    let plain = bare
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    let written = bare.contains(['.', 'e', 'E']);
    bare.parse().ok().filter(|_| written && plain)
}

/// Whether a plain scalar looks like a date and is none: a loader stumbles over `2024-13-40`.
pub(super) fn impossible_date(value: &str) -> bool {
    let bytes = value.as_bytes();
    let shape = bytes.len() >= 10
        && bytes[..10].iter().enumerate().all(|(at, byte)| match at {
            4 | 7 => *byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if !shape || bytes.len() > 10 {
        return false;
    }
    let part = |from: usize, to: usize| value[from..to].parse::<i8>().unwrap_or(0);
    let year = value[..4].parse::<i16>().unwrap_or(0);
    year == 0 || jiff::civil::Date::new(year, part(5, 7), part(8, 10)).is_err()
}

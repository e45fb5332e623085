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
    let whole = if let Some(hex) = bare.strip_prefix("0x") {
        i128::from_str_radix(hex, 16).ok()
    } else if let Some(octal) = bare.strip_prefix("0o") {
        i128::from_str_radix(octal, 8).ok()
    } else if let Some(binary) = bare.strip_prefix("0b") {
        i128::from_str_radix(binary, 2).ok()
    } else if bare.bytes().all(|byte| byte.is_ascii_digit()) {
        bare.parse().ok()
    } else {
        None
    };
    if let Some(whole) = whole {
        return Some(if negative { -whole } else { whole }.to_string());
    }
    let float = digits.contains('.') || digits.contains(['e', 'E']);
    let plain = bare
        .bytes()
        .all(|byte| byte.is_ascii_digit() || matches!(byte, b'.' | b'e' | b'E' | b'+' | b'-'));
    let value: f64 = bare.parse().ok().filter(|_| float && plain)?;
    Some(format!("{}", if negative { -value } else { value }))
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

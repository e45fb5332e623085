//! Maven: the version order specification (<https://maven.apache.org/pom.html#version-order-specification>).
//!
//! In its first wording, the one that all versions in use were published under: `.qualifier` < `-qualifier` < `-number` <
//! `.number`, and only zeros before a hyphen or the end say nothing. That order is not transitive for versions with
//! a qualifier after a dot and a zero (`1` < `1-1` < `1.0.alpha` < `1`); neither is Maven's.

use super::{VersionError, token};
use std::borrow::Cow;
use std::cmp::Ordering;

/// Compares two versions. Takes any text.
pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    let (a, b) = (tokens(a), tokens(b));
    let order = a
        .iter()
        .zip(&b)
        .map(|(left, right)| compare_tokens(left, right))
        .find(|order| order.is_ne());
    Ok(order.unwrap_or_else(|| match a.len().cmp(&b.len()) {
        Ordering::Equal => Ordering::Equal,
        Ordering::Less => rest_against_nothing(&b[a.len()..]).reverse(),
        Ordering::Greater => rest_against_nothing(&a[b.len()..]),
    }))
}

#[derive(Debug, Clone)]
struct Token<'a> {
    /// After `-`, or where letters and digits meet; otherwise after `.` or at the start.
    hyphen: bool,
    value: Value<'a>,
}

#[derive(Debug, Clone)]
enum Value<'a> {
    /// Without leading zeros; empty for zero.
    Number(&'a str),
    /// One of the known words, by its place in the order.
    Known(u8),
    /// Any other word, in lower case.
    Word(Cow<'a, str>),
}

/// The place of "", `final`, `ga` and `release`.
const RELEASE: u8 = 5;

impl Token<'_> {
    fn is_null(&self) -> bool {
        matches!(self.value, Value::Number("") | Value::Known(RELEASE))
    }

    /// What stands before it, and whether it is a number, decide first.
    fn class(&self) -> u8 {
        match (&self.value, self.hyphen) {
            (Value::Number(_), true) => 2,
            (Value::Number(_), false) => 3,
            (_, hyphen) => u8::from(hyphen),
        }
    }
}

fn compare_tokens(a: &Token<'_>, b: &Token<'_>) -> Ordering {
    a.class()
        .cmp(&b.class())
        .then_with(|| match (&a.value, &b.value) {
            (Value::Number(left), Value::Number(right)) => token::compare_digits(left, right),
            (Value::Known(left), Value::Known(right)) => left.cmp(right),
            (Value::Word(left), Value::Word(right)) => left.cmp(right),
            // Known words come before all others.
            (left, _) => matches!(left, Value::Word(_)).cmp(&matches!(left, Value::Known(_))),
        })
}

/// Compares what one version has left with the nulls that the other is padded with.
fn rest_against_nothing(rest: &[Token<'_>]) -> Ordering {
    rest.iter()
        .find(|token| !token.is_null())
        .map_or(Ordering::Equal, |token| match token.value {
            Value::Known(place) => place.cmp(&RELEASE),
            _ => Ordering::Greater,
        })
}

/// The version's tokens without those that say nothing: nulls at the end and before a hyphen.
fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut out: Vec<Token<'_>> = Vec::with_capacity(8);
    let mut hyphen = false;
    let mut rest = text.trim();
    loop {
        let (raw, left) = next_token(rest);
        let before_digit = left.as_bytes().first().is_some_and(u8::is_ascii_digit);
        let value = value(raw, before_digit);
        let token = Token { hyphen, value };
        if token.hyphen {
            drop_nulls(&mut out);
        }
        out.push(token);
        let Some(&separator) = left.as_bytes().first() else {
            break;
        };
        hyphen = separator != b'.';
        rest = if matches!(separator, b'.' | b'-') {
            &left[1..]
        } else {
            left
        };
    }
    drop_nulls(&mut out);
    out
}

/// The first token stays: `0-1` begins with 0, whatever follows.
fn drop_nulls(tokens: &mut Vec<Token<'_>>) {
    while tokens.len() > 1 && tokens.last().is_some_and(Token::is_null) {
        tokens.pop();
    }
}

/// A run of digits, or of anything but digits and separators; may be empty.
fn next_token(text: &str) -> (&str, &str) {
    let digits = text.as_bytes().first().is_some_and(u8::is_ascii_digit);
    token::split_run(text, |byte| {
        byte.is_ascii_digit() == digits && !matches!(byte, b'.' | b'-')
    })
}

fn value(raw: &str, before_digit: bool) -> Value<'_> {
    if raw.bytes().all(|byte| byte.is_ascii_digit()) {
        return Value::Number(raw.trim_start_matches('0'));
    }
    let word = if raw.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(raw.to_ascii_lowercase())
    } else {
        Cow::Borrowed(raw)
    };
    match known(&word, before_digit) {
        Some(place) => Value::Known(place),
        None => Value::Word(word),
    }
}

/// `a`, `b` and `m` are short for words only right before a digit.
const WORDS: [(&str, u8, bool); 13] = [
    ("alpha", 0, false),
    ("a", 0, true),
    ("beta", 1, false),
    ("b", 1, true),
    ("milestone", 2, false),
    ("m", 2, true),
    ("rc", 3, false),
    ("cr", 3, false),
    ("snapshot", 4, false),
    ("final", RELEASE, false),
    ("ga", RELEASE, false),
    ("release", RELEASE, false),
    ("sp", 6, false),
];

fn known(word: &str, before_digit: bool) -> Option<u8> {
    WORDS
        .iter()
        .find(|(known, _, short)| *known == word && (before_digit || !short))
        .map(|&(_, place, _)| place)
}

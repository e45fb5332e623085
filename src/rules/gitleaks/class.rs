//! Character classes and escapes of Go's patterns.

use std::fmt::Write;

/// What Go's Perl classes stand for: ASCII, and `\s` without the vertical tab.
const DIGITS: &str = "0-9";
const BLANKS: &str = r"\t\n\x0C\r\x20";
const WORDS: &str = "0-9A-Za-z\\x5F";

const POSIX: [&str; 14] = [
    "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct",
    "space", "upper", "word", "xdigit",
];

/// Why Go refuses a pattern, and the byte where it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct PatternError {
    /// Byte of the pattern.
    pub(super) at: usize,
    /// What is wrong.
    pub(super) reason: String,
}

/// Writes `character` so that it stands for itself wherever it is.
pub(super) fn literal(character: char, out: &mut String) {
    if character.is_ascii_alphanumeric() || !character.is_ascii() {
        out.push(character);
    } else {
        // Writing to a String cannot fail.
        let _ = write!(out, "\\x{:02X}", u32::from(character));
    }
}

fn fail<T>(at: usize, reason: &str) -> Result<T, PatternError> {
    Err(PatternError {
        at,
        reason: reason.to_owned(),
    })
}

/// The class at the start of `text`, which is a `[`: its length and how Rust writes it.
///
/// # Errors
/// Go would refuse it.
pub(super) fn translate(text: &str) -> Result<(usize, String), PatternError> {
    let negated = text[1..].starts_with('^');
    let mut out = String::from(if negated { "[^" } else { "[" });
    let start = 1 + usize::from(negated);
    let mut at = start;
    loop {
        let rest = &text[at..];
        if rest.is_empty() {
            return fail(0, "missing closing `]`");
        }
        if rest.starts_with(']') && at > start {
            out.push(']');
            return Ok((at + 1, out));
        }
        at += item(rest, &mut out).map_err(|error| PatternError {
            at: at + error.at,
            reason: error.reason,
        })?;
    }
}

/// One item of a class; gives its length.
fn item(rest: &str, out: &mut String) -> Result<usize, PatternError> {
    if let Some(len) = posix(rest, out)? {
        return Ok(len);
    }
    if let Some((len, text)) = named(rest)? {
        out.push_str(&text);
        return Ok(len);
    }
    let (low, len) = member(rest)?;
    let tail = &rest[len..];
    // `[a-]` is an `a` or a `-`.
    if !tail.starts_with('-') || tail[1..].starts_with(']') {
        literal(low, out);
        return Ok(len);
    }
    let (high, high_len) = member(&tail[1..])?;
    if high < low {
        return fail(0, "invalid character class range");
    }
    literal(low, out);
    out.push('-');
    literal(high, out);
    Ok(len + 1 + high_len)
}

/// `[:alpha:]`, `[:^alpha:]`.
fn posix(rest: &str, out: &mut String) -> Result<Option<usize>, PatternError> {
    let Some((name, _)) = rest
        .strip_prefix("[:")
        .and_then(|rest| rest.split_once(":]"))
    else {
        return Ok(None);
    };
    if !POSIX.contains(&name.strip_prefix('^').unwrap_or(name)) {
        return fail(0, "invalid character class range");
    }
    let len = name.len() + 4;
    out.push_str(&rest[..len]);
    Ok(Some(len))
}

/// A character of a class.
fn member(rest: &str) -> Result<(char, usize), PatternError> {
    match rest.chars().next() {
        None => fail(0, "missing closing `]`"),
        Some('\\') => escaped(rest),
        Some(character) => Ok((character, character.len_utf8())),
    }
}

/// `\d`, `\pL`, `\p{Greek}` and the like at the start of `rest`: its length and how Rust writes it, within brackets and without.
pub(super) fn named(rest: &str) -> Result<Option<(usize, String)>, PatternError> {
    let mut characters = rest.chars();
    let (Some('\\'), Some(letter)) = (characters.next(), characters.next()) else {
        return Ok(None);
    };
    let (members, negated) = match letter {
        'd' => (DIGITS, false),
        'D' => (DIGITS, true),
        's' => (BLANKS, false),
        'S' => (BLANKS, true),
        'w' => (WORDS, false),
        'W' => (WORDS, true),
        'p' | 'P' => return unicode(&rest[2..], letter == 'P').map(Some),
        _ => return Ok(None),
    };
    let sign = if negated { "^" } else { "" };
    Ok(Some((2, format!("[{sign}{members}]"))))
}

/// What follows `\p`.
fn unicode(rest: &str, negated: bool) -> Result<(usize, String), PatternError> {
    let Some(first) = rest.chars().next() else {
        return fail(0, "invalid character class range");
    };
    let (name, len) = match rest.strip_prefix('{').map(|inner| inner.split_once('}')) {
        Some(Some((name, _))) => (name, name.len() + 4),
        Some(None) => return fail(0, "invalid character class range"),
        None => (&rest[..first.len_utf8()], 2 + first.len_utf8()),
    };
    let (name, flipped) = name
        .strip_prefix('^')
        .map_or((name, false), |name| (name, true));
    if name.is_empty()
        || !name
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
    {
        return fail(0, "invalid character class range");
    }
    let letter = if negated == flipped { 'p' } else { 'P' };
    Ok((len, format!("\\{letter}{{{name}}}")))
}

/// The character that an escape at the start of `rest` stands for, and the length of the escape.
///
/// # Errors
/// Go knows no such escape.
// hookd:allow cyclomatic-complexity a table
pub(super) fn escaped(rest: &str) -> Result<(char, usize), PatternError> {
    let Some(letter) = rest[1..].chars().next() else {
        return fail(0, "trailing backslash");
    };
    let character = match letter {
        'a' => '\x07',
        'f' => '\x0C',
        'n' => '\n',
        'r' => '\r',
        't' => '\t',
        'v' => '\x0B',
        'x' => return hexadecimal(rest),
        '0'..='7' => return octal(rest),
        _ if letter.is_ascii() && !letter.is_ascii_alphanumeric() => letter,
        _ => return fail(0, "invalid escape sequence"),
    };
    Ok((character, 1 + letter.len_utf8()))
}

/// `\x7F` or `\x{10FFFF}`.
fn hexadecimal(rest: &str) -> Result<(char, usize), PatternError> {
    let digits = &rest[2..];
    let (digits, len) = match digits.strip_prefix('{').map(|inner| inner.split_once('}')) {
        Some(Some((inner, _))) => (inner, inner.len() + 4),
        Some(None) => return fail(0, "invalid escape sequence"),
        None => (digits.get(..2).unwrap_or_default(), 4),
    };
    let plain = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    let value = plain
        .then(|| u32::from_str_radix(digits, 16).ok())
        .flatten();
    match value.and_then(char::from_u32) {
        Some(character) => Ok((character, len)),
        None => fail(0, "invalid escape sequence"),
    }
}

/// `\0`, `\12`, `\123`; a single digit from 1 on would be a back reference, which Go does not have.
fn octal(rest: &str) -> Result<(char, usize), PatternError> {
    let digits = rest[1..]
        .bytes()
        .take(3)
        .take_while(|byte| (b'0'..=b'7').contains(byte))
        .count();
    let text = &rest[1..=digits];
    if digits == 1 && text != "0" {
        return fail(0, "Go's patterns have no back references");
    }
    let value = u32::from_str_radix(text, 8).ok().and_then(char::from_u32);
    match value {
        Some(character) => Ok((character, 1 + digits)),
        None => fail(0, "invalid escape sequence"),
    }
}

//! Short values under the name of a secret: drawn at random, chosen by a person, or words of a program.

use super::plausible::{Shape, is_constant, is_hex, is_placeholder, is_rare, is_sample};
use super::words::is_unreadable;

/// Whether `value` was drawn at random, however short: its letters read as no word, or digits stand among them as chance has it.
pub(super) fn is_drawn(value: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_.~-!@#$%^&*?".contains(byte);
    if !(8..=200).contains(&value.len()) || !value.iter().all(allowed) || is_constant(value) {
        return false;
    }
    distinct(value) >= 6
        && !is_name(value)
        && (is_mixed(value) || is_unreadable(value))
        && !is_sample(value)
        && !is_placeholder(value)
}

/// `pm25_index`, `acid_M100`, `path/to.file`: between words signs stand, in what is drawn only by chance.
fn is_name(value: &[u8]) -> bool {
    let least = if value.iter().any(u8::is_ascii_uppercase) {
        14
    } else {
        20
    };
    let signs = [&b"."[..], b"/", b"-_"];
    let short = value.len() < least && value.iter().any(|byte| b"_-.".contains(byte));
    short || !signs.iter().all(|signs| is_rare(signs, value))
}

/// Whether digits stand among letters as chance has it.
fn is_mixed(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    let hex = value.len() >= 16 && is_hex(value) && shape.turns * 5 >= value.len();
    hex || (shape.digits >= 2 && shape.letters >= 2 && shape.turns * 10 >= value.len() * 3)
}

/// How many different bytes `value` holds.
fn distinct(value: &[u8]) -> usize {
    let mut seen = [false; 256];
    for &byte in value {
        seen[usize::from(byte)] = true;
    }
    seen.iter().filter(|&&seen| seen).count()
}

/// Words that stand where a password is described, not given: types, states and names of fields.
const PROGRAM_WORDS: &[&str] = &[
    "passw",
    "pwd",
    "passphrase",
    "user",
    "name",
    "secret",
    "token",
    "string",
    "require",
    "option",
    "field",
    "enable",
    "disable",
    "boolean",
    "change",
    "invalid",
    "valid",
    "default",
    "optional",
    "hidden",
    "encrypt",
    "forgot",
    "reset",
    "confirm",
    "update",
    "delete",
    "create",
    "missing",
    "unknown",
    "prompt",
    "manual",
    "plain",
    "object",
    "number",
    "config",
    "value",
    "param",
    "return",
    "admin",
    "basic",
    "digest",
    "login",
    "account",
    "client",
    "server",
    "auth",
    "current",
    "incorrect",
    "wrong",
    "error",
    "null",
    "none",
    "always",
    "never",
    "text",
    "hash",
    "match",
    "private",
    "public",
    "through",
    "scrub",
];

/// Whether `value` is a password as people choose them: a word of small letters that is no word of programs, or words with
/// digits or signs at their end.
pub(super) fn is_weak_password(value: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.~-!@#$%^&*+".contains(byte);
    if !(6..=40).contains(&value.len()) || !value.iter().all(allowed) {
        return false;
    }
    let shape = Shape::of(value);
    if shape.letters < 2 {
        return value.iter().all(u8::is_ascii_digit);
    }
    is_word(value) || is_word_with_more(value, &shape)
}

/// A word of small letters that is no word of programs.
fn is_word(value: &[u8]) -> bool {
    let holds = |word: &&str| memchr::memmem::find(value, word.as_bytes()).is_some();
    value.iter().all(u8::is_ascii_lowercase) && !PROGRAM_WORDS.iter().any(holds)
}

/// Words with digits or signs that are no name of a variable.
fn is_word_with_more(value: &[u8], shape: &Shape) -> bool {
    let odd = |byte: &u8| b"!@#$%^&*".contains(byte);
    let named = value.contains(&b'_') && !value.iter().any(u8::is_ascii_uppercase);
    (shape.digits > 0 || value.iter().any(odd)) && !named && is_rare(b"._-", value)
}

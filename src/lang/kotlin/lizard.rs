//! Kotlin as lizard reads it: which functions there are, and what counts in them.

use crate::lang::function::{Function, Unreadable};
use crate::lang::golike::{self, Flavor, Rules};
use crate::lang::lexeme::Dialect;

/// What adds a point.
const POINTS: [(&[u8], &str); 7] = [
    (b"if", "if"),
    (b"for", "for"),
    (b"while", "while"),
    (b"catch", "catch"),
    (b"&&", "&&"),
    (b"||", "||"),
    (b"?:", "?:"),
];

const RULES: Rules = Rules {
    dialect: Dialect::Kotlin,
    keyword: b"fun",
    points: &POINTS,
    flavor: Flavor::Kotlin,
};

/// The functions that lizard finds in a Kotlin file.
///
/// # Errors
/// A comment that is never closed.
pub(in crate::lang) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    golike::functions(text, &RULES)
}

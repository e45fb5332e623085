//! Scala, with the numbers of lizard (`docs/scanners/complexity.md`).

use super::Language;
use super::function::{Function, Unreadable};
use super::golike::{self, Flavor, Rules};
use super::lexeme::Dialect;

/// Scala.
pub(super) static SCALA: Language = Language {
    id: "scala",
    title: "Scala",
    extensions: &["scala", "sc"],
    names: &[],
    interpreters: &["scala"],
    functions,
};

/// What adds a point.
const POINTS: [(&[u8], &str); 9] = [
    (b"if", "if"),
    (b"for", "for"),
    (b"while", "while"),
    (b"catch", "catch"),
    (b"do", "do"),
    (b"case", "case"),
    (b"&&", "&&"),
    (b"||", "||"),
    (b"?", "?"),
];

const RULES: Rules = Rules {
    dialect: Dialect::Plain,
    keyword: b"def",
    points: &POINTS,
    flavor: Flavor::Scala { exact: false },
};

fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    golike::functions(text, &RULES)
}

/// The functions that lizard finds in a Scala file.
///
/// # Errors
/// A comment that is never closed.
pub(super) fn as_lizard(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    let rules = Rules {
        flavor: Flavor::Scala { exact: true },
        ..RULES
    };
    golike::functions(text, &rules)
}

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
    flavor: Flavor::Scala,
};

fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    golike::functions(text, &RULES)
}

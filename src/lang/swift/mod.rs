//! Swift, with the numbers of lizard (`docs/scanners/complexity.md`).

use super::Language;
use super::function::{Function, Unreadable};
use super::golike::{self, Flavor, Rules};
use super::lexeme::Dialect;

/// Swift.
pub(super) static SWIFT: Language = Language {
    id: "swift",
    title: "Swift",
    extensions: &["swift"],
    names: &[],
    interpreters: &["swift"],
    functions,
};

/// What adds a point.
const POINTS: [(&[u8], &str); 9] = [
    (b"if", "if"),
    (b"for", "for"),
    (b"while", "while"),
    (b"catch", "catch"),
    (b"guard", "guard"),
    (b"case", "case"),
    (b"&&", "&&"),
    (b"||", "||"),
    (b"?", "?"),
];

const RULES: Rules = Rules {
    dialect: Dialect::Swift,
    keyword: b"func",
    points: &POINTS,
    flavor: Flavor::Swift,
};

fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    golike::functions(text, &RULES)
}

//! Swift, with the numbers of lizard (`docs/scanners/complexity.md`).

use super::Language;
use super::function::{Function, Unreadable};
use super::golike::{self, Rules};
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

const RULES: Rules = Rules {
    dialect: Dialect {
        c_literals: false,
        swift_names: true,
        php_names: false,
        lua_text: false,
    },
    keyword: b"func",
    point,
    swift: true,
    equals: false,
};

fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    golike::functions(text, &RULES)
}

fn point(bytes: &[u8]) -> Option<&'static str> {
    Some(match bytes {
        b"if" => "if",
        b"for" => "for",
        b"while" => "while",
        b"catch" => "catch",
        b"guard" => "guard",
        b"case" => "case",
        b"&&" => "&&",
        b"||" => "||",
        b"?" => "?",
        _ => return None,
    })
}

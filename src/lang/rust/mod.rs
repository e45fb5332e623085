//! Rust: cyclomatic complexity by hookd's own rule (`docs/scanners/complexity.md`).

mod items;
mod lexer;
mod scanner;
mod words;

use super::Language;

pub(super) use words::words;

/// Rust.
pub(super) static RUST: Language = Language {
    id: "rust",
    title: "Rust",
    extensions: &["rs"],
    names: &[],
    interpreters: &["rust-script"],
    functions: scanner::functions,
};

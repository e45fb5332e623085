//! Rust: cyclomatic complexity by hookd's own rule (`docs/scanners/complexity.md`).

mod items;
mod lexer;
mod scanner;

use super::Language;

/// Rust.
pub(super) static RUST: Language = Language {
    id: "rust",
    title: "Rust",
    extensions: &["rs"],
    names: &[],
    interpreters: &["rust-script"],
    functions: scanner::functions,
};

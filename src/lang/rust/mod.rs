//! Rust: cyclomatic complexity by hookd's own rule (`docs/scanners/complexity.md`).

mod items;
mod lexer;
mod lizard;
mod scanner;

use super::Language;
pub(super) use lizard::functions as as_lizard;

/// Rust.
pub(super) static RUST: Language = Language {
    id: "rust",
    title: "Rust",
    extensions: &["rs"],
    names: &[],
    interpreters: &["rust-script"],
    functions: scanner::functions,
};

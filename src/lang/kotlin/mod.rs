//! Kotlin, with the numbers of detekt (`docs/scanners/complexity.md`).

mod count;
mod scanner;

use super::Language;

/// Kotlin.
pub(super) static KOTLIN: Language = Language {
    id: "kotlin",
    title: "Kotlin",
    extensions: &["kt", "kts"],
    names: &[],
    interpreters: &["kotlin", "kscript"],
    functions: scanner::functions,
};

//! PHP, with the numbers of lizard (`docs/scanners/complexity.md`).

mod scanner;

use super::Language;
pub(super) use scanner::as_lizard;

/// PHP.
pub(super) static PHP: Language = Language {
    id: "php",
    title: "PHP",
    extensions: &["php", "php5", "phtml"],
    names: &[],
    interpreters: &["php"],
    functions: scanner::functions,
};

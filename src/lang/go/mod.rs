//! Go: cyclomatic complexity equal to gocyclo, cognitive complexity equal to gocognit.
//!
//! Rules: <https://github.com/fzipp/gocyclo>, <https://github.com/uudashr/gocognit>.

mod bracket;
mod lexer;
mod lizard;
mod scanner;
mod signature;

use super::Language;
pub(super) use lizard::functions as as_lizard;

/// Go.
pub(super) static GO: Language = Language {
    id: "go",
    title: "Go",
    extensions: &["go"],
    names: &[],
    interpreters: &[],
    functions: scanner::functions,
};

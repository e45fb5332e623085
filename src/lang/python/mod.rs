//! Python: cyclomatic complexity equal to ruff's C901.
//!
//! Rule: <https://docs.astral.sh/ruff/rules/complex-structure/>.

mod lexer;
mod lizard;
mod pattern;
mod pieces;
mod scanner;
mod soft;
mod string;
mod words;

use super::Language;

pub(super) use lizard::functions as as_lizard;
pub(super) use words::words;

/// Python 2 and 3.
pub(super) static PYTHON: Language = Language {
    id: "python",
    title: "Python",
    extensions: &["py", "pyi", "pyw"],
    names: &["SConscript", "SConstruct", "wscript"],
    interpreters: &["python", "pypy"],
    functions: scanner::functions,
};

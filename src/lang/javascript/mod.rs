//! JavaScript and TypeScript, with and without JSX: cyclomatic complexity equal to ESLint's `complexity`.
//!
//! Rule: <https://eslint.org/docs/latest/rules/complexity>, the classic variant.

mod depth;
mod lizard;
mod parse;
mod visitor;

use super::Language;
use super::function::{Function, Unreadable};
pub(super) use lizard::adopt;
pub(super) use parse::{POOL_STACK, announce_pool_stack};

/// JavaScript, JSX in it too.
pub(super) static JAVASCRIPT: Language = Language {
    id: "javascript",
    title: "JavaScript",
    extensions: &["cjs", "js", "mjs"],
    names: &["Jakefile"],
    interpreters: &["bun", "node", "nodejs"],
    functions: parse::javascript,
};

/// JavaScript in files that are named for JSX.
pub(super) static JSX: Language = Language {
    id: "jsx",
    title: "JavaScript with JSX",
    extensions: &["jsx"],
    names: &[],
    interpreters: &[],
    functions: parse::javascript,
};

/// TypeScript with JSX.
pub(super) static TSX: Language = Language {
    id: "tsx",
    title: "TypeScript with JSX",
    extensions: &["tsx"],
    names: &[],
    interpreters: &[],
    functions: parse::tsx,
};

/// TypeScript.
pub(super) static TYPESCRIPT: Language = Language {
    id: "typescript",
    title: "TypeScript",
    extensions: &["cts", "mts", "ts"],
    names: &[],
    interpreters: &["deno", "ts-node", "tsx"],
    functions: parse::typescript,
};

/// The functions that lizard finds in JavaScript and TypeScript.
///
/// # Errors
/// None.
pub(super) fn as_lizard(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    lizard::functions(text, false)
}

/// The functions that lizard finds in both with JSX.
///
/// # Errors
/// None.
pub(super) fn jsx_as_lizard(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    lizard::functions(text, true)
}

/// The functions of a file in the language with id `language`, where a `switch` is one point: ESLint's modified variant.
///
/// # Errors
/// It cannot be parsed, or not safely.
pub(super) fn modified(language: &str, text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    parse::read(language, text, true)
}

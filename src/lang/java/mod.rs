//! Java, with the numbers of checkstyle (`docs/scanners/complexity.md`).

use super::Language;
use super::function::{Function, Unreadable};
use super::members;

/// Java.
pub(super) static JAVA: Language = Language {
    id: "java",
    title: "Java",
    extensions: &["java"],
    names: &[],
    interpreters: &["java"],
    functions,
};

fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    members::functions(text, false)
}

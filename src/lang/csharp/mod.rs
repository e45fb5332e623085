//! C#: cyclomatic complexity by hookd's own rule (`docs/scanners/complexity.md`).

use super::Language;
use super::function::{Function, Unreadable};
use super::members;

/// C#.
pub(super) static CSHARP: Language = Language {
    id: "csharp",
    title: "C#",
    extensions: &["cs", "csx"],
    names: &[],
    interpreters: &["dotnet-script"],
    functions,
};

fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    members::functions(text, true)
}

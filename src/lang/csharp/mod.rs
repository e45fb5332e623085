//! C#: cyclomatic complexity by hookd's own rule (`docs/scanners/complexity.md`).

use super::Language;
use super::curly::{Dialect, Lexer};
use super::function::{Function, Unreadable};
use super::members;
use super::token::Kind;

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

/// Every question mark of a file that has been read without an error, those of types and of `?.` among them: lizard
/// takes them all for conditions.
pub(super) fn questions(text: &[u8]) -> Vec<(usize, &'static str)> {
    let dialect = Dialect {
        nested_comments: false,
        templates: false,
        csharp: true,
    };
    let mut lexer = Lexer::new(text, dialect);
    let mut found = Vec::new();
    while let Ok(token) = lexer.next() {
        match token.kind {
            Kind::End => break,
            Kind::Punct(b'?') | Kind::Operator if text[token.start] == b'?' => {
                found.push((token.start, "?"));
            }
            _ => {}
        }
    }
    found
}

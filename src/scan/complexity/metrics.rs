//! The numbers of every function of a file, for `hookd metrics`.

use crate::lang::{self, Counting, Function, Unreadable};
use crate::model::RepoPath;
use crate::text::{LineIndex, is_binary};
use serde::Serialize;

/// One function as `hookd metrics` lists it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FunctionMetrics {
    /// Id of the language.
    pub language: &'static str,
    /// Qualified name.
    pub name: String,
    /// Line of its name, or of what stands for it: where linters report it.
    pub start_line: u32,
    /// Line of its last byte.
    pub end_line: u32,
    /// Cyclomatic complexity.
    pub cyclomatic: u32,
    /// Cognitive complexity.
    pub cognitive: u32,
    /// Lines from the start of its signature to its end.
    pub lines: u32,
    /// Parameters.
    pub parameters: u32,
    /// Deepest nesting of control structures.
    pub nesting: u32,
}

/// Every function of the file at `path` with content `bytes`, in order; `None` where it is binary or in no language
/// that hookd knows. `counting` says by which rule.
///
/// # Errors
/// The inner result: the file could not be read as its language.
#[must_use]
pub fn metrics(
    path: &RepoPath,
    bytes: &[u8],
    counting: &Counting,
) -> Option<Result<Vec<FunctionMetrics>, Unreadable>> {
    let language = language(path, bytes)?;
    let functions = match language.count(bytes, counting) {
        Ok(functions) => functions,
        Err(error) => return Some(Err(error)),
    };
    let lines = LineIndex::new(bytes);
    let line = |at: usize| lines.position(bytes, at).line;
    let measured = |function: Function| {
        let end_line = line(function.span.end.saturating_sub(1).max(function.span.start));
        FunctionMetrics {
            language: language.id,
            start_line: line(function.name_span.start),
            end_line,
            cyclomatic: function.cyclomatic,
            cognitive: function.cognitive,
            lines: end_line - line(function.span.start) + 1,
            parameters: function.parameters,
            nesting: function.nesting,
            name: function.name,
        }
    };
    Some(Ok(functions.into_iter().map(measured).collect()))
}

/// The language of a file; `None` where it is binary or hookd knows none.
pub(super) fn language(path: &RepoPath, bytes: &[u8]) -> Option<&'static lang::Language> {
    let end = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len()).min(200);
    let language = lang::find(&path.to_text(), &bytes[..end])?;
    (!is_binary(bytes)).then_some(language)
}

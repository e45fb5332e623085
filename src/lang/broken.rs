//! What can be said of a file that cannot be read to its end: the functions that end before the place where it breaks.

use super::Language;
use super::function::{Function, Unreadable};
use memchr::memrchr;

/// How often a shorter part is tried.
const TRIES: usize = 8;

/// Stands for what cannot be read: a name, which ends no function but those that are over by then.
const REST: &[u8] = b"x";

/// `error`, which `read` gave for `text`, with the functions that end before the place where the text breaks.
pub(super) fn with_functions_before(
    mut error: Unreadable,
    language: &Language,
    text: &[u8],
    read: impl Fn(&[u8]) -> Result<Vec<Function>, Unreadable>,
) -> Unreadable {
    let script = matches!(language.id, "javascript" | "jsx" | "typescript" | "tsx");
    let found = if script {
        in_statements(text, error.at, read)
    } else {
        in_tokens(text, error.at, read)
    };
    if let Some((end, functions)) = found {
        error.read_to = end;
        error.before = functions;
    }
    error
}

/// A lexer breaks at one token, and what stands in front of it can be read as if that were another.
fn in_tokens(
    text: &[u8],
    mut end: usize,
    read: impl Fn(&[u8]) -> Result<Vec<Function>, Unreadable>,
) -> Option<(usize, Vec<Function>)> {
    for _ in 0..TRIES {
        let part = text.get(..end).filter(|part| !part.is_empty())?;
        match read(&[part, REST].concat()) {
            Ok(mut functions) => {
                functions.retain(|function| function.span.end <= end);
                return Some((end, functions));
            }
            Err(error) => end = error.at.min(end - 1),
        }
    }
    None
}

/// A parser takes whole statements only. What starts a line where no bracket is open mostly starts one, so the text is cut there:
/// before the last such line, before the second last, the fourth last and so on.
fn in_statements(
    text: &[u8],
    at: usize,
    read: impl Fn(&[u8]) -> Result<Vec<Function>, Unreadable>,
) -> Option<(usize, Vec<Function>)> {
    let mut cut = at.min(text.len());
    let mut steps = 1_usize;
    for _ in 0..TRIES {
        for _ in 0..steps {
            cut = line_of_statement(text, cut)?;
        }
        if let Ok(functions) = read(&text[..cut]) {
            return Some((cut, functions));
        }
        steps = steps.saturating_mul(2);
    }
    None
}

/// The start of the last line before byte `end` that nothing indents and that closes nothing; `None` where that is the first.
fn line_of_statement(text: &[u8], mut end: usize) -> Option<usize> {
    loop {
        end = memrchr(b'\n', &text[..end])?;
        let first = text.get(end + 1).copied().unwrap_or(b'\n');
        if first.is_ascii_alphabetic() || matches!(first, b'@' | b'/' | b'_' | b'$' | b'(') {
            return Some(end + 1);
        }
    }
}

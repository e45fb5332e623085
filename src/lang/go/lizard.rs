//! Go as lizard reads it: which functions there are, and what counts in them.

use crate::lang::function::{Function, Unreadable};
use crate::lang::golike::{self, Flavor, Rules};
use crate::lang::lexeme::Dialect;
use crate::lang::token::LIZARD_POINTS;

const RULES: Rules = Rules {
    dialect: Dialect::Go,
    keyword: b"func",
    points: &LIZARD_POINTS,
    flavor: Flavor::Go,
};

/// The functions that lizard finds in a Go file, without those under `//gocyclo:ignore` and what stands in them.
///
/// # Errors
/// A comment that is never closed.
pub(in crate::lang) fn functions(text: &[u8]) -> Result<Vec<Function>, Unreadable> {
    let mut functions = golike::functions(text, &RULES)?;
    let mut ignored_to = 0;
    functions.retain(|function| {
        if function.span.start >= ignored_to && is_ignored(text, function.span.start) {
            ignored_to = function.span.end;
        }
        function.span.start >= ignored_to
    });
    Ok(functions)
}

/// Whether the comment that ends on the line above byte `at` has a line that is `//gocyclo:ignore`.
fn is_ignored(text: &[u8], at: usize) -> bool {
    // Declarations start their line.
    let Some(above) = text[..at].strip_suffix(b"\n") else {
        return false;
    };
    let lines = above.rsplit(|&byte| byte == b'\n');
    lines
        .take_while(|line| line.starts_with(b"//"))
        .take(64)
        .any(|line| line.trim_ascii_end() == b"//gocyclo:ignore")
}

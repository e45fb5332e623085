//! Kotlin, with the numbers of detekt (`docs/scanners/complexity.md`).

mod count;
mod lizard;
mod scanner;
mod single;

use super::Language;
use super::counting::KotlinOptions;
use super::function::{Function, Unreadable};

/// Kotlin.
pub(super) static KOTLIN: Language = Language {
    id: "kotlin",
    title: "Kotlin",
    extensions: &["kt", "kts"],
    names: &[],
    interpreters: &["kotlin", "kscript"],
    functions: scanner::functions,
};

pub(super) use lizard::functions as as_lizard;

/// The functions of a Kotlin file, counted with options of detekt's rule. A function that an option leaves out has no more
/// than one path.
///
/// # Errors
/// A comment or string that is never closed.
pub(super) fn with_options(
    text: &[u8],
    options: &KotlinOptions,
) -> Result<Vec<Function>, Unreadable> {
    let mut functions = scanner::functions_with(text, options.simple_when_entries)?;
    for function in &mut functions {
        if options.nesting_functions {
            let before = function.points.len();
            function.points.retain(|(_, what)| *what != NESTING);
            let fewer = u32::try_from(before - function.points.len()).unwrap_or(u32::MAX);
            function.cyclomatic = function.cyclomatic.saturating_sub(fewer).max(1);
        }
        if options.single_when && single::is_when(text, function) {
            function.points.clear();
            function.cyclomatic = 1;
        }
    }
    Ok(functions)
}

/// What a call of a function that takes a lambda is called as a point.
const NESTING: &str = "nesting function";

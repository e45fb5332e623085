//! Programming languages: one file or folder each, and the one list of them.

mod broken;
mod clike;
mod compat;
mod counting;
mod cpp;
mod csharp;
mod curly;
mod flow;
mod function;
mod go;
mod golike;
mod java;
mod javascript;
mod kotlin;
mod lexeme;
mod lua;
mod marks;
mod members;
mod nested;
mod php;
mod python;
mod ruby;
mod rust;
mod scala;
mod signs;
mod swift;
mod token;

pub use counting::{Compat, Counting, KotlinOptions};
pub use function::{Function, Unreadable};

/// The bytes of stack that the threads of a pool should have which read files, so that none needs a thread of its own.
pub const POOL_STACK: usize = javascript::POOL_STACK;

/// Says that this thread was started with a stack of [`POOL_STACK`].
pub fn announce_pool_stack() {
    javascript::announce_pool_stack();
}

/// A language whose functions hookd can read.
#[derive(Debug)]
pub struct Language {
    /// Its id in reports, in lower case.
    pub id: &'static str,
    /// Its name.
    pub title: &'static str,
    /// Extensions of its files, in lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// Whole names of its files that have no such extension.
    pub names: &'static [&'static str],
    /// Programs in a `#!` line that run its scripts, without version numbers.
    pub interpreters: &'static [&'static str],
    /// The functions of a file, in the order they start. Any bytes will do: it never panics.
    ///
    /// # Errors
    /// The file cannot be read as this language.
    pub functions: fn(&[u8]) -> Result<Vec<Function>, Unreadable>,
}

impl Language {
    /// The functions of a file, counted as `counting` says. Costs no more than [`Language::functions`] where it says nothing.
    ///
    /// # Errors
    /// The file cannot be read as this language to its end; the error has the functions that end before the place where it
    /// breaks, if it was read so far.
    pub fn count(&self, text: &[u8], counting: &Counting) -> Result<Vec<Function>, Unreadable> {
        let read = |text: &[u8]| self.count_whole(text, counting);
        read(text).map_err(|error| broken::with_functions_before(error, self, text, read))
    }

    fn count_whole(&self, text: &[u8], counting: &Counting) -> Result<Vec<Function>, Unreadable> {
        if let Some(tool) = counting.compat {
            if let Some(read) = compat::reader(self.id, tool) {
                let mut functions = read(text)?;
                let own = (self.functions)(text).unwrap_or_default();
                compat::adopt(self.id, text, &mut functions, own);
                return Ok(functions);
            }
            let mut functions = (self.functions)(text)?;
            compat::recount(self.id, text, &mut functions, tool);
            return Ok(functions);
        }
        if counting.modified && matches!(self.id, "javascript" | "jsx" | "typescript" | "tsx") {
            return javascript::modified(self.id, text);
        }
        if self.id == kotlin::KOTLIN.id && counting.kotlin != KotlinOptions::default() {
            return kotlin::with_options(text, &counting.kotlin);
        }
        (self.functions)(text)
    }
}

/// Every language.
pub static LANGUAGES: &[&Language] = &[
    &cpp::C,
    &cpp::CPP,
    &csharp::CSHARP,
    &go::GO,
    &java::JAVA,
    &javascript::JAVASCRIPT,
    &javascript::JSX,
    &javascript::TSX,
    &javascript::TYPESCRIPT,
    &kotlin::KOTLIN,
    &lua::LUA,
    &php::PHP,
    &python::PYTHON,
    &ruby::RUBY,
    &rust::RUST,
    &scala::SCALA,
    &swift::SWIFT,
];

/// The language of the file at `path` whose first line is `first_line`: by extension, by name, or, where the name has
/// no dot, by the `#!` line. `None` where hookd does not know it.
#[must_use]
pub fn find(path: &str, first_line: &[u8]) -> Option<&'static Language> {
    let language = by_path(path).or_else(|| by_interpreter(path, first_line))?;
    // Qt keeps translations in XML files that end in `.ts`.
    let markup = first_line.trim_ascii_start().starts_with(b"<?xml")
        || first_line.trim_ascii_start().starts_with(b"<!DOCTYPE");
    (!markup).then_some(language)
}

/// The language that the name alone tells.
#[must_use]
pub fn by_path(path: &str) -> Option<&'static Language> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let named = LANGUAGES
        .iter()
        .find(|language| language.names.contains(&name));
    if let Some(language) = named {
        return Some(language);
    }
    let (stem, extension) = name.rsplit_once('.')?;
    if stem.is_empty() {
        return None;
    }
    let extension = extension.to_ascii_lowercase();
    LANGUAGES
        .iter()
        .find(|language| language.extensions.contains(&extension.as_str()))
        .copied()
}

/// The language of a script without an extension, by its `#!` line: `#!/usr/bin/env -S python3 -u`.
fn by_interpreter(path: &str, first_line: &[u8]) -> Option<&'static Language> {
    let name = path.rsplit('/').next().unwrap_or(path);
    if name.trim_start_matches('.').contains('.') {
        return None;
    }
    let line = std::str::from_utf8(first_line).ok()?.strip_prefix("#!")?;
    let mut words = line
        .split_ascii_whitespace()
        .map(|word| word.rsplit('/').next().unwrap_or(word))
        .filter(|word| !word.starts_with('-') && !word.contains('='));
    let program = match words.next()? {
        "env" => words.next()?,
        program => program,
    };
    let program = program.trim_end_matches(|letter: char| letter.is_ascii_digit() || letter == '.');
    LANGUAGES
        .iter()
        .find(|language| language.interpreters.contains(&program))
        .copied()
}

#[cfg(test)]
mod tests;

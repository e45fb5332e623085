//! A pattern of a configuration, with its place while it is read and compiled when it is needed.

use super::LoadError;
use super::keys::{File, Placed};
use super::syntax;
use regex::bytes::{Regex, RegexBuilder};
use std::ops::Range;
use std::sync::OnceLock;

/// Bytes that a compiled pattern may take.
const SIZE_LIMIT: usize = 64 << 20;

/// A pattern, compiled when it is first needed.
#[derive(Debug)]
pub(super) struct Pattern {
    text: String,
    /// Capture groups in it.
    pub(super) groups: usize,
    compiled: OnceLock<Result<Regex, String>>,
}

impl Pattern {
    /// Translates a pattern.
    ///
    /// # Errors
    /// Go would refuse it.
    pub(super) fn new(file: File<'_>, written: &Placed<String>) -> Result<Self, LoadError> {
        let translated = syntax::translate(&written.value).map_err(|error| {
            file.error(
                place(file, written, error.at),
                format!("not a regular expression: {}", error.reason),
            )
        })?;
        Ok(Self {
            text: translated.text,
            groups: translated.groups,
            compiled: OnceLock::new(),
        })
    }

    /// Translated patterns, any of which may match.
    pub(super) fn joined(parts: &[String]) -> Self {
        Self {
            text: format!("(?:{})", parts.join("|")),
            groups: 0,
            compiled: OnceLock::new(),
        }
    }

    /// The pattern in Rust's syntax.
    pub(super) fn into_text(self) -> String {
        self.text
    }

    /// The pattern ready to run.
    ///
    /// # Errors
    /// It is too large, or names a Unicode script that this build does not know.
    pub(super) fn compiled(&self) -> Result<&Regex, String> {
        let compiled = self.compiled.get_or_init(|| compile(&self.text));
        compiled.as_ref().map_err(Clone::clone)
    }
}

/// Byte `at` of a string in the file, where the string has no escapes; otherwise the string.
fn place(file: File<'_>, written: &Placed<String>, at: usize) -> Range<usize> {
    let source = file.text.get(written.span.clone()).unwrap_or_default();
    match source.find(written.value.as_str()) {
        Some(start) if !written.value.contains('\n') => {
            let from = written.span.start + start + at;
            from..from + 1
        }
        _ => written.span.clone(),
    }
}

/// Compiles what the translation gave. Texts must be valid UTF-8 where Go should agree on what a character is.
///
/// # Errors
/// The pattern is too large, or names a Unicode script that this build does not know.
fn compile(translated: &str) -> Result<Regex, String> {
    RegexBuilder::new(translated)
        .size_limit(SIZE_LIMIT)
        .build()
        .map_err(|error| error.to_string())
}

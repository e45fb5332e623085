//! Patterns and filters as configurations of pre-commit write them.

use super::filter::FileFilter;
use super::pattern::{GivenUp, Pattern};
use super::tags::all_tags;
use std::ops::Range;

/// A regular expression of Python's `re`, with flags from outside.
#[derive(Debug, Clone)]
pub struct PythonPattern(Pattern);

impl PythonPattern {
    /// Compiles `pattern`; `flags` are letters of Python's inline flags (`i`, `m`, `s`) that hold for all of it.
    ///
    /// # Errors
    /// Why it cannot be compiled.
    pub fn new(pattern: &str, flags: &str) -> Result<Self, String> {
        let is_flags = |text: &str| text.bytes().all(|byte| byte.is_ascii_lowercase());
        // Python takes such flags at the very beginning only: where there are some already, these join them.
        let own = pattern
            .strip_prefix("(?")
            .and_then(|rest| rest.split_once(')'));
        let whole = match own.filter(|(own, _)| is_flags(own)) {
            _ if flags.is_empty() => pattern.to_owned(),
            Some((own, rest)) => format!(
                "(?{flags}{}){rest}",
                own.replace(|flag| flags.contains(flag), "")
            ),
            None => format!("(?{flags}){pattern}"),
        };
        Pattern::python(&whole).map(Self)
    }

    /// Whether it is found anywhere in `text`, as `re.search` looks.
    ///
    /// # Errors
    /// The search was given up.
    pub fn is_match(&self, text: &str) -> Result<bool, GivenUp> {
        self.0.is_match(text)
    }

    /// Where it is found first.
    ///
    /// # Errors
    /// The search was given up.
    pub fn find(&self, text: &str) -> Result<Option<Range<usize>>, GivenUp> {
        self.0.find(text)
    }
}

/// What a filter is made of.
#[derive(Debug, Clone, Copy, Default)]
pub struct PythonFilter<'a> {
    /// `files`.
    pub files: &'a str,
    /// `exclude`.
    pub exclude: &'a str,
    /// `types`.
    pub types: &'a [&'a str],
    /// `types_or`.
    pub types_or: &'a [&'a str],
    /// `exclude_types`.
    pub exclude_types: &'a [&'a str],
}

impl PythonFilter<'_> {
    /// The filter. Other than those of `[[hook]]` tables it takes symbolic links wherever `types` lets them pass.
    ///
    /// # Errors
    /// The key that is wrong, the position in its list, and why.
    pub fn build(&self) -> Result<FileFilter, (&'static str, usize, String)> {
        let regex = |key: &'static str, pattern: &str, none: &str| {
            // The defaults match everything and nothing.
            let written = (pattern != none && !pattern.is_empty()).then_some(pattern);
            let compiled = written.map(Pattern::python).transpose();
            compiled.map_err(|reason| (key, 0, reason))
        };
        Ok(FileFilter {
            files: regex("files", self.files, "")?,
            exclude: regex("exclude", self.exclude, "^$")?,
            types: tags("types", self.types)?,
            types_or: tags("types_or", self.types_or)?,
            exclude_types: tags("exclude_types", self.exclude_types)?,
            links: true,
            ..FileFilter::default()
        })
    }
}

fn tags(key: &'static str, words: &[&str]) -> Result<Vec<String>, (&'static str, usize, String)> {
    let known = |(at, word): (usize, &&str)| {
        // pre-commit hands submodules to hooks as folders; hookd has files only, so that tag fits none.
        if all_tags().contains(word) || *word == "directory" {
            Ok((*word).to_owned())
        } else {
            Err((key, at, format!("unknown type `{word}`")))
        }
    };
    words.iter().enumerate().map(known).collect()
}

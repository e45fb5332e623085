//! What is wrong with a configuration file, and where.

use std::fmt;
use std::ops::Range;

/// A mistake in a configuration file, shown with its line and a caret.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct ConfigError {
    /// The file, as the user would name it.
    pub file: String,
    /// Line and column, from 1.
    pub at: (usize, usize),
    /// The line of the file that holds the mistake.
    pub line: String,
    /// How many characters the carets cover, at least 1.
    pub width: usize,
    /// What is wrong.
    pub message: String,
    /// What to write instead; empty where that is not known.
    pub help: String,
}

impl ConfigError {
    /// An error over the bytes `span` of `text`, the content of `file`.
    #[must_use]
    pub fn new(file: &str, text: &str, span: Range<usize>, message: impl Into<String>) -> Self {
        let start = text.floor_char_boundary(span.start.min(text.len()));
        let end = text.floor_char_boundary(span.end.clamp(start, text.len()));
        let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
        let line_end = text[start..].find('\n').map_or(text.len(), |at| start + at);
        Self {
            file: file.to_owned(),
            at: (
                text[..start].matches('\n').count() + 1,
                text[line_start..start].chars().count() + 1,
            ),
            line: text[line_start..line_end].trim_end_matches('\r').to_owned(),
            width: text[start..end.min(line_end).max(start)]
                .chars()
                .count()
                .max(1),
            message: message.into(),
            help: String::new(),
        }
    }

    /// The same error with a word on what to write instead.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help = help.into();
        self
    }
}

impl fmt::Display for ConfigError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = self.at;
        let gutter = line.to_string().len();
        writeln!(f, "{}:{line}:{column}: {}", self.file, self.message)?;
        writeln!(f, "{:gutter$} |", "")?;
        writeln!(f, "{line} | {}", self.line)?;
        write!(
            f,
            "{:gutter$} | {:indent$}{}",
            "",
            "",
            "^".repeat(self.width),
            indent = column - 1
        )?;
        if !self.help.is_empty() {
            write!(f, "\n{:gutter$} = {}", "", self.help)?;
        }
        Ok(())
    }
}

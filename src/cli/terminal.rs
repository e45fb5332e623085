//! What the user sees, and how wide and colourful it may be.

use super::args::{Color, Global};
use super::error::CliError;
use crate::env;
use crate::report::Style;
use console::Term;
use std::io::{self, Write};

/// Columns where there is no terminal to ask.
const COLUMNS: usize = 80;
/// A line longer than this is hard to read on any terminal.
const WIDEST: usize = 120;

/// Standard output and standard error, with what was asked of them.
pub(super) struct Terminal {
    color: bool,
    /// Colour of standard error.
    error_color: bool,
    pub(super) quiet: bool,
    pub(super) verbose: bool,
}

impl Terminal {
    pub(super) fn new(global: &Global) -> Self {
        let color = |term: &Term| match global.color {
            Color::Always => true,
            Color::Never => false,
            Color::Auto => {
                term.is_term()
                    && env::var(env::NO_COLOR).is_none()
                    && term.features().colors_supported()
            }
        };
        Self {
            color: color(&Term::stdout()),
            error_color: color(&Term::stderr()),
            quiet: global.quiet,
            verbose: global.verbose,
        }
    }

    /// How a report is to look that shows at most `most` findings.
    pub(super) fn style(&self, most: usize) -> Style {
        let term = Term::stdout();
        let width = term
            .size_checked()
            .map_or(COLUMNS, |(_, columns)| usize::from(columns).min(WIDEST));
        Style {
            width,
            color: self.color,
            verbose: self.verbose,
            quiet: self.quiet,
            show_secrets: false,
            most: if self.verbose { usize::MAX } else { most },
        }
    }

    /// Whether standard output is a terminal: nothing that is written there is kept.
    pub(super) fn is_watched() -> bool {
        Term::stdout().is_term()
    }

    /// Writes `text` to standard output. A reader that went away is no error.
    pub(super) fn print(&self, text: &str) -> Result<(), CliError> {
        finish(io::stdout().lock().write_all(text.as_bytes()))
    }

    /// Writes `text` and a line end to standard output, unless silence was asked for.
    pub(super) fn say(&self, text: &str) -> Result<(), CliError> {
        if self.quiet {
            Ok(())
        } else {
            self.print(&format!("{text}\n"))
        }
    }

    /// Text in bold where there is colour.
    pub(super) fn bold(&self, text: &str) -> String {
        console::Style::new()
            .bold()
            .force_styling(self.color)
            .apply_to(text)
            .to_string()
    }

    /// Writes an error with its hint to standard error.
    pub(super) fn complain(&self, error: &CliError) {
        let label = console::Style::new()
            .red()
            .bold()
            .force_styling(self.error_color)
            .apply_to("error:");
        let mut text = format!("{label} {}\n", error.message);
        if !error.hint.is_empty() {
            text.push_str(&format!("  next: {}\n", error.hint));
        }
        // Where standard error is closed there is nobody to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }

    /// Writes a line to standard error.
    pub(super) fn note(&self, text: &str) {
        if !self.quiet {
            let _ = writeln!(io::stderr().lock(), "{text}");
        }
    }
}

/// Turns the result of writing to standard output into that of the command.
pub(super) fn finish(written: io::Result<()>) -> Result<(), CliError> {
    match written {
        Err(error) if error.kind() != io::ErrorKind::BrokenPipe => Err(CliError::usage(
            format!("cannot write to standard output: {error}"),
            "",
        )),
        _ => Ok(()),
    }
}

//! The outcome of a run, written in one of several formats.

mod github;
mod gitlab;
mod human;
mod json;
mod junit;
mod place;
mod sarif;
mod wrap;

pub use json::schema as json_schema;
pub use wrap::wrap;

use crate::model::Outcome;
use std::io;

/// How a report is to look, where the format leaves a choice.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    /// Columns of the terminal.
    pub width: usize,
    /// Whether to use colour.
    pub color: bool,
    /// Also show what passed, and times.
    pub verbose: bool,
    /// Show nothing where there is nothing to complain of.
    pub quiet: bool,
    /// Whether to show secrets as they are.
    pub show_secrets: bool,
    /// How many findings to show at most.
    pub most: usize,
}

/// A report format.
pub trait Reporter: Sync {
    /// Writes `outcome` to `out`.
    ///
    /// # Errors
    /// `out` cannot be written to.
    fn write(&self, outcome: &Outcome, style: &Style, out: &mut dyn io::Write) -> io::Result<()>;
}

/// Every format under its name. A test compares it with the files beside this one.
pub static REPORTERS: &[(&str, &dyn Reporter)] = &[
    ("human", &human::Human),
    ("json", &json::Json),
    ("sarif", &sarif::Sarif),
    ("junit", &junit::Junit),
    ("github", &github::Github),
    ("gitlab", &gitlab::Gitlab),
];

/// The format called `name`.
#[must_use]
pub fn find(name: &str) -> Option<&'static dyn Reporter> {
    REPORTERS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, reporter)| *reporter)
}

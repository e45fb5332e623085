//! What a check is: its entry in the registry, what it is built from, how it looks at a file.

use super::args::{Args, Opt};
use super::issue::Issues;
use super::kind::Types;
use super::run::Run;
use super::subject::Subject;
use crate::model::{FileMeta, Severity};
use std::sync::Arc;

/// An entry of [`super::checks::CHECKS`].
pub(super) struct CheckSpec {
    /// The id it has in pre-commit-hooks or prek.
    pub(super) id: &'static str,
    /// Ids it had before.
    pub(super) aliases: &'static [&'static str],
    /// What it does, in a few words.
    pub(super) title: &'static str,
    /// What it finds and why that matters.
    pub(super) description: &'static str,
    /// How to put it right.
    pub(super) fix: &'static str,
    /// How bad its findings are.
    pub(super) severity: Severity,
    /// Which files it looks at.
    pub(super) types: Types,
    /// A further condition on the path, replaced by `files` in the configuration; `None` for all.
    pub(super) names: Option<fn(&str) -> bool>,
    /// The options it takes.
    pub(super) options: &'static [Opt],
    /// Makes it.
    pub(super) build: fn(&Setup) -> Result<Box<dyn Check>, String>,
}

/// What a check is made from.
pub(super) struct Setup {
    /// Its arguments.
    pub(super) args: Args,
    /// Whether somebody asked for it by name; then it is as strict as the original. The checks that are on by
    /// themselves stay silent where a file may well be meant as it is.
    pub(super) strict: bool,
    /// The run it is made for.
    pub(super) run: Arc<Run>,
}

/// A check, shared by all threads. It takes part in any of the ways below.
pub(super) trait Check: Send + Sync {
    /// For checks that look at one line after the other: what looks at the lines of `subject`. All such checks share
    /// one pass over the file.
    fn lines<'a>(&'a self, subject: &'a Subject<'_>) -> Option<Box<dyn LineCheck + 'a>> {
        let _ = subject;
        None
    }

    /// Which lines [`Self::lines`] has to be asked about, whatever the file: most lines concern no check, and asking each
    /// check about each line costs more than all the rest. It is asked about others too, but not about empty ones.
    fn edges(&self) -> Edges<'_> {
        Edges::default()
    }

    /// Words without which [`Self::whole`] finds nothing: [`Subject::has_words`] tells whether there are any of those of all
    /// checks. Each begins and ends with a letter, and has no line end.
    fn words(&self) -> &'static [&'static str] {
        &[]
    }

    /// Whether [`Self::lines`] is all there is to it, so that a part of a file is as good as the whole.
    fn takes_parts(&self) -> bool {
        false
    }

    /// Looks at the file as a whole.
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let _ = (subject, out);
    }

    /// The content of a file put right; `None` where `bytes` is right already, or the check only reports.
    fn fixed(&self, subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        let _ = (subject, bytes);
        None
    }

    /// Looks once a run at all files.
    fn set(&self, files: &[&FileMeta], out: &mut SetIssues) {
        let _ = (files, out);
    }
}

/// A line without its `\n`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Its bytes; a `\r` before the line end belongs to them.
    pub(super) bytes: &'a [u8],
    /// Where it starts in the file.
    pub(super) start: usize,
    /// Whether a `\n` ends it.
    pub(super) ended: bool,
}

/// Bytes by which a check knows the lines it looks at.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Edges<'a> {
    /// First bytes of lines to look at.
    pub(super) first: &'a [u8],
    /// Last bytes of lines to look at; the `\n` is none.
    pub(super) last: &'a [u8],
}

/// Looks at the lines of one file, in order.
pub(super) trait LineCheck {
    /// The next line.
    fn line(&mut self, line: &Line<'_>, out: &mut Issues);
}

/// What the checks of a whole run found.
#[derive(Default)]
pub(super) struct SetIssues {
    /// Path and message of each finding.
    pub(super) found: Vec<(crate::model::RepoPath, String)>,
    /// What could not be checked: the message and what to do.
    pub(super) errors: Vec<(String, &'static str)>,
}

impl SetIssues {
    /// A finding about the file at `path`.
    pub(super) fn push(&mut self, path: crate::model::RepoPath, message: impl Into<String>) {
        self.found.push((path, message.into()));
    }

    /// Something that could not be checked.
    pub(super) fn error(&mut self, message: impl Into<String>, help: &'static str) {
        self.errors.push((message.into(), help));
    }
}

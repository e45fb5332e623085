//! What a check finds in one file, before it becomes a finding.

use std::ops::Range;

/// Single findings of one check in one file; further ones are told together, so that a large file in the wrong format
/// does not flood the report.
const SINGLE: usize = 200;

/// One thing a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Issue {
    /// Where, in bytes.
    pub(super) at: Range<usize>,
    /// What is wrong, in one sentence.
    pub(super) message: String,
    /// Whether the place decides if a change brought it in; otherwise the earlier content is looked at.
    pub(super) by_line: bool,
    /// Whether the line may be shown: one with a secret may not.
    pub(super) shown: bool,
}

/// Collects what one check finds in one file.
#[derive(Debug, Default)]
pub(super) struct Issues {
    list: Vec<Issue>,
    more: usize,
}

impl Issues {
    /// Something on the lines that `at` touches.
    pub(super) fn line(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.push_line(at, message, true);
    }

    /// Something secret on the lines that `at` touches: no report shows them.
    pub(super) fn secret(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.push_line(at, message, false);
    }

    fn push_line(&mut self, at: Range<usize>, message: impl Into<String>, shown: bool) {
        if self.list.len() < SINGLE {
            self.list.push(Issue {
                at,
                message: message.into(),
                by_line: true,
                shown,
            });
            return;
        }
        self.more += 1;
        if let Some(last) = self.list.last_mut() {
            last.at.end = at.end.max(last.at.end);
        }
    }

    /// Something about the file as a whole, shown at `at`.
    pub(super) fn whole(&mut self, at: Range<usize>, message: impl Into<String>) {
        self.list.push(Issue {
            at,
            message: message.into(),
            by_line: false,
            shown: true,
        });
    }

    /// Whether nothing was found.
    pub(super) fn is_empty(&self) -> bool {
        self.list.is_empty()
    }

    /// What was found, in the order in which it was.
    pub(super) fn into_list(mut self) -> Vec<Issue> {
        if let (Some(last), more @ 1..) = (self.list.last_mut(), self.more) {
            last.message = format!("{}, and on {more} further lines", last.message);
        }
        self.list
    }
}

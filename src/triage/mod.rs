//! What becomes of a finding: accepted inline or in a file, there before, shown, or blocking.

mod allow;
mod ignores;

pub use allow::Allows;
pub use ignores::{
    Entry, EntryError, IGNORE_FILE, IgnoreList, IgnoreSource, Ignores, Judged, RATCHET_RULE, State,
    parse as parse_ignores, write as write_ignores,
};

use crate::model::{AddedLines, Finding, Level, Novelty, Scope};

/// What a run does with a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Shown, and the run fails.
    Blocks,
    /// Shown only.
    Shown,
    /// There before the change: counted, not shown.
    Existing,
}

/// Judges one finding of a scanner with `level` and `scope`. `added` gives the lines the change brought in and is asked
/// only where they decide.
pub fn judge<'a>(
    finding: &Finding,
    level: Level,
    scope: Scope,
    added: impl FnOnce() -> &'a AddedLines,
) -> Verdict {
    let brought_in = scope == Scope::All
        || match finding.novelty {
            Novelty::New => true,
            Novelty::Existing => false,
            Novelty::ByLines => added().touch(finding.span.lines()),
        };
    match (brought_in, finding.blocking && level == Level::Error) {
        (false, _) => Verdict::Existing,
        (true, true) => Verdict::Blocks,
        (true, false) => Verdict::Shown,
    }
}

//! What came of a hook.

use super::execute::Exit;
use std::fmt;
use std::time::Duration;

/// How a hook ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HookStatus {
    /// Every call ended with 0.
    Passed,
    /// A call ended with another status, or by a signal.
    Failed,
    /// The calls passed, and files are changed. Only [`super::Around::after`] can tell.
    Modified,
    /// It did not run.
    Skipped(SkipReason),
    /// It could not do its work.
    Error {
        /// What went wrong.
        message: String,
        /// What to do about it.
        help: String,
    },
    /// A call took longer than `timeout`.
    TimedOut,
    /// hookd was interrupted before or while it ran.
    Interrupted,
}

impl HookStatus {
    /// An error about which nothing more can be said than this.
    pub(super) const fn without_help(message: String) -> Self {
        Self::Error {
            message,
            help: String::new(),
        }
    }

    /// Whether what depends on the hook may go on.
    #[must_use]
    pub const fn is_good(&self) -> bool {
        matches!(self, Self::Passed | Self::Skipped(SkipReason::NoFiles))
    }
}

/// Why a hook did not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SkipReason {
    /// No file is for it.
    NoFiles,
    /// This hook failed, and it or the run is set to stop then.
    FailFast(String),
    /// This hook, which it depends on, did not end well.
    Dependency(String),
}

impl fmt::Display for SkipReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoFiles => f.write_str("no files to check"),
            Self::FailFast(id) => write!(
                f,
                "`{id}` failed, and nothing begins after that (fail_fast)"
            ),
            Self::Dependency(id) => write!(f, "it depends on `{id}`, which did not pass"),
        }
    }
}

/// What came of a hook.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HookResult {
    /// The id of the hook.
    pub id: String,
    /// How it ended.
    pub status: HookStatus,
    /// How many files it was for.
    pub files: usize,
    /// From the start of its first call to the end of its last.
    pub duration: Duration,
    /// The outputs of its calls, one behind the other in the order of the files.
    pub output: Vec<u8>,
    /// How its first call that did not pass ended, else its last; `None` where none was made.
    pub exit: Option<Exit>,
}

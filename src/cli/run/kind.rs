//! What a run looks at, by its stage and its options.

use super::super::args::Run;
use crate::model::Mode;

/// What a stage has to do with files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum StageKind {
    /// The files of the run: staged ones, or what the options name.
    Files,
    /// The files of the commits that are pushed.
    Push,
    /// Those of the commits that a push brings here. There is no worktree they could be in: commands are called once.
    Received,
    /// The message of the commit that is being made.
    Message,
    /// None: hooks are called once.
    NoFiles,
}

impl StageKind {
    pub(super) fn of(given: &Run, stage: &str) -> Self {
        match stage {
            _ if given.message.is_some() => Self::Message,
            _ if given.hook.is_none() => Self::Files,
            "commit-msg" => Self::Message,
            "pre-commit" | "pre-merge-commit" => Self::Files,
            "pre-push" => Self::Push,
            "pre-receive" | "update" => Self::Received,
            _ => Self::NoFiles,
        }
    }

    /// Whether commands are called with names of files.
    pub(super) const fn names_files(self) -> bool {
        matches!(self, Self::Files | Self::Push)
    }
}

/// What the options name.
pub(super) fn mode(given: &Run, kind: StageKind) -> Mode {
    if matches!(kind, StageKind::Push | StageKind::Received) {
        Mode::Range
    } else if given.all {
        Mode::All
    } else if given.history.is_some() {
        Mode::History
    } else if !given.files.is_empty() {
        Mode::Files
    } else if given.from_ref.is_some() {
        Mode::Range
    } else {
        Mode::Staged
    }
}

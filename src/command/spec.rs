//! A hook as meant.

use super::filter::{FileFilter, below};
use crate::model::RepoPath;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::num::NonZeroUsize;
use std::time::Duration;

/// One external command of the configuration, a `[[hook]]` table. `docs/hooks.md` describes every key.
#[derive(Debug, Clone)]
pub struct Hook {
    /// Unique among hooks and scanners.
    pub id: String,
    /// What reports call it; the id where no name is given.
    pub name: String,
    /// What to run.
    pub run: CommandLine,
    /// A command that changes nothing and passes where `run` would have nothing to do.
    pub check: Option<CommandLine>,
    /// Which files it gets.
    pub filter: FileFilter,
    /// The stages it runs at, see [`super::STAGES`].
    pub stages: Vec<&'static str>,
    /// Whether file names are appended to the command.
    pub pass_filenames: PassFilenames,
    /// Runs also where no file is left for it.
    pub always_run: bool,
    /// One process at a time, and no other hook beside it.
    pub serial: bool,
    /// When it fails, nothing more begins.
    pub fail_fast: bool,
    /// Environment variables it gets beside the inherited ones.
    pub env: BTreeMap<String, String>,
    /// The folder it runs in, relative to the root, where that is not the root itself.
    pub dir: Option<RepoPath>,
    /// How long one process of it may take.
    pub timeout: Option<Duration>,
    /// Ids of the hooks that must have ended well before.
    pub depends_on: Vec<String>,
    /// What it changes in staged files is staged too.
    pub stage_fixed: bool,
    /// Whether it may change files.
    pub writes: bool,
    /// Operations of git during which it does not run.
    pub skip_on: Vec<GitOperation>,
    /// It gets the terminal.
    pub tty: bool,
    /// Whether it runs at all.
    pub enabled: bool,
}

/// What is run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommandLine {
    /// A text for `sh -c`, with the file names behind it.
    Shell(String),
    /// A program and its arguments, without a shell; never empty.
    Program(Vec<String>),
}

/// Whether, and how many at a time, file names are handed to a command.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PassFilenames {
    /// As many as fit.
    All,
    /// At most this many a call.
    AtMost(NonZeroUsize),
    /// None: one call, without files.
    No,
}

/// Something that git is in the middle of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum GitOperation {
    /// `git merge`.
    Merge,
    /// `git rebase`.
    Rebase,
    /// `git cherry-pick`.
    CherryPick,
    /// `git revert`.
    Revert,
}

impl GitOperation {
    /// Each with the word that stands for it in `skip_on`.
    pub const ALL: [(&'static str, Self); 4] = [
        ("merge", Self::Merge),
        ("rebase", Self::Rebase),
        ("cherry-pick", Self::CherryPick),
        ("revert", Self::Revert),
    ];
}

impl Hook {
    /// Whether it runs at this stage.
    #[must_use]
    pub fn runs_at(&self, stage: &str) -> bool {
        self.enabled && self.stages.contains(&stage)
    }

    /// The file's name as the command gets it: relative to the folder the command runs in, and never like an option.
    #[must_use]
    pub fn argument<'p>(&self, path: &'p RepoPath) -> Cow<'p, [u8]> {
        let whole = path.as_bytes();
        let name = match &self.dir {
            Some(dir) => below(dir, path).unwrap_or(whole),
            None => whole,
        };
        if name.starts_with(b"-") {
            Cow::Owned([b"./", name].concat())
        } else {
            Cow::Borrowed(name)
        }
    }
}

//! What a scanner is.

use super::SourceFile;
use crate::config::{ConfigError, Section};
use crate::git::CommitRange;
use crate::model::{FileMeta, Mode, RuleDoc, Sink};
use std::path::PathBuf;

/// A built-in scanner, ready to run: made once a run, shared by all threads.
pub trait Scanner: Send + Sync {
    /// Whether it wants `file`: asked for every file, from path, size and mode only.
    fn wants(&self, file: &FileMeta) -> bool;

    /// Checks one file. Pure: looks at nothing but `file`.
    fn scan_file(&self, file: &SourceFile<'_>, out: &mut Sink);

    /// Looks once a run at the files it wanted, before any is scanned: for what concerns the run as a whole.
    fn scan_set(&self, files: &[&FileMeta], out: &mut Sink) {
        let _ = (files, out);
    }

    /// Says what only shows when every file was scanned. Not called where the run stopped early.
    fn finish(&self, out: &mut Sink) {
        let _ = out;
    }

    /// Whether it has something to say about contents of long ago, apart from their commits.
    fn reads_history(&self) -> bool {
        false
    }

    /// Whether a file over the size limit may be handed over in overlapping windows
    /// (then [`SourceFile::bytes`] is a part, and bases are not available).
    fn takes_windows(&self) -> bool {
        false
    }

    /// Whether what was accepted of it may only become less: entries that accept more than is there block a sweep.
    fn ratchets(&self) -> bool {
        false
    }

    /// What it left out by its own conventions, in a few words, once the run is over: empty where that was nothing.
    fn left_out(&self) -> String {
        String::new()
    }
}

/// What a scanner may know about the run it is made for.
#[derive(Debug, Clone)]
pub struct ScanContext {
    /// What the run looks at.
    pub mode: Mode,
    /// The folder that holds data which outlives a run, such as the advisory database.
    pub data_dir: Option<PathBuf>,
    /// The root of what is checked.
    pub root: PathBuf,
    /// The commits that the run is about, where it is about commits.
    pub commits: Option<CommitRange>,
    /// Whether the run looks at the message of a commit, as its one file.
    pub reads_message: bool,
    /// The day the run happens, for findings accepted until a date.
    pub today: jiff::civil::Date,
}

/// Makes a scanner from its section of the configuration.
pub type Build = fn(&Section<'_>, &ScanContext) -> Result<Box<dyn Scanner>, ConfigError>;

/// What a scanner looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reads {
    /// Files.
    Files,
    /// Messages of commits.
    Messages,
    /// Both.
    Both,
}

impl Reads {
    /// Whether a run over messages, or else over files, has to do with it.
    #[must_use]
    pub const fn fits(self, messages: bool) -> bool {
        match self {
            Self::Files => !messages,
            Self::Messages => messages,
            Self::Both => true,
        }
    }
}

/// An entry of [`super::SCANNERS`].
pub struct ScannerSpec {
    /// Its id: the name of its folder, its section and its findings.
    pub id: &'static str,
    /// What it does, in a few words.
    pub title: &'static str,
    /// What it looks at.
    pub reads: Reads,
    /// Makes it from its section of the configuration.
    pub build: Build,
    /// The documentation of its rules.
    pub rules: fn() -> Vec<RuleDoc>,
}

//! Findings accepted in files: `hookd.ignore`, and those of other tools. Nothing is read before a finding asks.

mod foreign;
mod own;

pub use own::{Entry, EntryError, IGNORE_FILE, parse, write};

use crate::model::{Accepted, CheckError, Finding, RepoPath};
use foreign::Foreign;
use jiff::civil::Date;
use own::measured;
use std::cell::{OnceCell, RefCell};
use std::collections::{BTreeMap, BTreeSet};

/// The rule of an entry that accepts more than it should, where the list may only shrink.
pub const RATCHET_RULE: &str = "complexity-ratchet";

/// Where the files are read: the index for what is staged, else the disk.
pub trait IgnoreSource {
    /// The file called `name` in the root; `None` where there is none.
    ///
    /// # Errors
    /// Why it cannot be read.
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String>;

    /// The file called `name` as it is on disk, where [`Self::read`] looks elsewhere.
    fn read_unstaged(&self, name: &str) -> Option<Vec<u8>>;

    /// The file at `path` as it was in `commit`; `None` where there is none.
    fn read_at(&self, commit: &str, path: &RepoPath) -> Option<Vec<u8>>;

    /// Whether there is a file at `path`.
    fn has(&self, path: &RepoPath) -> bool;
}

/// What the files say.
pub struct Ignores {
    entries: Vec<Entry>,
    /// Positions in `entries`.
    by_path: BTreeMap<RepoPath, Vec<usize>>,
    foreign: Foreign,
    errors: Vec<CheckError>,
}

impl Ignores {
    fn read(source: &dyn IgnoreSource) -> Self {
        let (entries, errors) = match source.read(IGNORE_FILE) {
            Ok(text) => {
                let (entries, wrong) = parse(&text.unwrap_or_default());
                (entries, wrong.iter().map(unreadable).collect())
            }
            Err(reason) => (Vec::new(), vec![complaint(reason, "make it readable")]),
        };
        let mut by_path: BTreeMap<RepoPath, Vec<usize>> = BTreeMap::new();
        for (at, entry) in entries.iter().enumerate() {
            by_path.entry(entry.path.clone()).or_default().push(at);
        }
        let foreign = Foreign::read(source);
        let errors: Vec<CheckError> = errors;
        Self {
            errors: errors.into_iter().chain(foreign.errors.clone()).collect(),
            entries,
            by_path,
            foreign,
        }
    }

    /// The entry for `finding` in its own file: one that still counts before one that is over or accepts less.
    fn here(&self, finding: &Finding, today: Date) -> Option<usize> {
        let places = self.by_path.get(&finding.path)?;
        let about = places
            .iter()
            .filter(|&&at| self.entries[at].is_about(finding));
        about
            .min_by_key(|&&at| {
                let entry = &self.entries[at];
                (entry.is_over(today), !entry.reaches(finding))
            })
            .copied()
    }
}

fn unreadable(error: &EntryError) -> CheckError {
    let message = format!("{}:{}: {}", error.line, error.column, error.message);
    complaint(
        message,
        "put the line right, or take it out; it accepts nothing",
    )
}

fn complaint(message: String, help: &str) -> CheckError {
    CheckError {
        path: Some(RepoPath::from(IGNORE_FILE)),
        scanner: "",
        message,
        help: help.to_owned(),
        // What cannot be read accepts nothing, so nothing is missed.
        fatal: false,
    }
}

/// What became of a finding.
pub enum Judged {
    /// Nobody accepted it; where somebody did and it does not count, it says so.
    Counts(Finding),
    /// Somebody did.
    Accepted(Accepted),
}

/// What can be said of an entry after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum State {
    /// It accepts a finding.
    Used,
    /// It accepts more than is there: this number is enough.
    Loose(u64),
    /// Its last day is over; what it accepted is still there.
    Expired,
    /// What it accepted is not there any more.
    Unused,
    /// It accepts what only history held, which a run over the files cannot judge.
    Past,
    /// Its scanner did not run over its file.
    Unknown,
}

impl State {
    /// The word for it in lists.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Loose(_) => "loose",
            Self::Expired => "expired",
            Self::Unused => "unused",
            Self::Past => "history",
            Self::Unknown => "unknown",
        }
    }
}

/// The ignore files of a run, read when first needed, and which of their entries were needed.
pub struct IgnoreList<'a> {
    source: &'a dyn IgnoreSource,
    today: Date,
    loaded: OnceCell<Ignores>,
    /// What `hookd.ignore` says on disk, where that is not what counts.
    unstaged: OnceCell<Vec<Entry>>,
    used: RefCell<BTreeMap<usize, u64>>,
    /// Where the things of entries are now whose file is gone.
    moved: RefCell<BTreeMap<usize, RepoPath>>,
}

impl<'a> IgnoreList<'a> {
    /// A list that reads from `source` and holds for `today`.
    #[must_use]
    pub const fn new(source: &'a dyn IgnoreSource, today: Date) -> Self {
        Self {
            source,
            today,
            loaded: OnceCell::new(),
            unstaged: OnceCell::new(),
            used: RefCell::new(BTreeMap::new()),
            moved: RefCell::new(BTreeMap::new()),
        }
    }

    /// What the files say; reads them the first time.
    pub fn ignores(&self) -> &Ignores {
        self.loaded.get_or_init(|| Ignores::read(self.source))
    }

    /// What is wrong with the files, as far as they were read.
    #[must_use]
    pub fn errors(&self) -> &[CheckError] {
        self.loaded.get().map_or(&[], |loaded| &loaded.errors)
    }

    /// Judges a finding that would be shown. One about the list itself cannot be accepted there.
    #[must_use]
    pub fn judge(&self, mut finding: Finding) -> Judged {
        if finding.rule == RATCHET_RULE {
            return Judged::Counts(finding);
        }
        let loaded = self.ignores();
        let own = loaded
            .here(&finding, self.today)
            .or_else(|| self.moved_here(&finding));
        if let Some(at) = own {
            let entry = &loaded.entries[at];
            let value = measured(&finding).unwrap_or(u64::MAX);
            let mut used = self.used.borrow_mut();
            let greatest = used.entry(at).or_default();
            *greatest = value.max(*greatest);
            if !entry.is_over(self.today) && entry.reaches(&finding) {
                return Judged::Accepted(Accepted {
                    finding,
                    by: format!("{IGNORE_FILE}:{}", entry.line),
                    reason: entry.reason.clone(),
                });
            }
        }
        if let Some((by, reason)) = loaded.foreign.accepts(&finding, self.source) {
            return Judged::Accepted(Accepted {
                by: by.to_owned(),
                reason: reason.to_owned(),
                finding,
            });
        }
        self.explain(own, &mut finding);
        Judged::Counts(finding)
    }

    /// Says why an entry that is about the finding does not accept it.
    fn explain(&self, own: Option<usize>, finding: &mut Finding) {
        let entry = own.map(|at| &self.ignores().entries[at]);
        match entry {
            Some(entry) if entry.is_over(self.today) => {
                let until = entry.until.map_or_else(String::new, |day| day.to_string());
                let said = format!(
                    " (accepted until {until}: {}; that day is over)",
                    entry.reason
                );
                finding.message.push_str(&said);
            }
            Some(entry) => {
                let most = entry.accepted.unwrap_or_default();
                finding
                    .message
                    .push_str(&format!(" (accepted up to {most})"));
            }
            None if self.is_accepted_on_disk(finding) => {
                finding.help = format!(
                    "Accepted on disk, but that is not staged yet: `git add {IGNORE_FILE}`"
                );
            }
            None => {}
        }
    }

    /// Finds out which accepted secrets were moved: their file is gone, and of all `findings`, which must be those of every file,
    /// one file alone holds them. Where two do, one is a copy, and nobody accepted that. Other scanners know things by names,
    /// which may recur: what they found does not move.
    pub fn follow(&self, findings: &[Finding]) {
        let secrets: Vec<&Finding> = findings
            .iter()
            .filter(|finding| finding.scanner == "secrets")
            .collect();
        if secrets.is_empty() {
            return;
        }
        let loaded = self.ignores();
        let gone = loaded.by_path.iter();
        let gone = gone.filter(|(path, _)| !self.source.has(path));
        for &at in gone.flat_map(|(_, entries)| entries) {
            let about = secrets
                .iter()
                .filter(|finding| loaded.entries[at].is_about(finding));
            let paths: BTreeSet<&RepoPath> = about.map(|finding| &finding.path).collect();
            if let (1, Some(&path)) = (paths.len(), paths.first()) {
                self.moved.borrow_mut().insert(at, path.clone());
            }
        }
    }

    fn moved_here(&self, finding: &Finding) -> Option<usize> {
        let moved = self.moved.borrow();
        let mut here = moved.iter().filter(|(_, path)| **path == finding.path);
        let entries = &self.ignores().entries;
        let (&at, _) = here.find(|&(&at, _)| entries[at].is_about(finding))?;
        Some(at)
    }

    fn is_accepted_on_disk(&self, finding: &Finding) -> bool {
        let unstaged = self.unstaged.get_or_init(|| {
            let text = self.source.read_unstaged(IGNORE_FILE);
            parse(&text.unwrap_or_default()).0
        });
        unstaged.iter().any(|entry| {
            entry.path == finding.path && !entry.is_over(self.today) && entry.is_about(finding)
        })
    }

    /// Every entry, what can be said of it after a run over everything, and the file its finding was moved to.
    /// `checked` says whether a scanner, by its id, looked at a file.
    #[must_use]
    pub fn states(
        &self,
        checked: impl Fn(&str, &RepoPath) -> bool,
    ) -> Vec<(&Entry, State, Option<RepoPath>)> {
        let used = self.used.borrow();
        let moved = self.moved.borrow();
        let entries = self.ignores().entries.iter().enumerate();
        let state = |at: usize, entry: &Entry| {
            if let Some(&value) = used.get(&at) {
                match entry.accepted {
                    _ if entry.is_over(self.today) => State::Expired,
                    Some(most) if value < most => State::Loose(value),
                    _ => State::Used,
                }
            } else if entry.past && entry.is_over(self.today) {
                State::Expired
            } else if entry.past {
                State::Past
            } else if checked(&entry.scanner, &entry.path) {
                State::Unused
            } else {
                State::Unknown
            }
        };
        entries
            .map(|(at, entry)| (entry, state(at, entry), moved.get(&at).cloned()))
            .collect()
    }

    /// Whether a file still stands where an entry says.
    #[must_use]
    pub fn has(&self, path: &RepoPath) -> bool {
        self.source.has(path)
    }
}

#[cfg(test)]
mod tests;

//! The advisory databases of a run: each opened when the first package asks for it, each missing one said once.

use super::ID;
use super::settings::Ages;
use crate::advisory::{AdvisoryError, Database, folder};
use crate::model::{CheckError, Sink};
use crate::scan::ScanContext;
use crate::version::Ecosystem;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::{HashMap, HashSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};

/// The databases of a run: each is opened at most once.
pub(super) struct Databases {
    folder: Option<PathBuf>,
    today: Date,
    ages: Ages,
    judges_change: bool,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    open: HashMap<Ecosystem, Option<Arc<Database>>>,
    lockfiles: HashMap<Ecosystem, usize>,
    damaged: HashSet<Ecosystem>,
}

impl Databases {
    pub(super) fn new(context: &ScanContext, ages: Ages) -> Self {
        Self {
            folder: context.data_dir.as_deref().map(folder),
            today: context.today,
            ages,
            judges_change: context.mode.judges_change(),
            state: Mutex::default(),
        }
    }

    /// Notes that one more lockfile of the run is of this ecosystem.
    pub(super) fn count(&self, ecosystem: Ecosystem) {
        *self.state().lockfiles.entry(ecosystem).or_default() += 1;
    }

    /// The database of `ecosystem`; `None` where there is none that counts, which the first call says to `out`.
    pub(super) fn get(&self, ecosystem: Ecosystem, out: &mut Sink) -> Option<Arc<Database>> {
        let mut state = self.state();
        if let Some(known) = state.open.get(&ecosystem) {
            return known.clone();
        }
        let lockfiles = state.lockfiles.get(&ecosystem).copied().unwrap_or(1);
        let opened = if ecosystem.has_advisories() {
            self.open(ecosystem, lockfiles, out)
        } else {
            if !self.judges_change {
                out.error(nobody(ecosystem));
            }
            None
        };
        state.open.insert(ecosystem, opened.clone());
        opened
    }

    /// The database of `ecosystem` if there is one that counts, without a word where there is none: for what is no part of
    /// the project any more.
    pub(super) fn known(&self, ecosystem: Ecosystem) -> Option<Arc<Database>> {
        if let Some(known) = self.state().open.get(&ecosystem) {
            return known.clone();
        }
        // Not kept: who needs it for a package of today has yet to be told.
        self.open(ecosystem, 1, &mut Sink::new())
    }

    /// Whether every database that was asked for could be used.
    pub(super) fn are_complete(&self) -> bool {
        let state = self.state();
        state.damaged.is_empty() && state.open.values().all(Option::is_some)
    }

    /// Says once that a database turned out to be damaged.
    pub(super) fn damaged(&self, ecosystem: Ecosystem, error: &AdvisoryError, out: &mut Sink) {
        if self.state().damaged.insert(ecosystem) {
            out.error(self.not_audited(format!("not audited: {error}"), ecosystem));
        }
    }

    fn state(&self) -> std::sync::MutexGuard<'_, State> {
        // Nothing that is done under the lock leaves the state half changed.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn open(
        &self,
        ecosystem: Ecosystem,
        lockfiles: usize,
        out: &mut Sink,
    ) -> Option<Arc<Database>> {
        let opened = match &self.folder {
            Some(folder) => Database::open(folder, ecosystem),
            None => Ok(None),
        };
        let count = match lockfiles {
            1 => "1 lockfile".to_owned(),
            many => format!("{many} lockfiles"),
        };
        let message = match opened {
            Ok(Some(database)) => {
                let days = self.age(&database);
                if days <= self.ages.most {
                    if days > self.ages.notice {
                        out.error(old(ecosystem, days, days > self.ages.warn));
                    }
                    return Some(Arc::new(database));
                }
                format!(
                    "not audited: the advisory data for {ecosystem} is {days} days old ({count})"
                )
            }
            Ok(None) => format!("not audited: no advisory data for {ecosystem} ({count})"),
            Err(error) => format!("not audited: {error} ({count})"),
        };
        out.error(self.not_audited(message, ecosystem));
        None
    }

    /// Days since the data was last known to be the newest.
    fn age(&self, database: &Database) -> i64 {
        let checked = database.meta().checked.to_zoned(TimeZone::UTC).date();
        i64::from((self.today - checked).get_days())
    }

    /// A commit waits for no download, so there the gap is only said; a sweep is incomplete.
    fn not_audited(&self, message: String, ecosystem: Ecosystem) -> CheckError {
        CheckError {
            path: None,
            scanner: ID,
            message,
            help: update(ecosystem),
            fatal: !self.judges_change,
        }
    }
}

/// Said in sweeps only: nothing that anybody does about a commit changes it.
fn nobody(ecosystem: Ecosystem) -> CheckError {
    CheckError {
        path: None,
        scanner: ID,
        message: format!("not audited: nobody publishes advisories for {ecosystem} by version"),
        help: "`hookd packages` lists what there is".to_owned(),
        fatal: false,
    }
}

fn old(ecosystem: Ecosystem, days: i64, warn: bool) -> CheckError {
    let loss = if warn {
        ": what became known since then is not found"
    } else {
        ""
    };
    CheckError {
        path: None,
        scanner: ID,
        message: format!("the advisory data for {ecosystem} is {days} days old{loss}"),
        help: update(ecosystem),
        fatal: false,
    }
}

fn update(ecosystem: Ecosystem) -> String {
    match ecosystem.as_str() {
        name if name.contains(' ') => format!("hookd db update '{name}'"),
        name => format!("hookd db update {name}"),
    }
}

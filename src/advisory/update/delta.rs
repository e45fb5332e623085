//! The records that changed since the last update, one by one, instead of the whole archive.
//!
//! The bucket has a list of changes beside each archive, `modified_id.csv`, newest first, a line `time,id` a record, and
//! each record as `<id>.json` (<https://google.github.io/osv.dev/data/#downloading-recent-changes>).

use super::download::{self, failure};
use crate::advisory::database::Database;
use crate::advisory::import::{Imported, count_records, refuse_shrinking, replace};
use crate::advisory::pack::pack;
use crate::advisory::record::{Compiled, Verdict, compile};
use crate::advisory::sources::RECORD_MOST;
use crate::advisory::{AdvisoryError, Progress};
use jiff::{SignedDuration, Timestamp};
use std::collections::HashSet;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};
use ureq::Agent;

/// More changes than this are not fetched one by one: the archive is the shorter way.
const MOST: usize = 600;
/// The longest line of the list that makes sense.
const LINE_MOST: usize = 300;
/// How many records are asked for at a time.
const AT_ONCE: usize = 8;
/// Records that a publisher deleted are missed by changes; the whole archive, taken this often, leaves them out.
const WHOLE_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);

/// A line of the list.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    modified: Timestamp,
    id: String,
}

/// What the list of changes came to.
pub(super) enum Delta {
    /// Nothing changed.
    UpToDate,
    /// The changes are in place.
    Applied(Box<Imported>),
    /// There is no list, or it is too long or no list: the archive must do.
    Impossible,
}

/// Where changes come from and what they are laid over.
pub(super) struct Source<'a> {
    pub(super) agent: &'a Agent,
    /// The folder of the ecosystem on the server, without a `/` at its end.
    pub(super) folder: &'a str,
    pub(super) dest: &'a Path,
    pub(super) old: &'a Database,
}

impl Source<'_> {
    /// Fetches what changed and lays it over the database.
    ///
    /// # Errors
    /// The server does not answer, a record is not what the list says, or too little would be left. The database is as
    /// it was then.
    pub(super) fn run(&self, progress: &dyn Progress) -> Result<Delta, AdvisoryError> {
        let meta = self.old.meta();
        let now = Timestamp::now();
        let (Some(whole), Some(cursor)) = (meta.whole, meta.cursor) else {
            return Ok(Delta::Impossible);
        };
        if now.duration_since(whole) > WHOLE_EVERY {
            return Ok(Delta::Impossible);
        }
        let Some(changes) = self.changes(cursor)? else {
            return Ok(Delta::Impossible);
        };
        let Some(newest) = changes.first().map(|change| change.modified) else {
            let mut meta = meta.clone();
            meta.checked = now;
            replace(self.dest, self.old.ecosystem(), &self.old.with_meta(&meta))?;
            return Ok(Delta::UpToDate);
        };
        let Some(verdicts) = self.fetch(&changes, progress)? else {
            return Ok(Delta::Impossible);
        };
        self.apply(&changes, verdicts, newest)
            .map(|imported| Delta::Applied(Box::new(imported)))
    }

    /// The lines of the list that are newer than `cursor`; `None` where there is no list or it is of no use.
    fn changes(&self, cursor: Timestamp) -> Result<Option<Vec<Change>>, AdvisoryError> {
        let url = format!("{}/modified_id.csv", self.folder);
        let Some(body) = download::open(self.agent, &url)? else {
            return Ok(None);
        };
        let mut reader = BufReader::new(body);
        let mut changes: Vec<Change> = Vec::new();
        loop {
            let mut line = String::new();
            (&mut reader)
                .take(LINE_MOST as u64)
                .read_line(&mut line)
                .map_err(|error| failure(&url, error.to_string()))?;
            if line.is_empty() {
                return Ok(Some(changes));
            }
            let Some(change) = change(&line) else {
                return Ok(None);
            };
            if change.modified <= cursor {
                return Ok(Some(changes));
            }
            // Only a list that is newest first may be left before its end.
            let sorted = changes
                .last()
                .is_none_or(|last| last.modified >= change.modified);
            if !sorted || changes.len() == MOST {
                return Ok(None);
            }
            changes.push(change);
        }
    }

    /// The changed records, in the order of `changes`; `None` where one is not there (the archive will tell).
    fn fetch(
        &self,
        changes: &[Change],
        progress: &dyn Progress,
    ) -> Result<Option<Vec<Verdict>>, AdvisoryError> {
        progress.start(
            &format!("{}: changed advisories", self.folder),
            Some(changes.len() as u64),
        );
        let next = AtomicUsize::new(0);
        let failed = Mutex::new(None);
        let mut parts: Vec<(usize, Option<Verdict>)> = std::thread::scope(|scope| {
            let work = || {
                let mut mine = Vec::new();
                while let Some((at, change)) = take(&next, changes) {
                    match self.record(change) {
                        Ok(verdict) => mine.push((at, verdict)),
                        Err(error) => {
                            next.store(changes.len(), Ordering::Relaxed);
                            if let Ok(mut failed) = failed.lock() {
                                failed.get_or_insert(error);
                            }
                        }
                    }
                    progress.advance(1);
                }
                mine
            };
            let workers: Vec<_> = (0..AT_ONCE.min(changes.len()))
                .map(|_| scope.spawn(work))
                .collect();
            let finished = workers.into_iter().filter_map(|worker| worker.join().ok());
            finished.flatten().collect()
        });
        progress.finish();
        if let Some(error) = failed.into_inner().unwrap_or_default() {
            return Err(error);
        }
        if parts.len() != changes.len() {
            return Ok(None);
        }
        parts.sort_by_key(|(at, _)| *at);
        Ok(parts.into_iter().map(|(_, verdict)| verdict).collect())
    }

    /// One record as the server has it now; `None` where it has none.
    fn record(&self, change: &Change) -> Result<Option<Verdict>, AdvisoryError> {
        let url = format!("{}/{}.json", self.folder, change.id);
        let Some(body) = download::open(self.agent, &url)? else {
            return Ok(None);
        };
        let mut json = Vec::new();
        body.take(RECORD_MOST + 1)
            .read_to_end(&mut json)
            .map_err(|error| failure(&url, error.to_string()))?;
        let wrong = |reason| AdvisoryError::Record {
            url: url.clone(),
            reason,
        };
        check(&json, change).map_err(wrong)?;
        Ok(Some(compile(&json, Some(self.old.ecosystem()))))
    }

    fn apply(
        &self,
        changes: &[Change],
        verdicts: Vec<Verdict>,
        newest: Timestamp,
    ) -> Result<Imported, AdvisoryError> {
        let ids: HashSet<&str> = changes.iter().map(|change| change.id.as_str()).collect();
        let mut packages = self.old.unpack()?;
        packages.retain(|one| !ids.contains(one.entry.id.as_str()));
        let mut meta = self.old.meta().clone();
        let (withdrawn, skipped) = merge(&mut packages, verdicts, &mut meta.newest);
        meta.checked = Timestamp::now();
        meta.cursor = Some(newest);
        meta.records = count_records(&packages);
        let ecosystem = self.old.ecosystem();
        refuse_shrinking(self.dest, ecosystem, self.folder, meta.records)?;
        let file = pack(&mut meta, packages).map_err(|_| AdvisoryError::Archive {
            origin: self.folder.to_owned(),
            reason: "it holds more than a database file can".to_owned(),
        })?;
        replace(self.dest, ecosystem, &file)?;
        Ok(Imported {
            meta,
            withdrawn,
            skipped,
            changed: Some(ids.len() as u64),
            size: file.len() as u64,
        })
    }
}

/// Adds what the changed records say; counts those that were withdrawn and those that say nothing.
fn merge(packages: &mut Vec<Compiled>, verdicts: Vec<Verdict>, newest: &mut String) -> (u64, u64) {
    let (mut withdrawn, mut skipped) = (0, 0);
    for verdict in verdicts {
        match verdict {
            Verdict::Withdrawn => withdrawn += 1,
            Verdict::Bad => skipped += 1,
            Verdict::Useful {
                packages: mut new,
                modified,
            } => {
                packages.append(&mut new);
                if let Some(modified) = modified.filter(|modified| modified > newest) {
                    *newest = modified;
                }
            }
        }
    }
    (withdrawn, skipped)
}

fn take<'a>(next: &AtomicUsize, changes: &'a [Change]) -> Option<(usize, &'a Change)> {
    let at = next.fetch_add(1, Ordering::Relaxed);
    changes.get(at).map(|change| (at, change))
}

/// A line of the list; `None` for anything else. An id goes into an address, so it must be one.
fn change(line: &str) -> Option<Change> {
    let (modified, id) = line.trim_end().split_once(',')?;
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.' | ':');
    let is_id = id.chars().all(plain) && id.starts_with(|c: char| c.is_ascii_alphanumeric());
    let whole_line = line.ends_with('\n') || line.len() < LINE_MOST;
    Some(Change {
        modified: modified.parse().ok()?,
        id: Some(id).filter(|_| is_id && whole_line)?.to_owned(),
    })
}

/// Whether a record is the one that the list promised, and no older.
fn check(json: &[u8], change: &Change) -> Result<(), &'static str> {
    let record: serde_json::Value =
        serde_json::from_slice(json).map_err(|_| "it is no OSV record")?;
    let text = |key| record.get(key).and_then(serde_json::Value::as_str);
    if text("id") != Some(change.id.as_str()) {
        return Err("it has another id");
    }
    let modified: Timestamp = text("modified")
        .and_then(|text| text.parse().ok())
        .ok_or("it does not say when it was changed")?;
    // Some publishers write whole seconds only.
    if modified.as_second() < change.modified.as_second() {
        return Err("it is older than the list of changes says");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::change;

    #[test]
    fn lines_of_the_list_are_read_strictly() {
        let good = change("2026-01-02T03:04:05.678Z,GHSA-aaaa-bbbb-cccc\n").unwrap();
        assert_eq!(good.id, "GHSA-aaaa-bbbb-cccc");
        for bad in [
            "id only\n",
            "2026-01-02,RUSTSEC-1\n",
            "2026-01-02T03:04:05Z,../../x\n",
            "2026-01-02T03:04:05Z,\n",
            "2026-01-02T03:04:05Z,a b\n",
        ] {
            assert_eq!(change(bad), None, "{bad}");
        }
    }
}

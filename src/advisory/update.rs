//! Downloads advisory data from OSV's public bucket or a mirror of it: the only network code.
//! Layout: <https://google.github.io/osv.dev/data/#data-dumps>.

mod delta;
mod download;

use super::database::Database;
use super::import::{ImportOptions, Imported, import, replace};
use super::sources::ZIP_MOST;
use super::{AdvisoryError, Progress};
use crate::version::Ecosystem;
use delta::{Delta, Source};
use download::{Bounds, Fetched, Request, agent, fetch};
use jiff::Timestamp;
use std::fs::{File, TryLockError};
use std::path::Path;
use std::time::Duration;

/// OSV's public bucket.
pub const DEFAULT_URL: &str = "https://osv-vulnerabilities.storage.googleapis.com";

/// What to download, and from where.
#[derive(Debug, Clone)]
pub struct UpdateOptions {
    /// The address that `<Ecosystem>/all.zip` is under, with or without a `/` at its end.
    pub base_url: String,
    /// Which ecosystems; empty means every one that both hookd and the server have.
    pub ecosystems: Vec<Ecosystem>,
    /// Downloads what is up to date too, and takes data with far fewer advisories.
    pub force: bool,
    /// How long to wait for a connection, an answer, or the next kilobytes.
    pub timeout: Duration,
    /// How long one file may take in all.
    pub longest: Duration,
    /// The most bytes that an archive may have.
    pub largest: u64,
}

impl Default for UpdateOptions {
    fn default() -> Self {
        Self {
            base_url: DEFAULT_URL.to_owned(),
            ecosystems: Vec::new(),
            force: false,
            timeout: Duration::from_secs(30),
            longest: Duration::from_secs(60 * 60),
            largest: ZIP_MOST,
        }
    }
}

/// What became of one ecosystem.
#[derive(Debug)]
pub struct UpdateReport {
    /// Whose.
    pub ecosystem: Ecosystem,
    /// What was done, or why the old database (if any) was kept.
    pub outcome: Result<Updated, AdvisoryError>,
}

/// What an update did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Updated {
    /// The server has nothing newer.
    UpToDate,
    /// New data is in place.
    Imported(Box<Imported>),
}

/// Brings the databases in the folder `dest` up to date. One ecosystem's failure does not touch the others; a
/// download that broke off goes on where it stopped the next time.
///
/// # Errors
/// Where nothing could be tried: the folder can't be made, or another update is at work.
pub fn update(
    dest: &Path,
    options: &UpdateOptions,
    progress: &dyn Progress,
) -> Result<Vec<UpdateReport>, AdvisoryError> {
    std::fs::create_dir_all(dest).map_err(AdvisoryError::io(dest))?;
    let _alone = lock(dest)?;
    let base = options.base_url.trim_end_matches('/');
    let agent = agent(options.timeout, base);
    let asked = !options.ecosystems.is_empty();
    let ecosystems = if asked {
        options.ecosystems.clone()
    } else {
        offered(&agent, base)
    };
    let mut reports = Vec::new();
    for ecosystem in ecosystems {
        let job = Job {
            agent: &agent,
            base,
            dest,
            ecosystem,
            options,
        };
        let outcome = job.run(progress);
        if asked || !matches!(outcome, Err(AdvisoryError::NotFound { .. })) {
            let broken_line = !asked
                && matches!(
                    outcome,
                    Err(AdvisoryError::Network { .. } | AdvisoryError::Server { .. })
                );
            reports.push(UpdateReport { ecosystem, outcome });
            if broken_line && reports.len() == 1 {
                // The very first request got no good answer: twenty more would only take twenty timeouts.
                break;
            }
        }
    }
    if reports.is_empty() {
        return Err(AdvisoryError::NotFound {
            url: format!("{base}/<ecosystem>/all.zip"),
        });
    }
    Ok(reports)
}

/// Two updates at once would write to the same partial files. The lock goes with the process.
fn lock(dest: &Path) -> Result<File, AdvisoryError> {
    let lock = dest.join("update.lock");
    let file = File::create(&lock).map_err(AdvisoryError::io(&lock))?;
    match file.try_lock() {
        Err(TryLockError::WouldBlock) => Err(AdvisoryError::Busy),
        // Some network file systems have no locks: there two updates only waste work.
        Ok(()) | Err(TryLockError::Error(_)) => Ok(file),
    }
}

/// The ecosystems that the server lists and hookd serves; all that hookd serves where the server has no list.
fn offered(agent: &ureq::Agent, base: &str) -> Vec<Ecosystem> {
    let list = download::text(agent, &format!("{base}/ecosystems.txt"));
    let mut listed: Vec<Ecosystem> = list
        .unwrap_or_default()
        .lines()
        .filter_map(|line| Ecosystem::parse(line.trim()))
        .collect();
    listed.sort();
    listed.dedup();
    if listed.is_empty() {
        Ecosystem::all()
            .filter(|ecosystem| ecosystem.has_advisories())
            .collect()
    } else {
        listed
    }
}

/// The update of one ecosystem.
struct Job<'a> {
    agent: &'a ureq::Agent,
    base: &'a str,
    dest: &'a Path,
    ecosystem: Ecosystem,
    options: &'a UpdateOptions,
}

impl Job<'_> {
    fn run(&self, progress: &dyn Progress) -> Result<Updated, AdvisoryError> {
        let name = self.ecosystem.as_str();
        let folder = format!("{}/{}", self.base, name.replace(' ', "%20"));
        let url = format!("{folder}/all.zip");
        let old = Database::open(self.dest, self.ecosystem).ok().flatten();
        let old = old.filter(|old| !self.options.force && old.meta().source == url);
        if let Some(old) = &old {
            let source = Source {
                agent: self.agent,
                folder: &folder,
                dest: self.dest,
                old,
            };
            match source.run(progress)? {
                Delta::UpToDate => return Ok(Updated::UpToDate),
                Delta::Applied(imported) => return Ok(Updated::Imported(imported)),
                Delta::Impossible => {}
            }
        }
        self.whole(url, old.as_ref(), progress)
    }

    /// Downloads the whole archive, unless it is the one that `old` was made of.
    fn whole(
        &self,
        url: String,
        old: Option<&Database>,
        progress: &dyn Progress,
    ) -> Result<Updated, AdvisoryError> {
        let known = old.map(Database::meta);
        let part = self.dest.join(format!("{}.zip.part", self.ecosystem));
        let started = Timestamp::now();
        let request = Request {
            url: &url,
            part: &part,
            etag: known.and_then(|meta| meta.etag.clone()),
            last_modified: known.and_then(|meta| meta.last_modified.clone()),
            bounds: Bounds {
                window: self.options.timeout,
                longest: self.options.longest,
                largest: self.options.largest,
            },
        };
        let tags = match fetch(self.agent, &request, progress)? {
            Fetched::Unchanged => {
                if let Some(old) = old {
                    let mut meta = old.meta().clone();
                    meta.checked = started;
                    meta.whole = Some(started);
                    replace(self.dest, self.ecosystem, &old.with_meta(&meta))?;
                }
                return Ok(Updated::UpToDate);
            }
            Fetched::Complete(tags) => tags,
        };
        let options = ImportOptions {
            force: self.options.force,
            ecosystem: Some(self.ecosystem),
            origin: url,
            etag: tags.etag,
            last_modified: tags.last_modified,
            whole: Some(started),
        };
        let reports = import(&part, self.dest, &options, progress);
        // Good or bad, the archive is used up: going on with a damaged one would never end.
        download::discard(&part);
        let outcome = reports?.pop().map(|report| report.outcome);
        let nothing = || {
            Err(AdvisoryError::NoRecords {
                origin: options.origin,
            })
        };
        outcome
            .unwrap_or_else(nothing)
            .map(|imported| Updated::Imported(Box::new(imported)))
    }
}

#[cfg(test)]
mod tests;

//! Where OSV records come from: ZIP archives and folders of JSON files, read with caps against bombs.

use super::record::{Compiled, Verdict, compile};
use super::{AdvisoryError, Progress};
use crate::text::printable;
use crate::version::Ecosystem;
use rayon::prelude::*;
use std::fs::File;
use std::io::{ErrorKind, Read, Seek, SeekFrom};
use std::ops::Range;
use std::os::unix::fs::FileExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use zip::ZipArchive;

/// The largest record that is read. OSV's largest are a few hundred kilobytes.
pub(super) const RECORD_MOST: u64 = 16 << 20;
/// The most that an archive may unpack to.
const ARCHIVE_MOST: u64 = 4 << 30;
/// The largest archive. OSV's largest, npm's, has about 200 MB.
pub(super) const ZIP_MOST: u64 = 2 << 30;
/// How deep folders of records are searched.
const DEPTH_MOST: usize = 8;

/// The records of a source, judged.
#[derive(Debug, Default)]
pub(super) struct Harvest {
    pub(super) packages: Vec<Compiled>,
    /// Records of which something was kept.
    pub(super) useful: u64,
    pub(super) withdrawn: u64,
    pub(super) bad: u64,
    /// The newest `modified`.
    pub(super) newest: String,
    /// The ecosystems that every useful record names.
    common: Option<Vec<Ecosystem>>,
}

impl Harvest {
    fn of(verdict: Verdict) -> Self {
        match verdict {
            Verdict::Withdrawn => Self {
                withdrawn: 1,
                ..Self::default()
            },
            Verdict::Bad => Self {
                bad: 1,
                ..Self::default()
            },
            Verdict::Useful { packages, modified } => {
                let mut named: Vec<Ecosystem> = packages.iter().map(|one| one.ecosystem).collect();
                named.sort();
                named.dedup();
                Self {
                    packages,
                    useful: 1,
                    newest: modified.unwrap_or_default(),
                    common: Some(named),
                    ..Self::default()
                }
            }
        }
    }

    fn join(mut self, mut other: Self) -> Self {
        self.packages.append(&mut other.packages);
        self.useful += other.useful;
        self.withdrawn += other.withdrawn;
        self.bad += other.bad;
        // Both are RFC 3339 in UTC, so the order of the text is the order of the times.
        self.newest = self.newest.max(other.newest);
        self.common = match (self.common, other.common) {
            (Some(mut a), Some(b)) => {
                a.retain(|ecosystem| b.contains(ecosystem));
                Some(a)
            }
            (one, other) => one.or(other),
        };
        self
    }

    /// All of `parts` as one: into a list that has its length from the start, for each time it grew it would be twice in
    /// memory.
    fn unite(parts: Vec<Self>) -> Self {
        let count = parts.iter().map(|part| part.packages.len()).sum();
        let all = Self {
            packages: Vec::with_capacity(count),
            ..Self::default()
        };
        parts.into_iter().fold(all, Self::join)
    }

    /// Whose data this is. An archive of one ecosystem names others by the way, and what it says of them is no
    /// database of theirs: where every record names the same one, only that one counts.
    pub(super) fn ecosystems(&self) -> Vec<Ecosystem> {
        match &self.common {
            Some(common) if !common.is_empty() => common.clone(),
            _ => {
                let mut all: Vec<Ecosystem> =
                    self.packages.iter().map(|one| one.ecosystem).collect();
                all.sort();
                all.dedup();
                all
            }
        }
    }
}

/// Every record of a ZIP archive. `only` leaves other ecosystems out.
///
/// # Errors
/// Where the archive can't be read, an entry is damaged, or all of it is too large.
pub(super) fn archive(
    path: &Path,
    origin: &str,
    only: Option<Ecosystem>,
    progress: &dyn Progress,
) -> Result<Harvest, AdvisoryError> {
    let damaged = |reason: String| AdvisoryError::Archive {
        origin: origin.to_owned(),
        reason,
    };
    let shared = Shared::open(path)?;
    let zip = ZipArchive::new(shared).map_err(|error| damaged(error.to_string()))?;
    progress.start(origin, Some(zip.len() as u64));
    let budget = AtomicU64::new(ARCHIVE_MOST);
    let batches: Vec<usize> = (0..zip.len()).step_by(BATCH).collect();
    let harvest = batches
        .into_par_iter()
        .map_init(
            || (zip.clone(), Vec::new()),
            |(zip, buffer), start| {
                let entries = start..(start + BATCH).min(zip.len());
                progress.advance(entries.len() as u64);
                batch(zip, entries, buffer, &budget, only).map_err(&damaged)
            },
        )
        .collect::<Result<Vec<Harvest>, AdvisoryError>>();
    progress.finish();
    harvest.map(Harvest::unite)
}

/// How many records are unpacked before they are read. What is kept of a record lies in the memory that unpacking the one
/// before it gave back; were both done by turns, unpacking would need new memory each time, 200,000 times over.
const BATCH: usize = 512;
/// How many bytes of records are unpacked at most before they are read.
const BATCH_MOST: usize = 4 << 20;

/// Reads some entries of an archive; `buffer` is for them to be unpacked in.
fn batch(
    zip: &mut ZipArchive<Shared>,
    entries: Range<usize>,
    buffer: &mut Vec<u8>,
    budget: &AtomicU64,
    only: Option<Ecosystem>,
) -> Result<Harvest, String> {
    let mut parts = Harvest {
        packages: Vec::with_capacity(entries.len()),
        ..Harvest::default()
    };
    let mut unpacked: Vec<(Entry, Range<usize>)> = Vec::with_capacity(entries.len());
    buffer.clear();
    let last = entries.end - 1;
    for index in entries {
        let start = buffer.len();
        let read = entry(zip, index, buffer, budget)?;
        unpacked.push((read, start..buffer.len()));
        if index == last || buffer.len() > BATCH_MOST {
            let all = unpacked.drain(..);
            parts = all.fold(parts, |parts, (read, place)| {
                parts.join(judge(read, &buffer[place], only))
            });
            buffer.clear();
        }
    }
    parts.packages.shrink_to_fit();
    Ok(parts)
}

/// A file that many threads read, each at a place of its own, a window at a time: an archive of all records of npm has
/// 200 MB and need not be in memory.
#[derive(Clone)]
struct Shared {
    file: Arc<File>,
    len: u64,
    at: u64,
    window: Vec<u8>,
    window_at: u64,
}

/// How much is read at once.
const WINDOW: usize = 32 * 1024;

impl Shared {
    fn open(path: &Path) -> Result<Self, AdvisoryError> {
        let file = File::open(path).map_err(AdvisoryError::io(path))?;
        let len = file.metadata().map_err(AdvisoryError::io(path))?.len();
        if len > ZIP_MOST {
            return Err(too_large(path));
        }
        Ok(Self {
            file: Arc::new(file),
            len,
            at: 0,
            window: Vec::new(),
            window_at: 0,
        })
    }

    /// What of the window lies at the place to read.
    fn ahead(&self) -> &[u8] {
        let offset = self.at.checked_sub(self.window_at);
        offset
            .and_then(|offset| self.window.get(usize::try_from(offset).ok()?..))
            .unwrap_or_default()
    }
}

impl Read for Shared {
    fn read(&mut self, out: &mut [u8]) -> std::io::Result<usize> {
        if self.ahead().is_empty() {
            self.window.resize(WINDOW, 0);
            self.window_at = self.at;
            let read = self.file.read_at(&mut self.window, self.at);
            self.window.truncate(*read.as_ref().unwrap_or(&0));
            read?;
        }
        let ahead = self.ahead();
        let count = ahead.len().min(out.len());
        out[..count].copy_from_slice(&ahead[..count]);
        self.at += count as u64;
        Ok(count)
    }
}

impl Seek for Shared {
    fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
        let place = match to {
            SeekFrom::Start(place) => Some(place),
            SeekFrom::End(by) => self.len.checked_add_signed(by),
            SeekFrom::Current(by) => self.at.checked_add_signed(by),
        };
        self.at = place.ok_or(ErrorKind::InvalidInput)?;
        Ok(self.at)
    }
}

/// What became of an entry of an archive.
enum Entry {
    Record,
    TooLarge,
    NoRecord,
}

fn judge(read: Entry, json: &[u8], only: Option<Ecosystem>) -> Harvest {
    match read {
        Entry::Record => Harvest::of(compile(json, only)),
        Entry::TooLarge => Harvest::of(Verdict::Bad),
        Entry::NoRecord => Harvest::default(),
    }
}

fn entry(
    zip: &mut ZipArchive<Shared>,
    index: usize,
    buffer: &mut Vec<u8>,
    budget: &AtomicU64,
) -> Result<Entry, String> {
    let file = zip.by_index(index).map_err(|error| error.to_string())?;
    let name = file
        .name()
        .map_or_else(|_| String::new(), |name| name.into_owned());
    let is_json = name.ends_with(".json");
    if !is_json || !file.is_file() {
        return Ok(Entry::NoRecord);
    }
    // The size that an entry claims is not to be trusted; what it unpacks to is counted.
    let unpacked = file
        .take(RECORD_MOST + 1)
        .read_to_end(buffer)
        // What a broken entry said is lost, and nobody knows what it was about: the whole archive is in doubt.
        .map_err(|error| format!("{}: {error}", printable(&name)))? as u64;
    budget
        .try_update(Ordering::Relaxed, Ordering::Relaxed, |left| {
            left.checked_sub(unpacked)
        })
        .map_err(|_| format!("it unpacks to more than {} GB", ARCHIVE_MOST >> 30))?;
    Ok(if unpacked > RECORD_MOST {
        Entry::TooLarge
    } else {
        Entry::Record
    })
}

/// Every record of a folder of JSON files, or of one JSON file.
///
/// # Errors
/// Where a folder or file can't be read.
pub(super) fn json_files(path: &Path, progress: &dyn Progress) -> Result<Harvest, AdvisoryError> {
    let files = if path.is_dir() {
        let mut files = Vec::new();
        collect(path, 0, &mut files)?;
        files
    } else {
        vec![path.to_owned()]
    };
    progress.start(&path.to_string_lossy(), Some(files.len() as u64));
    let harvest = files
        .par_iter()
        .map(|file| {
            progress.advance(1);
            match read(file, RECORD_MOST) {
                Ok(json) => Ok(Harvest::of(compile(&json, None))),
                Err(AdvisoryError::Archive { .. }) => Ok(Harvest::of(Verdict::Bad)),
                Err(error) => Err(error),
            }
        })
        .try_reduce(Harvest::default, |a, b| Ok(a.join(b)));
    progress.finish();
    harvest
}

fn collect(folder: &Path, depth: usize, files: &mut Vec<PathBuf>) -> Result<(), AdvisoryError> {
    for entry in sorted(folder)? {
        let kind = entry
            .symlink_metadata()
            .map_err(AdvisoryError::io(&entry))?;
        if kind.is_dir() && depth < DEPTH_MOST {
            collect(&entry, depth + 1, files)?;
        } else if kind.is_file() && entry.extension().is_some_and(|end| end == "json") {
            files.push(entry);
        }
    }
    Ok(())
}

/// What is in a folder, in the order of the names.
pub(super) fn sorted(folder: &Path) -> Result<Vec<PathBuf>, AdvisoryError> {
    let mut paths = Vec::new();
    for entry in folder.read_dir().map_err(AdvisoryError::io(folder))? {
        paths.push(entry.map_err(AdvisoryError::io(folder))?.path());
    }
    paths.sort();
    Ok(paths)
}

fn read(path: &Path, most: u64) -> Result<Vec<u8>, AdvisoryError> {
    let file = File::open(path).map_err(AdvisoryError::io(path))?;
    let mut bytes = Vec::new();
    file.take(most + 1)
        .read_to_end(&mut bytes)
        .map_err(AdvisoryError::io(path))?;
    if bytes.len() as u64 > most {
        return Err(too_large(path));
    }
    Ok(bytes)
}

fn too_large(path: &Path) -> AdvisoryError {
    AdvisoryError::Archive {
        origin: path.display().to_string(),
        reason: "it is too large".to_owned(),
    }
}

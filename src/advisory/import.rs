//! Makes databases from OSV data on disk, and puts a new one in place of an old one only when it is no worse.

use super::database::Database;
use super::meta::Meta;
use super::pack::pack;
use super::record::Compiled;
use super::sources::{self, Harvest};
use super::{AdvisoryError, Progress};
use crate::version::Ecosystem;
use jiff::Timestamp;
use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};

/// What an import may do and should note.
#[derive(Debug, Clone, Default)]
pub struct ImportOptions {
    /// Takes the new data even where it has far fewer advisories than the old.
    pub force: bool,
    /// The ecosystem that the data is about, where the caller knows it: records about others are left out.
    pub ecosystem: Option<Ecosystem>,
    /// Where the data is really from, to be shown; the path that is imported where it is empty.
    pub origin: String,
    /// The server's `ETag`, for the next update.
    pub etag: Option<String>,
    /// The server's `Last-Modified`, for the next update.
    pub last_modified: Option<String>,
    /// When the download of the whole archive began, where it is one.
    pub whole: Option<Timestamp>,
}

/// What became of one ecosystem's data.
#[derive(Debug)]
pub struct ImportReport {
    /// Whose; `None` where that could not be found out.
    pub ecosystem: Option<Ecosystem>,
    /// The file or folder.
    pub source: PathBuf,
    /// The counts, or why the old database (if any) was kept.
    pub outcome: Result<Imported, AdvisoryError>,
}

/// The counts of one import.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Imported {
    /// What the new database says about itself.
    pub meta: Meta,
    /// Records that their publisher took back: left out.
    pub withdrawn: u64,
    /// Records that can't be read or say nothing about versions: left out.
    pub skipped: u64,
    /// How many records were fetched one by one; `None` where the whole was read.
    pub changed: Option<u64>,
    /// The size of the database file in bytes.
    pub size: u64,
}

/// Imports OSV data into the database folder `dest`: an archive of records (`all.zip`), a folder with one archive an
/// ecosystem as in OSV's bucket (`npm/all.zip`), a folder of JSON files, or one JSON file.
///
/// Each ecosystem is replaced as a whole, in one step, and stays as it was where its report has an error.
///
/// # Errors
/// Where nothing could be tried: the path or the database folder can't be used.
pub(super) fn import(
    path: &Path,
    dest: &Path,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<Vec<ImportReport>, AdvisoryError> {
    std::fs::create_dir_all(dest).map_err(AdvisoryError::io(dest))?;
    let kind = path.metadata().map_err(AdvisoryError::io(path))?;
    if !kind.is_dir() {
        return Ok(one_source(path, dest, options, progress));
    }
    if path.join("all.zip").is_file() {
        return Ok(one_source(&path.join("all.zip"), dest, options, progress));
    }
    let archives: Vec<PathBuf> = sources::sorted(path)?
        .into_iter()
        .map(|folder| folder.join("all.zip"))
        // The bucket also has ecosystems that hookd does not serve, such as Linux distributions.
        .filter(|archive| archive.is_file() && folder_ecosystem(archive).is_some())
        .collect();
    if archives.is_empty() {
        return Ok(one_source(path, dest, options, progress));
    }
    Ok(archives
        .iter()
        .flat_map(|archive| one_source(archive, dest, options, progress))
        .collect())
}

/// The ecosystem that an archive's folder is named after.
fn folder_ecosystem(archive: &Path) -> Option<Ecosystem> {
    Ecosystem::parse(archive.parent()?.file_name()?.to_str()?)
}

fn one_source(
    path: &Path,
    dest: &Path,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Vec<ImportReport> {
    let is_json = path.is_dir() || path.extension().is_some_and(|end| end == "json");
    let only = options.ecosystem.or_else(|| {
        let named = path.file_name().is_some_and(|name| name == "all.zip");
        folder_ecosystem(path).filter(|_| named)
    });
    let origin = if options.origin.is_empty() {
        path.display().to_string()
    } else {
        options.origin.clone()
    };
    let report = |ecosystem, outcome| ImportReport {
        ecosystem,
        source: path.to_owned(),
        outcome,
    };
    let harvest = if is_json {
        sources::json_files(path, progress)
    } else {
        sources::archive(path, &origin, only, progress)
    };
    let mut harvest = match harvest {
        Ok(harvest) => harvest,
        Err(error) => return vec![report(only, Err(error))],
    };
    let ecosystems = only.map_or_else(|| harvest.ecosystems(), |only| vec![only]);
    if harvest.useful == 0 || ecosystems.is_empty() {
        return vec![report(only, Err(AdvisoryError::NoRecords { origin }))];
    }
    let mut packages = std::mem::take(&mut harvest.packages);
    ecosystems
        .into_iter()
        .map(|ecosystem| {
            // Taken out in place: a second list of npm's would take 50 MB.
            let mine: Vec<Compiled> = if only.is_some() {
                std::mem::take(&mut packages)
            } else {
                packages
                    .extract_if(.., |one| one.ecosystem == ecosystem)
                    .collect()
            };
            let built = Build {
                ecosystem,
                dest,
                origin: &origin,
                options,
                harvest: &harvest,
            };
            report(Some(ecosystem), built.run(mine))
        })
        .collect()
}

/// One ecosystem's database in the making.
struct Build<'a> {
    ecosystem: Ecosystem,
    dest: &'a Path,
    origin: &'a str,
    options: &'a ImportOptions,
    harvest: &'a Harvest,
}

impl Build<'_> {
    fn run(&self, packages: Vec<Compiled>) -> Result<Imported, AdvisoryError> {
        let mut meta = Meta {
            ecosystem: self.ecosystem.as_str().to_owned(),
            source: self.origin.to_owned(),
            checked: Timestamp::now(),
            newest: self.harvest.newest.clone(),
            records: count_records(&packages),
            packages: 0,
            whole: self.options.whole,
            // A record that was changed while the archive was made may be in it or not: it is looked at again.
            cursor: self
                .options
                .whole
                .and_then(|_| self.harvest.newest.parse().ok()),
            etag: self.options.etag.clone(),
            last_modified: self.options.last_modified.clone(),
        };
        if meta.records == 0 {
            return Err(AdvisoryError::NoRecords {
                origin: self.origin.to_owned(),
            });
        }
        if !self.options.force {
            refuse_shrinking(self.dest, self.ecosystem, self.origin, meta.records)?;
        }
        let file = pack(&mut meta, packages).map_err(|_| AdvisoryError::Archive {
            origin: self.origin.to_owned(),
            reason: "it holds more than a database file can".to_owned(),
        })?;
        replace(self.dest, self.ecosystem, &file)?;
        Ok(Imported {
            meta,
            withdrawn: self.harvest.withdrawn,
            skipped: self.harvest.bad,
            changed: None,
            size: file.len() as u64,
        })
    }
}

/// More than 5 % fewer advisories than before are not believed. An old file that can't be read protects nothing.
pub(super) fn refuse_shrinking(
    dest: &Path,
    ecosystem: Ecosystem,
    origin: &str,
    new: u64,
) -> Result<(), AdvisoryError> {
    let Ok(Some(old)) = Database::open(dest, ecosystem) else {
        return Ok(());
    };
    let old = old.meta().records;
    if new.saturating_mul(100) >= old.saturating_mul(95) {
        return Ok(());
    }
    Err(AdvisoryError::Shrunk {
        origin: origin.to_owned(),
        ecosystem: ecosystem.as_str(),
        old,
        new,
    })
}

/// How many advisories `packages` are of: one can be about several packages.
pub(super) fn count_records(packages: &[Compiled]) -> u64 {
    let ids: std::collections::HashSet<&str> =
        packages.iter().map(|one| one.entry.id.as_str()).collect();
    ids.len() as u64
}

/// Puts `file` in the place of the ecosystem's database: whole or not at all, whenever the power fails.
pub(super) fn replace(dest: &Path, ecosystem: Ecosystem, file: &[u8]) -> Result<(), AdvisoryError> {
    let path = Database::path(dest, ecosystem);
    let mut temporary = tempfile::NamedTempFile::new_in(dest).map_err(AdvisoryError::io(dest))?;
    temporary
        .write_all(file)
        .and_then(|()| temporary.as_file().sync_all())
        .map_err(AdvisoryError::io(&path))?;
    temporary
        .persist(&path)
        .map_err(|error| AdvisoryError::io(&path)(error.error))?;
    // The rename itself is on disk only when its folder is. Some file systems can't do that; then it is late, not lost.
    if let Ok(folder) = File::open(dest) {
        let _ = folder.sync_all();
    }
    Ok(())
}

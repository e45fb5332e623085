//! Databases as one file, for machines without a network: written by `db export`, taken in by `db import`.
//!
//! The file is a ZIP archive of database files as they lie in the database folder. Each carries its own SHA-256, which is
//! checked on both sides.

use super::database::Database;
use super::import::{
    ImportOptions, ImportReport, Imported, import as import_records, refuse_shrinking, replace,
};
use super::meta::Meta;
use super::sources::sorted;
use super::{AdvisoryError, Progress};
use crate::version::Ecosystem;
use jiff::tz::TimeZone;
use std::fs::File;
use std::io::{BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use zip::write::SimpleFileOptions;
use zip::{ZipArchive, ZipWriter};

/// The largest database file that is taken in. The largest there is, npm's, has about 12 MB.
const FILE_MOST: u64 = 1 << 30;
/// What the file is called where only a folder is named.
const FILE_NAME: &str = "hookd-advisories.zip";

/// Writes every database of the folder `dest` into one file at `target` (in it, where it is a folder), whole or not at
/// all. Gives the file and what the databases say of themselves: nothing is written where there are none.
///
/// # Errors
/// A database is damaged, or the file can't be written.
pub fn export(
    dest: &Path,
    target: &Path,
    progress: &dyn Progress,
) -> Result<(PathBuf, Vec<Meta>), AdvisoryError> {
    let target = if target.is_dir() {
        target.join(FILE_NAME)
    } else {
        target.to_owned()
    };
    let mut found = Vec::new();
    for ecosystem in Ecosystem::all() {
        if let Some(database) = Database::open(dest, ecosystem)? {
            database.verify()?;
            found.push(database);
        }
    }
    if found.is_empty() {
        return Ok((target, Vec::new()));
    }
    let folder = target
        .parent()
        .filter(|parent| !parent.as_os_str().is_empty())
        .unwrap_or(Path::new("."));
    let temporary = tempfile::NamedTempFile::new_in(folder).map_err(AdvisoryError::io(folder))?;
    progress.start(&target.to_string_lossy(), Some(found.len() as u64));
    let written = write(&found, temporary.as_file(), progress);
    progress.finish();
    written.map_err(AdvisoryError::io(&target))?;
    temporary
        .persist(&target)
        .map_err(|error| AdvisoryError::io(&target)(error.error))?;
    let metas = found.iter().map(|one| one.meta().clone()).collect();
    Ok((target, metas))
}

fn write(found: &[Database], file: &File, progress: &dyn Progress) -> std::io::Result<()> {
    let mut zip = ZipWriter::new(BufWriter::new(file));
    for database in found {
        let options = SimpleFileOptions::default().large_file(true);
        zip.start_file(format!("{}.db", database.ecosystem()), options)?;
        zip.write_all(database.bytes())?;
        progress.advance(1);
    }
    zip.finish()?.flush()?;
    file.sync_all()
}

/// The ecosystem that a database file is named after.
fn named(path: &str) -> Option<Ecosystem> {
    let name = path.rsplit('/').next()?;
    Ecosystem::parse(name.strip_suffix(".db")?)
}

/// Imports into the database folder `dest` what [`export`] wrote, a folder of database files, or OSV data on disk: an
/// archive of records (`all.zip`), a folder with one archive an ecosystem as in OSV's bucket (`npm/all.zip`), a folder of
/// JSON files, or one JSON file.
///
/// Each ecosystem is replaced as a whole, in one step, and stays as it was where its report has an error.
///
/// # Errors
/// Where nothing could be tried: the path or the database folder can't be used.
pub fn import(
    path: &Path,
    dest: &Path,
    options: &ImportOptions,
    progress: &dyn Progress,
) -> Result<Vec<ImportReport>, AdvisoryError> {
    std::fs::create_dir_all(dest).map_err(AdvisoryError::io(dest))?;
    match packed(path, dest, options.force) {
        Some(reports) => Ok(reports),
        None => import_records(path, dest, options, progress),
    }
}

/// What [`export`] wrote, or a folder of database files; `None` where `path` is neither.
fn packed(path: &Path, dest: &Path, force: bool) -> Option<Vec<ImportReport>> {
    if path.is_dir() {
        return folder(path, dest, force);
    }
    let mut zip = ZipArchive::new(File::open(path).ok()?).ok()?;
    let names: Vec<(String, Ecosystem)> = zip
        .file_names()
        .filter_map(|name| {
            let name = name.ok()?;
            Some((name.to_string(), named(&name)?))
        })
        .collect();
    let mut reports = Vec::new();
    for (name, ecosystem) in &names {
        let damaged = |reason: String| AdvisoryError::Archive {
            origin: path.display().to_string(),
            reason,
        };
        let outcome = zip
            .by_name(name)
            .map_err(|error| damaged(error.to_string()))
            .and_then(|file| {
                let bytes = read(file).map_err(|error| damaged(error.to_string()))?;
                take(&bytes, *ecosystem, path, dest, force)
            });
        reports.push(ImportReport {
            ecosystem: Some(*ecosystem),
            source: path.to_owned(),
            outcome,
        });
    }
    Some(reports).filter(|reports| !reports.is_empty())
}

fn folder(path: &Path, dest: &Path, force: bool) -> Option<Vec<ImportReport>> {
    let mut reports = Vec::new();
    for file in sorted(path).ok()? {
        let Some(ecosystem) = file.to_str().and_then(named) else {
            continue;
        };
        let bytes = File::open(&file).and_then(read);
        let outcome = bytes
            .map_err(AdvisoryError::io(&file))
            .and_then(|bytes| take(&bytes, ecosystem, &file, dest, force));
        reports.push(ImportReport {
            ecosystem: Some(ecosystem),
            source: file,
            outcome,
        });
    }
    Some(reports).filter(|reports| !reports.is_empty())
}

fn read(from: impl Read) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    from.take(FILE_MOST + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > FILE_MOST {
        return Err(std::io::Error::other("it is too large"));
    }
    Ok(bytes)
}

/// Puts one database in place, if it is sound and no worse than the one at hand.
fn take(
    bytes: &[u8],
    ecosystem: Ecosystem,
    origin: &Path,
    dest: &Path,
    force: bool,
) -> Result<Imported, AdvisoryError> {
    // It is judged where nothing looks for databases.
    let aside = tempfile::tempdir_in(dest).map_err(AdvisoryError::io(dest))?;
    replace(aside.path(), ecosystem, bytes)?;
    let origin = origin.display().to_string();
    let opened = Database::open(aside.path(), ecosystem).and_then(|database| {
        let database = database.ok_or_else(|| AdvisoryError::NoRecords {
            origin: origin.clone(),
        })?;
        database.verify()?;
        Ok(database.meta().clone())
    });
    let meta = opened.map_err(|error| match error {
        // The path is that of a copy which is gone by now.
        AdvisoryError::Database { reason, .. } => AdvisoryError::Archive {
            origin: format!("{origin} ({ecosystem}.db)"),
            reason: reason.to_owned(),
        },
        other => other,
    })?;
    if !force {
        refuse_older(&meta, ecosystem, &origin, dest)?;
        refuse_shrinking(dest, ecosystem, &origin, meta.records)?;
    }
    replace(dest, ecosystem, bytes)?;
    Ok(Imported {
        meta,
        withdrawn: 0,
        skipped: 0,
        changed: None,
        size: bytes.len() as u64,
    })
}

fn refuse_older(
    meta: &Meta,
    ecosystem: Ecosystem,
    origin: &str,
    dest: &Path,
) -> Result<(), AdvisoryError> {
    // A database at hand that can't be read protects nothing.
    let Ok(Some(ours)) = Database::open(dest, ecosystem) else {
        return Ok(());
    };
    let day = |meta: &Meta| meta.checked.to_zoned(TimeZone::UTC).date();
    if meta.checked >= ours.meta().checked {
        return Ok(());
    }
    Err(AdvisoryError::Older {
        origin: format!("{origin} ({ecosystem})"),
        theirs: day(meta),
        ours: day(ours.meta()),
    })
}

#[cfg(test)]
mod tests {
    use super::export;
    use crate::advisory::{AdvisoryError, Database, ImportOptions, ImportReport, import};
    use crate::version::Ecosystem;
    use std::path::Path;

    fn fill(folder: &Path, count: usize) {
        let records = folder.join("records");
        let _ = std::fs::remove_dir_all(&records);
        std::fs::create_dir_all(&records).unwrap();
        for (number, ecosystem) in ["npm", "PyPI"].iter().cycle().take(count).enumerate() {
            let json = format!(
                r#"{{"id":"T-{number}","affected":[{{"package":{{"ecosystem":"{ecosystem}","name":"p{number}"}},"versions":["1.0.0"]}}]}}"#
            );
            std::fs::write(records.join(format!("{number}.json")), json).unwrap();
        }
        for report in take(&records, &folder.join("db"), true) {
            report.outcome.unwrap();
        }
    }

    fn take(from: &Path, dest: &Path, force: bool) -> Vec<ImportReport> {
        let options = ImportOptions {
            force,
            ..ImportOptions::default()
        };
        import(from, dest, &options, &()).unwrap()
    }

    #[test]
    fn what_is_exported_is_imported_elsewhere() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fill(here.path(), 40);
        let (file, metas) = export(&here.path().join("db"), here.path(), &()).unwrap();
        assert_eq!(metas.len(), 2);
        for report in take(&file, there.path(), false) {
            report.outcome.unwrap();
        }
        for ecosystem in [Ecosystem::Npm, Ecosystem::PyPI] {
            let bytes = |folder: &Path| std::fs::read(Database::path(folder, ecosystem)).unwrap();
            assert!(bytes(&here.path().join("db")) == bytes(there.path()));
        }
        let folder = take(&here.path().join("db"), there.path(), false);
        assert!(folder.len() == 2 && folder.iter().all(|report| report.outcome.is_ok()));
    }

    #[test]
    fn nothing_worse_than_what_is_there_is_taken() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fill(here.path(), 40);
        let (old, _) = export(&here.path().join("db"), &here.path().join("old.zip"), &()).unwrap();
        fill(there.path(), 80);
        let dest = there.path().join("db");
        for report in take(&old, &dest, false) {
            assert!(matches!(report.outcome, Err(AdvisoryError::Older { .. })));
        }
        fill(here.path(), 40);
        let (few, _) = export(&here.path().join("db"), &here.path().join("few.zip"), &()).unwrap();
        for report in take(&few, &dest, false) {
            assert!(matches!(report.outcome, Err(AdvisoryError::Shrunk { .. })));
        }
        for report in take(&few, &dest, true) {
            report.outcome.unwrap();
        }
    }

    #[test]
    fn a_damaged_export_is_refused() {
        let (here, there) = (tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
        fill(here.path(), 40);
        let dest = here.path().join("db");
        let path = Database::path(&dest, Ecosystem::Npm);
        let mut bytes = std::fs::read(&path).unwrap();
        let last = bytes.len() - 1;
        bytes[last] ^= 1;
        let bad = here.path().join("bad");
        std::fs::create_dir(&bad).unwrap();
        std::fs::write(bad.join("npm.db"), &bytes).unwrap();
        let reports = take(&bad, there.path(), true);
        assert!(matches!(
            reports[0].outcome,
            Err(AdvisoryError::Archive { .. })
        ));
        assert!(
            Database::open(there.path(), Ecosystem::Npm)
                .unwrap()
                .is_none()
        );
        std::fs::write(&path, &bytes).unwrap();
        assert!(export(&dest, &here.path().join("x.zip"), &()).is_err());
        assert!(!here.path().join("x.zip").exists());
        let left: Vec<_> = there.path().read_dir().unwrap().collect();
        assert!(left.is_empty(), "{left:?}");
    }
}

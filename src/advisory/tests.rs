//! The database from end to end: import, look-up, damage.

use super::{AdvisoryError, Database, ImportOptions, ImportReport, Kind, group, import, status};
use crate::model::Severity;
use crate::version::Ecosystem;
use proptest::prelude::*;
use std::fs::File;
use std::io::Write;
use std::path::Path;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

const RECORDS: &str = r#"{"id":"GHSA-a","modified":"2026-02-03T00:00:00Z","aliases":["CVE-1"],"summary":"One thing","details":"More of it","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],"affected":[{"package":{"ecosystem":"npm","name":"left"},"ranges":[{"type":"GIT","repo":"r","events":[{"introduced":"0"}]},{"type":"SEMVER","events":[{"introduced":"1.0.0"},{"fixed":"1.2.0"}]}],"versions":["1.1.0","3.0.0"]},{"package":{"ecosystem":"PyPI","name":"Left_Pad"},"versions":["1.0"]}],"references":[{"type":"WEB","url":"https://a.example"}]}
{"id":"MAL-1","modified":"2026-02-04T00:00:00Z","summary":"Malicious code in evil (npm)","affected":[{"package":{"ecosystem":"npm","name":"evil"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}
{"id":"GHSA-w","modified":"2026-01-01T00:00:00Z","withdrawn":"2026-01-02T00:00:00Z","affected":[{"package":{"ecosystem":"npm","name":"left"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"}]}]}]}
{"id":"GHSA-n","aliases":null,"affected":[{"package":{"ecosystem":"npm","name":"left"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"last_affected":"1.0.5"}]}],"database_specific":{"informational":"unmaintained"}}]}
{"id":"BAD-1","affected":[{"package":{"ecosystem":"npm","name":"left"},"ranges":[{"type":"GIT","events":[{"introduced":"0"}]}]}]}
{"id": 7}"#;

/// A database folder with the records above.
fn imported() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    for (number, record) in RECORDS.lines().enumerate() {
        std::fs::write(dir.path().join(format!("{number}.json")), record).unwrap();
    }
    let dest = dir.path().join("db");
    let reports = import(dir.path(), &dest, &ImportOptions::default(), &()).unwrap();
    assert_eq!(
        reports.len(),
        1,
        "every record names npm, so PyPI is not served"
    );
    let counts = reports.into_iter().next().unwrap().outcome.unwrap();
    assert_eq!(
        (counts.meta.records, counts.withdrawn, counts.skipped),
        (3, 1, 2)
    );
    assert_eq!(counts.meta.newest, "2026-02-04T00:00:00Z");
    dir
}

fn open(dir: &Path) -> Database {
    Database::open(&dir.join("db"), Ecosystem::Npm)
        .unwrap()
        .unwrap()
}

fn ids(database: &Database, name: &str, version: &str) -> Vec<String> {
    let lookup = database.matches(name, version).unwrap();
    lookup.matches.into_iter().map(|found| found.id).collect()
}

#[test]
fn lookups_follow_ranges_and_listed_versions() {
    let dir = imported();
    let database = open(dir.path());
    assert_eq!(ids(&database, "left", "1.0.0"), ["GHSA-a", "GHSA-n"]);
    assert_eq!(ids(&database, "left", "1.1.9"), ["GHSA-a"]);
    assert_eq!(ids(&database, "left", "3.0.0"), ["GHSA-a"]);
    assert!(ids(&database, "left", "1.2.0").is_empty());
    assert!(ids(&database, "Left", "1.1.9").is_empty());
    assert_eq!(ids(&database, "evil", "no version at all"), ["MAL-1"]);
    let found = database.matches("left", "1.1.9").unwrap().matches.remove(0);
    assert_eq!(found.severity, Some(Severity::High));
    assert_eq!(
        (found.score, found.fixed.as_slice()),
        (Some(75), &["1.2.0".to_owned()][..])
    );
    let text = database.text("left", &found).unwrap();
    assert_eq!(
        (text.summary.as_str(), text.details.as_str()),
        ("One thing", "More of it")
    );
    assert_eq!(text.references, ["https://a.example"]);
    let evil = database.matches("evil", "1.0.0").unwrap().matches.remove(0);
    assert_eq!(
        (evil.kind, evil.severity),
        (Kind::Malicious, Some(Severity::Critical))
    );
    let text = database.text("evil", &evil).unwrap();
    assert_eq!(text.summary, "Malicious code in evil (npm)");
    let (name, found) = database.find("cve-1").unwrap().unwrap();
    assert_eq!((name.as_str(), found.id.as_str()), ("left", "GHSA-a"));
    assert!(database.find("CVE-2").unwrap().is_none());
}

#[test]
fn an_import_that_finds_nothing_keeps_what_is_there() {
    let dir = imported();
    let empty = tempfile::tempdir().unwrap();
    let dest = dir.path().join("db");
    let reports = import(empty.path(), &dest, &ImportOptions::default(), &()).unwrap();
    assert!(matches!(
        reports[0].outcome,
        Err(AdvisoryError::NoRecords { .. })
    ));
    let states = status(&dest);
    assert_eq!(states.len(), 1);
    assert_eq!(states[0].state.as_ref().unwrap().records, 3);
}

/// An archive with each of `entries`.
fn zipped(path: &Path, entries: &[&str]) -> Vec<u8> {
    let mut zip = ZipWriter::new(File::create(path).unwrap());
    for (number, text) in entries.iter().enumerate() {
        let options = SimpleFileOptions::default();
        zip.start_file(format!("{number}.json"), options).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap();
    std::fs::read(path).unwrap()
}

#[test]
fn records_that_unpack_to_too_much_are_left_out_and_the_others_count() {
    let dir = tempfile::tempdir().unwrap();
    let archive = dir.path().join("all.zip");
    let good = RECORDS.lines().next().unwrap();
    let huge = format!("{{\"id\":\"X\",\"details\":\"{}\"}}", " ".repeat(17 << 20));
    let deep = "[".repeat(1 << 20);
    zipped(&archive, &[&huge, good, &deep]);
    let dest = dir.path().join("db");
    let reports = import(&archive, &dest, &ImportOptions::default(), &()).unwrap();
    let counts = reports.into_iter().next().unwrap().outcome.unwrap();
    assert_eq!((counts.meta.records, counts.skipped), (1, 2));
}

#[test]
fn archives_that_are_cut_or_lie_about_sizes_change_nothing() {
    let dir = imported();
    let archive = dir.path().join("all.zip");
    let good = RECORDS.lines().next().unwrap();
    let whole = zipped(
        &archive,
        &[&good.replace("More of it", &"m".repeat(1 << 20))],
    );
    let mut lying = whole.clone();
    // The sizes before packing: in the head of the entry, and in the directory at the end.
    for (mark, size) in [(&b"PK\x03\x04"[..], 22), (b"PK\x01\x02", 24)] {
        let at = memchr::memmem::find(&lying, mark).unwrap() + size;
        lying[at..at + 4].copy_from_slice(&100_u32.to_le_bytes());
    }
    let dest = dir.path().join("db");
    // One entry of several whose sum is wrong puts all of them in doubt, and is named.
    let mut wrong = zipped(&archive, &[good, good, good]);
    let last = memchr::memmem::rfind(&wrong, b"PK\x01\x02").unwrap();
    wrong[last + 16] ^= 1;
    std::fs::write(&archive, &wrong).unwrap();
    let reports = import(&archive, &dest, &ImportOptions::default(), &()).unwrap();
    let error = reports[0].outcome.as_ref().unwrap_err().to_string();
    assert!(error.contains("2.json: Invalid checksum"), "{error}");

    for bytes in [
        &lying[..],
        &wrong,
        &whole[..whole.len() / 2],
        &whole[..20],
        b"",
    ] {
        std::fs::write(&archive, bytes).unwrap();
        let reports = import(&archive, &dest, &ImportOptions::default(), &());
        let failed = |reports: &[ImportReport]| reports.iter().any(|one| one.outcome.is_err());
        assert!(reports.as_deref().map_or(true, failed), "{}", bytes.len());
        assert_eq!(status(&dest)[0].state.as_ref().unwrap().records, 3);
    }
}

#[test]
fn a_cut_file_is_never_opened() {
    let dir = imported();
    let path = Database::path(&dir.path().join("db"), Ecosystem::Npm);
    let whole = std::fs::read(&path).unwrap();
    for end in 0..whole.len() {
        std::fs::write(&path, &whole[..end]).unwrap();
        assert!(
            Database::open(&dir.path().join("db"), Ecosystem::Npm).is_err(),
            "{end}"
        );
    }
}

#[test]
fn every_changed_byte_is_an_error_or_changes_nothing() {
    let dir = imported();
    let dest = dir.path().join("db");
    let path = Database::path(&dest, Ecosystem::Npm);
    let whole = std::fs::read(&path).unwrap();
    for at in 0..whole.len() {
        let mut changed = whole.clone();
        changed[at] ^= 0x21;
        std::fs::write(&path, &changed).unwrap();
        let Ok(database) = Database::open(&dest, Ecosystem::Npm) else {
            continue;
        };
        let database = database.unwrap();
        assert!(database.verify().is_err(), "{at}");
        if let Ok(lookup) = database.matches("left", "1.0.0") {
            let found: Vec<_> = lookup
                .matches
                .iter()
                .map(|found| found.id.as_str())
                .collect();
            assert_eq!(found, ["GHSA-a", "GHSA-n"], "{at}");
            // The words may be lost; nothing may panic.
            let _ = database.text("left", &lookup.matches[0]);
        }
    }
}

#[test]
fn grouping_survives_the_database() {
    let dir = imported();
    let groups = group(open(dir.path()).matches("left", "1.0.0").unwrap().matches);
    let summary: Vec<_> = groups
        .iter()
        .map(|one| (one.main.id.as_str(), one.kind))
        .collect();
    assert_eq!(
        summary,
        [
            ("GHSA-a", Kind::Vulnerability),
            ("GHSA-n", Kind::Unmaintained)
        ]
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// Whatever the bytes are, reading them as a database gives an answer or an error.
    #[test]
    fn no_bytes_panic(noise in proptest::collection::vec(any::<u8>(), 0..400), keep in 0..120_usize) {
        let dir = tempfile::tempdir().unwrap();
        let mut bytes = b"hookdadv\x01\0\0\0".to_vec();
        bytes.truncate(keep);
        bytes.extend(noise);
        std::fs::write(Database::path(dir.path(), Ecosystem::Npm), bytes).unwrap();
        if let Ok(Some(database)) = Database::open(dir.path(), Ecosystem::Npm) {
            let _ = database.matches("a", "1.0.0");
        }
    }
}

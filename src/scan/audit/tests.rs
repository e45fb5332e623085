//! The scanner as the engine calls it, over databases made in a temporary folder.

mod fixes;
mod ignores;
mod policy;
mod truth;

use super::{SPEC, explain};
use crate::advisory::{Database, ImportOptions, folder, import};
use crate::config::{Config, Document};
use crate::model::{
    AddedLines, CheckError, Content, FileKind, FileMeta, Finding, Mode, Novelty, RepoPath,
    Severity, Sink,
};
use crate::scan::{Base, ScanContext, Scanner, SourceFile};
use crate::version::Ecosystem;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const RECORDS: &str = r#"{"id":"RUSTSEC-2022-0013","modified":"2022-06-13T00:00:00Z","aliases":["CVE-2022-24713"],"summary":"Regexes take a long time","severity":[{"type":"CVSS_V3","score":"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}],"affected":[{"package":{"ecosystem":"crates.io","name":"regex"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0.0.0-0"},{"fixed":"1.5.5"}]}]}]}
{"id":"GHSA-m5pq","aliases":["CVE-2022-24713"],"affected":[{"package":{"ecosystem":"crates.io","name":"regex"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0"},{"fixed":"1.5.5"}]}]}]}
{"id":"RUSTSEC-2030-0001","summary":"Later","affected":[{"package":{"ecosystem":"crates.io","name":"regex"},"ranges":[{"type":"SEMVER","events":[{"introduced":"1.5.5"},{"fixed":"1.6.0"}]}]}]}
{"id":"RUSTSEC-2030-0002","summary":"Gone","affected":[{"package":{"ecosystem":"crates.io","name":"dotenv"},"ranges":[{"type":"SEMVER","events":[{"introduced":"0.0.0-0"}]}],"database_specific":{"informational":"unmaintained"}}]}
{"id":"MAL-2030-1","affected":[{"package":{"ecosystem":"crates.io","name":"evil"},"versions":["1.0.0"]}]}"#;

/// Earlier contents of a file.
struct Earlier(Vec<String>);

impl Base for Earlier {
    fn contents(&self) -> Result<Vec<Vec<u8>>, String> {
        Ok(self
            .0
            .iter()
            .map(|text| text.clone().into_bytes())
            .collect())
    }

    fn added(&self, _: &[Vec<u8>], _: &[u8]) -> AddedLines {
        AddedLines::All
    }
}

/// A data folder with the records above.
fn data() -> tempfile::TempDir {
    let dir = tempfile::tempdir().unwrap();
    let records = dir.path().join("records");
    std::fs::create_dir(&records).unwrap();
    for (number, record) in RECORDS.lines().enumerate() {
        std::fs::write(records.join(format!("{number}.json")), record).unwrap();
    }
    let reports = import(
        &records,
        &folder(dir.path()),
        &ImportOptions::default(),
        &(),
    )
    .unwrap();
    assert_eq!(reports[0].outcome.as_ref().unwrap().meta.records, 5);
    dir
}

fn scanner(
    config: &str,
    mode: Mode,
    data: Option<&Path>,
    days_later: i64,
) -> Result<Box<dyn Scanner>, String> {
    scanner_in(config, mode, data, days_later, Path::new("no such folder"))
}

fn scanner_in(
    config: &str,
    mode: Mode,
    data: Option<&Path>,
    days_later: i64,
    root: &Path,
) -> Result<Box<dyn Scanner>, String> {
    let today = jiff::Timestamp::now()
        .to_zoned(jiff::tz::TimeZone::UTC)
        .date();
    let context = ScanContext {
        commits: None,
        reads_message: false,
        mode,
        data_dir: data.map(Path::to_owned),
        root: root.to_owned(),
        today: today.saturating_add(jiff::Span::new().days(days_later)),
    };
    let text = format!("[scan.audit]\n{config}\n").into_bytes();
    let documents = [Document::new("hookd.toml", text).unwrap()];
    let config = Config::new(&documents, &["audit"]).map_err(|error| error.to_string())?;
    (SPEC.build)(config.section("audit"), &context).map_err(|error| error.to_string())
}

fn run(
    scanner: &dyn Scanner,
    path: &str,
    now: &str,
    bases: &[&str],
) -> (Vec<Finding>, Vec<CheckError>) {
    let meta = FileMeta {
        path: RepoPath::from(path),
        kind: FileKind::Regular,
        size: now.len() as u64,
        content: Content::Disk(path.into()),
        bases: Vec::new(),
        commit: None,
    };
    let mut sink = Sink::new();
    if scanner.wants(&meta) {
        scanner.scan_set(&[&meta], &mut sink);
        let earlier = Earlier(bases.iter().map(|&base| base.to_owned()).collect());
        scanner.scan_file(&SourceFile::new(&meta, now.as_bytes(), &earlier), &mut sink);
    }
    sink.take_accepted();
    sink.into_parts()
}

fn lock(packages: &[(&str, &str)]) -> String {
    let mut text = "version = 3\n".to_owned();
    for (name, version) in packages {
        text += &format!(
            "\n[[package]]\nname = \"{name}\"\nversion = \"{version}\"\nsource = \"registry+https://index.example/crates\"\n"
        );
    }
    text
}

fn staged(config: &str, now: &str, bases: &[&str]) -> Vec<Finding> {
    let data = data();
    let scanner = scanner(config, Mode::Staged, Some(data.path()), 0).unwrap();
    let (findings, errors) = run(&*scanner, "a/Cargo.lock", now, bases);
    assert_eq!(errors, []);
    findings
}

#[test]
fn mistakes_in_the_section_are_named() {
    for (config, want) in [
        ("ignore = [{ id = \"X\" }]", "missing field `reason`"),
        (
            "ignore = [{ id = \"X\", reason = \" \" }]",
            "needs a `reason`",
        ),
        (
            "ignore = [{ id = \"X\", reason = \"x\", untill = 2020-01-01 }]",
            "untill",
        ),
        (
            "ignore = [{ id = \"X\", reason = \"x\", until = 10:00:00 }]",
            "must be a date",
        ),
        ("severity = \"hihg\"", "hihg"),
        ("severty = \"high\"", "did you mean `severity`?"),
    ] {
        let error = scanner(config, Mode::All, None, 0).err().unwrap();
        assert!(
            error.contains(want) && error.contains("hookd.toml:2:"),
            "{config}: {error}"
        );
    }
}

#[test]
fn without_data_nothing_passes_as_audited() {
    let now = lock(&[("regex", "1.5.4")]);
    let data = data();
    let empty = tempfile::tempdir().unwrap();
    let cases = [
        (
            Mode::All,
            empty.path(),
            0,
            "not audited: no advisory data for crates.io (1 lockfile)",
            true,
        ),
        (
            Mode::Staged,
            empty.path(),
            0,
            "not audited: no advisory data for crates.io (1 lockfile)",
            false,
        ),
        (
            Mode::All,
            data.path(),
            15,
            "the advisory data for crates.io is 15 days old: what became known since then is not found",
            false,
        ),
        (
            Mode::Staged,
            data.path(),
            4,
            "the advisory data for crates.io is 4 days old",
            false,
        ),
        (
            Mode::All,
            data.path(),
            31,
            "not audited: the advisory data for crates.io is 31 days old (1 lockfile)",
            true,
        ),
    ];
    for (mode, data, days, message, fatal) in cases {
        let scanner = scanner("", mode, Some(data), days).unwrap();
        let (findings, errors) = run(&*scanner, "x/Cargo.lock", &now, &[]);
        assert_eq!(
            findings.len(),
            usize::from(days == 15 || days == 4),
            "{findings:?}"
        );
        assert_eq!(
            (errors[0].message.as_str(), errors[0].fatal),
            (message, fatal)
        );
        assert_eq!(errors[0].help, "hookd db update crates.io");
        let (_, again) = run(&*scanner, "b/Cargo.lock", &now, &[]);
        assert_eq!(again, [], "said once a run");
    }
}

#[test]
fn a_damaged_lockfile_or_database_is_an_error() {
    let data = data();
    let fresh = || scanner("", Mode::All, Some(data.path()), 0).unwrap();
    let (findings, errors) = run(&*fresh(), "Cargo.lock", "[[package]\nname", &[]);
    assert!(findings.is_empty());
    assert!(errors[0].fatal && errors[0].message.starts_with("not audited: "));
    let path = Database::path(&folder(data.path()), Ecosystem::CratesIo);
    std::fs::write(&path, b"nonsense").unwrap();
    let (findings, errors) = run(&*fresh(), "Cargo.lock", &lock(&[("regex", "1.5.4")]), &[]);
    assert!(findings.is_empty());
    assert!(errors[0].fatal && errors[0].message.contains("not a usable advisory database"));
}

#[test]
fn one_advisory_is_explained_from_the_database() {
    let data = data();
    let doc = explain("cve-2022-24713", data.path()).unwrap();
    assert_eq!(doc.scanner, "audit");
    assert!(doc.description.contains("regex (crates.io)") && doc.fix.contains("1.5.5"));
    assert!(explain("CVE-1999-0001", data.path()).is_none());
}

//! The scanner as the engine calls it, over databases made in a temporary folder.

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

/// What a change of `Cargo.lock` from `old` to `new` is counted to have fixed.
fn fixed(old: &str, new: &str) -> usize {
    let data = data();
    let scanner = scanner("", Mode::Staged, Some(data.path()), 0).unwrap();
    let meta = FileMeta {
        path: RepoPath::from("Cargo.lock"),
        kind: FileKind::Regular,
        size: new.len() as u64,
        content: Content::Disk("Cargo.lock".into()),
        bases: Vec::new(),
        commit: None,
    };
    let mut sink = Sink::new();
    let earlier = Earlier(vec![old.to_owned()]);
    scanner.scan_file(&SourceFile::new(&meta, new.as_bytes(), &earlier), &mut sink);
    sink.fixed()
}

#[test]
fn what_a_change_is_rid_of_is_counted() {
    let bad = lock(&[("regex", "1.5.4"), ("evil", "1.0.0"), ("serde", "1.0.0")]);
    assert_eq!(fixed(&bad, &bad), 0);
    assert_eq!(
        fixed(&bad, &lock(&[("regex", "1.6.0"), ("serde", "1.0.0")])),
        2
    );
    // Another vulnerable version of the same: nothing is fixed, and one that is put right is another's.
    assert_eq!(
        fixed(&bad, &lock(&[("regex", "1.5.3"), ("evil", "1.0.0")])),
        0
    );
    assert_eq!(
        fixed(&bad, &lock(&[("regex", "1.5.5"), ("evil", "1.0.0")])),
        1
    );
    assert_eq!(fixed(&lock(&[("serde", "1.0.0")]), &bad), 0);
}

#[test]
fn a_history_has_many_lockfiles_of_one_path() {
    let data = data();
    let scanner = scanner("", Mode::History, Some(data.path()), 0).unwrap();
    for (version, findings) in [("1.6.0", 0), ("1.5.4", 1), ("1.6.0", 0)] {
        let now = lock(&[("regex", version)]);
        let (found, errors) = run(&*scanner, "Cargo.lock", &now, &[]);
        assert_eq!((found.len(), errors), (findings, vec![]), "{version}");
    }
}

#[test]
fn a_finding_says_what_where_and_what_to_do() {
    let findings = staged("", &lock(&[("regex", "1.5.4"), ("serde", "1.0.0")]), &[]);
    let [found] = findings.as_slice() else {
        panic!("{findings:?}")
    };
    assert_eq!(found.rule, "RUSTSEC-2022-0013");
    assert_eq!(
        found.message,
        "regex 1.5.4: Regexes take a long time (CVE-2022-24713, high 7.5)"
    );
    assert!(
        found
            .help
            .eq("fixed in 1.6.0: (cd a && cargo update -p regex@1.5.4 --precise 1.6.0)"),
        "{}",
        found.help
    );
    assert_eq!(
        (found.severity, found.blocking, found.novelty),
        (Severity::High, true, Novelty::New)
    );
    assert_eq!(found.span.start.line, 5);
    assert_eq!(found.excerpt.text, "version = \"1.5.4\"");
    assert_eq!(
        found.data["aliases"],
        serde_json::json!(["CVE-2022-24713", "GHSA-m5pq"])
    );
    assert_eq!(found.data["fixed"], "1.6.0");
    assert_eq!(found.data["cvss"], 7.5);
}

#[test]
fn only_what_the_change_adds_is_new() {
    let old = lock(&[("regex", "1.5.4")]);
    let more = lock(&[("regex", "1.5.4"), ("serde", "1.0.0")]);
    assert_eq!(staged("", &more, &[&old])[0].novelty, Novelty::Existing);
    assert_eq!(
        staged("scope = \"all\"", &more, &[&old])[0].novelty,
        Novelty::New
    );
    let upgraded = staged("", &lock(&[("regex", "1.5.5")]), &[&old]);
    assert_eq!(upgraded[0].novelty, Novelty::New);
    assert_eq!(
        upgraded[0].message,
        "regex 1.5.5 (upgraded from 1.5.4): Later (not rated, counts as high)"
    );
    // In a merge, what any side had is nothing new.
    let merged = staged("", &old, &[&lock(&[]), &old]);
    assert_eq!(merged[0].novelty, Novelty::Existing);
    assert_eq!(staged("", &old, &["not toml ["])[0].novelty, Novelty::New);
}

#[test]
fn what_blocks_follows_kind_and_severity() {
    let all = lock(&[
        ("regex", "1.5.4"),
        ("dotenv", "0.1.0"),
        ("evil", "1.0.0"),
        ("evil", "1.0.1"),
    ]);
    let blocking = |config: &str| -> Vec<(String, bool)> {
        staged(config, &all, &[])
            .into_iter()
            .map(|found| (found.rule.into_owned(), found.blocking))
            .collect()
    };
    let want = |regex, evil| {
        vec![
            ("RUSTSEC-2022-0013".to_owned(), regex),
            ("RUSTSEC-2030-0002".to_owned(), false),
            ("MAL-2030-1".to_owned(), evil),
        ]
    };
    assert_eq!(blocking(""), want(true, true));
    assert_eq!(blocking("severity = \"critical\""), want(false, true));
    assert_eq!(blocking("level = \"warn\""), want(false, false));
}

#[test]
fn accepted_advisories_are_silent_until_their_day_is_over() {
    let now = lock(&[("regex", "1.5.4")]);
    let count = |ignore: &str| staged(&format!("ignore = [{{ {ignore} }}]"), &now, &[]).len();
    assert_eq!(count("id = \"CVE-2022-24713\", reason = \"x\""), 0);
    assert_eq!(
        count("id = \"RUSTSEC-2022-0013\", reason = \"x\", package = \"regex\", path = \"a/*\""),
        0
    );
    assert_eq!(
        count("id = \"RUSTSEC-2022-0013\", reason = \"x\", package = \"serde\""),
        1
    );
    assert_eq!(
        count("id = \"RUSTSEC-2022-0013\", reason = \"x\", path = \"b/**\""),
        1
    );
    assert_eq!(
        count("id = \"RUSTSEC-2022-0013\", reason = \"x\", until = 2999-12-31"),
        0
    );
    let config = "ignore = [{ id = \"RUSTSEC-2022-0013\", reason = \"x\", until = 2020-01-31 }]";
    let rules: Vec<_> = staged(config, &now, &[])
        .into_iter()
        .map(|found| (found.rule.into_owned(), found.blocking))
        .collect();
    assert_eq!(
        rules,
        [
            ("RUSTSEC-2022-0013".to_owned(), true),
            ("expired-ignore".to_owned(), false)
        ]
    );
}

/// Runs over a project on disk with these other files, and gives the notes of the end too.
fn sweep(config: &str, files: &[(&str, &str)], now: &str) -> (Vec<Finding>, Vec<String>) {
    let data = data();
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    let scanner = scanner_in(config, Mode::All, Some(data.path()), 0, root.path()).unwrap();
    let (findings, mut errors) = run(&*scanner, "a/Cargo.lock", now, &[]);
    let mut end = Sink::new();
    scanner.finish(&mut end);
    errors.extend(end.into_parts().1);
    assert!(errors.iter().all(|error| !error.fatal), "{errors:?}");
    let path = |error: &CheckError| error.path.as_ref().unwrap().to_text().into_owned();
    let notes = errors
        .iter()
        .map(|error| format!("{}: {}", path(error), error.message))
        .collect();
    (findings, notes)
}

#[test]
fn what_other_tools_accept_counts() {
    let now = lock(&[("regex", "1.5.4"), ("evil", "1.0.0")]);
    let rules = |files: &[(&str, &str)]| -> Vec<String> {
        let (findings, notes) = sweep("", files, &now);
        let rules = findings.into_iter().map(|found| found.rule.into_owned());
        rules.chain(notes).collect()
    };
    let id = "[[IgnoredVulns]]\nid = \"CVE-2022-24713\"\nreason = \"x\"\n";
    let both = ["RUSTSEC-2022-0013", "MAL-2030-1"];
    assert_eq!(rules(&[("a/osv-scanner.toml", id)]), ["MAL-2030-1"]);
    assert_eq!(rules(&[("osv-scanner.toml", id)]), both, "another folder's");
    let audit = "[advisories]\nignore = [\"RUSTSEC-2022-0013\"]\n";
    assert_eq!(rules(&[(".cargo/audit.toml", audit)]), ["MAL-2030-1"]);
    assert_eq!(rules(&[("deny.toml", audit)]), ["MAL-2030-1"]);
    let below = "[advisories]\nseverity_threshold = \"critical\"\n";
    assert_eq!(rules(&[(".cargo/audit.toml", below)]), ["MAL-2030-1"]);
    let package = "[[PackageOverrides]]\nname = \"evil\"\nignore = true\n";
    let want = [
        &both[..],
        &["a/osv-scanner.toml: nothing here needs accepting: evil"],
    ]
    .concat();
    assert_eq!(
        rules(&[("a/osv-scanner.toml", package)]),
        want,
        "malware must be named"
    );
    assert!(
        rules(&[("deny.toml", "[x")])[2].starts_with("deny.toml: what it accepts does not count")
    );
}

#[test]
fn a_sweep_says_which_entries_accept_nothing() {
    let config = "ignore = [{ id = \"RUSTSEC-2022-0013\", reason = \"x\" }, { id = \"RUSTSEC-1999-0001\", reason = \"x\" }]";
    let (findings, notes) = sweep(config, &[], &lock(&[("regex", "1.5.4")]));
    assert_eq!(findings.len(), 0);
    assert_eq!(
        notes,
        ["hookd.toml: nothing here needs accepting: RUSTSEC-1999-0001"]
    );
}

#[test]
fn an_indirect_package_is_named_with_its_way() {
    let text = lock(&[("regex", "1.5.4")])
        + "\n[[package]]\nname = \"grep\"\nversion = \"1.0.0\"\nsource = \"registry+https://index.example/crates\"\ndependencies = [\n \"regex\",\n]\n\n[[package]]\nname = \"me\"\nversion = \"0.1.0\"\ndependencies = [\n \"grep\",\n]\n";
    let found = staged("", &text, &[]).pop().unwrap();
    assert!(
        found.message.ends_with("high 7.5), via grep → regex"),
        "{}",
        found.message
    );
    assert_eq!(found.data["via"], serde_json::json!(["grep", "regex"]));
    assert_eq!(found.data["state"], "added");
}

#[test]
fn a_fix_that_the_manifest_leaves_out_begins_there() {
    let fix = |range: &str| {
        let data = data();
        let root = tempfile::tempdir().unwrap();
        std::fs::create_dir(root.path().join("a")).unwrap();
        let manifest = format!("[package]\nname = 'me'\n[dependencies]\nregex = '{range}'\n");
        std::fs::write(root.path().join("a/Cargo.toml"), manifest).unwrap();
        let scanner = scanner_in(
            "frozen = false",
            Mode::Range,
            Some(data.path()),
            0,
            root.path(),
        );
        let text = lock(&[("regex", "1.5.4")]);
        let (mut found, _) = run(&*scanner.unwrap(), "a/Cargo.lock", &text, &[]);
        let found = found.pop().unwrap();
        (found.help, found.data)
    };
    let (help, data) = fix("=1.5.4");
    assert_eq!(
        help,
        "fixed in 1.6.0, which a/Cargo.toml line 4 leaves out (=1.5.4): write =1.6.0 there, then: (cd a && cargo update -p regex@1.5.4)"
    );
    assert_eq!(
        data["edits"],
        serde_json::json!([{ "path": "a/Cargo.toml", "line": 4, "from": "=1.5.4", "to": "=1.6.0" }])
    );
    assert_eq!(data["command"], "(cd a && cargo update -p regex@1.5.4)");
    // The range of another version of the name is none of this one's.
    for range in ["1.5", "=0.9.0"] {
        let (help, data) = fix(range);
        assert_eq!(
            help,
            "fixed in 1.6.0: (cd a && cargo update -p regex@1.5.4 --precise 1.6.0)"
        );
        assert_eq!(data["edits"], serde_json::json!([]));
    }
}

#[test]
fn npm_reads_one_lockfile_of_a_folder() {
    let root = tempfile::tempdir().unwrap();
    let data = data();
    let scanner = scanner_in("", Mode::Range, Some(data.path()), 0, root.path()).unwrap();
    let text =
        r#"{ "lockfileVersion": 3, "packages": { "node_modules/x": { "version": "1.0.0" } } }"#;
    let notes = || {
        let (findings, errors) = run(&*scanner, "package-lock.json", text, &[]);
        assert_eq!(findings.len(), 0);
        let said = |error: CheckError| (error.message, error.fatal);
        errors.into_iter().map(said).collect::<Vec<_>>()
    };
    assert!(
        notes()[0]
            .0
            .starts_with("not audited: no advisory data for npm")
    );
    std::fs::write(root.path().join("npm-shrinkwrap.json"), text).unwrap();
    let want = "not audited: npm reads npm-shrinkwrap.json beside it, and not this file";
    assert_eq!(notes(), [(want.to_owned(), false)]);
    let (_, errors) = run(&*scanner, "npm-shrinkwrap.json", text, &[]);
    assert!(errors.iter().all(|error| !error.message.contains("beside")));
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

/// The truth data, where it is at hand.
fn shared() -> Option<PathBuf> {
    let folder = std::env::var_os("HOOKD_SHARED_DATA").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data"),
        PathBuf::from,
    );
    folder.join("osv").is_dir().then_some(folder)
}

/// What cargo-audit or a reference implementation found in real lockfiles, and hookd finds: the same.
#[test]
fn real_lockfiles_have_the_findings_that_others_see() {
    let Some(shared) = shared() else {
        eprintln!("skipped: no truth data");
        return;
    };
    let dir = tempfile::tempdir().unwrap();
    let unpacked = std::process::Command::new("tar")
        .arg("-xJf")
        .arg(shared.join("locks.tar.xz"))
        .arg("-C")
        .arg(dir.path())
        .status();
    if !unpacked.is_ok_and(|status| status.success()) {
        eprintln!("skipped: tar can't unpack .xz here");
        return;
    }
    let options = ImportOptions::default();
    for report in import(&shared.join("osv"), &folder(dir.path()), &options, &()).unwrap() {
        report.outcome.unwrap();
    }
    let scanner = scanner("", Mode::All, Some(dir.path()), 0).unwrap();
    let locks = dir.path().join("locks");
    let expected = std::fs::read_to_string(locks.join("expected.jsonl")).unwrap();
    for line in expected.lines() {
        let case: serde_json::Value = serde_json::from_str(line).unwrap();
        let path = case["lock"].as_str().unwrap();
        let text = std::fs::read_to_string(locks.join(path)).unwrap();
        // The files are kept under a hash; what follows its dot is the real name.
        let name = Path::new(path).file_name().unwrap().to_str().unwrap();
        let (findings, errors) = run(&*scanner, name.split_once('.').unwrap().1, &text, &[]);
        assert_eq!(errors, [], "{path}");
        let found: BTreeSet<[String; 3]> = findings
            .iter()
            .map(|found| {
                ["id", "package", "version"].map(|key| found.data[key].as_str().unwrap().to_owned())
            })
            .collect();
        let wanted: BTreeSet<[String; 3]> = case["findings"]
            .as_array()
            .unwrap()
            .iter()
            .map(|want| {
                ["id", "package", "version"].map(|key| want[key].as_str().unwrap().to_owned())
            })
            .collect();
        let missing: Vec<_> = wanted.difference(&found).collect();
        let surplus: Vec<_> = found.difference(&wanted).collect();
        assert!(
            missing.is_empty() && surplus.is_empty(),
            "{path}: missing {missing:?}, surplus {surplus:?}"
        );
        for (want, kind) in case["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter_map(|want| Some((want, want["kind"].as_str()?)))
        {
            let same = findings
                .iter()
                .find(|found| found.data["id"] == want["id"])
                .unwrap();
            assert_eq!(same.blocking, kind == "vulnerability", "{path}: {want}");
        }
    }
}

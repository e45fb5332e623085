//! Real lockfiles, with what others find in them.

use super::*;

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

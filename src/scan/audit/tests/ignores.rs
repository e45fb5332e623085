//! What somebody accepted, here or for another tool.

use super::*;

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

//! The fix line, and which lockfile it is about.

use super::*;

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

/// Thousands of versions of a name, each asked for by itself: every one is found, and what only a file that was made for it
/// has is not looked up without an end.
#[test]
fn thousands_of_versions_of_a_name_are_found_and_the_first_explained() {
    const VERSIONS: usize = 1_500;
    let data = data();
    let root = tempfile::tempdir().unwrap();
    let versions: Vec<String> = (0..VERSIONS).map(|at| format!("1.5.{at}")).collect();
    let entries = versions.iter().enumerate();
    let entry =
        |(at, version)| format!("r{at} = {{ package = 'regex', version = '={version}' }}\n");
    let manifest: String = entries.map(entry).collect();
    let manifest = format!("[package]\nname = 'me'\n[dependencies]\n{manifest}");
    std::fs::write(root.path().join("Cargo.toml"), manifest).unwrap();
    let config = "frozen = false";
    let scanner = scanner_in(config, Mode::Range, Some(data.path()), 0, root.path());
    let packages: Vec<(&str, &str)> = versions.iter().map(|one| ("regex", one.as_str())).collect();
    let (found, _) = run(&*scanner.unwrap(), "Cargo.lock", &lock(&packages), &[]);
    assert_eq!(found.len(), VERSIONS);
    let edited = found
        .iter()
        .filter(|one| one.data["edits"] != serde_json::json!([]));
    let edited = edited.count();
    assert!((100..VERSIONS).contains(&edited), "{edited}");
    assert!(
        found
            .iter()
            .all(|one| one.help.starts_with("fixed in 1.6.0"))
    );
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

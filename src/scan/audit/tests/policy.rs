//! What a change brings in, and what of it blocks.

use super::*;

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

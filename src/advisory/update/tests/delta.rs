//! Changes laid over a database, from a server in the layout of OSV's bucket.

use super::{Server, ZIP, archive, imported, records, tidy};
use crate::advisory::update::{Updated, update};
use crate::advisory::{AdvisoryError, Database, UpdateOptions};
use crate::version::Ecosystem;
use std::fmt::Write as _;
use std::path::Path;

const LIST: &str = "crates.io/modified_id.csv";

impl Server {
    /// A server with `count` advisories that `dest` has already.
    fn with(count: usize, dest: &Path) -> Self {
        let server = Self::start();
        server.put(ZIP, archive(count), "one");
        assert_eq!(imported(server.update(dest, false)), count as u64);
        server.log();
        server
    }

    /// Puts a record that was changed on this day of January, and gives its line of the list.
    fn change(&self, id: &str, day: u32, fixed: &str) -> String {
        self.record(id, id, day, &format!(r#","affected":[{{"package":{{"ecosystem":"crates.io","name":"p{}"}},"ranges":[{{"type":"SEMVER","events":[{{"introduced":"0"}},{{"fixed":"{fixed}"}}]}}]}}]"#, &id[2..]));
        line(id, day)
    }

    fn record(&self, path: &str, id: &str, day: u32, rest: &str) {
        let json = format!(r#"{{"id":"{id}","modified":"2026-01-{day:02}T00:00:00Z"{rest}}}"#);
        self.put(&format!("crates.io/{path}.json"), json.into_bytes(), "r");
    }

    fn list(&self, lines: &[String]) {
        let mut text = String::new();
        for line in lines {
            writeln!(text, "{line}").unwrap();
        }
        text += "2026-01-01T00:00:00Z,T-0\n2025-12-31T00:00:00Z,T-1\n";
        self.put(LIST, text.into_bytes(), "list");
    }
}

fn line(id: &str, day: u32) -> String {
    format!("2026-01-{day:02}T00:00:00.5Z,{id}")
}

fn affected(dest: &Path, name: &str, version: &str) -> usize {
    let database = Database::open(dest, Ecosystem::CratesIo).unwrap().unwrap();
    database.matches(name, version).unwrap().matches.len()
}

#[test]
fn only_what_changed_is_fetched() {
    let dest = tempfile::tempdir().unwrap();
    let server = Server::with(40, dest.path());
    let lines = [
        server.change("T-40", 4, "2.0.0"),
        server.change("T-3", 3, "3.0.0"),
        line("T-5", 2),
    ];
    server.record("T-5", "T-5", 2, r#","withdrawn":"2026-01-02T00:00:00Z""#);
    server.list(&lines);
    assert_eq!(imported(server.update(dest.path(), false)), 40);
    let mut log = server.log();
    log[1..].sort();
    assert_eq!(
        log,
        [
            LIST,
            "crates.io/T-3.json",
            "crates.io/T-40.json",
            "crates.io/T-5.json"
        ]
    );
    assert_eq!(affected(dest.path(), "p40", "1.9.0"), 1, "new");
    assert_eq!(affected(dest.path(), "p3", "2.9.0"), 1, "changed");
    assert_eq!(affected(dest.path(), "p5", "0.1.0"), 0, "withdrawn");
    assert_eq!(records(dest.path()), 40);
    assert!(tidy(dest.path()));
    assert_eq!(
        server.update(dest.path(), false).unwrap(),
        Updated::UpToDate
    );
    assert_eq!(server.log(), [LIST], "nothing but the list");
}

#[test]
fn texts_survive_the_changes_of_others() {
    let dest = tempfile::tempdir().unwrap();
    let server = Server::with(5, dest.path());
    server.record("T-1", "T-1", 2, r#","summary":"kept words","details":"more of them","affected":[{"package":{"ecosystem":"crates.io","name":"p1"},"versions":["1.0.0"]}]"#);
    server.list(&[line("T-1", 2)]);
    imported(server.update(dest.path(), false));
    let next = server.change("T-2", 3, "9.0.0");
    server.list(&[next, line("T-1", 2)]);
    imported(server.update(dest.path(), false));
    let database = Database::open(dest.path(), Ecosystem::CratesIo)
        .unwrap()
        .unwrap();
    let found = database.matches("p1", "1.0.0").unwrap().matches;
    let text = database.text("p1", &found[0]).unwrap();
    assert_eq!(
        (text.summary.as_str(), text.details.as_str()),
        ("kept words", "more of them")
    );
}

#[test]
fn a_long_list_or_none_means_the_archive() {
    let dest = tempfile::tempdir().unwrap();
    let server = Server::with(40, dest.path());
    server.put(ZIP, archive(41), "two");
    let many: Vec<String> = (0..700).map(|at| line(&format!("T-{at}"), 9)).collect();
    server.list(&many);
    assert_eq!(imported(server.update(dest.path(), false)), 41);
    assert_eq!(server.log(), [LIST, ZIP]);
    for (list, tag) in [
        ("<html>no list</html>", "three"),
        ("2026-01-02T00:00:00Z,../../etc\n", "four"),
    ] {
        server.put(ZIP, archive(42), tag);
        server.put(LIST, list.as_bytes().to_vec(), "bad");
        assert_eq!(imported(server.update(dest.path(), false)), 42, "{list}");
        assert_eq!(server.log(), [LIST, ZIP]);
    }
    // Oldest first: what stands behind the first old line would be missed.
    server.put(ZIP, archive(43), "five");
    let unsorted = [line("T-1", 2), line("T-2", 3)];
    server.list(&unsorted);
    assert_eq!(imported(server.update(dest.path(), false)), 43);
}

#[test]
fn a_record_that_is_not_what_the_list_says_changes_nothing() {
    let dest = tempfile::tempdir().unwrap();
    let server = Server::with(40, dest.path());
    let good = server.change("T-6", 5, "6.0.0");
    server.list(&[good, line("T-7", 4)]);
    let before = std::fs::read(Database::path(dest.path(), Ecosystem::CratesIo)).unwrap();
    let refused = |want: &str| {
        let Err(AdvisoryError::Record { url, reason }) = server.update(dest.path(), false) else {
            panic!("taken: {want}");
        };
        assert!(
            url.ends_with("/T-7.json") && reason.contains(want),
            "{reason}"
        );
        let after = std::fs::read(Database::path(dest.path(), Ecosystem::CratesIo)).unwrap();
        assert!(before == after, "{want}");
    };
    server.put("crates.io/T-7.json", b"{\"id\":\"T-7\"".to_vec(), "x");
    refused("no OSV record");
    server.record("T-7", "T-8", 4, "");
    refused("another id");
    server.record("T-7", "T-7", 3, "");
    refused("older");
    server.put("crates.io/T-7.json", b"{\"id\":\"T-7\"}".to_vec(), "x");
    refused("when it was changed");
    assert!(tidy(dest.path()));
}

#[test]
fn an_interrupted_change_leaves_the_old_data() {
    let dest = tempfile::tempdir().unwrap();
    let server = Server::with(40, dest.path());
    let lines = [
        server.change("T-6", 5, "6.0.0"),
        server.change("T-7", 4, "7.0.0"),
    ];
    server.list(&lines);
    server.cut_at("crates.io/T-7.json", 30);
    assert!(matches!(
        server.update(dest.path(), false),
        Err(AdvisoryError::Network { .. })
    ));
    assert_eq!(affected(dest.path(), "p6", "5.0.0"), 0, "all or nothing");
    server.cut(None);
    imported(server.update(dest.path(), false));
    assert_eq!(affected(dest.path(), "p6", "5.0.0"), 1);
    assert_eq!(affected(dest.path(), "p7", "6.0.0"), 1);
}

#[test]
fn many_withdrawals_at_once_are_not_believed() {
    let dest = tempfile::tempdir().unwrap();
    let server = Server::with(40, dest.path());
    let lines: Vec<String> = (10..14).map(|at| line(&format!("T-{at}"), 5)).collect();
    for at in 10..14 {
        let id = format!("T-{at}");
        server.record(&id, &id, 5, r#","withdrawn":"2026-01-05T00:00:00Z""#);
    }
    server.list(&lines);
    assert!(matches!(
        server.update(dest.path(), false),
        Err(AdvisoryError::Shrunk {
            old: 40,
            new: 36,
            ..
        })
    ));
    assert_eq!(records(dest.path()), 40);
}

#[test]
fn a_record_that_is_gone_means_the_archive() {
    let dest = tempfile::tempdir().unwrap();
    let server = Server::with(40, dest.path());
    server.list(&[line("T-77", 5)]);
    server.put(ZIP, archive(39), "two");
    let options = UpdateOptions {
        base_url: server.url,
        ecosystems: vec![Ecosystem::CratesIo],
        ..UpdateOptions::default()
    };
    let outcome = update(dest.path(), &options, &()).unwrap().pop().unwrap();
    assert_eq!(imported(outcome.outcome), 39);
}

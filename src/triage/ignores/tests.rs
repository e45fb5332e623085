//! Which entry speaks for a finding; what files say and what they do not.

use super::own::{Entry, parse, write};
use super::{IGNORE_FILE, IgnoreList, IgnoreSource, Judged, State};
use crate::model::{Excerpt, Finding, Novelty, RepoPath, Severity, Span};
use jiff::civil::{Date, date};
use proptest::prelude::*;
use std::cell::Cell;
use std::collections::BTreeMap;

const TODAY: Date = date(2026, 6, 15);

fn finding(scanner: &'static str, rule: &'static str, path: &str, identity: &str) -> Finding {
    Finding {
        scanner,
        rule: rule.into(),
        severity: Severity::High,
        blocking: true,
        novelty: Novelty::New,
        path: RepoPath::from(path),
        span: Span::START,
        message: "found".to_owned(),
        help: "revoke it".to_owned(),
        excerpt: Excerpt::default(),
        identity: identity.as_bytes().to_vec(),
        data: serde_json::Map::new(),
    }
}

/// Files by name; counts how often one is asked for.
#[derive(Default)]
struct Files {
    staged: BTreeMap<&'static str, String>,
    disk: BTreeMap<&'static str, String>,
    asked: Cell<usize>,
}

impl IgnoreSource for Files {
    fn read(&self, name: &str) -> Result<Option<Vec<u8>>, String> {
        self.asked.set(self.asked.get() + 1);
        Ok(self.staged.get(name).map(|text| text.clone().into_bytes()))
    }

    fn read_unstaged(&self, name: &str) -> Option<Vec<u8>> {
        self.disk.get(name).map(|text| text.clone().into_bytes())
    }

    fn read_at(&self, _: &str, _: &RepoPath) -> Option<Vec<u8>> {
        None
    }

    fn has(&self, path: &RepoPath) -> bool {
        path.as_bytes() != b"gone.py"
    }
}

fn files(entries: &[Entry]) -> Files {
    let mut files = Files::default();
    files.staged.insert(IGNORE_FILE, write(entries, b""));
    files
}

fn is_accepted(list: &IgnoreList<'_>, finding: &Finding) -> bool {
    matches!(list.judge(finding.clone()), Judged::Accepted(_))
}

#[test]
fn an_entry_speaks_for_its_scanner_rule_file_and_thing() {
    let known = finding("secrets", "jwt", "a.py", "thing");
    let files = files(&[Entry::new(&known, Some(TODAY), "why")]);
    let list = IgnoreList::new(&files, TODAY);
    assert_eq!(
        files.asked.get(),
        0,
        "nothing is read before a finding asks"
    );
    assert!(is_accepted(&list, &known));
    for other in [
        finding("audit", "jwt", "a.py", "thing"),
        finding("secrets", "pat", "a.py", "thing"),
        finding("secrets", "jwt", "b.py", "thing"),
        finding("secrets", "jwt", "a.py", "other"),
    ] {
        assert!(!is_accepted(&list, &other), "{other:?}");
    }
    assert_eq!(files.asked.get(), 5, "each file is read once");
    let after = TODAY.tomorrow().unwrap();
    let Judged::Counts(over) = IgnoreList::new(&files, after).judge(known) else {
        panic!("the day is over");
    };
    assert_eq!(
        over.message,
        "found (accepted until 2026-06-15: why; that day is over)"
    );
}

#[test]
fn only_secrets_follow_a_file_that_is_gone() {
    for (scanner, follows) in [("secrets", true), ("complexity", false)] {
        let before = finding(scanner, "rule", "gone.py", "main");
        let files = files(&[Entry::new(&before, None, "why")]);
        let list = IgnoreList::new(&files, TODAY);
        let after = finding(scanner, "rule", "new.py", "main");
        assert!(!is_accepted(&list, &after), "nobody looked at all files");
        list.follow(std::slice::from_ref(&after));
        assert_eq!(is_accepted(&list, &after), follows, "{scanner}");
        let states = list.states(|_, _| true);
        let (_, state, moved) = &states[0];
        assert_eq!(*state == State::Used, follows);
        assert_eq!(*moved, follows.then(|| RepoPath::from("new.py")));
        let copies = IgnoreList::new(&files, TODAY);
        copies.follow(&[after.clone(), finding(scanner, "rule", "copy.py", "main")]);
        assert!(!is_accepted(&copies, &after), "one of the two is a copy");
    }
}

#[test]
fn of_two_entries_the_one_that_still_counts_does() {
    let known = finding("secrets", "jwt", "a.py", "thing");
    let over = Entry::new(&known, Some(TODAY.yesterday().unwrap()), "old");
    let files = files(&[over, Entry::new(&known, None, "new")]);
    let list = IgnoreList::new(&files, TODAY);
    assert!(is_accepted(&list, &known));
    let states: Vec<(String, State)> = list
        .states(|_, _| true)
        .into_iter()
        .map(|(entry, state, _)| (entry.reason.clone(), state))
        .collect();
    assert!(states.contains(&("old".to_owned(), State::Unused)));
    assert!(states.contains(&("new".to_owned(), State::Used)));
}

#[test]
fn an_entry_that_is_not_staged_is_named_and_does_not_count() {
    let known = finding("secrets", "jwt", "a.py", "thing");
    let mut files = Files::default();
    files
        .disk
        .insert(IGNORE_FILE, write(&[Entry::new(&known, None, "why")], b""));
    let Judged::Counts(found) = IgnoreList::new(&files, TODAY).judge(known) else {
        panic!("it is not staged");
    };
    assert!(
        found.help.contains("git add hookd.ignore"),
        "{}",
        found.help
    );
}

#[test]
fn the_files_of_other_tools_speak_for_secrets_only() {
    let mut files = Files::default();
    files.staged.insert(".secretsignore", "*.py\n".to_owned());
    let list = IgnoreList::new(&files, TODAY);
    assert!(is_accepted(&list, &finding("secrets", "jwt", "a.py", "x")));
    assert!(!is_accepted(&list, &finding("audit", "jwt", "a.py", "x")));
}

proptest! {
    #[test]
    fn what_is_written_is_read(path in proptest::collection::vec(any::<u8>(), 1..40), rule in "[ -~é]{1,20}",
        reason in "[!-~é][ -~é]{0,30}[!-~é]", days in proptest::option::of(1i16..3000)) {
        let mut known = finding("secrets", "x", "x", "thing");
        known.path = RepoPath::new(path);
        known.rule = rule.into();
        let until = days.map(|year| date(year, 1, 31));
        let mut entry = Entry::new(&known, until, &reason);
        let text = write(std::slice::from_ref(&entry), b"# mine\n");
        prop_assert!(text.starts_with("# mine\n"));
        prop_assert_eq!(text.lines().count(), 2);
        let (read, errors) = parse(text.as_bytes());
        prop_assert_eq!(errors, vec![]);
        entry.line = 2;
        prop_assert_eq!(read, vec![entry]);
    }

    #[test]
    fn nothing_that_is_read_breaks_it(text in proptest::collection::vec(any::<u8>(), 0..300), name in 0usize..5) {
        let names = [IGNORE_FILE, ".gitleaksignore", ".betterleaksignore", ".secretsignore", ".secrets.baseline"];
        let mut files = Files::default();
        files.staged.insert(names[name], String::from_utf8_lossy(&text).into_owned());
        let list = IgnoreList::new(&files, TODAY);
        let _ = list.judge(finding("secrets", "jwt", "a.py", "thing"));
        let _ = parse(&text);
    }
}

#[test]
fn what_only_history_held_is_never_called_unused() {
    let mut known = finding("secrets", "jwt", "a.py", "thing");
    known.data.insert("blob".to_owned(), "b".into());
    let text = write(&[Entry::new(&known, None, "revoked")], b"");
    assert!(text.contains(" history revoked\n"), "{text}");
    let over = Entry::new(&known, Some(TODAY.yesterday().unwrap()), "old");
    let states = |entry: Entry| {
        let (mut entries, errors) = parse(write(&[entry], b"").as_bytes());
        assert!(errors.is_empty() && entries[0].past);
        let files = files(&[entries.remove(0)]);
        let list = IgnoreList::new(&files, TODAY);
        list.ignores();
        list.states(|_, _| true)[0].1
    };
    assert_eq!(states(Entry::new(&known, None, "revoked")), State::Past);
    assert_eq!(states(over), State::Expired);
}

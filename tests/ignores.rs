//! Accepting findings: `hookd ignore`, `hookd baseline`, the files of other tools, comments; and that nothing repeats a secret.

use crate::kit::{Sandbox, complex_python, findings, github_token};
use serde_json::Value;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fs;
use std::path::Path;

/// A sandbox with `a.py`, staged, that holds a token.
fn with_token(seed: u64) -> Sandbox {
    let sandbox = Sandbox::installed();
    sandbox.write("a.py", format!("token = '{}'\n", github_token(seed)));
    sandbox.git(["add", "."]);
    sandbox
}

fn fingerprints(report: &Value) -> Vec<String> {
    let list = report["findings"].as_array().unwrap().iter();
    list.map(|finding| finding["fingerprint"].as_str().unwrap().to_owned())
        .collect()
}

fn suppressed(report: &Value) -> &Value {
    &report["summary"]["suppressed"]
}

/// Accepts every finding of the report, for `reason`.
#[track_caller]
fn accept_all(sandbox: &Sandbox, report: &Value, reason: &str) {
    for name in fingerprints(report) {
        sandbox
            .hookd(["ignore", &name, "--reason", reason])
            .expect(0);
    }
}

fn entries(sandbox: &Sandbox) -> Vec<String> {
    let text = fs::read_to_string(sandbox.repo.join("hookd.ignore")).unwrap_or_default();
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(str::to_owned).collect()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn a_blocked_commit_says_what_to_type_and_that_lets_it_through() {
    let sandbox = with_token(1);
    let blocked = sandbox.try_git(["commit", "-m", "x"]).expect(1).all();
    let line = blocked
        .lines()
        .find(|line| line.contains("hookd ignore"))
        .unwrap();
    let words: Vec<&str> = line
        .split_once("hookd ignore ")
        .unwrap()
        .1
        .split(' ')
        .collect();
    assert_eq!((words[0].len(), words[1]), (8, "--reason"), "{line}");
    let done = sandbox
        .hookd(["ignore", words[0], "--reason", "made up for the tests"])
        .expect(0);
    assert!(
        done.out
            .contains("accepted github-pat in a.py:1: made up for the tests"),
        "{}",
        done.out
    );
    assert!(done.out.contains("git add hookd.ignore"), "{}", done.out);

    // What is on disk alone does not count, and the report says so.
    let unstaged = sandbox.try_git(["commit", "-m", "x"]).expect(1).all();
    assert!(unstaged.contains("git add hookd.ignore"), "{unstaged}");
    sandbox.git(["add", "hookd.ignore"]);
    sandbox.git(["commit", "-qm", "x"]);

    // The same secret in another file is found, and so is another secret in the same file.
    sandbox.write("b.py", format!("token = '{}'\n", github_token(1)));
    sandbox.write(
        "a.py",
        format!("t = '{}'\nu = '{}'\n", github_token(1), github_token(2)),
    );
    sandbox.git(["add", "."]);
    assert_eq!(
        findings(&sandbox.report([])),
        ["github-pat a.py:2", "github-pat b.py:1"]
    );
}

#[test]
fn an_entry_follows_its_line_and_names_neither_line_nor_secret() {
    let sandbox = with_token(3);
    accept_all(&sandbox, &sandbox.report([]), "a sample");
    let lines = entries(&sandbox);
    assert_eq!(lines.len(), 1);
    assert!(
        lines[0].starts_with("a.py secrets/github-pat ") && lines[0].ends_with(" - a sample"),
        "{}",
        lines[0]
    );
    assert!(!lines[0].contains(&github_token(3)));
    sandbox.write("a.py", format!("\n\n\n  key = '{}'\n", github_token(3)));
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(findings(&report), Vec::<String>::new());
    assert_eq!(suppressed(&report), 1);
    let accepted = &report["accepted"][0];
    assert_eq!(accepted["by"], "hookd.ignore:3");
    assert_eq!(accepted["reason"], "a sample");
    let verbose = sandbox.hookd(["run", "-v"]).expect(0).out;
    assert!(
        verbose.contains("accepted a.py:4 github-pat by hookd.ignore:3: a sample"),
        "{verbose}"
    );
}

#[test]
fn equal_secrets_look_different_in_every_line_and_repository() {
    let keys: Vec<String> = (0..2)
        .map(|_| {
            let sandbox = with_token(4);
            accept_all(&sandbox, &sandbox.report([]), "a sample");
            let line = entries(&sandbox).remove(0);
            line.split(' ').nth(2).unwrap().to_owned()
        })
        .collect();
    let (salts, hashes): (Vec<&str>, Vec<&str>) = keys
        .iter()
        .map(|key| key[1..].split_once('$').unwrap())
        .unzip();
    assert_ne!(salts[0], salts[1]);
    assert_ne!(hashes[0], hashes[1]);
}

#[test]
fn what_cannot_be_accepted_is_said_with_the_next_step() {
    let sandbox = with_token(5);
    let name = fingerprints(&sandbox.report([])).remove(0);
    let token = github_token(5);
    let cases: [(&[&str], &str); 8] = [
        (&["ignore", &name], "--reason"),
        (&["ignore", &name, "--reason", "  "], "the reason is empty"),
        (&["ignore", &name, "--reason", "a\nb"], "one line"),
        (&["ignore", &name, "--reason", &token], "repeats the secret"),
        (
            &["ignore", &name, "--reason", "x", "--until", "tomorrow"],
            "2027-01-31",
        ),
        (
            &["ignore", &name, "--reason", "x", "--until", "2020-01-31"],
            "2020-01-31 is over",
        ),
        (
            &["ignore", "abc", "--reason", "x"],
            "8 to 32 hexadecimal digits",
        ),
        (
            &["ignore", "00000000", "--reason", "x"],
            "nothing with the fingerprint 00000000",
        ),
    ];
    for (words, wanted) in cases {
        let done = sandbox.hookd(words).expect(2);
        assert!(done.err.contains(wanted), "{words:?}: {}", done.err);
        assert!(!done.all().contains(&token), "{words:?}");
    }
    assert!(!sandbox.repo.join("hookd.ignore").exists());
}

#[test]
fn accepting_again_changes_the_entry() {
    let sandbox = with_token(6);
    let name = fingerprints(&sandbox.report([])).remove(0);
    sandbox
        .hookd(["ignore", &name, "--reason", "first"])
        .expect(0);
    let short = name[..8].to_uppercase();
    let done = sandbox
        .hookd([
            "ignore",
            &short,
            "--reason",
            "second",
            "--until",
            "2999-12-31",
        ])
        .expect(0);
    assert!(
        done.out
            .contains("changed github-pat in a.py:1 until 2999-12-31")
    );
    let lines = entries(&sandbox);
    assert_eq!(lines.len(), 1);
    assert!(lines[0].ends_with(" 2999-12-31 second"), "{}", lines[0]);
}

/// Rewrites the day of every entry, as if time had passed.
fn expire(sandbox: &Sandbox) {
    let lines: Vec<String> = entries(sandbox)
        .iter()
        .map(|line| line.replace(" - ", " 2020-02-29 "))
        .collect();
    sandbox.write("hookd.ignore", lines.join("\n") + "\n");
}

#[test]
fn an_expired_entry_blocks_again_and_says_why_it_was_there() {
    let sandbox = with_token(7);
    accept_all(&sandbox, &sandbox.report([]), "until the mock is gone");
    expire(&sandbox);
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(findings(&report), ["github-pat a.py:1"]);
    let message = report["findings"][0]["message"].as_str().unwrap();
    assert!(
        message.contains("accepted until 2020-02-29: until the mock is gone; that day is over"),
        "{message}"
    );
    let audit = sandbox.hookd(["baseline", "audit"]).expect(1).out;
    assert!(
        audit.contains("expired") && audit.contains("until 2020-02-29"),
        "{audit}"
    );
    let pruned = sandbox.hookd(["baseline", "prune"]).expect(0).out;
    assert!(pruned.contains("it counted until 2020-02-29"), "{pruned}");
    assert_eq!(entries(&sandbox), Vec::<String>::new());
}

#[test]
fn unused_entries_are_said_after_a_sweep_only_and_pruned() {
    let sandbox = with_token(8);
    sandbox.write("b.py", format!("k = '{}'\n", github_token(9)));
    sandbox.git(["add", "."]);
    accept_all(&sandbox, &sandbox.report([]), "a sample");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "x"]);
    sandbox.write("a.py", "token = None\n");
    sandbox.git(["add", "."]);
    let commit = sandbox.hookd(["run"]).expect(0).out;
    assert!(!commit.contains("hookd.ignore"), "{commit}");
    let sweep = sandbox.hookd(["run", "--all"]).expect(0).out;
    assert!(
        sweep.contains("1 entry accepts nothing any more: line 3, github-pat in a.py")
            && sweep.contains("hookd baseline prune"),
        "{sweep}"
    );
    // Nobody looked: nothing can be said.
    for args in [&["--skip", "secrets"][..], &["complexity"]] {
        let out = sandbox
            .hookd(["run", "--all"].iter().chain(args))
            .expect(0)
            .out;
        assert!(!out.contains("nothing any more"), "{out}");
    }
    sandbox.write("hookd.toml", "exclude = [\"a.py\"]\n");
    let out = sandbox.hookd(["run", "--all"]).expect(0).out;
    assert!(!out.contains("nothing any more"), "{out}");
    let audit = sandbox.hookd(["baseline", "audit"]).expect(0).out;
    assert!(audit.contains("unknown"), "{audit}");
    sandbox.write("hookd.toml", "");

    let done = sandbox.hookd(["baseline", "prune"]).expect(0).out;
    assert!(
        done.contains("not there any more: github-pat in a.py: a sample"),
        "{done}"
    );
    assert_eq!(entries(&sandbox).len(), 1);
    let again = sandbox.hookd(["baseline", "prune"]).expect(0).out;
    assert!(again.contains("every entry is needed"), "{again}");
}

#[test]
fn a_secret_stays_accepted_when_its_file_is_moved() {
    let sandbox = with_token(10);
    accept_all(&sandbox, &sandbox.report([]), "a sample");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "x"]);
    sandbox.write(
        "lib/new.py",
        format!("token = '{}'\n# moved\n", github_token(10)),
    );
    // While the old file is there, this is the same secret elsewhere.
    sandbox.git(["add", "."]);
    assert_eq!(findings(&sandbox.report([])), ["github-pat lib/new.py:1"]);
    sandbox.git(["rm", "-q", "a.py"]);
    assert_eq!(findings(&sandbox.report([])), Vec::<String>::new());
    assert_eq!(findings(&sandbox.report(["--all"])), Vec::<String>::new());
    // A copy was never accepted, and which of the two is one cannot be told.
    sandbox.write("copy.py", format!("t = '{}'\n", github_token(10)));
    sandbox.git(["add", "."]);
    assert_eq!(findings(&sandbox.report([])), ["github-pat copy.py:1"]);
    assert_eq!(findings(&sandbox.report(["--all"])).len(), 2);
    sandbox.git(["rm", "-qf", "copy.py"]);
    let done = sandbox.hookd(["baseline", "prune"]).expect(0).out;
    assert!(
        done.contains("moved from a.py: github-pat in lib/new.py"),
        "{done}"
    );
    assert!(entries(&sandbox)[0].starts_with("lib/new.py secrets/github-pat "));
    assert_eq!(findings(&sandbox.report(["--all"])), Vec::<String>::new());
}

#[test]
fn several_findings_are_accepted_at_once_or_none_is() {
    let sandbox = Sandbox::installed();
    sandbox.write("a.py", complex_python("f", 15));
    sandbox.write("b.py", complex_python("g", 15));
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    let names: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["fingerprint"].as_str().unwrap())
        .collect();
    assert_eq!(names.len(), 2);
    let wrong = sandbox.hookd(["ignore", names[0], "0123456789abcdef", "--reason", "both"]);
    assert!(wrong.expect(2).all().contains("0123456789abcdef"));
    assert_eq!(entries(&sandbox), Vec::<String>::new());
    let done = sandbox
        .hookd(["ignore", names[0], names[1], "--reason", "both"])
        .expect(0);
    assert_eq!(
        done.out
            .matches("accepted cyclomatic-complexity in")
            .count(),
        2
    );
    assert_eq!(entries(&sandbox).len(), 2);
    sandbox.git(["add", "hookd.ignore"]);
    assert_eq!(findings(&sandbox.report([])), Vec::<String>::new());
}

#[test]
fn findings_of_every_scanner_can_be_accepted() {
    let sandbox = Sandbox::installed();
    sandbox.import_advisory("npm", "GHSA-aaaa-bbbb-cccc", "left-pad", "2.0.0");
    let lock = r#"{"lockfileVersion":3,"packages":{"node_modules/left-pad":{"version":"1.0.0"}}}"#;
    sandbox.write("package-lock.json", format!("{lock}\n"));
    sandbox.write("a.py", complex_python("f", 15));
    sandbox.write("c.json", "{\"a\": }\n");
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    let scanners: Vec<&str> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["scanner"].as_str().unwrap())
        .collect();
    for scanner in ["audit", "complexity", "hygiene"] {
        assert!(scanners.contains(&scanner), "{scanners:?}");
    }
    let advisory = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["scanner"] == "audit")
        .unwrap();
    let name = advisory["fingerprint"].as_str().unwrap();
    let done = sandbox.hookd(["ignore", name, "--reason", "x"]).expect(0);
    assert!(
        done.out.contains("[scan.audit] ignore = [{ id ="),
        "{}",
        done.out
    );
    accept_all(&sandbox, &report, "known");
    sandbox.git(["add", "hookd.ignore"]);
    let after = sandbox.report([]);
    assert_eq!(findings(&after), Vec::<String>::new());
    assert_eq!(after["exit_code"], 0);
}

#[test]
fn a_baseline_accepts_what_blocks_now_and_nothing_later() {
    let sandbox = Sandbox::installed();
    for seed in 0..5 {
        sandbox.write(
            format!("old {seed}.py"),
            format!(
                "{}k = '{}'\n",
                complex_python("f", 12),
                github_token(20 + seed)
            ),
        );
    }
    sandbox.git(["add", "."]);
    sandbox
        .command("git")
        .args(["commit", "-qm", "old"])
        .env("HOOKD", "0")
        .output()
        .unwrap();
    let done = sandbox
        .hookd(["baseline", "create", "--reason", "there before hookd"])
        .expect(0);
    assert!(
        done.out
            .contains("accepted 10 findings: cyclomatic-complexity 5, github-pat 5"),
        "{}",
        done.out
    );
    assert_eq!(entries(&sandbox).len(), 10);
    let mut sorted = entries(&sandbox);
    sorted.sort();
    assert_eq!(sorted, entries(&sandbox));
    assert_eq!(sandbox.report(["--all"])["exit_code"], 0);
    let again = sandbox
        .hookd(["baseline", "create", "--reason", "again"])
        .expect(0);
    assert!(again.out.contains("nothing to accept"), "{}", again.out);
    sandbox.write("new.py", format!("k = '{}'\n", github_token(31)));
    sandbox.git(["add", "."]);
    assert_eq!(
        findings(&sandbox.report(["--all"])),
        ["github-pat new.py:1"]
    );

    let audit = sandbox
        .hookd(["baseline", "audit", "--format", "json"])
        .expect(0);
    let audit: Value = serde_json::from_str(&audit.out).unwrap();
    let list = audit["entries"].as_array().unwrap();
    assert_eq!(list.len(), 10);
    assert_eq!(list[0]["path"], "old 0.py");
    assert_eq!(list[0]["state"], "used");
    assert_eq!(list[0]["reason"], "there before hookd");
}

#[test]
fn branches_that_accept_different_things_merge_without_a_conflict() {
    let sandbox = with_token(40);
    sandbox.write(".gitattributes", "hookd.ignore merge=union\n");
    accept_all(&sandbox, &sandbox.report([]), "base");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "base"]);
    for (branch, seed) in [("one", 41), ("two", 42)] {
        sandbox.git(["switch", "-qc", branch, "main"]);
        sandbox.write(
            format!("{branch}.py"),
            format!("k = '{}'\n", github_token(seed)),
        );
        sandbox.git(["add", "."]);
        accept_all(&sandbox, &sandbox.report([]), branch);
        sandbox.git(["add", "."]);
        sandbox.git(["commit", "-qm", branch]);
    }
    sandbox.git(["merge", "-q", "-m", "both", "one"]);
    let report = sandbox.report(["--all"]);
    assert_eq!(findings(&report), Vec::<String>::new());
    assert_eq!(suppressed(&report), 3);
    assert_eq!(report["errors"], serde_json::json!([]));
}

#[test]
fn a_broken_line_is_named_accepts_nothing_and_repeats_nothing() {
    let sandbox = with_token(50);
    accept_all(&sandbox, &sandbox.report([]), "a sample");
    let good = entries(&sandbox).remove(0);
    let words: Vec<&str> = good.split(' ').collect();
    let secret = github_token(51);
    for (line, wanted) in [
        (
            "<<<<<<< HEAD".to_owned(),
            "1:1: this is a conflict of a merge",
        ),
        (words[..4].join(" "), "the reason is missing"),
        (words[..2].join(" "), "the salt and the hash are missing"),
        (
            format!("a.py secrets/x {secret} - why"),
            "1:16: `$`, 16 hexadecimal digits",
        ),
        (good.replace(" - ", " soon "), "a day as 2027-01-31"),
        (good.replace("a.py", "%zz"), "two hexadecimal digits"),
        (good.replace("secrets/", ""), "SCANNER/RULE is expected"),
    ] {
        sandbox.write("hookd.ignore", format!("{line}\n"));
        sandbox.git(["add", "."]);
        let report = sandbox.report(["secrets"]);
        assert!(
            findings(&report).contains(&"github-pat a.py:1".to_owned()),
            "{line}"
        );
        let message = report["errors"][0]["message"].as_str().unwrap();
        assert!(message.contains(wanted), "{message}");
        let done = sandbox.hookd(["baseline", "audit"]).expect(2);
        assert!(
            done.err.contains("hookd.ignore:1:") && done.err.contains(wanted),
            "{}",
            done.err
        );
        assert!(!done.all().contains(&secret) && !report.to_string().contains(&secret));
        let done = sandbox.hookd(["config", "check"]).expect(2);
        assert!(done.err.contains("hookd.ignore:1:"), "{}", done.err);
    }
    // A commit without findings does not even read it.
    sandbox.git(["rm", "-qf", "--cached", "a.py"]);
    sandbox.write("clean.py", "x = 1\n");
    sandbox.write("hookd.ignore", "nonsense\n");
    sandbox.git(["add", "clean.py", "hookd.ignore"]);
    let report = sandbox.report([]);
    assert_eq!(report["errors"], serde_json::json!([]));
}

#[test]
fn the_files_of_other_tools_count() {
    let token = github_token(60);
    let sha256 = hex(&Sha256::digest(&token));
    let sha1 = hex(&Sha1::digest(&token));
    let baseline = |path: &str, verdict: &str| {
        format!(
            "{{\"version\":\"1.5.0\",\"results\":{{\"{path}\":[{{\"type\":\"GitHub Token\",\"filename\":\"{path}\",\
             \"hashed_secret\":\"{sha1}\",\"is_verified\":false{verdict},\"line_number\":9}}]}}}}\n"
        )
    };
    let cases = [
        (
            ".gitleaksignore",
            "a.py:generic-api-key:2\n".to_owned(),
            true,
        ),
        (
            ".gitleaksignore",
            "# checked\n./a.py:github-pat:2\n".to_owned(),
            true,
        ),
        (".gitleaksignore", "a.py:github-pat:3\n".to_owned(), false),
        (".gitleaksignore", "b.py:github-pat:2\n".to_owned(), false),
        (".betterleaksignore", "a.py:github-pat:2\n".to_owned(), true),
        (".betterleaksignore", format!("{sha256}\n"), true),
        (".betterleaksignore", "*.py\n".to_owned(), true),
        (".gitleaksignore", "*.py\n".to_owned(), false),
        (".secretsignore", "# globs\n*.py\n".to_owned(), true),
        (".secretsignore", "*.js\n".to_owned(), false),
        (
            ".secretsignore",
            format!("*.js\n\n[secrets]\n{token}\n"),
            true,
        ),
        (".secrets.baseline", baseline("a.py", ""), true),
        (
            ".secrets.baseline",
            baseline("a.py", ",\"is_secret\":false"),
            true,
        ),
        (
            ".secrets.baseline",
            baseline("a.py", ",\"is_secret\":true"),
            false,
        ),
        (".secrets.baseline", baseline("b.py", ""), false),
    ];
    for (name, text, accepted) in cases {
        let sandbox = Sandbox::installed();
        sandbox.write("a.py", format!("\ntoken = '{token}'\n"));
        sandbox.write(name, &text);
        sandbox.git(["add", "."]);
        for args in [&[][..], &["--all"]] {
            let done = sandbox.hookd(["run", "--format", "json", "secrets"].iter().chain(args));
            let report: Value = serde_json::from_str(&done.out).unwrap();
            let found = findings(&report).contains(&"github-pat a.py:2".to_owned());
            assert_eq!(found, !accepted, "{name}: {text}");
            if accepted {
                let by = report["accepted"][0]["by"].as_str().unwrap();
                assert!(by.starts_with(name), "{by}");
            }
        }
        assert_eq!(
            fs::read_to_string(sandbox.repo.join(name)).unwrap(),
            text,
            "read only"
        );
    }
}

#[test]
fn an_entry_of_gitleaks_for_a_commit_means_what_stood_there_then() {
    let sandbox = Sandbox::new();
    sandbox.write("a.py", format!("x = 1\ntoken = '{}'\n", github_token(61)));
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "x"]);
    let commit = sandbox.git(["rev-parse", "HEAD"]);
    let commit = commit.trim();
    sandbox.write(".gitleaksignore", format!("{commit}:a.py:github-pat:2\n"));
    // The line has moved, and another secret stands where it was.
    sandbox.write(
        "a.py",
        format!(
            "x = 1\nnew = '{}'\n\nt = '{}'\n",
            github_token(62),
            github_token(61)
        ),
    );
    sandbox.git(["add", "."]);
    let report = sandbox.report(["--all"]);
    assert_eq!(findings(&report), ["github-pat a.py:2"]);
    assert_eq!(report["accepted"][0]["start"]["line"], 4);
    assert_eq!(report["accepted"][0]["by"], ".gitleaksignore:1");
}

#[test]
fn lines_of_other_tools_that_cannot_be_read_are_said() {
    let sandbox = with_token(63);
    sandbox.write(".gitleaksignore", "what is this\n");
    sandbox.write(".secrets.baseline", "{\n  \"results\": 7\n}\n");
    sandbox.git(["add", "."]);
    let report = sandbox.report(["secrets"]);
    assert_eq!(findings(&report), ["github-pat a.py:1"]);
    let errors = report["errors"].as_array().unwrap();
    let said: Vec<String> = errors
        .iter()
        .map(|error| format!("{} {}", error["path"], error["message"]))
        .collect();
    assert!(
        said[0].contains(".gitleaksignore") && said[0].contains("line 1"),
        "{said:?}"
    );
    assert!(
        said[1].contains(".secrets.baseline") && said[1].contains("line 2"),
        "{said:?}"
    );
}

#[test]
fn comments_say_where_they_are() {
    let token = github_token(64);
    for comment in [
        "hookd:allow github-pat why",
        "gitleaks:allow",
        "betterleaks:allow",
        "kingfisher:ignore",
        "trufflehog:ignore",
        "pragma: allowlist secret",
    ] {
        let sandbox = Sandbox::installed();
        sandbox.write("a.py", format!("\ntoken = '{token}'  # {comment}\n"));
        sandbox.git(["add", "."]);
        let report = sandbox.report([]);
        assert_eq!(
            report["accepted"][0]["by"], "a comment on line 2",
            "{comment}"
        );
        assert_eq!(report["exit_code"], 0, "{comment}");
    }
    let sandbox = Sandbox::installed();
    sandbox.write(
        "a.py",
        format!("# pragma: allowlist nextline secret\ntoken = '{token}'\n"),
    );
    sandbox.git(["add", "."]);
    assert_eq!(
        sandbox.report([])["accepted"][0]["by"],
        "a comment on line 1"
    );
}

#[test]
fn what_is_accepted_does_not_end_a_run_that_stops_early() {
    let sandbox = with_token(65);
    accept_all(&sandbox, &sandbox.report([]), "a sample");
    sandbox.write("z.py", format!("k = '{}'\n", github_token(66)));
    sandbox.git(["add", "."]);
    let report = sandbox.report(["--all", "--fail-fast", "--jobs", "1"]);
    assert_eq!(findings(&report), ["github-pat z.py:1"]);
}

#[test]
fn it_works_without_git() {
    let sandbox = Sandbox::without_repo();
    sandbox.write("a b#.py", format!("token = '{}'\n", github_token(67)));
    accept_all(&sandbox, &sandbox.report(["--all"]), "a sample");
    assert!(entries(&sandbox)[0].starts_with("a%20b#.py "));
    assert_eq!(sandbox.report(["--all"])["exit_code"], 0);
}

#[test]
fn explaining_a_place_shows_which_filter_decided() {
    let sandbox = with_token(70);
    sandbox.write("b.py", "api_key = 'changeme_changeme_12345678'\n\n");
    let found = sandbox
        .hookd(["explain", "--finding", "a.py:1"])
        .expect(0)
        .out;
    for wanted in [
        "found github-pat, column 10 ghp_",
        "pattern: matches",
        "entropy: ",
        "plausible: no placeholder",
        "gives way to github-pat",
        "nobody accepted it; if it is fine: hookd ignore ",
    ] {
        assert!(found.contains(wanted), "{wanted}: {found}");
    }
    let dropped = sandbox
        .hookd(["explain", "--finding", "b.py:1:3"])
        .expect(0)
        .out;
    assert!(
        dropped.contains("dropped generic-api-key") && dropped.contains("is a placeholder"),
        "{dropped}"
    );
    let none = sandbox
        .hookd(["explain", "--finding", "b.py:2"])
        .expect(0)
        .out;
    assert!(
        none.contains("no secret rule has a keyword on this line"),
        "{none}"
    );
    let name = fingerprints(&sandbox.report([])).remove(0);
    let by_name = sandbox.hookd(["explain", "--finding", &name]).expect(0).out;
    assert_eq!(by_name, found);
    for (place, wanted) in [
        ("b.py:3", "has no line 3: it has 2"),
        ("nothing.py:1", "nothing.py"),
        (".:1", "is not a file"),
    ] {
        let done = sandbox.hookd(["explain", "--finding", place]).expect(2);
        assert!(done.err.contains(wanted), "{place}: {}", done.err);
    }
    sandbox
        .hookd(["ignore", &name, "--reason", "fine here"])
        .expect(0);
    let accepted = sandbox
        .hookd(["explain", "--finding", "a.py:1"])
        .expect(0)
        .out;
    assert!(
        accepted.contains("github-pat is accepted by hookd.ignore:3: fine here"),
        "{accepted}"
    );
}

/// A line of 64 digits of base64, different for each seed.
fn base64_line(seed: u64) -> String {
    github_token(seed)[4..].to_owned() + &github_token(seed + 1000)[10..38]
}

/// Files that hold secrets in every form, and every text that no output may repeat.
fn riddled(sandbox: &Sandbox) -> Vec<String> {
    let token = github_token(80);
    let body: Vec<String> = (0..12).map(|at| base64_line(500 + at)).collect();
    let label = "RSA PRIVATE ".to_owned() + "KEY";
    let key = format!(
        "-----BEGIN {label}-----\n{}\n-----END {label}-----\n",
        body.join("\n")
    );
    let password = "q7Rt".to_owned() + "Zx9LmW2v";
    let encoded = hex(token.as_bytes());
    sandbox.write(
        "a.py",
        format!(
            "token = '{token}'   \n{}\n",
            complex_python("f", 15).replace("(x)", &format!("(x, key='{}')", github_token(81)))
        ),
    );
    sandbox.write("id_rsa", key.replacen('\n', "  \n", 4));
    sandbox.write(
        "db.env",
        format!("URL=postgres://admin:{password}@db.corp.net/x\n"),
    );
    sandbox.write("hex.txt", format!("payload {encoded}\n"));
    sandbox.write(
        "lib/again.js",
        format!("const t = \"{}\";\n", github_token(80)),
    );
    let mut secrets = vec![token, github_token(81), password, encoded];
    secrets.extend(body);
    secrets
}

fn files_below(folder: &Path, out: &mut Vec<(String, Vec<u8>)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files_below(&path, out);
        } else if let Ok(bytes) = fs::read(&path) {
            out.push((path.display().to_string(), bytes));
        }
    }
}

fn holds(haystack: &[u8], needle: &str) -> bool {
    haystack
        .windows(needle.len())
        .any(|window| window == needle.as_bytes())
}

#[test]
fn no_output_and_no_file_of_hookd_repeats_a_secret() {
    let sandbox = Sandbox::installed();
    let secrets = riddled(&sandbox);
    sandbox.write(
        "hookd.toml",
        "[scan.hygiene]\nchecks = [\"trailing-whitespace\", \"detect-private-key\"]\n",
    );
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    let rules: Vec<String> = findings(&report);
    for wanted in [
        "github-pat a.py",
        "private-key id_rsa",
        "github-pat hex.txt",
        "trailing-whitespace a.py",
    ] {
        assert!(
            rules.iter().any(|rule| rule.starts_with(wanted)),
            "{wanted}: {rules:?}"
        );
    }
    let name = fingerprints(&report).remove(0);
    let output = sandbox.top().join("report.txt");
    let output = output.to_str().unwrap();
    let mut commands: Vec<Vec<&str>> = vec![
        vec!["run"],
        vec!["run", "-v"],
        vec!["run", "--format", "json"],
        vec!["run", "--all", "-v"],
        vec!["run", "--all", "--format", "json"],
        vec!["run", "--all", "--format", "sarif"],
        vec!["run", "--all", "--format", "junit"],
        vec!["run", "--all", "--format", "github"],
        vec!["run", "--all", "--format", "gitlab"],
        vec!["run", "--all", "--output", output],
        vec!["run", "--all", "--skip", "secrets", "-v"],
        vec!["run", "--files", "a.py", "id_rsa", "db.env"],
        vec!["run", "--show-secrets"],
        vec!["run", "--show-secrets", "--output", output],
        vec!["list", "--explain", "a.py"],
        vec!["metrics"],
        vec!["metrics", "--format", "json"],
        vec!["packages"],
        vec!["ignore", &name, "--reason", "a sample"],
        vec!["baseline", "create", "--reason", "known"],
        vec!["run", "--all", "-v"],
        vec!["run", "--all", "--format", "json"],
        vec!["baseline", "audit"],
        vec!["baseline", "audit", "--format", "json"],
        vec!["baseline", "prune"],
        vec!["explain", "--finding", &name],
    ];
    let places: Vec<String> = ["a.py", "id_rsa", "db.env", "hex.txt"]
        .iter()
        .flat_map(|path| (1..=2).map(move |line| format!("{path}:{line}")))
        .filter(|place| place != "db.env:2" && place != "hex.txt:2")
        .collect();
    commands.extend(
        places
            .iter()
            .map(|place| vec!["explain", "--finding", place]),
    );
    let mut seen: Vec<(String, Vec<u8>)> = vec![(
        "git commit".to_owned(),
        sandbox.try_git(["commit", "-m", "x"]).all().into_bytes(),
    )];
    for words in &commands {
        seen.push((words.join(" "), sandbox.hookd(words).all().into_bytes()));
    }
    files_below(&sandbox.repo.join(".git"), &mut seen);
    files_below(&sandbox.top().join("home"), &mut seen);
    for path in [Path::new(output), &sandbox.repo.join("hookd.ignore")] {
        seen.push((path.display().to_string(), fs::read(path).unwrap()));
    }
    for (what, bytes) in &seen {
        for secret in &secrets {
            assert!(!holds(bytes, secret), "{what} repeats {}…", &secret[..4]);
        }
    }
}

#[test]
fn secrets_are_shown_on_a_terminal_only() {
    let sandbox = with_token(90);
    for (args, wanted) in [
        (&["run", "--show-secrets"][..], "not a terminal"),
        (
            &["run", "--show-secrets", "--format", "json"],
            "--format json",
        ),
        (&["run", "--show-secrets", "--output", "x"], "--output"),
    ] {
        let done = sandbox.hookd(args).expect(2);
        assert!(done.err.contains(wanted), "{}", done.err);
    }
    let program = Sandbox::program().to_str().unwrap();
    let typed = format!("{program} run --show-secrets");
    // script(1) of util-linux gives the command a terminal.
    match sandbox
        .command("script")
        .args(["-qec", &typed, "/dev/null"])
        .output()
    {
        Ok(output) => {
            let out = String::from_utf8_lossy(&output.stdout);
            assert!(out.contains(&github_token(90)), "{out}");
        }
        Err(_) => eprintln!("skipped: there is no script(1)"),
    }
}

#[test]
fn entries_for_every_rule_are_no_findings_themselves() {
    let sandbox = Sandbox::installed();
    sandbox.write("hookd.toml", "[scan.secrets]\nrules = [\"strict\"]\n");
    let listed = sandbox.hookd(["list", "--rules"]).expect(0).out;
    let rules: Vec<&str> = listed
        .lines()
        .filter(|line| line.starts_with("  "))
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    assert!(rules.len() > 400);
    let mut text = String::new();
    for (at, rule) in rules.iter().enumerate() {
        let hash = hex(&Sha256::digest(format!("{at}")));
        let path = format!("src/{rule}/secret_key.py");
        text.push_str(&format!(
            "{path} secrets/{rule} ${}${} - a token\n",
            &hash[..16],
            &hash[16..48]
        ));
    }
    sandbox.write("hookd.ignore", text);
    sandbox.git(["add", "."]);
    let report = sandbox.report(["secrets"]);
    assert_eq!(findings(&report), Vec::<String>::new());
}

//! `hookd run --history` and `hookd run --files -`: what is neither in the worktree nor in the index.

use crate::kit::{Done, Sandbox, findings, github_token};
use serde_json::Value;
use std::io::Write;
use std::process::Stdio;

const DATE: &str = "2024-05-01T10:00:00+02:00";

/// A repository whose commits are written at [`DATE`]: a secret in the root commit and taken out, one that only a merge
/// brings in, one that several versions of a file hold.
fn repository(init: &[&str]) -> Sandbox {
    let sandbox = Sandbox::without_repo();
    sandbox.git(["init", "-q", "-b", "main"].iter().chain(init));
    commit(&sandbox, "root.py", Some(&github_token(1)));
    commit(&sandbox, "root.py", None);
    sandbox.git(["checkout", "-qb", "side"]);
    commit(&sandbox, "side.py", Some("side"));
    sandbox.git(["checkout", "-q", "main"]);
    commit(&sandbox, "main.py", Some("main"));
    sandbox.git(["merge", "-q", "--no-commit", "side"]);
    commit(&sandbox, "merge.py", Some(&github_token(2)));
    for version in 0..3 {
        let text = format!("{}\" # {version} \"", github_token(3));
        commit(&sandbox, "many.py", Some(&text));
    }
    sandbox.git(["rm", "-q", "many.py", "merge.py"]);
    commit(&sandbox, "end.py", Some("end"));
    sandbox
}

/// Commits a file that holds `text`, or takes it away.
fn commit(sandbox: &Sandbox, path: &str, text: Option<&str>) {
    match text {
        Some(text) => sandbox.write(path, format!("value = \"{text}\"\n")),
        None => std::fs::remove_file(sandbox.repo.join(path)).unwrap(),
    }
    sandbox.git(["add", "-A"]);
    let done = sandbox
        .command("git")
        .args(["commit", "-qm", path])
        .env("GIT_AUTHOR_DATE", DATE)
        .output()
        .unwrap();
    assert!(done.status.success());
}

/// The commit that is `back` commits before the last one, on the first line of parents.
fn before(sandbox: &Sandbox, back: usize) -> String {
    let id = sandbox.git(["rev-parse", &format!("HEAD~{back}")]);
    id.trim().to_owned()
}

fn commits(report: &Value) -> Vec<&str> {
    let list = report["findings"].as_array().unwrap();
    list.iter()
        .map(|finding| finding["data"]["commit"].as_str().unwrap())
        .collect()
}

fn finds_all(sandbox: &Sandbox) {
    let report = sandbox.report(["--history"]);
    assert_eq!(
        findings(&report),
        [
            "github-pat many.py:1",
            "github-pat merge.py:1",
            "github-pat root.py:1"
        ]
    );
    let first = [3, 4, 7].map(|back| before(sandbox, back));
    assert_eq!(commits(&report), first);
    assert_eq!(report["mode"], "history");
    assert_eq!(report["findings"][0]["data"]["author_date"], DATE);
    assert_eq!(report["exit_code"], 1);
    // Eight contents were committed, however many commits hold each of them.
    assert_eq!(report["summary"]["files"], 8);
}

#[test]
fn every_content_is_judged_once_and_named_by_its_first_commit() {
    finds_all(&repository(&[]));
}

#[test]
fn sha256_repositories_have_a_history_too() {
    finds_all(&repository(&["--object-format=sha256"]));
}

#[test]
fn a_range_is_what_git_log_takes() {
    let sandbox = repository(&[]);
    let report = sandbox.report(["--history", "HEAD~2.."]);
    assert_eq!(findings(&report), ["github-pat many.py:1"]);
    assert_eq!(commits(&report), [before(&sandbox, 1)]);
    let none = sandbox.report(["--history", "main ^main~1"]);
    assert_eq!((findings(&none).len(), &none["exit_code"]), (0, &0.into()));
    for bad in ["nope..", "--history=--output=x"] {
        let args = if bad.starts_with('-') {
            vec!["run", bad]
        } else {
            vec!["run", "--history", bad]
        };
        let done = sandbox.hookd(args).expect(2);
        assert!(done.err.contains("is no range of commits"), "{}", done.err);
    }
    let done = sandbox.hookd(["run", "audit", "--history"]).expect(2);
    assert!(done.err.contains("does not look at the history"));
}

#[test]
fn people_read_where_it_came_in() {
    let sandbox = repository(&[]);
    let done = sandbox.hookd(["run", "--history"]).expect(1);
    let line = format!("in {} 2024-05-01 root.py", &before(&sandbox, 7)[..10]);
    assert!(done.out.contains(&line), "{}", done.out);
    assert!(!done.out.contains("git restore"), "{}", done.out);
    assert!(!done.all().contains(&github_token(1)[..12]));
}

#[test]
fn a_secret_of_the_past_can_be_accepted() {
    let sandbox = repository(&[]);
    let report = sandbox.report(["--history"]);
    let fingerprint = report["findings"][0]["fingerprint"].as_str().unwrap();
    let args = ["ignore", &fingerprint[..12], "--reason", "revoked in May"];
    let done = sandbox.hookd(args).expect(0);
    assert!(done.out.contains("many.py"), "{}", done.out);
    let left = sandbox.report(["--history"]);
    assert_eq!(
        findings(&left),
        ["github-pat merge.py:1", "github-pat root.py:1"]
    );
    let done = sandbox
        .hookd(["ignore", "0123456789", "--reason", "none"])
        .expect(2);
    assert!(done.err.contains("or in the history"), "{}", done.err);
}

#[test]
fn commits_that_a_gitleaks_allowlist_names_are_let_pass() {
    let sandbox = repository(&[]);
    let [many, merge] = [3, 4].map(|back| before(&sandbox, back));
    let rule = "[[rules]]\nid = \"own\"\nregex = 'ghp_\\w{36}'\n";
    let list = |keys: &str| format!("[[allowlists]]\n{keys}\n");
    let run = |config: String, compat: &str| {
        sandbox.write("leaks.toml", config);
        let rules = if compat.is_empty() {
            "rules = [\"default\", \"leaks.toml\"]"
        } else {
            "rules = [\"leaks.toml\"]"
        };
        sandbox.write("hookd.toml", format!("[scan.secrets]\n{rules}\n{compat}\n"));
        sandbox.report(["--history"])
    };
    let default = "[extend]\nuseDefault = true\n";
    // Later versions of a file add nothing to what the first one was allowed.
    let commits = format!("commits = [\"{}\"]", many.to_uppercase());
    let report = run(format!("{default}{}", list(&commits)), "");
    assert_eq!(
        findings(&report),
        ["github-pat merge.py:1", "github-pat root.py:1"]
    );
    assert_eq!(report["summary"]["suppressed"], 1);
    let report = run(format!("{rule}{}", list(&commits)), "compat = \"gitleaks\"");
    assert_eq!(findings(&report), ["own merge.py:1", "own root.py:1"]);
    // With AND the other half must hold too.
    let both = |path: &str| {
        let keys = format!(
            "condition = \"AND\"\ncommits = [\"{many}\", \"{merge}\"]\npaths = ['{path}']\nregexes = ['^ghp_']"
        );
        run(format!("{default}{}", list(&keys)), "")
    };
    assert_eq!(
        findings(&both("many")),
        ["github-pat merge.py:1", "github-pat root.py:1"]
    );
    assert_eq!(findings(&both("none")).len(), 3);
    // Everything allowed: the run is clean.
    let root = before(&sandbox, 7);
    let every = format!("commits = [\"{many}\", \"{merge}\", \"{root}\"]");
    let report = run(format!("{default}{}", list(&every)), "");
    assert_eq!(
        (findings(&report).len(), &report["exit_code"]),
        (0, &0.into())
    );
}

#[test]
fn other_branches_and_stashes_count_and_excluded_paths_do_not() {
    let sandbox = Sandbox::new();
    commit(&sandbox, "a.py", Some("a"));
    sandbox.git(["checkout", "-qb", "other"]);
    // The same content under an excluded path first: the other path is what counts.
    commit(&sandbox, "vendor/b.py", Some(&github_token(4)));
    commit(&sandbox, "c.py", Some(&github_token(4)));
    sandbox.git(["checkout", "-q", "main"]);
    sandbox.write("a.py", format!("t = \"{}\"\n", github_token(5)));
    sandbox.git(["stash", "-q"]);
    sandbox.write("hookd.toml", "exclude = [\"vendor/**\"]\n");
    assert_eq!(
        findings(&sandbox.report(["--history"])),
        ["github-pat a.py:1", "github-pat c.py:1"]
    );
    let main = sandbox.report(["--history", "main"]);
    assert_eq!(main["findings"].as_array().unwrap().len(), 0);
}

#[test]
fn two_secrets_of_one_content_are_two_findings_and_no_commits_are_none() {
    let sandbox = Sandbox::new();
    assert_eq!(sandbox.report(["--history"])["exit_code"], 0);
    let token = github_token(6);
    commit(&sandbox, "a.py", Some(&format!("{token}\"\nb = \"{token}")));
    assert_eq!(findings(&sandbox.report(["--history"])).len(), 2);
}

#[test]
fn a_shallow_clone_says_that_it_is_one() {
    let sandbox = repository(&[]);
    let url = format!("file://{}", sandbox.repo.display());
    let clone = sandbox.top().join("clone");
    sandbox.git(["clone", "-q", "--depth", "1", &url, clone.to_str().unwrap()]);
    let done = sandbox
        .hookd(["-C", clone.to_str().unwrap(), "run", "--history"])
        .expect(0);
    assert!(done.out.contains("shallow"), "{}", done.out);
}

#[test]
fn a_partial_clone_is_incomplete() {
    let sandbox = repository(&[]);
    sandbox.git(["config", "uploadpack.allowFilter", "true"]);
    let url = format!("file://{}", sandbox.repo.display());
    let clone = sandbox.top().join("clone");
    let clone = clone.to_str().unwrap();
    sandbox.git(["clone", "-q", "--filter=blob:none", &url, clone]);
    let done = sandbox.hookd(["-C", clone, "run", "--history"]).expect(3);
    assert!(done.out.contains("not in this clone"), "{}", done.out);
}

fn pipe(sandbox: &Sandbox, input: &[u8], args: &[&str]) -> Done {
    let mut child = sandbox
        .command(Sandbox::program())
        .args(["run", "--files", "-"])
        .args(args)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    // hookd may refuse its arguments before it reads.
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().unwrap().into()
}

#[test]
fn standard_input_is_a_file() {
    let sandbox = Sandbox::without_repo();
    let token = github_token(7);
    let input = format!("one\n t = \"{token}\"\n");
    let done = pipe(&sandbox, input.as_bytes(), &[]).expect(1);
    assert!(done.out.contains("<stdin>\n  2:7"), "{}", done.out);
    let done = pipe(&sandbox, input.as_bytes(), &["--stdin-name", "src/a.py"]).expect(1);
    assert!(done.out.contains("src/a.py"), "{}", done.out);
    pipe(&sandbox, b"nothing\n", &[]).expect(0);
    pipe(&sandbox, b"", &[]).expect(0);
    pipe(&sandbox, b"", &["other.txt"]).expect(2);
    pipe(&sandbox, b"", &["--fix"]).expect(2);
}

#[test]
fn a_long_input_is_read_to_its_end() {
    let sandbox = Sandbox::without_repo();
    let mut input = vec![b'x'; (64 << 20) + 100];
    for at in (0..input.len()).step_by(80) {
        input[at] = b'\n';
    }
    input.extend(format!("\nt = \"{}\"\n", github_token(8)).bytes());
    let done = pipe(&sandbox, &input, &["--format", "json"]);
    let report: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(findings(&report).len(), 1, "{}", done.out);
    let found = &report["findings"][0]["end"]["byte"];
    assert_eq!(found.as_u64().unwrap(), input.len() as u64 - 2);
}

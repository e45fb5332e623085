//! Local hooks, hooks of hookd's own, `meta`: every key that decides when, on what and how they run.

use super::{CONFIG, local, status, with_config, with_local};
use crate::kit::{Sandbox, findings};
use std::fs;

fn read(sandbox: &Sandbox, path: &str) -> String {
    fs::read_to_string(sandbox.repo.join(path)).unwrap_or_default()
}

/// What the hook `id` printed: one that echoes its files.
fn output(report: &serde_json::Value, id: &str) -> String {
    let checks = report["checks"].as_array().unwrap();
    let check = checks.iter().find(|check| check["id"] == id).unwrap();
    check["output"].as_str().unwrap_or_default().to_owned()
}

/// A local hook that writes the names of its files to `$HOME/ID`.
fn lister(id: &str, more: &str) -> String {
    format!(
        "      - id: {id}\n        name: {id}\n        language: system\n        entry: sh -c 'echo \"$@\" >> \"$HOME/{id}\"' --\n{more}"
    )
}

fn seen(sandbox: &Sandbox, id: &str) -> String {
    let path = sandbox.top().join("home").join(id);
    let text = fs::read_to_string(&path).unwrap_or_default();
    let _ = fs::remove_file(path);
    let mut words: Vec<&str> = text.split_whitespace().collect();
    words.sort_unstable();
    words.join(" ")
}

#[test]
fn which_files_a_hook_gets() {
    let hooks = [
        ("all", ""),
        ("files", "        files: ^src/\n"),
        ("exclude", "        exclude: (?x)^( src/ | vendor/ )\n"),
        ("types", "        types: [python]\n"),
        ("types_or", "        types_or: [python, markdown]\n"),
        ("exclude_types", "        exclude_types: [python]\n"),
        ("links", "        types: [symlink]\n"),
        ("args", "        args: [--x, 'y z']\n        files: a.md\n"),
        ("none", "        pass_filenames: false\n"),
        ("never", "        files: ^$\n"),
        (
            "always",
            "        files: ^$\n        always_run: true\n        args: [ran]\n",
        ),
    ];
    let text: String = hooks.iter().map(|(id, more)| lister(id, more)).collect();
    let sandbox = with_config(&format!("exclude: ^out/\nfiles: .\n{}", local(&text)));
    for (path, text) in [
        ("src/a.py", "x = 1\n"),
        ("vendor/b.py", "y = 1\n"),
        ("a.md", "# a\n"),
        ("out/c.md", "c\n"),
    ] {
        sandbox.write(path, text);
    }
    std::os::unix::fs::symlink("a.md", sandbox.repo.join("link")).unwrap();
    sandbox.git(["add", "."]);
    sandbox.hookd(["run"]).expect(0);
    for (id, want) in [
        ("all", "a.md src/a.py vendor/b.py"),
        ("files", "src/a.py"),
        ("exclude", "a.md"),
        ("types", "src/a.py vendor/b.py"),
        ("types_or", "a.md src/a.py vendor/b.py"),
        ("exclude_types", "a.md"),
        ("links", "link"),
        ("args", "--x a.md y z"),
        ("none", ""),
        ("never", ""),
        ("always", "ran"),
    ] {
        assert_eq!(seen(&sandbox, id), want, "{id}");
    }
    let report = sandbox.report([]);
    assert_eq!(
        (status(&report, "never"), status(&report, "none")),
        ("skipped", "passed")
    );
    sandbox.hookd(["run", "--files", "src", "a.md"]).expect(0);
    let _ = seen(&sandbox, "all");
    sandbox
        .hookd(["run", "all", "--files", "src", "a.md"])
        .expect(0);
    assert_eq!(seen(&sandbox, "all"), "a.md src/a.py");
    sandbox.git(["commit", "-qm", "x"]);
    let _ = seen(&sandbox, "types");
    sandbox.hookd(["run", "--all", "types"]).expect(0);
    assert_eq!(seen(&sandbox, "types"), "src/a.py vendor/b.py");
}

#[test]
fn stages_old_names_and_what_git_gives() {
    let text = format!(
        "default_install_hook_types: [pre-commit, commit-msg, prepare-commit-msg, pre-push, post-checkout]\ndefault_stages: [commit]\n{}",
        local(&[
            lister("commit", ""),
            lister("message", "        stages: [commit-msg]\n"),
            "      - id: ticket\n        name: t\n        language: pygrep\n        entry: '#\\d+'\n        args: [--negate]\n        stages: [commit-msg]\n".to_owned(),
            "      - id: source\n        name: s\n        language: system\n        entry: sh -c 'echo \"$# $PRE_COMMIT_COMMIT_MSG_SOURCE\" >> \"$HOME/source\"' --\n        stages: [prepare-commit-msg]\n".to_owned(),
            "      - id: push\n        name: p\n        language: system\n        entry: sh -c 'echo $PRE_COMMIT_REMOTE_NAME $PRE_COMMIT_REMOTE_BRANCH >> \"$HOME/push\"' --\n        stages: [push]\n".to_owned(),
            lister("checkout", "        stages: [post-checkout]\n"),
            lister("always", "        stages: [post-checkout]\n        always_run: true\n        args: [out]\n"),
            lister("manual", "        stages: [manual]\n"),
        ].concat())
    );
    let sandbox = with_config(&text);
    for hook in [
        "pre-commit",
        "commit-msg",
        "prepare-commit-msg",
        "pre-push",
        "post-checkout",
    ] {
        assert!(
            sandbox.repo.join(".git/hooks").join(hook).exists(),
            "{hook}"
        );
    }
    sandbox.write("f", "x\n");
    sandbox.git(["add", "."]);
    let done = sandbox.try_git(["commit", "-qm", "no number"]).expect(1);
    assert!(done.all().contains("ticket"), "{}", done.all());
    sandbox.git(["commit", "-qm", "now #7"]);
    assert_eq!(seen(&sandbox, "commit"), "f f");
    assert_eq!(
        seen(&sandbox, "message"),
        ".git/COMMIT_EDITMSG .git/COMMIT_EDITMSG"
    );
    assert_eq!(seen(&sandbox, "source"), "1 1 message message");
    let remote = sandbox.top().join("remote.git");
    sandbox.git(["init", "-q", "--bare", remote.to_str().unwrap()]);
    sandbox.git(["remote", "add", "origin", remote.to_str().unwrap()]);
    sandbox.git(["push", "-q", "origin", "main"]);
    assert_eq!(seen(&sandbox, "push"), "origin refs/heads/main");
    sandbox.git(["checkout", "-qb", "other"]);
    assert_eq!(
        (seen(&sandbox, "checkout"), seen(&sandbox, "always")),
        (String::new(), "out".to_owned())
    );
    assert_eq!(seen(&sandbox, "manual"), "");
    sandbox
        .hookd(["run", "--all", "--stage", "manual"])
        .expect(0);
    assert!(seen(&sandbox, "manual").contains('f'));
}

#[test]
fn skip_alias_and_one_hook() {
    let sandbox = with_local(
        &[
            lister("one", "        alias: uno\n"),
            lister("two", ""),
            lister("two", "        alias: again\n        args: [again]\n"),
        ]
        .concat(),
    );
    sandbox.write("f", "x\n");
    sandbox.git(["add", "."]);
    sandbox.hookd(["run", "uno"]).expect(0);
    assert_eq!(
        (seen(&sandbox, "one"), seen(&sandbox, "two")),
        ("f".into(), String::new())
    );
    sandbox.hookd(["run", "again"]).expect(0);
    assert_eq!(seen(&sandbox, "two"), "again f");
    sandbox.hookd(["run", "two"]).expect(0);
    assert_eq!(seen(&sandbox, "two"), "again f f");
    let done: crate::kit::Done = sandbox
        .command(Sandbox::program())
        .env("SKIP", "uno,other")
        .arg("run")
        .output()
        .unwrap()
        .into();
    done.expect(0);
    assert_eq!(
        (seen(&sandbox, "one"), seen(&sandbox, "two")),
        (String::new(), "again f f".into())
    );
    let done = sandbox.hookd(["run", "tow"]).expect(2);
    assert!(done.err.contains("did you mean `two`?"), "{}", done.err);
}

#[test]
fn output_only_where_it_matters() {
    let sandbox = with_local(
        "      - id: quiet\n        name: q\n        language: system\n        entry: echo silence\n      - id: loud\n        name: l\n        \
         language: system\n        entry: echo noise\n        verbose: true\n      - id: bad\n        name: b\n        language: system\n        \
         entry: sh -c 'echo complaint; exit 3'\n        files: bad\n      - id: logs\n        name: g\n        language: system\n        \
         entry: sh -c 'echo details; exit 1'\n        files: bad\n        log_file: hooks.log\n",
    );
    sandbox.write("f", "x\n");
    sandbox.git(["add", "."]);
    let done = sandbox.try_git(["commit", "-qm", "x"]).expect(0);
    assert!(
        !done.all().contains("silence") && !done.all().contains("complaint"),
        "{}",
        done.all()
    );
    let done = sandbox.hookd(["run"]).expect(0);
    assert!(
        done.out.is_empty() || !done.out.contains("silence"),
        "{}",
        done.out
    );
    sandbox.write("bad", "x\n");
    sandbox.git(["add", "."]);
    let done = sandbox.hookd(["run"]).expect(1);
    assert!(
        done.out.contains("complaint")
            && done.out.contains("noise")
            && !done.out.contains("details"),
        "{}",
        done.out
    );
    assert_eq!(read(&sandbox, "hooks.log"), "details\n");
}

#[test]
fn fail_fast_of_a_hook_and_of_all() {
    let failing = "      - id: bad\n        name: b\n        language: pygrep\n        entry: x\n";
    let sandbox = with_local(&format!(
        "{failing}        fail_fast: true\n{}",
        lister("after", "")
    ));
    sandbox.write("f", "x\n");
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(
        (status(&report, "bad"), status(&report, "after")),
        ("failed", "skipped")
    );
    assert_eq!(seen(&sandbox, "after"), "");
    sandbox.write(CONFIG, local(&format!("{failing}{}", lister("after", ""))));
    sandbox.git(["add", "."]);
    sandbox.hookd(["run"]).expect(1);
    assert_ne!(seen(&sandbox, "after"), "");
    let command =
        "      - id: bad\n        name: b\n        language: system\n        entry: 'false'\n";
    sandbox.write(
        CONFIG,
        format!(
            "fail_fast: true\n{}",
            local(&format!("{command}{}", lister("after", "")))
        ),
    );
    sandbox.git(["add", "."]);
    sandbox.hookd(["run"]).expect(1);
    assert_eq!(seen(&sandbox, "after"), "");
}

#[test]
fn fixers_fail_the_commit_once() {
    let sandbox = with_config(
        "repos:\n  - repo: https://github.com/pre-commit/pre-commit-hooks\n    rev: v4.6.0\n    hooks:\n      - id: trailing-whitespace\n      \
         - id: end-of-file-fixer\n      - id: check-yaml\n        args: [--unsafe]\n        exclude: ^templates/\n      - id: no-commit-to-branch\n        args: [--branch, release]\n  \
         - repo: local\n    hooks:\n      - id: upper\n        name: upper\n        language: system\n        entry: sed -i s/one/ONE/\n        types: [python]\n",
    );
    sandbox.write("a.py", "one = 1  \ntwo = 2");
    sandbox.write("b.yaml", "a: [1\n");
    sandbox.write("templates/c.yaml", "{{ x\n");
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(
        findings(&report),
        [
            "trailing-whitespace a.py:1",
            "end-of-file-fixer a.py:2",
            "check-yaml b.yaml:1"
        ]
    );
    assert_eq!(read(&sandbox, "a.py"), "ONE = 1\ntwo = 2\n");
    let ids = [
        "trailing-whitespace",
        "end-of-file-fixer",
        "check-yaml",
        "no-commit-to-branch",
        "upper",
    ];
    let statuses = ids.map(|id| status(&report, id).to_owned());
    assert_eq!(
        statuses,
        ["failed", "failed", "failed", "passed", "modified"]
    );
    sandbox.write("b.yaml", "a: [1]\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "x"]);
    sandbox.git(["checkout", "-qb", "release"]);
    let done = sandbox
        .try_git(["commit", "-q", "--allow-empty", "-m", "x"])
        .expect(1);
    assert!(done.all().contains("no-commit-to-branch"), "{}", done.all());
    sandbox.write("a.py", "ONE = 1  \n");
    sandbox
        .hookd(["run", "--all", "trailing-whitespace"])
        .expect(1);
    assert_eq!(read(&sandbox, "a.py"), "ONE = 1\n");
}

#[test]
fn what_is_replaced_is_said_and_can_be_turned_off() {
    let sandbox = with_config(
        "repos:\n  - repo: https://github.com/gitleaks/gitleaks\n    rev: v8.18.0\n    hooks:\n      - id: gitleaks\n  \
         - repo: builtin\n    hooks:\n      - id: check-json\n",
    );
    sandbox.write("bad", format!("k = '{}'\n", crate::kit::github_token(8)));
    sandbox.write("j.json", "{");
    sandbox.git(["add", "."]);
    let report = sandbox.report([]);
    assert_eq!(
        (status(&report, "gitleaks"), status(&report, "check-json")),
        ("failed", "failed")
    );
    let done = sandbox.hookd(["run", "-v"]).expect(1);
    assert!(
        done.err
            .contains("instead of https://github.com/gitleaks/gitleaks v8.18.0: gitleaks"),
        "{}",
        done.err
    );
    sandbox.write("hookd.local.toml", "[precommit]\nnative = false\n");
    let report = sandbox.report(["--offline"]);
    assert_eq!(
        (status(&report, "gitleaks"), status(&report, "check-json")),
        ("error", "failed")
    );
    for text in ["[precommit]\nnativ = false\n", "[precommit]\nnative = 3\n"] {
        sandbox.write("hookd.local.toml", text);
        sandbox.hookd(["config", "check"]).expect(2);
    }
    sandbox.write("hookd.local.toml", "");
    sandbox.write("hookd.toml", "[precommit]\nnative = false\n");
    let done = sandbox.hookd(["config", "check"]).expect(2);
    assert!(done.err.contains("hookd.toml:1:2"), "{}", done.err);
}

#[test]
fn meta_hooks() {
    let meta = "repos:\n  - repo: meta\n    hooks:\n      - id: check-hooks-apply\n      - id: check-useless-excludes\n      - id: identity\n";
    let fine = "  - repo: local\n    hooks:\n      - id: py\n        name: p\n        language: system\n        entry: 'true'\n        files: \\.txt$\n        exclude: ^old\n";
    let sandbox = with_config(&format!("{meta}{fine}"));
    sandbox.write("a.txt", "a\n");
    sandbox.write("old.txt", "a\n");
    sandbox.git(["add", "."]);
    sandbox.git(["commit", "-qm", "x"]);
    let report = sandbox.report(["--all", "--offline"]);
    let all = ["check-hooks-apply", "check-useless-excludes", "identity"];
    assert_eq!(
        all.map(|id| status(&report, id).to_owned()),
        ["passed", "passed", "passed"]
    );
    assert!(output(&report, "identity").contains("a.txt"), "{report:#}");
    sandbox.write(
        CONFIG,
        format!(
            "exclude: nothing-like-this\n{meta}{}",
            fine.replace("txt", "rst").replace("^old", "new")
        ),
    );
    let report = sandbox.report(["--all", "--offline"]);
    assert_eq!(
        all.map(|id| status(&report, id).to_owned()),
        ["failed", "failed", "passed"]
    );
    assert!(
        output(&report, "check-hooks-apply").contains("py does not apply"),
        "{report:#}"
    );
    let said = output(&report, "check-useless-excludes");
    assert!(
        said.contains("nothing-like-this") && said.contains("`new` of py"),
        "{said}"
    );
}

#[test]
fn nothing_runs_before_install_and_changes_are_named() {
    let sandbox = Sandbox::new();
    sandbox.write(CONFIG, local(&lister("ran", "")));
    sandbox.git(["add", "."]);
    let done = sandbox.hookd(["run"]).expect(3);
    assert!(
        done.out.contains("hookd install") && done.out.contains(CONFIG),
        "{}",
        done.out
    );
    assert_eq!(seen(&sandbox, "ran"), "");
    sandbox.hookd(["install"]).expect(0);
    sandbox.git(["commit", "-qm", "x"]);
    assert_ne!(seen(&sandbox, "ran"), "");
    sandbox.write(CONFIG, local(&lister("ran", "        args: [more]\n")));
    let done = sandbox.try_git(["commit", "-qam", "x"]).expect(0);
    assert!(
        done.err.contains("new or changed commands: ran"),
        "{}",
        done.err
    );
}

#[test]
fn what_hookd_cannot_run_is_not_passed() {
    let sandbox = with_local(
        "      - id: hs\n        name: h\n        language: haskell\n        entry: x\n        files: ^f$\n",
    );
    sandbox.git(["commit", "-q", "--allow-empty", "-m", "no file for it"]);
    sandbox.write("f", "x\n");
    sandbox.git(["add", "."]);
    let done = sandbox.hookd(["run"]).expect(3);
    assert!(
        done.out.contains("`hs`")
            && done.out.contains("language: haskell")
            && done.out.contains("SKIP=hs"),
        "{}",
        done.out
    );
    sandbox.try_git(["commit", "-qm", "x"]).expect(1);
}

#[test]
fn a_run_of_commands_alone_counts_commands() {
    let sandbox = with_config(&local(
        "      - {id: one, name: one, language: system, entry: 'true'}\n      - {id: two, name: two, language: system, entry: 'true'}\n",
    ));
    let said = sandbox.hookd(["run", "--all", "--offline"]).expect(0).all();
    assert!(said.contains("nothing found · 2 hooks, "), "{said}");
}

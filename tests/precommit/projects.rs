//! Configurations as public projects have them, written anew, over stand-ins for their hook repositories.

use super::{CONFIG, hook_repo, status};
use crate::kit::Sandbox;

/// A hook repository whose hooks are scripts that say what they were given; a file with `FAULT` in it makes them fail.
fn stand_in(sandbox: &Sandbox, name: &str, hooks: &[(&str, &str)]) -> String {
    let manifest: String = hooks
        .iter()
        .map(|(id, more)| {
            format!("- id: {id}\n  name: {id}\n  language: script\n  entry: run.sh {id}\n{more}")
        })
        .collect();
    let script = "#!/bin/sh\nid=$1; shift\nfor f in \"$@\"; do [ -f \"$f\" ] && grep -q FAULT \"$f\" && { echo \"$id: $f\"; exit 1; }; done\nexit 0\n";
    let dir = hook_repo(
        sandbox,
        name,
        &[(".pre-commit-hooks.yaml", &manifest), ("run.sh", script)],
    );
    format!("file://{}", dir.display())
}

/// Installs the configuration, and gives the status of each hook once with good files and once with faults in all.
fn verdicts(
    sandbox: &Sandbox,
    config: &str,
    files: &[&str],
    ids: &[&str],
) -> Vec<(String, String)> {
    sandbox.write(CONFIG, config);
    for file in files {
        sandbox.write(file, "fine\n");
    }
    sandbox.git(["add", "."]);
    sandbox.hookd(["install"]).expect(0);
    let good = sandbox.report([]);
    for file in files {
        sandbox.write(file, "FAULT\n");
    }
    sandbox.git(["add", "."]);
    let bad = sandbox.report([]);
    ids.iter()
        .map(|id| (status(&good, id).to_owned(), status(&bad, id).to_owned()))
        .collect()
}

fn want(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
    pairs
        .iter()
        .map(|(good, bad)| ((*good).to_owned(), (*bad).to_owned()))
        .collect()
}

const CAUGHT: (&str, &str) = ("passed", "failed");

#[test]
fn a_library_with_ruff_and_mypy() {
    let sandbox = Sandbox::new();
    let ruff = stand_in(
        &sandbox,
        "ruff",
        &[
            (
                "ruff",
                "  types_or: [python, pyi, jupyter]\n  require_serial: true\n  args: []\n",
            ),
            ("ruff-format", "  types_or: [python, pyi, jupyter]\n"),
        ],
    );
    let mypy = stand_in(
        &sandbox,
        "mypy",
        &[(
            "mypy",
            "  types_or: [python, pyi]\n  args: ['--ignore-missing-imports', '--scripts-are-modules']\n  require_serial: true\n",
        )],
    );
    let config = format!(
        "ci:\n  autofix_prs: false\n  skip: [mypy]\ndefault_language_version:\n  python: python3\nrepos:\n- repo: https://github.com/pre-commit/pre-commit-hooks\n  rev: v4.6.0\n  hooks:\n  - id: check-merge-conflict\n  - id: debug-statements\n  - id: trailing-whitespace\n    exclude: ^tests/data/\n- repo: {ruff}\n  rev: v1.0.0\n  hooks:\n  - id: ruff\n    args: [--fix, --exit-non-zero-on-fix]\n  - id: ruff-format\n- repo: {mypy}\n  rev: v1.0.0\n  hooks:\n  - id: mypy\n    files: ^src/\n    additional_dependencies:\n    - attrs>=23\n"
    );
    let got = verdicts(
        &sandbox,
        &config,
        &["src/a.py", "b.pyi", "notes.md"],
        &["ruff", "ruff-format", "mypy", "trailing-whitespace"],
    );
    assert_eq!(got, want(&[CAUGHT, CAUGHT, CAUGHT, ("passed", "passed")]));
}

#[test]
fn an_application_with_black_isort_and_flake8() {
    let sandbox = Sandbox::new();
    let python = "  types_or: [python, pyi]\n  require_serial: true\n";
    let black = stand_in(
        &sandbox,
        "black",
        &[
            ("black", python),
            ("black-jupyter", "  types_or: [jupyter]\n"),
        ],
    );
    let flake = stand_in(
        &sandbox,
        "flake8",
        &[("flake8", "  types: [python]\n  require_serial: true\n")],
    );
    let config = format!(
        "fail_fast: false\nexclude: |\n  (?x)^(\n      docs/conf\\.py |\n      .*/migrations/.*\n  )$\nrepos:\n  - repo: {black}\n    rev: v1.0.0\n    hooks:\n      - id: black\n        language_version: python3\n      - id: black-jupyter\n  - repo: {flake}\n    rev: v1.0.0\n    hooks:\n      - id: flake8\n        exclude: ^tests/\n        args: ['--max-line-length=100', '--ignore=E203,W503']\n"
    );
    let got = verdicts(
        &sandbox,
        &config,
        &["app/migrations/0001.py", "tests/t.py"],
        &["black", "black-jupyter", "flake8"],
    );
    assert_eq!(
        got,
        want(&[CAUGHT, ("skipped", "skipped"), ("skipped", "skipped")])
    );
    let got = verdicts(&sandbox, &config, &["app/models.py"], &["flake8"]);
    assert_eq!(got, want(&[CAUGHT]));
}

#[test]
fn a_site_with_prettier_and_local_hooks() {
    let sandbox = Sandbox::new();
    let prettier = stand_in(
        &sandbox,
        "prettier",
        &[(
            "prettier",
            "  types: [text]\n  args: [--write, --list-different, --ignore-unknown]\n",
        )],
    );
    let config = format!(
        "repos:\n  - repo: {prettier}\n    rev: v1.0.0\n    hooks:\n      - id: prettier\n        types_or: [javascript, jsx, ts, tsx, css, markdown]\n        exclude: '^(dist/|.*\\.min\\.)'\n  - repo: local\n    hooks:\n      - id: eslint\n        name: eslint\n        entry: sh -c '! grep -l FAULT \"$@\"' --\n        language: system\n        files: \\.[jt]sx?$\n        types: [file]\n      - id: tsc\n        name: tsc\n        entry: sh -c 'test $# -eq 0'\n        language: system\n        pass_filenames: false\n        types_or: [ts, tsx]\n      - id: no-only\n        name: no focused tests\n        entry: '\\b(describe|it)\\.only\\('\n        language: pygrep\n        types: [ts]\n"
    );
    let got = verdicts(
        &sandbox,
        &config,
        &["src/a.ts", "b.min.js", "x.css"],
        &["prettier", "eslint", "tsc", "no-only"],
    );
    assert_eq!(
        got,
        want(&[CAUGHT, CAUGHT, ("passed", "passed"), ("passed", "passed")])
    );
}

#[test]
fn scripts_with_shellcheck_and_codespell() {
    let sandbox = Sandbox::new();
    let shellcheck = stand_in(
        &sandbox,
        "shellcheck",
        &[("shellcheck", "  types: [shell]\n")],
    );
    let codespell = stand_in(&sandbox, "codespell", &[("codespell", "  types: [text]\n")]);
    let config = format!(
        "default_stages: [pre-commit, pre-push]\nrepos:\n  - repo: {shellcheck}\n    rev: v1.0.0\n    hooks:\n      - id: shellcheck\n        args: [--severity=warning]\n  - repo: {codespell}\n    rev: v1.0.0\n    hooks:\n      - id: codespell\n        exclude: >\n          (?x)^(\n            .*\\.svg|\n            CHANGELOG\\.md\n          )$\n        args: [-L, 'te,nd']\n  - repo: https://github.com/pre-commit/pre-commit-hooks\n    rev: cef0300fd0fc4d2a87a85fa2093c6b283ea36f4b  # frozen: v5.0.0\n    hooks:\n      - id: check-shebang-scripts-are-executable\n      - id: end-of-file-fixer\n"
    );
    let got = verdicts(
        &sandbox,
        &config,
        &["run.sh", "CHANGELOG.md"],
        &["shellcheck", "codespell", "end-of-file-fixer"],
    );
    assert_eq!(got, want(&[CAUGHT, CAUGHT, ("passed", "passed")]));
    let got = verdicts(&sandbox, &config, &["pic.svg"], &["end-of-file-fixer"]);
    assert_eq!(got, want(&[("passed", "passed")]));
}

#[test]
fn a_message_and_a_monorepo() {
    let sandbox = Sandbox::new();
    let gitlint = stand_in(
        &sandbox,
        "gitlint",
        &[("gitlint", "  stages: [commit-msg]\n")],
    );
    let config = format!(
        "default_install_hook_types: [pre-commit, commit-msg]\nrepos:\n  - repo: {gitlint}\n    rev: v1.0.0\n    hooks:\n      - id: gitlint\n  - repo: local\n    hooks:\n      - &lint\n        id: lint\n        alias: lint-web\n        name: lint web\n        language: system\n        entry: sh -c '! grep -l FAULT \"$@\"' --\n        files: ^web/\n      - <<: *lint\n        alias: lint-api\n        name: lint api\n        files: ^api/\n"
    );
    let got = verdicts(&sandbox, &config, &["web/a"], &["lint"]);
    assert_eq!(got, want(&[CAUGHT]));
    sandbox.hookd(["run", "lint-api"]).expect(0);
    sandbox.hookd(["run", "lint-web"]).expect(1);
    sandbox.write("web/a", "fine again\n");
    sandbox.git(["add", "."]);
    let done = sandbox.try_git(["commit", "-qm", "FAULT"]).expect(1);
    assert!(
        done.all().contains("gitlint: .git/COMMIT_EDITMSG"),
        "{}",
        done.all()
    );
    sandbox.git(["commit", "-qm", "good"]);
}

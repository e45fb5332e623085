//! `hookd migrate` and `hookd init`, as somebody types them who has used something else until now.

use crate::kit::Sandbox;
use std::path::PathBuf;

/// A hook repository beside the sandbox's own whose hooks run what is on PATH. Gives its address.
fn hooks_of(sandbox: &Sandbox, name: &str, manifest: &str) -> String {
    let dir: PathBuf = sandbox.top().join(name);
    std::fs::create_dir_all(&dir).unwrap();
    std::fs::write(dir.join(".pre-commit-hooks.yaml"), manifest).unwrap();
    let at = dir.to_str().unwrap();
    sandbox.git(["-C", at, "init", "-q", "-b", "main", "."]);
    sandbox.git(["-C", at, "add", "."]);
    sandbox.git(["-C", at, "commit", "-qm", "hooks"]);
    sandbox.git(["-C", at, "tag", "v1.0.0"]);
    format!("file://{at}")
}

const FILES: [&str; 14] = [
    "README.md",
    "src/a.py",
    "src/b.pyi",
    "tests/test_a.py",
    "tests/data/x.json",
    "docs/conf.py",
    "app/migrations/0001.py",
    "web/a.ts",
    "web/b.min.js",
    "web/style.css",
    "dist/out.js",
    "run.sh",
    "ci.yaml",
    "requirements-dev.txt",
];

/// A repository with this configuration and a few files of every kind, migrated: the new file's text.
fn migrated(sandbox: &Sandbox, file: &str, text: &str, code: i32) -> String {
    for name in FILES {
        let text = if name.ends_with(".json") {
            "{}\n"
        } else {
            "x = 1\n"
        };
        sandbox.write(name, text);
    }
    sandbox.write(file, text);
    sandbox.git(["add", "."]);
    let done = sandbox.hookd(["migrate"]).expect(code);
    assert!(
        done.all().contains("wrote hookd.toml from"),
        "{}",
        done.all()
    );
    sandbox.hookd(["config", "check"]).expect(0);
    std::fs::read_to_string(sandbox.top().join("repo/hookd.toml"))
        .or_else(|_| sandbox_file(sandbox, "hookd.toml"))
        .unwrap()
}

fn sandbox_file(sandbox: &Sandbox, name: &str) -> std::io::Result<String> {
    let root = sandbox.git(["rev-parse", "--show-toplevel"]);
    std::fs::read_to_string(PathBuf::from(root.trim()).join(name))
}

/// `--check` finds the same files at the same hooks, and counted some.
fn agrees(sandbox: &Sandbox) {
    let done = sandbox.hookd(["migrate", "--check"]).expect(0);
    assert!(
        done.all().contains(" answers are the same"),
        "{}",
        done.all()
    );
    assert!(!done.all().contains(" 0 of 0 answers"), "{}", done.all());
}

const BASICS: &str =
    "- repo: https://github.com/pre-commit/pre-commit-hooks\n  rev: v4.6.0\n  hooks:\n";

#[test]
fn a_library_with_ruff_and_mypy() {
    let sandbox = Sandbox::new();
    let ruff = hooks_of(
        &sandbox,
        "ruff",
        "- {id: ruff, name: ruff, entry: ruff check --force-exclude, language: python, types_or: [python, pyi, jupyter], require_serial: true}\n- {id: ruff-format, name: ruff-format, entry: ruff format, language: python, types_or: [python, pyi]}\n",
    );
    let mypy = hooks_of(
        &sandbox,
        "mypy",
        "- {id: mypy, name: mypy, entry: mypy, language: python, types_or: [python, pyi], args: [--ignore-missing-imports], require_serial: true}\n",
    );
    let text = migrated(
        &sandbox,
        ".pre-commit-config.yaml",
        &format!(
            "# Checks of every commit.\nci:\n  skip: [mypy]\nrepos:\n{BASICS}  - id: check-merge-conflict\n  # data is as it is\n  - id: trailing-whitespace\n    exclude: ^tests/data/\n- repo: {ruff}\n  rev: v1.0.0\n  hooks:\n  - id: ruff\n    args: [--fix]  # no exit code\n  - id: ruff-format\n- repo: {mypy}\n  rev: v1.0.0\n  hooks:\n  - id: mypy\n    files: ^src/\n    additional_dependencies: [attrs>=23]\n"
        ),
        0,
    );
    for part in [
        "# Checks of every commit.\n",
        "    # data is as it is\n    \"trailing-whitespace\",\n",
        "trailing-whitespace = [\"*\", \"!tests/data/**\"]\n",
        "run = \"ruff check --force-exclude --fix\"\n",
        "# no exit code\n",
        "serial = true\n",
        "run = \"mypy --ignore-missing-imports\"\nfiles = \"^src/\"\ntypes_or = [\"python\", \"pyi\"]\n",
        "needs mypy on PATH: pip install git+file://",
        "@v1.0.0 'attrs>=23'",
        "[scan.audit]\nenabled = false\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    agrees(&sandbox);
}

#[test]
fn an_application_with_a_verbose_exclude_at_the_top() {
    let sandbox = Sandbox::new();
    let black = hooks_of(
        &sandbox,
        "black",
        "- {id: black, name: black, entry: black, language: python, types_or: [python, pyi], require_serial: true}\n",
    );
    let text = migrated(
        &sandbox,
        ".pre-commit-config.yaml",
        &format!(
            "fail_fast: true\nexclude: |\n  (?x)^(\n      docs/conf\\.py |  # generated\n      .*/migrations/.*\n  )$\nrepos:\n- repo: {black}\n  rev: v1.0.0\n  hooks:\n  - id: black\n    language_version: python3\n{BASICS}  - id: requirements-txt-fixer\n  - id: debug-statements\n    exclude: (^|/)tests/\n"
        ),
        0,
    );
    for part in [
        "exclude = [\"docs/conf.py\", \"*/**/migrations/**\"]\n",
        "fail_fast = true\n",
        "debug-statements = [\"*\", \"!**/tests/**\"]\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    agrees(&sandbox);
}

#[test]
fn a_site_with_prettier_eslint_and_a_pattern() {
    let sandbox = Sandbox::new();
    let prettier = hooks_of(
        &sandbox,
        "prettier",
        "- {id: prettier, name: prettier, entry: prettier --write --ignore-unknown, language: node, types: [text], additional_dependencies: ['prettier@3.1.0']}\n",
    );
    let text = migrated(
        &sandbox,
        ".pre-commit-config.yaml",
        &format!(
            "repos:\n- repo: {prettier}\n  rev: v1.0.0\n  hooks:\n  - id: prettier\n    types_or: [javascript, ts, css, markdown]\n    exclude: '^(dist/|.*\\.min\\.)'\n- repo: local\n  hooks:\n  - id: eslint\n    name: eslint\n    entry: npx eslint --fix\n    language: system\n    files: \\.[jt]sx?$\n    types: [file]\n  - id: tsc\n    name: types\n    entry: npx tsc --noEmit\n    language: system\n    pass_filenames: false\n    types_or: [ts, tsx]\n    stages: [push]\n  - id: no-only\n    name: no focused tests\n    entry: '\\b(describe|it)\\.only\\('\n    language: pygrep\n    types: [ts]\n"
        ),
        0,
    );
    for part in [
        "needs prettier on PATH: npm install --global prettier@3.1.0",
        "files = '\\.[jt]sx?$'\n",
        "stages = [\"pre-push\"]\npass_filenames = false\n",
        "[scan.hygiene]\nenabled = false\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    agrees(&sandbox);
    sandbox.hookd(["install"]).expect(0);
    sandbox.git(["rm", "-q", "--cached", "-f", ".pre-commit-config.yaml"]);
    sandbox.write("web/a.ts", "describe.only('x')\n");
    sandbox.git(["add", "hookd.toml", "web/a.ts"]);
    let done = sandbox.hookd(["run", "no-only"]).expect(1);
    assert!(done.all().contains("web/a.ts:1:"), "{}", done.all());
    sandbox.write("web/a.ts", "describe('x')\n");
    sandbox.git(["add", "web/a.ts"]);
    sandbox.hookd(["run", "no-only"]).expect(0);
}

#[test]
fn scripts_secrets_and_what_cannot_be_converted() {
    let sandbox = Sandbox::new();
    let text = migrated(
        &sandbox,
        ".pre-commit-config.yaml",
        &format!(
            "default_install_hook_types: [pre-commit, commit-msg]\nrepos:\n{BASICS}  - id: check-yaml\n  - id: check-yaml\n    name: with tags\n    args: [--unsafe]\n    files: ^charts/\n  - id: end-of-file-fixer\n    exclude: ^(?!src/)\n- repo: https://github.com/gitleaks/gitleaks\n  rev: v8.18.0\n  hooks:\n  - id: gitleaks\n- repo: meta\n  hooks:\n  - id: identity\n- repo: local\n  hooks:\n  - id: lint\n    name: lint\n    entry: run.sh\n    language: script\n    types: [shell]\n  - id: lint\n    name: lint all\n    entry: sh -c 'exit 0'\n    language: system\n    always_run: true\n    pass_filenames: false\n  - id: conda\n    name: conda\n    entry: tool\n    language: conda\n"
        ),
        1,
    );
    for part in [
        "[scan.secrets]\nenabled = true\n",
        "default_hook_types = [\"pre-commit\", \"commit-msg\"]\n",
        "id = \"lint\"\nrun = \"./run.sh\"\n",
        "id = \"lint-2\"\nname = \"lint all\"\nrun = [\"sh\", \"-c\", \"exit 0\"]\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    assert!(!text.contains("conda"), "{text}");
    let done = sandbox.hookd(["migrate", "--check"]).expect(1);
    // The look-ahead could not become globs, so the check sees more files: that is a difference, and it is said.
    assert!(
        done.all().contains("end-of-file-fixer: 0 files"),
        "{}",
        done.all()
    );
    assert!(
        done.all().contains("left out: check-yaml, identity, conda"),
        "{}",
        done.all()
    );
}

#[test]
fn prek_toml() {
    let sandbox = Sandbox::new();
    let text = migrated(
        &sandbox,
        "prek.toml",
        "# ours\nfiles = '^(src|web)/'\n\n[[repos]]\nrepo = 'builtin'\nhooks = [{ id = 'trailing-whitespace', args = ['--markdown-linebreak-ext=md'] }]\n\n# shell only\n[[repos]]\nrepo = 'local'\nhooks = [{ id = 'x', name = 'x', entry = 'true', language = 'system', types = ['python'], env = { A = 'b' } }]\n",
        0,
    );
    for part in [
        "# ours\n",
        "trailing-whitespace = [\"--markdown-linebreak-ext=md\"]\n",
        "trailing-whitespace = [\"src/**\", \"web/**\"]\n",
        "# shell only\n[[hook]]\nid = \"x\"\n",
        "env = { A = \"b\" }\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    agrees(&sandbox);
}

#[test]
fn a_hookd_toml_is_never_written_over_by_itself() {
    let sandbox = Sandbox::new();
    sandbox.write(".pre-commit-config.yaml", "repos: []\n");
    sandbox.write("hookd.toml", "# mine\n");
    for words in [&["migrate"][..], &["init"]] {
        let done = sandbox.hookd(words).expect(2);
        assert!(done.all().contains("is not written over"), "{}", done.all());
    }
    assert_eq!(sandbox_file(&sandbox, "hookd.toml").unwrap(), "# mine\n");
    let done = sandbox.hookd(["migrate", "--stdout"]).expect(0);
    assert!(done.all().contains("[scan.hygiene]"), "{}", done.all());
    sandbox.hookd(["migrate", "--force"]).expect(0);
    assert!(
        sandbox_file(&sandbox, "hookd.toml")
            .unwrap()
            .contains("Made by")
    );
}

#[test]
fn nothing_to_migrate_and_no_repository() {
    let sandbox = Sandbox::new();
    let done = sandbox.hookd(["migrate"]).expect(2);
    assert!(done.all().contains("hookd init"), "{}", done.all());
    let outside = Sandbox::without_repo();
    for word in ["migrate", "init"] {
        let done = outside.hookd([word]).expect(2);
        assert!(done.all().contains("git repository"), "{}", done.all());
    }
}

#[test]
fn a_start_from_what_the_repository_has() {
    let sandbox = Sandbox::new();
    sandbox.write("package.json", "{\"prettier\": {}}\n");
    sandbox.write("pnpm-lock.yaml", "lockfileVersion: '9.0'\n");
    sandbox.write("eslint.config.js", "export default [];\n");
    sandbox.write("tsconfig.json", "{}\n");
    sandbox.write(
        "pyproject.toml",
        "[tool.ruff.lint]\nselect = []\n[tool.mypy]\n",
    );
    sandbox.write("uv.lock", "");
    sandbox.write("Cargo.toml", "[package]\n");
    sandbox.write("go.mod", "module x\n");
    let done = sandbox.hookd(["init"]).expect(0);
    assert!(done.all().contains("hookd install"), "{}", done.all());
    let text = sandbox_file(&sandbox, "hookd.toml").unwrap();
    for part in [
        "run = \"pnpm exec eslint --fix\"\n",
        "run = \"pnpm exec prettier --write --ignore-unknown\"\n",
        "run = \"pnpm exec tsc --noEmit\"\n",
        "run = \"uv run ruff check --fix\"\n",
        "run = \"uv run mypy\"\n",
        "run = \"cargo fmt --all\"\n",
        "run = \"gofmt -w\"\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    assert!(!text.contains("black") && !text.contains("biome"), "{text}");
    sandbox.hookd(["config", "check"]).expect(0);
}

#[test]
fn a_start_beside_another_tool_points_to_migrate() {
    let sandbox = Sandbox::new();
    sandbox.write(".pre-commit-config.yaml", "repos: []\n");
    let done = sandbox.hookd(["init"]).expect(2);
    assert!(done.all().contains("hookd migrate"), "{}", done.all());
    sandbox.hookd(["init", "--stdout"]).expect(0);
}

#[test]
fn a_team_switches_in_two_commits() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".pre-commit-config.yaml",
        format!("repos:\n{BASICS}  - id: trailing-whitespace\n  - id: check-json\n"),
    );
    sandbox.write("a.json", "{}\n");
    sandbox.git(["add", "."]);
    sandbox.hookd(["install"]).expect(0);
    sandbox.git(["commit", "-qm", "with the old file"]);
    sandbox.hookd(["migrate"]).expect(0);
    sandbox.hookd(["install"]).expect(0);
    sandbox.git(["rm", "-q", ".pre-commit-config.yaml"]);
    sandbox.git(["add", "hookd.toml"]);
    sandbox.git(["commit", "-qm", "with hookd.toml"]);
    sandbox.write("a.json", "{\n");
    sandbox.git(["add", "."]);
    let done = sandbox.try_git(["commit", "-qm", "broken"]);
    assert!(done.all().contains("check-json"), "{}", done.all());
}

#[test]
fn lefthook() {
    let sandbox = Sandbox::new();
    let text = migrated(
        &sandbox,
        "lefthook.yml",
        "# ours\npre-commit:\n  parallel: true\n  commands:\n    # scripts and types\n    eslint:\n      glob: \"*.{js,ts}\"\n      exclude: [\"dist/*\"]\n      run: npx eslint --fix {staged_files}\n      stage_fixed: true\n      skip: [merge, rebase]\n    styles:\n      glob: \"web/*.css\"\n      run: npx stylelint {staged_files} && echo done\n    audit:\n      run: npm audit\npre-push:\n  jobs:\n    - name: test\n      run: npm test\n      env: {CI: 1}\ncommit-msg:\n  scripts:\n    check.sh: {runner: bash}\n",
        0,
    );
    for part in [
        "# ours\n",
        "# scripts and types\n[[hook]]\nid = \"eslint\"\nrun = \"npx eslint --fix\"\n",
        "glob = [\"*.{js,ts}\", \"!dist/**\"]\n",
        "skip_on = [\"merge\", \"rebase\"]\n",
        "glob = [\"web/**/*.css\"]\n",
        "run = \"npm audit\"\npass_filenames = false\nalways_run = true\n",
        "env = { CI = \"1\" }\n",
        "run = \"bash .lefthook/commit-msg/check.sh\"\n",
        "default_hook_types = [\"commit-msg\", \"pre-commit\", \"pre-push\"]\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    agrees(&sandbox);
}

#[test]
fn what_lefthook_alone_can_is_named() {
    let sandbox = Sandbox::new();
    migrated(
        &sandbox,
        "lefthook.yml",
        "remotes:\n  - git_url: x\npre-commit:\n  only:\n    - ref: main\n  commands:\n    all:\n      run: lint {all_files}\n    one:\n      run: 'true'\n      skip:\n        - ref: dev\n",
        1,
    );
    let done = sandbox.hookd(["migrate", "--stdout"]).expect(1);
    for part in [
        "remotes:",
        "pre-commit: only:",
        "all: it uses a template",
        "one: `skip` by branch",
    ] {
        assert!(done.all().contains(part), "{part}: {}", done.all());
    }
}

#[test]
fn what_lefthook_says_beside_its_commands_is_converted_or_named() {
    let sandbox = Sandbox::new();
    let text = migrated(
        &sandbox,
        "lefthook.yml",
        "pre-push:\n  commands:\n    one:\n      run: 'true'\n      timeout: 1m30s\n      tags: [slow, ci]\n      fail_text: run make\n      use_stdin: true\n    two:\n      run: 'true'\n      timeout: soon\n",
        1,
    );
    assert!(text.contains("timeout = 90\n"), "{text}");
    let done = sandbox.hookd(["migrate", "--stdout"]).expect(1);
    for part in [
        "one: `tags` (slow, ci)",
        "one: `fail_text` (run make)",
        "two: its `timeout`",
    ] {
        assert!(done.all().contains(part), "{part}: {}", done.all());
    }
}

#[test]
fn what_changes_no_verdict_is_named_too() {
    let sandbox = Sandbox::new();
    migrated(
        &sandbox,
        ".pre-commit-config.yaml",
        "repos:\n- repo: local\n  hooks:\n  - {id: a, name: a, language: system, entry: 'true', verbose: true, alias: first}\n- repo: https://github.com/gitleaks/gitleaks\n  rev: v8\n  hooks:\n  - {id: gitleaks, files: ^src/}\n",
        1,
    );
    let done = sandbox.hookd(["migrate", "--stdout"]).expect(1);
    for part in [
        "a: `verbose`",
        "a: `alias` (first)",
        "gitleaks: `files` or `types`",
    ] {
        assert!(done.all().contains(part), "{part}: {}", done.all());
    }
}

#[test]
fn husky_with_lint_staged() {
    let sandbox = Sandbox::new();
    sandbox.write(
        ".husky/pre-commit",
        "#!/usr/bin/env sh\n. \"$(dirname -- \"$0\")/_/husky.sh\"\n\n# only what is staged\nnpx lint-staged\nnpm test\n",
    );
    sandbox.write(".husky/commit-msg", "npx --no -- commitlint --edit $1\n");
    let text = migrated(
        &sandbox,
        "package.json",
        "{\"lint-staged\": {\"*.{js,ts}\": [\"eslint --fix\", \"prettier --write\"], \"web/**/*.css\": \"stylelint --fix\"}}\n",
        0,
    );
    for part in [
        "# only what is staged\n[[hook]]\nid = \"eslint\"\nrun = \"npx --no-install eslint --fix\"\nglob = [\"*.{js,ts}\"]\nstage_fixed = true\n",
        "depends_on = \"eslint\"\n",
        "glob = [\"web/**/*.css\"]\n",
        "id = \"husky-pre-commit\"\nrun = \"npm test\"\npass_filenames = false\n",
        "run = \"npx --no -- commitlint --edit $1\"\n",
        "stages = [\"commit-msg\"]\n",
    ] {
        assert!(text.contains(part), "{part:?} is not in\n{text}");
    }
    agrees(&sandbox);
}

#[test]
fn a_lint_staged_that_is_a_program_is_named() {
    let sandbox = Sandbox::new();
    sandbox.write(".husky/pre-commit", "npm test\n");
    migrated(&sandbox, "lint-staged.config.mjs", "export default {}\n", 1);
    let done = sandbox.hookd(["migrate", "--stdout"]).expect(1);
    assert!(
        done.all()
            .contains("lint-staged.config.mjs: it is a program"),
        "{}",
        done.all()
    );
}

#[test]
fn an_exclude_at_the_top_that_no_glob_can_say_goes_to_every_hook() {
    let sandbox = Sandbox::new();
    let text = migrated(
        &sandbox,
        ".pre-commit-config.yaml",
        "files: (?i)PY\nexclude: |\n  (?x)^(?!src/|tests/).*\\.py$  # elsewhere\nrepos:\n- repo: local\n  hooks:\n  - {id: a, name: a, entry: 'true', language: system}\n  - {id: b, name: b, entry: 'true', language: system, files: ^(src|docs|tests)/, exclude: _a\\.py$}\n",
        0,
    );
    assert!(text.contains("(?x:^(?!src/"), "{text}");
    agrees(&sandbox);
}

//! A `hookd.toml` to begin with, from what a repository has.

use super::draft::Hook;
use super::quote;
use std::fmt::Write;

/// What is known about a repository.
#[derive(Debug, Clone, Default)]
pub struct Facts {
    /// The paths of its files, from the root.
    pub files: Vec<String>,
    /// The text of `package.json`, empty where it is not there.
    pub package: String,
    /// The texts of `pyproject.toml` and `setup.cfg`.
    pub python: String,
}

/// A tool that a repository may use.
struct Tool {
    id: &'static str,
    why: &'static str,
    /// Names of files at the root, `*` at the end for any end: one of them is there.
    files: &'static [&'static str],
    /// A key at the top of `package.json`.
    package: &'static str,
    /// The start of a table in `pyproject.toml` or `setup.cfg`.
    table: &'static str,
    run: &'static str,
    glob: &'static [&'static str],
    keys: &'static [(&'static str, &'static str)],
}

const FIXES: &[(&str, &str)] = &[("stage_fixed", "true")];
const WHOLE: &[(&str, &str)] = &[("pass_filenames", "false"), ("writes", "false")];
const READS: &[(&str, &str)] = &[("writes", "false")];
const SCRIPTS: &[&str] = &["*.{js,jsx,mjs,cjs,ts,tsx,mts,cts}"];
const PYTHON: &[&str] = &["*.py", "*.pyi"];

/// Tools by the files that configure them, formatters behind linters that fix. `NODE` and `PYTHON` stand for the package manager.
const TOOLS: &[Tool] = &[
    Tool {
        id: "eslint",
        why: "lints and fixes",
        files: &["eslint.config.*", ".eslintrc*"],
        package: "eslintConfig",
        run: "NODE eslint --fix",
        glob: SCRIPTS,
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "biome",
        why: "lints, formats, sorts imports",
        files: &["biome.json", "biome.jsonc"],
        run: "NODE biome check --write --no-errors-on-unmatched",
        glob: &["*.{js,jsx,mjs,cjs,ts,tsx,json,jsonc,css}"],
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "stylelint",
        why: "lints and fixes",
        files: &["stylelint.config.*", ".stylelintrc*"],
        package: "stylelint",
        run: "NODE stylelint --fix",
        glob: &["*.{css,scss,sass,less}"],
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "prettier",
        why: "formats",
        files: &["prettier.config.*", ".prettierrc*"],
        package: "prettier",
        run: "NODE prettier --write --ignore-unknown",
        glob: &["*.{js,jsx,mjs,cjs,ts,tsx,json,css,scss,md,yml,yaml,html,vue}"],
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "tsc",
        why: "types; it looks at the whole project",
        files: &["tsconfig.json"],
        run: "NODE tsc --noEmit",
        glob: &["*.{ts,tsx,mts,cts}", "tsconfig*.json"],
        keys: WHOLE,
        ..NONE
    },
    Tool {
        id: "ruff",
        why: "lints and fixes",
        files: &["ruff.toml", ".ruff.toml"],
        table: "[tool.ruff",
        run: "PYTHON ruff check --fix",
        glob: PYTHON,
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "ruff-format",
        why: "formats",
        files: &["ruff.toml", ".ruff.toml"],
        table: "[tool.ruff",
        run: "PYTHON ruff format",
        glob: PYTHON,
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "black",
        why: "formats",
        table: "[tool.black",
        run: "PYTHON black --quiet",
        glob: PYTHON,
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "mypy",
        why: "types",
        files: &["mypy.ini", ".mypy.ini"],
        table: "[tool.mypy|[mypy",
        run: "PYTHON mypy",
        glob: PYTHON,
        keys: READS,
        ..NONE
    },
    Tool {
        id: "cargo-fmt",
        why: "formats",
        files: &["Cargo.toml"],
        run: "cargo fmt --all",
        glob: &["*.rs"],
        keys: &[("pass_filenames", "false"), ("stage_fixed", "true")],
        ..NONE
    },
    Tool {
        id: "clippy",
        why: "lints the whole workspace; it takes long, so only before a push",
        files: &["Cargo.toml"],
        run: "cargo clippy --workspace --all-targets -- -D warnings",
        glob: &["*.rs", "Cargo.*"],
        keys: &[
            ("pass_filenames", "false"),
            ("writes", "false"),
            ("stages", "\"pre-push\""),
        ],
        ..NONE
    },
    Tool {
        id: "gofmt",
        why: "formats",
        files: &["go.mod"],
        run: "gofmt -w",
        glob: &["*.go"],
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "go-vet",
        why: "finds what compiles and is wrong all the same",
        files: &["go.mod"],
        run: "go vet ./...",
        glob: &["*.go", "go.mod"],
        keys: WHOLE,
        ..NONE
    },
    Tool {
        id: "golangci-lint",
        why: "lints what is new",
        files: &[".golangci.*"],
        run: "golangci-lint run --new-from-rev HEAD",
        glob: &["*.go"],
        keys: WHOLE,
        ..NONE
    },
    Tool {
        id: "rubocop",
        why: "lints and fixes",
        files: &[".rubocop.yml"],
        run: "bundle exec rubocop --autocorrect --force-exclusion",
        glob: &["*.rb", "*.rake", "Gemfile"],
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "shellcheck",
        why: "lints",
        files: &[".shellcheckrc"],
        run: "shellcheck",
        glob: &["*.sh", "*.bash"],
        keys: READS,
        ..NONE
    },
    Tool {
        id: "php-cs-fixer",
        why: "formats",
        files: &[".php-cs-fixer*"],
        run: "vendor/bin/php-cs-fixer fix --quiet --path-mode=intersection --config=.php-cs-fixer.dist.php",
        glob: &["*.php"],
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "swiftformat",
        why: "formats",
        files: &[".swiftformat"],
        run: "swiftformat --quiet",
        glob: &["*.swift"],
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "dart-format",
        why: "formats",
        files: &["pubspec.yaml"],
        run: "dart format --output write",
        glob: &["*.dart"],
        keys: FIXES,
        ..NONE
    },
    Tool {
        id: "terraform-fmt",
        why: "formats",
        files: &["*.tf", ".terraform.lock.hcl"],
        run: "terraform fmt",
        glob: &["*.tf", "*.tfvars"],
        keys: FIXES,
        ..NONE
    },
];

/// No tool: the keys that a row does not need.
const NONE: Tool = Tool {
    id: "",
    why: "",
    files: &[],
    package: "",
    table: "",
    run: "",
    glob: &[],
    keys: &[],
};

impl Facts {
    fn has(&self, name: &str) -> bool {
        let root = self.files.iter().filter(|file| !file.contains('/'));
        let mut root = root;
        match (name.strip_suffix('*'), name.strip_prefix('*')) {
            (Some(start), _) => root.any(|file| file.starts_with(start)),
            (None, Some(end)) => self.files.iter().any(|file| file.ends_with(end)),
            (None, None) => root.any(|file| file == name),
        }
    }

    fn uses(&self, tool: &Tool) -> bool {
        let key = || {
            let package: Option<serde_json::Value> = serde_json::from_str(&self.package).ok();
            package.is_some_and(|package| package.get(tool.package).is_some())
        };
        let table = || {
            let starts: Vec<&str> = tool.table.split('|').collect();
            let mut lines = self.python.lines();
            lines.any(|line| {
                starts
                    .iter()
                    .any(|start| line.trim_start().starts_with(start))
            })
        };
        tool.files.iter().any(|name| self.has(name))
            || (!tool.package.is_empty() && key())
            || (!tool.table.is_empty() && table())
    }

    /// How the package manager of the repository runs a tool of Node's.
    fn node(&self) -> &'static str {
        const BY_LOCK: [(&str, &str); 4] = [
            ("pnpm-lock.yaml", "pnpm exec"),
            ("yarn.lock", "yarn run"),
            ("bun.lock", "bunx"),
            ("bun.lockb", "bunx"),
        ];
        let found = BY_LOCK.iter().find(|(lock, _)| self.has(lock));
        found.map_or("npx --no-install", |(_, run)| run)
    }

    fn python(&self) -> &'static str {
        const BY_LOCK: [(&str, &str); 3] = [
            ("uv.lock", "uv run "),
            ("poetry.lock", "poetry run "),
            ("pdm.lock", "pdm run "),
        ];
        let found = BY_LOCK.iter().find(|(lock, _)| self.has(lock));
        found.map_or("", |(_, run)| run)
    }
}

/// A `hookd.toml` for a repository with these `facts`, and the ids of its hooks.
#[must_use]
pub fn starter(facts: &Facts) -> (String, Vec<String>) {
    let mut out = String::from(
        "# Made by `hookd init` from what this repository has.\n\
         # Without a line in this file hookd looks for secrets, vulnerable dependencies, functions that are too complex,\n\
         # broken syntax, conflict markers and large files in what a commit brings in. `hookd list` shows what is on.\n\n\
         # What nothing shall check:\n# exclude = [\"vendor/**\"]\n\n",
    );
    secrets(facts, &mut out);
    out.push_str(
        "\n[scan.hygiene]\n# Beside what is on anyway; `hookd list --rules` has all.\n\
         checks = [\"trailing-whitespace\", \"end-of-file-fixer\"]\n",
    );
    let mut ids = Vec::new();
    for tool in TOOLS.iter().filter(|tool| facts.uses(tool)) {
        let hook = hook(tool, facts);
        let _ = write!(
            out,
            "\n# {}\n[[hook]]\nid = {}\n",
            tool.why,
            quote::text(&hook.id)
        );
        for (key, value) in &hook.keys {
            let _ = writeln!(out, "{key} = {value}");
        }
        ids.push(hook.id);
    }
    if ids.is_empty() {
        out.push_str(
            "\n# Commands of your own:\n# [[hook]]\n# id = \"lint\"\n# run = \"make lint\"\n# glob = [\"*.c\", \"*.h\"]\n",
        );
    }
    (out, ids)
}

fn secrets(facts: &Facts, out: &mut String) {
    out.push_str("[scan.secrets]\n");
    if facts.has(".gitleaks.toml") {
        out.push_str("# The rules of hookd, and those of the file that is here already.\nrules = [\"default\", \".gitleaks.toml\"]\n");
    } else {
        out.push_str("# \"strict\" also finds passwords and generic strings of high entropy.\nrules = [\"default\"]\n");
    }
    for name in [".secrets.baseline", ".gitleaksignore"] {
        if facts.has(name) {
            let _ = writeln!(
                out,
                "# {name} is here: what of it counts stands in the documentation, \"ignores\"."
            );
        }
    }
}

fn hook(tool: &Tool, facts: &Facts) -> Hook {
    let run = tool
        .run
        .replace("NODE", facts.node())
        .replace("PYTHON ", facts.python());
    let mut hook = Hook {
        id: tool.id.to_owned(),
        ..Hook::default()
    };
    hook.set("run", quote::text(&run));
    hook.set("glob", quote::list(tool.glob));
    for (key, value) in tool.keys {
        hook.set(key, *value);
    }
    hook
}

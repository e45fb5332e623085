//! husky's hooks (<https://typicode.github.io/husky/>) and lint-staged (<https://github.com/lint-staged/lint-staged#configuration>).

use super::draft::Left;
use super::other::{Chosen, OldHook, Other, read as bytes_of};
use super::quote;
use crate::command::STAGES;
use crate::config::ConfigError;
use crate::precommit::tree;
use serde_json::Value;
use std::path::Path;

/// Files with lint-staged's configuration that are data.
const DATA: [&str; 5] = [
    ".lintstagedrc",
    ".lintstagedrc.json",
    ".lintstagedrc.yaml",
    ".lintstagedrc.yml",
    "package.json",
];

/// Those that are programs.
const PROGRAMS: [&str; 8] = [
    "lint-staged.config.js",
    "lint-staged.config.mjs",
    "lint-staged.config.cjs",
    "lint-staged.config.ts",
    ".lintstagedrc.js",
    ".lintstagedrc.mjs",
    ".lintstagedrc.cjs",
    ".lintstagedrc.ts",
];

/// Reads what is at `root`; `None` where there is nothing.
///
/// # Errors
/// A mistake, with its place.
pub(super) fn read(root: &Path) -> Result<Option<Other>, ConfigError> {
    let mut other = Other {
        hooks: Vec::new(),
        files: Vec::new(),
        left: Vec::new(),
        comments: Vec::new(),
    };
    let staged = lint_staged(root, &mut other)?;
    let mut placed = false;
    for stage in STAGES {
        let name = format!(".husky/{stage}");
        if let Some(bytes) = bytes_of(root, &name)? {
            let text = String::from_utf8_lossy(&bytes).into_owned();
            placed |= script(stage, &name, &text, &staged, &mut other);
        }
    }
    if !placed {
        other.hooks.splice(0..0, staged);
    }
    Ok((!other.files.is_empty()).then_some(other))
}

/// The hooks of lint-staged.
fn lint_staged(root: &Path, other: &mut Other) -> Result<Vec<OldHook>, ConfigError> {
    for name in PROGRAMS {
        if root.join(name).is_file() {
            other.files.push(name.to_owned());
            let todo = "write a [[hook]] for each of its globs";
            left(other, name, "it is a program", todo);
        }
    }
    for name in DATA {
        let Some(bytes) = bytes_of(root, name)? else {
            continue;
        };
        let read = tree(name, bytes)?;
        let table = match (name, &read) {
            ("package.json", Some(package)) => package.get("lint-staged"),
            (_, read) => read.as_ref(),
        };
        let Some(table) = table else {
            continue;
        };
        other.files.push(name.to_owned());
        let Some(table) = table.as_object() else {
            left(other, name, "it is no table of globs", "correct it");
            continue;
        };
        let mut hooks = Vec::new();
        for (glob, commands) in table {
            tasks(glob, commands, &mut hooks, other);
        }
        return Ok(hooks);
    }
    Ok(Vec::new())
}

fn left(other: &mut Other, what: &str, why: &str, todo: &str) {
    other.left.push(Left {
        what: what.to_owned(),
        why: why.to_owned(),
        todo: todo.to_owned(),
    });
}

/// The commands of a glob; `None` where they are no text or list of texts.
fn commands_of(value: &Value) -> Option<Vec<&str>> {
    match value {
        Value::String(command) => Some(vec![command]),
        Value::Array(commands) => commands.iter().map(Value::as_str).collect(),
        _ => None,
    }
}

fn tasks(glob: &str, commands: &Value, hooks: &mut Vec<OldHook>, other: &mut Other) {
    let Some(words) = commands_of(commands) else {
        return left(
            other,
            glob,
            "its tasks are no commands",
            "write a [[hook]] for it",
        );
    };
    let bracketed = ["!(", "@(", "+(", "?(", "*("];
    if bracketed.iter().any(|part| glob.contains(part)) {
        let todo = format!(
            "write a [[hook]] with `files`, a regular expression, for {}",
            words.join(", ")
        );
        return left(
            other,
            glob,
            "it is a glob with an expression in brackets",
            &todo,
        );
    }
    let mut before: Option<String> = None;
    for command in words {
        // Since version 10 lint-staged adds what was changed by itself.
        if command.trim() == "git add" {
            continue;
        }
        let id = unique(name_of(command), hooks);
        let mut hook = OldHook {
            id: id.clone(),
            stage: "pre-commit".to_owned(),
            run: local(command),
            keys: vec![
                ("glob", quote::list(&[glob])),
                ("stage_fixed", "true".to_owned()),
            ],
            chosen: Chosen {
                globs: vec![glob.to_owned()],
                names: true,
                ..Chosen::default()
            },
            ..OldHook::default()
        };
        if let Some(before) = before {
            hook.keys.push(("depends_on", quote::text(&before)));
        }
        before = Some(id);
        hooks.push(hook);
    }
}

/// The name of the program that a command runs.
fn name_of(command: &str) -> &str {
    const FRAME: [&str; 7] = ["npx", "pnpm", "yarn", "bunx", "exec", "run", "--no-install"];
    let mut words = command.split_whitespace();
    let program = words.find(|word| !FRAME.contains(word)).unwrap_or("lint");
    program.rsplit('/').next().unwrap_or(program)
}

fn unique(wanted: &str, hooks: &[OldHook]) -> String {
    let mut id = wanted.to_owned();
    let mut next = 2;
    while hooks.iter().any(|hook| hook.id == id) {
        id = format!("{wanted}-{next}");
        next += 1;
    }
    id
}

/// lint-staged finds programs in `node_modules/.bin`; a hook of hookd's looks on PATH.
fn local(command: &str) -> String {
    const THERE: [&str; 10] = [
        "npx", "npm", "pnpm", "yarn", "bunx", "bun", "node", "git", "sh", "bash",
    ];
    let first = command.split_whitespace().next().unwrap_or_default();
    if THERE.contains(&first) || first.contains(['/', '=']) {
        command.to_owned()
    } else {
        format!("npx --no-install {command}")
    }
}

/// A hook of husky's: a line a command. Whether lint-staged was among them.
fn script(stage: &str, name: &str, text: &str, staged: &[OldHook], other: &mut Other) -> bool {
    other.files.push(name.to_owned());
    let mut comments = Vec::new();
    let mut lines = Vec::new();
    let mut placed = false;
    for line in text.lines().map(str::trim).filter(|line| !is_frame(line)) {
        if line.starts_with('#') {
            comments.push(line.to_owned());
        } else if !staged.is_empty() && is_lint_staged(line) {
            placed = true;
            for hook in staged {
                let mut hook = hook.clone();
                hook.stage = stage.to_owned();
                hook.comments.append(&mut comments);
                other.hooks.push(hook);
            }
        } else {
            lines.push(line.to_owned());
        }
    }
    if !lines.is_empty() {
        other.hooks.push(rest(stage, comments, &lines));
    }
    placed
}

/// What husky itself needs, or nothing.
fn is_frame(line: &str) -> bool {
    line.is_empty() || line.starts_with("#!") || line.contains("husky.sh")
}

/// Whether the line calls lint-staged and does nothing else.
fn is_lint_staged(line: &str) -> bool {
    line.contains("lint-staged") && !line.contains(['&', '|', ';'])
}

/// A hook of the lines that call other things.
fn rest(stage: &str, comments: Vec<String>, lines: &[String]) -> OldHook {
    OldHook {
        id: format!("husky-{stage}"),
        stage: stage.to_owned(),
        comments,
        run: match lines {
            [line] => line.clone(),
            _ => format!("set -e\n{}\n", lines.join("\n")),
        },
        keys: vec![
            ("pass_filenames", passes(stage).to_owned()),
            ("always_run", "true".to_owned()),
        ],
        ..OldHook::default()
    }
}

/// husky hands over what git does, so nothing where there are files.
fn passes(stage: &str) -> &'static str {
    if matches!(stage, "pre-commit" | "pre-merge-commit" | "pre-push") {
        "false"
    } else {
        "true"
    }
}

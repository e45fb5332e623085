//! A `hookd.toml` that is being made, and its text.

use super::quote;
use crate::scan::{SCANNERS, hygiene_safe_set};
use std::fmt::Write;

/// Something of the old configuration that the new one does not have, or has otherwise.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Left {
    /// The hook, or the key.
    pub what: String,
    /// Why.
    pub why: String,
    /// What to do about it.
    pub todo: String,
}

/// A check of the hygiene scanner.
#[derive(Debug, Clone, Default)]
pub(super) struct Check {
    pub(super) id: &'static str,
    pub(super) comments: Vec<String>,
    pub(super) args: Vec<String>,
    pub(super) files: Vec<String>,
}

/// A scanner that is on.
#[derive(Debug, Clone)]
pub(super) struct Scanner {
    pub(super) id: &'static str,
    pub(super) comments: Vec<String>,
    pub(super) keys: String,
    pub(super) exclude: Vec<String>,
}

/// A `[[hook]]` table.
#[derive(Debug, Clone, Default)]
pub(super) struct Hook {
    pub(super) id: String,
    pub(super) comments: Vec<String>,
    /// Keys with their values in TOML.
    pub(super) keys: Vec<(&'static str, String)>,
}

impl Hook {
    pub(super) fn set(&mut self, key: &'static str, value: impl Into<String>) {
        self.keys.push((key, value.into()));
    }
}

/// What the file will say.
#[derive(Debug, Clone, Default)]
pub(super) struct Draft {
    pub(super) from: String,
    pub(super) comments: Vec<String>,
    pub(super) exclude: Vec<String>,
    pub(super) hook_types: Vec<String>,
    pub(super) checks: Vec<Check>,
    pub(super) scanners: Vec<Scanner>,
    pub(super) hooks: Vec<Hook>,
    pub(super) end: Vec<String>,
}

impl Draft {
    /// An id for a hook: `wanted`, changed as little as it takes to be one and to be the only one.
    pub(super) fn free_id(&self, wanted: &str) -> String {
        let fits = |c: char| !c.is_whitespace() && !c.is_control() && !matches!(c, '/' | ',' | ':');
        let plain: String = wanted
            .chars()
            .map(|c| if fits(c) { c } else { '-' })
            .collect();
        let plain = if plain.is_empty() {
            "hook".to_owned()
        } else {
            plain
        };
        let taken = |id: &str| {
            self.hooks.iter().any(|hook| hook.id == id) || SCANNERS.iter().any(|spec| spec.id == id)
        };
        let mut id = plain.clone();
        let mut next = 2;
        while taken(&id) {
            id = format!("{plain}-{next}");
            next += 1;
        }
        id
    }

    /// The text of the file.
    pub(super) fn text(&self) -> String {
        let mut out = format!(
            "# Made by `hookd migrate` from {}. Every key: `hookd config show --origin`.\n",
            self.from
        );
        comments(&mut out, &self.comments, "");
        if !self.exclude.is_empty() || !self.hook_types.is_empty() {
            out.push('\n');
        }
        if !self.exclude.is_empty() {
            put(&mut out, "exclude", &quote::list(&self.exclude));
        }
        if !self.hook_types.is_empty() {
            put(
                &mut out,
                "default_hook_types",
                &quote::list(&self.hook_types),
            );
        }
        self.hygiene(&mut out);
        for spec in SCANNERS.iter().filter(|spec| spec.id != "hygiene") {
            match self.scanners.iter().find(|scanner| scanner.id == spec.id) {
                Some(scanner) => on(&mut out, scanner),
                None => {
                    let _ = write!(
                        out,
                        "\n# {}: was not there before; without this table it is on.\n[scan.{}]\nenabled = false\n",
                        spec.title, spec.id
                    );
                }
            }
        }
        self.hooks.iter().for_each(|hook| table(&mut out, hook));
        if !self.end.is_empty() {
            out.push('\n');
            comments(&mut out, &self.end, "");
        }
        out
    }

    fn hygiene(&self, out: &mut String) {
        if self.checks.is_empty() {
            out.push_str(
                "\n# Syntax, conflict markers, large files: was not there before; without this table it is on.\n\
                 [scan.hygiene]\nenabled = false\n",
            );
            return;
        }
        out.push_str("\n[scan.hygiene]\nscope = \"all\"  # whole files; \"changed\": only what a commit brings in\nchecks = [\n");
        for check in &self.checks {
            comments(out, &check.comments, "    ");
            let _ = writeln!(out, "    {},", quote::text(check.id));
        }
        out.push_str("]\n");
        let other: Vec<&str> = hygiene_safe_set()
            .into_iter()
            .filter(|id| !self.checks.iter().any(|check| check.id == *id))
            .collect();
        if !other.is_empty() {
            out.push_str("# Were not there before; without this line they are on.\n");
            put(out, "disable", &quote::list(&other));
        }
        by_check(out, "args", &self.checks, |check| &check.args);
        by_check(out, "files", &self.checks, |check| &check.files);
    }
}

fn table(out: &mut String, hook: &Hook) {
    out.push('\n');
    comments(out, &hook.comments, "");
    out.push_str("[[hook]]\n");
    put(out, "id", &quote::text(&hook.id));
    for (key, value) in &hook.keys {
        put(out, key, value);
    }
}

fn by_check(out: &mut String, name: &str, checks: &[Check], get: fn(&Check) -> &Vec<String>) {
    let mut with = checks
        .iter()
        .filter(|check| !get(check).is_empty())
        .peekable();
    if with.peek().is_some() {
        let _ = writeln!(out, "\n[scan.hygiene.{name}]");
    }
    for check in with {
        put(out, check.id, &quote::list(get(check)));
    }
}

fn on(out: &mut String, scanner: &Scanner) {
    out.push('\n');
    comments(out, &scanner.comments, "");
    let _ = writeln!(
        out,
        "[scan.{}]\nenabled = true\n{}",
        scanner.id,
        scanner.keys.trim_end()
    );
    if scanner.keys.is_empty() {
        out.truncate(out.trim_end().len());
        out.push('\n');
    }
    if !scanner.exclude.is_empty() {
        put(out, "exclude", &quote::list(&scanner.exclude));
    }
}

fn put(out: &mut String, key: &str, value: &str) {
    let _ = writeln!(out, "{} = {value}", quote::key(key));
}

fn comments(out: &mut String, comments: &[String], indent: &str) {
    for comment in comments {
        let _ = writeln!(out, "{indent}{comment}");
    }
}

//! Python's lockfiles in TOML: Poetry's, PDM's and uv's, which differ in how a package writes what it needs.

use super::Listed;
use crate::version::Ecosystem;
use toml::{Table, Value};

pub(super) fn read(text: &str) -> Option<Listed> {
    let lock: Table = text.parse().ok()?;
    let mut graph = Listed::default();
    for package in lock.get("package")?.as_array()? {
        let text = |key: &str| package.get(key).and_then(Value::as_str).unwrap_or_default();
        let (name, version) = (text("name"), text("version"));
        let at = graph.add(key(name), name, version, is_own(package));
        graph.alias(format!("{} {version}", key(name)), at);
        needs(&mut graph, at, package.get("dependencies"));
        // uv writes what extras and groups need apart, in lists by their names.
        for group in ["optional-dependencies", "dev-dependencies"] {
            let lists = package.get(group).and_then(Value::as_table);
            for list in lists.into_iter().flat_map(Table::values) {
                needs(&mut graph, at, Some(list));
            }
        }
    }
    Some(graph)
}

fn key(name: &str) -> String {
    Ecosystem::PyPI.normalize_name(name).into_owned()
}

/// uv lists the project's own packages too.
fn is_own(package: &Value) -> bool {
    let source = package.get("source").and_then(Value::as_table);
    source.is_some_and(|source| {
        ["virtual", "editable", "directory"]
            .iter()
            .any(|kind| source.contains_key(*kind))
    })
}

fn needs(graph: &mut Listed, from: usize, list: Option<&Value>) {
    match list {
        // Poetry: a table by name.
        Some(Value::Table(table)) => {
            for name in table.keys() {
                graph.need(from, vec![key(name)], "");
            }
        }
        Some(Value::Array(list)) => {
            for entry in list {
                graph.need(from, entry_keys(entry), "");
            }
        }
        _ => {}
    }
}

/// uv: `{ name = "…", version = "…" }`; PDM: a requirement as PEP 508 writes it.
fn entry_keys(entry: &Value) -> Vec<String> {
    let field = |name: &str| entry.get(name).and_then(Value::as_str);
    if let Some(text) = entry.as_str() {
        let end = text.find(|c: char| !c.is_ascii_alphanumeric() && !matches!(c, '-' | '_' | '.'));
        return vec![key(&text[..end.unwrap_or(text.len())])];
    }
    let Some(name) = field("name") else {
        return Vec::new();
    };
    let exact = field("version").map(|version| format!("{} {version}", key(name)));
    exact.into_iter().chain([key(name)]).collect()
}

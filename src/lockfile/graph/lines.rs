//! Graphs in files of lines: Yarn's, pnpm's and Bundler's.

use super::Listed;
use crate::lockfile::input::Input;
use crate::lockfile::yaml_lines;
use crate::version::{gem_satisfies, npm_satisfies};

/// Both forms: `name@range, name@range:` heads an entry, `version` and `dependencies` stand below it.
pub(super) fn yarn(text: &str) -> Listed {
    let mut graph = Listed::with_ranges(npm_satisfies);
    let mut head: Vec<&str> = Vec::new();
    let mut entry = None;
    let mut block = "";
    for raw in text.lines() {
        let line = raw.trim();
        let indent = raw.len() - raw.trim_start().len();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        let (key, value) = yarn_pair(line);
        match (indent, key) {
            (0, _) => {
                let patterns = line.trim_end_matches(':').split(", ");
                head = patterns.map(|one| one.trim_matches('"')).collect();
                entry = None;
            }
            (2, "version") => entry = yarn_entry(&mut graph, &head, value),
            (2, _) => block = key,
            _ => {
                let listed = matches!(block, "dependencies" | "optionalDependencies");
                if let Some(at) = entry.filter(|_| listed) {
                    graph.need(at, yarn_keys(key, value), value.trim_start_matches("npm:"));
                }
            }
        }
    }
    graph
}

/// `key "value"`, `key: value`, with or without quotes.
fn yarn_pair(line: &str) -> (&str, &str) {
    let end = match line.strip_prefix('"') {
        Some(rest) => rest.find('"').map_or(line.len(), |end| end + 2),
        None => line.find([' ', ':']).unwrap_or(line.len()),
    };
    let (key, value) = line.split_at(end);
    let value = value.trim_start_matches(':').trim();
    (key.trim_matches('"'), value.trim_matches('"'))
}

fn yarn_entry(graph: &mut Listed, head: &[&str], version: &str) -> Option<usize> {
    let first = head.first()?;
    let name = &first[..1 + first.get(1..)?.find('@')?];
    let own = head.iter().any(|pattern| pattern.contains("@workspace:"));
    let at = graph.add((*first).to_owned(), name, version, own);
    for pattern in head {
        graph.alias((*pattern).to_owned(), at);
    }
    Some(at)
}

fn yarn_keys(name: &str, range: &str) -> Vec<String> {
    vec![format!("{name}@{range}"), format!("{name}@npm:{range}")]
}

/// Since version 6: `packages` or `snapshots` have `name@version` as keys; what the project asks for is in `importers`, or
/// at the top where there is one project.
pub(super) fn pnpm(text: &str) -> Option<Listed> {
    let input = Input::new(text.as_bytes()).ok()?;
    let mut graph = Listed::default();
    let root = graph.add(String::new(), "", "", true);
    let (mut keys, mut indents): (Vec<&str>, Vec<usize>) = (Vec::new(), Vec::new());
    let mut at = None;
    for line in yaml_lines::lines(&input) {
        let line = line.ok()?;
        if line.element {
            continue;
        }
        while indents.last().is_some_and(|indent| *indent >= line.indent) {
            indents.pop();
            keys.pop();
        }
        indents.push(line.indent);
        keys.push(line.key);
        match keys.as_slice() {
            ["packages" | "snapshots", key] => at = pnpm_package(&mut graph, key),
            [
                "packages" | "snapshots",
                _,
                "dependencies" | "optionalDependencies",
                name,
            ] => {
                if let Some(at) = at {
                    graph.need(at, pnpm_keys(name, line.value), "");
                }
            }
            ["importers", _, kind, name, "version"] | [kind, name, "version"]
                if is_pnpm_list(kind) =>
            {
                graph.need(root, pnpm_keys(name, line.value), "");
            }
            _ => {}
        }
    }
    Some(graph)
}

fn is_pnpm_list(kind: &str) -> bool {
    matches!(
        kind,
        "dependencies" | "devDependencies" | "optionalDependencies"
    )
}

/// A package is in both lists since version 9: it is one.
fn pnpm_package(graph: &mut Listed, key: &str) -> Option<usize> {
    let key = key.trim_start_matches('/');
    let bare = key.split('(').next().unwrap_or(key);
    let split = 1 + bare.get(1..)?.rfind('@')?;
    if let Some(at) = graph.known(key) {
        return Some(at);
    }
    let at = graph.add(key.to_owned(), &bare[..split], &bare[split + 1..], false);
    graph.alias(bare.to_owned(), at);
    Some(at)
}

/// The value is a version with its peers, or a whole key where it is an alias.
fn pnpm_keys(name: &str, value: &str) -> Vec<String> {
    let bare = value.split('(').next().unwrap_or(value);
    let whole = value.trim_start_matches('/').to_owned();
    vec![format!("{name}@{value}"), whole, format!("{name}@{bare}")]
}

/// Four blanks and `name (version)` is a package, six are what it needs; `DEPENDENCIES` is what the project asks for.
pub(super) fn bundler(text: &str) -> Listed {
    let mut graph = Listed::with_ranges(gem_satisfies);
    let root = graph.add(String::new(), "", "", true);
    let mut section = "";
    let mut at = root;
    for raw in text.lines() {
        let line = raw.trim();
        let name = line.split([' ', '!']).next().unwrap_or_default();
        let version = line.split(['(', ')']).nth(1).unwrap_or_default();
        match raw.len() - raw.trim_start().len() {
            0 => section = line,
            2 if section == "DEPENDENCIES" => graph.need(root, vec![name.to_owned()], version),
            4 => {
                at = graph.add(name.to_owned(), name, version, false);
            }
            6 => graph.need(at, vec![name.to_owned()], version),
            _ => {}
        }
    }
    graph
}

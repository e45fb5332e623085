//! Yarn: `yarn.lock`, classic (<https://classic.yarnpkg.com/lang/en/docs/yarn-lock/>) and since version 2, which is YAML
//! (<https://yarnpkg.com/advanced/lexicon#lockfile>).

use super::input::{Input, commit_of, file_name};
use super::package::unite;
use super::yaml_lines::unquote;
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use std::collections::HashSet;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "yarn",
    title: "Yarn (yarn.lock)",
    ecosystem: Ecosystem::Npm,
    upgrade: Upgrade::by_depth("yarn upgrade {name}@{version}", "yarn upgrade {top}")
        .and_manifest("yarn upgrade {flag}{name}@{version}", "yarn install")
        .and_removal("yarn remove {name}"),
    matches: |path| file_name(path) == "yarn.lock",
    parse,
};

/// Yarn since version 2 has other commands.
pub(super) const SINCE_2: Upgrade =
    Upgrade::by_depth("yarn up {name}@{version}", "yarn up -R {name}")
        .and_manifest("yarn up {flag}{name}@{version}", "yarn install")
        .and_removal("yarn remove {name}");

#[derive(Default)]
struct Entry<'a> {
    /// What asked for it: `name@range, name@range`.
    patterns: &'a str,
    version: &'a str,
    /// Classic: the archive's address.
    resolved: &'a str,
    /// Since version 2: `name@npm:version`.
    resolution: &'a str,
    /// Classic `integrity`, later `checksum`.
    hash: &'a str,
    /// The names in its `dependencies`.
    needs: Vec<&'a str>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let entries = read(&input)?;
    let asked_for: HashSet<&str> = entries
        .iter()
        .filter(|entry| entry.resolution.contains("@workspace:"))
        .flat_map(|entry| entry.needs.iter().copied())
        .collect();
    let known = entries.iter().any(|entry| !entry.resolution.is_empty());
    let packages = entries.iter().filter_map(|entry| {
        let mut package = package(&input, entry)?;
        if known {
            let (alias, _) = split_name(unquote(entry.patterns))?;
            package.direct = Some(asked_for.contains(alias));
        }
        Some(package)
    });
    Ok(unite(packages.collect()))
}

/// Both forms at once: they differ in whether a colon follows a key.
fn read<'a>(input: &Input<'a>) -> Result<Vec<Entry<'a>>, LockfileError> {
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut block = "";
    for raw in input.text.lines() {
        let Some((indent, text)) = line(raw) else {
            continue;
        };
        if indent == 0 {
            let long = raw.starts_with("? ").then_some(text);
            let Some(patterns) = text.strip_suffix(':').or(long) else {
                return Err(input.error("it has a line that yarn.lock files don't have", text));
            };
            entries.push(Entry {
                patterns,
                ..Entry::default()
            });
            block = "";
        } else if let Some(entry) = entries.last_mut() {
            inside(entry, &mut block, indent, text);
        } else {
            return Err(input.error("it has a field before the first package", text));
        }
    }
    Ok(entries)
}

/// The indentation and text of a line; `None` for an empty one or a comment.
fn line(raw: &str) -> Option<(usize, &str)> {
    let text = raw.trim_start_matches(' ');
    let indent = raw.len() - text.len();
    let text = text.trim_end();
    if text.is_empty() || text.starts_with('#') {
        return None;
    }
    // Long keys are written as `? key`, and `: ` then starts their first field.
    if let Some(rest) = text.strip_prefix(": ") {
        return Some((indent + 2, rest));
    }
    Some((indent, text.strip_prefix("? ").unwrap_or(text)))
}

/// A line inside an entry; `block` is the key of the last line that was indented once.
fn inside<'a>(entry: &mut Entry<'a>, block: &mut &'a str, indent: usize, text: &'a str) {
    let (key, value) = field(text);
    if indent <= 2 {
        *block = key;
        set(entry, key, value);
    } else if matches!(*block, "dependencies" | "optionalDependencies") {
        entry.needs.push(key);
    }
}

/// `key: value`, `key "value"`, `"key" "value"`, `key:`.
fn field(text: &str) -> (&str, &str) {
    let end = match text.strip_prefix('"') {
        Some(rest) => rest.find('"').map(|end| end + 2),
        None => text.find(' '),
    };
    let end = end.unwrap_or(text.len());
    let (key, value) = text.split_at(end);
    let key = key.strip_suffix(':').unwrap_or(key);
    let value = value.strip_prefix(':').unwrap_or(value);
    (unquote(key), unquote(value.trim()))
}

fn set<'a>(entry: &mut Entry<'a>, key: &str, value: &'a str) {
    match key {
        "version" => entry.version = value,
        "resolved" => entry.resolved = value,
        "resolution" => entry.resolution = value,
        "integrity" | "checksum" => entry.hash = value,
        _ => {}
    }
}

fn package(input: &Input<'_>, entry: &Entry<'_>) -> Option<Package> {
    // The project itself; its other folders are packages of their own.
    if entry.resolution.ends_with("@workspace:.") {
        return None;
    }
    if entry.patterns.starts_with("__") {
        return None;
    }
    let (name, range) = named(entry)?;
    // `alias@npm:real@range` in the classic form.
    let name = match range.strip_prefix("npm:").and_then(split_name) {
        Some((real, _)) if entry.resolution.is_empty() => real,
        _ => name,
    };
    let place = if entry.version.is_empty() {
        name
    } else {
        entry.version
    };
    let mut package = Package::new(Ecosystem::Npm, name, entry.version, input.span(place));
    let address = if entry.resolved.is_empty() {
        range
    } else {
        entry.resolved
    };
    package.source = source(address, range);
    package.hash = input.span(entry.hash);
    package.address = input.span(entry.resolved);
    Some(package)
}

/// The name and the range or resolution of an entry.
fn named<'a>(entry: &Entry<'a>) -> Option<(&'a str, &'a str)> {
    let first = unquote(entry.patterns.split(", ").next()?.trim_matches('"'));
    match entry.resolution {
        // Without a range it was asked for in any version.
        "" if !entry.version.is_empty() => Some(split_name(first).unwrap_or((first, ""))),
        "" => split_name(first),
        resolution => split_name(resolution),
    }
}

/// Splits `@scope/name@rest` after the name.
fn split_name(text: &str) -> Option<(&str, &str)> {
    let at = 1 + text.get(1..)?.find('@')?;
    Some((&text[..at], &text[at + 1..]))
}

fn source(address: &str, range: &str) -> Source {
    if ["file:", "link:", "portal:", "workspace:"]
        .iter()
        .any(|kind| range.starts_with(kind))
    {
        return Source::Path;
    }
    let git =
        address.starts_with("git") || address.contains(".git#") || address.contains("commit=");
    if git || range.contains("github.com") {
        return Source::Git {
            commit: commit_of(address).map(str::to_owned),
        };
    }
    let archive = range.starts_with("http") && !range.contains("/-/");
    if archive {
        Source::Url
    } else {
        Source::Registry
    }
}

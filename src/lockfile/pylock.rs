//! The common lockfile of Python's tools: `pylock.toml`, `pylock.*.toml`
//! (<https://packaging.python.org/en/latest/specifications/pylock-toml/>).

use super::input::{Input, file_name};
use super::toml_lines::{Item, Reader, Value};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "pylock",
    title: "Python (pylock.toml)",
    ecosystem: Ecosystem::PyPI,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| {
        let name = file_name(path);
        name == "pylock.toml" || (name.starts_with("pylock.") && name.ends_with(".toml"))
    },
    parse,
};

#[derive(Default)]
struct Entry<'a> {
    name: Option<Value<'a>>,
    version: Option<Value<'a>>,
    commit: Option<Value<'a>>,
    folder: Option<Value<'a>>,
    archive: bool,
    /// The first and the last of what names hashes.
    hashes: Option<(Value<'a>, Value<'a>)>,
}

impl<'a> Entry<'a> {
    fn hashed(&mut self, value: Value<'a>) {
        let first = self.hashes.map_or(value, |(first, _)| first);
        self.hashes = Some((first, value));
    }
}

/// Which table of a package is being read.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Package,
    Vcs,
    Folder,
    Other,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut reader = Reader::new(input);
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut part = Part::Other;
    while let Some(item) = reader.next()? {
        match item {
            Item::Element("packages") => {
                entries.push(Entry::default());
                part = Part::Package;
            }
            Item::Table(head) | Item::Element(head) => part = sub_table(head, entries.last_mut()),
            Item::Pair("packages", list) => entries.extend(list.elements().map(inline)),
            Item::Pair(key, value) => note(entries.last_mut(), part, key, value),
        }
    }
    Ok(entries
        .iter()
        .filter_map(|entry| package(&input, entry))
        .collect())
}

fn sub_table(head: &str, entry: Option<&mut Entry<'_>>) -> Part {
    match (head, entry) {
        ("packages.vcs", _) => return Part::Vcs,
        ("packages.directory", _) => return Part::Folder,
        ("packages.archive", Some(entry)) => entry.archive = true,
        _ => {}
    }
    Part::Other
}

/// pip writes a short list as one array of inline tables.
fn inline(table: Value<'_>) -> Entry<'_> {
    let mut entry = Entry::default();
    for key in [
        "name",
        "version",
        "vcs",
        "directory",
        "archive",
        "sdist",
        "wheels",
    ] {
        if let Some(value) = table.field(key) {
            note(Some(&mut entry), Part::Package, key, value);
        }
    }
    entry
}

fn note<'a>(entry: Option<&mut Entry<'a>>, part: Part, key: &str, value: Value<'a>) {
    let Some(entry) = entry else { return };
    match (part, key) {
        (Part::Package, "name") => entry.name = Some(value),
        (Part::Package, "version") => entry.version = Some(value),
        (Part::Package, "vcs") => entry.commit = value.field("commit-id"),
        (Part::Package, "directory") => entry.folder = value.field("path").or(Some(value)),
        (Part::Folder, "path") => entry.folder = Some(value),
        (Part::Package, "archive") => {
            entry.archive = true;
            entry.hashed(value);
        }
        (Part::Package, "sdist" | "wheels") | (Part::Other, "hashes") => entry.hashed(value),
        (Part::Vcs, "commit-id") => entry.commit = Some(value),
        _ => {}
    }
}

/// The folder of the lockfile itself, where it has no version, is the project.
fn package(input: &Input<'_>, entry: &Entry<'_>) -> Option<Package> {
    let name = entry.name.and_then(Value::string)?;
    let commit = entry.commit.and_then(Value::string);
    let version = entry.version.and_then(Value::string).unwrap_or_default();
    let folder = entry.folder.and_then(Value::string);
    if version.is_empty() && folder.as_deref() == Some(".") {
        return None;
    }
    let place = entry.version.or(entry.name).map_or("", |value| value.0);
    let mut package = Package::new(Ecosystem::PyPI, name, version, input.span(place));
    if let Some((first, last)) = entry.hashes {
        let (first, last) = (input.span(first.0), input.span(last.0));
        package.hash = first.start.min(last.start)..last.end.max(first.end);
    }
    if let Some(commit) = commit {
        package.source = Source::Git {
            commit: Some(commit.into_owned()),
        };
    } else if entry.folder.is_some() {
        package.source = Source::Path;
    } else if entry.archive {
        package.source = Source::Url;
    }
    Some(package)
}

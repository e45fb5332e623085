//! Poetry: `poetry.lock` of all lock versions (<https://python-poetry.org/docs/basic-usage/#installing-with-poetrylock>).

use super::input::{Input, commit_of, file_name};
use super::toml_lines::{Item, Reader, Value};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use std::collections::HashMap;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "poetry",
    title: "Poetry (poetry.lock)",
    ecosystem: Ecosystem::PyPI,
    upgrade: Upgrade::new("poetry update {name}")
        .and_manifest("poetry add {flag}'{name}{@spec}'", "poetry update {name}")
        .and_removal("poetry remove {flag}{name}"),
    matches: |path| file_name(path) == "poetry.lock",
    parse,
};

/// Which table of a package is being read.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Package,
    Source,
    /// `[metadata.files]`, where the archives stood before lock version 2.
    Files,
    Other,
}

#[derive(Default)]
struct Entry<'a> {
    name: Option<Value<'a>>,
    version: Option<Value<'a>>,
    dev: bool,
    optional: bool,
    source_type: Option<Value<'a>>,
    reference: Option<Value<'a>>,
    address: Option<Value<'a>>,
    files: Option<Value<'a>>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut reader = Reader::new(input);
    let mut out = Vec::new();
    let mut entry: Option<Entry<'_>> = None;
    let mut part = Part::Other;
    let mut files: HashMap<String, &str> = HashMap::new();
    while let Some(item) = reader.next()? {
        match item {
            Item::Element("package") => {
                finish(&input, entry.replace(Entry::default()), &mut out)?;
                part = Part::Package;
            }
            Item::Table("package.source") => part = Part::Source,
            Item::Table("metadata.files") => part = Part::Files,
            Item::Table(_) | Item::Element(_) => part = Part::Other,
            Item::Pair(key, value) if part == Part::Files => {
                files.insert(normal(key), value.0);
            }
            Item::Pair(key, value) => note(&input, entry.as_mut(), part, key, value)?,
        }
    }
    finish(&input, entry, &mut out)?;
    hashed(&input, &files, &mut out);
    Ok(out)
}

/// Gives packages the hashes that stand in a table of their own.
fn hashed(input: &Input<'_>, files: &HashMap<String, &str>, out: &mut [Package]) {
    for package in out.iter_mut().filter(|package| package.hash.is_empty()) {
        if let Some(list) = files.get(&normal(&package.name)) {
            package.hash = input.span(list);
        }
    }
}

fn normal(name: &str) -> String {
    Ecosystem::PyPI.normalize_name(name).into_owned()
}

fn note<'a>(
    input: &Input<'_>,
    entry: Option<&mut Entry<'a>>,
    part: Part,
    key: &str,
    value: Value<'a>,
) -> Result<(), LockfileError> {
    let Some(entry) = entry else {
        return listed(input, part, key, value);
    };
    match part {
        Part::Package => set(entry, key, value),
        Part::Source => set_source(entry, key, value),
        Part::Files | Part::Other => {}
    }
    Ok(())
}

/// Poetry writes an empty list where there are no packages.
fn listed(input: &Input<'_>, part: Part, key: &str, value: Value<'_>) -> Result<(), LockfileError> {
    let listed = key == "package" && value.elements().next().is_some();
    if listed && part == Part::Other {
        return Err(input.error("packages must be written as `[[package]]`", value.0));
    }
    Ok(())
}

fn set_source<'a>(entry: &mut Entry<'a>, key: &str, value: Value<'a>) {
    match key {
        "type" => entry.source_type = Some(value),
        "url" => entry.address = Some(value),
        "resolved_reference" => entry.reference = Some(value),
        _ => {}
    }
}

fn set<'a>(entry: &mut Entry<'a>, key: &str, value: Value<'a>) {
    let is_main = |group: Value<'_>| group.string().is_some_and(|name| name == "main");
    match key {
        "name" => entry.name = Some(value),
        "version" => entry.version = Some(value),
        "files" => entry.files = Some(value),
        "optional" => entry.optional = value.is_true(),
        // One category before lock version 2.1, any number of groups since.
        "category" => entry.dev = !is_main(value),
        "groups" => entry.dev = !value.elements().any(is_main),
        _ => {}
    }
}

fn finish(
    input: &Input<'_>,
    entry: Option<Entry<'_>>,
    out: &mut Vec<Package>,
) -> Result<(), LockfileError> {
    let Some(entry) = entry else { return Ok(()) };
    let (Some(name), Some(version)) = (
        entry.name.and_then(Value::string),
        entry.version.and_then(Value::string),
    ) else {
        return Err(input.error(
            "a package has no name or no version",
            entry
                .name
                .or(entry.version)
                .map_or(&input.text[..0], |value| value.0),
        ));
    };
    let raw = entry.version.map_or("", |value| value.0);
    let mut package = Package::new(Ecosystem::PyPI, name, version, input.span(raw));
    package.dev = entry.dev;
    package.optional = entry.optional;
    let place = |value: Option<Value<'_>>| value.map_or(0..0, |value| input.span(value.0));
    package.hash = place(entry.files);
    package.address = place(entry.address);
    package.source = match entry.source_type.and_then(Value::string).as_deref() {
        None | Some("legacy") => Source::Registry,
        Some("git") => Source::Git {
            commit: entry
                .reference
                .and_then(Value::string)
                .and_then(|reference| commit_of(&reference).map(str::to_owned)),
        },
        Some("directory" | "file") => Source::Path,
        Some("url") => Source::Url,
        Some(_) => Source::Unknown,
    };
    out.push(package);
    Ok(())
}

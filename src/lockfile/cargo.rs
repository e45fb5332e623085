//! Cargo: `Cargo.lock`, versions 1 to 4 (<https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html>).

use super::input::{Input, commit_of, file_name};
use super::toml_lines::{Item, Reader, Value};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use std::borrow::Cow;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "cargo",
    title: "Cargo (Cargo.lock)",
    ecosystem: Ecosystem::CratesIo,
    upgrade: Upgrade::new("cargo update -p {name}@{old} --precise {version}"),
    matches: |path| file_name(path) == "Cargo.lock",
    parse,
};

#[derive(Default)]
struct Entry<'a> {
    name: Option<Value<'a>>,
    version: Option<Value<'a>>,
    source: Option<Value<'a>>,
    dependencies: Option<Value<'a>>,
    checksum: Option<Value<'a>>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut reader = Reader::new(input);
    let mut out = Vec::new();
    // Names and versions that the project's own packages ask for; an empty version is the only one there is.
    let mut asked_for = Vec::new();
    let mut entry: Option<Entry<'_>> = None;
    while let Some(item) = reader.next()? {
        match item {
            // Version 1 has the project itself as `[root]`.
            Item::Element("package") | Item::Table("root") => {
                finish(
                    &input,
                    entry.replace(Entry::default()),
                    &mut out,
                    &mut asked_for,
                )?;
            }
            Item::Table(_) | Item::Element(_) => {
                finish(&input, entry.take(), &mut out, &mut asked_for)?;
            }
            Item::Pair(key, value) => note(&input, entry.as_mut(), key, value)?,
        }
    }
    finish(&input, entry, &mut out, &mut asked_for)?;
    asked_for.sort_unstable();
    for package in &mut out {
        let Package { name, version, .. } = &*package;
        let asks = |version| asked_for.binary_search(&(name.as_str(), version)).is_ok();
        package.direct = Some(asks("") || asks(version.as_str()));
    }
    Ok(out)
}

fn note<'a>(
    input: &Input<'_>,
    entry: Option<&mut Entry<'a>>,
    key: &str,
    value: Value<'a>,
) -> Result<(), LockfileError> {
    let Some(entry) = entry else {
        // A form that TOML allows and Cargo never writes: better refused than read as "no packages".
        if key.starts_with("package") {
            return Err(input.error("packages must be written as `[[package]]`", value.0));
        }
        return Ok(());
    };
    match key {
        "name" => entry.name = Some(value),
        "version" => entry.version = Some(value),
        "source" => entry.source = Some(value),
        "dependencies" => entry.dependencies = Some(value),
        "checksum" => entry.checksum = Some(value),
        _ => {}
    }
    Ok(())
}

fn finish<'a>(
    input: &Input<'a>,
    entry: Option<Entry<'a>>,
    out: &mut Vec<Package>,
    asked_for: &mut Vec<(&'a str, &'a str)>,
) -> Result<(), LockfileError> {
    let Some(entry) = entry else { return Ok(()) };
    let (Some((_, name)), Some((raw, version))) = (string(entry.name), string(entry.version))
    else {
        return Err(input.error(
            "a package has no name or no version",
            entry
                .name
                .or(entry.version)
                .map_or(&input.text[..0], |value| value.0),
        ));
    };
    let mut package = Package::new(Ecosystem::CratesIo, name, version, input.span(raw));
    let place = |value: Option<Value<'_>>| value.map_or(0..0, |value| input.span(value.0));
    package.hash = place(entry.checksum);
    package.address = place(entry.source);
    match entry.source.and_then(Value::string) {
        Some(source) => package.source = source_of(&source),
        None => {
            package.source = Source::Path;
            if let Some(list) = entry.dependencies {
                asked_for.extend(list.elements().filter_map(dependency));
            }
        }
    }
    out.push(package);
    Ok(())
}

/// The raw slice and the text of a string.
fn string(value: Option<Value<'_>>) -> Option<(&str, Cow<'_, str>)> {
    let value = value?;
    Some((value.0, value.string()?))
}

/// `name`, `name version` or `name version (source)`.
fn dependency(value: Value<'_>) -> Option<(&str, &str)> {
    let mut words = value.0.trim_matches('"').split(' ');
    let name = words.next().filter(|name| !name.is_empty())?;
    Some((name, words.next().unwrap_or_default()))
}

fn source_of(source: &str) -> Source {
    match source.split('+').next() {
        Some("registry" | "sparse") => Source::Registry,
        Some("git") => Source::Git {
            commit: commit_of(source).map(str::to_owned),
        },
        Some("path" | "directory" | "local-registry") => Source::Path,
        _ => Source::Unknown,
    }
}

//! Gradle: version catalogs, `libs.versions.toml` (<https://docs.gradle.org/current/userguide/version_catalogs.html>).
//!
//! No lockfile, but where a catalog names a version a build asks for that version. Ranges say nothing of what is used, so
//! such a library has no version; nor has one whose version stands elsewhere.

use super::input::{Input, file_name};
use super::toml_lines::{Item, Reader, Value};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;
use std::borrow::Cow;
use std::collections::HashMap;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "gradle-catalog",
    title: "Gradle (libs.versions.toml)",
    ecosystem: Ecosystem::Maven,
    upgrade: Upgrade::new("write version {version} for {name} in {file}")
        .and_removal("take {name} out of {file}"),
    matches: |path| file_name(path).ends_with(".versions.toml"),
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut reader = Reader::new(input);
    let mut table = "";
    let mut versions: HashMap<&str, Value<'_>> = HashMap::new();
    let mut entries: Vec<(bool, Value<'_>)> = Vec::new();
    while let Some(item) = reader.next()? {
        match (item, table) {
            (Item::Table(name) | Item::Element(name), _) => table = name,
            (Item::Pair(key, value), "versions") => {
                versions.insert(key, value);
            }
            (Item::Pair(_, value), "libraries") => entries.push((false, value)),
            (Item::Pair(_, value), "plugins") => entries.push((true, value)),
            (Item::Pair(..), _) => {}
        }
    }
    Ok(entries
        .iter()
        .filter_map(|(plugin, value)| entry(&input, &versions, *plugin, *value))
        .collect())
}

/// `"group:artifact:version"`, or a table of the same; a plugin is published under its id twice.
fn entry<'a>(
    input: &Input<'_>,
    versions: &HashMap<&str, Value<'a>>,
    plugin: bool,
    value: Value<'a>,
) -> Option<Package> {
    let (id, version, place) = match value.string() {
        Some(text) => {
            let mut parts = text.splitn(3, ':');
            let id = format!("{}:{}", parts.next()?, parts.next()?);
            (id, parts.next().unwrap_or_default().to_owned(), value.0)
        }
        None => {
            let (version, place) = version(versions, value).unwrap_or((Cow::Borrowed(""), value.0));
            (id(value)?, version.into_owned(), place)
        }
    };
    let name = if plugin {
        format!("{id}:{id}.gradle.plugin")
    } else {
        id
    };
    let version = if exact(&version) {
        version
    } else {
        String::new()
    };
    let fine = name.split(':').filter(|part| !part.is_empty()).count() == 2;
    let mut package = fine.then(|| {
        let span = input.span(place);
        Package::new(Ecosystem::Maven, name, version, span)
    })?;
    package.direct = Some(true);
    Some(package)
}

fn id(value: Value<'_>) -> Option<String> {
    let field = |key| value.field(key).and_then(Value::string);
    if let Some(whole) = field("module").or_else(|| field("id")) {
        return Some(whole.into_owned());
    }
    Some(format!("{}:{}", field("group")?, field("name")?))
}

/// The version of an entry and where it stands: its own, or the one that it refers to.
fn version<'a>(
    versions: &HashMap<&str, Value<'a>>,
    value: Value<'a>,
) -> Option<(Cow<'a, str>, &'a str)> {
    let own = value.field("version");
    let named = value
        .field("version.ref")
        .or_else(|| own.and_then(|own| own.field("ref")));
    let written = match named {
        Some(name) => *versions.get(&*name.string()?)?,
        None => own?,
    };
    match written.string() {
        Some(text) => Some((text, written.0)),
        // A rich version: what it insists on, else what it asks for.
        None => ["strictly", "require", "prefer"].iter().find_map(|key| {
            let value = written.field(key)?;
            let text = value.string().filter(|text| exact(text))?;
            Some((text, value.0))
        }),
    }
}

/// Not a range, nothing that moves.
fn exact(version: &str) -> bool {
    !version.is_empty()
        && !version.contains(['[', ']', '(', ')', ',', '+', '$'])
        && !version.starts_with("latest.")
}

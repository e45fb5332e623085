//! PDM: `pdm.lock` (<https://pdm-project.org/en/latest/usage/lockfile/>).

use super::input::{Input, file_name};
use super::toml_lines::{Item, Reader, Value};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "pdm",
    title: "PDM (pdm.lock)",
    ecosystem: Ecosystem::PyPI,
    upgrade: Upgrade::new("pdm update {name}")
        .and_manifest("pdm add {flag}'{name}{spec}'", "pdm update {name}")
        .and_removal("pdm remove {flag}{name}"),
    matches: |path| file_name(path) == "pdm.lock",
    parse,
};

#[derive(Default)]
struct Entry<'a> {
    name: Option<Value<'a>>,
    version: Option<Value<'a>>,
    groups: Option<Value<'a>>,
    git: bool,
    revision: Option<Value<'a>>,
    path: bool,
    files: Option<Value<'a>>,
    url: bool,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut reader = Reader::new(input);
    let mut out = Vec::new();
    let mut entry: Option<Entry<'_>> = None;
    while let Some(item) = reader.next()? {
        match item {
            Item::Element("package") => finish(&input, entry.replace(Entry::default()), &mut out)?,
            Item::Table(_) | Item::Element(_) => finish(&input, entry.take(), &mut out)?,
            Item::Pair(key, value) => note(entry.as_mut(), key, value),
        }
    }
    finish(&input, entry, &mut out)?;
    Ok(out)
}

fn note<'a>(entry: Option<&mut Entry<'a>>, key: &str, value: Value<'a>) {
    let Some(entry) = entry else { return };
    match key {
        "name" => entry.name = Some(value),
        "version" => entry.version = Some(value),
        "groups" => entry.groups = Some(value),
        "git" => entry.git = true,
        "revision" => entry.revision = Some(value),
        "files" => entry.files = Some(value),
        "path" => entry.path = true,
        "url" => entry.url = true,
        _ => {}
    }
}

fn finish(
    input: &Input<'_>,
    entry: Option<Entry<'_>>,
    out: &mut Vec<Package>,
) -> Result<(), LockfileError> {
    let Some(entry) = entry else { return Ok(()) };
    let Some(name) = entry.name.and_then(Value::string) else {
        return Err(input.error("a package has no name", &input.text[..0]));
    };
    let version = entry.version.and_then(Value::string).unwrap_or_default();
    let place = entry.version.or(entry.name).map_or("", |value| value.0);
    let mut package = Package::new(Ecosystem::PyPI, name, version, input.span(place));
    package.hash = entry.files.map_or(0..0, |files| input.span(files.0));
    let groups: Vec<_> = entry.groups.map_or_else(Vec::new, |groups| {
        groups.elements().filter_map(Value::string).collect()
    });
    let main = groups.is_empty() || groups.iter().any(|group| group == "default");
    package.dev = !main && groups.iter().any(|group| group == "dev");
    package.optional = !main && !package.dev;
    if entry.git {
        package.source = Source::Git {
            commit: entry
                .revision
                .and_then(Value::string)
                .map(std::borrow::Cow::into_owned),
        };
    } else if entry.path {
        package.source = Source::Path;
    } else if entry.url {
        package.source = Source::Url;
    }
    out.push(package);
    Ok(())
}

//! uv: `uv.lock` (<https://docs.astral.sh/uv/concepts/projects/layout/#the-lockfile>).
//!
//! The file holds the graph, not what is for development: that is what only development groups reach.

use super::input::{Input, commit_of, file_name};
use super::reach::Graph;
use super::toml_lines::{Item, Reader, Value};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use compact_str::CompactString;
use std::collections::HashSet;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "uv",
    title: "uv (uv.lock)",
    ecosystem: Ecosystem::PyPI,
    upgrade: Upgrade::by_use(
        "uv add '{name}>={version}'",
        "uv lock --upgrade-package {name}=={version}",
    )
    .and_manifest("uv add {flag}'{name}{spec}'", "uv lock")
    .and_removal("uv remove {flag}{name}"),
    matches: |path| file_name(path) == "uv.lock",
    parse,
};

/// Which table of a package is being read.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    Package,
    Optional,
    Dev,
    Other,
}

#[derive(Default)]
struct Entry<'a> {
    name: Option<Value<'a>>,
    version: Option<Value<'a>>,
    source: Option<Value<'a>>,
    /// `sdist` and `wheels`, which stand one after the other.
    archives: Option<(Value<'a>, Value<'a>)>,
    main: Vec<Value<'a>>,
    optional: Vec<Value<'a>>,
    dev: Vec<Value<'a>>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut reader = Reader::new(input);
    let mut entries: Vec<Entry<'_>> = Vec::new();
    let mut part = Part::Other;
    while let Some(item) = reader.next()? {
        match item {
            Item::Element("package") => {
                entries.push(Entry::default());
                part = Part::Package;
            }
            Item::Table("package.optional-dependencies") => part = Part::Optional,
            Item::Table("package.dev-dependencies" | "package.dependency-groups") => {
                part = Part::Dev;
            }
            Item::Table(_) | Item::Element(_) => part = Part::Other,
            Item::Pair(key, value) => note(entries.last_mut(), part, key, value),
        }
    }
    let mut out = entries
        .iter()
        .map(|entry| package(&input, entry))
        .collect::<Result<Vec<_>, _>>()?;
    classify(&entries, &mut out);
    // The project itself, where it is nothing that could be installed.
    let mut entries = entries.iter();
    out.retain(|_| !entries.next().is_some_and(is_virtual_root));
    Ok(out)
}

fn note<'a>(entry: Option<&mut Entry<'a>>, part: Part, key: &str, value: Value<'a>) {
    let Some(entry) = entry else { return };
    match (part, key) {
        (Part::Package, "name") => entry.name = Some(value),
        (Part::Package, "version") => entry.version = Some(value),
        (Part::Package, "source") => entry.source = Some(value),
        (Part::Package, "sdist" | "wheels") => {
            let first = entry.archives.map_or(value, |(first, _)| first);
            entry.archives = Some((first, value));
        }
        (Part::Package, "dependencies") => entry.main.push(value),
        (Part::Optional, _) => entry.optional.push(value),
        (Part::Dev, _) => entry.dev.push(value),
        _ => {}
    }
}

fn package(input: &Input<'_>, entry: &Entry<'_>) -> Result<Package, LockfileError> {
    let Some((raw, name)) = entry
        .name
        .and_then(|value| Some((value.0, value.string()?)))
    else {
        return Err(input.error("a package has no name", &input.text[..0]));
    };
    // The project itself may have no version: it is dynamic.
    let version = entry.version.and_then(Value::string).unwrap_or_default();
    let place = entry.version.map_or(raw, |value| value.0);
    let mut package = Package::new(Ecosystem::PyPI, name, version, input.span(place));
    package.source = entry.source.map_or(Source::Unknown, source);
    if let Some((first, last)) = entry.archives {
        package.hash = input.span(first.0).start..input.span(last.0).end;
    }
    let registry = entry.source.and_then(|source| source.field("registry"));
    package.address = registry.map_or(0..0, |address| input.span(address.0));
    Ok(package)
}

fn is_virtual_root(entry: &Entry<'_>) -> bool {
    let folder = entry.source.and_then(|source| source.field("virtual"));
    folder.and_then(Value::string).as_deref() == Some(".")
}

fn source(value: Value<'_>) -> Source {
    if value.field("registry").is_some() {
        return Source::Registry;
    }
    if let Some(address) = value.field("git").and_then(Value::string) {
        return Source::Git {
            commit: commit_of(&address).map(str::to_owned),
        };
    }
    if value.field("url").is_some() {
        return Source::Url;
    }
    let own = ["editable", "virtual", "directory", "path"];
    if own.iter().any(|key| value.field(key).is_some()) {
        return Source::Path;
    }
    Source::Unknown
}

/// Fills in what is direct, optional and for development, from what the project's own packages need.
fn classify(entries: &[Entry<'_>], out: &mut [Package]) {
    let names: Vec<CompactString> = out.iter().map(|package| package.name.clone()).collect();
    let mut graph = Graph::default();
    let (mut main, mut optional, mut dev) = (Vec::new(), Vec::new(), Vec::new());
    for ((entry, name), package) in entries.iter().zip(&names).zip(out.iter()) {
        let own = package.source == Source::Path;
        let (extra_list, dev_list) = (named(&entry.optional), named(&entry.dev));
        if own {
            main.push(name.as_str());
            optional.extend(extra_list);
            dev.extend(dev_list);
        } else {
            extra_list
                .into_iter()
                .for_each(|to| graph.add(name.as_str(), to));
        }
        named(&entry.main)
            .into_iter()
            .for_each(|to| graph.add(name.as_str(), to));
    }
    if main.is_empty() {
        return;
    }
    let own: HashSet<&str> = main.iter().copied().collect();
    let mut direct: HashSet<&str> = optional.iter().chain(&dev).copied().collect();
    for (entry, name) in entries.iter().zip(&names) {
        if own.contains(name.as_str()) {
            direct.extend(named(&entry.main));
        }
    }
    let needed = graph.reach(main.iter().copied());
    let extra = graph.reach(optional);
    let develop = graph.reach(dev);
    for (package, name) in out.iter_mut().zip(&names) {
        let reached = needed.contains(name.as_str());
        package.optional = !reached && extra.contains(name.as_str());
        package.dev = !reached && !package.optional && develop.contains(name.as_str());
        package.direct = Some(direct.contains(name.as_str()));
    }
}

/// The names in lists of `{ name = "…" }`.
fn named<'a>(lists: &[Value<'a>]) -> Vec<&'a str> {
    lists
        .iter()
        .flat_map(|list| list.elements())
        .filter_map(|element| element.field("name"))
        .map(|name| name.0.trim_matches('"'))
        .collect()
}

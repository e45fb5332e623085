//! pnpm: `pnpm-lock.yaml`, versions 5 to 9 (<https://github.com/pnpm/spec/tree/master/lockfile>).

use super::input::{Input, commit_of, file_name};
use super::package::unite;
use super::reach::Graph;
use super::yaml_lines::{flow_field, lines};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use std::collections::HashSet;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "pnpm",
    title: "pnpm (pnpm-lock.yaml)",
    ecosystem: Ecosystem::Npm,
    upgrade: Upgrade::by_depth("pnpm update {name}@{version}", "pnpm update {name}")
        .and_manifest("pnpm {flag}update {name}@{version}", "pnpm install")
        .and_removal("pnpm {flag}remove {name}"),
    matches: |path| file_name(path) == "pnpm-lock.yaml",
    parse,
};

#[derive(Default)]
struct Entry<'a> {
    key: &'a str,
    name: &'a str,
    version: &'a str,
    resolution: &'a str,
    /// The commit of a resolution that is written as a block.
    commit: &'a str,
    dev: bool,
    optional: bool,
}

#[derive(Default)]
struct Lock<'a> {
    /// Whether keys are written as before version 6: `/name/version_peers`.
    slashed: bool,
    /// Whether keys are paths, as before version 9.
    paths: bool,
    entries: Vec<Entry<'a>>,
    /// Names and versions that the project asks for, by the kind of dependency.
    main: Vec<(&'a str, &'a str)>,
    dev: Vec<(&'a str, &'a str)>,
    optional: Vec<(&'a str, &'a str)>,
    /// Since version 9 the graph stands apart.
    graph_apart: bool,
    /// Who needs which name and version there.
    snapshots: Vec<(&'a str, &'a str, &'a str)>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut lock = Lock::default();
    // The keys that the line stands under, its own last, and how far each is indented.
    let (mut keys, mut indents): (Vec<&str>, Vec<usize>) = (Vec::new(), Vec::new());
    for line in lines(&input) {
        let line = line?;
        if line.element {
            continue;
        }
        while indents.last().is_some_and(|indent| *indent >= line.indent) {
            indents.pop();
            keys.pop();
        }
        indents.push(line.indent);
        keys.push(line.key);
        note(&mut lock, &keys, line.value);
    }
    let is_path = |key: &str| key.contains(['/', ':']);
    if let Some(entry) = lock
        .entries
        .iter()
        .find(|entry| lock.paths && !is_path(entry.key))
    {
        let message = format!("`{}` is no path of a package", entry.key.escape_default());
        return Err(input.error(message, entry.key));
    }
    let classes = Classes::of(&lock);
    let packages = lock
        .entries
        .iter()
        .filter_map(|entry| package(&input, &lock, entry, &classes));
    Ok(unite(packages.collect()))
}

fn note<'a>(lock: &mut Lock<'a>, keys: &[&'a str], value: &'a str) {
    match keys {
        ["lockfileVersion"] => {
            lock.slashed = value.starts_with(['4', '5']);
            lock.paths = value.starts_with(['4', '5', '6', '7', '8']);
        }
        ["packages", key] => lock.entries.push(Entry {
            key,
            ..Entry::default()
        }),
        ["packages", _, field @ ..] => {
            if let Some(entry) = lock.entries.last_mut() {
                set(entry, field, value);
            }
        }
        ["snapshots", _] => lock.graph_apart = true,
        [
            "snapshots",
            from,
            "dependencies" | "optionalDependencies",
            name,
        ] => {
            lock.snapshots.push((from, name, value));
        }
        ["importers", _, kind, name] | [kind, name] => ask(lock, kind, name, value),
        ["importers", _, kind, name, "version"] | [kind, name, "version"] => {
            ask(lock, kind, name, value);
        }
        _ => {}
    }
}

fn set<'a>(entry: &mut Entry<'a>, field: &[&str], value: &'a str) {
    match field {
        ["name"] => entry.name = value,
        ["version"] => entry.version = value,
        ["resolution"] => entry.resolution = value,
        ["resolution", "commit"] => entry.commit = value,
        ["dev"] => entry.dev = value == "true",
        ["optional"] => entry.optional = value == "true",
        _ => {}
    }
}

/// A line of a project's `dependencies`; since version 6 the version stands in a line of its own below.
fn ask<'a>(lock: &mut Lock<'a>, kind: &str, name: &'a str, version: &'a str) {
    let list = match kind {
        "dependencies" => &mut lock.main,
        "devDependencies" => &mut lock.dev,
        "optionalDependencies" => &mut lock.optional,
        _ => return,
    };
    if !version.is_empty() {
        list.push((name, version));
    }
}

/// A package's name and version, the version without peers.
type Id<'a> = (&'a str, &'a str);

/// Which packages are asked for, and what only development or options reach.
struct Classes<'a> {
    direct: HashSet<Id<'a>>,
    /// Before version 9 each package says so itself.
    reached: Option<Reached<'a>>,
}

struct Reached<'a> {
    main: HashSet<Id<'a>>,
    optional: HashSet<Id<'a>>,
    dev: HashSet<Id<'a>>,
}

impl<'a> Classes<'a> {
    fn of(lock: &Lock<'a>) -> Self {
        let ids = |list: &[(&'a str, &'a str)]| -> Vec<Id<'a>> {
            list.iter()
                .map(|(name, version)| node(lock, name, version))
                .collect()
        };
        let (main, dev, optional) = (ids(&lock.main), ids(&lock.dev), ids(&lock.optional));
        let bare = |(name, version): Id<'a>| (name, without_peers(version));
        let direct = [&main, &dev, &optional]
            .into_iter()
            .flatten()
            .copied()
            .map(bare)
            .collect();
        let reached = lock.graph_apart.then(|| {
            let mut graph = Graph::default();
            for (from, name, version) in &lock.snapshots {
                if let Some(from) = split_key(from, false) {
                    graph.add(from, node(lock, name, version));
                }
            }
            let reach = |roots: Vec<Id<'a>>| graph.reach(roots).into_iter().map(bare).collect();
            Reached {
                main: reach(main),
                optional: reach(optional),
                dev: reach(dev),
            }
        });
        Self { direct, reached }
    }
}

/// What a dependency leads to: its value is a version, or a whole key where it is an alias. Peers stay: they tell
/// installations of one package apart.
fn node<'a>(lock: &Lock<'_>, name: &'a str, version: &'a str) -> Id<'a> {
    if let Some(key) = version.strip_prefix('/') {
        return split_key(key, lock.slashed).unwrap_or((name, version));
    }
    let bare = without_peers(version);
    let alias = bare.get(1..).is_some_and(|rest| rest.contains('@')) && !bare.contains(':');
    if alias && !lock.slashed {
        return split_key(version, false).unwrap_or((name, version));
    }
    let version = if lock.slashed {
        version.split('_').next().unwrap_or(version)
    } else {
        version
    };
    (name, version)
}

/// A key without the peers in parentheses.
fn without_peers(key: &str) -> &str {
    key.split('(').next().unwrap_or(key)
}

fn package(
    input: &Input<'_>,
    lock: &Lock<'_>,
    entry: &Entry<'_>,
    classes: &Classes<'_>,
) -> Option<Package> {
    let key = without_peers(entry.key).trim_start_matches('/');
    // What the entry says itself goes before what its key says.
    let (of_key, key_version) = split_key(key, lock.slashed).unwrap_or_default();
    let name = Some(entry.name)
        .filter(|own| !own.is_empty())
        .unwrap_or(of_key);
    let version = Some(entry.version)
        .filter(|own| !own.is_empty())
        .unwrap_or(key_version);
    if name.is_empty() || version.is_empty() {
        return None;
    }
    let mut package = Package::new(Ecosystem::Npm, name, version, input.span(version));
    package.source = source(entry, key);
    package.hash = flow_field(entry.resolution, "integrity").map_or(0..0, |hash| input.span(hash));
    package.address =
        flow_field(entry.resolution, "tarball").map_or(0..0, |address| input.span(address));
    package.dev = entry.dev;
    package.optional = entry.optional;
    let id = split_key(key, lock.slashed).unwrap_or((name, version));
    package.direct = Some(classes.direct.contains(&id));
    if let Some(reached) = &classes.reached {
        let main = reached.main.contains(&id);
        package.optional |= !main && reached.optional.contains(&id);
        package.dev = !main && !package.optional && reached.dev.contains(&id);
    }
    Some(package)
}

/// `name/version_peers` before version 6, then `name@version`. A local folder without a name is `None`.
fn split_key(key: &str, slashed: bool) -> Option<(&str, &str)> {
    let (name, version) = if slashed {
        let (name, version) = key.rsplit_once('/')?;
        // A registry of its own stands before the name.
        let name = match name.split_once('/') {
            Some((host, rest)) if host.contains('.') && !host.starts_with('@') => rest,
            _ => name,
        };
        (name, version.split('_').next()?)
    } else {
        let at = 1 + key.get(1..)?.find('@')?;
        (&key[..at], &key[at + 1..])
    };
    let plain = !name.contains(':') && version.starts_with(|c: char| c.is_ascii_digit());
    let named = !slashed && !name.contains(':');
    (plain || named).then_some((name, version))
}

fn source(entry: &Entry<'_>, key: &str) -> Source {
    let field = |name| flow_field(entry.resolution, name);
    let tarball = field("tarball").unwrap_or_default();
    let commit = field("commit").or(Some(entry.commit).filter(|commit| !commit.is_empty()));
    if let Some(commit) = commit.or_else(|| commit_of(tarball)) {
        return Source::Git {
            commit: Some(commit.to_owned()),
        };
    }
    if key.starts_with("file:") || key.contains("@file:") || key.contains("@link:") {
        return Source::Path;
    }
    let elsewhere =
        key.contains("@http") || (key.contains('/') && key.starts_with('@') && key.contains("://"));
    if elsewhere {
        Source::Url
    } else {
        Source::Registry
    }
}

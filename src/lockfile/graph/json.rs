//! Graphs in JSON: npm's lockfiles since version 2, and Composer's.

use super::Listed;
use crate::lockfile::json::{Entries, Loose, Text};
use crate::version::{composer_satisfies, npm_satisfies};
use serde::Deserialize;
use std::collections::HashMap;

#[derive(Deserialize, Default)]
#[serde(default)]
struct Npm<'a> {
    #[serde(borrow)]
    packages: Entries<'a, Loose<Folder<'a>>>,
}

type Needs<'a> = Entries<'a, Text<'a>>;

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Folder<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    dependencies: Needs<'a>,
    dev_dependencies: Needs<'a>,
    optional_dependencies: Needs<'a>,
    peer_dependencies: Needs<'a>,
}

const MODULES: &str = "node_modules/";

pub(super) fn npm(text: &str) -> Option<Listed> {
    let lock: Npm<'_> = serde_json::from_str(text).ok()?;
    let mut graph = Listed::with_ranges(npm_satisfies);
    let mut places: HashMap<&str, usize> = HashMap::with_capacity(lock.packages.0.len());
    let folders = || {
        let all = lock.packages.0.iter();
        all.filter_map(|(path, folder)| Some((path.as_str(), folder.0.as_ref()?)))
    };
    for (path, folder) in folders() {
        let name = match path.rfind(MODULES) {
            Some(at) if folder.name.is_empty() => &path[at + MODULES.len()..],
            _ => folder.name.as_str(),
        };
        let version = folder.version.as_str().to_owned();
        let at = graph.node(name, &version, is_own(path));
        places.entry(path).or_insert(at);
    }
    if places.is_empty() {
        return None;
    }
    for (at, (path, folder)) in folders().enumerate() {
        // What development needs is installed for the project's own packages only.
        let dev = is_own(path).then_some(&folder.dev_dependencies);
        let lists = [
            Some(&folder.dependencies),
            Some(&folder.optional_dependencies),
            Some(&folder.peer_dependencies),
            dev,
        ];
        for (name, range) in lists.into_iter().flatten().flat_map(|list| &list.0) {
            graph.edge(at, place(&places, path, name.as_str()), range.as_str());
        }
    }
    Some(graph)
}

fn is_own(path: &str) -> bool {
    !path.contains(MODULES)
}

/// Where Node finds `name` from the folder `path`: in its own `node_modules`, then in those above.
fn place(places: &HashMap<&str, usize>, path: &str, name: &str) -> Option<usize> {
    let mut key = String::with_capacity(path.len() + MODULES.len() + name.len() + 1);
    let mut rest = path;
    loop {
        key.clear();
        key.push_str(rest);
        if !rest.is_empty() {
            key.push('/');
        }
        key.push_str(MODULES);
        key.push_str(name);
        if let Some(&at) = places.get(key.as_str()) {
            return Some(at);
        }
        if rest.is_empty() {
            return None;
        }
        rest = rest
            .rfind(MODULES)
            .map_or("", |at| rest[..at].trim_end_matches('/'));
    }
}

#[derive(Deserialize)]
struct Composer {
    #[serde(default)]
    packages: Vec<Package>,
    #[serde(default, rename = "packages-dev")]
    dev: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    #[serde(default)]
    version: String,
    /// An empty one is written as a list.
    #[serde(default)]
    require: serde_json::Value,
}

pub(super) fn composer(text: &str) -> Option<Listed> {
    let lock: Composer = serde_json::from_str(text).ok()?;
    let mut graph = Listed::with_ranges(composer_satisfies);
    for package in lock.packages.iter().chain(&lock.dev) {
        let key = package.name.to_lowercase();
        let at = graph.add(key, &package.name, &package.version, false);
        for (name, range) in package.require.as_object().into_iter().flatten() {
            let range = range.as_str().unwrap_or_default();
            graph.need(at, vec![name.to_lowercase()], range);
        }
    }
    Some(graph)
}

//! Graphs in JSON: npm's lockfiles since version 2, and Composer's.

use super::Graph;
use serde::Deserialize;
use std::collections::BTreeMap;

type Needs = BTreeMap<String, String>;

#[derive(Deserialize)]
struct Npm {
    packages: Option<BTreeMap<String, Folder>>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Folder {
    name: String,
    version: String,
    dependencies: Needs,
    dev_dependencies: Needs,
    optional_dependencies: Needs,
    peer_dependencies: Needs,
}

const MODULES: &str = "node_modules/";

pub(super) fn npm(text: &str) -> Option<Graph> {
    let lock: Npm = serde_json::from_str(text).ok()?;
    let mut graph = Graph {
        has_ranges: true,
        ..Graph::default()
    };
    for (path, folder) in lock.packages? {
        let name = match path.rfind(MODULES) {
            Some(at) if folder.name.is_empty() => &path[at + MODULES.len()..],
            _ => folder.name.as_str(),
        };
        let own = !path.contains(MODULES);
        let at = graph.add(path.clone(), name, &folder.version, own);
        // What development needs is installed for the project's own packages only.
        let dev = own.then_some(&folder.dev_dependencies);
        let lists = [
            Some(&folder.dependencies),
            Some(&folder.optional_dependencies),
            Some(&folder.peer_dependencies),
            dev,
        ];
        for (name, range) in lists.into_iter().flatten().flatten() {
            graph.need(at, places(&path, name), range);
        }
    }
    Some(graph)
}

/// Where Node looks for `name` from the folder `path`: in its own `node_modules`, then in those above.
fn places(path: &str, name: &str) -> Vec<String> {
    let mut out = Vec::new();
    let mut rest = path;
    loop {
        let slash = if rest.is_empty() { "" } else { "/" };
        out.push(format!("{rest}{slash}{MODULES}{name}"));
        if rest.is_empty() {
            return out;
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

pub(super) fn composer(text: &str) -> Option<Graph> {
    let lock: Composer = serde_json::from_str(text).ok()?;
    let mut graph = Graph::default();
    for package in lock.packages.iter().chain(&lock.dev) {
        let key = package.name.to_lowercase();
        let at = graph.add(key, &package.name, &package.version, false);
        for name in package
            .require
            .as_object()
            .into_iter()
            .flat_map(|list| list.keys())
        {
            graph.need(at, vec![name.to_lowercase()], "");
        }
    }
    Some(graph)
}

//! `Cargo.lock`: its packages with their lists of what they need, which name versions only where several are locked.

use super::Graph;
use crate::lockfile::{Package, cargo};
use std::collections::HashMap;

/// From the packages that were read of `bytes`.
pub(super) fn read(bytes: &[u8], packages: &[Package]) -> Graph {
    let mut graph = Graph::default();
    // The place of the first package of a name, and of each in its version.
    let mut places: HashMap<(&str, &str), usize> = HashMap::with_capacity(packages.len() * 2);
    for package in packages {
        let Package { name, version, .. } = package;
        let at = graph.node(name, version, package.address.is_empty());
        places.entry((name, "")).or_insert(at);
        places.entry((name, version)).or_insert(at);
    }
    for (at, package) in packages.iter().enumerate() {
        let list = bytes.get(package.needs.clone()).unwrap_or_default();
        for needed in cargo::dependencies(std::str::from_utf8(list).unwrap_or_default()) {
            graph.edge(at, places.get(&needed).copied(), "");
        }
    }
    graph
}

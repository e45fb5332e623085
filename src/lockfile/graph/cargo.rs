//! `Cargo.lock`: its packages with their lists of what they need, which name versions only where several are locked.

use super::Graph;
use crate::lockfile::Package;
use crate::lockfile::cargo_lines::dependencies;
use std::collections::HashMap;
use std::ops::Range;

/// How many others a package needs, on average.
const NEEDS_EACH: usize = 5;

/// From the packages that were read of `bytes`.
pub(super) fn read(bytes: &[u8], packages: &[Package]) -> Graph {
    let mut graph = Graph {
        nodes: Vec::with_capacity(packages.len()),
        edges: Vec::with_capacity(packages.len() * NEEDS_EACH),
        ..Graph::default()
    };
    // The packages of a name stand in a row.
    let mut rows: HashMap<&str, Range<usize>> = HashMap::with_capacity(packages.len());
    for package in packages {
        let Package { name, version, .. } = package;
        let at = graph.node(name, version, package.address.is_empty());
        rows.entry(name).or_insert(at..at).end = at + 1;
    }
    let find = |(name, version): (&str, &str)| {
        let mut row = rows.get(name)?.clone();
        row.find(|at| {
            version.is_empty() || (packages[*at].version == version && packages[*at].name == name)
        })
    };
    for (at, package) in packages.iter().enumerate() {
        let list = bytes.get(package.needs.clone()).unwrap_or_default();
        for needed in dependencies(std::str::from_utf8(list).unwrap_or_default()) {
            graph.edge(at, find(needed), "");
        }
    }
    graph
}

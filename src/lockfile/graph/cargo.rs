//! `Cargo.lock`: its packages with their lists of what they need, which name versions only where several are locked.

use super::Graph;
use crate::lockfile::{Package, cargo};
use std::collections::HashMap;
use std::ops::Range;

/// From the packages that were read of `bytes`.
pub(super) fn read(bytes: &[u8], packages: &[Package]) -> Graph {
    let mut graph = Graph::default();
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
        for needed in cargo::dependencies(std::str::from_utf8(list).unwrap_or_default()) {
            graph.edge(at, find(needed), "");
        }
    }
    graph
}

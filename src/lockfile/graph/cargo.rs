//! `Cargo.lock`: its packages with their lists of what they need, which name versions only where several are locked.

use super::Graph;
use crate::lockfile::Package;
use crate::lockfile::cargo_lines::dependencies;
use crate::lockfile::cargo_names::Names;

/// How many others a package needs, on average.
const NEEDS_EACH: usize = 5;

/// From the packages that were read of `bytes`.
pub(super) fn read<'a>(bytes: &[u8], packages: &'a [Package]) -> Graph<'a> {
    let mut graph = Graph {
        nodes: Vec::with_capacity(packages.len()),
        edges: Vec::with_capacity(packages.len() * NEEDS_EACH),
        ..Graph::default()
    };
    for package in packages {
        let Package { name, version, .. } = package;
        graph.node(name.as_str(), version.as_str(), package.address.is_empty());
    }
    let names = Names::new(packages);
    for (at, package) in packages.iter().enumerate() {
        let list = bytes.get(package.needs.clone()).unwrap_or_default();
        for needed in dependencies(std::str::from_utf8(list).unwrap_or_default()) {
            graph.edge(at, names.first(needed), "");
        }
    }
    graph
}

//! `Cargo.lock`: its packages with their lists of what they need, which name versions only where several are locked.

use super::Graph;
use crate::lockfile::Package;
use crate::lockfile::cargo_lines::dependencies;
use crate::lockfile::cargo_names::Names;

/// How many others a package needs, on average.
const NEEDS_EACH: usize = 5;

/// From the packages that were read of `text`.
pub(super) fn read<'a>(text: &str, packages: &'a [Package]) -> Graph<'a> {
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
        let list = text.get(package.needs.clone()).unwrap_or_default();
        for needed in dependencies(list) {
            graph.edge(at, names.first(needed), "");
        }
    }
    graph
}

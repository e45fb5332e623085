//! A graph that was read whole: packages, and edges with the ranges that they ask for.

use super::{
    NOWHERE, Obstacle, number,
    ways::{Ways, unneeded},
};
use std::collections::HashMap;
use std::sync::OnceLock;

/// The packages of a lockfile and who needs which.
#[derive(Debug, Default)]
pub struct Listed {
    nodes: Vec<Node>,
    keys: HashMap<String, usize>,
    edges: Vec<Edge>,
    /// What each edge asks for; none where the format does not say.
    ranges: Vec<Box<str>>,
    /// Edges whose end is still to be found, with the keys it may be known by, the likeliest first.
    open: Vec<(usize, Vec<String>)>,
    /// Whether a range admits a version, where the lockfile writes ranges.
    satisfies: Option<fn(&str, &str) -> Option<bool>>,
    /// Made for the first package that the way to is asked for.
    ways: OnceLock<Ways>,
}

#[derive(Debug)]
struct Node {
    name: String,
    version: String,
    /// One of the project's own packages.
    own: bool,
}

/// A lockfile has many times more of them than packages: kept small.
#[derive(Debug)]
struct Edge {
    from: u32,
    /// [`NOWHERE`] where the end is not in the file.
    to: u32,
}

impl Listed {
    /// Of a lockfile that writes ranges; `satisfies` says whether one admits a version, where that can be told.
    pub(super) fn with_ranges(satisfies: fn(&str, &str) -> Option<bool>) -> Self {
        Self {
            satisfies: Some(satisfies),
            ..Self::default()
        }
    }

    pub(super) fn node(&mut self, name: &str, version: &str, own: bool) -> usize {
        self.nodes.push(Node {
            name: name.to_owned(),
            version: version.to_owned(),
            own,
        });
        self.nodes.len() - 1
    }

    pub(super) fn add(&mut self, key: String, name: &str, version: &str, own: bool) -> usize {
        let at = self.node(name, version, own);
        self.keys.entry(key).or_insert(at);
        at
    }

    /// The package that goes by this key.
    pub(super) fn known(&self, key: &str) -> Option<usize> {
        self.keys.get(key).copied()
    }

    pub(super) fn alias(&mut self, key: String, at: usize) {
        self.keys.entry(key).or_insert(at);
    }

    pub(super) fn need(&mut self, from: usize, keys: Vec<String>, range: &str) {
        self.open.push((self.edges.len(), keys));
        self.edge(from, None, range);
    }

    /// Adds an edge whose end is known.
    pub(super) fn edge(&mut self, from: usize, to: Option<usize>, range: &str) {
        self.edges.push(Edge {
            from: number(from),
            to: to.map_or(NOWHERE, number),
        });
        if self.satisfies.is_some() {
            self.ranges.push(Box::from(range));
        }
    }

    pub(super) fn link(&mut self) {
        for (edge, keys) in std::mem::take(&mut self.open) {
            let to = keys.iter().find_map(|key| self.keys.get(key).copied());
            self.edges[edge].to = to.map_or(NOWHERE, number);
        }
    }

    /// The edges that lead somewhere.
    fn links(&self) -> impl Iterator<Item = &Edge> {
        self.edges.iter().filter(|edge| edge.to != NOWHERE)
    }

    /// Where a search begins: what the project's own packages need; where the file has none of them, what nobody needs.
    fn direct(&self) -> Vec<u32> {
        let has_own = self.nodes.iter().any(|node| node.own);
        if has_own {
            let is_own = |edge: &&Edge| self.nodes[edge.from as usize].own;
            return self.links().filter(is_own).map(|edge| edge.to).collect();
        }
        unneeded(self.nodes.len(), self.links().map(|edge| edge.to))
    }

    /// The names on the shortest way to a package, both ends included.
    pub(super) fn path(&self, name: &str, version: &str) -> Option<Vec<&str>> {
        let nodes = self.nodes.iter().zip(0..);
        let alike = nodes.filter(|(node, _)| node.name == name && node.version == version);
        let alike: Vec<u32> = alike.map(|(_, at)| at).collect();
        let ways = self.ways.get_or_init(|| self.ways());
        let way = ways.to(ways.nearest(&alike)?);
        Some(way.map(|at| &*self.nodes[at as usize].name).collect())
    }

    fn ways(&self) -> Ways {
        let (starts, ends) = self.neighbours();
        let next = |at: u32, to: &mut Vec<u32>| {
            let at = at as usize;
            to.extend(&ends[starts[at] as usize..starts[at + 1] as usize]);
        };
        let mut ways = Ways::new(self.nodes.len(), self.direct());
        ways.go_on(|_| false, next);
        ways
    }

    /// Where the list of each node starts in the list of all that nodes lead to.
    fn neighbours(&self) -> (Vec<u32>, Vec<u32>) {
        let mut starts = vec![0; self.nodes.len() + 1];
        for edge in self.links() {
            starts[edge.from as usize + 1] += 1;
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let mut free = starts.clone();
        let mut ends = vec![0; starts.last().map_or(0, |count| *count as usize)];
        for edge in self.links() {
            let place = &mut free[edge.from as usize];
            ends[*place as usize] = edge.to;
            *place += 1;
        }
        (starts, ends)
    }

    pub(super) fn obstacle(
        &self,
        name: &str,
        version: &str,
        wanted: &str,
    ) -> Option<Option<Obstacle>> {
        let Some(satisfies) = self.satisfies else {
            return Some(None);
        };
        let is_it = |(edge, _): &(&Edge, &str)| {
            let node = self.nodes.get(edge.to as usize);
            node.is_some_and(|node| node.name == name && node.version == version)
        };
        let ranges = self.ranges.iter().map(|range| &**range);
        for (edge, range) in self.edges.iter().zip(ranges).filter(is_it) {
            match satisfies(range, wanted) {
                Some(true) => {}
                None => return Some(None),
                Some(false) => {
                    let node = &self.nodes[edge.from as usize];
                    let by = if node.own { "" } else { &*node.name };
                    return Some(Some(Obstacle {
                        by: by.to_owned(),
                        range: range.to_string(),
                    }));
                }
            }
        }
        None
    }
}

//! Who needs a package: the way from what the project asks for to what a finding is about.
//!
//! Read only where there is something to tell, so a general parser is good enough where no line reader is at hand. Formats
//! that do not write who needs what have no graph.

mod cargo;
mod json;
mod lines;
mod toml;

use super::{LockfileSpec, Package};
use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::OnceLock;

/// A longer way is cut in the middle by whoever shows it; a search that goes deeper has met a cycle.
const DEEPEST: usize = 64;

/// The packages of a lockfile and who needs which.
#[derive(Debug, Default)]
pub struct Graph<'a> {
    nodes: Vec<Node<'a>>,
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

/// The shortest ways from what the project asks for to everything else.
#[derive(Debug)]
struct Ways {
    /// The nodes that are reached, the nearest first.
    order: Vec<u32>,
    /// The node before each; [`NOWHERE`] for the first of a way.
    from: Vec<u32>,
}

#[derive(Debug)]
struct Node<'a> {
    name: Cow<'a, str>,
    version: Cow<'a, str>,
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

/// The number of no node.
const NOWHERE: u32 = u32::MAX;

/// No file that is read has so many packages that one had the number of none.
fn number(node: usize) -> u32 {
    u32::try_from(node).unwrap_or(NOWHERE)
}

/// What must give way for a package to get another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The package whose range leaves the version out; empty where it is the project itself.
    pub by: String,
    /// The range.
    pub range: String,
}

/// The graph of the lockfile whose text and packages are given; `None` where the format has none or the file can't be read.
#[must_use]
pub fn graph<'a>(format: &LockfileSpec, text: &str, packages: &'a [Package]) -> Option<Graph<'a>> {
    if format.id == "cargo" {
        return Some(cargo::read(text, packages));
    }
    let mut graph = match format.id {
        "npm" => json::npm(text)?,
        "composer" => json::composer(text)?,
        "poetry" | "pdm" | "uv" => toml::read(text)?,
        "yarn" => lines::yarn(text),
        "pnpm" => lines::pnpm(text)?,
        "bundler" => lines::bundler(text),
        _ => return None,
    };
    graph.link();
    Some(graph)
}

impl<'a> Graph<'a> {
    fn node(
        &mut self,
        name: impl Into<Cow<'a, str>>,
        version: impl Into<Cow<'a, str>>,
        own: bool,
    ) -> usize {
        self.nodes.push(Node {
            name: name.into(),
            version: version.into(),
            own,
        });
        self.nodes.len() - 1
    }

    fn add(&mut self, key: String, name: &str, version: &str, own: bool) -> usize {
        let at = self.node(name.to_owned(), version.to_owned(), own);
        self.keys.entry(key).or_insert(at);
        at
    }

    fn alias(&mut self, key: String, at: usize) {
        self.keys.entry(key).or_insert(at);
    }

    fn need(&mut self, from: usize, keys: Vec<String>, range: &str) {
        self.open.push((self.edges.len(), keys));
        self.edge(from, None, range);
    }

    /// Adds an edge whose end is known.
    fn edge(&mut self, from: usize, to: Option<usize>, range: &str) {
        self.edges.push(Edge {
            from: number(from),
            to: to.map_or(NOWHERE, number),
        });
        if self.satisfies.is_some() {
            self.ranges.push(Box::from(range));
        }
    }

    fn link(&mut self) {
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
        let mut needed = vec![false; self.nodes.len()];
        for edge in self.links() {
            needed[edge.to as usize] = true;
        }
        let unneeded = needed.iter().zip(0..).filter(|(needed, _)| !**needed);
        unneeded.map(|(_, at)| at).collect()
    }

    /// The shortest way from a package that the project asks for to `name` in `version`, both included; `None` where
    /// none is known, or the project asks for it itself.
    #[must_use]
    pub fn path(&self, name: &str, version: &str) -> Option<Vec<&str>> {
        let is_it = |at: &&u32| {
            let node = &self.nodes[**at as usize];
            node.name == name && node.version == version
        };
        let ways = self.ways.get_or_init(|| self.ways());
        let end = ways.order.iter().find(is_it)?;
        self.way(*end, &ways.from)
    }

    /// Goes through the graph in the breadth.
    fn ways(&self) -> Ways {
        let (starts, ends) = self.neighbours();
        let mut from = vec![NOWHERE; self.nodes.len()];
        let mut seen = vec![false; self.nodes.len()];
        let mut order = self.direct();
        order.retain(|at| !std::mem::replace(&mut seen[*at as usize], true));
        let mut next = 0;
        while let Some(&at) = order.get(next) {
            next += 1;
            let part = starts[at as usize] as usize..starts[at as usize + 1] as usize;
            for &to in &ends[part] {
                if !std::mem::replace(&mut seen[to as usize], true) {
                    from[to as usize] = at;
                    order.push(to);
                }
            }
        }
        Ways { order, from }
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

    fn way(&self, end: u32, from: &[u32]) -> Option<Vec<&str>> {
        let before = |at: &u32| Some(from[*at as usize]).filter(|at| *at != NOWHERE);
        let mut way: Vec<&str> = std::iter::successors(Some(end), before)
            .take(DEEPEST)
            .map(|at| &*self.nodes[at as usize].name)
            .collect();
        way.reverse();
        (way.len() > 1).then_some(way)
    }

    /// The first package whose range of `name` leaves `wanted` out, while it gets `version`. `None` where every range
    /// admits it, `Some(None)` where the format does not say.
    #[must_use]
    pub fn obstacle(&self, name: &str, version: &str, wanted: &str) -> Option<Option<Obstacle>> {
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

#[cfg(test)]
mod tests;

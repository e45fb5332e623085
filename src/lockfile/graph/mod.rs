//! Who needs a package: the way from what the project asks for to what a finding is about.
//!
//! Read only where there is something to tell, so a general parser is good enough where no line reader is at hand. Formats
//! that do not write who needs what have no graph.

mod cargo;
mod json;
mod lines;
mod toml;

use super::LockfileSpec;
use crate::version::npm_satisfies;
use std::collections::{HashMap, VecDeque};

/// A longer way is cut in the middle by whoever shows it; a search that goes deeper has met a cycle.
const DEEPEST: usize = 64;

/// The packages of a lockfile and who needs which.
#[derive(Debug, Default)]
pub struct Graph {
    nodes: Vec<Node>,
    keys: HashMap<String, usize>,
    edges: Vec<Edge>,
    /// The ecosystem's manifests say ranges as npm does.
    has_ranges: bool,
}

#[derive(Debug)]
struct Node {
    name: String,
    version: String,
    /// One of the project's own packages.
    own: bool,
}

#[derive(Debug)]
struct Edge {
    from: usize,
    /// Keys it may be known by, the likeliest first; what is found is `to`.
    keys: Vec<String>,
    range: String,
    to: Option<usize>,
}

/// What must give way for a package to get another version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Obstacle {
    /// The package whose range leaves the version out; empty where it is the project itself.
    pub by: String,
    /// The range.
    pub range: String,
}

/// Reads the graph of a lockfile; `None` where the format has none or the file can't be read.
#[must_use]
pub fn graph(format: &LockfileSpec, bytes: &[u8]) -> Option<Graph> {
    let text = std::str::from_utf8(bytes).ok()?;
    let mut graph = match format.id {
        "cargo" => cargo::read(text),
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

impl Graph {
    fn add(&mut self, key: String, name: &str, version: &str, own: bool) -> usize {
        let at = self.nodes.len();
        self.nodes.push(Node {
            name: name.to_owned(),
            version: version.to_owned(),
            own,
        });
        self.keys.entry(key).or_insert(at);
        at
    }

    fn alias(&mut self, key: String, at: usize) {
        self.keys.entry(key).or_insert(at);
    }

    fn need(&mut self, from: usize, keys: Vec<String>, range: &str) {
        self.edges.push(Edge {
            from,
            keys,
            range: range.to_owned(),
            to: None,
        });
    }

    fn link(&mut self) {
        for edge in &mut self.edges {
            edge.to = edge.keys.iter().find_map(|key| self.keys.get(key).copied());
        }
    }

    /// Where a search begins: what the project's own packages need; where the file has none of them, what nobody needs.
    fn direct(&self) -> Vec<usize> {
        let has_own = self.nodes.iter().any(|node| node.own);
        if has_own {
            let own = |edge: &&Edge| self.nodes[edge.from].own;
            return self
                .edges
                .iter()
                .filter(own)
                .filter_map(|edge| edge.to)
                .collect();
        }
        let mut needed = vec![false; self.nodes.len()];
        for to in self.edges.iter().filter_map(|edge| edge.to) {
            needed[to] = true;
        }
        (0..self.nodes.len()).filter(|at| !needed[*at]).collect()
    }

    /// The shortest way from a package that the project asks for to `name` in `version`, both included; `None` where
    /// none is known, or the project asks for it itself.
    #[must_use]
    pub fn path(&self, name: &str, version: &str) -> Option<Vec<&str>> {
        let is_it = |at: usize| self.nodes[at].name == name && self.nodes[at].version == version;
        let mut next: HashMap<usize, Vec<usize>> = HashMap::new();
        for edge in &self.edges {
            next.entry(edge.from).or_default().extend(edge.to);
        }
        let mut from: Vec<Option<usize>> = vec![None; self.nodes.len()];
        let mut seen = vec![false; self.nodes.len()];
        let mut open: VecDeque<usize> = VecDeque::new();
        for at in self.direct() {
            if !std::mem::replace(&mut seen[at], true) {
                open.push_back(at);
            }
        }
        while let Some(at) = open.pop_front() {
            if is_it(at) {
                return self.way(at, &from);
            }
            for &to in next.get(&at).into_iter().flatten() {
                if !std::mem::replace(&mut seen[to], true) {
                    from[to] = Some(at);
                    open.push_back(to);
                }
            }
        }
        None
    }

    fn way(&self, end: usize, from: &[Option<usize>]) -> Option<Vec<&str>> {
        let mut way: Vec<&str> = std::iter::successors(Some(end), |at| from[*at])
            .take(DEEPEST)
            .map(|at| self.nodes[at].name.as_str())
            .collect();
        way.reverse();
        (way.len() > 1).then_some(way)
    }

    /// The first package whose range of `name` leaves `wanted` out, while it gets `version`. `None` where every range
    /// admits it, `Some(None)` where the format does not say.
    #[must_use]
    pub fn obstacle(&self, name: &str, version: &str, wanted: &str) -> Option<Option<Obstacle>> {
        if !self.has_ranges {
            return Some(None);
        }
        let is_it = |edge: &&Edge| {
            edge.to
                .map(|to| &self.nodes[to])
                .is_some_and(|node| node.name == name && node.version == version)
        };
        for edge in self.edges.iter().filter(is_it) {
            match npm_satisfies(&edge.range, wanted) {
                Some(true) => {}
                None => return Some(None),
                Some(false) => {
                    let node = &self.nodes[edge.from];
                    let by = if node.own { "" } else { node.name.as_str() };
                    return Some(Some(Obstacle {
                        by: by.to_owned(),
                        range: edge.range.clone(),
                    }));
                }
            }
        }
        None
    }
}

#[cfg(test)]
mod tests;

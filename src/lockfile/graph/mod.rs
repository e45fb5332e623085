//! Who needs a package: the way from what the project asks for to what a finding is about.
//!
//! Read only where there is something to tell, so a general parser is good enough where no line reader is at hand. Formats
//! that do not write who needs what have no graph.

mod cargo;
mod json;
mod lines;
mod listed;
mod toml;
mod ways;

use super::{LockfileSpec, Package};
use cargo::CargoGraph;
use listed::Listed;

/// The packages of a lockfile and who needs which.
pub enum Graph<'a> {
    /// Read as far as a search goes.
    Cargo(CargoGraph<'a>),
    /// Read whole.
    Listed(Listed),
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
pub fn graph<'a>(
    format: &LockfileSpec,
    text: &'a str,
    packages: &'a [Package],
) -> Option<Graph<'a>> {
    if format.id == "cargo" {
        return Some(Graph::Cargo(CargoGraph::new(text, packages)));
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
    Some(Graph::Listed(graph))
}

impl Graph<'_> {
    /// The names on the shortest way from a package that the project asks for to `name` in `version`, both included; `None`
    /// where none is known, or the project asks for it itself.
    #[must_use]
    pub fn path(&self, name: &str, version: &str) -> Option<Vec<&str>> {
        let path = match self {
            Self::Cargo(graph) => graph.path(name, version),
            Self::Listed(graph) => graph.path(name, version),
        };
        path.filter(|path| path.len() > 1)
    }

    /// The first package whose range of `name` leaves `wanted` out, while it gets `version`. `None` where every range
    /// admits it, `Some(None)` where the format does not say.
    #[must_use]
    pub fn obstacle(&self, name: &str, version: &str, wanted: &str) -> Option<Option<Obstacle>> {
        match self {
            Self::Cargo(_) => Some(None),
            Self::Listed(graph) => graph.obstacle(name, version, wanted),
        }
    }
}

#[cfg(test)]
mod tests;

//! Conan: `conan.lock` of Conan 1 and 2 (<https://docs.conan.io/2/tutorial/versioning/lockfiles.html>).

use super::input::{Input, file_name};
use super::json::{self, Entries, Text};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "conan",
    title: "Conan (conan.lock)",
    ecosystem: Ecosystem::ConanCenter,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| file_name(path) == "conan.lock",
    parse,
};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Lock<'a> {
    #[serde(borrow)]
    graph_lock: Graph<'a>,
    requires: Vec<Text<'a>>,
    build_requires: Vec<Text<'a>>,
    python_requires: Vec<Text<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Graph<'a> {
    #[serde(borrow)]
    nodes: Entries<'a, Node<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Node<'a> {
    /// The project itself has one.
    #[serde(borrow)]
    path: Text<'a>,
    #[serde(rename = "ref")]
    reference: Text<'a>,
    /// The older form, with the package's id after a colon.
    pref: Text<'a>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let lock: Lock<'_> = json::parse(&input)?;
    let nodes = lock
        .graph_lock
        .nodes
        .0
        .iter()
        .filter(|(_, node)| node.path.is_empty())
        .map(|(_, node)| {
            if node.reference.is_empty() {
                &node.pref
            } else {
                &node.reference
            }
        });
    let lists = lock
        .requires
        .iter()
        .chain(&lock.build_requires)
        .chain(&lock.python_requires);
    Ok(nodes
        .chain(lists)
        .filter_map(|reference| package(&input, reference))
        .collect())
}

/// `name/version[@user/channel][#revision][:package]`.
fn package(input: &Input<'_>, reference: &Text<'_>) -> Option<Package> {
    let (name, rest) = reference.as_str().split_once('/')?;
    let version = rest.split(['@', '#', ':', '%']).next()?;
    (!name.is_empty())
        .then(|| Package::new(Ecosystem::ConanCenter, name, version, reference.span(input)))
}

//! The order in which hooks run: as written, dependencies before what depends on them.

use super::spec::Hook;
use crate::config::{ConfigError, Section, suggest};
use std::collections::HashMap;

/// How far the search through the dependencies has come with a hook.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mark {
    New,
    Open,
    Done,
}

/// Checks `depends_on` of all hooks; `sections` are the tables they come from, in the same order.
///
/// # Errors
/// An id that no hook has, or hooks that wait for each other.
pub(super) fn check_dependencies(
    hooks: &[Hook],
    sections: &[Section<'_>],
) -> Result<(), ConfigError> {
    let places = places(hooks.iter());
    for (hook, section) in hooks.iter().zip(sections) {
        for (at, id) in hook.depends_on.iter().enumerate() {
            if !places.contains_key(id.as_str()) {
                let message = format!("`{}` depends on `{id}`, which is no hook", hook.id);
                let error = section.error("depends_on", Some(at), message);
                return Err(error.with_help(suggest(id, hooks.iter().map(|hook| hook.id.as_str()))));
            }
        }
    }
    let edges = edges(&hooks.iter().collect::<Vec<_>>());
    topological(&edges).map(|_| ()).map_err(|cycle| {
        let at = cycle.first().copied().unwrap_or_default();
        let names: Vec<&str> = cycle
            .iter()
            .chain([&at])
            .map(|&at| hooks[at].id.as_str())
            .collect();
        let message = format!("hooks wait for each other: {}", names.join(" → "));
        sections[at].error("depends_on", None, message)
    })
}

/// The positions of the hooks in the order in which they run, each with the positions of those it depends on. Ids that
/// none of `hooks` has are left out: those hooks do not take part in this run.
pub(super) fn run_order(hooks: &[&Hook]) -> (Vec<usize>, Vec<Vec<usize>>) {
    let edges = edges(hooks);
    let order = topological(&edges).unwrap_or_else(|_| (0..hooks.len()).collect());
    (order, edges)
}

fn places<'h>(hooks: impl Iterator<Item = &'h Hook>) -> HashMap<&'h str, usize> {
    hooks
        .enumerate()
        .map(|(at, hook)| (hook.id.as_str(), at))
        .collect()
}

fn edges(hooks: &[&Hook]) -> Vec<Vec<usize>> {
    let places = places(hooks.iter().copied());
    let known = |hook: &&Hook| {
        let ids = hook.depends_on.iter();
        ids.filter_map(|id| places.get(id.as_str()).copied())
            .collect()
    };
    hooks.iter().map(known).collect()
}

/// Depth first, in the order as written, with a stack of its own.
///
/// # Errors
/// The nodes of a cycle, each depending on the next.
fn topological(edges: &[Vec<usize>]) -> Result<Vec<usize>, Vec<usize>> {
    let mut marks = vec![Mark::New; edges.len()];
    let mut order = Vec::with_capacity(edges.len());
    for start in 0..edges.len() {
        // Each entry: a node, and how many of its edges were followed.
        let mut path = if marks[start] == Mark::New {
            vec![(start, 0)]
        } else {
            Vec::new()
        };
        while let Some((node, followed)) = path.last_mut() {
            let (node, at) = (*node, *followed);
            *followed += 1;
            marks[node] = Mark::Open;
            let Some(&next) = edges[node].get(at) else {
                marks[node] = Mark::Done;
                order.push(node);
                path.pop();
                continue;
            };
            match marks[next] {
                Mark::New => path.push((next, 0)),
                Mark::Open => {
                    let nodes = path.iter().map(|&(node, _)| node);
                    return Err(nodes.skip_while(|&node| node != next).collect());
                }
                Mark::Done => {}
            }
        }
    }
    Ok(order)
}

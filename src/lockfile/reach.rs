//! Which packages are reached from a project's own, and by which kind of dependency: for lockfiles that write
//! the graph and leave out what is for development.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// A graph of packages by name or by name and version, as far as the format tells.
pub(super) struct Graph<K> {
    needs: HashMap<K, Vec<K>>,
}

impl<K> Default for Graph<K> {
    fn default() -> Self {
        Self {
            needs: HashMap::new(),
        }
    }
}

impl<K: Hash + Eq + Clone> Graph<K> {
    /// `from` needs `to`.
    pub(super) fn add(&mut self, from: K, to: K) {
        self.needs.entry(from).or_default().push(to);
    }

    /// Everything that is reached from `roots`, the roots included.
    pub(super) fn reach(&self, roots: impl IntoIterator<Item = K>) -> HashSet<K> {
        let mut seen = HashSet::new();
        let mut open: Vec<K> = roots.into_iter().collect();
        while let Some(name) = open.pop() {
            if seen.contains(&name) {
                continue;
            }
            if let Some(next) = self.needs.get(&name) {
                open.extend(next.iter().filter(|name| !seen.contains(*name)).cloned());
            }
            seen.insert(name);
        }
        seen
    }
}

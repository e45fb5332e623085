//! Which packages are reached from a project's own, and by which kind of dependency: for lockfiles that write
//! the graph and leave out what is for development.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

/// A graph of packages by name or by name and version, as far as the format tells.
pub(super) struct Graph<K> {
    /// Each package's place in the lists below.
    places: HashMap<K, usize>,
    keys: Vec<K>,
    needs: Vec<Vec<usize>>,
}

impl<K> Default for Graph<K> {
    fn default() -> Self {
        Self {
            places: HashMap::new(),
            keys: Vec::new(),
            needs: Vec::new(),
        }
    }
}

impl<K: Hash + Eq + Copy> Graph<K> {
    fn place(&mut self, key: K) -> usize {
        let next = self.keys.len();
        let place = *self.places.entry(key).or_insert(next);
        if place == next {
            self.keys.push(key);
            self.needs.push(Vec::new());
        }
        place
    }

    /// `from` needs `to`.
    pub(super) fn add(&mut self, from: K, to: K) {
        let (from, to) = (self.place(from), self.place(to));
        self.needs[from].push(to);
    }

    /// Everything that is reached from `roots`, the roots included.
    pub(super) fn reach(&self, roots: impl IntoIterator<Item = K>) -> HashSet<K> {
        let mut out: HashSet<K> = roots.into_iter().collect();
        let mut seen = vec![false; self.keys.len()];
        let mut open: Vec<usize> = out
            .iter()
            .filter_map(|key| self.places.get(key).copied())
            .collect();
        while let Some(place) = open.pop() {
            if std::mem::replace(&mut seen[place], true) {
                continue;
            }
            out.insert(self.keys[place]);
            open.extend(self.needs[place].iter().filter(|next| !seen[**next]));
        }
        out
    }
}

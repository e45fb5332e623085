//! Which packages are reached from a project's own, and by which kind of dependency: for lockfiles that write
//! the graph and leave out what is for development.

use std::collections::HashMap;

/// A graph of packages by name. Versions of one name are not told apart: what needs one may need any.
#[derive(Default)]
pub(super) struct Graph<'a> {
    needs: HashMap<&'a str, Vec<&'a str>>,
}

impl<'a> Graph<'a> {
    /// `from` needs `to`.
    pub(super) fn add(&mut self, from: &'a str, to: &'a str) {
        self.needs.entry(from).or_default().push(to);
    }

    /// Everything that is reached from `roots`, the roots included.
    pub(super) fn reach(&self, roots: impl IntoIterator<Item = &'a str>) -> HashMap<&'a str, ()> {
        let mut seen = HashMap::new();
        let mut open: Vec<&str> = roots.into_iter().collect();
        while let Some(name) = open.pop() {
            if seen.insert(name, ()).is_none()
                && let Some(next) = self.needs.get(name)
            {
                open.extend(next.iter().filter(|name| !seen.contains_key(*name)));
            }
        }
        seen
    }
}

//! `Cargo.lock`: its packages with their lists of what they need, which name versions only where several are locked. The lists
//! are read as a search comes to them, which costs a third of making all edges first.

use super::{
    number,
    ways::{Ways, unneeded},
};
use crate::lockfile::Package;
use crate::lockfile::cargo_lines::each_dependency;
use crate::lockfile::cargo_names::Names;
use std::cell::{OnceCell, RefCell};

/// The packages of a `Cargo.lock` and its text.
pub struct CargoGraph<'a> {
    text: &'a str,
    packages: &'a [Package],
    /// Made, as the ways, for the first package that the way to is asked for.
    names: OnceCell<Names<'a>>,
    /// As far as the search went: most of what is found is near.
    ways: RefCell<Option<Ways>>,
}

impl<'a> CargoGraph<'a> {
    /// Of the packages that were read of `text`.
    pub(super) fn new(text: &'a str, packages: &'a [Package]) -> Self {
        Self {
            text,
            packages,
            names: OnceCell::new(),
            ways: RefCell::new(None),
        }
    }

    /// The names on the shortest way to a package, both ends included.
    pub(super) fn path(&self, name: &str, version: &str) -> Option<Vec<&str>> {
        // The same version may come from several sources.
        let mut alike: Vec<u32> = self.names().alike((name, version)).map(number).collect();
        alike.sort_unstable();
        let mut ways = self.ways.borrow_mut();
        let ways = ways.get_or_insert_with(|| Ways::new(self.packages.len(), self.direct()));
        let is_it = |at: u32| alike.binary_search(&at).is_ok();
        let next = |at: u32, to: &mut Vec<u32>| self.needs(&self.packages[at as usize], to);
        let end = ways.nearest(&alike).or_else(|| ways.go_on(is_it, next))?;
        let names = ways.to(end).map(|at| &*self.packages[at as usize].name);
        Some(names.collect())
    }

    fn names(&self) -> &Names<'a> {
        self.names.get_or_init(|| Names::new(self.packages))
    }

    /// Adds what a package needs.
    fn needs(&self, package: &Package, to: &mut Vec<u32>) {
        let names = self.names();
        let list = self.text.get(package.needs.clone()).unwrap_or_default();
        each_dependency(list, |one| {
            if let Some(at) = names.first(one) {
                to.push(number(at));
            }
        });
    }

    /// Where a search begins: what the project's own packages need; where the file has none of them, what nobody needs.
    fn direct(&self) -> Vec<u32> {
        let own = self.packages.iter().filter(|one| one.address.is_empty());
        let mut direct = Vec::new();
        for package in own.clone() {
            self.needs(package, &mut direct);
        }
        if own.count() > 0 {
            return direct;
        }
        let mut all = Vec::new();
        for package in self.packages {
            self.needs(package, &mut all);
        }
        unneeded(self.packages.len(), all)
    }
}

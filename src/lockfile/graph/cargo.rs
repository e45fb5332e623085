//! `Cargo.lock`: its packages with their lists of what they need, which name versions only where several are locked. The lists
//! are read as a search comes to them, which costs a third of making all edges first.

use super::{
    number,
    ways::{Ways, unneeded},
};
use crate::lockfile::Package;
use crate::lockfile::cargo_lines::each_dependency;
use crate::lockfile::cargo_names::Names;
use std::sync::OnceLock;

/// The packages of a `Cargo.lock` and its text.
pub struct CargoGraph<'a> {
    text: &'a str,
    packages: &'a [Package],
    names: Names<'a>,
    /// Made for the first package that the way to is asked for.
    ways: OnceLock<Ways>,
}

impl<'a> CargoGraph<'a> {
    /// Of the packages that were read of `text`.
    pub(super) fn new(text: &'a str, packages: &'a [Package]) -> Self {
        Self {
            text,
            packages,
            names: Names::new(packages),
            ways: OnceLock::new(),
        }
    }

    /// The names on the shortest way to a package, both ends included.
    pub(super) fn path(&self, name: &str, version: &str) -> Option<Vec<&str>> {
        let ways = self.ways.get_or_init(|| self.ways());
        let alike = self.names.alike((name, version)).map(number);
        let alike: Vec<u32> = alike.filter(|at| ways.reaches(*at)).collect();
        let end = match alike[..] {
            [only] => only,
            // The same version from several sources.
            _ => ways.nearest(|at| alike.contains(at))?,
        };
        let names = ways.to(end).map(|at| &*self.packages[at as usize].name);
        Some(names.collect())
    }

    fn ways(&self) -> Ways {
        Ways::new(self.packages.len(), self.direct(), |at, to| {
            self.needs(&self.packages[at as usize], to);
        })
    }

    /// Adds what a package needs.
    fn needs(&self, package: &Package, to: &mut Vec<u32>) {
        let list = self.text.get(package.needs.clone()).unwrap_or_default();
        each_dependency(list, |one| {
            if let Some(at) = self.names.first(one) {
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

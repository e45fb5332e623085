//! `Cargo.lock`: its packages with their lists of what they need, which name versions only where several are locked. The lists
//! are read as a search comes to them, which costs a third of making all edges first.

use super::{number, ways::Ways};
use crate::lockfile::Package;
use crate::lockfile::cargo_lines::dependencies;
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
        Ways::new(self.packages.len(), self.direct(), |at| {
            self.needs(&self.packages[at as usize])
        })
    }

    /// What a package needs.
    fn needs(&self, package: &'a Package) -> impl Iterator<Item = u32> {
        let list = self.text.get(package.needs.clone()).unwrap_or_default();
        let needed = dependencies(list).filter_map(|one| self.names.first(one));
        needed.map(number)
    }

    /// Where a search begins: what the project's own packages need; where the file has none of them, what nobody needs.
    fn direct(&self) -> Vec<u32> {
        let is_own = |package: &&Package| package.address.is_empty();
        if self.packages.iter().any(|package| is_own(&package)) {
            let own = self.packages.iter().filter(is_own);
            return own.flat_map(|package| self.needs(package)).collect();
        }
        let mut needed = vec![false; self.packages.len()];
        for at in self.packages.iter().flat_map(|one| self.needs(one)) {
            needed[at as usize] = true;
        }
        let unneeded = needed.iter().zip(0..).filter(|(needed, _)| !**needed);
        unneeded.map(|(_, at)| at).collect()
    }
}

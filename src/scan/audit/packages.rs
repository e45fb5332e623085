//! The packages of a lockfile, each once.

use super::Audit;
use super::before::{Before, States};
use crate::lockfile::{LockfileSpec, Package, Source};
use crate::scan::SourceFile;
use crate::version::Ecosystem;
use std::borrow::Cow;
use std::cell::OnceCell;
use std::cmp::Ordering;
use std::ops::Deref;

/// A lockfile that was read, for the judges.
pub(super) struct Lockfile<'a> {
    pub(super) audit: &'a Audit,
    pub(super) file: &'a SourceFile<'a>,
    pub(super) format: &'static LockfileSpec,
    /// Its packages, as it lists them.
    pub(super) packages: &'a [Package],
    /// What it says; nothing where it is in an encoding that only formats without hashes, addresses and graphs have.
    pub(super) text: &'a str,
    /// What it was before the change.
    pub(super) states: &'a States<'a>,
    before: OnceCell<Before<'a>>,
}

impl<'a> Lockfile<'a> {
    /// The lockfile with these packages, of which `states` are the earlier contents.
    pub(super) fn new(states: &'a States<'a>, packages: &'a [Package]) -> Self {
        Self {
            audit: states.audit,
            file: states.file,
            format: states.format,
            packages,
            text: simdutf8::basic::from_utf8(states.file.bytes()).unwrap_or_default(),
            states,
            before: OnceCell::new(),
        }
    }

    /// The packages before the change, gathered for the first judge that asks.
    pub(super) fn before(&self) -> &Before<'a> {
        let states = self.states;
        self.before.get_or_init(|| Before::of(states))
    }
}

/// A package in a version, under the normal form of its name.
pub(super) type Key<'a> = (Ecosystem, Cow<'a, str>, Cow<'a, str>);

/// The key of a package.
pub(super) fn key(package: &Package) -> Key<'_> {
    let name = package.ecosystem.normalize_name(&package.name);
    (package.ecosystem, name, package.judged())
}

/// A package as the lockfile lists it, or what several entries of it say together.
pub(super) enum One<'a> {
    Listed(&'a Package),
    United(Box<Package>),
}

impl Deref for One<'_> {
    type Target = Package;

    fn deref(&self) -> &Package {
        match self {
            Self::Listed(package) => package,
            Self::United(package) => package,
        }
    }
}

impl One<'_> {
    /// Takes note that the package is listed `again`.
    fn unite(&mut self, again: &Package) {
        let (dev, optional) = (self.dev && again.dev, self.optional && again.optional);
        let direct = self.direct.max(again.direct);
        if (dev, optional, direct) != (self.dev, self.optional, self.direct) {
            *self = Self::United(Box::new(Package {
                dev,
                optional,
                direct,
                ..Package::clone(self)
            }));
        }
    }
}

/// Each package in each version once, in the order of their first places, without those that no advisory is about.
pub(super) fn distinct(packages: &[Package]) -> Vec<One<'_>> {
    let packages = packages.iter().filter(|one| published(one));
    let mut out: Vec<One<'_>> = packages.map(One::Listed).collect();
    if each_once(&out) {
        return out;
    }
    let firsts = firsts(&out);
    for (at, first) in firsts.iter().enumerate().filter(|(at, first)| at != *first) {
        let (before, rest) = out.split_at_mut(at);
        before[*first].unite(&rest[0]);
    }
    let mut firsts = firsts.into_iter().enumerate();
    out.retain(|_| firsts.next().is_some_and(|(at, first)| at == first));
    out
}

/// How many versions of a package are compared one by one.
const FEW: usize = 8;

/// Whether no package is there twice, as far as one look tells: most lockfiles are in the order of names.
fn each_once(packages: &[One<'_>]) -> bool {
    let mut start = 0;
    (1..packages.len()).all(|at| {
        let (ecosystem, name, version) = key(&packages[at]);
        let last = key(&packages[at - 1]);
        match (last.0, last.1).cmp(&(ecosystem, name)) {
            Ordering::Less => start = at,
            Ordering::Equal if at - start < FEW => {
                return packages[start..at]
                    .iter()
                    .all(|one| one.judged() != version);
            }
            _ => return false,
        }
        true
    })
}

/// For each package the place of the first with the same key.
fn firsts(packages: &[One<'_>]) -> Vec<usize> {
    let keys: Vec<Key<'_>> = packages.iter().map(|one| key(one)).collect();
    let mut order: Vec<usize> = (0..keys.len()).collect();
    order.sort_by(|a, b| keys[*a].cmp(&keys[*b]));
    let mut firsts: Vec<usize> = (0..keys.len()).collect();
    for pair in order.windows(2) {
        // The sort is stable, so the first of equals comes first.
        if keys[pair[0]] == keys[pair[1]] {
            firsts[pair[1]] = firsts[pair[0]];
        }
    }
    firsts
}

/// Whether advisories can be about it. A project's own packages only share names with published ones, but what a Go
/// module replaces by a folder it still requires: replacements count for nobody who depends on the module
/// (<https://go.dev/ref/mod#go-mod-file-replace>). And what Cargo takes from a repository is not what crates.io serves
/// (RustSec's own tool leaves it out too).
pub(super) fn published(package: &Package) -> bool {
    match package.source {
        Source::Path => package.ecosystem == Ecosystem::Go && !package.version.is_empty(),
        Source::Git { .. } => package.ecosystem != Ecosystem::CratesIo,
        Source::Registry | Source::Url | Source::Unknown => true,
    }
}

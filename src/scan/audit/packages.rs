//! The packages of a lockfile, each once, and those that were there before the change.

use super::Audit;
use super::beside::Neighbours;
use crate::lockfile::{LockfileSpec, Package, Source};
use crate::scan::SourceFile;
use crate::version::Ecosystem;
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, HashSet};
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
}

impl<'a> Lockfile<'a> {
    pub(super) fn new(
        audit: &'a Audit,
        file: &'a SourceFile<'a>,
        format: &'static LockfileSpec,
        packages: &'a [Package],
    ) -> Self {
        Self {
            audit,
            file,
            format,
            packages,
            text: simdutf8::basic::from_utf8(file.bytes()).unwrap_or_default(),
        }
    }
}

/// A package in a version, under the normal form of its name.
pub(super) type Key<'a> = (Ecosystem, Cow<'a, str>, Cow<'a, str>);

/// The key of a package.
pub(super) fn key(package: &Package) -> Key<'_> {
    let name = package.ecosystem.normalize_name(&package.name);
    (package.ecosystem, name, package.judged())
}

/// A key that outlives its package.
pub(super) fn owned((ecosystem, name, version): Key<'_>) -> Key<'static> {
    let own = |text: Cow<'_, str>| Cow::Owned(text.into_owned());
    (ecosystem, own(name), own(version))
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
fn published(package: &Package) -> bool {
    match package.source {
        Source::Path => package.ecosystem == Ecosystem::Go && !package.version.is_empty(),
        Source::Git { .. } => package.ecosystem != Ecosystem::CratesIo,
        Source::Registry | Source::Url | Source::Unknown => true,
    }
}

/// What was in the lockfile before the change.
#[derive(Default)]
pub(super) struct Before {
    keys: HashSet<Key<'static>>,
    versions: BTreeMap<(Ecosystem, String), BTreeSet<String>>,
}

impl Before {
    /// Reads the earlier contents of the file. One that can't be read holds nothing: a finding too many is better
    /// than one too few.
    pub(super) fn read(
        file: &SourceFile<'_>,
        format: &LockfileSpec,
        neighbours: &Neighbours,
    ) -> Self {
        let path = file.meta().path.to_text();
        let mut before = Self::default();
        let other = neighbours.read_instead_before(&path);
        let own = file.bases().unwrap_or_default().iter().map(Vec::as_slice);
        let bases: Vec<&[u8]> = match &other {
            Some(other) => vec![other],
            None => own.collect(),
        };
        for base in bases {
            let contents = neighbours.contents_before(format, &path, base);
            let contents = contents.unwrap_or_default();
            for package in contents.packages.iter().filter(|one| published(one)) {
                let (ecosystem, name, version) = owned(key(package));
                let versions = before
                    .versions
                    .entry((ecosystem, name.to_string()))
                    .or_default();
                versions.insert(version.to_string());
                before.keys.insert((ecosystem, name, version));
            }
        }
        before
    }

    /// Whether the package was there in this version.
    pub(super) fn has(&self, key: &Key<'_>) -> bool {
        self.keys.contains(key)
    }

    /// Whether nothing was there, as in a sweep.
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Whether the package was there in any version.
    pub(super) fn knows(&self, (ecosystem, name, _): &Key<'_>) -> bool {
        self.versions.contains_key(&(*ecosystem, name.to_string()))
    }

    /// The packages that are `now` no more.
    pub(super) fn gone<'a>(
        &'a self,
        now: &'a HashSet<Key<'_>>,
    ) -> impl Iterator<Item = &'a Key<'static>> {
        self.keys.iter().filter(|key| !now.contains(*key))
    }

    /// The version that `key` takes the place of: the only one that was there and is `now` no more.
    pub(super) fn replaced(&self, key: &Key<'_>, now: &HashSet<Key<'_>>) -> Option<&str> {
        let (ecosystem, name, _) = key;
        let versions = self.versions.get(&(*ecosystem, name.to_string()))?;
        let is_there =
            |version: &str| now.contains(&(*ecosystem, name.clone(), Cow::Borrowed(version)));
        let mut gone = versions.iter().filter(|version| !is_there(version));
        match (gone.next(), gone.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }
}

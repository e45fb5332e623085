//! The packages of a lockfile, each once, and those that were there before the change.

use super::beside::Neighbours;
use crate::lockfile::{LockfileSpec, Package, Source};
use crate::scan::SourceFile;
use crate::version::Ecosystem;
use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashSet};

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

/// Each package in each version once, in the order of their first places, without those that no advisory is about.
pub(super) fn distinct(packages: &[Package]) -> Vec<Cow<'_, Package>> {
    let packages: Vec<&Package> = packages.iter().filter(|one| published(one)).collect();
    let firsts = firsts(&packages);
    let mut out: Vec<Cow<'_, Package>> = packages.iter().map(|one| Cow::Borrowed(*one)).collect();
    for (at, first) in firsts.iter().enumerate().filter(|(at, first)| at != *first) {
        let again = packages[at];
        let known = &out[*first];
        let (dev, optional) = (known.dev && again.dev, known.optional && again.optional);
        let direct = known.direct.max(again.direct);
        if (dev, optional, direct) != (known.dev, known.optional, known.direct) {
            let known = out[*first].to_mut();
            (known.dev, known.optional, known.direct) = (dev, optional, direct);
        }
    }
    let mut firsts = firsts.into_iter().enumerate();
    out.retain(|_| firsts.next().is_some_and(|(at, first)| at == first));
    out
}

/// For each package the place of the first with the same key. By sorting: most lockfiles are in order, and then it costs
/// one comparison for each package, less than a hash.
fn firsts(packages: &[&Package]) -> Vec<usize> {
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
        for base in file.bases().unwrap_or_default() {
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

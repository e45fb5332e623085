//! The packages of a lockfile, each once, and those that were there before the change.

use super::beside::Neighbours;
use crate::lockfile::{LockfileSpec, Package, Source};
use crate::scan::SourceFile;
use crate::version::Ecosystem;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// A package in a version, under the normal form of its name.
pub(super) type Key = (Ecosystem, String, String);

/// The key of a package.
pub(super) fn key(package: &Package) -> Key {
    let name = package.ecosystem.normalize_name(&package.name).into_owned();
    (package.ecosystem, name, package.judged().into_owned())
}

/// Each package in each version once, in the order of their first places, without those that no advisory is about.
pub(super) fn distinct(packages: Vec<Package>) -> Vec<(Key, Package)> {
    let mut places: HashMap<Key, usize> = HashMap::with_capacity(packages.len());
    let mut out: Vec<(Key, Package)> = Vec::with_capacity(packages.len());
    for package in packages.into_iter().filter(published) {
        let key = key(&package);
        match places.get(&key) {
            Some(&at) => {
                let (_, known) = &mut out[at];
                known.dev &= package.dev;
                known.optional &= package.optional;
                known.direct = known.direct.max(package.direct);
            }
            None => {
                places.insert(key.clone(), out.len());
                out.push((key, package));
            }
        }
    }
    out
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
    keys: HashSet<Key>,
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
            for package in contents.unwrap_or_default().packages {
                let (ecosystem, name, version) = key(&package);
                let versions = before
                    .versions
                    .entry((ecosystem, name.clone()))
                    .or_default();
                versions.insert(version.clone());
                before.keys.insert((ecosystem, name, version));
            }
        }
        before
    }

    /// Whether the package was there in this version.
    pub(super) fn has(&self, key: &Key) -> bool {
        self.keys.contains(key)
    }

    /// The version that `key` takes the place of: the only one that was there and is `now` no more.
    pub(super) fn replaced(&self, key: &Key, now: &HashSet<&Key>) -> Option<&str> {
        let (ecosystem, name, _) = key;
        let versions = self.versions.get(&(*ecosystem, name.clone()))?;
        let mut gone = versions
            .iter()
            .filter(|version| !now.contains(&(*ecosystem, name.clone(), (*version).clone())));
        match (gone.next(), gone.next()) {
            (Some(one), None) => Some(one),
            _ => None,
        }
    }
}

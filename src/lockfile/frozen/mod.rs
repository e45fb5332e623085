//! Whether a manifest and its lockfile agree, decided without a resolver and without a network: what `npm ci`,
//! `cargo --locked` and `uv lock --check` demand. One file a package manager, one list of them.

mod bun;
mod bundler;
mod cargo;
mod composer;
mod go_sum;
mod kept;
mod members;
mod npm;
mod npm_scopes;
mod nuget;
mod pdm;
mod pip_compile;
mod pipenv;
mod place;
mod pnpm;
mod poetry;
mod python;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_hashes;
#[cfg(test)]
mod tests_lists;
#[cfg(test)]
mod tests_many;
mod uv;
mod yarn;

use super::Contents;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use kept::Kept;
pub use members::Folders;
pub use place::Place;

/// What does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The dependency, or what else is about.
    pub entry: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Where it stands in the manifest.
    pub place: Place,
}

impl Mismatch {
    /// `name` is locked, and the manifest does not name it any more.
    fn left_over(name: &str) -> Self {
        Self {
            entry: name.to_owned(),
            message: "it is locked and not asked for any more".to_owned(),
            place: Place::Nowhere,
        }
    }
}

/// What can be said of a manifest and a lockfile.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Frozen {
    /// They agree.
    InSync,
    /// They do not; never empty.
    OutOfSync(Vec<Mismatch>),
    /// The files alone do not tell.
    Unknown,
    /// The lockfile is of another project.
    Apart,
}

impl Frozen {
    fn of(mismatches: Vec<Mismatch>) -> Self {
        if mismatches.is_empty() {
            Self::InSync
        } else {
            Self::OutOfSync(mismatches)
        }
    }
}

/// A manifest and the lockfile that it may belong to.
#[derive(Clone, Copy)]
pub struct Pair<'a> {
    /// The manifest's path from the root.
    pub manifest_path: &'a str,
    /// The manifest's bytes.
    pub manifest: &'a [u8],
    /// The lockfile's path from the root; its folder is the manifest's or one above.
    pub lock_path: &'a str,
    /// The lockfile.
    pub lock: &'a Kept<'a>,
    /// What the lockfile holds, read once for everybody who asks; `None` where it can't be read.
    pub contents: &'a dyn Fn() -> Option<Arc<Contents>>,
    /// Reads other files of the project.
    pub read: &'a dyn Fn(&str) -> Option<Arc<Kept<'static>>>,
}

impl Pair<'_> {
    /// The manifest's folder seen from the lockfile's, empty for the same.
    fn folder(&self) -> &str {
        let folder = |path| str::rsplit_once(path, '/').map_or("", |(folder, _)| folder);
        let (own, top) = (folder(self.manifest_path), folder(self.lock_path));
        own.strip_prefix(top).unwrap_or(own).trim_start_matches('/')
    }

    /// Reads the file that stands beside the lockfile under `name`.
    fn beside_lock(&self, name: &str) -> Option<Arc<Kept<'static>>> {
        (self.read)(&super::input::relative(self.lock_path, name)?)
    }
}

/// A lockfile, and what tells of the manifests that it covers.
pub struct Top<'a> {
    /// The lockfile.
    pub lock: &'a Kept<'a>,
    /// The manifest beside it.
    pub manifest: &'a [u8],
    /// Lists folders of the project.
    pub folders: Folders<'a>,
}

/// How a manifest is called.
pub enum ManifestName {
    /// Always the same.
    Exact(&'static str),
    /// By what its name ends in, where the function does not say that a path (with `/`) is something else.
    Ending(&'static str, fn(&str) -> bool),
}

/// A package manager whose lockfile can be compared: an entry of [`FROZEN`].
pub struct FrozenSpec {
    /// The names of its lockfiles, the one that counts first where there are several; `*` stands for the manifest's
    /// name without its ending.
    pub locks: &'static [&'static str],
    /// The name of its manifest.
    pub manifest: ManifestName,
    /// The command that puts the lockfile right.
    pub command: &'static str,
    /// The command that refuses a lockfile that is out of sync.
    pub strict: &'static str,
    /// Compares a manifest with a lockfile.
    pub check: fn(&Pair<'_>) -> Frozen,
    /// The paths of the manifests that a lockfile covers, as far as it or the first manifest tells, seen from its folder.
    pub manifests: fn(&Top<'_>) -> Vec<String>,
}

impl FrozenSpec {
    /// What `*` stands for where the file at `path` is one of its manifests; empty for one with a fixed name.
    #[must_use]
    pub fn stem<'a>(&self, path: &'a str) -> Option<&'a str> {
        let name = super::input::file_name(path);
        match self.manifest {
            ManifestName::Exact(own) => (name == own).then_some(""),
            ManifestName::Ending(ending, applies) => {
                let stem = name.strip_suffix(ending)?;
                (!stem.is_empty() && applies(path)).then_some(stem)
            }
        }
    }

    /// Whether a file called `name` is one of its lockfiles, and for which stem: empty where the name does not tell.
    #[must_use]
    pub fn stem_of_lock<'a>(&self, name: &'a str) -> Option<&'a str> {
        self.locks
            .iter()
            .find_map(|lock| match lock.split_once('*') {
                None => (name == *lock).then_some(""),
                Some((before, after)) => {
                    let stem = name.strip_prefix(before)?.strip_suffix(after)?;
                    (!stem.is_empty()).then_some(stem)
                }
            })
    }

    /// The names of the lockfiles of a manifest with this stem.
    pub fn locks_of(&self, stem: &str) -> impl Iterator<Item = String> {
        self.locks
            .iter()
            .filter(move |lock| !stem.is_empty() || !lock.contains('*'))
            .map(move |lock| lock.replace('*', stem))
    }

    /// The manifest's name for a stem; `None` where it has no fixed name and the stem is empty.
    #[must_use]
    pub fn manifest_of(&self, stem: &str) -> Option<String> {
        match self.manifest {
            ManifestName::Exact(name) => Some(name.to_owned()),
            ManifestName::Ending(ending, _) => {
                (!stem.is_empty()).then(|| format!("{stem}{ending}"))
            }
        }
    }
}

/// Every package manager.
pub static FROZEN: &[&FrozenSpec] = &[
    &bun::SPEC,
    &bundler::SPEC,
    &bundler::GEMS,
    &cargo::SPEC,
    &composer::SPEC,
    &go_sum::SPEC,
    &npm::SPEC,
    &nuget::CSHARP,
    &nuget::FSHARP,
    &nuget::VISUAL_BASIC,
    &pdm::SPEC,
    &pip_compile::SPEC,
    &pipenv::SPEC,
    &pnpm::SPEC,
    &poetry::SPEC,
    &uv::SPEC,
    &yarn::SPEC,
];

/// What a `package.json` asks for (name → range) otherwise than its lockfile was made for: `locked` gives the range that it
/// repeats of a name.
fn asked_otherwise<'a>(
    asked: &BTreeMap<&str, &str>,
    locked: impl Fn(&str) -> Option<&'a str>,
) -> Vec<Mismatch> {
    let mut out = Vec::new();
    for (name, range) in asked {
        let message = match locked(name) {
            Some(old) if old == *range => continue,
            Some(old) => format!("`{range}` is asked for, locked is for `{old}`"),
            None => format!("`{range}` is asked for, nothing is locked"),
        };
        out.push(Mismatch {
            entry: (*name).to_owned(),
            message,
            place: Place::JsonPair((*name).to_owned(), (*range).to_owned()),
        });
    }
    out
}

/// How many of the versions of one package are looked at, and how many of them a message names. Resolvers lock one or
/// two; a file with thousands of them was made to keep somebody busy.
const VERSIONS_MOST: usize = 64;
const VERSIONS_SHOWN: usize = 5;

/// The first few of some versions, and how many more there are.
fn shown<T: AsRef<str>>(versions: impl ExactSizeIterator<Item = T>) -> String {
    let more = versions.len().saturating_sub(VERSIONS_SHOWN);
    let named: Vec<T> = versions.take(VERSIONS_SHOWN).collect();
    let named: Vec<&str> = named.iter().map(AsRef::as_ref).collect();
    match more {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

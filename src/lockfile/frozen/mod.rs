//! Whether a manifest and its lockfile agree, decided without a resolver and without a network: what `npm ci`,
//! `cargo --locked` and `uv lock --check` demand. One file a package manager, one list of them.

mod bun;
mod bundler;
mod cargo;
mod composer;
mod go_sum;
mod npm;
mod nuget;
mod package_json;
mod pdm;
mod pip_compile;
mod pipenv;
mod pnpm;
mod poetry;
mod python;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_hashes;
#[cfg(test)]
mod tests_lists;
mod uv;
mod yarn;

use super::Contents;
use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::Arc;

/// What does not agree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The dependency, or what else is about.
    pub entry: String,
    /// What is wrong, in one sentence.
    pub message: String,
    /// Bytes of the place in the manifest; empty where it has none.
    pub manifest: Range<usize>,
}

impl Mismatch {
    /// `name` is locked, and the manifest does not name it any more.
    fn left_over(name: &str) -> Self {
        Self {
            entry: name.to_owned(),
            message: "it is locked and not asked for any more".to_owned(),
            manifest: 0..0,
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
    /// The lockfile's bytes.
    pub lock: &'a [u8],
    /// What the lockfile holds, read once for everybody who asks; `None` where it can't be read.
    pub contents: &'a dyn Fn() -> Option<Arc<Contents>>,
    /// Reads other files of the project.
    pub read: &'a dyn Fn(&str) -> Option<Vec<u8>>,
}

impl Pair<'_> {
    /// The manifest's folder seen from the lockfile's, empty for the same.
    fn folder(&self) -> &str {
        let folder = |path| str::rsplit_once(path, '/').map_or("", |(folder, _)| folder);
        let (own, top) = (folder(self.manifest_path), folder(self.lock_path));
        own.strip_prefix(top).unwrap_or(own).trim_start_matches('/')
    }

    /// Reads the file that stands beside the lockfile under `name`.
    fn beside_lock(&self, name: &str) -> Option<Vec<u8>> {
        (self.read)(&super::input::relative(self.lock_path, name)?)
    }
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
    pub manifests: fn(lock: &[u8], manifest: &[u8]) -> Vec<String>,
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

/// What a `package.json` with content `text` asks for (name → range) otherwise than its lockfile was made for.
fn asked_otherwise(
    asked: &BTreeMap<&str, &str>,
    locked: &BTreeMap<&str, &str>,
    text: &str,
) -> Vec<Mismatch> {
    let mut out = Vec::new();
    for (name, range) in asked {
        let message = match locked.get(name) {
            Some(old) if old == range => continue,
            Some(old) => format!("`{range}` is asked for, locked is for `{old}`"),
            None => format!("`{range}` is asked for, nothing is locked"),
        };
        out.push(Mismatch {
            entry: (*name).to_owned(),
            message,
            manifest: json_pair(text, name, range),
        });
    }
    out
}

/// Where `"key": "value"` stands in a JSON text, with any blanks; the start of the file where it is written otherwise.
fn json_pair(text: &str, key: &str, value: &str) -> Range<usize> {
    let quoted = format!("\"{key}\"");
    for (at, _) in text.match_indices(&quoted) {
        let rest = text[at + quoted.len()..].trim_start();
        let Some(rest) = rest.strip_prefix(':') else {
            continue;
        };
        let rest = rest.trim_start();
        let same = rest
            .strip_prefix('"')
            .and_then(|rest| rest.strip_prefix(value))
            .is_some_and(|rest| rest.starts_with('"'));
        if same {
            let end = text.len() - rest.len() + value.len() + 2;
            return at..end;
        }
    }
    0..0
}

/// Where `"key"` stands before a colon in a JSON text; the start of the file where it is written otherwise.
fn json_key(text: &str, key: &str) -> Range<usize> {
    let quoted = format!("\"{key}\"");
    let mut found = text.match_indices(&quoted).filter(|(at, _)| {
        let rest = text[at + quoted.len()..].trim_start();
        rest.starts_with(':')
    });
    found.next().map_or(0..0, |(at, _)| at..at + quoted.len())
}

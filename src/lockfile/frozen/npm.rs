//! npm: `package.json` and `package-lock.json`, as `npm ci` compares them: every dependency of the project and of its
//! workspaces leads to a locked package whose version its range admits
//! (<https://docs.npmjs.com/cli/commands/npm-ci>). What is locked and not asked for any more is no mistake there.

use super::super::input::Input;
use super::super::json::{self, Entries, Loose, Text};
use super::super::package_json::{Manifest, pairs};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, Place, Top, npm_scopes};
use crate::version::npm_satisfies;
use serde::Deserialize;
use std::collections::{BTreeSet, HashMap, HashSet};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["npm-shrinkwrap.json", "package-lock.json"],
    manifest: ManifestName::Exact("package.json"),
    command: "npm install --package-lock-only",
    strict: "npm ci",
    check,
    manifests,
};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Lock<'a> {
    #[serde(borrow)]
    packages: Entries<'a, Folder<'a>>,
    dependencies: Entries<'a, Loose<Legacy<'a>>>,
}

/// An entry of `packages`.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Folder<'a> {
    #[serde(borrow)]
    pub(super) version: Text<'a>,
    pub(super) resolved: Text<'a>,
    pub(super) link: bool,
    pub(super) dependencies: Entries<'a, Text<'a>>,
}

/// An entry of version 1.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Legacy<'a> {
    #[serde(borrow)]
    version: Text<'a>,
}

pub(super) const MODULES: &str = "node_modules/";

/// The entries of `packages`, by their paths.
pub(super) type Folders<'a> = HashMap<&'a str, &'a Folder<'a>>;

/// By name: the version.
type Versions = HashMap<String, String>;

/// What the lockfile says of the project and its workspaces.
struct Locked {
    /// The project and its workspaces, by the folder; those of the first version are not told.
    folders: BTreeSet<String>,
    /// What `node_modules` has in each folder outside of all `node_modules`.
    modules: HashMap<String, Versions>,
    /// What does not agree within the lockfile.
    broken: Vec<Mismatch>,
}

/// `None` where it can't be read.
fn locked(lock: &[u8]) -> Option<Locked> {
    let input = Input::new(lock).ok()?;
    let lock: Lock<'_> = json::parse(&input).ok()?;
    let entries = lock.packages.0.iter();
    let folders: Folders<'_> = entries
        .map(|(path, folder)| (path.as_str(), folder))
        .collect();
    let mut out = Locked {
        folders: own(&folders).map(str::to_owned).collect(),
        modules: HashMap::new(),
        broken: Vec::new(),
    };
    if folders.is_empty() {
        let legacy = lock.dependencies.0.iter().rev();
        let versions = legacy.map(|(name, entry)| {
            let version = entry.0.as_ref().map_or("", |entry| entry.version.as_str());
            (name.as_str().to_owned(), version.to_owned())
        });
        out.modules.insert(String::new(), versions.collect());
        return Some(out);
    }
    for (path, folder) in &folders {
        if let Some((of, name)) = owner(path).filter(|(of, _)| !of.contains(MODULES)) {
            let versions = out.modules.entry(of.to_owned()).or_default();
            versions.insert(name.to_owned(), version(folder, &folders).to_owned());
        }
    }
    out.broken = unlinked(&folders);
    out.broken.extend(npm_scopes::broken(&folders));
    Some(out)
}

/// The folders that are no package's in `node_modules`.
fn own<'a>(folders: &Folders<'a>) -> impl Iterator<Item = &'a str> {
    folders
        .keys()
        .copied()
        .filter(|path| !path.contains(MODULES))
}

/// The folder whose `node_modules` holds the package at `path`, and its name.
pub(super) fn owner(path: &str) -> Option<(&str, &str)> {
    let (before, name) = path.rsplit_once(MODULES)?;
    let folder = before.strip_suffix('/');
    folder
        .or(before.is_empty().then_some(""))
        .map(|of| (of, name))
}

/// The version at a path: that of what it leads to, for a link.
pub(super) fn version<'a>(found: &'a Folder<'a>, folders: &Folders<'a>) -> &'a str {
    let target = found.link.then(|| folders.get(found.resolved.as_str()));
    target.flatten().unwrap_or(&found).version.as_str()
}

/// Workspaces that no link leads to.
fn unlinked(folders: &Folders<'_>) -> Vec<Mismatch> {
    let links: HashSet<&str> = folders
        .values()
        .filter(|folder| folder.link)
        .map(|folder| folder.resolved.as_str())
        .collect();
    let mut alone: Vec<&str> = own(folders)
        .filter(|path| !path.is_empty() && !links.contains(path))
        .collect();
    alone.sort_unstable();
    let told = alone.into_iter().map(|path| Mismatch {
        entry: path.to_owned(),
        message: "the workspace is locked without a link to it".to_owned(),
        place: Place::Nowhere,
    });
    told.collect()
}

/// The project and its workspaces.
fn manifests(top: &Top<'_>) -> Vec<String> {
    let locked = top.lock.once(locked);
    let folders = locked.iter().flat_map(|locked| &locked.folders);
    let inside = folders.filter(|path| !path.is_empty() && !path.starts_with(".."));
    std::iter::once("package.json".to_owned())
        .chain(inside.map(|path| format!("{path}/package.json")))
        .collect()
}

fn check(pair: &Pair<'_>) -> Frozen {
    let locked = pair.lock.once(locked);
    let (Ok(input), Some(locked)) = (Input::new(pair.manifest), &*locked) else {
        return Frozen::Unknown;
    };
    let Ok(manifest) = json::parse::<Manifest<'_>>(&input) else {
        return Frozen::Unknown;
    };
    if manifest.overrides.is_some() || is_overridden(pair) {
        return Frozen::Unknown;
    }
    let at = pair.folder();
    if !at.is_empty() && !locked.folders.contains(at) {
        return Frozen::Apart;
    }
    Frozen::of(compare(&manifest, locked, at))
}

/// Whether the project changes what every range means.
fn is_overridden(pair: &Pair<'_>) -> bool {
    let overrides = |bytes: &[u8]| {
        let input = Input::new(bytes).ok()?;
        let root = json::parse::<Manifest<'_>>(&input).ok()?;
        Some(root.overrides.is_some())
    };
    let root = pair.beside_lock("package.json");
    root.is_some_and(|root| root.once(overrides).unwrap_or(false))
}

/// What the manifest in the folder `at` asks for and does not get, and for the project what does not agree elsewhere.
fn compare(manifest: &Manifest<'_>, locked: &Locked, at: &str) -> Vec<Mismatch> {
    let optional: HashSet<&str> = pairs(&manifest.optional_dependencies)
        .map(|(name, _)| name)
        .collect();
    let meta = manifest.peer_dependencies_meta.0.iter();
    let may_lack: HashSet<&str> = meta
        .filter(|(_, meta)| meta.optional)
        .map(|(name, _)| name.as_str())
        .collect();
    let required = pairs(&manifest.dependencies)
        .chain(pairs(&manifest.dev_dependencies))
        .filter(|(name, _)| !optional.contains(name))
        .chain(pairs(&manifest.optional_dependencies))
        .map(|edge| (edge, false));
    let peers = pairs(&manifest.peer_dependencies).map(|edge| (edge, may_lack.contains(edge.0)));
    let mut out = Vec::new();
    for ((name, range), optional) in required.chain(peers) {
        out.extend(edge(locked.version(at, name), name, range, optional));
    }
    if at.is_empty() {
        out.extend(locked.broken.iter().cloned());
    }
    out
}

fn edge(locked: Option<&str>, name: &str, range: &str, optional: bool) -> Option<Mismatch> {
    let message = match locked {
        Some(version) if admits(range, version) => return None,
        Some(version) => format!("`{range}` is asked for, locked is {version}"),
        None if optional => return None,
        None => format!("`{range}` is asked for, nothing is locked"),
    };
    Some(Mismatch {
        entry: name.to_owned(),
        message,
        place: Place::JsonPair(name.to_owned(), range.to_owned()),
    })
}

impl Locked {
    /// The version that a package in the folder `from` gets of `name`: that of the nearest `node_modules` upwards.
    fn version(&self, from: &str, name: &str) -> Option<&str> {
        let mut folder = from;
        loop {
            let modules = self.modules.get(folder);
            if let Some(version) = modules.and_then(|modules| modules.get(name)) {
                return Some(version);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
}

/// Whether the range of an alias or a plain one admits a locked version; what is no range is let through.
pub(super) fn admits(range: &str, version: &str) -> bool {
    let plain = match range.strip_prefix("npm:") {
        Some(real) => real
            .get(1..)
            .map(|real| real.split_once('@').map_or("*", |(_, range)| range)),
        None => Some(range),
    };
    let fits = plain.and_then(|plain| npm_satisfies(plain, version));
    fits.unwrap_or(true)
}

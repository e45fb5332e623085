//! npm: `package.json` and `package-lock.json`, as `npm ci` compares them: every dependency of the project and of its
//! workspaces leads to a locked package whose version its range admits
//! (<https://docs.npmjs.com/cli/commands/npm-ci>). What is locked and not asked for any more is no mistake there.

use super::super::input::Input;
use super::super::json::{self, Entries, Loose, Text};
use super::package_json::Manifest;
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, json_pair};
use crate::version::npm_satisfies;
use serde::Deserialize;
use std::collections::{HashMap, HashSet};

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
struct Folder<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    resolved: Text<'a>,
    link: bool,
    dependencies: Entries<'a, Text<'a>>,
}

/// An entry of version 1.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Legacy<'a> {
    #[serde(borrow)]
    version: Text<'a>,
}

const MODULES: &str = "node_modules/";

/// The project and its workspaces.
fn manifests(lock: &[u8], _: &[u8]) -> Vec<String> {
    let own = "package.json".to_owned();
    let Ok(input) = Input::new(lock) else {
        return vec![own];
    };
    let lock: Lock<'_> = json::parse(&input).unwrap_or_default();
    let workspaces = lock.packages.0.iter().filter_map(|(path, _)| {
        let path = path.as_str();
        let inside = !path.is_empty() && !path.contains(MODULES) && !path.starts_with("..");
        inside.then(|| format!("{path}/package.json"))
    });
    std::iter::once(own).chain(workspaces).collect()
}

fn check(pair: &Pair<'_>) -> Frozen {
    let (Ok(manifest_input), Ok(lock_input)) = (Input::new(pair.manifest), Input::new(pair.lock))
    else {
        return Frozen::Unknown;
    };
    let (Ok(manifest), Ok(lock)) = (
        json::parse::<Manifest<'_>>(&manifest_input),
        json::parse::<Lock<'_>>(&lock_input),
    ) else {
        return Frozen::Unknown;
    };
    let folders: HashMap<&str, &Folder<'_>> = lock
        .packages
        .0
        .iter()
        .map(|(path, folder)| (path.as_str(), folder))
        .collect();
    let tree = Tree {
        folders,
        legacy: &lock.dependencies,
        at: pair.folder(),
        text: manifest_input.text,
    };
    // Overrides change what every range means.
    let root = pair.beside_lock("package.json").unwrap_or_default();
    let overridden = Input::new(&root)
        .and_then(|input| json::parse::<Manifest<'_>>(&input).map(|root| root.overrides.is_some()));
    if manifest.overrides.is_some() || overridden.unwrap_or(false) {
        return Frozen::Unknown;
    }
    if !tree.at.is_empty() && !tree.folders.contains_key(tree.at) {
        return Frozen::Apart;
    }
    tree.compare(&manifest)
}

struct Tree<'a> {
    folders: HashMap<&'a str, &'a Folder<'a>>,
    legacy: &'a Entries<'a, Loose<Legacy<'a>>>,
    /// The manifest's folder.
    at: &'a str,
    text: &'a str,
}

impl Tree<'_> {
    fn compare(&self, manifest: &Manifest<'_>) -> Frozen {
        let mut out = Vec::new();
        let optional = &manifest.optional_dependencies.0;
        let in_optional = |name: &str| optional.iter().any(|(other, _)| other.as_str() == name);
        let required = manifest
            .dependencies
            .0
            .iter()
            .chain(&manifest.dev_dependencies.0)
            .filter(|(name, _)| !in_optional(name.as_str()));
        let may_lack = |name: &str| {
            let meta = &manifest.peer_dependencies_meta.0;
            meta.iter()
                .any(|(other, meta)| other.as_str() == name && meta.optional)
        };
        let edges = required
            .map(|edge| (edge, false))
            .chain(optional.iter().map(|edge| (edge, false)))
            .chain(
                manifest
                    .peer_dependencies
                    .0
                    .iter()
                    .map(|edge| (edge, may_lack(edge.0.as_str()))),
            );
        for ((name, range), optional) in edges {
            out.extend(self.edge(name.as_str(), range.as_str(), optional));
        }
        if self.at.is_empty() {
            out.extend(self.unlinked());
            out.extend(self.inner());
        }
        Frozen::of(out)
    }

    /// A workspace that no link leads to.
    fn unlinked(&self) -> Vec<Mismatch> {
        let links: HashSet<&str> = self
            .folders
            .values()
            .filter(|folder| folder.link)
            .map(|folder| folder.resolved.as_str())
            .collect();
        let own = |path: &&&str| !path.is_empty() && !path.contains(MODULES);
        let alone = self.folders.keys().filter(own);
        alone
            .filter(|path| !links.contains(**path))
            .map(|path| Mismatch {
                entry: (*path).to_owned(),
                message: "the workspace is locked without a link to it".to_owned(),
                manifest: 0..0,
            })
            .collect()
    }

    fn edge(&self, name: &str, range: &str, optional: bool) -> Option<Mismatch> {
        let mismatch = |message: String| Mismatch {
            entry: name.to_owned(),
            message,
            manifest: json_pair(self.text, name, range),
        };
        match self.locked(self.at, name) {
            Some(version) => {
                let fits = admits(range, version).unwrap_or(true);
                (!fits).then(|| mismatch(format!("`{range}` is asked for, locked is {version}")))
            }
            None if optional => None,
            None => Some(mismatch(format!(
                "`{range}` is asked for, nothing is locked"
            ))),
        }
    }

    /// The version that a package in the folder `from` gets of `name`: that of the nearest `node_modules` upwards.
    fn locked(&self, from: &str, name: &str) -> Option<&str> {
        if self.folders.is_empty() {
            let found = self
                .legacy
                .0
                .iter()
                .find(|(other, _)| other.as_str() == name)?;
            return Some(
                found
                    .1
                    .0
                    .as_ref()
                    .map_or("", |entry| entry.version.as_str()),
            );
        }
        let mut folder = from;
        loop {
            let slash = if folder.is_empty() { "" } else { "/" };
            let path = format!("{folder}{slash}{MODULES}{name}");
            if let Some(found) = self.folders.get(path.as_str()) {
                let target = found.resolved.as_str();
                let of = found.link.then(|| self.folders.get(target)).flatten();
                return Some(of.unwrap_or(found).version.as_str());
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }

    /// What locked packages need of each other, and do not get: the first few, for one change breaks many.
    fn inner(&self) -> Vec<Mismatch> {
        let mut out: Vec<Mismatch> = Vec::new();
        for (path, folder) in &self.folders {
            if !path.contains(MODULES) || folder.link {
                continue;
            }
            for (name, range) in &folder.dependencies.0 {
                let (name, range) = (name.as_str(), range.as_str());
                let message = match self.locked(path, name) {
                    Some(version) if admits(range, version).unwrap_or(true) => continue,
                    Some(version) => format!("`{path}` needs `{range}`, locked is {version}"),
                    None => format!("`{path}` needs `{range}`, nothing is locked"),
                };
                out.push(Mismatch {
                    entry: name.to_owned(),
                    message,
                    manifest: 0..0,
                });
            }
        }
        out.sort_by(|a, b| (&a.entry, &a.message).cmp(&(&b.entry, &b.message)));
        out.truncate(5);
        out
    }
}

/// Whether the range of an alias or a plain one admits a locked version; `None` for what is no range.
fn admits(range: &str, version: &str) -> Option<bool> {
    let plain = match range.strip_prefix("npm:") {
        Some(real) => real
            .get(1..)?
            .split_once('@')
            .map_or("*", |(_, range)| range),
        None => range,
    };
    npm_satisfies(plain, version)
}

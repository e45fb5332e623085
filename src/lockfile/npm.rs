//! npm: `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3
//! (the page "package-lock.json" of the npm CLI's manual, `npm help package-lock.json`).

use super::input::{Input, commit_of, file_name};
use super::json::{self, Entries, Text};
use super::package::unite;
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::HashSet;

/// The names of a project's lockfile, the one that npm reads of two first
/// (<https://docs.npmjs.com/cli/configuring-npm/npm-shrinkwrap-json>).
pub(super) const RANKED: [&str; 2] = ["npm-shrinkwrap.json", "package-lock.json"];

/// The path of the file `other` beside the one at `path`, if that is called `name`.
pub(super) fn other(path: &str, name: &str, other: &str) -> Option<String> {
    let folder = path.strip_suffix(name)?;
    (folder.is_empty() || folder.ends_with('/')).then(|| format!("{folder}{other}"))
}

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "npm",
    title: "npm (package-lock.json, npm-shrinkwrap.json)",
    ecosystem: Ecosystem::Npm,
    upgrade: Upgrade::by_depth("npm install {name}@{version}", "npm update {name}")
        .and_manifest("npm install {flag}{name}@{version}", "npm install")
        .and_removal("npm uninstall {flag}{name}"),
    matches: |path| {
        matches!(
            file_name(path),
            "package-lock.json" | "npm-shrinkwrap.json" | ".package-lock.json"
        )
    },
    parse,
};

/// Version 2 writes everything twice; the older half is only read where the newer is missing.
#[derive(Deserialize)]
struct Modern<'a> {
    #[serde(borrow)]
    packages: Option<Entries<'a, Folder<'a>>>,
}

/// An entry of `packages`: what is installed in a folder.
#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
struct Folder<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Text<'a>,
    resolved: Text<'a>,
    integrity: Text<'a>,
    link: bool,
    dev: bool,
    optional: bool,
    dev_optional: bool,
    dependencies: Entries<'a, IgnoredAny>,
    dev_dependencies: Entries<'a, IgnoredAny>,
    optional_dependencies: Entries<'a, IgnoredAny>,
    peer_dependencies: Entries<'a, IgnoredAny>,
}

#[derive(Deserialize)]
struct Legacy<'a> {
    #[serde(borrow, default)]
    dependencies: Entries<'a, Dependency<'a>>,
}

/// An entry of `dependencies`, with what is installed below it.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Dependency<'a> {
    #[serde(borrow)]
    version: Text<'a>,
    resolved: Text<'a>,
    integrity: Text<'a>,
    dev: bool,
    optional: bool,
    dependencies: Entries<'a, Dependency<'a>>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let packages = match json::parse::<Modern<'_>>(&input)?.packages {
        Some(folders) => modern(&input, &folders),
        None => {
            let mut out = Vec::new();
            let legacy: Legacy<'_> = json::parse(&input)?;
            legacy_level(&input, &legacy.dependencies, &mut out);
            out
        }
    };
    Ok(unite(packages))
}

const MODULES: &str = "node_modules/";

fn modern(input: &Input<'_>, folders: &Entries<'_, Folder<'_>>) -> Vec<Package> {
    let asked_for: HashSet<&str> = folders
        .0
        .iter()
        .filter(|(path, _)| !path.as_str().contains(MODULES))
        .flat_map(|(_, folder)| {
            folder
                .dependencies
                .0
                .iter()
                .chain(&folder.dev_dependencies.0)
                .chain(&folder.optional_dependencies.0)
                .chain(&folder.peer_dependencies.0)
        })
        .map(|(name, _)| name.as_str())
        .collect();
    folders
        .0
        .iter()
        // A link leads to a folder of the project, which has an entry of its own.
        .filter(|(path, folder)| !path.is_empty() && !folder.link)
        .map(|(path, folder)| folder_package(input, path, folder, &asked_for))
        .collect()
}

fn folder_package(
    input: &Input<'_>,
    path: &Text<'_>,
    folder: &Folder<'_>,
    asked_for: &HashSet<&str>,
) -> Package {
    let installed_as = folder_name(path.as_str());
    // An alias is installed under one name and is another package.
    let name = if folder.name.is_empty() {
        installed_as
    } else {
        folder.name.as_str()
    };
    let span = if folder.version.is_empty() {
        path.span(input)
    } else {
        folder.version.span(input)
    };
    let mut package = Package::new(Ecosystem::Npm, name, folder.version.as_str(), span);
    // What development needs and what others may leave out is both.
    package.dev = folder.dev || folder.dev_optional;
    package.optional = folder.optional || folder.dev_optional;
    let top = path.as_str().strip_prefix(MODULES) == Some(installed_as);
    package.direct = Some(top && asked_for.contains(installed_as));
    package.hash = folder.integrity.place(input);
    package.address = folder.resolved.place(input);
    package.source = if path.as_str().contains(MODULES) {
        source(folder.resolved.as_str())
    } else {
        Source::Path
    };
    package
}

/// What stands after the last `node_modules/`; of a workspace's folder, its last part.
fn folder_name(path: &str) -> &str {
    match path.rfind(MODULES) {
        Some(at) => &path[at + MODULES.len()..],
        None => {
            let mut parts = path.rsplitn(3, '/');
            let last = parts.next().unwrap_or(path);
            match parts.next() {
                Some(scope) if scope.starts_with('@') => {
                    &path[path.len() - last.len() - 1 - scope.len()..]
                }
                _ => last,
            }
        }
    }
}

/// Where an address leads. A version says nothing of a registry's address, which mirrors change.
fn source(address: &str) -> Source {
    if address.starts_with("git") || address.contains(".git#") {
        return Source::Git {
            commit: commit_of(address).map(str::to_owned),
        };
    }
    if address.starts_with("file:") {
        return Source::Path;
    }
    // Archives of a registry are named `/-/name-version.tgz`.
    if address.starts_with("http") && !address.contains("/-/") && !address.contains("/download/") {
        return match commit_of(address) {
            Some(commit) => Source::Git {
                commit: Some(commit.to_owned()),
            },
            None => Source::Url,
        };
    }
    Source::Registry
}

/// Nesting is bounded: the JSON reader has refused more than 128 levels.
fn legacy_level(input: &Input<'_>, level: &Entries<'_, Dependency<'_>>, out: &mut Vec<Package>) {
    for (name, dependency) in &level.0 {
        out.push(legacy_package(input, name.as_str(), dependency));
        legacy_level(input, &dependency.dependencies, out);
    }
}

fn legacy_package(input: &Input<'_>, name: &str, dependency: &Dependency<'_>) -> Package {
    let written = dependency.version.as_str();
    let alias = written.strip_prefix("npm:").filter(|real| !real.is_empty());
    let (name, version) = match alias {
        Some(real) => split_alias(real),
        // Not a version but an address.
        None if written.contains(':') || written.contains('/') => (name, ""),
        None => (name, written),
    };
    let span = dependency.version.span(input);
    let mut package = Package::new(Ecosystem::Npm, name, version, span);
    package.dev = dependency.dev;
    package.optional = dependency.optional;
    package.hash = dependency.integrity.place(input);
    package.address = dependency.resolved.place(input);
    package.source = if version.is_empty() {
        source(written)
    } else {
        source(dependency.resolved.as_str())
    };
    package
}

/// `name@version` or `name`, of which a scope begins with another `@`.
fn split_alias(real: &str) -> (&str, &str) {
    let at = real.rfind('@').filter(|at| *at > 0);
    at.map_or((real, ""), |at| (&real[..at], &real[at + 1..]))
}

//! Cargo: `Cargo.toml` and `Cargo.lock`, as `cargo --locked` compares them: each package of the workspace is locked in its
//! version, with exactly the dependencies that its manifest names, in versions that the manifest admits
//! (<https://doc.rust-lang.org/cargo/reference/resolver.html>).

use super::super::cargo_lines::dependencies;
use super::super::input::Input;
use super::members::{members, trimmed};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, Place, Top, VERSIONS_MOST, shown};
use crate::lockfile::Contents;
use compact_str::CompactString;
use semver::{Version, VersionReq};
use std::collections::{HashMap, HashSet};
use std::sync::Arc;
use toml::Table;

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["Cargo.lock"],
    manifest: ManifestName::Exact("Cargo.toml"),
    command: "cargo update --workspace",
    strict: "cargo build --locked",
    check,
    manifests,
};

/// A locked package of the workspace.
struct Own {
    version: CompactString,
    /// The list of what it needs, as written.
    needs: String,
}

/// What the lockfile says of a workspace.
struct Locked {
    /// By name.
    own: HashMap<CompactString, Vec<Own>>,
    /// The version of each package, the first of those that have the name.
    versions: HashMap<CompactString, CompactString>,
}

impl Locked {
    fn of(contents: &Contents, lock: &[u8]) -> Self {
        let mut out = Self {
            own: HashMap::new(),
            versions: HashMap::with_capacity(contents.packages.len()),
        };
        for package in &contents.packages {
            let (name, version) = (&package.name, &package.version);
            out.versions
                .entry(name.clone())
                .or_insert_with(|| version.clone());
            if package.address.is_empty() {
                let needs = lock.get(package.needs.clone()).unwrap_or_default();
                let own = out.own.entry(name.clone()).or_default();
                own.push(Own {
                    version: version.clone(),
                    needs: String::from_utf8_lossy(needs).into_owned(),
                });
            }
        }
        out
    }
}

/// `None` where the lockfile can't be read, or has the oldest form, with the project apart.
fn locked(pair: &Pair<'_>) -> Arc<Option<Locked>> {
    pair.lock.once(|lock| {
        let contents = (pair.contents)().filter(|_| !is_oldest(lock))?;
        Some(Locked::of(&contents, lock))
    })
}

/// The manifest beside the lockfile, and the members of its workspace: those that it names or has patterns for, and the
/// packages in folders that it asks for, which are members without being named
/// (<https://doc.rust-lang.org/cargo/reference/workspaces.html#the-members-and-exclude-fields>).
fn manifests(top: &Top<'_>) -> Vec<String> {
    let mut out = vec!["Cargo.toml".to_owned()];
    // Most projects have one package, and are not read here.
    if memchr::memmem::find(top.manifest, b"workspace").is_none() {
        return out;
    }
    let root = table(top.manifest).unwrap_or_default();
    let Some(workspace) = root.get("workspace") else {
        return out;
    };
    let mut patterns = texts(workspace.get("members"));
    patterns.extend(folders_asked_for(&root));
    let folders = |key| -> HashSet<&str> {
        let all = texts(workspace.get(key)).into_iter();
        all.map(trimmed).collect()
    };
    // What is named stays, whatever is excluded.
    let (named, excluded) = (folders("members"), folders("exclude"));
    let is_member = |folder: &String| is_below(folder, &named) || !is_below(folder, &excluded);
    let members = members(&patterns, top.folders).into_iter();
    let members = members.filter(is_member);
    out.extend(members.map(|folder| format!("{folder}/Cargo.toml")));
    out
}

/// Whether a folder is one of `all`, or in one.
fn is_below(folder: &str, all: &HashSet<&str>) -> bool {
    let ends = folder.match_indices('/').map(|(end, _)| end);
    let mut ends = ends.chain([folder.len()]);
    ends.any(|end| all.contains(&folder[..end]))
}

/// The texts of a list.
fn texts(list: Option<&toml::Value>) -> Vec<&str> {
    let list = list.and_then(toml::Value::as_array).into_iter().flatten();
    list.filter_map(toml::Value::as_str).collect()
}

/// The folders in which a manifest's dependencies are.
fn folders_asked_for(manifest: &Table) -> impl Iterator<Item = &str> {
    let lists = lists(manifest).flatten();
    lists.filter_map(|(_, one)| one.get("path")?.as_str())
}

/// The lists of a manifest's dependencies, also those of single targets.
fn lists(manifest: &Table) -> impl Iterator<Item = &Table> {
    const KINDS: [&str; 5] = [
        "dependencies",
        "dev-dependencies",
        "dev_dependencies",
        "build-dependencies",
        "build_dependencies",
    ];
    let targets = manifest.get("target").and_then(toml::Value::as_table);
    let targets = targets.into_iter().flatten();
    let targets = targets.filter_map(|(_, target)| target.as_table());
    let tables = std::iter::once(manifest).chain(targets);
    tables.flat_map(|table| {
        let lists = KINDS.iter().filter_map(move |kind| table.get(*kind));
        lists.filter_map(toml::Value::as_table)
    })
}

fn table(bytes: &[u8]) -> Option<Table> {
    Input::new(bytes).ok()?.text.parse().ok()
}

/// Whether a lockfile has the oldest form, with the project apart.
fn is_oldest(lock: &[u8]) -> bool {
    lock.starts_with(b"[root]") || memchr::memmem::find(lock, b"\n[root]").is_some()
}

fn check(pair: &Pair<'_>) -> Frozen {
    let locked = locked(pair);
    let (Some(manifest), Some(locked)) = (table(pair.manifest), &*locked) else {
        return Frozen::Unknown;
    };
    let above = match pair.folder() {
        "" => None,
        // The manifest of the workspace, which the folder above may not have.
        _ => match root(pair) {
            Some(root) => Some(root),
            None => return Frozen::Apart,
        },
    };
    let root = above
        .as_deref()
        .and_then(Option::as_ref)
        .unwrap_or(&manifest);
    // Both put other packages in the place of those that manifests name.
    if root.contains_key("patch") || root.contains_key("replace") {
        return Frozen::Unknown;
    }
    let Some(package) = manifest.get("package").and_then(toml::Value::as_table) else {
        // A virtual workspace has members only.
        return Frozen::InSync;
    };
    let member = Member {
        root,
        manifest: &manifest,
        package,
        locked,
    };
    member.compare(!pair.folder().is_empty())
}

/// The manifest of the workspace above; `None` where there is none.
fn root(pair: &Pair<'_>) -> Option<Arc<Option<Table>>> {
    let root = pair.beside_lock("Cargo.toml")?.once(table);
    let is_workspace = (*root).as_ref()?.contains_key("workspace");
    is_workspace.then_some(root)
}

struct Member<'a> {
    root: &'a Table,
    manifest: &'a Table,
    package: &'a Table,
    locked: &'a Locked,
}

/// A dependency as a manifest means it.
struct Wanted {
    name: String,
    requirement: Option<String>,
}

impl Member<'_> {
    fn compare(&self, inner: bool) -> Frozen {
        let Some(name) = self.package.get("name").and_then(toml::Value::as_str) else {
            return Frozen::Unknown;
        };
        let Some(version) = self.version() else {
            return Frozen::Unknown;
        };
        let own = self.locked.own.get(name).map_or(&[][..], Vec::as_slice);
        let Some(found) = own.iter().find(|one| one.version == version) else {
            return match own.first() {
                Some(other) => Frozen::OutOfSync(vec![mismatch(
                    name,
                    "version",
                    format!("its version is {version}, locked is {}", other.version),
                )]),
                // A package below the workspace that is none of its members has a lockfile of its own.
                None if inner => Frozen::Apart,
                None => Frozen::OutOfSync(vec![mismatch(
                    name,
                    "name",
                    "the package itself is not locked".to_owned(),
                )]),
            };
        };
        let Some(wanted) = self.wanted() else {
            return Frozen::Unknown;
        };
        Frozen::of(self.differences(name, &found.needs, &wanted))
    }

    /// The package's version, its own or the workspace's.
    fn version(&self) -> Option<String> {
        let inherited = |value: &toml::Value| value.get("workspace").is_some();
        match self.package.get("version") {
            None => Some("0.0.0".to_owned()),
            Some(value) if inherited(value) => {
                let shared = self.root.get("workspace")?.get("package")?.get("version")?;
                Some(shared.as_str()?.to_owned())
            }
            Some(value) => Some(value.as_str()?.to_owned()),
        }
    }

    fn wanted(&self) -> Option<Vec<Wanted>> {
        let all = lists(self.manifest).flatten();
        all.map(|(key, value)| self.dependency(key, value))
            .collect()
    }

    /// One dependency; `None` where the workspace that it refers to does not have it.
    fn dependency(&self, key: &str, value: &toml::Value) -> Option<Wanted> {
        let value = match value.get("workspace") {
            Some(_) => self.root.get("workspace")?.get("dependencies")?.get(key)?,
            None => value,
        };
        let text = |field: &str| value.get(field).and_then(toml::Value::as_str);
        Some(Wanted {
            name: text("package").unwrap_or(key).to_owned(),
            requirement: value
                .as_str()
                .or_else(|| text("version"))
                .map(str::to_owned),
        })
    }

    /// What the package `of` asks for otherwise than `needs`, the list of the lockfile, has it.
    fn differences(&self, of: &str, needs: &str, wanted: &[Wanted]) -> Vec<Mismatch> {
        let mut needed: HashMap<&str, Vec<&str>> = HashMap::new();
        let needs = dependencies(needs);
        for (name, version) in &needs {
            needed
                .entry(*name)
                .or_default()
                .extend(self.version_of(name, version));
        }
        let mut out = Vec::new();
        for one in wanted {
            let versions = needed.get(one.name.as_str()).map_or(&[][..], Vec::as_slice);
            let asked = one.requirement.as_deref().unwrap_or("*");
            let message = if versions.is_empty() {
                format!("`{asked}` is asked for, nothing is locked for {of}")
            } else if admits_any(asked, versions) {
                continue;
            } else {
                format!(
                    "`{asked}` is asked for, locked is {}",
                    shown(versions.iter())
                )
            };
            out.push(mismatch(&one.name, &one.name, message));
        }
        let wanted: HashSet<&str> = wanted.iter().map(|one| one.name.as_str()).collect();
        for (name, _) in needs {
            if !wanted.contains(name) {
                out.push(Mismatch {
                    entry: name.to_owned(),
                    message: format!("it is locked and {of} does not ask for it"),
                    place: Place::Nowhere,
                });
            }
        }
        out
    }

    /// The version that an item of `dependencies` stands for.
    fn version_of<'b>(&'b self, name: &str, version: &'b str) -> Option<&'b str> {
        if version.is_empty() {
            self.locked.versions.get(name).map(CompactString::as_str)
        } else {
            Some(version)
        }
    }
}

fn mismatch(entry: &str, key: &str, message: String) -> Mismatch {
    Mismatch {
        entry: entry.to_owned(),
        message,
        place: Place::TomlKey(key.to_owned()),
    }
}

/// Whether a requirement admits one of the versions; what can't be read is let through.
fn admits_any(requirement: &str, versions: &[&str]) -> bool {
    let Ok(requirement) = VersionReq::parse(requirement) else {
        return true;
    };
    let mut seen = versions.iter().take(VERSIONS_MOST);
    seen.any(|version| {
        Version::parse(version).map_or(true, |version| requirement.matches(&version))
    })
}

//! Cargo: `Cargo.toml` and `Cargo.lock`, as `cargo --locked` compares them: each package of the workspace is locked in its
//! version, with exactly the dependencies that its manifest names, in versions that the manifest admits
//! (<https://doc.rust-lang.org/cargo/reference/resolver.html>).

use super::super::cargo_lines::dependencies;
use super::super::input::Input;
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair};
use crate::lockfile::{self, Package};
use semver::{Version, VersionReq};
use std::ops::Range;
use toml::Table;

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["Cargo.lock"],
    manifest: ManifestName::Exact("Cargo.toml"),
    command: "cargo update --workspace",
    strict: "cargo build --locked",
    check,
    manifests,
};

/// A locked package of the workspace (`own`) or of elsewhere.
struct Locked<'a> {
    name: &'a str,
    version: &'a str,
    own: bool,
    /// The list of what it needs, as written.
    needs: &'a str,
}

impl<'a> Locked<'a> {
    fn of(package: &'a Package, lock: &'a [u8]) -> Self {
        let needs = lock.get(package.needs.clone()).unwrap_or_default();
        Self {
            name: &package.name,
            version: &package.version,
            own: package.address.is_empty(),
            needs: std::str::from_utf8(needs).unwrap_or_default(),
        }
    }
}

/// The manifest beside the lockfile, and the members of its workspace: those that it names, and of a pattern such as
/// `crates/*` the folders that are called as their packages are.
fn manifests(lock: &[u8], manifest: &[u8]) -> Vec<String> {
    let mut out = vec!["Cargo.toml".to_owned()];
    // Most projects have one package, and are not read here.
    if memchr::memmem::find(manifest, b"members").is_none() {
        return out;
    }
    let root = table(manifest).unwrap_or_default();
    let members = root
        .get("workspace")
        .and_then(|workspace| workspace.get("members"))
        .and_then(toml::Value::as_array);
    let members = members.into_iter().flatten();
    let mut own: Option<Vec<String>> = None;
    for member in members.filter_map(toml::Value::as_str) {
        match member.strip_suffix("/*") {
            Some(folder) => {
                let own = own.get_or_insert_with(|| own_names(lock));
                out.extend(own.iter().map(|name| format!("{folder}/{name}/Cargo.toml")));
            }
            None if member.contains(['*', '?', '[']) => {}
            None if matches!(member, "." | "./") => {}
            None => out.push(format!("{}/Cargo.toml", member.trim_end_matches('/'))),
        }
    }
    out
}

/// The names of the workspace's packages.
fn own_names(lock: &[u8]) -> Vec<String> {
    let packages = lockfile::find("Cargo.lock").and_then(|format| (format.parse)(lock).ok());
    packages
        .unwrap_or_default()
        .into_iter()
        .filter(|package| package.address.is_empty())
        .map(|package| package.name.into_string())
        .collect()
}

fn table(bytes: &[u8]) -> Option<Table> {
    Input::new(bytes).ok()?.text.parse().ok()
}

/// Whether a lockfile has the oldest form, with the project apart.
fn is_oldest(lock: &[u8]) -> bool {
    lock.starts_with(b"[root]") || memchr::memmem::find(lock, b"\n[root]").is_some()
}

fn check(pair: &Pair<'_>) -> Frozen {
    let Ok(input) = Input::new(pair.manifest) else {
        return Frozen::Unknown;
    };
    let (Some(manifest), Some(contents)) = (table(pair.manifest), (pair.contents)()) else {
        return Frozen::Unknown;
    };
    if is_oldest(pair.lock) {
        return Frozen::Unknown;
    }
    let packages = contents.packages.iter();
    let locked: Vec<Locked<'_>> = packages.map(|one| Locked::of(one, pair.lock)).collect();
    let Some(root) = root(pair, &manifest) else {
        return Frozen::Apart;
    };
    // Both put other packages in the place of those that manifests name.
    if root.contains_key("patch") || root.contains_key("replace") {
        return Frozen::Unknown;
    }
    let Some(package) = manifest.get("package").and_then(toml::Value::as_table) else {
        // A virtual workspace has members only.
        return Frozen::InSync;
    };
    let member = Member {
        root: &root,
        manifest: &manifest,
        package,
        locked: &locked,
        text: input.text,
    };
    member.compare(!pair.folder().is_empty())
}

/// The manifest of the workspace, which may be the project's own; `None` where the folder above has none.
fn root(pair: &Pair<'_>, manifest: &Table) -> Option<Table> {
    if pair.folder().is_empty() {
        return Some(manifest.clone());
    }
    let root = table(&pair.beside_lock("Cargo.toml")?)?;
    root.contains_key("workspace").then_some(root)
}

struct Member<'a> {
    root: &'a Table,
    manifest: &'a Table,
    package: &'a Table,
    locked: &'a [Locked<'a>],
    text: &'a str,
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
        let own: Vec<&Locked<'_>> = self
            .locked
            .iter()
            .filter(|one| one.own && one.name == name)
            .collect();
        let Some(found) = own.iter().find(|one| one.version == version) else {
            return match own.first() {
                Some(other) => Frozen::OutOfSync(vec![self.mismatch(
                    name,
                    "version",
                    format!("its version is {version}, locked is {}", other.version),
                )]),
                // A package below the workspace that is none of its members has a lockfile of its own.
                None if inner => Frozen::Apart,
                None => Frozen::OutOfSync(vec![self.mismatch(
                    name,
                    "name",
                    "the package itself is not locked".to_owned(),
                )]),
            };
        };
        let Some(wanted) = self.wanted() else {
            return Frozen::Unknown;
        };
        Frozen::of(self.differences(found, &wanted))
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
        const KINDS: [&str; 5] = [
            "dependencies",
            "dev-dependencies",
            "dev_dependencies",
            "build-dependencies",
            "build_dependencies",
        ];
        let targets = self
            .manifest
            .get("target")
            .and_then(toml::Value::as_table)
            .into_iter()
            .flatten()
            .filter_map(|(_, target)| target.as_table());
        let mut out = Vec::new();
        for table in std::iter::once(self.manifest).chain(targets) {
            for kind in KINDS {
                let list = table.get(kind).and_then(toml::Value::as_table);
                for (key, value) in list.into_iter().flatten() {
                    out.push(self.dependency(key, value)?);
                }
            }
        }
        Some(out)
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

    fn differences(&self, found: &Locked<'_>, wanted: &[Wanted]) -> Vec<Mismatch> {
        let mut out = Vec::new();
        let needs = dependencies(found.needs);
        for one in wanted {
            let versions: Vec<&str> = needs
                .iter()
                .filter_map(|needed| self.version_of(*needed, &one.name))
                .collect();
            let asked = one.requirement.as_deref().unwrap_or("*");
            let message = if versions.is_empty() {
                format!(
                    "`{asked}` is asked for, nothing is locked for {}",
                    found.name
                )
            } else if versions.iter().any(|version| admits(asked, version)) {
                continue;
            } else {
                format!("`{asked}` is asked for, locked is {}", versions.join(", "))
            };
            out.push(self.mismatch(&one.name, &one.name, message));
        }
        for (name, _) in needs {
            if wanted.iter().all(|one| one.name != name) {
                let message = format!("it is locked and {} does not ask for it", found.name);
                out.push(Mismatch {
                    entry: name.to_owned(),
                    message,
                    manifest: 0..0,
                });
            }
        }
        out
    }

    /// The version that an item of `dependencies` stands for, where it is about `name`.
    fn version_of<'b>(&'b self, needed: (&'b str, &'b str), name: &str) -> Option<&'b str> {
        match needed {
            (other, _) if other != name => None,
            (_, "") => {
                let found = self.locked.iter().find(|one| one.name == name)?;
                Some(found.version)
            }
            (_, version) => Some(version),
        }
    }

    fn mismatch(&self, entry: &str, key: &str, message: String) -> Mismatch {
        Mismatch {
            entry: entry.to_owned(),
            message,
            manifest: toml_key(self.text, key),
        }
    }
}

/// Whether a requirement admits a version; what either crate can't read is let through.
fn admits(requirement: &str, version: &str) -> bool {
    match (VersionReq::parse(requirement), Version::parse(version)) {
        (Ok(requirement), Ok(version)) => requirement.matches(&version),
        _ => true,
    }
}

/// The line that gives `key` a value, or that is the head of its table.
fn toml_key(text: &str, key: &str) -> Range<usize> {
    for line in text.lines() {
        let shown = line.trim();
        let bare = shown.trim_start_matches('"');
        let after = bare.strip_prefix(key).map(str::trim_start);
        let named = after.is_some_and(|rest| rest.starts_with(['=', '.', '"']));
        if named || shown.ends_with(&format!("dependencies.{key}]")) {
            let start = shown.as_ptr() as usize - text.as_ptr() as usize;
            return start..start + shown.len();
        }
    }
    0..0
}

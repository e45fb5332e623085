//! PDM: `pyproject.toml` and the `content_hash` of `pdm.lock`, which is made of what the manifest asks for
//! (<https://pdm-project.org/en/latest/usage/lockfile/>: `pdm lock --check`).

use super::python::{Asked, Project, SPACED, at, digest, json, normal, requirement, strings};
use super::{Frozen, FrozenSpec, ManifestName, Pair};
use serde_json::{Map, Value as Json, json};
use toml::{Table, Value};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["pdm.lock"],
    manifest: ManifestName::Exact("pyproject.toml"),
    command: "pdm lock --update-reuse",
    strict: "pdm lock --check",
    check,
    manifests: |_| vec!["pyproject.toml".to_owned()],
};

fn check(pair: &Pair<'_>) -> Frozen {
    let project = match Project::read(pair, |manifest| manifest.contains_key("project")) {
        Ok(project) => project,
        Err(verdict) => return verdict,
    };
    let manifest = &project.manifest;
    // A workspace's hash is made of its members too, and locked inputs are compared otherwise.
    let workspace = at(manifest, &["tool", "pdm", "workspace"]).is_some();
    let inputs = at(&project.lock, &["metadata", "lock_inputs"]).is_some();
    if workspace || inputs {
        return Frozen::Unknown;
    }
    let written = project.metadata("content_hash");
    let version = project.metadata("lock_version").unwrap_or_default();
    project.by_hash(
        written.and_then(|hash| hash.strip_prefix("sha256:")),
        hashes(manifest, is_old(version)),
        &asked(manifest),
    )
}

/// Whether the lockfile is of a PDM before 2.17: it took overrides only, and `[dependency-groups]` were not there yet.
fn is_old(lock_version: &str) -> bool {
    let mut numbers = lock_version
        .split('.')
        .map(|part| part.parse().unwrap_or(0));
    let version: (u32, u32) = (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0));
    version < (4, 5)
}

/// The hash; in an old lockfile also those of the versions that may have made it.
fn hashes(manifest: &Table, old: bool) -> Option<Vec<String>> {
    let settings = at(manifest, &["tool", "pdm"]);
    let setting = |key: &str, none: Json| match settings.and_then(|table| table.get(key)) {
        Some(value) => json(value),
        None => Some(none),
    };
    let project = |key: &str, none: Json| match at(manifest, &["project", key]) {
        Some(value) => json(value),
        None => Some(none),
    };
    let resolution = setting("resolution", json!({}))?;
    let overrides = resolution.get("overrides").cloned().unwrap_or(json!({}));
    let own = settings.and_then(|table| table.get("dev-dependencies"));
    let own = own.and_then(Value::as_table);
    let standard = manifest.get("dependency-groups").and_then(Value::as_table);
    let digest = |key: &str, value: &Json, tables: &[Option<&Table>], named| {
        let content = json!({
            "sources": setting("source", json!([]))?,
            "dependencies": project("dependencies", json!([]))?,
            "dev-dependencies": groups(tables, named)?,
            "optional-dependencies": project("optional-dependencies", json!({}))?,
            "requires-python": project("requires-python", json!(""))?,
            key: value,
        });
        Some(digest(&content, SPACED))
    };
    let mut out = vec![digest("resolution", &resolution, &[standard, own], normal)?];
    if old {
        let as_is: fn(&str) -> String = str::to_owned;
        for (key, value) in [("resolution", &resolution), ("overrides", &overrides)] {
            for tables in [&[standard, own][..], &[own]] {
                out.push(digest(key, value, tables, as_is)?);
                out.push(digest(key, value, tables, normal)?);
            }
        }
    }
    Some(out)
}

/// Groups for development from every table that has some, one after the other.
fn groups(tables: &[Option<&Table>], named: fn(&str) -> String) -> Option<Json> {
    let mut out = Map::new();
    for (group, list) in tables.iter().flatten().flat_map(|table| table.iter()) {
        let Json::Array(list) = json(list)? else {
            return None;
        };
        let known = out.entry(named(group)).or_insert(Json::Array(Vec::new()));
        if let Json::Array(known) = known {
            known.extend(list);
        }
    }
    Some(Json::Object(out))
}

/// Every dependency, to tell which was changed.
fn asked(manifest: &Table) -> Vec<Asked> {
    let lists = [
        at(manifest, &["project", "optional-dependencies"]),
        manifest.get("dependency-groups"),
        at(manifest, &["tool", "pdm", "dev-dependencies"]),
    ];
    let groups = lists
        .into_iter()
        .flatten()
        .filter_map(Value::as_table)
        .flatten();
    let direct = at(manifest, &["project", "dependencies"]);
    direct
        .into_iter()
        .chain(groups.map(|(_, list)| list))
        .flat_map(|list| strings(Some(list)))
        // Local packages of development are written as paths.
        .filter(|text| !text.starts_with("-e"))
        .map(requirement)
        .collect()
}

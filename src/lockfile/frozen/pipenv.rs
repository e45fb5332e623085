//! Pipenv: `Pipfile` and the hash of it that `Pipfile.lock` has (<https://pipenv.pypa.io/en/latest/commands.html>: `pipenv verify`).

use super::python::{Asked, TIGHT, by_hash, digest, json, normal, table};
use super::{Frozen, FrozenSpec, ManifestName, Pair};
use serde_json::{Map, Value as Json, json};
use toml::{Table, Value};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["Pipfile.lock"],
    manifest: ManifestName::Exact("Pipfile"),
    command: "pipenv lock",
    strict: "pipenv verify",
    check,
    manifests: |_| vec!["Pipfile".to_owned()],
};

/// Tables that are no categories of packages.
const OTHERS: [&str; 8] = [
    "source",
    "packages",
    "dev-packages",
    "requires",
    "scripts",
    "pipfile",
    "pipenv",
    "default",
];

fn check(pair: &Pair<'_>) -> Frozen {
    if !pair.folder().is_empty() {
        return Frozen::Apart;
    }
    let (Some(manifest), Ok(lock)) = (
        table(pair.manifest),
        serde_json::from_slice::<Json>(pair.lock.bytes()),
    ) else {
        return Frozen::Unknown;
    };
    let written = lock.pointer("/_meta/hash/sha256").and_then(Json::as_str);
    // Since 2026 names are hashed in their normal form.
    let hashes: Option<Vec<String>> = [str::to_owned, normal]
        .into_iter()
        .map(|named| Some(digest(&content(&manifest, named)?, TIGHT)))
        .collect();
    let (Some(written), Some(hashes)) = (written, hashes) else {
        return Frozen::Unknown;
    };
    by_hash(pair, (written, &hashes), &asked(&manifest), "Pipfile")
}

/// What the hash is made of.
fn content(manifest: &Table, named: fn(&str) -> String) -> Option<Json> {
    // Without a source Pipenv hashes the one of its own settings, which cannot be known here.
    let sources = json(manifest.get("source")?)?;
    let mut out = Map::new();
    let requires = manifest.get("requires").map_or(Some(json!({})), json)?;
    out.insert(
        "_meta".to_owned(),
        json!({ "sources": sources, "requires": requires }),
    );
    out.insert(
        "default".to_owned(),
        packages(manifest.get("packages"), named)?,
    );
    out.insert(
        "develop".to_owned(),
        packages(manifest.get("dev-packages"), named)?,
    );
    for (category, list) in manifest {
        if !OTHERS.contains(&category.as_str()) && category != "develop" {
            out.insert(category.clone(), packages(Some(list), named)?);
        }
    }
    Some(Json::Object(out))
}

fn packages(list: Option<&Value>, named: fn(&str) -> String) -> Option<Json> {
    let list = list.and_then(Value::as_table).into_iter().flatten();
    let pairs = list.map(|(name, value)| Some((named(name), json(value)?)));
    Some(Json::Object(pairs.collect::<Option<_>>()?))
}

/// Every dependency, to tell which was changed.
fn asked(manifest: &Table) -> Vec<Asked> {
    let categories = manifest.iter().filter(|(category, _)| {
        !OTHERS.contains(&category.as_str()) || category.ends_with("packages")
    });
    let entries = categories.filter_map(|(_, list)| list.as_table()).flatten();
    entries
        .map(|(name, value)| {
            let version = value
                .as_str()
                .or_else(|| value.get("version").and_then(Value::as_str));
            let plain = version.filter(|version| *version != "*");
            (normal(name), plain.map(str::to_owned))
        })
        .collect()
}

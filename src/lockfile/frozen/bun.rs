//! Bun: `package.json` and `bun.lock`, which repeats what each workspace asks for.

use super::super::input::Input;
use super::super::json::{self, Entries};
use super::package_json::{Manifest, united};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, asked_otherwise};
use serde::Deserialize;
use std::collections::BTreeMap;

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["bun.lock"],
    manifest: ManifestName::Exact("package.json"),
    command: "bun install --lockfile-only",
    strict: "bun install --frozen-lockfile",
    check,
    manifests,
};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Lock<'a> {
    #[serde(borrow)]
    workspaces: Entries<'a, Manifest<'a>>,
}

/// What a manifest asks for; a workspace of the lockfile is written alike.
fn asked<'a>(now: &'a Manifest<'_>) -> BTreeMap<&'a str, &'a str> {
    united([
        &now.peer_dependencies,
        &now.dev_dependencies,
        &now.dependencies,
        &now.optional_dependencies,
    ])
}

fn manifests(lock: &[u8], _: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(lock);
    let plain = json::without_comments(&text);
    let Ok(input) = Input::new(plain.as_bytes()) else {
        return Vec::new();
    };
    let lock: Lock<'_> = json::parse(&input).unwrap_or_default();
    let folders = lock.workspaces.0.iter().map(|(folder, _)| folder.as_str());
    folders
        .map(|folder| {
            let slash = if folder.is_empty() { "" } else { "/" };
            format!("{folder}{slash}package.json")
        })
        .collect()
}

fn check(pair: &Pair<'_>) -> Frozen {
    let text = String::from_utf8_lossy(pair.lock);
    let plain = json::without_comments(&text);
    let (Ok(manifest), Ok(lock)) = (Input::new(pair.manifest), Input::new(plain.as_bytes())) else {
        return Frozen::Unknown;
    };
    let (Ok(now), Ok(lock)) = (
        json::parse::<Manifest<'_>>(&manifest),
        json::parse::<Lock<'_>>(&lock),
    ) else {
        return Frozen::Unknown;
    };
    let found = lock
        .workspaces
        .0
        .iter()
        .find(|(folder, _)| folder.as_str() == pair.folder());
    match found {
        Some((_, locked)) => Frozen::of(differences(&asked(&now), &asked(locked), manifest.text)),
        None => Frozen::Apart,
    }
}

/// What the manifest asks for otherwise than the lockfile says that it did.
fn differences(
    now: &BTreeMap<&str, &str>,
    locked: &BTreeMap<&str, &str>,
    text: &str,
) -> Vec<Mismatch> {
    let mut out = asked_otherwise(now, locked, text);
    for name in locked.keys().filter(|name| !now.contains_key(*name)) {
        out.push(Mismatch::left_over(name));
    }
    out
}

//! Bun: `package.json` and `bun.lock`, which repeats what each workspace asks for.

use super::super::input::Input;
use super::super::json::{self, Entries};
use super::super::package_json::{Manifest, united};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, Top, asked_otherwise};
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

/// By folder: the ranges that the lockfile repeats.
type Locked = BTreeMap<String, BTreeMap<String, String>>;

/// `None` where the lockfile can't be read.
fn locked(lock: &[u8]) -> Option<Locked> {
    let text = String::from_utf8_lossy(lock);
    let plain = json::without_comments(&text);
    let input = Input::new(plain.as_bytes()).ok()?;
    let lock: Lock<'_> = json::parse(&input).ok()?;
    let workspaces = lock.workspaces.0.iter();
    let owned = |(name, range): (&str, &str)| (name.to_owned(), range.to_owned());
    let workspace = |asked: BTreeMap<&str, &str>| asked.into_iter().map(owned).collect();
    let locked =
        workspaces.map(|(folder, now)| (folder.as_str().to_owned(), workspace(asked(now))));
    Some(locked.collect())
}

fn manifests(top: &Top<'_>) -> Vec<String> {
    let locked = top.lock.once(locked);
    let folders = locked.iter().flatten().map(|(folder, _)| folder);
    folders
        .map(|folder| {
            let slash = if folder.is_empty() { "" } else { "/" };
            format!("{folder}{slash}package.json")
        })
        .collect()
}

fn check(pair: &Pair<'_>) -> Frozen {
    let locked = pair.lock.once(locked);
    let (Ok(manifest), Some(locked)) = (Input::new(pair.manifest), &*locked) else {
        return Frozen::Unknown;
    };
    let Ok(now) = json::parse::<Manifest<'_>>(&manifest) else {
        return Frozen::Unknown;
    };
    match locked.get(pair.folder()) {
        Some(locked) => Frozen::of(differences(&asked(&now), locked)),
        None => Frozen::Apart,
    }
}

/// What the manifest asks for otherwise than the lockfile says that it did.
fn differences(now: &BTreeMap<&str, &str>, locked: &BTreeMap<String, String>) -> Vec<Mismatch> {
    let mut out = asked_otherwise(now, |name| locked.get(name).map(String::as_str));
    for name in locked.keys() {
        if !now.contains_key(name.as_str()) {
            out.push(Mismatch::left_over(name));
        }
    }
    out
}

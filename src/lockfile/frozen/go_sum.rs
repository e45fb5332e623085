//! Go: `go.mod` and `go.sum`: every module that is required has the hash of its `go.mod`, and what the project itself asks
//! for that of its archive, as `-mod=readonly` demands (<https://go.dev/ref/mod#go-sum-files>).

use super::super::input::Input;
use super::super::{Package, Source, find};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, Place};
use std::collections::{HashMap, HashSet};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["go.sum"],
    manifest: ManifestName::Exact("go.mod"),
    command: "go mod tidy",
    strict: "go build -mod=readonly ./...",
    check,
    manifests: |_| vec!["go.mod".to_owned()],
};

/// By module: its versions, and those with `/go.mod`.
type Sums<'a> = HashMap<&'a str, HashSet<&'a str>>;

fn check(pair: &Pair<'_>) -> Frozen {
    if !pair.folder().is_empty() {
        return Frozen::Apart;
    }
    let packages = find("go.mod").and_then(|format| (format.parse)(pair.manifest).ok());
    let (Some(packages), Ok(lock)) = (packages, Input::new(pair.lock.bytes())) else {
        return Frozen::Unknown;
    };
    // In a workspace the hashes may stand in another module's file; vendored code needs none.
    let elsewhere = ["go.work", "../go.work", "vendor/modules.txt"];
    if elsewhere
        .iter()
        .any(|file| pair.beside_lock(file).is_some())
    {
        return Frozen::Unknown;
    }
    let mut sums = Sums::new();
    for line in lock.text.lines() {
        let mut words = line.split_whitespace();
        if let (Some(module), Some(version)) = (words.next(), words.next()) {
            sums.entry(module).or_default().insert(version);
        }
    }
    let out = packages
        .iter()
        .filter(|package| package.source != Source::Path && package.name != "stdlib")
        .filter_map(|package| lacking(package, &sums));
    Frozen::of(out.collect())
}

/// Which hash of a required module there is not.
fn lacking(package: &Package, sums: &Sums<'_>) -> Option<Mismatch> {
    let name = package.name.as_str();
    let version = format!("v{}", package.version);
    let known = sums.get(name);
    let has = |what: &str| known.is_some_and(|known| known.contains(what));
    let what = match (has(&format!("{version}/go.mod")), known.is_some()) {
        (true, _) if package.direct == Some(true) && !has(&version) => {
            "there is no hash of its archive"
        }
        (true, _) => return None,
        (false, true) => "there are hashes of other versions only",
        (false, false) => "there is no hash of it",
    };
    Some(Mismatch {
        entry: name.to_owned(),
        message: format!("`{version}` is required, {what}"),
        place: Place::at(&package.span),
    })
}

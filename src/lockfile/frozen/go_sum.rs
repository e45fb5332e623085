//! Go: `go.mod` and `go.sum`: every module that is required has the hash of its `go.mod`, and what the project itself asks
//! for that of its archive, as `-mod=readonly` demands (<https://go.dev/ref/mod#go-sum-files>).

use super::super::input::Input;
use super::super::{Package, Source, find};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair};
use std::collections::HashSet;

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["go.sum"],
    manifest: ManifestName::Exact("go.mod"),
    command: "go mod tidy",
    strict: "go build -mod=readonly ./...",
    check,
    manifests: |_, _| vec!["go.mod".to_owned()],
};

fn check(pair: &Pair<'_>) -> Frozen {
    if !pair.folder().is_empty() {
        return Frozen::Apart;
    }
    let packages = find("go.mod").and_then(|format| (format.parse)(pair.manifest).ok());
    let (Some(packages), Ok(lock)) = (packages, Input::new(pair.lock)) else {
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
    let sums: HashSet<(&str, &str)> = lock
        .text
        .lines()
        .filter_map(|line| {
            let mut words = line.split_whitespace();
            Some((words.next()?, words.next()?))
        })
        .collect();
    let out = packages
        .iter()
        .filter(|package| package.source != Source::Path && package.name != "stdlib")
        .filter_map(|package| lacking(package, &sums));
    Frozen::of(out.collect())
}

/// Which hash of a required module there is not.
fn lacking(package: &Package, sums: &HashSet<(&str, &str)>) -> Option<Mismatch> {
    let name = package.name.as_str();
    let version = format!("v{}", package.version);
    let has = |what: &str| sums.contains(&(name, what));
    let known = sums.iter().any(|(other, _)| *other == name);
    let what = match (has(&format!("{version}/go.mod")), known) {
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
        manifest: package.span.clone(),
    })
}

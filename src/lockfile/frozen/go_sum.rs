//! Go: `go.mod` and `go.sum`: every module that is required has the hash of its `go.mod`, and what the project itself asks
//! for that of its archive, as `-mod=readonly` demands (<https://go.dev/ref/mod#go-sum-files>).

use super::super::input::Input;
use super::super::{Source, find};
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
    let mut out = Vec::new();
    for package in &packages {
        if package.source == Source::Path || package.name == "stdlib" {
            continue;
        }
        let version = format!("v{}", package.version);
        let file = format!("{version}/go.mod");
        let lacks = |what: &str| !sums.contains(&(package.name.as_str(), what));
        let message = if lacks(&file) {
            let known = sums.iter().any(|(name, _)| *name == package.name);
            match known {
                true => format!("`{version}` is required, there are hashes of other versions only"),
                false => format!("`{version}` is required, there is no hash of it"),
            }
        } else if package.direct == Some(true) && lacks(&version) {
            format!("`{version}` is required, there is no hash of its archive")
        } else {
            continue;
        };
        out.push(Mismatch {
            entry: package.name.clone(),
            message,
            manifest: package.span.clone(),
        });
    }
    Frozen::of(out)
}

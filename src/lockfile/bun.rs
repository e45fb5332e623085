//! Bun: `bun.lock`, JSON with comments and trailing commas (<https://bun.sh/docs/install/lockfile>).

use super::input::{Input, file_name};
use super::json::{self, Entries, Text};
use super::package::unite;
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "bun",
    title: "Bun (bun.lock)",
    ecosystem: Ecosystem::Npm,
    upgrade: Upgrade::new("bun update {name}")
        .and_manifest("", "bun install")
        .and_removal("bun remove {name}"),
    matches: |path| file_name(path) == "bun.lock",
    parse,
};

#[derive(Deserialize)]
struct Lock<'a> {
    #[serde(borrow, default)]
    packages: Entries<'a, Vec<Text<'a>>>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let plain = json::without_comments(input.text);
    let plain = Input {
        text: &plain,
        ..input
    };
    let lock: Lock<'_> = json::parse(&plain)?;
    let mut packages = Vec::with_capacity(lock.packages.0.len());
    for (key, parts) in &lock.packages.0 {
        let Some(id) = parts.first().filter(|id| !id.is_empty()) else {
            return Err(LockfileError::invalid(
                format!(
                    "`{}` has no name and version",
                    key.as_str().escape_default()
                ),
                Some(key.span(&plain).start),
            ));
        };
        let Some(mut package) = package(id, id.span(&plain)) else {
            continue;
        };
        let hash = parts.last().filter(|last| last.as_str().starts_with("sha"));
        package.hash = hash.map_or(0..0, |hash| hash.span(&plain));
        let address = parts
            .get(1)
            .filter(|second| second.as_str().contains("://"));
        package.address = address.map_or(0..0, |address| address.span(&plain));
        packages.push(package);
    }
    Ok(unite(packages))
}

/// `name@version`, `name@github:owner/repository#commit`, `name@workspace:folder`.
fn package(id: &Text<'_>, mut span: std::ops::Range<usize>) -> Option<Package> {
    let text = id.as_str();
    let at = 1 + text.get(1..)?.find('@')?;
    let (name, rest) = (&text[..at], &text[at + 1..]);
    span.start = (span.start + at + 1).min(span.end);
    if rest.starts_with("workspace:") {
        return None;
    }
    let address = rest.contains(':') || rest.contains('/');
    let version = if address { "" } else { rest };
    let mut package = Package::new(Ecosystem::Npm, name, version, span);
    if address {
        package.source = source(rest);
    }
    Some(package)
}

fn source(address: &str) -> Source {
    if ["file:", "link:", "root:", "./", "../", "/"]
        .iter()
        .any(|kind| address.starts_with(kind))
    {
        return Source::Path;
    }
    match address.rsplit_once('#') {
        Some((_, commit)) => Source::Git {
            // GitHub's are written `owner-repository-commit` in older versions.
            commit: Some(commit.rsplit('-').next().unwrap_or(commit).to_owned()),
        },
        None => Source::Url,
    }
}

//! Bundler: `Gemfile.lock`, `gems.locked` (<https://bundler.io/guides/rationale.html>).

use super::input::{Input, file_name};
use super::package::unite;
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use std::collections::{HashMap, HashSet};

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "bundler",
    title: "Bundler (Gemfile.lock)",
    ecosystem: Ecosystem::RubyGems,
    upgrade: Upgrade::new("bundle update {name} --conservative")
        .and_manifest("", "bundle update {name} --conservative")
        .and_newest("bundle update {name}")
        .and_removal("bundle remove {name} && bundle lock"),
    matches: |path| matches!(file_name(path), "Gemfile.lock" | "gems.locked"),
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut out = Vec::new();
    let mut asked_for: HashSet<&str> = HashSet::new();
    let mut section = "";
    let mut revision = None;
    let mut remote = "";
    let mut checksums: HashMap<(&str, &str), &str> = HashMap::new();
    for raw in input.text.lines() {
        let text = raw.trim_start_matches(' ');
        let indent = raw.len() - text.len();
        let text = text.trim_end();
        match (indent, section) {
            _ if text.is_empty() => {}
            (0, _) => {
                section = text;
                revision = None;
                remote = "";
            }
            (2, "CHECKSUMS") => checksums.extend(checksum(text)),
            (2, "DEPENDENCIES") => {
                asked_for.extend(text.split([' ', '!']).next());
            }
            (2, _) => {
                revision = text.strip_prefix("revision: ").or(revision);
                remote = text.strip_prefix("remote: ").unwrap_or(remote);
            }
            (4, "") => return Err(input.error("a gem stands before all sections", text)),
            (4, "GEM" | "GIT" | "PATH" | "PLUGIN SOURCE") => {
                out.extend(gem(&input, text, section, revision).map(|mut package| {
                    package.address = input.span(remote);
                    package
                }));
            }
            _ => {}
        }
    }
    for package in &mut out {
        let hash = checksums.get(&(package.name.as_str(), package.version.as_str()));
        package.hash = hash.map_or(0..0, |hash| input.span(hash));
        package.direct = Some(asked_for.contains(package.name.as_str()));
    }
    Ok(unite(out))
}

/// `name (version) sha256=…`: the hash of a version for every platform, for the others are not listed apart.
fn checksum(text: &str) -> Option<((&str, &str), &str)> {
    let (name, rest) = text.split_once(" (")?;
    let (version, hash) = rest.split_once(") ")?;
    Some(((name, version), hash))
}

/// `name (version)` or `name (version-platform)`.
fn gem(input: &Input<'_>, text: &str, section: &str, revision: Option<&str>) -> Option<Package> {
    let (name, rest) = text.split_once(" (")?;
    let rest = rest.trim_end_matches('!');
    let version = rest.strip_suffix(')')?.split('-').next()?;
    let mut package = Package::new(Ecosystem::RubyGems, name, version, input.span(version));
    package.source = match section {
        "GIT" => Source::Git {
            commit: revision.map(str::to_owned),
        },
        "PATH" => Source::Path,
        "PLUGIN SOURCE" => Source::Unknown,
        _ => Source::Registry,
    };
    Some(package)
}

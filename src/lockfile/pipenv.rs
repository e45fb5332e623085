//! Pipenv: `Pipfile.lock` (<https://pipenv.pypa.io/en/latest/pipfile.html>).

use super::input::{Input, file_name};
use super::json::{self, Entries, Loose, Text};
use super::package::unite;
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "pipenv",
    title: "Pipenv (Pipfile.lock)",
    ecosystem: Ecosystem::PyPI,
    upgrade: Upgrade::new("pipenv upgrade {name}=={version}")
        .and_manifest(
            "pipenv upgrade {flag}{name}=={version}",
            "pipenv update {name}",
        )
        .and_removal("pipenv uninstall {flag}{name}"),
    matches: |path| file_name(path) == "Pipfile.lock",
    parse,
};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Locked<'a> {
    #[serde(borrow)]
    version: Text<'a>,
    hashes: Vec<Text<'a>>,
    git: Text<'a>,
    #[serde(rename = "ref")]
    reference: Text<'a>,
    path: Text<'a>,
    file: Text<'a>,
}

type Category<'a> = Loose<Entries<'a, Loose<Locked<'a>>>>;

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let categories: Entries<'_, Category<'_>> = json::parse(&input)?;
    let mut out = Vec::new();
    for (category, packages) in &categories.0 {
        // `default`, `develop`, and what a project defines; but for `_meta`.
        let Some(packages) = packages.0.as_ref().filter(|_| category.as_str() != "_meta") else {
            continue;
        };
        for (name, locked) in &packages.0 {
            if let Some(locked) = &locked.0 {
                let mut package = package(&input, name, locked);
                package.dev = category.as_str() == "develop";
                // A folder beside the project without a version is its own code.
                if package.source != Source::Path || !package.version.is_empty() {
                    out.push(package);
                }
            }
        }
    }
    Ok(unite(out))
}

fn package(input: &Input<'_>, name: &Text<'_>, locked: &Locked<'_>) -> Package {
    let written = locked.version.as_str();
    let version = written.trim_start_matches('=');
    let mut span = locked.version.span(input);
    span.start = (span.start + (written.len() - version.len())).min(span.end);
    if version.is_empty() {
        span = name.span(input);
    }
    let mut package = Package::new(Ecosystem::PyPI, name.as_str(), version, span);
    if let (Some(first), Some(last)) = (locked.hashes.first(), locked.hashes.last()) {
        package.hash = first.span(input).start..last.span(input).end;
    }
    package.source = if !locked.git.is_empty() {
        let commit = (!locked.reference.is_empty()).then(|| locked.reference.as_str().to_owned());
        Source::Git { commit }
    } else if !locked.path.is_empty() {
        Source::Path
    } else if !locked.file.is_empty() {
        Source::Url
    } else {
        Source::Registry
    };
    package
}

//! R: `renv.lock` (<https://rstudio.github.io/renv/articles/lockfile.html>).

use super::input::{Input, file_name};
use super::json::{self, Entries, Text};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "renv",
    title: "renv (renv.lock)",
    ecosystem: Ecosystem::Cran,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| file_name(path) == "renv.lock",
    parse,
};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Lock<'a> {
    #[serde(borrow, default)]
    packages: Entries<'a, Locked<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "PascalCase")]
struct Locked<'a> {
    #[serde(borrow)]
    package: Text<'a>,
    version: Text<'a>,
    source: Text<'a>,
    repository: Text<'a>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let lock: Lock<'_> = json::parse(&input)?;
    Ok(lock
        .packages
        .0
        .iter()
        .filter_map(|(_, locked)| package(&input, locked))
        .collect())
}

/// What comes from a repository of its own is no package of CRAN, whatever its name.
fn package(input: &Input<'_>, locked: &Locked<'_>) -> Option<Package> {
    let ecosystem = match locked.source.as_str() {
        "Repository" | "CRAN" => Ecosystem::Cran,
        // Of unknown sources renv asks the repositories too.
        "" | "unknown" if !locked.repository.is_empty() => Ecosystem::Cran,
        "Bioconductor" => Ecosystem::Bioconductor,
        _ => return None,
    };
    let version = &locked.version;
    Some(Package::new(
        ecosystem,
        locked.package.as_str(),
        version.as_str(),
        version.span(input),
    ))
}

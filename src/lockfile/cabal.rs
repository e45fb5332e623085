//! Haskell: `cabal.project.freeze` (<https://cabal.readthedocs.io/en/stable/cabal-commands.html#cabal-freeze>).

use super::input::{Input, file_name};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "cabal",
    title: "Cabal (cabal.project.freeze)",
    ecosystem: Ecosystem::Hackage,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| file_name(path) == "cabal.project.freeze",
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    Ok(input
        .text
        .lines()
        .filter(|line| !line.trim_start().starts_with("--"))
        .flat_map(|line| line.split(','))
        .filter_map(|constraint| package(&input, constraint))
        .collect())
}

/// `any.name ==version`, the form of every package that is not the project's own.
fn package(input: &Input<'_>, constraint: &str) -> Option<Package> {
    let constraint = constraint.trim();
    let constraint = constraint
        .strip_prefix("constraints:")
        .unwrap_or(constraint)
        .trim_start();
    let (name, version) = constraint.strip_prefix("any.")?.split_once("==")?;
    let version = version.trim();
    Some(Package::new(
        Ecosystem::Hackage,
        name.trim(),
        version,
        input.span(version),
    ))
}

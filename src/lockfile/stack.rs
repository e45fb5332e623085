//! Haskell: `stack.yaml.lock` (<https://docs.haskellstack.org/en/stable/topics/lock_files/>).

use super::input::{Input, file_name};
use super::package::unite;
use super::yaml_lines::lines;
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "stack",
    title: "Stack (stack.yaml.lock)",
    ecosystem: Ecosystem::Hackage,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| file_name(path) == "stack.yaml.lock",
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut out = Vec::new();
    for line in lines(&input) {
        let line = line?;
        if line.key == "hackage" {
            out.extend(package(&input, line.value));
        }
    }
    Ok(unite(out))
}

/// `name-version@sha256:…,size`.
fn package(input: &Input<'_>, id: &str) -> Option<Package> {
    let (name, version) = id.split('@').next()?.rsplit_once('-')?;
    Some(Package::new(
        Ecosystem::Hackage,
        name,
        version,
        input.span(version),
    ))
}

//! Gradle: `gradle.lockfile` and its kin (<https://docs.gradle.org/current/userguide/dependency_locking.html>).

use super::input::{Input, file_name};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "gradle",
    title: "Gradle (gradle.lockfile)",
    ecosystem: Ecosystem::Maven,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| {
        matches!(
            file_name(path),
            "gradle.lockfile" | "buildscript-gradle.lockfile"
        )
    },
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    Ok(input
        .text
        .lines()
        .filter_map(|line| package(&input, line.trim()))
        .collect())
}

/// `group:artifact:version=configuration,…`; for development if only tests are configured so.
fn package(input: &Input<'_>, line: &str) -> Option<Package> {
    if line.starts_with('#') {
        return None;
    }
    let (id, configurations) = line.split_once('=')?;
    let (name, version) = id.rsplit_once(':')?;
    let (group, artifact) = name.split_once(':')?;
    if group.is_empty() || artifact.is_empty() || version.is_empty() {
        return None;
    }
    let mut package = Package::new(Ecosystem::Maven, name, version, input.span(version));
    package.dev = configurations
        .split(',')
        .all(|name| name.starts_with("test"));
    Some(package)
}

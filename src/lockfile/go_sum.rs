//! Go: `go.sum`, the hashes of modules (<https://go.dev/ref/mod#go-sum-files>). It lists more than is used, so it is no list of
//! packages of its own; its hashes must not change.

use super::input::{Input, file_name};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;

/// Not among [`super::LOCKFILES`].
pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "go-sum",
    title: "Go (go.sum)",
    ecosystem: Ecosystem::Go,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| matches!(file_name(path), "go.sum" | "go.work.sum"),
    parse,
};

/// Each line as a package; that of a `go.mod` file alone has the version `v1.2.3/go.mod`, as it is written.
fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let lines = input.text.lines().filter_map(|line| {
        let mut words = line.split_whitespace();
        let (module, version, hash) = (words.next()?, words.next()?, words.next()?);
        let mut package = Package::new(Ecosystem::Go, module, version, input.span(version));
        package.hash = input.span(hash);
        Some(package)
    });
    Ok(lines.collect())
}

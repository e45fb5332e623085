//! NuGet: `packages.lock.json`, `packages.*.lock.json`
//! (<https://learn.microsoft.com/en-us/nuget/consume-packages/package-references-in-project-files#locking-dependencies>).

use super::input::{Input, file_name};
use super::json;
use super::nuget_json::Lock;
use super::package::unite;
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "nuget-lock",
    title: "NuGet (packages.lock.json)",
    ecosystem: Ecosystem::NuGet,
    upgrade: Upgrade::new("dotnet add package {name} --version {version}")
        .and_removal("dotnet remove package {name}"),
    matches: |path| {
        let name = file_name(path);
        name == "packages.lock.json"
            || (name.starts_with("packages.") && name.ends_with(".lock.json"))
    },
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let lock: Lock<'_> = json::parse(&input)?;
    let packages = lock
        .dependencies
        .0
        .iter()
        .flat_map(|(_, framework)| &framework.0);
    let packages = packages
        // A project of the same solution has no version.
        .filter(|(_, locked)| !locked.resolved.is_empty())
        .map(|(name, locked)| {
            let version = locked.resolved.as_str();
            let mut package = Package::new(
                Ecosystem::NuGet,
                name.as_str(),
                version,
                locked.resolved.span(&input),
            );
            package.hash = locked.content_hash.place(&input);
            package.direct = Some(locked.kind.as_str() == "Direct");
            if locked.kind.as_str() == "Project" {
                package.source = Source::Path;
            }
            package
        });
    Ok(unite(packages.collect()))
}

//! .NET: what a build resolved, `*.deps.json` and `project.assets.json`
//! (<https://github.com/dotnet/sdk/blob/main/documentation/specs/runtime-configuration-file.md>).

use super::input::{Input, file_name};
use super::json::{self, Entries, Text};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;
use serde::de::IgnoredAny;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "dotnet-json",
    title: ".NET (*.deps.json, project.assets.json)",
    ecosystem: Ecosystem::NuGet,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| file_name(path) == "project.assets.json" || path.ends_with(".deps.json"),
    parse,
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Resolved<'a> {
    /// Only what a build wrote for running has one; there the project's own parts count as packages.
    runtime_target: Option<IgnoredAny>,
    /// By `name/version`.
    #[serde(borrow, default)]
    libraries: Entries<'a, Library<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Library<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let resolved: Resolved<'_> = json::parse(&input)?;
    Ok(resolved
        .libraries
        .0
        .iter()
        .filter(|(_, library)| {
            resolved.runtime_target.is_some() || library.kind.as_str() != "project"
        })
        .filter_map(|(id, library)| {
            let (name, version) = id.as_str().rsplit_once('/')?;
            let mut package = Package::new(Ecosystem::NuGet, name, version, id.span(&input));
            if library.kind.as_str() == "project" {
                package.source = Source::Path;
            }
            Some(package)
        })
        .collect())
}

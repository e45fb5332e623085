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
    /// Only what a restore wrote has these; in what a build wrote for running the project's own parts count as packages.
    project_file_dependency_groups: Option<IgnoredAny>,
    package_folders: Option<IgnoredAny>,
    project: Option<IgnoredAny>,
    version: Option<IgnoredAny>,
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

impl Resolved<'_> {
    /// Whether it is a `project.assets.json`.
    fn is_of_restore(&self) -> bool {
        let signs = [
            &self.project_file_dependency_groups,
            &self.package_folders,
            &self.project,
            &self.version,
        ];
        signs.iter().any(|sign| sign.is_some())
    }
}

/// Whether it is what other tools write under such a name: a bundle's `editor.deps.json` lists the scripts that it needs.
fn is_list(text: &str) -> bool {
    text.trim_ascii_start().starts_with('[') && serde_json::from_str::<Vec<String>>(text).is_ok()
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    if is_list(input.text) {
        return Ok(Vec::new());
    }
    let resolved: Resolved<'_> = json::parse(&input)?;
    let restored = resolved.is_of_restore();
    if !restored && resolved.libraries.0.is_empty() {
        // The program itself is one.
        return Err(LockfileError::invalid("it names no libraries", Some(0)));
    }
    Ok(resolved
        .libraries
        .0
        .iter()
        .filter(|(_, library)| !restored || library.kind.as_str() != "project")
        .filter_map(|(id, library)| {
            let (name, version) = id.as_str().split_once('/')?;
            if name.is_empty() || version.is_empty() || version.contains('/') {
                return None;
            }
            let mut package = Package::new(Ecosystem::NuGet, name, version, id.span(&input));
            if library.kind.as_str() == "project" {
                package.source = Source::Path;
            }
            Some(package)
        })
        .collect())
}

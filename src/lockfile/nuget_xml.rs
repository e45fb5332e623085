//! NuGet: what projects ask for in exact versions: `packages.config`, `*.csproj` and its kin, and what all projects below a folder
//! share, `Directory.Packages.props`, `Directory.Build.props` and `.targets`
//! (<https://learn.microsoft.com/en-us/nuget/consume-packages/package-references-in-project-files>).
//!
//! Versions that are properties or open ranges say nothing of what is installed and are left aside.

use super::input::{Input, file_name};
use super::xml::{Piece, Reader, attribute};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;

/// What all projects below a folder take their own from
/// (<https://learn.microsoft.com/en-us/visualstudio/msbuild/customize-by-directory>).
const SHARED: [&str; 3] = [
    "Directory.Packages.props",
    "Directory.Build.props",
    "Directory.Build.targets",
];

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "nuget-xml",
    title: "NuGet (packages.config, *.csproj, Directory.Packages.props, Directory.Build.props)",
    ecosystem: Ecosystem::NuGet,
    upgrade: Upgrade::new("dotnet add package {name} --version {version}")
        .and_removal("dotnet remove package {name}"),
    matches: |path| {
        let name = file_name(path);
        let project = [".csproj", ".fsproj", ".vbproj"]
            .iter()
            .any(|end| name.ends_with(end));
        project || SHARED.contains(&name) || name == "packages.config"
    },
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut reader = Reader::new(input);
    let mut out = Vec::new();
    // The name of a reference whose version is an element of its own.
    let mut waiting: Option<&str> = None;
    while let Some(piece) = reader.next()? {
        reader.expect_root(piece, &["Project", "packages"])?;
        match piece {
            Piece::Open("package", attributes, _) => {
                let id = attribute(attributes, "id");
                let package = package(&input, id, attribute(attributes, "version"));
                let dev = attribute(attributes, "developmentDependency") == Some("true");
                out.extend(package.map(|package| Package { dev, ..package }));
            }
            Piece::Open(
                "PackageReference" | "PackageVersion" | "GlobalPackageReference",
                attributes,
                _,
            ) => {
                let id = attribute(attributes, "Include").or(attribute(attributes, "Update"));
                let version =
                    attribute(attributes, "VersionOverride").or(attribute(attributes, "Version"));
                out.extend(package(&input, id, version));
                waiting = id.filter(|_| version.is_none());
            }
            Piece::Text(text)
                if matches!(
                    reader.path(),
                    [
                        ..,
                        "PackageReference" | "PackageVersion" | "GlobalPackageReference",
                        "Version"
                    ]
                ) =>
            {
                out.extend(package(&input, waiting.take(), Some(text)));
            }
            _ => {}
        }
    }
    Ok(out)
}

fn package(input: &Input<'_>, id: Option<&str>, version: Option<&str>) -> Option<Package> {
    let id = id.filter(|id| !id.is_empty())?;
    let version = version?.trim();
    // `[1.2.3]` means exactly this one.
    let exact = version
        .strip_prefix('[')
        .and_then(|version| version.strip_suffix(']'))
        .unwrap_or(version);
    let plain =
        exact.starts_with(|c: char| c.is_ascii_digit()) && !exact.contains([',', '*', '$', '(']);
    let mut package =
        plain.then(|| Package::new(Ecosystem::NuGet, id, exact, input.span(exact)))?;
    package.direct = Some(true);
    Some(package)
}

//! Paket: `paket.lock` (<https://fsprojects.github.io/Paket/lock-file.html>).

use super::input::{Input, file_name};
use super::package::unite;
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "paket",
    title: "Paket (paket.lock)",
    ecosystem: Ecosystem::NuGet,
    upgrade: Upgrade::new("dotnet paket update {name} --version {version}")
        .and_removal("dotnet paket remove {name}"),
    matches: |path| file_name(path) == "paket.lock",
    parse,
};

/// Packages stand four blanks deep below `NUGET` and its `remote:`, what they need below them six deep. Sources such as
/// `GITHUB` name files, not packages.
fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut packages = Vec::new();
    let mut section = "";
    for raw in input.text.lines() {
        let text = raw.trim_start_matches(' ');
        match (raw.len() - text.len(), section) {
            (0, _) if !text.trim().is_empty() => section = text.trim_end(),
            (4, "NUGET") => packages.extend(package(&input, text)),
            _ => {}
        }
    }
    Ok(unite(packages))
}

/// `Name (1.2.3) - restriction: …`; a version that is not fixed, as in `Name (>= 1.2)`, is no package of this project.
fn package(input: &Input<'_>, text: &str) -> Option<Package> {
    let (name, rest) = text.split_once(" (")?;
    let version = rest.split_once(')')?.0;
    if !version.starts_with(|first: char| first.is_ascii_digit()) {
        return None;
    }
    let mut package = Package::new(Ecosystem::NuGet, name, version, input.span(version));
    package.source = Source::Registry;
    Some(package)
}

#[cfg(test)]
mod tests {
    use super::SPEC;

    #[test]
    fn packages_of_every_group_and_nothing_they_need() {
        let text = "RESTRICTION: == net8.0\nNUGET\n  remote: https://feed.example/v3/index.json\n    \
                    FSharp.Core (8.0.100)\n    Serilog (3.1.1) - restriction: >= net6.0\n      FSharp.Core (>= 4.7)\n\
                    GITHUB\n  remote: owner/project\n    src/file.fs (abcdef)\nGROUP Test\nNUGET\n  \
                    remote: https://feed.example/v3/index.json\n    xunit (2.4.1)\n";
        let packages = (SPEC.parse)(text.as_bytes()).unwrap();
        let seen: Vec<_> = packages
            .iter()
            .map(|p| (p.name.as_str(), &text[p.span.clone()]))
            .collect();
        assert_eq!(
            seen,
            [
                ("FSharp.Core", "8.0.100"),
                ("Serilog", "3.1.1"),
                ("xunit", "2.4.1")
            ]
        );
    }
}

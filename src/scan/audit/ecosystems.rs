//! Which advisory database a lockfile will need, known from its name.

use crate::lockfile;
use crate::model::FileMeta;
use crate::version::Ecosystem;
use std::collections::BTreeSet;

/// The ecosystem of each format of lockfile. Where a format can hold several, the usual one.
const BY_FORMAT: [(&str, Ecosystem); 29] = [
    ("bun", Ecosystem::Npm),
    ("bundler", Ecosystem::RubyGems),
    ("cabal", Ecosystem::Hackage),
    ("cargo", Ecosystem::CratesIo),
    ("composer", Ecosystem::Packagist),
    ("conan", Ecosystem::ConanCenter),
    ("deno", Ecosystem::Npm),
    ("dotnet-json", Ecosystem::NuGet),
    ("go-mod", Ecosystem::Go),
    ("gradle", Ecosystem::Maven),
    ("gradle-verification", Ecosystem::Maven),
    ("julia", Ecosystem::Julia),
    ("mix", Ecosystem::Hex),
    ("npm", Ecosystem::Npm),
    ("nuget-lock", Ecosystem::NuGet),
    ("nuget-xml", Ecosystem::NuGet),
    ("pdm", Ecosystem::PyPI),
    ("pipenv", Ecosystem::PyPI),
    ("pnpm", Ecosystem::Npm),
    ("poetry", Ecosystem::PyPI),
    ("pom", Ecosystem::Maven),
    ("pubspec", Ecosystem::Pub),
    ("pylock", Ecosystem::PyPI),
    ("renv", Ecosystem::Cran),
    ("requirements", Ecosystem::PyPI),
    ("stack", Ecosystem::Hackage),
    ("swift", Ecosystem::SwiftUrl),
    ("uv", Ecosystem::PyPI),
    ("yarn", Ecosystem::Npm),
];

/// The ecosystem of the lockfile at `path`; `None` where the path is not that of a lockfile.
pub(super) fn of_path(path: &str) -> Option<Ecosystem> {
    let format = lockfile::find(path)?;
    BY_FORMAT
        .iter()
        .find(|(id, _)| *id == format.id)
        .map(|&(_, ecosystem)| ecosystem)
}

/// The ecosystems of the lockfiles among `files`, known from their names alone: whose advisories a run will need.
#[must_use]
pub fn lockfile_ecosystems(files: &[FileMeta]) -> BTreeSet<Ecosystem> {
    files
        .iter()
        .filter_map(|file| of_path(&file.path.to_text()))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::BY_FORMAT;
    use crate::lockfile::LOCKFILES;

    #[test]
    fn every_format_has_an_ecosystem() {
        let formats: Vec<&str> = LOCKFILES.iter().map(|format| format.id).collect();
        let known: Vec<&str> = BY_FORMAT.iter().map(|&(id, _)| id).collect();
        assert_eq!(known, formats);
    }
}

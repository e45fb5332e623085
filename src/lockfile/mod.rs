//! Lockfiles: which packages, in which versions, a project has. One file a format, one list of them.

mod bun;
mod bundler;
mod cabal;
mod cargo;
mod cargo_lines;
mod cargo_names;
mod composer;
mod conan;
mod deno;
mod dotnet_json;
mod encoding;
mod frozen;
mod github_actions;
mod go_mod;
mod go_sum;
mod gradle;
mod gradle_catalog;
mod gradle_verification;
mod graph;
mod input;
mod json;
mod julia;
mod manifest;
mod marks;
mod mix;
mod npm;
mod nuget_json;
mod nuget_lock;
mod nuget_xml;
mod package;
mod package_json;
mod paket;
mod pdm;
mod pep508;
mod pip_lines;
mod pipenv;
mod pnpm;
mod podfile;
mod poetry;
mod pom;
mod pom_model;
mod pre_commit;
mod pubspec;
mod purl;
mod pylock;
mod reach;
mod renv;
mod requirements;
mod stack;
mod swift;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_bad;
#[cfg(test)]
mod tests_forms;
#[cfg(test)]
mod tests_more;
#[cfg(test)]
mod tests_pom;
#[cfg(test)]
mod tests_rules;
mod toml_lex;
mod toml_lines;
mod uv;
mod xml;
mod xml_text;
mod yaml_lines;
mod yarn;

pub use frozen::{
    FROZEN, Folders, Frozen, FrozenSpec, Kept, ManifestName, Mismatch, Pair, Place, Top,
};
pub use graph::{Graph, Obstacle, graph};
pub use manifest::{Manifests, Requirement};
use package::Follow;
pub use package::{
    Beside, Contents, LockfileError, LockfileSpec, Package, Source, Target, Unread, Upgrade,
};
pub use purl::purl;

/// Every format. A test compares it with the files beside this one.
pub static LOCKFILES: &[&LockfileSpec] = &[
    &bun::SPEC,
    &bundler::SPEC,
    &cabal::SPEC,
    &cargo::SPEC,
    &composer::SPEC,
    &conan::SPEC,
    &deno::SPEC,
    &dotnet_json::SPEC,
    &go_mod::SPEC,
    &github_actions::SPEC,
    &gradle::SPEC,
    &gradle_catalog::SPEC,
    &gradle_verification::SPEC,
    &julia::SPEC,
    &mix::SPEC,
    &npm::SPEC,
    &nuget_lock::SPEC,
    &nuget_xml::SPEC,
    &paket::SPEC,
    &pdm::SPEC,
    &pipenv::SPEC,
    &pnpm::SPEC,
    &poetry::SPEC,
    &podfile::SPEC,
    &pom::SPEC,
    &pre_commit::SPEC,
    &pubspec::SPEC,
    &pylock::SPEC,
    &renv::SPEC,
    &requirements::SPEC,
    &stack::SPEC,
    &swift::SPEC,
    &uv::SPEC,
    &yarn::SPEC,
];

/// `go.sum`: hashes without being a list of what is used, so none of [`LOCKFILES`].
pub static GO_SUM: &LockfileSpec = &go_sum::SPEC;

/// The format of the file at `path` (with `/`), judged by its name; `None` where it is no lockfile, or one that came with
/// a package and says nothing of what is installed.
#[must_use]
pub fn find(path: &str) -> Option<&'static LockfileSpec> {
    let mut formats = LOCKFILES.iter().copied();
    formats
        .find(|format| (format.matches)(path))
        .filter(|_| !is_of_package(path))
}

/// Whether the file at `path` came with a package of npm: what is installed there npm writes down in one file on top.
fn is_of_package(path: &str) -> bool {
    let mut folders = path.split('/').rev().skip(1);
    folders.any(|folder| folder == "node_modules") && !path.ends_with("/.package-lock.json")
}

/// The path of the lockfile that is read instead of the one at `path`, where both are there.
#[must_use]
pub fn read_instead(path: &str) -> Option<String> {
    npm::other(path, npm::RANKED[1], npm::RANKED[0])
}

/// The path of the lockfile that is read where the one at `path` is there no more.
#[must_use]
pub fn heir(path: &str) -> Option<String> {
    npm::other(path, npm::RANKED[0], npm::RANKED[1])
}

/// Formats whose files name others that belong to them.
static FOLLOWING: &[(&str, Follow)] = &[
    ("go-mod", go_mod::follow),
    ("pom", pom::follow),
    ("requirements", requirements::follow),
];

/// Formats of files that people write and that hold more than packages: their readers pass over what they do not know.
const TOLERANT: &[&str] = &["github-actions", "pre-commit"];

impl LockfileSpec {
    /// How the tool that wrote `bytes` is told to upgrade one package.
    #[must_use]
    pub fn upgrade_of(&self, bytes: &[u8]) -> Upgrade {
        let later = || memchr::memmem::find(bytes, b"\n__metadata:").is_some();
        if self.id == "yarn" && later() {
            return yarn::SINCE_2;
        }
        self.upgrade
    }

    /// The packages of the file at `path` with those of files that it names, which `beside` reads.
    ///
    /// # Errors
    ///
    /// Where the file can't be read.
    pub fn read(
        &self,
        path: &str,
        bytes: &[u8],
        beside: Beside<'_>,
    ) -> Result<Contents, LockfileError> {
        let plain = encoding::plain(self.id, bytes);
        let moved = |mut error: LockfileError| {
            error.at = error.at.map(|at| plain.offset(at));
            error
        };
        let mut contents = self.read_plain(path, &plain.bytes, beside).map_err(moved)?;
        plain.place(&mut contents.packages);
        Ok(contents)
    }

    fn read_plain(
        &self,
        path: &str,
        bytes: &[u8],
        beside: Beside<'_>,
    ) -> Result<Contents, LockfileError> {
        let packages = (self.parse)(bytes)?;
        if packages.is_empty() {
            marks::check(self, bytes)?;
        }
        let read = |path: &str| {
            let bytes = (beside.read)(path)?;
            Some(encoding::plain(self.id, &bytes).bytes.into_owned())
        };
        match FOLLOWING.iter().find(|(id, _)| *id == self.id) {
            Some((_, follow)) => follow(
                path,
                bytes,
                packages,
                Beside {
                    read: &read,
                    ..beside
                },
            ),
            None => Ok(Contents {
                packages,
                unread: Vec::new(),
            }),
        }
    }

    /// Whether reading its packages tells every mistake of form in a file.
    #[must_use]
    pub fn is_strict(&self) -> bool {
        !TOLERANT.contains(&self.id)
    }
}

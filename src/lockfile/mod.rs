//! Lockfiles: which packages, in which versions, a project has. One file a format, one list of them.

mod bun;
mod bundler;
mod cabal;
mod cargo;
mod composer;
mod conan;
mod deno;
mod dotnet_json;
mod go_mod;
mod gradle;
mod gradle_verification;
mod graph;
mod input;
mod json;
mod julia;
mod mix;
mod npm;
mod nuget_lock;
mod nuget_xml;
mod package;
mod paket;
mod pdm;
mod pipenv;
mod pnpm;
mod poetry;
mod pom;
mod pubspec;
mod pylock;
mod reach;
mod renv;
mod requirements;
mod stack;
mod swift;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_forms;
mod toml_lex;
mod toml_lines;
mod uv;
mod xml;
mod yaml_lines;
mod yarn;

pub use graph::{Graph, Obstacle, graph};
pub use package::{LockfileError, LockfileSpec, Package, Source, Upgrade};

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
    &gradle::SPEC,
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
    &pom::SPEC,
    &pubspec::SPEC,
    &pylock::SPEC,
    &renv::SPEC,
    &requirements::SPEC,
    &stack::SPEC,
    &swift::SPEC,
    &uv::SPEC,
    &yarn::SPEC,
];

/// The format of the file at `path` (with `/`), judged by its name; `None` where it is no lockfile.
#[must_use]
pub fn find(path: &str) -> Option<&'static LockfileSpec> {
    LOCKFILES
        .iter()
        .copied()
        .find(|format| (format.matches)(path))
}

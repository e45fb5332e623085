//! Ecosystems and how each orders its versions: one file an ordering, one table of ecosystems.

mod composer_range;
mod cran;
mod ecosystem;
mod gem_range;
mod hackage;
mod maven;
mod npm_range;
mod nuget;
mod opam;
mod packagist;
mod pep440;
mod rubygems;
mod semver;
#[cfg(test)]
mod tests;
mod token;

pub use composer_range::composer_satisfies;
pub use ecosystem::Ecosystem;
pub use gem_range::gem_satisfies;
pub use npm_range::npm_satisfies;

/// Why two versions can't be compared.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{version}` is not a version: {reason}")]
pub struct VersionError {
    /// The version that the rules give no place.
    pub version: String,
    /// What is wrong with it.
    pub reason: &'static str,
}

//! Lockfiles: which packages, in which versions, a project has. One file a format, one list of them.

mod cargo;
mod go_mod;
mod input;
mod json;
mod npm;
mod package;
mod poetry;
mod reach;
mod requirements;
#[cfg(test)]
mod tests;
mod toml_lines;
mod uv;

pub use package::{LockfileError, LockfileSpec, Package, Source};

/// Every format. A test compares it with the files beside this one.
pub static LOCKFILES: &[&LockfileSpec] = &[
    &cargo::SPEC,
    &go_mod::SPEC,
    &npm::SPEC,
    &poetry::SPEC,
    &requirements::SPEC,
    &uv::SPEC,
];

/// The format of the file at `path` (with `/`), judged by its name; `None` where it is no lockfile.
#[must_use]
pub fn find(path: &str) -> Option<&'static LockfileSpec> {
    LOCKFILES
        .iter()
        .copied()
        .find(|format| (format.matches)(path))
}

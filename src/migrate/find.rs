//! Finding the configuration of lefthook, husky or lint-staged.

use super::other::{Other, read};
use super::{husky, lefthook};
use crate::config::ConfigError;
use std::path::Path;

/// The file names of lefthook's configuration that hookd reads (<https://lefthook.dev/configuration/>), the first one counts.
const LEFTHOOK: [&str; 12] = [
    "lefthook.yml",
    "lefthook.yaml",
    "lefthook.toml",
    "lefthook.json",
    ".lefthook.yml",
    ".lefthook.yaml",
    ".lefthook.toml",
    ".lefthook.json",
    ".config/lefthook.yml",
    ".config/lefthook.yaml",
    ".config/lefthook.toml",
    ".config/lefthook.json",
];

/// What lefthook, husky or lint-staged have at `root`; `None` where there is nothing of them.
///
/// # Errors
/// A file that cannot be read, with its place.
pub fn find(root: &Path) -> Result<Option<Other>, ConfigError> {
    for name in LEFTHOOK {
        if let Some(bytes) = read(root, name)? {
            return lefthook::read(name, bytes).map(Some);
        }
    }
    husky::read(root)
}

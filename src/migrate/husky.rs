//! husky and lint-staged.

use super::other::Other;
use crate::config::ConfigError;
use std::path::Path;

/// Reads what is at `root`; `None` where there is nothing.
///
/// # Errors
/// A mistake, with its place.
pub(super) fn read(_root: &Path) -> Result<Option<Other>, ConfigError> {
    Ok(None)
}

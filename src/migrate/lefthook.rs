//! lefthook's configuration.

use super::other::Other;
use crate::config::ConfigError;

/// Reads the file `name`.
///
/// # Errors
/// A mistake, with its place.
pub(super) fn read(name: &str, _bytes: Vec<u8>) -> Result<Other, ConfigError> {
    Err(ConfigError::new(name, "", 0..0, "lefthook is not converted yet"))
}

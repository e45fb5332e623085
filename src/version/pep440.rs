//! To be written.

use super::VersionError;
use std::cmp::Ordering;

pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    Ok(a.cmp(b))
}

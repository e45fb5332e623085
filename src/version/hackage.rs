//! Hackage and GHC: numbers between dots, as the Package Versioning Policy has them (<https://pvp.haskell.org/>).

use super::{VersionError, token};
use std::cmp::Ordering;

/// Compares two versions; fails where a part is no number.
pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    token::compare_numeric(a, b, &['.'])
}

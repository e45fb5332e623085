//! CRAN and Bioconductor: numbers between `.` and `-`, as R's `package_version` has them
//! (<https://cran.r-project.org/doc/manuals/r-release/R-exts.html#The-DESCRIPTION-file>).

use super::{VersionError, token};
use std::cmp::Ordering;

/// Compares two versions; fails where a part is no number.
pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    token::compare_numeric(a, b, &['.', '-'])
}

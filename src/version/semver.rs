//! Semantic versions (<https://semver.org/#spec-item-11>), read as generously as advisories write them.
//!
//! By hand, not with the `semver` crate: advisories and lockfiles hold versions with a `v`, with fewer or more than
//! three numbers, with numbers beyond 64 bits, which the crate refuses; and a comparison must not allocate, for
//! there is one for each range of each advisory of a package. Go's pseudo-versions are pre-releases and its
//! `+incompatible` is build metadata, so Go needs no rules of its own (<https://go.dev/ref/mod#versions>).

use super::{VersionError, token};
use std::cmp::Ordering;

/// Compares two versions; build metadata does not count. Takes any text.
pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    Ok(order(&Parts::new(a), &Parts::new(b)))
}

/// Compares two versions and, where they are equal so far, their build metadata: none before any, and identifiers as
/// in pre-releases. So do Dart (<https://pub.dev/documentation/pub_semver/latest/pub_semver/Version-class.html>) and
/// Julia, whose binary packages count builds (<https://docs.julialang.org/en/v1/manual/strings/#man-version-number-literals>).
pub(super) fn compare_with_build(a: &str, b: &str) -> Result<Ordering, VersionError> {
    let (a, b) = (Parts::new(a), Parts::new(b));
    Ok(order(&a, &b).then_with(|| match (a.build, b.build) {
        (Some(left), Some(right)) => token::identifiers(left, right),
        (left, right) => left.is_some().cmp(&right.is_some()),
    }))
}

struct Parts<'a> {
    /// Numbers and dots.
    numbers: &'a str,
    /// Empty for a release.
    pre: &'a str,
    build: Option<&'a str>,
}

impl<'a> Parts<'a> {
    fn new(text: &'a str) -> Self {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V', '=']).unwrap_or(text);
        let (text, build) = match text.split_once('+') {
            Some((text, build)) => (text, Some(build)),
            None => (text, None),
        };
        let (numbers, pre) = token::split_run(text, |byte| byte.is_ascii_digit() || byte == b'.');
        Self {
            numbers,
            pre: pre.strip_prefix('-').unwrap_or(pre),
            build,
        }
    }
}

fn order(a: &Parts<'_>, b: &Parts<'_>) -> Ordering {
    token::compare_padded(
        a.numbers.split('.'),
        b.numbers.split('.'),
        "",
        token::compare_digits,
    )
    .then_with(|| match (a.pre.is_empty(), b.pre.is_empty()) {
        (false, false) => token::identifiers(a.pre, b.pre),
        (a_release, b_release) => a_release.cmp(&b_release),
    })
}

#[cfg(test)]
mod tests {
    use super::{compare, compare_with_build};
    use std::cmp::Ordering;

    #[test]
    fn go_and_npm_forms_are_in_order() {
        let ascending = [
            "v0.0.0-20190101000000-000000000000",
            "0.0.0-20210101000000-abcdefabcdef",
            "0.1.0-alpha.1",
            "0.1.0-alpha.beta",
            "v0.1.0",
            "1.21rc2",
            "1.21",
            "1.21.1",
            "2.0.0+incompatible",
        ];
        for pair in ascending.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ok(Ordering::Less), "{pair:?}");
        }
        assert_eq!(compare("2.0.0+incompatible", "v2"), Ok(Ordering::Equal));
    }

    #[test]
    fn builds_count_where_the_ecosystem_says_so() {
        assert_eq!(compare("1.2.3+1", "1.2.3+2"), Ok(Ordering::Equal));
        assert_eq!(
            compare_with_build("1.2.3+2", "1.2.3+10"),
            Ok(Ordering::Less)
        );
        assert_eq!(compare_with_build("1.2.3", "1.2.3+0"), Ok(Ordering::Less));
    }
}

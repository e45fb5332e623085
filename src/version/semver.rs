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
    Ok(compare_plain(a.as_bytes(), b.as_bytes())
        .unwrap_or_else(|| order(&Parts::new(a), &Parts::new(b))))
}

/// What most versions are: numbers with dots between them and nothing else, which one pass compares; `None` for all others.
fn compare_plain(mut a: &[u8], mut b: &[u8]) -> Option<Ordering> {
    let mut order = Ordering::Equal;
    while !a.is_empty() || !b.is_empty() {
        let (left, right) = (number(&mut a)?, number(&mut b)?);
        order = order.then(left.cmp(&right));
    }
    Some(order)
}

/// Takes a number with the dot behind it off the start; 0 where nothing is left, `None` for what is none or too long.
fn number(text: &mut &[u8]) -> Option<u64> {
    /// A 64-bit number has so many digits whatever they are.
    const DIGITS: usize = 18;
    let mut value = 0;
    for (at, byte) in text.iter().enumerate() {
        match byte {
            b'0'..=b'9' if at < DIGITS => value = value * 10 + u64::from(byte - b'0'),
            b'.' if at > 0 && at + 1 < text.len() => {
                *text = &text[at + 1..];
                return Some(value);
            }
            _ => return None,
        }
    }
    *text = &[];
    Some(value)
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
    use super::{Parts, compare, compare_plain, compare_with_build, order};
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
    fn one_pass_says_what_the_rules_say() {
        let parts = [
            "0",
            "1",
            "9",
            "10",
            "01",
            "99999999999999999",
            "999999999999999999999",
            "",
            "x",
            "1-a",
            "1+b",
        ];
        let dotted = parts
            .iter()
            .flat_map(|one| parts.iter().map(move |two| format!("{one}.{two}")));
        let all: Vec<String> = dotted.chain(parts.map(str::to_owned)).collect();
        for one in &all {
            for two in &all {
                let known = order(&Parts::new(one), &Parts::new(two));
                let plain = compare_plain(one.as_bytes(), two.as_bytes());
                assert!(plain.is_none_or(|plain| plain == known), "{one} {two}");
            }
        }
        assert_eq!(compare_plain(b"1.2.3", b"1.10"), Some(Ordering::Less));
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

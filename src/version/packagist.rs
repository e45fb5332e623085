//! Packagist: PHP's `version_compare` (<https://www.php.net/manual/en/function.version-compare.php>), with the `v`
//! that tags carry. It knows lower case only, but for `RC`: `1.0-BETA` is a word like any other.
//!
//! One difference, so that the order is total: PHP holds `#` equal to every number; here it is what a missing part is.

use super::{VersionError, token};
use std::cmp::Ordering;

/// Compares two versions. Takes any text.
pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    Ok(token::compare_padded(
        parts(a),
        parts(b),
        "#",
        |left, right| {
            let (left_rank, right_rank) = (rank(left), rank(right));
            left_rank.cmp(&right_rank).then_with(|| {
                if left_rank == NUMBER {
                    token::compare_digits(left, right)
                } else {
                    Ordering::Equal
                }
            })
        },
    ))
}

const NUMBER: u8 = 6;

/// What a part begins with decides its place; words that PHP does not know come first and are all equal.
const FORMS: [(&str, u8); 9] = [
    ("dev", 1),
    ("alpha", 2),
    ("beta", 3),
    ("rc", 4),
    ("RC", 4),
    ("#", 5),
    ("p", 7),
    ("a", 2),
    ("b", 3),
];

fn rank(part: &str) -> u8 {
    if part.as_bytes().first().is_some_and(u8::is_ascii_digit) {
        return NUMBER;
    }
    FORMS
        .iter()
        .find(|(form, _)| part.starts_with(form))
        .map_or(0, |&(_, rank)| rank)
}

/// Runs of digits and runs of anything else between separators; where a separator begins or ends the text, an empty part
/// stands beside it, which PHP takes for a word that it does not know.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    let text = text.trim();
    let mut rest = match text.strip_prefix(['v', 'V']) {
        Some(after) if after.starts_with(|c: char| c.is_ascii_digit()) => after,
        _ => text,
    };
    let separators = ['.', '-', '_', '+'];
    let mut ended = !rest.ends_with(separators);
    let mut begins = rest.starts_with(separators);
    std::iter::from_fn(move || {
        rest = rest.trim_start_matches(separators);
        if std::mem::take(&mut begins) {
            return Some("");
        }
        let Some(&first) = rest.as_bytes().first() else {
            return (!std::mem::replace(&mut ended, true)).then_some("");
        };
        let digits = first.is_ascii_digit();
        let (part, left) = token::split_run(rest, |byte| {
            byte.is_ascii_digit() == digits && !matches!(byte, b'.' | b'-' | b'_' | b'+')
        });
        rest = left;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::compare;
    use std::cmp::Ordering;

    #[test]
    fn separators_at_the_ends_stand_for_something_unknown() {
        for (a, b, want) in [
            ("1.0-", "1.0", Ordering::Less),
            ("1.0-", "1.0-dev", Ordering::Less),
            (".1.0", "1.0", Ordering::Less),
            ("1.0_", "1.0-", Ordering::Equal),
            ("1--0", "1.0", Ordering::Equal),
        ] {
            assert_eq!(compare(a, b), Ok(want), "{a} {b}");
        }
    }
}

//! NuGet: SemVer 2 with any count of numbers (a fourth is common) and labels without case
//! (<https://learn.microsoft.com/en-us/nuget/concepts/package-versioning>).

use super::{VersionError, token};
use std::cmp::Ordering;

/// Compares two versions; build metadata does not count. Takes any text.
pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    let (a_numbers, a_label) = split(a);
    let (b_numbers, b_label) = split(b);
    let numbers = token::compare_padded(
        a_numbers.split('.'),
        b_numbers.split('.'),
        "",
        token::compare_digits,
    );
    Ok(
        numbers.then_with(|| match (a_label.is_empty(), b_label.is_empty()) {
            (false, false) => labels(a_label, b_label),
            (a_release, b_release) => a_release.cmp(&b_release),
        }),
    )
}

/// The numbers, and the pre-release label (empty for a release).
fn split(text: &str) -> (&str, &str) {
    let text = text.trim();
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let text = text.split('+').next().unwrap_or_default();
    let (numbers, label) = token::split_run(text, |byte| byte.is_ascii_digit() || byte == b'.');
    (numbers, label.strip_prefix('-').unwrap_or(label))
}

fn labels(a: &str, b: &str) -> Ordering {
    token::compare_padded(
        a.split('.').map(Some),
        b.split('.').map(Some),
        None,
        |left, right| match (left, right) {
            (Some(left), Some(right)) => label(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        },
    )
}

fn label(a: &str, b: &str) -> Ordering {
    match (token::is_digits(a), token::is_digits(b)) {
        (true, true) => token::compare_digits(a, b),
        (false, false) => {
            let lower = |text: &str| -> Vec<u8> {
                text.bytes().map(|byte| byte.to_ascii_lowercase()).collect()
            };
            lower(a).cmp(&lower(b))
        }
        (a_number, b_number) => b_number.cmp(&a_number),
    }
}

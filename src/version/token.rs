//! Pieces that several orderings are made of: numbers of any length, runs of digits, padded sequences.

use super::VersionError;
use std::cmp::Ordering;

/// Compares two runs of decimal digits as numbers. Dates and hashes make numbers longer than 64 bits real,
/// so they stay text.
pub(super) fn compare_digits(a: &str, b: &str) -> Ordering {
    let a = a.trim_start_matches('0');
    let b = b.trim_start_matches('0');
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Whether `text` is one decimal digit or more and nothing else.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Splits `text` after its first run of bytes that `belongs` takes; those must be ASCII or whole characters.
pub(super) fn split_run(text: &str, belongs: impl Fn(u8) -> bool) -> (&str, &str) {
    let end = text
        .bytes()
        .position(|byte| !belongs(byte))
        .unwrap_or(text.len());
    text.split_at(end)
}

/// Splits the leading digits off.
pub(super) fn split_digits(text: &str) -> (&str, &str) {
    split_run(text, |byte| byte.is_ascii_digit())
}

/// Compares two sequences element by element; `none` stands for the elements that the shorter one lacks.
pub(super) fn compare_padded<T: Copy>(
    mut a: impl Iterator<Item = T>,
    mut b: impl Iterator<Item = T>,
    none: T,
    compare: impl Fn(T, T) -> Ordering,
) -> Ordering {
    loop {
        let (left, right) = (a.next(), b.next());
        if left.is_none() && right.is_none() {
            return Ordering::Equal;
        }
        let order = compare(left.unwrap_or(none), right.unwrap_or(none));
        if order.is_ne() {
            return order;
        }
    }
}

/// Compares two versions that are nothing but numbers between `separators`; the longer one of two that are equal so
/// far is the greater.
///
/// # Errors
///
/// Where a part is no number.
pub(super) fn compare_numeric(
    a: &str,
    b: &str,
    separators: &[char],
) -> Result<Ordering, VersionError> {
    check_numeric(a, separators)?;
    check_numeric(b, separators)?;
    Ok(compare_padded(
        a.split(separators).map(Some),
        b.split(separators).map(Some),
        None,
        |left, right| match (left, right) {
            (Some(left), Some(right)) => compare_digits(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        },
    ))
}

fn check_numeric(version: &str, separators: &[char]) -> Result<(), VersionError> {
    if version.split(separators).all(is_digits) {
        return Ok(());
    }
    Err(VersionError {
        version: version.to_owned(),
        reason: "each part must be a number",
    })
}

/// Dot-separated identifiers: numbers by value and before words, words by ASCII, the longer list later.
pub(super) fn identifiers(a: &str, b: &str) -> Ordering {
    compare_padded(
        a.split('.').map(Some),
        b.split('.').map(Some),
        None,
        |left, right| match (left, right) {
            (Some(left), Some(right)) => identifier(left, right),
            (left, right) => left.is_some().cmp(&right.is_some()),
        },
    )
}

fn identifier(a: &str, b: &str) -> Ordering {
    match (is_digits(a), is_digits(b)) {
        (true, true) => compare_digits(a, b),
        (false, false) => a.cmp(b),
        (a_number, b_number) => b_number.cmp(&a_number),
    }
}

#[cfg(test)]
mod tests {
    use super::compare_digits;
    use std::cmp::Ordering;

    #[test]
    fn numbers_of_any_length_and_with_leading_zeros() {
        let long = "9".repeat(60);
        assert_eq!(compare_digits("010", "10"), Ordering::Equal);
        assert_eq!(compare_digits("9", "10"), Ordering::Less);
        assert_eq!(compare_digits(&long, "1"), Ordering::Greater);
        assert_eq!(compare_digits("", "0"), Ordering::Equal);
    }
}

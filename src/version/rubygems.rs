//! RubyGems: runs of digits and of letters, as `Gem::Version` has them
//! (<https://docs.ruby-lang.org/en/master/Gem/Version.html>).

use super::{VersionError, token};
use std::cmp::Ordering;

/// Compares two versions. Takes any text.
pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    Ok(token::compare_padded(
        segments(a),
        segments(b),
        "0",
        segment,
    ))
}

/// Letters (a pre-release) come before numbers.
fn segment(a: &str, b: &str) -> Ordering {
    match (token::is_digits(a), token::is_digits(b)) {
        (true, true) => token::compare_digits(a, b),
        (false, false) => a.cmp(b),
        (a_number, b_number) => a_number.cmp(&b_number),
    }
}

/// The segments without the zeros that end the release part, so that `1.0.0.beta` is `1.beta`.
/// Zeros at the very end need no such care: a missing segment is a zero.
fn segments(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    let mut zeros = 0_usize;
    let mut pending: Option<&str> = None;
    let mut release = true;
    std::iter::from_fn(move || {
        loop {
            if let Some(next) = pending {
                if zeros == 0 {
                    pending = None;
                    return Some(next);
                }
                zeros -= 1;
                return Some("0");
            }
            let next = next_segment(&mut rest)?;
            if release && token::compare_digits(next, "").is_eq() {
                zeros += 1;
                continue;
            }
            if !token::is_digits(next) {
                if release {
                    zeros = 0;
                }
                release = false;
            }
            pending = Some(next);
        }
    })
}

/// Takes the next run of digits or letters off `rest`. A hyphen begins a pre-release: it reads as `.pre.`.
fn next_segment<'a>(rest: &mut &'a str) -> Option<&'a str> {
    let at = rest
        .bytes()
        .position(|byte| byte.is_ascii_alphanumeric() || byte == b'-')?;
    let from = &rest[at..];
    let (run, left) = match from.as_bytes().first() {
        Some(b'-') => ("pre", &from[1..]),
        Some(byte) if byte.is_ascii_digit() => token::split_digits(from),
        _ => token::split_run(from, |byte| byte.is_ascii_alphabetic()),
    };
    *rest = left;
    Some(run)
}

#[cfg(test)]
mod tests {
    use super::compare;
    use std::cmp::Ordering;

    #[test]
    fn zeros_that_say_nothing_do_not_count() {
        for (a, b, want) in [
            ("1.0.0.beta", "1.beta", Ordering::Equal),
            ("1.0", "1", Ordering::Equal),
            ("1.0.b1", "1", Ordering::Less),
            ("1-rc1", "1.pre.rc1", Ordering::Equal),
            ("1.0.1", "1.1", Ordering::Less),
            ("0.beta", "0.0.beta", Ordering::Equal),
            ("1.a.0.1", "1.a.1", Ordering::Less),
        ] {
            assert_eq!(compare(a, b), Ok(want), "{a} {b}");
        }
    }
}

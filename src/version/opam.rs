//! opam: Debian's algorithm without an epoch: text and numbers by turns, `~` before the end, letters before the rest
//! (<https://opam.ocaml.org/doc/Manual.html#Version-ordering>).

use super::{VersionError, token};
use std::cmp::Ordering;

/// Compares two versions. Takes any text.
pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    let (mut a, mut b) = (a, b);
    while !(a.is_empty() && b.is_empty()) {
        let (a_text, a_rest) = token::split_run(a, |byte| !byte.is_ascii_digit());
        let (b_text, b_rest) = token::split_run(b, |byte| !byte.is_ascii_digit());
        let order = token::compare_padded(a_text.bytes(), b_text.bytes(), 0, |left, right| {
            weight(left).cmp(&weight(right))
        });
        let (a_number, a_rest) = token::split_digits(a_rest);
        let (b_number, b_rest) = token::split_digits(b_rest);
        let order = order.then_with(|| token::compare_digits(a_number, b_number));
        if order.is_ne() {
            return Ok(order);
        }
        (a, b) = (a_rest, b_rest);
    }
    Ok(Ordering::Equal)
}

/// `~`, the end (0), letters, everything else.
fn weight(byte: u8) -> (u8, u8) {
    match byte {
        b'~' => (0, 0),
        0 => (1, 0),
        _ if byte.is_ascii_alphabetic() => (2, byte),
        _ => (3, byte),
    }
}

#[cfg(test)]
mod tests {
    use super::compare;
    use std::cmp::Ordering;

    #[test]
    fn the_order_of_the_manual() {
        let ascending = [
            "~~", "~", "~beta2", "~beta10", "0.1", "1.0~beta", "1.0", "1.0-test", "1.0.1",
            "1.0.10", "dev", "trunk",
        ];
        for pair in ascending.windows(2) {
            assert_eq!(compare(pair[0], pair[1]), Ok(Ordering::Less), "{pair:?}");
        }
    }
}

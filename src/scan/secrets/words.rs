//! Tells text made of words from text drawn at random, by which letters follow each other.

/// For each letter the letters that often follow it in identifiers and English prose, as bits from `a` up: the 187 commonest
/// pairs of 676, which make up 88 of 100 pairs in the sources and manuals of the 3000 files that they were counted in.
const FOLLOWS: [u32; 26] = [
    0x001E_B94E, // a
    0x0010_4911, // b
    0x001A_4D91, // c
    0x0014_4111, // d
    0x00AE_B87D, // e
    0x0000_4931, // f
    0x0006_2110, // g
    0x0000_4111, // h
    0x022E_F87F, // i
    0x0000_0000, // j
    0x0000_0010, // k
    0x011C_4919, // l
    0x0000_C111, // m
    0x001C_417D, // n
    0x007E_F80C, // o
    0x001A_C911, // p
    0x0010_0000, // q
    0x011E_711D, // r
    0x001C_C195, // s
    0x011E_4995, // t
    0x000E_B917, // u
    0x0000_0111, // v
    0x0000_0101, // w
    0x0008_0000, // x
    0x0000_8000, // y
    0x0000_0010, // z
];

/// Fewer pairs of letters say nothing.
const FEW: usize = 6;

/// How many of 100 neighbouring letters of `text` are a pair that is common in words; 0 where there are too few to tell.
/// Random letters have 27, of 20 of them one in a hundred texts has more than 60; nineteen of twenty names have over 64.
pub(super) fn share(text: &[u8]) -> usize {
    let (pairs, common) = pairs(text);
    if pairs < FEW { 0 } else { common * 100 / pairs }
}

/// Whether `text` is made of words: hardly a digit in it, and more of its pairs common than chance gives in one of thousands.
pub(super) fn is_prose(text: &[u8]) -> bool {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let (pairs, common) = pairs(text);
    digits * 8 < text.len() && pairs >= 14 && common * 100 >= pairs * 70
}

/// How many neighbours are both letters, and how many of these pairs are common in words.
fn pairs(text: &[u8]) -> (usize, usize) {
    let (mut pairs, mut common) = (0usize, 0usize);
    for pair in text.windows(2) {
        if let &[a, b] = pair
            && a.is_ascii_alphabetic()
            && b.is_ascii_alphabetic()
        {
            let (a, b) = (a.to_ascii_lowercase() - b'a', b.to_ascii_lowercase() - b'a');
            pairs += 1;
            common += usize::from(FOLLOWS[usize::from(a)] >> b & 1 == 1);
        }
    }
    (pairs, common)
}

#[cfg(test)]
mod tests {
    use super::{is_prose, share};
    use crate::rules::sample;

    #[test]
    fn names_hold_common_pairs_and_random_text_does_not() {
        for name in [
            "getUserAccountToken",
            "application_settings",
            "the-quick-brown-fox",
            "TRANSFER_ENCODING",
        ] {
            assert!(share(name.as_bytes()) >= 60, "{name}");
        }
        let unlucky = (0..1000)
            .filter(|&seed| share(sample("{alnum:32}", seed).as_bytes()) >= 66)
            .count();
        assert!(unlucky <= 10, "{unlucky}");
        assert_eq!(share(b"a1b2c3"), 0);
        assert!(is_prose(b"keyModuleRequestProviderResponseGetU"));
        let unlucky = (0..1000)
            .filter(|&seed| is_prose(sample("{base62:36}", seed).as_bytes()))
            .count();
        assert_eq!(unlucky, 0);
    }
}

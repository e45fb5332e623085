//! Tells words from letters drawn at random, by which letters follow each other: people write names and words where a secret
//! is only mentioned, machines draw letters.

/// How unexpected each letter is after another, in bits from 1 to 11 (`a` is 10, `b` is 11): counted over the distinct words of
/// the documentation and the identifiers of a dozen open-source projects, rows for the first letter.
const BITS: [&[u8; 26]; 26] = [
    b"85449759596353a59343567868",
    b"3656388846837837944748795a",
    b"396738a35b447827b5635a9b7b",
    b"4676277838967747b65858897b",
    b"574366697a955375833486757a",
    b"4877347b2b848739946549aa5b",
    b"478828654ba67557b4575a8b7a",
    b"377728b93b8667379564588b68",
    b"5644555baa845235954495b7b6",
    b"377628aa486a78367837385aaa",
    b"5776286a39b566579746596a6a",
    b"378528893b848837b95557aa4b",
    b"3577288a399658339957599b6a",
    b"4844453849778657a83366bb8a",
    b"6645866968644254a344455789",
    b"387638764b737834b35459996b",
    b"58766aa76aa38a778666167aaa",
    b"386527693b665647b644668b5a",
    b"5a5838854a7777558843497b6b",
    b"486728943ba67847b445598a59",
    b"5455475b5b944374b3338bb7aa",
    b"38761a792ba87747b76988aa9b",
    b"288639843b66a438a44779789b",
    b"574636874ba65a73976378b46b",
    b"675757795aa65554b745797978",
    b"367717a74aa67537a76a6a9866",
];

/// At most so many bits, and a pair is common: 237 of the 676 are.
const COMMON: usize = 5;

/// Fewer pairs of letters say nothing.
const FEW: usize = 6;

/// How many of 100 neighbouring letters of `text` are a pair that is common in words; 0 where there are too few to tell.
/// Random letters have 35, of twenty of them one in fifty texts has more than 66; nineteen of twenty names have over 70.
pub(super) fn share(text: &[u8]) -> usize {
    let (pairs, common) = pairs(text);
    if pairs < FEW { 0 } else { common * 100 / pairs }
}

/// Whether `text` is made of words: hardly a digit in it, and more of its pairs common than chance gives in one of thousands.
pub(super) fn is_prose(text: &[u8]) -> bool {
    let digits = text.iter().filter(|byte| byte.is_ascii_digit()).count();
    let (pairs, common) = pairs(text);
    digits * 8 < text.len() && pairs >= 14 && common * 100 >= pairs * 74
}

/// How many neighbours are both letters, and how many of these pairs are common in words.
fn pairs(text: &[u8]) -> (usize, usize) {
    let costs = text.windows(2).filter_map(cost);
    costs.fold((0, 0), |(pairs, common), bits| {
        (pairs + 1, common + usize::from(bits <= COMMON))
    })
}

/// Whether `value` holds enough letters to tell, and they follow each other as in no word.
pub(super) fn is_unreadable(value: &[u8]) -> bool {
    let (mut pairs, mut bits) = (0, 0);
    for pair in value.windows(2) {
        // A capital after a small letter starts the next word.
        let starts = matches!(pair, [first, second] if first.is_ascii_lowercase() && second.is_ascii_uppercase());
        if let Some(cost) = cost(pair).filter(|_| !starts) {
            bits += cost;
            pairs += 1;
        }
    }
    least(pairs).is_some_and(|tenths| bits * 10 > pairs * tenths)
}

/// How many tenths of a bit a pair must cost where so many are known; `None` where they are too few to tell. Short runs need more
/// evidence: abbreviations are words too. At these limits two words in a hundred are taken for drawn letters, and eight of ten
/// draws of eight letters are seen.
const fn least(pairs: usize) -> Option<usize> {
    Some(match pairs {
        0..=3 => return None,
        4 => 70,
        5 => 66,
        6 => 60,
        7..=8 => 56,
        _ => 53,
    })
}

/// What a pair of letters costs in bits; `None` where one of the two is no letter.
fn cost(pair: &[u8]) -> Option<usize> {
    let &[first, second] = pair else { return None };
    let digit = BITS[index(first)?][index(second)?];
    let base = if digit.is_ascii_digit() {
        b'0'
    } else {
        b'a' - 10
    };
    Some(usize::from(digit - base))
}

/// Place of a letter in the alphabet.
fn index(byte: u8) -> Option<usize> {
    byte.is_ascii_alphabetic()
        .then(|| usize::from(byte.to_ascii_lowercase() - b'a'))
}

#[cfg(test)]
mod tests {
    use super::{is_prose, is_unreadable, share};
    use crate::rules::sample;

    #[test]
    fn drawn_letters_differ_from_words() {
        let drawn = (0..400)
            .map(|seed| sample("{lower:9}", seed))
            .filter(|value| is_unreadable(value.as_bytes()))
            .count();
        assert!(drawn > 300, "{drawn}");
        for word in [
            "management",
            "swordfish",
            "authorization",
            "userPasswordReset",
            "correcthorsebatterystaple",
            "access_token",
            "description",
            "DATABASE_PASSWORD",
            "abc",
        ] {
            assert!(!is_unreadable(word.as_bytes()), "{word}");
        }
    }

    #[test]
    fn names_hold_common_pairs_and_random_text_does_not() {
        for name in [
            "getUserAccountToken",
            "application_settings",
            "the-quick-brown-fox",
            "TRANSFER_ENCODING",
        ] {
            assert!(share(name.as_bytes()) >= 66, "{name}");
        }
        let unlucky = (0..1000)
            .filter(|&seed| share(sample("{alnum:32}", seed).as_bytes()) >= 71)
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

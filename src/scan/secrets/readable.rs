//! Whether letters read as words: people write names and words where a secret is only mentioned, machines draw letters.

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

/// Whether `value` holds enough letters to tell, and they follow each other as in no word.
pub(super) fn is_unreadable(value: &[u8]) -> bool {
    let (mut pairs, mut bits) = (0, 0);
    for pair in value.windows(2) {
        let &[first, second] = pair else { continue };
        // A capital after a small letter starts the next word.
        if first.is_ascii_lowercase() && second.is_ascii_uppercase() {
            continue;
        }
        if let (Some(row), Some(column)) = (index(first), index(second)) {
            bits += cost(BITS[row][column]);
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

/// Place of a letter in the alphabet.
fn index(byte: u8) -> Option<usize> {
    byte.is_ascii_alphabetic()
        .then(|| usize::from(byte.to_ascii_lowercase() - b'a'))
}

fn cost(digit: u8) -> usize {
    usize::from(if digit.is_ascii_digit() {
        digit - b'0'
    } else {
        digit - b'a' + 10
    })
}

#[cfg(test)]
mod tests {
    use super::is_unreadable;

    #[test]
    fn drawn_letters_differ_from_words() {
        let drawn = (0..400)
            .map(|seed| crate::rules::sample("{lower:9}", seed))
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
}

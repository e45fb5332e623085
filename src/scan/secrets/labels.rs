//! What the form of a secret says about it without asking its issuer: is its checksum right, whose is it, is it encrypted.
//! A label for the reader, never a reason to drop a finding.

use super::checks::{checksum, crc32};
use super::structure;
use crate::model::Severity;
use crate::rules::{Check, Rule, decode_base64};
use serde_json::{Map, Value};

/// The facts that can be read off `secret`, for `data` of the finding.
pub(super) fn of(rule: &Rule, secret: &[u8]) -> Map<String, Value> {
    let mut data = Map::new();
    let checked = match rule.check {
        Check::Checksum => checksum(secret),
        _ => age_checksum(secret).or_else(|| routable_checksum(secret)),
    };
    if let Some(valid) = checked {
        let word = if valid { "valid" } else { "invalid" };
        data.insert("checksum".to_owned(), Value::from(word));
    }
    if let Some(account) = aws_account(secret) {
        data.insert("account".to_owned(), Value::from(format!("{account:012}")));
    }
    if rule.check == Check::PrivateKey && is_encrypted(secret) {
        data.insert("encrypted".to_owned(), Value::from(true));
    }
    structure::label(secret, &mut data);
    data
}

/// The severity of a finding with these facts: what a passphrase protects, or what can't be real, is less urgent.
pub(super) fn severity(rule: &Rule, data: &Map<String, Value>) -> Severity {
    let encrypted = data.contains_key("encrypted");
    let wrong = data.get("checksum").is_some_and(|sum| sum == "invalid");
    let cut = data.contains_key("truncated");
    if encrypted || wrong || cut {
        Severity::Medium.min(rule.severity)
    } else {
        rule.severity
    }
}

/// The message of a finding with these facts.
pub(super) fn message(rule: &Rule, data: &Map<String, Value>) -> String {
    let title = rule.title.get();
    match data.get("checksum").and_then(Value::as_str) {
        Some("valid") => format!("{title} (checksum valid: this is a real token)"),
        Some(_) => format!("{title} (checksum wrong: mistyped or made up)"),
        None if data.contains_key("encrypted") => format!("{title} (protected by a passphrase)"),
        None => remark(data).map_or_else(|| title.to_owned(), |said| format!("{title} ({said})")),
    }
}

/// What the other facts say.
fn remark(data: &Map<String, Value>) -> Option<String> {
    let account = data.get("account").and_then(Value::as_str);
    let account = account.map(|account| format!("well formed: of account {account}"));
    account.or_else(|| structure::remark(data))
}

/// The account that an AWS access key id belongs to: its characters after the first four are base32, and the account is in
/// the upper bits (<https://medium.com/@TalBeerySec/a-short-note-on-aws-key-id-f88cc4317489>). `None` for ids of the older form.
fn aws_account(secret: &[u8]) -> Option<u64> {
    let (prefix, digits) = secret.split_at_checked(4)?;
    let known = matches!(prefix, b"AKIA" | b"ASIA");
    if !known || digits.len() != 16 {
        return None;
    }
    let mut bits: u64 = 0;
    for &digit in &digits[..10] {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        bits = (bits << 5) | u64::from(value);
    }
    // 50 bits: the first is set in the form of today, the next 40 are the account.
    (bits >> 49 == 1).then_some((bits >> 9) & 0xFF_FFFF_FFFF)
}

/// Whether the checksum of an age identity is right. `None` for anything else.
fn age_checksum(secret: &[u8]) -> Option<bool> {
    const PREFIX: &[u8] = b"age-secret-key-";
    let lower = secret.to_ascii_lowercase();
    bech32(PREFIX, lower.strip_prefix(PREFIX)?.strip_prefix(b"1")?)
}

/// Whether the last seven characters of a routable GitLab token are the CRC-32 of all before them, in base36; two more give
/// the length of what they follow
/// (<https://handbook.gitlab.com/handbook/engineering/architecture/design-documents/cells/routable_tokens/>).
/// `None` for anything else.
fn routable_checksum(secret: &[u8]) -> Option<bool> {
    let dot = memchr::memrchr(b'.', secret).filter(|_| secret.starts_with(b"gl"))?;
    let base36 = |byte: &u8| byte.is_ascii_digit() || byte.is_ascii_lowercase();
    let end = &secret[dot + 1..];
    if end.len() != 9 || !end.iter().all(base36) {
        return None;
    }
    let (text, sum) = secret.split_at(secret.len() - 7);
    let wanted = sum.iter().try_fold(0u64, |number, &digit| {
        Some(number * 36 + u64::from(char::from(digit).to_digit(36)?))
    })?;
    Some(wanted == u64::from(crc32(text)))
}

/// Whether the checksum of a Bech32 text is right, given what comes before and after its `1`, in lower case
/// (<https://github.com/bitcoin/bips/blob/master/bip-0173.mediawiki>). `None` where it is no such text.
fn bech32(prefix: &[u8], digits: &[u8]) -> Option<bool> {
    const ALPHABET: &[u8; 32] = b"qpzry9x8gf2tvdw0s3jn54khce6mua7l";
    const GENERATOR: [u32; 5] = [
        0x3B6A_57B2,
        0x2650_8E6D,
        0x1EA1_19FA,
        0x3D42_33DD,
        0x2A14_62B3,
    ];
    let mut values: Vec<u32> = prefix.iter().map(|&byte| u32::from(byte >> 5)).collect();
    values.push(0);
    values.extend(prefix.iter().map(|&byte| u32::from(byte & 31)));
    for digit in digits {
        let value = ALPHABET.iter().position(|letter| letter == digit)?;
        values.push(u32::try_from(value).ok()?);
    }
    let step = |sum: u32, value: &u32| {
        let top = sum >> 25;
        let shifted = ((sum & 0x01FF_FFFF) << 5) ^ value;
        let generators = GENERATOR.iter().enumerate();
        let bits = generators.filter(|(bit, _)| (top >> bit) & 1 == 1);
        bits.fold(shifted, |sum, (_, generator)| sum ^ generator)
    };
    Some(values.iter().fold(1, step) == 1)
}

/// Whether an armoured key is encrypted: a header of the older PEM form says so (RFC 1421, section 4.6.1.1), its
/// label does, or OpenSSH's cipher is not `none` (<https://github.com/openssh/openssh-portable/blob/master/PROTOCOL.key>).
fn is_encrypted(armour: &[u8]) -> bool {
    let head = &armour[..armour.len().min(200)];
    // RFC 7468, section 11 names the form that is always encrypted.
    let says_so = [&b"4,ENCRYPTED"[..], b"-----BEGIN ENCRYPTED "];
    if says_so
        .iter()
        .any(|text| memchr::memmem::find(head, text).is_some())
    {
        return true;
    }
    let Some(start) = memchr::memmem::find(head, b"b3BlbnNzaC1rZXktdjEA") else {
        return false;
    };
    let Some(body) = head.get(start..start + 40).and_then(decode_base64) else {
        return false;
    };
    // The magic and a length of four bytes come before the name of the cipher.
    body.get(19..23).is_some_and(|cipher| cipher != b"none")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::encode_base64;

    #[test]
    fn an_access_key_names_its_account() {
        // Made from the account 123456789012: a one, 40 bits of account, then what does not count.
        let bits: u64 = (1 << 49) | (123_456_789_012 << 9);
        let letters = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
        let digits: String = (0..10)
            .map(|at| char::from(letters[(bits >> (45 - 5 * at) & 31) as usize]))
            .collect();
        let key = format!("AKIA{digits}AAAAAA");
        assert_eq!(aws_account(key.as_bytes()), Some(123_456_789_012));
        assert_eq!(
            aws_account(key.replacen(&digits[..1], "I", 1).as_bytes()),
            None
        );
        assert_eq!(aws_account(b"AKIA"), None);
    }

    #[test]
    fn the_checksum_of_an_age_identity_is_bech32() {
        // Examples of BIP 173.
        assert_eq!(bech32(b"a", b"2uel5l"), Some(true));
        assert_eq!(bech32(b"a", b"2uel5q"), Some(false));
        assert_eq!(bech32(b"a", b"2uelbl"), None);
        assert_eq!(
            bech32(
                b"split",
                b"checkupstagehandshakeupstreamerranterredcaperred2y9e3w"
            ),
            Some(true)
        );
        let identity = crate::rules::sample("AGE-SECRET-KEY-1{bech32:58}", 1);
        assert_eq!(age_checksum(identity.as_bytes()), Some(false));
        assert_eq!(age_checksum(b"something else"), None);
    }

    #[test]
    fn the_end_of_a_routable_token_is_its_checksum() {
        assert_eq!(routable_checksum(b"gl-bits"), None);
        for version in ["", ".01"] {
            let start = crate::rules::sample(&format!("glpat-{{base62:27}}{version}.0r"), 5);
            let mut number = crc32(start.as_bytes());
            let mut sum = [b'0'; 7];
            for place in sum.iter_mut().rev() {
                *place = b"0123456789abcdefghijklmnopqrstuvwxyz"[(number % 36) as usize];
                number /= 36;
            }
            let token = [start.as_bytes(), &sum].concat();
            assert_eq!(routable_checksum(&token), Some(true));
            let other = token.to_ascii_uppercase();
            assert_eq!(routable_checksum(&other), None);
            let mut wrong = token;
            wrong[8] ^= 1;
            assert_eq!(routable_checksum(&wrong), Some(false));
        }
    }

    #[test]
    fn what_is_encrypted_by_its_label_is_told() {
        let key = crate::rules::sample("{pem:ENCRYPTED PRIVATE KEY}", 1);
        assert!(is_encrypted(key.as_bytes()));
        let key = crate::rules::sample("{pem:RSA PRIVATE KEY}", 1);
        assert!(!is_encrypted(key.as_bytes()));
    }

    #[test]
    fn encrypted_keys_are_told() {
        for (cipher, encrypted) in [("none", false), ("aes256-ctr", true)] {
            let length = u32::try_from(cipher.len()).unwrap_or(0).to_be_bytes();
            let body = [
                &b"openssh-key-v1\0"[..],
                &length,
                cipher.as_bytes(),
                &[0; 40],
            ]
            .concat();
            let label = "OPENSSH PRIVATE KEY";
            let armour = format!(
                "-----BEGIN {label}-----\n{}\n-----END {label}-----",
                encode_base64(&body)
            );
            assert_eq!(is_encrypted(armour.as_bytes()), encrypted, "{cipher}");
        }
    }
}

//! Tests by code of what patterns cannot tell.

use super::plausible::{is_password, is_placeholder, is_random};
use crate::rules::{decode_base64, entropy};
use serde_json::{Map, Value};

/// Whether `token` is a JSON Web Token (RFC 7519) in earnest: header and claims are JSON objects, and it is not the sample
/// that its introductions print, whose subject is `1234567890` and which nobody issued.
pub(super) fn is_jwt(token: &[u8]) -> bool {
    let decoded;
    let token = if memchr::memchr(b'.', token).is_some() {
        token
    } else {
        let Some(text) = decode_base64(token) else {
            return false;
        };
        decoded = text;
        decoded.trim_ascii()
    };
    let mut parts = token.split(|&byte| byte == b'.');
    let mut object = || {
        let json = decode_base64(parts.next()?)?;
        serde_json::from_slice::<Map<String, Value>>(&json).ok()
    };
    let (Some(header), Some(claims)) = (object(), object()) else {
        return false;
    };
    let printed = claims.get("sub").and_then(Value::as_str) == Some("1234567890")
        && !claims.contains_key("iss");
    // GitHub signs links to images in issues so; they end within minutes.
    let image = claims.get("iss").and_then(Value::as_str) == Some("github.com");
    // RFC 7519, section 4.1: a token that is accepted anywhere says for whom or for how long.
    let registered = [
        "iss", "sub", "aud", "exp", "nbf", "iat", "jti", "role", "email",
    ]
    .iter()
    .any(|claim| claims.contains_key(*claim));
    header.contains_key("alg") && registered && !printed && !image
}

/// Whether `value` is base64 of `user:password` with a password worth the name.
pub(super) fn is_basic(value: &[u8]) -> bool {
    let Some(text) = decode_base64(value) else {
        return false;
    };
    let Some(colon) = memchr::memchr(b':', &text) else {
        return false;
    };
    let (user, password) = (&text[..colon], text[colon + 1..].trim_ascii());
    let printable = |part: &[u8]| part.iter().all(|byte| (b' '..=b'~').contains(byte));
    !user.is_empty()
        && printable(user)
        && printable(password)
        && password.len() >= 6
        && user != password
        && (is_password(password) || is_random(password) || password.contains(&b' '))
}

/// Whether `value` may be what a registry takes: base64 of `user:password`, or a random token.
pub(super) fn is_registry_auth(value: &[u8]) -> bool {
    !is_placeholder(value) && (is_basic(value) || (value.len() >= 40 && is_random(value)))
}

/// Whether armour holds a key: enough lines of base64 that look random. Stubs, patterns and prose have none.
pub(super) fn is_private_key(armour: &[u8]) -> bool {
    let Some(head) = armour
        .get(11..)
        .and_then(|rest| memchr::memmem::find(rest, b"-----"))
    else {
        return false;
    };
    let body = &armour[head + 16..];
    let body = memchr::memmem::find(body, b"-----").map_or(body, |end| &body[..end]);
    let key: Vec<u8> = body
        .split(|&byte| byte.is_ascii_whitespace() || b"\"',`".contains(&byte))
        .flat_map(pieces)
        .flatten()
        .copied()
        .collect();
    key.len() >= 56 && entropy(&key) >= 4.2
}

/// The lines of base64 in a word; in a string within a string they are parted by `\n`.
fn pieces(word: &[u8]) -> impl Iterator<Item = &[u8]> {
    let base64 = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=".contains(byte);
    word.split(|&byte| byte == b'\\')
        .enumerate()
        .map(|(index, piece)| match piece {
            [b'n' | b'r', rest @ ..] if index > 0 => rest,
            whole => whole,
        })
        .filter(move |piece| piece.len() >= 16 && piece.iter().all(base64))
}

/// Whether the last six characters of a GitHub or npm token are the CRC-32 of the ones before, in base62
/// (<https://github.blog/engineering/behind-githubs-new-authentication-token-formats/>). `None` for tokens of another length.
pub(super) fn checksum(token: &[u8]) -> Option<bool> {
    let body = token
        .iter()
        .position(|&byte| byte == b'_')
        .map(|at| &token[at + 1..])?;
    if body.len() != 36 {
        return None;
    }
    let (text, sum) = body.split_at(30);
    Some(base62(crc32(text)) == sum)
}

/// CRC-32 as zlib has it.
pub(super) fn crc32(bytes: &[u8]) -> u32 {
    let mut crc = u32::MAX;
    for &byte in bytes {
        crc ^= u32::from(byte);
        for _ in 0..8 {
            let low = crc & 1;
            crc = (crc >> 1) ^ (0xEDB8_8320 * low);
        }
    }
    !crc
}

fn base62(mut number: u32) -> [u8; 6] {
    const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    let mut out = [b'0'; 6];
    for place in out.iter_mut().rev() {
        *place = DIGITS[(number % 62) as usize];
        number /= 62;
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::sample;

    #[test]
    fn crc_is_the_common_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(&base62(61), b"00000z");
    }

    #[test]
    fn a_token_with_the_right_end_is_valid() {
        let text = sample("{base62:30}", 4);
        let good = [b"ghp_", text.as_bytes(), &base62(crc32(text.as_bytes()))].concat();
        assert_eq!(checksum(&good), Some(true));
        assert_eq!(
            checksum(sample("ghp_{base62:36}", 4).as_bytes()),
            Some(false)
        );
        assert_eq!(checksum(b"ghp_short"), None);
    }

    #[test]
    fn keys_are_told_from_stubs() {
        for label in ["RSA PRIVATE KEY", "PRIVATE KEY"] {
            let key = sample(&format!("{{pem:{label}}}"), 9);
            assert!(is_private_key(key.as_bytes()));
            assert!(is_private_key(key.replace('\n', "\\n").as_bytes()));
        }
        assert!(!is_private_key(
            b"-----BEGIN PRIVATE KEY-----\nREPLACE ME\n-----END PRIVATE KEY-----"
        ));
        assert!(!is_private_key(b"-----BEGIN"));
    }
}

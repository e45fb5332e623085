//! Finds text that is written in percent escapes, `\u` escapes, base64 or hexadecimal, and decodes it where it stands:
//! what comes before and after stays around it, because a name may say what the value is.
//!
//! Linear in the size of the file: a byte is in one run of digits or one line of escapes, and decoded text is shorter than its code.

use super::layer::{Code, Layer};
use crate::rules::decode_base64;
use memchr::memmem;
use std::ops::Range;

/// Shortest run of base64 digits that is decoded: an AWS access key id, 20 bytes, without the padding.
const SHORTEST: usize = 27;
/// Shortest run of hexadecimal digits.
const SHORTEST_HEX: usize = 32;
/// How much of the line is kept before and after decoded digits.
const BEFORE: usize = 96;
const AFTER: usize = 24;
/// How much of a line with escapes is decoded at once, and kept before the first.
const STRETCH: usize = 4096;
const MARGIN: usize = 160;
/// Digits whose bytes tell most runs that are no text: identifiers, paths, hashes, pictures.
const PROBE: usize = 8;

/// Calls `found` with every piece of `bytes` that decodes to text. Only what overlaps one of `within` is decoded.
pub(super) fn each(
    bytes: &[u8],
    within: &dyn Fn(&Range<usize>) -> bool,
    found: &mut dyn FnMut(Layer),
) {
    digits(bytes, |run| {
        if within(&run)
            && let Some(layer) = decoded_run(bytes, run)
        {
            found(layer);
        }
    });
    escapes(bytes, b"%", percent, within, found);
    escapes(bytes, b"\\u", unicode, within, found);
}

/// Bytes of which all or none are looked at, and how far apart they start: a run of [`SHORTEST`] digits covers one of them.
const BLOCK: usize = 16;
const STRIDE: usize = SHORTEST + 1 - BLOCK;

/// Whether a byte is a digit of base64 in either alphabet. Without branches, so that a block is tested as a vector.
const fn is_digit(byte: u8) -> bool {
    let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
    // `/` comes right before the digits.
    let number = byte.wrapping_sub(b'/') < 11;
    letter | number | (byte == b'+') | (byte == b'-') | (byte == b'_')
}

/// Every run of at least [`SHORTEST`] digits.
fn digits(bytes: &[u8], mut found: impl FnMut(Range<usize>)) {
    let (mut at, mut done) = (0, 0);
    while let Some(block) = bytes[at..].first_chunk::<BLOCK>() {
        if !block.iter().fold(true, |all, &byte| all & is_digit(byte)) {
            at = bytes.len().min(at + STRIDE);
            continue;
        }
        let before = bytes[done..at].iter().rposition(|&byte| !is_digit(byte));
        let start = before.map_or(done, |other| done + other + 1);
        let rest = &bytes[at + BLOCK..];
        let more = rest.iter().position(|&byte| !is_digit(byte));
        let end = at + BLOCK + more.unwrap_or(rest.len());
        if end - start >= SHORTEST {
            found(start..end);
        }
        done = end;
        at = bytes.len().min(end + 1);
    }
}

/// Whether decoded bytes are text that a person or a program may have written.
fn is_text(bytes: &[u8]) -> bool {
    bytes
        .iter()
        .all(|&byte| (b' '..=b'~').contains(&byte) || matches!(byte, b'\t' | b'\n' | b'\r'))
}

fn decoded_run(bytes: &[u8], run: Range<usize>) -> Option<Layer> {
    let digits = &bytes[run.clone()];
    let (code, text) = if !can_be_text(digits[0]) {
        return None;
    } else if let Some(text) = hex(digits) {
        (Code::Hex, text)
    } else {
        (Code::Base64, base64(digits)?)
    };
    let from = run.start.saturating_sub(BEFORE);
    let start = memchr::memrchr(b'\n', &bytes[from..run.start]).map_or(from, |at| from + at + 1);
    let to = bytes.len().min(run.end + AFTER);
    let end = memchr::memchr(b'\n', &bytes[run.end..to]).map_or(to, |at| run.end + at);
    let mut layer = Layer::new(code);
    layer.copy(bytes, start..run.start);
    layer.decoded(&text, run.clone());
    // The padding is no digit, and says nothing.
    let padding = bytes[run.end..end]
        .iter()
        .take_while(|&&byte| byte == b'=')
        .count();
    layer.copy(bytes, run.end + padding..end);
    Some(layer)
}

/// Whether a first digit may begin text: what base64 makes of ASCII begins with `A` to `f`, what hexadecimal does with `0` to `7`.
/// Tells half of all identifiers at no cost.
const fn can_be_text(first: u8) -> bool {
    matches!(first, b'A'..=b'Z' | b'a'..=b'f' | b'0'..=b'7')
}

fn hex(digits: &[u8]) -> Option<Vec<u8>> {
    if digits.len() < SHORTEST_HEX || !digits.len().is_multiple_of(2) {
        return None;
    }
    let mut text = Vec::with_capacity(digits.len() / 2);
    for pair in digits.chunks_exact(2) {
        let byte = hex_value(pair)?;
        if !is_text(&[byte]) {
            return None;
        }
        text.push(byte);
    }
    Some(text)
}

fn base64(digits: &[u8]) -> Option<Vec<u8>> {
    if !is_text(&decode_base64(&digits[..PROBE])?) {
        return None;
    }
    decode_base64(digits).filter(|text| is_text(text))
}

/// The value of hexadecimal digits, if it is a byte.
fn hex_value(digits: &[u8]) -> Option<u8> {
    let mut value: u32 = 0;
    for &digit in digits {
        value = value.checked_mul(16)? + char::from(digit).to_digit(16)?;
    }
    u8::try_from(value).ok().filter(|_| !digits.is_empty())
}

/// `%41` at the start of `text`: its length and its byte.
fn percent(text: &[u8]) -> Option<(usize, u8)> {
    let byte = hex_value(text.get(1..3)?)?;
    Some((3, byte))
}

/// `\u0041` or `\u{41}` at the start of `text`: its length and its byte.
fn unicode(text: &[u8]) -> Option<(usize, u8)> {
    if text.get(2) == Some(&b'{') {
        let len = text.iter().take(10).position(|&byte| byte == b'}')?;
        return Some((len + 1, hex_value(&text[3..len])?));
    }
    Some((6, hex_value(text.get(2..6)?)?))
}

/// Decodes lines that hold escapes of one kind, which start with `sign`.
fn escapes(
    bytes: &[u8],
    sign: &[u8],
    read: fn(&[u8]) -> Option<(usize, u8)>,
    within: &dyn Fn(&Range<usize>) -> bool,
    found: &mut dyn FnMut(Layer),
) {
    let code = if sign == b"%" {
        Code::Percent
    } else {
        Code::Unicode
    };
    let escape = |at: usize| read(&bytes[at..]).filter(|&(_, byte)| is_text(&[byte]));
    let mut done = 0;
    for at in memmem::find_iter(bytes, sign) {
        let Some((len, _)) = escape(at).filter(|_| at >= done) else {
            continue;
        };
        if !within(&(at..at + len)) {
            continue;
        }
        let from = at.saturating_sub(MARGIN).max(done);
        let start = memchr::memrchr(b'\n', &bytes[from..at]).map_or(from, |at| from + at + 1);
        let to = bytes.len().min(at + STRETCH);
        let end = memchr::memchr(b'\n', &bytes[at..to]).map_or(to, |line| at + line);
        let mut layer = Layer::new(code);
        let mut copied = start;
        for sign_at in memmem::find_iter(&bytes[at..end], sign).map(|next| at + next) {
            let Some((len, byte)) =
                escape(sign_at).filter(|&(len, _)| sign_at >= copied && sign_at + len <= end)
            else {
                continue;
            };
            layer.copy(bytes, copied..sign_at);
            layer.decoded(&[byte], sign_at..sign_at + len);
            copied = sign_at + len;
        }
        layer.copy(bytes, copied..end);
        done = end;
        found(layer);
    }
}

#[cfg(test)]
mod tests {
    use super::{SHORTEST, each};
    use crate::rules::{encode_base64, sample};
    use proptest::prelude::*;

    /// Decoded texts, each with the source of what `secret` says in it.
    fn decoded(text: &str, secret: &str) -> Vec<(String, String)> {
        let mut out = Vec::new();
        each(text.as_bytes(), &|_| true, &mut |layer| {
            let plain = String::from_utf8_lossy(layer.text()).into_owned();
            if let Some(at) = plain.find(secret) {
                let source = layer.source(&(at..at + secret.len()));
                out.push((plain, text[source].to_owned()));
            }
        });
        out
    }

    #[test]
    fn decodes_in_place_and_knows_the_source() {
        let inner = "password is swordfish!!";
        let code = encode_base64(inner.as_bytes());
        let text = format!("first\nkey = \"{code}\" # end\nlast");
        let (plain, source) = decoded(&text, "is swordfish").remove(0);
        assert_eq!(plain, format!("key = \"{inner}\" # end"));
        assert_eq!(source, &code[12..28]);
        let hex: String = inner.bytes().map(|byte| format!("{byte:02x}")).collect();
        let (plain, source) = decoded(&format!("x: {hex}"), "is").remove(0);
        assert_eq!(
            (plain.as_str(), source.as_str()),
            ("x: password is swordfish!!", "6973")
        );
        let (plain, source) = decoded("u=https%3A%2F%2Fuser%3Apw%40host", ":pw@").remove(0);
        assert_eq!(
            (plain.as_str(), source.as_str()),
            ("u=https://user:pw@host", "%3Apw%40")
        );
        let (plain, source) = decoded(r#"{"a": "b\u003dc\u{3d}"}"#, "=c=").remove(0);
        assert_eq!(
            (plain.as_str(), source.as_str()),
            (r#"{"a": "b=c="}"#, r"\u003dc\u{3d}")
        );
    }

    #[test]
    fn what_is_no_text_is_left_alone() {
        for text in [
            sample("sha256:{hex:64}", 1),
            sample("integrity: sha512-{base64:86}==", 2),
            "a_function_with_a_rather_long_name_in_it(/usr/share/some/folder/and/another)"
                .to_owned(),
            "printf(\"%d %s %02x\\n\")".to_owned(),
            "\"\\u4e2d\\u6587\"".to_owned(),
        ] {
            assert!(decoded(&text, "").is_empty(), "{text}");
        }
    }

    #[test]
    fn every_long_run_of_digits_is_seen() {
        for before in 0..40 {
            for length in SHORTEST - 1..SHORTEST + 20 {
                let text = format!("{}={}=", "a ".repeat(before), "b".repeat(length));
                let mut runs = Vec::new();
                super::digits(text.as_bytes(), |run| runs.push(run));
                let start = before * 2 + 1;
                let want = (length >= SHORTEST).then_some(start..start + length);
                assert_eq!(runs, Vec::from_iter(want), "{before} {length}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_bytes_are_decoded_without_panic(bytes in proptest::collection::vec(
            proptest::sample::select(&b"%4\\u{}00=\nQUFBabc+/ \xff"[..]), 0..200)) {
            each(&bytes, &|_| true, &mut |layer| {
                for at in 0..layer.text().len() {
                    let source = layer.source(&(at..at + 1));
                    assert!(source.start < source.end && source.end <= bytes.len());
                }
            });
        }

        #[test]
        fn every_text_in_base64_is_found(prefix in "[ =\"\n]{0,30}", inner in "[ -~]{20,60}") {
            let text = format!("{prefix}{}", encode_base64(inner.as_bytes()));
            prop_assert!(decoded(&text, &inner).len() <= 1);
            // Text whose last bytes leave padding or that is all hexadecimal may be cut; the rest comes out whole.
            prop_assert!(!decoded(&text, &inner[..15]).is_empty());
        }
    }
}

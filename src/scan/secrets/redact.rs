//! What of a secret may be shown: enough to recognise it, too little to use it.

use crate::rules::{Class, Rule};

/// The shown part of a secret, as one printable line: the prefix that all secrets of the kind share and a few characters,
/// never more than a third of it; the first line of an armoured key.
#[must_use]
pub(super) fn redact(rule: &Rule, secret: &[u8]) -> String {
    if secret.starts_with(b"-----BEGIN ")
        && let Some(header) = armour_header(secret)
    {
        return header;
    }
    let third = secret.len() / 3;
    let fixed = rule
        .keywords
        .iter()
        .filter(|word| {
            rule.class == Class::Token
                && secret
                    .get(..word.len())
                    .is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
        })
        .map(|word| word.len())
        .max()
        .unwrap_or(0);
    let extra = if secret.len() >= 16 { 1 } else { 0 };
    let shown = (fixed + extra).min(third);
    let head: String = secret[..shown]
        .iter()
        .map(|&byte| {
            if byte.is_ascii_graphic() {
                char::from(byte)
            } else {
                '?'
            }
        })
        .collect();
    format!("{head}***")
}

/// `-----BEGIN … KEY-----`: no part of the key.
fn armour_header(secret: &[u8]) -> Option<String> {
    let end = memchr::memmem::find(secret.get(11..)?, b"-----")? + 16;
    let header = secret.get(..end).filter(|header| header.len() < 80)?;
    let printable = header
        .iter()
        .all(|byte| byte.is_ascii_uppercase() || matches!(byte, b'-' | b' ' | b'0'..=b'9'));
    printable.then(|| String::from_utf8_lossy(header).into_owned())
}

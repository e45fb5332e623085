//! Makes sample secrets from templates, so that no secret-like text ever stands in the source.
//!
//! A template is text with parts in braces: `{base62:36}` is 36 characters of a character set, `{uuid}`, `{jwt}`,
//! `{basic}`, `{password:12}` and `{pem:RSA PRIVATE KEY}` are made as a whole, `{b64:…}` encodes the template in it.
//! `{{` and `}}` stand for braces.

use super::encode_base64;
use std::fmt::Write;

/// A small deterministic source of numbers: SplitMix64 (Steele, Lea, Flood 2014).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn pick(&mut self, set: &[u8]) -> u8 {
        let count = set.len().max(1) as u64;
        let index = usize::try_from((self.next() >> 8) % count).unwrap_or(0);
        set.get(index).copied().unwrap_or(b'x')
    }
}

const DIGIT: &str = "0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The characters of a named set; `None` for an unknown name.
// hookd:allow cyclomatic-complexity a table
fn charset(name: &str) -> Option<String> {
    Some(match name {
        "digit" => DIGIT.to_owned(),
        "hex" => format!("{DIGIT}abcdef"),
        "HEX" => format!("{DIGIT}ABCDEF"),
        "lower" => LOWER.to_owned(),
        "upper" => UPPER.to_owned(),
        "alnum" => format!("{LOWER}{DIGIT}"),
        "ALNUM" => format!("{UPPER}{DIGIT}"),
        "base62" => format!("{LOWER}{UPPER}{DIGIT}"),
        "base64" => format!("{LOWER}{UPPER}{DIGIT}+/"),
        "base64url" => format!("{LOWER}{UPPER}{DIGIT}-_"),
        "base32" => format!("{UPPER}234567"),
        "bech32" => "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L".to_owned(),
        "x" => "x".to_owned(),
        _ => return None,
    })
}

/// The text that `template` and `seed` give: always the same for the same two. Parts that are not understood stay as they are.
#[must_use]
pub fn sample(template: &str, seed: u64) -> String {
    let mut random = Random(seed ^ 0x5EED);
    expand(template, &mut random)
}

fn expand(template: &str, random: &mut Random) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some(at) = rest.find(['{', '}']) {
        out.push_str(&rest[..at]);
        let brace = &rest[at..=at];
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix(brace) {
            out.push_str(brace);
            rest = after;
        } else if let Some(end) = closing(rest).filter(|_| brace == "{") {
            part(&rest[..end], random, &mut out);
            rest = &rest[end + 1..];
        } else {
            out.push_str(brace);
        }
    }
    out + rest
}

/// Where the brace closes that opened just before `text`.
fn closing(text: &str) -> Option<usize> {
    let mut depth = 1usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            return Some(at);
        }
    }
    None
}

fn part(text: &str, random: &mut Random, out: &mut String) {
    let (name, argument) = text.split_once(':').unwrap_or((text, ""));
    match name {
        "uuid" => uuid(random, out),
        "jwt" => out.push_str(&jwt(random)),
        "basic" => {
            let text = format!("deploy:{}", chars("base62", 20, random));
            out.push_str(&encode_base64(text.as_bytes()));
        }
        "b64" => out.push_str(&encode_base64(expand(argument, random).as_bytes())),
        "password" => out.push_str(&password(argument.parse().unwrap_or(12), random)),
        "pem" => pem(argument, random, out),
        _ => match argument.parse() {
            Ok(count) if charset(name).is_some() => out.push_str(&chars(name, count, random)),
            _ => {
                let _ = write!(out, "{{{text}}}");
            }
        },
    }
}

/// `count` characters of a set; long ones of a set with digits hold some, as nearly all random ones do.
fn chars(name: &str, count: usize, random: &mut Random) -> String {
    let set = charset(name).unwrap_or_default();
    let mut text: Vec<u8> = (0..count).map(|_| random.pick(set.as_bytes())).collect();
    if count >= 12 && set.contains('7') {
        for at in [2, 6, 9] {
            text[at] = random.pick(if set.contains('0') {
                b"2345679"
            } else {
                b"234567"
            });
        }
    }
    if count >= 12 && set.contains('k') && set.contains('K') {
        for (at, letters) in [(1, UPPER), (4, LOWER), (7, UPPER), (10, LOWER)] {
            text[at] = random.pick(letters.as_bytes());
        }
    }
    text.into_iter().map(char::from).collect()
}

fn uuid(random: &mut Random, out: &mut String) {
    let hex = chars("hex", 32, random);
    let _ = write!(
        out,
        "{}-{}-4{}-a{}-{}",
        &hex[..8],
        &hex[8..12],
        &hex[12..15],
        &hex[15..18],
        &hex[18..30]
    );
}

fn jwt(random: &mut Random) -> String {
    let url = |text: String| {
        encode_base64(text.as_bytes())
            .trim_end_matches('=')
            .replace('+', "-")
            .replace('/', "_")
    };
    let claims = format!(
        r#"{{"iss":"accounts","sub":"{}","aud":"{}"}}"#,
        chars("hex", 24, random),
        chars("base62", 16, random)
    );
    format!(
        "{}.{}.{}",
        url(r#"{"alg":"HS256","typ":"JWT"}"#.to_owned()),
        url(claims),
        chars("base64url", 43, random)
    )
}

/// What a careful person types: letters of both cases, digits and signs mixed.
fn password(count: usize, random: &mut Random) -> String {
    let sets: [&[u8]; 4] = [LOWER.as_bytes(), b"2345679", UPPER.as_bytes(), b"!+~"];
    (0..count)
        .map(|at| char::from(random.pick(sets[at % 4])))
        .collect()
}

fn pem(label: &str, random: &mut Random, out: &mut String) {
    let _ = writeln!(out, "-----BEGIN {label}-----");
    for _ in 0..6 {
        let _ = writeln!(out, "{}", chars("base64", 64, random));
    }
    let _ = write!(
        out,
        "{}==\n-----END {label}-----",
        chars("base64", 22, random)
    );
}

#[cfg(test)]
mod tests {
    use super::sample;

    #[test]
    fn the_same_seed_gives_the_same_text() {
        let template = "a {base62:20} {uuid} {jwt} {basic} {pem:KEY} {b64:{hex:8}}";
        assert_eq!(sample(template, 7), sample(template, 7));
        assert_ne!(sample(template, 7), sample(template, 8));
    }

    #[test]
    fn parts_have_their_form() {
        assert_eq!(sample("{{x}} {x:4}}}", 1), "{x} xxxx}");
        assert_eq!(sample("{digit:6}", 1).len(), 6);
        assert!(sample("{digit:6}", 1).bytes().all(|b| b.is_ascii_digit()));
        assert_eq!(sample("{uuid}", 3).len(), 36);
        assert_eq!(sample("{nonsense} {", 3), "{nonsense} {");
    }
}

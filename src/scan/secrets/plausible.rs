//! Whether a value may be a secret at all: placeholders, references and names are not.

use super::words;

/// Words that people write where a secret goes. Long enough that random text holds them next to never.
const FILLERS: &[&str] = &[
    "example",
    "sample",
    "placeholder",
    "changeme",
    "change_me",
    "change-me",
    "change this",
    "replace",
    "insert_",
    "insert-",
    "redacted",
    "dummy",
    "your_",
    "your-",
    "<your",
    "yourpass",
    "yourtoken",
    "yoursecret",
    "yourapi",
    "yourkey",
    "xxxxxx",
    "******",
    "......",
    "######",
    "------",
    "______",
    "00000000",
    "my_secret",
    "my-secret",
    "mysecret",
    "mypassword",
    "my_password",
    "notasecret",
    "not-a-",
    "not_a_",
    "fake",
    "todo",
    "fixme",
    "lorem",
    "foobar",
    "deadbeef",
    "12345678",
    "23456789",
    "01234567",
    "abcdefgh",
    "abcd1234",
    "abc123",
    "undefined",
    "[hidden]",
    "secretkey",
    "secret_key",
    "secret-key",
    "anothersecret",
    "supersecret",
    "super_secret",
    "super-secret",
    "verysecret",
    "very-secret",
    "top-secret",
    "topsecret",
];

/// Fillers short enough to occur in long random values: looked for in values of up to 40 bytes.
const SHORT_FILLERS: usize = 40;

/// No shorter value was made up where it holds `12345`: people choose such passwords. Of 64 random hexadecimal digits one in
/// fifteen thousand holds it.
const LONG: usize = 20;

/// Whether `value` is what people write where a secret goes.
pub(super) fn is_placeholder(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    let holds = |word: &&str| {
        (word.len() >= 6 || value.len() <= SHORT_FILLERS)
            && memchr::memmem::find(&lower, word.as_bytes()).is_some()
    };
    let counts_up = value.len() >= LONG && memchr::memmem::find(value, b"12345").is_some();
    let filled = counts_up || FILLERS.iter().any(holds);
    filled || is_reference(value) || climbs(value) || repeats(value)
}

/// How references to other values start, what they hold, and what encloses them.
const REFERENCE_STARTS: &[&[u8]] = &[b"<", b"$(", b"%(", b"ENC[", b"ENC("];
const REFERENCE_PARTS: &[&[u8]] = &[b"${", b"{{", b"#{", b"<%", b"%s", b"$("];
const REFERENCE_ENDS: &[(u8, u8)] = &[(b'{', b'}'), (b'%', b'%'), (b'[', b']')];

/// Whether `value` names another value: a variable, a template, a call.
pub(super) fn is_reference(value: &[u8]) -> bool {
    let name = |byte: &u8| byte.is_ascii_alphanumeric() || *byte == b'_';
    let variable = value
        .strip_prefix(b"$")
        .is_some_and(|rest| rest.iter().all(name));
    let ends = (value.first().copied(), value.last().copied());
    variable
        || REFERENCE_STARTS.iter().any(|part| value.starts_with(part))
        || holds_one(value, REFERENCE_PARTS)
        || REFERENCE_ENDS
            .iter()
            .any(|&(open, close)| ends == (Some(open), Some(close)))
}

/// Whether one of `parts` occurs in `value`.
fn holds_one(value: &[u8], parts: &[&[u8]]) -> bool {
    parts
        .iter()
        .any(|part| memchr::memmem::find(value, part).is_some())
}

/// Whether eight characters follow each other in the alphabet or among the digits, or three of ten follow the one before
/// them: of random base62 one in thirty does, of hexadecimal one in sixteen.
fn climbs(value: &[u8]) -> bool {
    let (mut run, mut steps) = (1, 0usize);
    for pair in value.windows(2) {
        let &[a, b] = pair else { continue };
        if a.is_ascii_alphanumeric()
            && a.to_ascii_lowercase().wrapping_add(1) == b.to_ascii_lowercase()
        {
            run += 1;
            steps += 1;
            if run >= 8 {
                return true;
            }
        } else {
            run = 1;
        }
    }
    let digits = value.iter().all(u8::is_ascii_digit);
    !digits && value.len() >= 20 && steps * 10 >= value.len() * 3
}

/// Whether a piece of at most eight bytes comes again and again: all but a quarter of `value` is what stood so far before.
fn repeats(value: &[u8]) -> bool {
    let same = |period: usize| {
        let pairs = value.iter().zip(&value[period..]);
        pairs.filter(|(a, b)| a == b).count() * 4 >= value.len() * 3
    };
    value.len() >= 16 && (1..=8.min(value.len() / 3)).any(same)
}

/// What a value is made of.
pub(super) struct Shape {
    /// Digits.
    pub(super) digits: usize,
    /// Letters of either case.
    pub(super) letters: usize,
    /// Bytes that are neither.
    pub(super) signs: usize,
    /// How many of lower case, upper case, digits and signs occur.
    pub(super) kinds: usize,
    /// Neighbours of different kind.
    pub(super) turns: usize,
}

impl Shape {
    /// Looks at `value` once.
    pub(super) fn of(value: &[u8]) -> Self {
        let kind = |byte: u8| match byte {
            b'a'..=b'z' => 0,
            b'A'..=b'Z' => 1,
            b'0'..=b'9' => 2,
            _ => 3,
        };
        let mut counts = [0usize; 4];
        for &byte in value {
            counts[kind(byte)] += 1;
        }
        let turns = value
            .windows(2)
            .filter(|pair| matches!(pair, &&[a, b] if kind(a) != kind(b)))
            .count();
        let [lower, upper, digits, signs] = counts;
        Self {
            digits,
            letters: lower + upper,
            signs,
            kinds: counts.iter().filter(|&&count| count > 0).count(),
            turns,
        }
    }
}

/// Whether `value` looks drawn at random from letters and digits (with the signs of base64), not like a name, a path or a version.
pub(super) fn is_random(value: &[u8]) -> bool {
    let allowed = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_.~-".contains(byte);
    if value.len() < 14 || !value.iter().all(allowed) || is_constant(value) {
        return false;
    }
    is_mixed(value)
        && !words::is_prose(value)
        && !(value.starts_with(b"/") && words::share(value) >= 56)
        && [&b"."[..], b"/", b"-_"]
            .iter()
            .all(|signs| is_rare(signs, value))
}

/// Whether digits and letters alternate as chance has it, or less, but the letters make no words.
fn is_mixed(value: &[u8]) -> bool {
    let shape = Shape::of(value);
    // Random base62 turns at 62 of 100 places, hexadecimal at 47, digits and letters of one case at 40, names and paths at some 20.
    let hex = value.len() >= 32 && is_hex(value) && shape.turns * 8 >= value.len();
    let unlucky =
        value.len() >= 20 && shape.turns * 100 >= value.len() * 15 && words::share(value) < 56;
    shape.digits >= 2
        && shape.letters >= 4
        && (hex || unlucky || shape.turns * 10 >= value.len() * 3)
}

/// Whether `value`, which stands beside its issuer's name and a word for secret, may be drawn at random: it is not
/// made of words.
pub(super) fn is_unworded(value: &[u8]) -> bool {
    let digits = value.iter().filter(|byte| byte.is_ascii_digit()).count();
    // Names end in a digit or two; more of them, in between, are no name's.
    let least = match digits {
        0 => 65,
        1 | 2 => 71,
        _ => 84,
    };
    words::share(value) < least
}

/// `THE_NAME_OF_A_SECRET2`.
pub(super) fn is_constant(value: &[u8]) -> bool {
    let constant = |byte: &u8| byte.is_ascii_uppercase() || byte.is_ascii_digit() || *byte == b'_';
    value.contains(&b'_') && value.iter().all(constant)
}

/// Whether at most every eighth byte is one of `signs`: in names and paths they come between words.
pub(super) fn is_rare(signs: &[u8], value: &[u8]) -> bool {
    value.iter().filter(|byte| signs.contains(byte)).count() * 8 <= value.len()
}

/// Whether `value` is hexadecimal.
pub(super) fn is_hex(value: &[u8]) -> bool {
    value.iter().all(u8::is_ascii_hexdigit)
}

/// Whether `value` is as long as the digest of a usual hash function in hexadecimal (RFC 1321, FIPS 180-4): what a key looks
/// like too.
pub(super) fn is_digest(value: &[u8]) -> bool {
    matches!(value.len(), 32 | 40 | 56 | 64 | 96 | 128) && is_hex(value)
}

/// Whether `value` has the form of a universally unique identifier (RFC 9562).
pub(super) fn is_uuid(value: &[u8]) -> bool {
    value.len() == 36
        && value.iter().enumerate().all(|(at, byte)| match at {
            8 | 13 | 18 | 23 => *byte == b'-',
            _ => byte.is_ascii_hexdigit(),
        })
}

/// Passwords and parts of passwords that only ever stand in samples and in local set-ups.
const SAMPLE_PASSWORDS: &[&str] = &[
    "pass", "pwd", "secret", "token", "admin", "root", "user", "test", "guest", "postgres",
    "mysql", "mongo", "redis", "demo", "foo", "bar", "baz", "qwerty", "hunter2", "letmein",
    "welcome", "123456", "s3cr3t", "p4ss", "p@ss", "abc", "xxx", "...", "***", "key", "hello",
    "local", "default", "none", "null", "true", "false", "minio", "rabbit", "docker", "api",
    "auth", "login", "cred",
];

/// Whether `value` may be a password that opens something: mixed enough, and no sample.
pub(super) fn is_password(value: &[u8]) -> bool {
    if value.len() < 7 || !value.iter().all(u8::is_ascii_graphic) {
        return false;
    }
    let shape = Shape::of(value);
    let mixed = shape.kinds >= 2
        && shape.letters >= 2
        && shape.digits + shape.signs > 0
        && !is_wordy(value, &shape);
    (mixed || words::is_unreadable(value))
        && !is_sample(value)
        && !is_placeholder(value)
        && !is_regex(value)
}

/// `words-with-dashes`.
fn is_wordy(value: &[u8], shape: &Shape) -> bool {
    let word = |byte: &u8| byte.is_ascii_alphabetic() || b"-_.".contains(byte);
    shape.kinds == 2 && shape.digits == 0 && value.iter().all(word)
}

/// Whether a short password holds a word of sample passwords, or a long one the word itself.
pub(super) fn is_sample(value: &[u8]) -> bool {
    let lower = value.to_ascii_lowercase();
    // `p%40ssword` is `p@ssword` where it stands in an address.
    let meant = percent_decoded(&lower);
    let holds = |word: &str| {
        let within = |text: &[u8]| memchr::memmem::find(text, word.as_bytes()).is_some();
        within(&lower) || within(&meant)
    };
    // `p-assword` and `pa%2Fssword` show which signs are allowed.
    let bare: Vec<u8> = plain(&lower).collect();
    memchr::memmem::find(&bare, b"password").is_some()
        || (meant.len() < 16 && SAMPLE_PASSWORDS.iter().any(|word| holds(word)))
}

/// `value` with its percent escapes (RFC 3986, section 2.1) read.
fn percent_decoded(value: &[u8]) -> Vec<u8> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let (mut out, mut rest) = (Vec::with_capacity(value.len()), value);
    while let [first, tail @ ..] = rest {
        let escaped = match rest {
            &[b'%', high, low, ..] => digit(high).zip(digit(low)),
            _ => None,
        };
        let byte = escaped.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
        out.push(byte.unwrap_or(*first));
        rest = if byte.is_some() { &rest[3..] } else { tail };
    }
    out
}

/// The letters and digits of `value`, without signs and percent escapes.
fn plain(value: &[u8]) -> impl Iterator<Item = u8> {
    let mut skip = 0;
    value.iter().copied().filter(move |&byte| {
        if byte == b'%' {
            skip = 4;
        }
        skip = usize::saturating_sub(skip, 1);
        skip == 0 && byte.is_ascii_alphanumeric()
    })
}

/// Whether `value` is mixed as only a password is: three kinds of characters that alternate.
pub(super) fn is_strong_password(value: &[u8]) -> bool {
    let odd = |byte: &u8| b"<>{}[]()\\\"'`;|,: \t".contains(byte);
    if !(8..=64).contains(&value.len()) || value.iter().any(odd) {
        return false;
    }
    let shape = Shape::of(value);
    let mixed = shape.kinds >= 3 && shape.digits > 0 && shape.turns * 10 >= value.len() * 3;
    let few_signs = shape.signs * 3 <= value.len() || shape.kinds == 4;
    mixed && few_signs && is_rare(b"./-_", value) && !words::is_prose(value) && is_password(value)
}

/// Whether `value` is a piece of a regular expression: rule files hold patterns, not secrets.
fn is_regex(value: &[u8]) -> bool {
    holds_one(
        value,
        &[
            b"[^", b".*", b"+)", b"\\w", b"\\d", b"\\s", b"(?", b".+", b"]+", b"]*", b"{1,",
        ],
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn placeholders_and_references_are_seen() {
        for text in [
            "your_api_key",
            "<token>",
            "${VAR}",
            "{{ x }}",
            "$TOKEN",
            "changeme",
            "%(x)s",
            "ENC[RSA,abc]",
            "12345678ab",
            "mT7pm9XPFZWvfDKdAD12345",
            "d307d307d307d307d30",
            "a2cd5fgh9j1lmnop78st123456ab90e23hijk8m0",
        ] {
            assert!(is_placeholder(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn escaped_samples_are_samples() {
        for text in [
            "p%40ssword",
            "pa%2Fssword",
            "P%40ssw0rd%21",
            "s3cr3t%",
            "p%4",
        ] {
            assert!(is_sample(text.as_bytes()) || text == "p%4", "{text}");
        }
        assert!(is_password(b"hT%40x9Vq%2FbW3"));
        assert_eq!(percent_decoded(b"a%40%zz%4"), b"a@%zz%4");
    }

    #[test]
    fn random_values_differ_from_names() {
        for seed in 0..50 {
            for template in ["{base62:24}", "{hex:32}", "{base64url:40}", "{base64:64}"] {
                let value = crate::rules::sample(template, seed);
                assert!(is_random(value.as_bytes()), "{value}");
            }
        }
        for name in [
            "my_long_variable_name_2_x",
            "com.example.app2.Main1",
            "/usr/lib/x86_64/libfoo.so.1",
            "getUserAccountToken",
            "aws-sdk-client-s3-v3",
            "ThisIsNotARealSecretToken1",
            "/etc/ssl/private/server2.key.pem.v1",
        ] {
            assert!(!is_random(name.as_bytes()), "{name}");
        }
    }
}

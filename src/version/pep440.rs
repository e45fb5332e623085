//! PyPI: PEP 440 (<https://packaging.python.org/en/latest/specifications/version-specifiers/#summary-of-permitted-suffixes-and-relative-ordering>),
//! and before all of it the versions that are older than PEP 440, in the order that setuptools gave them.
//!
//! By hand, not with `pep440_rs`: it refuses legacy versions and numbers beyond 64 bits, both of which advisories
//! list, and a comparison must not allocate.

use super::{VersionError, token};
use std::cmp::Ordering;

/// Compares two versions. Takes any text: what is not PEP 440 is a legacy version.
pub(super) fn compare(a: &str, b: &str) -> Result<Ordering, VersionError> {
    Ok(match (Version::parse(a), Version::parse(b)) {
        (Some(a), Some(b)) => a.compare(&b),
        (None, None) => legacy(a).cmp(&legacy(b)),
        (a, b) => a.is_some().cmp(&b.is_some()),
    })
}

/// A part that may be missing and, where there, may lack its number (which is then 0).
type Numbered<'a> = Option<&'a str>;

struct Version<'a> {
    epoch: &'a str,
    release: &'a str,
    /// Alpha, beta, candidate: 0, 1, 2.
    pre: Option<(u8, &'a str)>,
    post: Numbered<'a>,
    dev: Numbered<'a>,
    local: Option<&'a str>,
}

const PRE: &[(&str, u8)] = &[
    ("alpha", 0),
    ("a", 0),
    ("beta", 1),
    ("b", 1),
    ("preview", 2),
    ("pre", 2),
    ("c", 2),
    ("rc", 2),
];
const POST: &[(&str, u8)] = &[("post", 0), ("rev", 0), ("r", 0)];
const DEV: &[(&str, u8)] = &[("dev", 0)];

impl<'a> Version<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let (text, local) = match text.split_once('+') {
            Some((text, local)) => (text, Some(local)),
            None => (text, None),
        };
        let (epoch, text) = text.split_once('!').unwrap_or(("0", text));
        let (release, rest) = split_release(text);
        let (pre, rest) = marker(rest, PRE);
        let (post, rest) = split_post(rest);
        let (dev, rest) = marker(rest, DEV);
        let valid = rest.is_empty()
            && token::is_digits(epoch)
            && !release.is_empty()
            && local.is_none_or(is_local);
        valid.then_some(Self {
            epoch,
            release,
            pre,
            post,
            dev: dev.map(|(_, number)| number),
            local,
        })
    }

    fn compare(&self, other: &Self) -> Ordering {
        token::compare_digits(self.epoch, other.epoch)
            .then_with(|| {
                token::compare_padded(
                    self.release.split('.'),
                    other.release.split('.'),
                    "",
                    token::compare_digits,
                )
            })
            .then_with(|| self.pre_place().cmp(&other.pre_place()))
            .then_with(|| match (self.pre, other.pre) {
                (Some((_, a)), Some((_, b))) => token::compare_digits(a, b),
                _ => Ordering::Equal,
            })
            .then_with(|| compare_optional(self.post, other.post))
            // A development release comes before what it leads to.
            .then_with(|| match (self.dev, other.dev) {
                (Some(a), Some(b)) => token::compare_digits(a, b),
                (a, b) => a.is_none().cmp(&b.is_none()),
            })
            .then_with(|| compare_local(self.local, other.local))
    }

    /// A development release of the release itself comes before its pre-releases; the release after them.
    fn pre_place(&self) -> u8 {
        match self.pre {
            Some((kind, _)) => kind + 1,
            None if self.post.is_none() && self.dev.is_some() => 0,
            None => 4,
        }
    }
}

fn compare_optional(a: Numbered<'_>, b: Numbered<'_>) -> Ordering {
    match (a, b) {
        (Some(a), Some(b)) => token::compare_digits(a, b),
        (a, b) => a.is_some().cmp(&b.is_some()),
    }
}

/// Numbers with single dots between them; a dot that no digit follows is left.
fn split_release(text: &str) -> (&str, &str) {
    let mut end = token::split_digits(text).0.len();
    while end > 0 && text[end..].starts_with('.') {
        let digits = token::split_digits(&text[end + 1..]).0.len();
        if digits == 0 {
            break;
        }
        end += 1 + digits;
    }
    text.split_at(end)
}

/// Takes `[-_.]?WORD[-_.]?DIGITS?` off the start.
fn marker<'a>(text: &'a str, words: &[(&str, u8)]) -> (Option<(u8, &'a str)>, &'a str) {
    if text.is_empty() {
        return (None, text);
    }
    let separators = ['-', '_', '.'];
    let start = text.strip_prefix(separators).unwrap_or(text);
    let (letters, rest) = token::split_run(start, |byte| byte.is_ascii_alphabetic());
    // `1.0rcdev` has two words in one run: the first that fits is taken.
    let found = words
        .iter()
        .filter(|(word, _)| {
            letters
                .get(..word.len())
                .is_some_and(|start| start.eq_ignore_ascii_case(word))
        })
        .max_by_key(|(word, _)| word.len());
    let Some(&(word, kind)) = found else {
        return (None, text);
    };
    let rest = if word.len() == letters.len() {
        rest
    } else {
        &start[word.len()..]
    };
    let after = rest.strip_prefix(separators).unwrap_or(rest);
    let (number, left) = token::split_digits(after);
    if number.is_empty() {
        // The separator then belongs to what follows, or to nothing: `1.0a.` is read as `1.0a0`, as Python does.
        let left = if token::split_run(after, |byte| byte.is_ascii_alphabetic())
            .0
            .is_empty()
        {
            after
        } else {
            rest
        };
        return (Some((kind, "")), left);
    }
    (Some((kind, number)), left)
}

/// A post release: a word, or a bare `-N`.
fn split_post(text: &str) -> (Numbered<'_>, &str) {
    if let Some(after) = text.strip_prefix('-') {
        let (number, rest) = token::split_digits(after);
        if !number.is_empty() {
            return (Some(number), rest);
        }
    }
    let (post, rest) = marker(text, POST);
    (post.map(|(_, number)| number), rest)
}

fn is_local(local: &str) -> bool {
    local
        .split(['-', '_', '.'])
        .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_alphanumeric()))
}

/// No local part first; words (without case) before numbers; the longer list later.
fn compare_local(a: Option<&str>, b: Option<&str>) -> Ordering {
    let parts = |local: Option<&'_ str>| -> Vec<String> {
        local.map_or_else(Vec::new, |local| {
            local
                .split(['-', '_', '.'])
                .map(str::to_ascii_lowercase)
                .collect()
        })
    };
    if a.is_none() && b.is_none() {
        return Ordering::Equal;
    }
    let (a, b) = (parts(a), parts(b));
    token::compare_padded(
        a.iter().map(Some),
        b.iter().map(Some),
        None,
        |left, right| match (left, right) {
            (Some(left), Some(right)) => match (token::is_digits(left), token::is_digits(right)) {
                (true, true) => token::compare_digits(left, right),
                (false, false) => left.cmp(right),
                (left_number, right_number) => left_number.cmp(&right_number),
            },
            (left, right) => left.is_some().cmp(&right.is_some()),
        },
    )
}

/// The key that setuptools gave versions before PEP 440: words get a `*`, which sorts before digits; numbers are
/// padded to eight digits; nulls before a pre-release word are dropped.
fn legacy(text: &str) -> Vec<String> {
    let text = text.to_lowercase();
    let mut out: Vec<String> = Vec::new();
    let mut rest = text.as_str();
    while let Some(part) = next_legacy_part(&mut rest) {
        push_legacy(&mut out, &part);
    }
    push_legacy(&mut out, "*final");
    out
}

fn push_legacy(out: &mut Vec<String>, part: &str) {
    if part.starts_with('*') {
        if part < "*final" {
            while out.last().is_some_and(|last| last == "*final-") {
                out.pop();
            }
        }
        while out.last().is_some_and(|last| last == "00000000") {
            out.pop();
        }
    }
    out.push(part.to_owned());
}

/// A run of digits, a run of letters, a hyphen, or whatever stands between them; dots are skipped.
fn next_legacy_part(rest: &mut &str) -> Option<String> {
    *rest = rest.trim_start_matches('.');
    let first = *rest.as_bytes().first()?;
    let (part, left) = if first == b'-' {
        rest.split_at(1)
    } else {
        token::split_run(rest, |byte| legacy_kind(byte) == legacy_kind(first))
    };
    *rest = left;
    Some(match part {
        "pre" | "preview" | "rc" => "*c".to_owned(),
        "-" => "*final-".to_owned(),
        "dev" => "*@".to_owned(),
        _ if first.is_ascii_digit() => format!("{part:0>8}"),
        _ => format!("*{part}"),
    })
}

/// Which bytes make one run.
fn legacy_kind(byte: u8) -> u8 {
    match byte {
        b'0'..=b'9' => 0,
        b'a'..=b'z' => 1,
        b'-' => 2,
        b'.' => 3,
        _ => 4,
    }
}

//! `hookd.ignore`: findings that somebody accepted, one a line, with a reason.
//!
//! A line reads `PATH SCANNER/RULE $SALT$HASH UNTIL REASON`, `-` for no end, `history` (or `history:UNTIL`) for what only older commits hold. Each line has a salt of its own, so that equal secrets
//! look different in two lines and in two repositories, and lines of two branches stand side by side after a merge.

use crate::model::{Finding, RepoPath};
use jiff::civil::Date;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;
use std::hash::{BuildHasher, Hasher, RandomState};

/// The name of the file, in the root of what is checked.
pub const IGNORE_FILE: &str = "hookd.ignore";

/// Stands for `-`, or before the day, where only history held what is accepted.
const PAST: &str = "history";

/// What a new file begins with.
const HEADER: &str = "\
# Findings that were looked at and are fine. Written by: hookd ignore. Shown by: hookd baseline audit.
# path scanner/rule $salt$hash until reason
";

/// One accepted finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The file it was found in.
    pub path: RepoPath,
    /// Id of the scanner.
    pub scanner: String,
    /// Id of the rule.
    pub rule: String,
    /// The last day on which it counts.
    pub until: Option<Date>,
    /// Whether it accepts what only history held when it was written: that it is gone from the files says nothing.
    pub past: bool,
    /// Why it is fine.
    pub reason: String,
    /// The greatest number it accepts of what is measured; any where it says none.
    pub accepted: Option<u64>,
    /// Its line in the file, from 1; 0 for one that was never written.
    pub line: usize,
    salt: [u8; 8],
    hash: [u8; 16],
}

/// A line that cannot be read. What it holds is not repeated: somebody may have put a secret there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EntryError {
    /// Line, from 1.
    pub line: usize,
    /// Column of the word that is wrong, in characters from 1.
    pub column: usize,
    /// What is wrong with it.
    pub message: &'static str,
}

impl Entry {
    /// An entry for `finding`, with a fresh salt.
    #[must_use]
    pub fn new(finding: &Finding, until: Option<Date>, reason: &str) -> Self {
        // The keys of a RandomState are drawn anew each time: a salt must differ, it need not be secret.
        let salt = RandomState::new().build_hasher().finish().to_le_bytes();
        Self {
            path: finding.path.clone(),
            scanner: finding.scanner.to_owned(),
            rule: finding.rule.clone().into_owned(),
            until,
            past: finding.data.contains_key("blob"),
            reason: reason.to_owned(),
            accepted: measured(finding),
            line: 0,
            salt,
            hash: salted(&salt, finding),
        }
    }

    /// Whether it speaks of the same rule and the same thing found, wherever that is.
    #[must_use]
    pub fn is_about(&self, finding: &Finding) -> bool {
        self.scanner == finding.scanner
            && self.rule == finding.rule
            && self.hash == salted(&self.salt, finding)
    }

    /// Whether what was measured is no more than it accepts.
    #[must_use]
    pub fn reaches(&self, finding: &Finding) -> bool {
        self.accepted
            .is_none_or(|most| measured(finding).is_none_or(|value| value <= most))
    }

    /// Whether `other` is this entry, whatever number, day and reason it has, and whichever file it names now.
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        (&self.scanner, &self.rule, self.salt, self.hash)
            == (&other.scanner, &other.rule, other.salt, other.hash)
    }

    /// Whether its last day is before `today`.
    #[must_use]
    pub fn is_over(&self, today: Date) -> bool {
        self.until.is_some_and(|until| until < today)
    }

    fn write(&self, out: &mut String) {
        let until = match (self.past, self.until) {
            (false, None) => "-".to_owned(),
            (false, Some(day)) => day.to_string(),
            (true, None) => PAST.to_owned(),
            (true, Some(day)) => format!("{PAST}:{day}"),
        };
        // Writing to a String cannot fail.
        let _ = writeln!(
            out,
            "{} {}/{}{} ${}${} {until} {}",
            escaped(self.path.as_bytes()),
            self.scanner,
            escaped(self.rule.as_bytes()),
            self.accepted
                .map_or_else(String::new, |most| format!("={most}")),
            hex(&self.salt),
            hex(&self.hash),
            self.reason
        );
    }
}

/// The number that was measured, where a scanner measures: a function's complexity.
pub(super) fn measured(finding: &Finding) -> Option<u64> {
    finding.data.get("metric")?;
    finding.data.get("value")?.as_u64()
}

/// A rule and the number behind `=`, for scanners that measure; rules of others may hold such a sign.
fn with_number<'a>(scanner: &str, rule: &'a str) -> (&'a str, Option<u64>) {
    let parts = rule.rsplit_once('=').filter(|_| scanner == "complexity");
    let number = parts.and_then(|(rule, number)| Some((rule, number.parse().ok()?)));
    number.map_or((rule, None), |(rule, number)| (rule, Some(number)))
}

/// The first 128 bits of SHA-256 over salt, scanner, rule and the found thing. Whoever can read the file can read the repository, where
/// the accepted thing stands: a slow hash would guard nothing and cost every run.
fn salted(salt: &[u8; 8], finding: &Finding) -> [u8; 16] {
    let mut hash = Sha256::new();
    for part in [
        b"hookd-ignore/1".as_slice(),
        salt,
        finding.scanner.as_bytes(),
        finding.rule.as_bytes(),
        &finding.identity,
    ] {
        hash.update((part.len() as u64).to_le_bytes());
        hash.update(part);
    }
    let mut short = [0; 16];
    short.copy_from_slice(&hash.finalize()[..16]);
    short
}

/// Reads the lines of `text`; lines that cannot be read are left out and named.
#[must_use]
pub fn parse(text: &[u8]) -> (Vec<Entry>, Vec<EntryError>) {
    let mut entries = Vec::new();
    let mut errors = Vec::new();
    for (at, line) in text.split(|&byte| byte == b'\n').enumerate() {
        let line = line.trim_ascii_end();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        match entry(line, at + 1) {
            Ok(entry) => entries.push(entry),
            Err((column, message)) => errors.push(EntryError {
                line: at + 1,
                column,
                message,
            }),
        }
    }
    (entries, errors)
}

/// The text of a file with `entries`, in order, that begins with the comments `before` began with.
#[must_use]
pub fn write(entries: &[Entry], before: &[u8]) -> String {
    let before = String::from_utf8_lossy(before);
    let comments: Vec<&str> = before
        .lines()
        .take_while(|line| line.starts_with('#'))
        .collect();
    let mut text = if comments.is_empty() {
        HEADER.to_owned()
    } else {
        comments.join("\n") + "\n"
    };
    let key = |entry: &Entry| {
        (
            entry.path.clone(),
            entry.scanner.clone(),
            entry.rule.clone(),
            entry.hash,
        )
    };
    let mut sorted: Vec<&Entry> = entries.iter().collect();
    sorted.sort_by_cached_key(|entry| key(entry));
    sorted.dedup_by_key(|entry| key(entry));
    for entry in sorted {
        entry.write(&mut text);
    }
    text
}

type Wrong = (usize, &'static str);

fn entry(line: &[u8], number: usize) -> Result<Entry, Wrong> {
    if [&b"<<<<<<<"[..], b"=======", b">>>>>>>", b"|||||||"]
        .iter()
        .any(|marker| line.starts_with(marker))
    {
        return Err((
            1,
            "this is a conflict of a merge: keep the lines of both sides",
        ));
    }
    let text = std::str::from_utf8(line).map_err(|_| (1, "this is not UTF-8"))?;
    let mut words = Words { text, at: 0 };
    let path = words.next("a path")?;
    let path = RepoPath::new(unescaped(path.1).ok_or((path.0, "`%` and two hexadecimal digits"))?);
    let (at, rule) = words.next("SCANNER/RULE")?;
    let (scanner, rule) = rule
        .split_once('/')
        .filter(|(scanner, rule)| !scanner.is_empty() && !rule.is_empty())
        .ok_or((at, "SCANNER/RULE is expected here"))?;
    let (rule, accepted) = with_number(scanner, rule);
    let rule = unescaped(rule).ok_or((at, "`%` and two hexadecimal digits"))?;
    let (at, key) = words.next("$SALT$HASH")?;
    let (salt, hash) = key
        .strip_prefix('$')
        .and_then(|key| key.split_once('$'))
        .and_then(|(salt, hash)| Some((bytes(salt)?, bytes(hash)?)))
        .ok_or((
            at,
            "`$`, 16 hexadecimal digits, `$` and 32 more are expected here",
        ))?;
    let (at, until) = words.next("a day or `-`")?;
    let (past, until) = day(until).ok_or((
        at,
        "a day as 2027-01-31, `-`, or one of them after `history:`, is expected here",
    ))?;
    let (_, reason) = words.rest("a reason")?;
    Ok(Entry {
        path,
        scanner: scanner.to_owned(),
        rule: String::from_utf8_lossy(&rule).into_owned(),
        until,
        past,
        reason: reason.to_owned(),
        accepted,
        line: number,
        salt,
        hash,
    })
}

/// Whether an entry is about history alone, and its last day. `None` if the word says neither.
fn day(word: &str) -> Option<(bool, Option<Date>)> {
    let (past, day) = match word.strip_prefix(PAST) {
        None => (false, word),
        Some("") => (true, "-"),
        Some(rest) => (true, rest.strip_prefix(':')?),
    };
    if day == "-" {
        return Some((past, None));
    }
    Some((past, Some(day.parse().ok()?)))
}

/// The words of a line, each with its column.
struct Words<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Words<'a> {
    fn column(&self, at: usize) -> usize {
        self.text[..at].chars().count() + 1
    }

    fn skip(&mut self) {
        let rest = &self.text[self.at..];
        self.at += rest.len() - rest.trim_start_matches([' ', '\t']).len();
    }

    fn next(&mut self, what: &'static str) -> Result<(usize, &'a str), Wrong> {
        let (column, rest) = self.rest(what)?;
        let word = rest.split([' ', '\t']).next().unwrap_or(rest);
        self.at += word.len();
        Ok((column, word))
    }

    fn rest(&mut self, what: &'static str) -> Result<(usize, &'a str), Wrong> {
        self.skip();
        let column = self.column(self.at);
        match &self.text[self.at..] {
            "" => Err((column, missing(what))),
            rest => Ok((column, rest)),
        }
    }
}

fn missing(what: &str) -> &'static str {
    match what {
        "a reason" => "the reason is missing",
        "a day or `-`" => "the day until which it counts, or `-`, is missing",
        "$SALT$HASH" => "the salt and the hash are missing",
        _ => "SCANNER/RULE is missing",
    }
}

/// As one word: blanks, control characters, `%` and what is not UTF-8 become `%` and two digits, and so does a `#` in front.
fn escaped(raw: &[u8]) -> String {
    let is_text = std::str::from_utf8(raw).is_ok();
    let mut out = Vec::with_capacity(raw.len());
    for (at, &byte) in raw.iter().enumerate() {
        let plain = byte.is_ascii_graphic() || (is_text && byte >= 0x80);
        if plain && byte != b'%' && !(at == 0 && byte == b'#') {
            out.push(byte);
        } else {
            out.extend_from_slice(format!("%{byte:02X}").as_bytes());
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

fn unescaped(word: &str) -> Option<Vec<u8>> {
    let mut out = Vec::with_capacity(word.len());
    let mut rest = word.as_bytes();
    while let Some((&byte, after)) = rest.split_first() {
        if byte == b'%' {
            let [value] = bytes(std::str::from_utf8(after.get(..2)?).ok()?)?;
            out.push(value);
            rest = &after[2..];
        } else {
            out.push(byte);
            rest = after;
        }
    }
    Some(out)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

/// Exactly `N` bytes in hexadecimal.
pub(super) fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    let digits = text.as_bytes();
    if digits.len() != 2 * N || !digits.iter().all(u8::is_ascii_hexdigit) {
        return None;
    }
    for (byte, pair) in out.iter_mut().zip(digits.chunks(2)) {
        *byte = u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok()?;
    }
    Some(out)
}

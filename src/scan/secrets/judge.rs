//! Decides whether what a rule matched counts.

use super::assignment::{self, Assigned};
use super::names::{holds_any, is_password_name, names_other, names_sample};
use super::{checks, manifest, plausible};
use crate::rules::{Check, Class, Match, Matcher, Rule, RuleSet, decode_base64, entropy};
use crate::scan::SourceFile;
use crate::text::is_binary;
use serde_json::{Map, Value};
use std::cell::OnceCell;
use std::ops::Range;

/// A secret, as far as one rule can tell.
#[derive(Debug, Clone)]
pub(super) struct Candidate {
    /// The rule.
    pub(super) rule: &'static Rule,
    /// Place of the rule in the set: decides between equals.
    pub(super) order: usize,
    /// The secret.
    pub(super) secret: Range<usize>,
    /// All that was looked at to find it.
    pub(super) whole: Range<usize>,
    /// Facts about it.
    pub(super) data: Map<String, Value>,
}

/// Judges the matches in one file.
pub(super) struct Judge<'a> {
    set: &'a RuleSet,
    file: &'a SourceFile<'a>,
    binary: OnceCell<bool>,
    kind: OnceCell<FileKind>,
}

/// Keys of a Kubernetes Secret whose values are no secrets.
const PUBLIC_KEYS: &[&str] = &[
    "user", "host", "port", "url:", "name", "email", "_id", ".crt",
];

/// What the name of a file says about how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FileKind {
    /// Settings: values need no quotes.
    Settings,
    /// Code or text.
    Other,
    /// Written by a program: hashes and bundled code.
    Generated,
}

impl<'a> Judge<'a> {
    /// For the matches of `set` in `file`.
    pub(super) fn new(set: &'a RuleSet, file: &'a SourceFile<'a>) -> Self {
        Self {
            set,
            file,
            binary: OnceCell::new(),
            kind: OnceCell::new(),
        }
    }

    /// Adds what of `place` is a secret to `out`.
    pub(super) fn judge(&self, place: &Match, out: &mut Vec<Candidate>) {
        let rule = self.set.rule(place.rule);
        if !self.applies(place, rule) {
            return;
        }
        match rule.matcher {
            Matcher::Pattern => {
                if self.counts(place, rule) {
                    out.push(self.candidate(place.rule, place.secret.clone(), &place.whole));
                }
            }
            Matcher::Assignment => {
                if let Some(value) = self.assigned(place.secret.start, rule) {
                    out.push(self.candidate(place.rule, value, &place.whole));
                }
            }
            Matcher::Manifest => {
                for entry in manifest::values(self.file.bytes(), place.secret.start) {
                    if self.manifest_value(&entry) {
                        out.push(self.candidate(place.rule, entry.value, &place.whole));
                    }
                }
            }
        }
    }

    fn candidate(&self, order: usize, secret: Range<usize>, whole: &Range<usize>) -> Candidate {
        let rule = self.set.rule(order);
        let mut data = Map::new();
        if rule.check == Check::Checksum
            && let Some(valid) = checks::checksum(&self.file.bytes()[secret.clone()])
        {
            let word = if valid { "valid" } else { "invalid" };
            data.insert("checksum".to_owned(), Value::from(word));
        }
        Candidate {
            rule,
            order,
            whole: secret.start.min(whole.start)..secret.end.max(whole.end),
            secret,
            data,
        }
    }

    /// Whether the rule looks into this kind of file at all.
    fn applies(&self, place: &Match, rule: &Rule) -> bool {
        if !self.set.reads(place.rule, self.file.meta().path.as_bytes()) {
            return false;
        }
        rule.class == Class::Token
            || (!self.is_binary()
                && self.kind() != FileKind::Generated
                && !(rule.class <= Class::Assignment && self.is_minified(place.whole.start)))
    }

    fn is_binary(&self) -> bool {
        *self.binary.get_or_init(|| is_binary(self.file.bytes()))
    }

    fn kind(&self) -> FileKind {
        *self.kind.get_or_init(|| file_kind(self.file))
    }

    /// Whether the line around `at` is longer than people write.
    fn is_minified(&self, at: usize) -> bool {
        let bytes = self.file.bytes();
        let before = &bytes[at.saturating_sub(700)..at];
        let after = &bytes[at..bytes.len().min(at + 700)];
        let extension = self.file.meta().path.extension();
        matches!(
            extension.as_str(),
            "js" | "mjs" | "cjs" | "css" | "html" | "svg" | "map"
        ) && memchr::memchr(b'\n', before).is_none()
            && memchr::memchr(b'\n', after).is_none()
            && before.len() + after.len() >= 1000
    }

    /// Whether the match of a pattern is a secret.
    fn counts(&self, place: &Match, rule: &Rule) -> bool {
        let secret = &self.file.bytes()[place.secret.clone()];
        entropy(secret) >= rule.entropy
            && !holds_any(secret, rule.stop)
            && !self.set.allows(place.rule, secret)
            && self.passes(place, rule, secret)
    }

    /// The test by code that the rule asks for.
    fn passes(&self, place: &Match, rule: &Rule, secret: &[u8]) -> bool {
        match rule.check {
            Check::PrivateKey => self.is_key(place, secret),
            Check::PasswordHash => self.is_hash(place, secret),
            Check::Jwt => checks::is_jwt(secret),
            Check::Basic => checks::is_basic(secret) || is_bearer(secret),
            Check::RegistryAuth => checks::is_registry_auth(secret),
            Check::Random => {
                plausible::is_random(secret) && !plausible::is_placeholder(body(rule, secret))
            }
            Check::Password => plausible::is_password(secret) && !self.is_local(place),
            Check::None | Check::Checksum => !plausible::is_placeholder(body(rule, secret)),
        }
    }

    /// A private key that neither its variable nor its file calls a stand-in.
    fn is_key(&self, place: &Match, secret: &[u8]) -> bool {
        const STAND_INS: &[&str] = &["dummy", "fake", "example", "stub", "sample", "mock"];
        checks::is_private_key(secret)
            && !names_sample(name_before(self.file.bytes(), place.whole.start))
            && !holds_any(self.file.meta().path.file_name(), STAND_INS)
    }

    /// A password hash that is no test vector and stands in no explanation.
    fn is_hash(&self, place: &Match, secret: &[u8]) -> bool {
        let before = name_before(self.file.bytes(), place.whole.start);
        let extension = self.file.meta().path.extension();
        !plausible::is_placeholder(secret)
            && !names_sample(before)
            && !holds_any(before, &["assert", "verify", "expect"])
            && !["md", "html", "adoc", "rst"].contains(&extension.as_str())
    }

    /// Whether a web address with a password leads to this machine or to a documentation host (RFC 2606). Databases are
    /// not meant: their local password is often the one of the server too.
    fn is_local(&self, place: &Match) -> bool {
        const HOSTS: &[&str] = &[
            "@localhost",
            "@127.",
            "@[::1]",
            "@host",
            "@proxy",
            "@server",
            "example",
        ];
        let bytes = self.file.bytes();
        let rest = &bytes[place.secret.end..bytes.len().min(place.secret.end + 60)];
        let host = rest.split(|byte| b"/\"' \n".contains(byte)).next();
        bytes[place.whole.start..].starts_with(b"http")
            && holds_any(host.unwrap_or_default(), HOSTS)
    }

    /// The value that is assigned around `at`, if it is a secret.
    fn assigned(&self, at: usize, rule: &Rule) -> Option<Range<usize>> {
        let bytes = self.file.bytes();
        let loose = self.kind() == FileKind::Settings || is_line_start(bytes, at);
        let found = assignment::around(bytes, at, loose)?;
        let text = &bytes[found.value.clone()];
        let name = &bytes[found.name.clone()];
        // Outside of settings only NAME=value of a shell stands without quotes; the rest is code.
        let code = self.kind() == FileKind::Other
            && !found.quoted
            && name.iter().any(u8::is_ascii_lowercase);
        let secret = text.len() >= 6
            && !code
            && !names_other(name)
            && !plausible::is_placeholder(text)
            && !hides_placeholder(text);
        (secret && suits(rule, &found, name, text)).then_some(found.value)
    }

    fn manifest_value(&self, entry: &manifest::Entry) -> bool {
        let bytes = self.file.bytes();
        let text = &bytes[entry.value.clone()];
        let public = holds_any(&bytes[entry.key.clone()], PUBLIC_KEYS);
        if public || text.len() < 8 || plausible::is_reference(text) || text.contains(&b'{') {
            return false;
        }
        if entry.encoded {
            return decode_base64(text).is_some_and(|value| {
                let value = value.trim_ascii();
                value.len() >= 8 && !plausible::is_placeholder(value)
            });
        }
        let last = text
            .rsplit(|byte| b"=:".contains(byte))
            .next()
            .unwrap_or(text);
        let random =
            |text: &[u8]| plausible::is_random(text) || plausible::is_strong_password(text);
        !plausible::is_placeholder(text) && (random(text) || random(last))
    }
}

/// What follows `Bearer`.
fn is_bearer(secret: &[u8]) -> bool {
    secret.len() >= 20 && plausible::is_random(secret) && !plausible::is_placeholder(secret)
}

/// Whether base64 hides a placeholder.
fn hides_placeholder(text: &[u8]) -> bool {
    decode_base64(text).is_some_and(|inner| plausible::is_placeholder(&inner))
}

/// Whether an assigned value looks as the rule wants it.
fn suits(rule: &Rule, found: &Assigned, name: &[u8], text: &[u8]) -> bool {
    match rule.check {
        Check::Random => {
            let least = if plausible::is_hex(text) {
                3.0
            } else {
                rule.entropy
            };
            !found.bare
                && text.len() >= 20
                && plausible::is_random(text)
                && !plausible::is_uuid(text)
                && entropy(text) >= least
        }
        Check::Password => {
            found.quoted && is_password_name(name) && plausible::is_strong_password(text)
        }
        _ => found.quoted && !found.bare && text.iter().all(u8::is_ascii_graphic),
    }
}

/// A token without the prefix that all of its kind share: `AGE-SECRET-KEY-1` is no placeholder.
fn body<'s>(rule: &Rule, secret: &'s [u8]) -> &'s [u8] {
    let starts = |word: &&&str| {
        secret
            .get(..word.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
    };
    let prefix = rule
        .keywords
        .iter()
        .find(starts)
        .map_or(0, |word| word.len());
    &secret[prefix..]
}

/// Whether only the name, with `export` or a comment sign, comes before `at` on its line: the look of a shell or environment file.
fn is_line_start(bytes: &[u8], at: usize) -> bool {
    let from = at.saturating_sub(80);
    let line = bytes[from..at]
        .rsplit(|&byte| byte == b'\n')
        .next()
        .unwrap_or_default();
    let line = line.strip_prefix(b"export ").unwrap_or(line);
    line.iter()
        .all(|&byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
        && bytes.get(at).is_some_and(u8::is_ascii_uppercase)
}

fn file_kind(file: &SourceFile<'_>) -> FileKind {
    let path = &file.meta().path;
    let name = path.file_name().to_ascii_lowercase();
    let generated = [
        &b"package-lock.json"[..],
        b"npm-shrinkwrap.json",
        b"pnpm-lock.yaml",
        b"go.sum",
        b"gopkg.lock",
        b"packages.lock.json",
        b"project.assets.json",
    ];
    let whole = path.to_text();
    if generated.contains(&name.as_slice())
        || name.ends_with(b".lock")
        || name.ends_with(b".min.js")
        || name.ends_with(b".min.css")
        || name.ends_with(b".map")
        || whole.contains(".yarn/releases/")
    {
        return FileKind::Generated;
    }
    let settings = [
        "env",
        "yml",
        "yaml",
        "properties",
        "ini",
        "conf",
        "cfg",
        "cnf",
        "toml",
        "tfvars",
        "config",
        "sh",
        "bash",
        "zsh",
        "envrc",
    ];
    if settings.contains(&path.extension().as_str()) || name.starts_with(b".env") {
        FileKind::Settings
    } else {
        FileKind::Other
    }
}

/// The name of a variable before a value that starts at `at`, on the same line.
fn name_before(bytes: &[u8], at: usize) -> &[u8] {
    let line = bytes[at.saturating_sub(60)..at]
        .rsplit(|&byte| byte == b'\n')
        .next();
    line.unwrap_or_default()
}

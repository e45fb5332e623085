//! Decides whether what a rule matched counts.

use super::assignment::{self, Assigned};
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
                    out.push(self.candidate(place.rule, place.secret.clone()));
                }
            }
            Matcher::Assignment => {
                if let Some(value) = self.assigned(place.secret.start, rule) {
                    out.push(self.candidate(place.rule, value));
                }
            }
            Matcher::Manifest => {
                for entry in manifest::values(self.file.bytes(), place.secret.start) {
                    if self.manifest_value(&entry) {
                        out.push(self.candidate(place.rule, entry.value));
                    }
                }
            }
        }
    }

    fn candidate(&self, order: usize, secret: Range<usize>) -> Candidate {
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
        let bytes = self.file.bytes();
        let secret = &bytes[place.secret.clone()];
        let stopped = |word: &&str| {
            memchr::memmem::find(&secret.to_ascii_lowercase(), word.as_bytes()).is_some()
        };
        if entropy(secret) < rule.entropy
            || rule.stop.iter().any(|word| stopped(word))
            || self.set.allows(place.rule, secret)
        {
            return false;
        }
        match rule.check {
            Check::PrivateKey => {
                checks::is_private_key(secret)
                    && !names_sample(name_before(bytes, place.whole.start))
                    && !holds_any(
                        self.file.meta().path.file_name(),
                        &["dummy", "fake", "example", "stub", "sample", "mock"],
                    )
            }
            Check::PasswordHash => {
                let before = name_before(bytes, place.whole.start);
                !plausible::is_placeholder(secret)
                    && !names_sample(before)
                    && !holds_any(before, &["assert", "verify", "expect"])
                    && !matches!(
                        self.file.meta().path.extension().as_str(),
                        "md" | "html" | "adoc" | "rst"
                    )
            }
            Check::Jwt => checks::is_jwt(secret),
            Check::Basic => {
                checks::is_basic(secret)
                    || (secret.len() >= 20
                        && plausible::is_random(secret)
                        && !plausible::is_placeholder(secret))
            }
            Check::RegistryAuth => checks::is_registry_auth(secret),
            Check::Random => {
                plausible::is_random(secret) && !plausible::is_placeholder(body(rule, secret))
            }
            Check::Password => plausible::is_password(secret),
            Check::None | Check::Checksum => !plausible::is_placeholder(body(rule, secret)),
        }
    }

    /// The value that is assigned around `at`, if it is a secret.
    fn assigned(&self, at: usize, rule: &Rule) -> Option<Range<usize>> {
        let bytes = self.file.bytes();
        let loose = self.kind() == FileKind::Settings || is_line_start(bytes, at);
        let Assigned {
            name,
            value,
            quoted,
            bare,
        } = assignment::around(bytes, at, loose)?;
        let text = &bytes[value.clone()];
        let name = &bytes[name];
        let decoded = decode_base64(text).is_some_and(|inner| plausible::is_placeholder(&inner));
        if text.len() < 6 || names_other(name) || plausible::is_placeholder(text) || decoded {
            return None;
        }
        let counts = match rule.check {
            Check::Random => {
                !bare
                    && text.len() >= 20
                    && plausible::is_random(text)
                    && !plausible::is_uuid(text)
                    && entropy(text)
                        >= if plausible::is_hex(text) {
                            3.0
                        } else {
                            rule.entropy
                        }
            }
            Check::Password => {
                quoted && is_password_name(name) && plausible::is_strong_password(text)
            }
            _ => {
                quoted
                    && !bare
                    && plausible::Shape::of(text).letters > 0
                    && text.iter().all(u8::is_ascii_graphic)
            }
        };
        counts.then_some(value)
    }

    fn manifest_value(&self, entry: &manifest::Entry) -> bool {
        let bytes = self.file.bytes();
        let text = &bytes[entry.value.clone()];
        let key = bytes[entry.key.clone()].to_ascii_lowercase();
        let public = [
            &b"user"[..],
            b"host",
            b"port",
            b"url:",
            b"name",
            b"email",
            b"_id",
            b".crt",
            b"ca.crt",
        ]
        .iter()
        .any(|word| memchr::memmem::find(&key, word).is_some());
        if public || text.len() < 8 || plausible::is_reference(text) || text.contains(&b'{') {
            return false;
        }
        if entry.encoded {
            return decode_base64(text).is_some_and(|value| {
                value.trim_ascii().len() >= 8 && !plausible::is_placeholder(value.trim_ascii())
            });
        }
        let random = plausible::is_random(text) || plausible::is_strong_password(text);
        let last = text
            .split(|&byte| byte == b'=' || byte == b':')
            .next_back()
            .unwrap_or(text);
        !plausible::is_placeholder(text)
            && (random || (last.len() >= 16 && plausible::is_random(last)))
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

fn holds_any(text: &[u8], words: &[&str]) -> bool {
    let lower = text.to_ascii_lowercase();
    words
        .iter()
        .any(|word| memchr::memmem::find(&lower, word.as_bytes()).is_some())
}

/// Whether a name says that the value is made up.
fn names_sample(name: &[u8]) -> bool {
    holds_any(
        name,
        &[
            "mock",
            "fake",
            "example",
            "dummy",
            "sample",
            "test",
            "placeholder",
            "invalid",
        ],
    )
}

/// Whether a name that sounds secret means something else.
fn names_other(name: &[u8]) -> bool {
    const WITHIN: &[&str] = &[
        "public",
        "pubkey",
        "hash",
        "checksum",
        "digest",
        "integrity",
        "tokenizer",
        "tokeniz",
        "keyword",
        "csrf",
        "xsrf",
        "nonce",
        "publishable",
        "anon_key",
        "etag",
        "sha256",
        "sha1",
        "sha512",
        "md5",
        "thumbprint",
        "fingerprint",
    ];
    const ENDS: &[&str] = &[
        "name",
        "id",
        "ids",
        "path",
        "file",
        "url",
        "uri",
        "arn",
        "ref",
        "type",
        "field",
        "label",
        "regex",
        "pattern",
        "format",
        "size",
        "length",
        "prompt",
        "message",
        "error",
        "policy",
        "template",
        "header",
        "version",
        "endpoint",
        "hint",
        "text",
        "title",
        "param",
        "parameter",
        "dir",
        "host",
        "class",
        "selector",
        "input",
        "column",
        "provider",
        "store",
        "manager",
        "count",
        "index",
        "kind",
    ];
    let lower = name.to_ascii_lowercase();
    names_sample(name)
        || holds_any(name, WITHIN)
        || ENDS.iter().any(|word| lower.ends_with(word.as_bytes()))
}

/// Whether a name means a password rather than a key.
fn is_password_name(name: &[u8]) -> bool {
    holds_any(
        name,
        &[
            "passw",
            "pwd",
            "passphrase",
            "secret",
            "accesskey",
            "sessiontoken",
        ],
    ) || name.to_ascii_lowercase().ends_with(b"pass")
}

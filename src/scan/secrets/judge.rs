//! Decides whether what a rule matched counts.

use super::dropped::{Dropped, Filter, unless};
use super::file_kind::{FileKind, file_kind};
use super::named::{self, wanted};
use super::names::{holds_any, names_sample, names_secret};
use super::{assignment, checks, labels, manifest, plausible, words};
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

    /// Adds what of `place` is a secret to `out`, and what the rule of its issuer lets fall to `refused`.
    pub(super) fn judge(
        &self,
        place: &Match,
        out: &mut Vec<Candidate>,
        refused: &mut Vec<Range<usize>>,
    ) {
        let told = self.tell(place, out);
        let rule = self.set.rule(place.rule);
        // A rule that asks for more entropy than hexadecimal has says nothing about keys that are hexadecimal.
        let counts = |why: Dropped| match why {
            Dropped::Entropy(_) => rule.entropy <= 3.5,
            Dropped::By(filter, _) => filter != Filter::Place,
        };
        if rule.class >= Class::Assignment && told.is_err_and(counts) {
            refused.push(place.secret.clone());
        }
    }

    /// Adds what of `place` is a secret to `out`.
    ///
    /// # Errors
    /// Why nothing of it is.
    pub(super) fn tell(&self, place: &Match, out: &mut Vec<Candidate>) -> Result<(), Dropped> {
        let rule = self.set.rule(place.rule);
        self.applies(place, rule)?;
        match rule.matcher {
            Matcher::Pattern => {
                self.counts(place, rule)?;
                out.push(self.candidate(place.rule, place.secret.clone(), &place.whole));
            }
            Matcher::Assignment => {
                let value = self.assigned(place.secret.start, rule)?;
                out.push(self.candidate(place.rule, value, &place.whole));
            }
            Matcher::Manifest => {
                let before = out.len();
                for entry in manifest::values(self.file.bytes(), place.secret.start) {
                    if self.manifest_value(&entry) {
                        out.push(self.candidate(place.rule, entry.value, &place.whole));
                    }
                }
                let why = "no value of the manifest looks like a secret";
                unless(Dropped::implausible(why), out.len() > before)?;
            }
        }
        Ok(())
    }

    fn candidate(&self, order: usize, secret: Range<usize>, whole: &Range<usize>) -> Candidate {
        let rule = self.set.rule(order);
        let data = labels::of(rule, &self.file.bytes()[secret.clone()]);
        Candidate {
            rule,
            order,
            whole: secret.start.min(whole.start)..secret.end.max(whole.end),
            secret,
            data,
        }
    }

    /// Whether the rule looks into this kind of file at all.
    fn applies(&self, place: &Match, rule: &Rule) -> Result<(), Dropped> {
        let not_here = |why| Dropped::By(Filter::Place, why);
        let path = self.file.meta().path.as_bytes();
        unless(
            not_here("the rule does not look into files of this name"),
            self.set.reads(place.rule, path),
        )?;
        if rule.class == Class::Token {
            return Ok(());
        }
        unless(
            not_here("the file is binary: only tokens are looked for"),
            !self.is_binary(),
        )?;
        unless(
            not_here("the file was written by a program: only tokens are looked for"),
            self.kind() != FileKind::Generated,
        )?;
        unless(
            not_here("the line is longer than people write: only tokens are looked for"),
            rule.class > Class::Assignment || !self.is_minified(place.whole.start),
        )
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
    fn counts(&self, place: &Match, rule: &Rule) -> Result<(), Dropped> {
        let secret = &self.file.bytes()[place.secret.clone()];
        let has = entropy(secret);
        unless(Dropped::Entropy(has), has >= rule.entropy)?;
        unless(
            Dropped::By(Filter::StopWords, "it holds a stop word of the rule"),
            !rule.stop.iter().any(|word| holds_any(secret, &[word])),
        )?;
        unless(
            Dropped::By(Filter::Allow, "an allow pattern of the rule matches it"),
            !self.set.allows(place.rule, secret),
        )?;
        unless(
            Dropped::implausible(wanted(rule.check)),
            self.passes(place, rule, secret),
        )
    }

    /// The test by code that the rule asks for.
    // hookd:allow cyclomatic-complexity a table: one line a check
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
            Check::Issuer => self.is_issued(place, rule, secret),
            Check::Password => plausible::is_password(secret) && !self.is_local(place),
            Check::None | Check::Checksum | Check::Weak | Check::Drawn => {
                let body = body(rule, secret);
                !plausible::is_placeholder(body) && !words::is_prose(body)
            }
        }
    }

    /// A value of the issuer's form that was drawn at random, or whose name, or whose own form, says that it is secret, and that
    /// is not made of words. What may be a digest as well must be named.
    fn is_issued(&self, place: &Match, rule: &Rule, secret: &[u8]) -> bool {
        let named = self.is_named(place, rule);
        let random = plausible::is_random(secret) && (named || !plausible::is_digest(secret));
        (random || (named && plausible::is_unworded(secret))) && !plausible::is_placeholder(secret)
    }

    /// Whether the name before a value, or the value's own form, says that it is secret.
    fn is_named(&self, place: &Match, rule: &Rule) -> bool {
        let bytes = self.file.bytes();
        let before = name_before(bytes, place.whole.start);
        let name = &bytes[place.whole.start..place.secret.start];
        rule.class == Class::Token || names_secret(name) || names_secret(last_word(before))
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

    /// Whether a web address with a password leads to this machine or to a documentation host (RFC 2606), or is an address of
    /// mail after all. Databases are not meant: their local password is often the one of the server too.
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
        let start = &bytes[place.whole.start..place.secret.start];
        start.starts_with(b"http")
            && (holds_any(host.unwrap_or_default(), HOSTS) || start.ends_with(b"//mailto:"))
    }

    /// The value that is assigned around `at`, if it is a secret.
    fn assigned(&self, at: usize, rule: &Rule) -> Result<Range<usize>, Dropped> {
        let bytes = self.file.bytes();
        let loose = self.kind() != FileKind::Code || is_line_start(bytes, at);
        let no_value = Dropped::implausible("no value is assigned to this name here");
        let found = assignment::around(bytes, at, loose).ok_or(no_value)?;
        let why = named::unfit(rule, &found, bytes, self.kind());
        why.map_or(Ok(found.value), |why| Err(Dropped::implausible(why)))
    }

    fn manifest_value(&self, entry: &manifest::Entry) -> bool {
        let bytes = self.file.bytes();
        let text = &bytes[entry.value.clone()];
        let public = holds_any(&bytes[entry.key.clone()], PUBLIC_KEYS);
        if public || text.len() < 8 || plausible::is_reference(text) || text.contains(&b'{') {
            return false;
        }
        if entry.encoded {
            return encodes_secret(text, !entry.key.is_empty());
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

/// Whether a value of a manifest, or a line of one that has several, is base64 of what may be a secret.
fn encodes_secret(text: &[u8], is_whole: bool) -> bool {
    // A value of one line is padded, or no cluster takes it.
    if is_whole && !text.len().is_multiple_of(4) {
        return false;
    }
    decode_base64(text).is_some_and(|value| {
        let value = value.trim_ascii();
        value.len() >= 8 && !plausible::is_placeholder(value)
    })
}

/// What follows `Bearer`.
fn is_bearer(secret: &[u8]) -> bool {
    secret.len() >= 20 && plausible::is_random(secret) && !plausible::is_placeholder(secret)
}

/// A token without the prefix that all of its kind share: `AGE-SECRET-KEY-1` is no placeholder.
fn body<'s>(rule: &Rule, secret: &'s [u8]) -> &'s [u8] {
    let starts = |word: &&str| {
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

/// The name of a variable before a value that starts at `at`, on the same line.
fn name_before(bytes: &[u8], at: usize) -> &[u8] {
    let line = bytes[at.saturating_sub(60)..at]
        .rsplit(|&byte| byte == b'\n')
        .next();
    line.unwrap_or_default()
}

/// The part of a name that ends `text`.
fn last_word(text: &[u8]) -> &[u8] {
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.-".contains(byte);
    let start = text.iter().rposition(|byte| !is_name(byte));
    &text[start.map_or(0, |at| at + 1)..]
}

#[cfg(test)]
mod tests {
    use super::super::tests::{all_rules, scan};
    use crate::rules::{Class, builtin, sample};

    #[test]
    fn digests_and_keys_count_for_an_issuer_only_where_it_is_named() {
        let scanner = all_rules();
        let names = [
            "",
            "sha256 = ",
            "commit: ",
            "key = ",
            "secret = ",
            "app_secret = ",
            "application_key: ",
            "consumer_key = ",
            "client_id = ",
            "api_key: ",
            "access_token = ",
            "id: ",
            "checksum ",
        ];
        let values = [
            "{hex:16}",
            "{hex:24}",
            "{hex:32}",
            "{hex:40}",
            "{hex:48}",
            "{hex:64}",
            "{base62:16}",
            "{alnum:32}",
            "{base62:32}",
            "{base62:40}",
            "{base62:64}",
            "{base62:11}AAAAAAAAAA{base62:43}",
        ];
        let mut wrong = Vec::new();
        for name in names {
            for value in values {
                let text = format!("{name}\"{}\"", sample(value, 3));
                let found = scan(&scanner, "notes.txt", text.as_bytes());
                let issued = |id: &str| {
                    builtin()
                        .iter()
                        .any(|rule| rule.id == id && rule.class != Class::Generic)
                };
                let ids = found
                    .into_iter()
                    .map(|finding| finding.rule)
                    .filter(|id| issued(id));
                wrong.extend(ids.map(|id| format!("{id}: {name}{value}")));
            }
        }
        // Beside its issuer's name a digest is a key only if something calls it one.
        for (text, is_key) in [
            ("\"bitbucket.org/a/b\": \"{hex:64}\"", false),
            ("sourcegraph: {hex:40}", false),
            ("together_sha256 = \"{hex:64}\"", false),
            ("sourcegraph_token: {hex:40}", true),
        ] {
            let found = scan(&scanner, "app.yaml", sample(text, 5).as_bytes());
            if found.is_empty() == is_key {
                wrong.push(format!("{text}: {found:?}"));
            }
        }
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
}

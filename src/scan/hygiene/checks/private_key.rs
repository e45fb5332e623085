//! Private keys, by the lines that begin them.

use super::super::check::{Check, CheckSpec};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;
use aho_corasick::AhoCorasick;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "detect-private-key",
    aliases: &[],
    title: "the first line of a private key",
    description: "Finds the words that a private key begins with. The secret scanner reports private keys by itself, and \
                  only whole ones; this check is for those who want the original's verdict.",
    fix: "Take the key out of the commit and make a new one; if it is no key, reword the line.",
    severity: Severity::Critical,
    types: Types::Text,
    names: None,
    options: &[],
    build: |_| {
        // Put together here, so that no scanner takes this list for keys.
        let mut words: Vec<String> = KINDS
            .iter()
            .map(|(kind, tail)| format!("BEGIN {kind}PRIVATE KEY{tail}"))
            .collect();
        words.push(format!("PuTTY-User-Key-File-{}", 2));
        words.push(format!("BEGIN OpenVPN {} key V1", "Static"));
        let words = AhoCorasick::new(words).map_err(|error| error.to_string())?;
        Ok(Box::new(PrivateKey { words }))
    },
};

/// What stands before and behind `PRIVATE KEY`.
const KINDS: &[(&str, &str)] = &[
    ("RSA ", ""),
    ("DSA ", ""),
    ("EC ", ""),
    ("OPENSSH ", ""),
    ("", ""),
    ("SSH2 ENCRYPTED ", ""),
    ("PGP ", " BLOCK"),
    ("ENCRYPTED ", ""),
];

struct PrivateKey {
    words: AhoCorasick,
}

impl Check for PrivateKey {
    fn words(&self) -> &'static [&'static str] {
        &["PRIVATE KEY", "PuTTY-User-Key-File", "OpenVPN Static"]
    }

    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        if !subject.has_words() {
            return;
        }
        for found in self.words.find_iter(subject.bytes) {
            out.secret(found.range(), "a private key begins here");
        }
    }
}

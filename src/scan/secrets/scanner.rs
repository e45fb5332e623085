//! Runs the rules over a file and turns what they find into findings.

use super::judge::{Candidate, Judge};
use super::{ID, fix, overlap, redact};
use crate::model::{Excerpt, FileMeta, Finding, Novelty, Severity, Sink};
use crate::rules::{Check, Rule, RuleSet};
use crate::scan::{Scanner, SourceFile};
use std::borrow::Cow;

/// The secret scanner with its rules.
pub(super) struct SecretScanner {
    set: RuleSet,
}

impl SecretScanner {
    /// A scanner with these rules.
    pub(super) fn new(rules: Vec<&'static Rule>) -> Self {
        Self {
            set: RuleSet::new(rules),
        }
    }

    fn candidates(&self, file: &SourceFile<'_>) -> Vec<Candidate> {
        let judge = Judge::new(&self.set, file);
        let mut found = Vec::new();
        self.set
            .each(file.bytes(), |place| judge.judge(&place, &mut found));
        found.retain(|candidate| whole(file, candidate));
        overlap::resolve(found)
    }
}

/// Whether a candidate lies wholly in the bytes at hand: one at an edge of a window is left to the next window, which overlaps.
fn whole(file: &SourceFile<'_>, candidate: &Candidate) -> bool {
    let len = file.bytes().len();
    let touches_start = candidate.whole.start == 0;
    let touches_end = candidate.whole.end == len;
    if !touches_start && !touches_end {
        return true;
    }
    let origin = file.position(0).byte;
    let cut_before = touches_start && origin > 0;
    let cut_after = touches_end && origin + (len as u64) < file.meta().size;
    !cut_before && !cut_after
}

impl Scanner for SecretScanner {
    fn wants(&self, file: &FileMeta) -> bool {
        file.size > 0
    }

    fn scan_file(&self, file: &SourceFile<'_>, out: &mut Sink) {
        for candidate in self.candidates(file) {
            out.finding(finding(file, candidate));
        }
    }

    fn takes_windows(&self) -> bool {
        true
    }
}

fn finding(file: &SourceFile<'_>, candidate: Candidate) -> Finding {
    let rule = candidate.rule;
    let secret = &file.bytes()[candidate.secret.clone()];
    let path = file.meta().path.to_text();
    let help = format!(
        "{} Then take it out of the commit: `git restore --staged {path}`, edit, `git add {path}`. \
         If it is no secret, say so on the line: `hookd:allow {} reason`.",
        fix(rule),
        rule.id
    );
    Finding {
        scanner: ID,
        rule: Cow::Borrowed(rule.id),
        severity: severity(rule, secret),
        blocking: true,
        novelty: Novelty::ByLines,
        path: file.meta().path.clone(),
        span: file.span(candidate.secret.clone()),
        message: rule.title.to_owned(),
        help,
        excerpt: Excerpt::whole(redact::redact(rule, secret)),
        identity: secret.to_vec(),
        data: candidate.data,
    }
}

/// A key that a passphrase protects is less urgent; in the older PEM form only a header in the armour says so (RFC 1421, section 4.6.1.1).
fn severity(rule: &Rule, secret: &[u8]) -> Severity {
    let head = &secret[..secret.len().min(200)];
    if rule.check == Check::PrivateKey && memchr::memmem::find(head, b"4,ENCRYPTED").is_some() {
        Severity::Medium.min(rule.severity)
    } else {
        rule.severity
    }
}

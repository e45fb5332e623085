//! Runs the rules over a file and turns what they find into findings.

use super::decoded::Search;
use super::judge::{Candidate, Judge};
use super::{ID, fix, foreign, labels, overlap, redact};
use crate::model::{Accepted, Content, Excerpt, FileMeta, Finding, Novelty, Severity, Sink};
use crate::rules::{GitleaksConfig, Rule, RuleSet};
use crate::scan::{Scanner, SourceFile};
use crate::text::is_binary;
use std::borrow::Cow;

/// The secret scanner with its rules.
pub(super) struct SecretScanner {
    set: RuleSet,
    configs: Vec<GitleaksConfig>,
    is_past: bool,
}

impl SecretScanner {
    /// A scanner with these built-in rules and these configurations.
    pub(super) const fn new(set: RuleSet, configs: Vec<GitleaksConfig>) -> Self {
        Self {
            set,
            configs,
            is_past: false,
        }
    }

    /// The scanner for contents that were committed long ago.
    pub(super) fn of_past(self, is_past: bool) -> Self {
        Self { is_past, ..self }
    }

    /// The built-in rules.
    pub(super) const fn set(&self) -> &RuleSet {
        &self.set
    }

    /// What is found in `file`, one candidate a secret.
    pub(super) fn candidates(&self, file: &SourceFile<'_>, out: &mut Sink) -> Vec<Candidate> {
        self.candidates_of(file, None, out)
    }

    /// What is found in `file`, without what allowlists let pass because `commit` brought it in.
    fn candidates_of(
        &self,
        file: &SourceFile<'_>,
        commit: Option<&str>,
        out: &mut Sink,
    ) -> Vec<Candidate> {
        if self.is_exact() {
            return self.exactly(file, commit, out);
        }
        let judge = Judge::new(&self.set, file);
        let (mut found, mut refused) = (Vec::new(), Vec::new());
        self.set.each(file.bytes(), |place| {
            judge.judge(&place, &mut found, &mut refused);
        });
        overlap::heed(&refused, &mut found);
        if !is_binary(file.bytes()) {
            let search = Search {
                set: &self.set,
                configs: &self.configs,
                commit,
                file,
            };
            search.run(&mut found, out);
        }
        for config in &self.configs {
            foreign::allow(config, file, commit, &mut found, out);
            foreign::run(config, file, commit, &mut found, out);
        }
        found.retain(|candidate| whole(file, candidate));
        overlap::resolve(found)
    }

    /// Whether findings are to be those of gitleaks.
    fn is_exact(&self) -> bool {
        self.configs.iter().any(GitleaksConfig::is_exact)
    }

    /// What the configurations find, each finding where gitleaks has it: at the match, not at the secret in it.
    fn exactly(
        &self,
        file: &SourceFile<'_>,
        commit: Option<&str>,
        out: &mut Sink,
    ) -> Vec<Candidate> {
        let mut found = Vec::new();
        for config in &self.configs {
            foreign::run(config, file, commit, &mut found, out);
        }
        found.retain(|candidate| whole(file, candidate));
        found.sort_by_key(|candidate| (candidate.whole.start, candidate.rule.id.get()));
        found
    }
}

impl SecretScanner {
    /// The first configuration with an allowlist that names the commit that brought `file` in, and that commit.
    fn allowing(&self, file: &FileMeta) -> Option<(&GitleaksConfig, String)> {
        let commit = file
            .commit
            .filter(|_| !self.configs.is_empty())?
            .to_string();
        let config = self.configs.iter().find(|config| config.names(&commit))?;
        Some((config, commit))
    }

    fn finding(&self, file: &SourceFile<'_>, candidate: Candidate) -> Finding {
        let rule = candidate.rule;
        let matched = candidate.whole.clone();
        let mut finding = finding(file, candidate);
        if self.is_exact() {
            finding.span = file.span(matched);
        }
        if self.is_past {
            finding.help = past_help(rule);
        }
        finding
    }

    /// The bytes of every secret in `file`.
    pub(super) fn secrets(&self, file: &SourceFile<'_>) -> Vec<Vec<u8>> {
        let found = self.candidates(file, &mut Sink::new());
        found
            .into_iter()
            .map(|candidate| file.bytes()[candidate.secret].to_vec())
            .collect()
    }
}

/// How near to the end of a window a match may end. What follows can change a match: a pattern that sees less of a token
/// may settle for a shorter one. No token is longer, and windows overlap by far more.
pub(super) const EDGE: usize = 1024;

/// Whether a candidate lies wholly in the bytes at hand: one near an edge of a window is left to the window that overlaps.
fn whole(file: &SourceFile<'_>, candidate: &Candidate) -> bool {
    let len = file.bytes().len();
    let near_start = candidate.whole.start == 0;
    let near_end = candidate.whole.end + EDGE > len;
    if !near_start && !near_end {
        return true;
    }
    let origin = file.position(0).byte;
    let cut_before = near_start && origin > 0;
    let cut_after = near_end && origin + (len as u64) < file.meta().size;
    !cut_before && !cut_after
}

impl Scanner for SecretScanner {
    fn wants(&self, file: &FileMeta) -> bool {
        file.size > 0
    }

    fn scan_file(&self, file: &SourceFile<'_>, out: &mut Sink) {
        let Some((config, commit)) = self.allowing(file.meta()) else {
            for candidate in self.candidates(file, out) {
                out.finding(self.finding(file, candidate));
            }
            return;
        };
        let kept = self.candidates_of(file, Some(&commit), out);
        let mut all = self.candidates(file, &mut Sink::new());
        all.retain(|one| {
            !kept
                .iter()
                .any(|kept| kept.rule.id == one.rule.id && kept.whole == one.whole)
        });
        for candidate in kept {
            out.finding(self.finding(file, candidate));
        }
        for candidate in all {
            out.accept_as(Accepted {
                finding: self.finding(file, candidate),
                by: config.file().to_owned(),
                reason: format!("it allows commit {commit}"),
            });
        }
    }

    fn reads_history(&self) -> bool {
        true
    }

    fn takes_windows(&self) -> bool {
        true
    }
}

/// How to take something out of what will be committed.
fn out_of(file: &FileMeta) -> String {
    let path = file.path.to_text();
    match file.content {
        Content::Text(_) => "of the message".to_owned(),
        _ => format!("of the commit: `git restore --staged {path}`, edit, `git add {path}`"),
    }
}

/// What to do about a secret in an old commit: an edit does not take it away, only its end does.
fn past_help(rule: &Rule) -> String {
    format!(
        "{} Whoever has the repository can read it there, also where the file is gone today.",
        fix(rule)
    )
}

fn finding(file: &SourceFile<'_>, candidate: Candidate) -> Finding {
    let rule = candidate.rule;
    let secret = &file.bytes()[candidate.secret.clone()];
    let help = format!(
        "{} Then take it out {}. If it is no secret, say so on the line: `hookd:allow {} reason`.",
        fix(rule),
        out_of(file.meta()),
        rule.id
    );
    Finding {
        scanner: ID,
        rule: Cow::Borrowed(rule.id.get()),
        severity: labels::severity(rule, &candidate.data),
        // An identifier is worth knowing beside its secret half; by itself it stops nobody.
        blocking: rule.severity > Severity::Info,
        novelty: Novelty::ByLines,
        path: file.meta().path.clone(),
        span: file.span(candidate.secret.clone()),
        message: labels::message(rule, &candidate.data),
        help,
        excerpt: Excerpt::whole(redact::redact(rule, secret)),
        identity: secret.to_vec(),
        data: candidate.data,
    }
}

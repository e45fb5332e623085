//! Rules and allowlists of gitleaks configurations.

use super::judge::Candidate;
use super::{ID, fix};
use crate::model::{CheckError, Excerpt, Finding, Novelty, Sink};
use crate::rules::{GitleaksConfig, GitleaksPlace, Rule};
use crate::scan::SourceFile;
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::collections::BTreeSet;

/// Comes after every built-in rule where rules are equal.
const LAST: usize = usize::MAX;

/// Takes from `found`, which are candidates in `file`, what the allowlists of `config` let pass, also because of `commit`.
pub(super) fn allow(
    config: &GitleaksConfig,
    file: &SourceFile<'_>,
    commit: Option<&str>,
    found: &mut Vec<Candidate>,
    out: &mut Sink,
) {
    if found.is_empty() || !config.uses_default() {
        return;
    }
    let path = file.meta().path.to_text();
    let place = GitleaksPlace {
        path: &path,
        commit,
    };
    let mut errors = BTreeSet::new();
    found.retain(|candidate| {
        if candidate.order == LAST {
            return true;
        }
        let (whole, secret) = (&candidate.whole, &candidate.secret);
        let allowed = config.allows(candidate.rule, place, file.bytes(), whole, secret);
        !allowed.unwrap_or_else(|reason| {
            errors.insert(format!("an allowlist: {reason}"));
            false
        })
    });
    complain(config, file, errors, out);
}

/// Adds what the rules of `config` find in `file`, which `commit` brought in where that is known. Findings about the file as a whole and what could not be checked go to `out`.
pub(super) fn run(
    config: &GitleaksConfig,
    file: &SourceFile<'_>,
    commit: Option<&str>,
    found: &mut Vec<Candidate>,
    out: &mut Sink,
) {
    let path = file.meta().path.to_text();
    let place = GitleaksPlace {
        path: &path,
        commit,
    };
    let scanned = config.scan(place, file.bytes());
    for hit in scanned.hits {
        let mut data = Map::new();
        if !hit.tags.is_empty() {
            data.insert("tags".to_owned(), Value::from(hit.tags));
        }
        found.push(Candidate {
            rule: hit.rule,
            order: LAST,
            secret: hit.secret,
            whole: hit.whole,
            data,
        });
    }
    // A large file comes in windows: its path is judged with the first.
    if file.position(0).byte == 0 {
        for rule in scanned.paths {
            out.finding(whole_file(file, rule));
        }
    }
    complain(config, file, scanned.errors, out);
}

/// Says what could not be checked, and why.
fn complain(
    config: &GitleaksConfig,
    file: &SourceFile<'_>,
    errors: BTreeSet<String>,
    out: &mut Sink,
) {
    for reason in errors {
        out.error(CheckError {
            path: Some(file.meta().path.clone()),
            scanner: ID,
            message: format!("not checked with {}: {reason}", config.file()),
            help: format!("change the pattern in {}", config.file()),
            fatal: true,
        });
    }
}

/// A file that should not be there, whatever it holds.
fn whole_file(file: &SourceFile<'_>, rule: &'static Rule) -> Finding {
    let path = file.meta().path.to_text();
    Finding {
        scanner: ID,
        rule: Cow::Borrowed(rule.id.get()),
        severity: rule.severity,
        blocking: true,
        novelty: Novelty::ByLines,
        span: file.span(0..file.bytes().len()),
        message: rule.title.get().to_owned(),
        help: format!(
            "{} Then take the file out of the commit: `git rm --cached {path}`.",
            fix(rule)
        ),
        excerpt: Excerpt::whole(path.to_string()),
        identity: path.as_bytes().to_vec(),
        path: file.meta().path.clone(),
        data: Map::new(),
    }
}

//! The secret scanner: credentials in the bytes of files, whatever their type.

mod assignment;
mod checks;
mod chosen;
mod decode;
mod decoded;
mod dropped;
mod file_kind;
mod foreign;
mod judge;
mod labels;
mod layer;
mod manifest;
mod named;
mod names;
mod overlap;
mod plausible;
mod redact;
mod scanner;
mod settings;
mod structure;
mod trace;
mod words;

use super::{Reads, ScanContext, Scanner, ScannerSpec, SourceFile};
use crate::config::{ConfigError, Section};
use crate::model::{FileMeta, Mode, RuleDoc};
use crate::rules::{Rule, RuleSet, builtin, sample};
use std::sync::LazyLock;

pub use trace::Traced;

/// Id of the scanner.
const ID: &str = "secrets";

/// The entry of the scanner list.
pub(super) static SPEC: ScannerSpec = ScannerSpec {
    id: ID,
    title: "credentials in files",
    reads: Reads::Both,
    build,
    rules: docs,
};

fn build(section: &Section<'_>, context: &ScanContext) -> Result<Box<dyn Scanner>, ConfigError> {
    let chosen = settings::chosen(section, &context.root)?;
    let scanner = scanner::SecretScanner::new(chosen.set, chosen.configs);
    Ok(Box::new(scanner.of_past(context.mode == Mode::History)))
}

fn docs() -> Vec<RuleDoc> {
    builtin().iter().map(doc).collect()
}

fn doc(rule: &Rule) -> RuleDoc {
    let example = rule.positive.first().map_or_else(String::new, |template| {
        let text = sample(template, 1);
        redact::redact(rule, text.as_bytes())
    });
    RuleDoc {
        id: rule.id.get().to_owned(),
        scanner: ID,
        title: rule.title.get().to_owned(),
        severity: Some(rule.severity),
        description: rule.description.get().to_owned(),
        example,
        fix: fix(rule),
        links: Some(rule.revoke.get())
            .filter(|revoke| revoke.starts_with("https://"))
            .map(str::to_owned)
            .into_iter()
            .collect(),
    }
}

/// What every rule of the configuration makes of line `line` of `file`, which holds `bytes`: for `hookd explain --finding`.
///
/// # Errors
/// A mistake in the section.
pub fn trace_secrets(
    section: &Section<'_>,
    context: &ScanContext,
    file: &FileMeta,
    bytes: &[u8],
    line: u32,
) -> Result<Vec<Traced>, ConfigError> {
    let chosen = settings::chosen(section, &context.root)?;
    let scanner = scanner::SecretScanner::new(chosen.set, chosen.configs);
    let file = SourceFile::new(file, bytes, &decoded::NoBase);
    Ok(trace::trace(&scanner, &file, line))
}

/// Every text in `file` that any built-in rule takes for a secret, for hiding it in what other scanners show.
#[must_use]
pub fn secrets_in(file: &SourceFile<'_>) -> Vec<Vec<u8>> {
    static EVERY_RULE: LazyLock<scanner::SecretScanner> =
        LazyLock::new(|| scanner::SecretScanner::new(RuleSet::new(|_| true), Vec::new()));
    EVERY_RULE.secrets(file)
}

/// What to do about a finding of `rule`, wherever it is.
fn fix(rule: &Rule) -> String {
    let revoke = rule.revoke.get();
    if revoke.starts_with("https://") {
        format!("Revoke it: {revoke}.")
    } else {
        let stop = if revoke.ends_with(['.', '/']) || revoke.contains("https://") {
            ""
        } else {
            "."
        };
        // A sentence that says itself what becomes of it needs no other before it.
        let lead = if revoke.starts_with("Revoke") || revoke.starts_with("It ") {
            ""
        } else {
            "Revoke it. "
        };
        format!("{lead}{revoke}{stop}")
    }
}

#[cfg(test)]
mod agreement;
#[cfg(test)]
mod tests;

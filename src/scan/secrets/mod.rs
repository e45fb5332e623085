//! The secret scanner: credentials in the bytes of files, whatever their type.

mod assignment;
mod checks;
mod decode;
mod decoded;
mod foreign;
mod judge;
mod labels;
mod layer;
mod manifest;
mod names;
mod overlap;
mod plausible;
mod redact;
mod scanner;
mod settings;

use super::{ScanContext, Scanner, ScannerSpec};
use crate::config::{ConfigError, Section};
use crate::model::{Mode, RuleDoc};
use crate::rules::{Rule, builtin, sample};

/// Id of the scanner.
const ID: &str = "secrets";

/// The entry of the scanner list.
pub(super) static SPEC: ScannerSpec = ScannerSpec {
    id: ID,
    title: "credentials in files",
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
        id: rule.id.to_owned(),
        scanner: ID,
        title: rule.title.to_owned(),
        severity: Some(rule.severity),
        description: rule.description.to_owned(),
        example,
        fix: fix(rule),
        links: Some(rule.revoke)
            .filter(|revoke| revoke.starts_with("https://"))
            .map(str::to_owned)
            .into_iter()
            .collect(),
    }
}

/// What to do about a finding of `rule`, wherever it is.
fn fix(rule: &Rule) -> String {
    let revoke = rule.revoke;
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

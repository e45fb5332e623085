//! How far the default rules agree with labelled sets of others, where those are at hand.

use super::scanner::SecretScanner;
use super::tests::scan;
use crate::rules::{Profile, RuleSet};
use serde_json::Value;
use std::path::PathBuf;
use std::process::Command;

fn data() -> PathBuf {
    std::env::var_os("HOOKD_SHARED_DATA").map_or_else(
        || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data")),
        PathBuf::from,
    )
}

/// The cases of a set; `None` where it or `xz` is missing.
fn cases(set: &str) -> Option<Vec<Value>> {
    let path = data().join(format!("secrets/{set}.jsonl.xz"));
    let output = path
        .is_file()
        .then(|| Command::new("xz").arg("-dc").arg(&path).output().ok())??;
    let text = String::from_utf8(output.stdout).ok()?;
    Some(
        text.lines()
            .filter_map(|line| serde_json::from_str(line).ok())
            .collect(),
    )
}

/// Percent of the secrets found and of the others flagged.
#[allow(clippy::print_stderr)] // a test that shows its numbers
fn agreement(set: &str) -> Option<(usize, usize)> {
    let Some(cases) = cases(set) else {
        eprintln!("skipped: {set} is not there");
        return None;
    };
    let scanner = SecretScanner::new(
        RuleSet::new(|rule| rule.profile == Profile::Default),
        Vec::new(),
    );
    let verbose = std::env::var_os("HOOKD_SHOW").is_some();
    let mut counts = [[0usize; 2]; 2];
    for case in &cases {
        let text = case["text"].as_str().unwrap_or_default();
        let path = case["path"].as_str().unwrap_or("case.txt");
        let secret = case["is_secret"].as_bool().unwrap_or(false);
        let found = scan(&scanner, path, text.as_bytes());
        counts[usize::from(secret)][usize::from(!found.is_empty())] += 1;
        if verbose && secret == found.is_empty() {
            let ids: Vec<_> = found.iter().map(|finding| finding.rule.as_ref()).collect();
            let start: String = text.chars().take(300).collect();
            eprintln!(
                "{} {} {path} {ids:?}: {start:?}",
                if secret { "MISSED" } else { "FALSE" },
                case["rule"]
            );
        }
    }
    let percent = |[not, yes]: [usize; 2]| yes * 100 / (not + yes).max(1);
    let result = (percent(counts[1]), percent(counts[0]));
    eprintln!(
        "{set}: found {} % of {}, flagged {} % of {}",
        result.0,
        counts[1].iter().sum::<usize>(),
        result.1,
        counts[0].iter().sum::<usize>()
    );
    Some(result)
}

#[test]
fn noseyparker() {
    if let Some((found, flagged)) = agreement("noseyparker") {
        assert!(found >= 60 && flagged <= 20, "{found} {flagged}");
    }
}

#[test]
fn fakeleaks() {
    if let Some((found, flagged)) = agreement("fakeleaks") {
        assert!(found >= 70 && flagged <= 29, "{found} {flagged}");
    }
}

#[test]
fn detectsecrets() {
    agreement("detectsecrets");
}

/// Every kind that peers name has a rule, or a line in the documentation that says why not. `.1` marks another form of a kind.
#[test]
fn every_kind_has_a_rule_or_a_reason() {
    let Ok(kinds) = std::fs::read_to_string(data().join("secrets/kinds.txt")) else {
        return;
    };
    let docs = include_str!("../../../docs/scanners/secrets.md");
    let reasons = docs.split("## Kinds without a rule").nth(1).unwrap();
    for kind in kinds.split_whitespace() {
        let kind = kind.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        let kind = if kind.is_empty() { continue } else { kind };
        let ruled = crate::rules::builtin()
            .iter()
            .any(|rule| rule.id.trim_end_matches(|c: char| c.is_ascii_digit()) == kind);
        assert!(ruled || reasons.contains(&format!("`{kind}")), "{kind}");
    }
}

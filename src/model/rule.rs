//! What `hookd explain` and `hookd list` say about a rule.

use super::Severity;

/// The documentation of one rule.
#[derive(Debug, Clone)]
pub struct RuleDoc {
    /// Kebab-case id, unique over all scanners.
    pub id: String,
    /// Id of the scanner it belongs to.
    pub scanner: &'static str,
    /// A few words.
    pub title: String,
    /// Severity of its findings; `None` where each finding has its own.
    pub severity: Option<Severity>,
    /// What it finds and why that matters.
    pub description: String,
    /// What a finding looks like; empty where a name says it all.
    pub example: String,
    /// How to put it right.
    pub fix: String,
    /// Pages that say more.
    pub links: Vec<String>,
}

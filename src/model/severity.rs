//! How bad a finding is, and what that means for a run.

use serde::{Deserialize, Serialize};

/// How bad a finding is by itself, from harmless to worst.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing, nothing to do.
    Info,
    /// A small risk.
    Low,
    /// A risk in some circumstances.
    Medium,
    /// A risk in most circumstances.
    High,
    /// Act now.
    Critical,
}

impl Severity {
    /// The word used in reports and configuration.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Info => "info",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// Whether a scanner's findings block (`error`) or only show (`warn`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Findings block.
    #[default]
    Error,
    /// Findings are shown and never block.
    Warn,
}

/// What a scanner is judged on when a run looks at a change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Scope {
    /// Only what the change brings in blocks.
    #[default]
    Changed,
    /// Everything in a changed file blocks.
    All,
}

//! What a scanner found.

use super::{RepoPath, Severity, Span};
use serde_json::{Map, Value};
use std::borrow::Cow;
use std::fmt;

/// Whether a finding is brought in by the change that is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Novelty {
    /// Decided by place: new if its span touches an added line.
    ByLines,
    /// The scanner compared with the base and calls it new or worse.
    New,
    /// It was there before.
    Existing,
}

/// A short text that shows the finding, safe to print once control characters are escaped.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Excerpt {
    /// One line. Secrets are redacted here, never later.
    pub text: String,
    /// Which characters of `text` the carets go under: start and length, in Unicode scalar values.
    pub caret: (usize, usize),
    /// Whether every word of it is known to be no secret, so that nobody need look for one.
    pub harmless: bool,
}

impl Excerpt {
    /// The whole text underlined.
    #[must_use]
    pub fn whole(text: impl Into<String>) -> Self {
        let text = text.into();
        let caret = (0, text.chars().count());
        Self::part(text, caret)
    }

    /// The text with `caret` underlined: start and length, in Unicode scalar values.
    #[must_use]
    pub const fn part(text: String, caret: (usize, usize)) -> Self {
        Self {
            text,
            caret,
            harmless: false,
        }
    }
}

/// One finding, as scanners emit it and reports show it.
#[derive(Clone)]
pub struct Finding {
    /// Id of the scanner.
    pub scanner: &'static str,
    /// Kebab-case id of the rule.
    pub rule: Cow<'static, str>,
    /// How bad it is.
    pub severity: Severity,
    /// Whether it makes the run fail. Scanners set it to what their own policy says (a warning is `false`);
    /// triage clears it for what the change did not bring in.
    pub blocking: bool,
    /// Whether the change brought it in.
    pub novelty: Novelty,
    /// The file.
    pub path: RepoPath,
    /// Where in the file.
    pub span: Span,
    /// What is wrong, in one sentence.
    pub message: String,
    /// What to do next, in one or two sentences.
    pub help: String,
    /// The place, redacted.
    pub excerpt: Excerpt,
    /// What makes this finding the same finding tomorrow: hashed together with scanner, rule and path into the
    /// fingerprint, and never shown itself.
    pub identity: Vec<u8>,
    /// The scanner's own facts.
    pub data: Map<String, Value>,
}

impl fmt::Debug for Finding {
    /// Without `identity`: of a secret that is the secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Finding")
            .field("rule", &self.rule)
            .field("blocking", &self.blocking)
            .field("novelty", &self.novelty)
            .field("path", &self.path)
            .field("span", &self.span)
            .field("message", &self.message)
            .field("excerpt", &self.excerpt)
            .field("data", &self.data)
            .finish_non_exhaustive()
    }
}

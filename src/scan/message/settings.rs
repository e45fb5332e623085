//! The section `[scan.message]`: as written, and as meant.

use super::conventional::Form;
use super::parts::Trailer;
use crate::config::{ConfigError, Section, SectionKeys};
use regex::Regex;
use serde::Deserialize;

/// The scanner's own keys.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
struct Keys {
    /// Whether messages have the form of Conventional Commits.
    conventional: bool,
    /// Its types, instead of the usual ones.
    types: Option<Vec<String>>,
    /// Its scopes; any where there are none.
    scopes: Vec<String>,
    /// Whether there must be a scope.
    require_scope: bool,
    /// The most characters of the first line; 0 for any.
    subject_length: usize,
    /// The most characters of other lines; 0 for any.
    body_line_length: usize,
    /// Trailers there must be, as `Token` or `Token: regular expression`.
    require_trailers: Vec<String>,
    /// Trailers there must not be, likewise.
    forbid_trailers: Vec<String>,
    /// Whether the author must have signed the commit off.
    signed_off: bool,
}

impl SectionKeys for Keys {
    const KEYS: &'static [&'static str] = &[
        "conventional",
        "types",
        "scopes",
        "require_scope",
        "subject_length",
        "body_line_length",
        "require_trailers",
        "forbid_trailers",
        "signed_off",
    ];
}

/// The types that tools for Conventional Commits begin with (those of Angular).
const TYPES: [&str; 11] = [
    "feat", "fix", "build", "chore", "ci", "docs", "perf", "refactor", "revert", "style", "test",
];

/// Which trailers are meant.
#[derive(Debug, Clone)]
pub(super) struct TrailerPattern {
    /// As it is written.
    pub(super) text: String,
    pub(super) token: String,
    value: Option<Regex>,
}

impl TrailerPattern {
    /// Whether `trailer` is one of them.
    pub(super) fn matches(&self, trailer: &Trailer<'_>) -> bool {
        let value = self.value.as_ref();
        trailer.token.eq_ignore_ascii_case(&self.token)
            && value.is_none_or(|value| value.is_match(trailer.value))
    }
}

/// The settings as meant.
#[derive(Debug, Clone)]
pub(super) struct Settings {
    pub(super) conventional: Option<Form>,
    pub(super) subject_length: usize,
    pub(super) body_line_length: usize,
    pub(super) require_trailers: Vec<TrailerPattern>,
    pub(super) forbid_trailers: Vec<TrailerPattern>,
    pub(super) signed_off: bool,
}

impl Settings {
    /// Reads the section.
    ///
    /// # Errors
    /// A mistake in it.
    pub(super) fn new(section: &Section<'_>) -> Result<Self, ConfigError> {
        let keys: Keys = section.own()?;
        let types = keys
            .types
            .unwrap_or_else(|| TYPES.map(str::to_owned).to_vec());
        if types.is_empty() {
            return Err(section.error("types", None, "with no type no message would be right"));
        }
        let form = Form {
            types,
            scopes: keys.scopes,
            require_scope: keys.require_scope,
        };
        Ok(Self {
            conventional: keys.conventional.then_some(form),
            subject_length: keys.subject_length,
            body_line_length: keys.body_line_length,
            require_trailers: patterns(section, "require_trailers", &keys.require_trailers)?,
            forbid_trailers: patterns(section, "forbid_trailers", &keys.forbid_trailers)?,
            signed_off: keys.signed_off,
        })
    }

    /// Whether there is nothing to check.
    pub(super) fn asks_nothing(&self) -> bool {
        let lengths = self.subject_length + self.body_line_length;
        let trailers = self.require_trailers.len() + self.forbid_trailers.len();
        self.conventional.is_none() && lengths + trailers == 0 && !self.signed_off
    }
}

fn patterns(
    section: &Section<'_>,
    key: &str,
    written: &[String],
) -> Result<Vec<TrailerPattern>, ConfigError> {
    let one = |(at, text): (usize, &String)| {
        let (token, value) = match text.split_once(':') {
            Some((token, value)) => (token.trim(), Some(value.trim())),
            None => (text.trim(), None),
        };
        let wrong = |message: String| section.error(key, Some(at), message);
        if token.is_empty() || !token.chars().all(|c| c.is_ascii_alphanumeric() || c == '-') {
            return Err(wrong(format!("`{token}` cannot be the name of a trailer"))
                .with_help("as in \"Reviewed-by\" or \"Co-authored-by: .*@example\\\\.com\""));
        }
        let value = value.map(Regex::new).transpose();
        Ok(TrailerPattern {
            text: text.clone(),
            token: token.to_owned(),
            value: value.map_err(|error| wrong(format!("not a regular expression: {error}")))?,
        })
    };
    written.iter().enumerate().map(one).collect()
}

//! Allowlists: which paths and secrets do not count.

use super::LoadError;
use super::keys::{Keys, Placed};
use super::pattern::Pattern;
use std::collections::BTreeSet;

/// Where something stands.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The path of the file.
    pub path: &'a str,
    /// The full id of the commit that brought the content in, where that is known.
    pub commit: Option<&'a str>,
}

impl<'a> From<&'a str> for Place<'a> {
    fn from(path: &'a str) -> Self {
        Self { path, commit: None }
    }
}

/// One allowlist.
#[derive(Debug, Default)]
pub(super) struct Allowlist {
    /// Whether everything it says must hold, not only one thing.
    all: bool,
    /// The full ids of commits, in lower case.
    commits: BTreeSet<String>,
    paths: Option<Pattern>,
    regexes: Option<Pattern>,
    target: Target,
    stop_words: Vec<String>,
}

/// What the regular expressions of an allowlist look at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Target {
    #[default]
    Secret,
    Match,
    Line,
}

/// What an allowlist is asked about.
pub(super) struct Candidate<'a> {
    /// Where it stands.
    pub(super) place: Place<'a>,
    /// The secret.
    pub(super) secret: &'a [u8],
    /// All that the rule's pattern matched.
    pub(super) whole: &'a [u8],
    /// The lines it stands on.
    pub(super) line: &'a [u8],
}

impl Allowlist {
    /// Reads one.
    ///
    /// # Errors
    /// An unknown condition or target, a bad pattern, or an allowlist that allows nothing.
    pub(super) fn read(keys: &Keys<'_>) -> Result<Self, LoadError> {
        let commits = keys.texts("commits")?;
        let stop_words = keys.texts("stopwords")?;
        let list = Self {
            all: condition(keys)?,
            commits: commits
                .into_iter()
                .map(|commit| commit.value.to_lowercase())
                .collect(),
            paths: joined(keys, &keys.texts("paths")?)?,
            regexes: joined(keys, &keys.texts("regexes")?)?,
            target: target(keys)?,
            stop_words: stop_words
                .into_iter()
                .map(|word| word.value.to_lowercase())
                .collect(),
        };
        let empty = list.commits.is_empty()
            && list.paths.is_none()
            && list.regexes.is_none()
            && list.stop_words.is_empty();
        if empty && keys.texts("resources")?.is_empty() {
            return Err(keys.file.error(
                keys.span.clone(),
                "an allowlist needs one of `commits`, `paths`, `regexes`, `stopwords`",
            ));
        }
        Ok(list)
    }

    /// Whether it lets anything pass that `commit` brought in, or might.
    pub(super) fn names(&self, commit: &str) -> bool {
        self.commits.contains(&commit.to_lowercase())
    }

    /// Whether a whole content is let pass because of its path or its commit.
    ///
    /// # Errors
    /// A pattern cannot be compiled.
    pub(super) fn allows_place(&self, place: Place<'_>) -> Result<bool, String> {
        let commit = place.commit.is_some_and(|commit| self.names(commit));
        let path = matches(self.paths.as_ref(), place.path.as_bytes())?;
        if !self.all {
            return Ok(commit || path);
        }
        // The rest of what must hold is known of secrets only.
        let more = self.regexes.is_some() || !self.stop_words.is_empty();
        let whole = (commit || self.commits.is_empty()) && (path || self.paths.is_none());
        Ok((commit || path) && whole && !more)
    }

    /// Whether a secret is let pass.
    ///
    /// # Errors
    /// A pattern cannot be compiled.
    pub(super) fn allows(&self, candidate: &Candidate<'_>) -> Result<bool, String> {
        let target = match self.target {
            Target::Secret => candidate.secret,
            Target::Match => candidate.whole,
            Target::Line => candidate.line,
        };
        let regex = matches(self.regexes.as_ref(), target)?;
        let stop = self.stops(candidate.secret);
        if !self.all {
            return Ok(regex || stop);
        }
        let path = matches(self.paths.as_ref(), candidate.place.path.as_bytes())?;
        let commit = candidate.place.commit.is_some_and(|id| self.names(id));
        // What the list does not name holds.
        let holds = [
            self.commits.is_empty() || commit,
            self.paths.is_none() || path,
            self.regexes.is_none() || regex,
            self.stop_words.is_empty() || stop,
        ];
        Ok(holds.iter().all(|&holds| holds))
    }

    fn stops(&self, secret: &[u8]) -> bool {
        if self.stop_words.is_empty() {
            return false;
        }
        let secret = String::from_utf8_lossy(secret).to_lowercase();
        self.stop_words
            .iter()
            .any(|word| secret.contains(word.as_str()))
    }
}

fn matches(pattern: Option<&Pattern>, text: &[u8]) -> Result<bool, String> {
    pattern.map_or(Ok(false), |pattern| Ok(pattern.compiled()?.is_match(text)))
}

/// Whether everything must hold.
fn condition(keys: &Keys<'_>) -> Result<bool, LoadError> {
    let condition = keys.text("condition")?;
    match condition.value.to_ascii_uppercase().as_str() {
        "" | "OR" | "||" => Ok(false),
        "AND" | "&&" => Ok(true),
        other => Err(keys.error(
            "condition",
            format!("`{other}` is no condition: `OR` or `AND`"),
        )),
    }
}

fn target(keys: &Keys<'_>) -> Result<Target, LoadError> {
    let target = keys.text("regexTarget")?;
    match target.value.as_str() {
        "" | "secret" => Ok(Target::Secret),
        "match" => Ok(Target::Match),
        "line" => Ok(Target::Line),
        other => Err(keys.error(
            "regexTarget",
            format!("`{other}` is no target: `secret`, `match` or `line`"),
        )),
    }
}

/// Several patterns as one. They are joined without groups of their own, as gitleaks does: `(?i)` in one holds for those after it too.
fn joined(keys: &Keys<'_>, patterns: &[Placed<String>]) -> Result<Option<Pattern>, LoadError> {
    let mut parts = Vec::with_capacity(patterns.len());
    for pattern in patterns {
        parts.push(Pattern::new(keys.file, pattern)?.into_text());
    }
    Ok((!parts.is_empty()).then(|| Pattern::joined(&parts)))
}

//! A configuration as meant: files laid over what they extend.

use super::LoadError;
use super::allowlist::{Allowlist, Candidate, Place};
use super::detector::{Detector, Scanned, line_of};
use super::keys::File;
use super::written::{self, Document, Written};
use crate::rules::{Rule, builtin};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

/// How many files a file may build on, one on the other, as in gitleaks.
const MOST_EXTENSIONS: usize = 2;

/// A configuration of gitleaks or betterleaks, ready to run.
pub struct Config {
    /// The file.
    file: String,
    detector: Detector,
    /// Whether the built-in rules run too.
    use_default: bool,
    /// Built-in rules that do not run.
    disabled: BTreeSet<String>,
    /// Allowlists for built-in rules.
    changed: BTreeMap<String, Vec<Arc<Allowlist>>>,
    exact: bool,
}

/// What is known while files are laid over each other.
#[derive(Default)]
struct Merged {
    rules: BTreeMap<String, Written>,
    allowlists: Vec<Arc<Allowlist>>,
    use_default: bool,
    disabled: BTreeSet<String>,
}

/// Reads the configuration `text` of the file `name`; `read` gives the text of a file that it extends, named from the root of
/// what is checked.
///
/// # Errors
/// The first mistake, with its place.
pub fn load(
    name: &str,
    text: &str,
    read: &dyn Fn(&str) -> Result<String, String>,
) -> Result<Config, LoadError> {
    let file = File { name, text };
    let mut document = written::read(file)?;
    let targeted = std::mem::take(&mut document.targeted);
    let mut merged = lay_over(file, document, read, 0)?;
    let mut changed: BTreeMap<String, Vec<Arc<Allowlist>>> = BTreeMap::new();
    for (target, list) in targeted {
        match merged.rules.get_mut(&target.value) {
            Some(rule) => rule.allowlists.push(list),
            None if merged.use_default => changed.entry(target.value).or_default().push(list),
            None => {
                let message = format!("there is no rule `{}`", target.value);
                return Err(file.error(target.span, message));
            }
        }
    }
    settle(file, &mut merged, &mut changed)?;
    Ok(Config {
        file: name.to_owned(),
        detector: Detector::new(merged.rules, merged.allowlists),
        use_default: merged.use_default,
        disabled: merged.disabled,
        changed,
        exact: false,
    })
}

/// `document` over what it extends, `depth` files down from the first.
fn lay_over(
    file: File<'_>,
    document: Document,
    read: &dyn Fn(&str) -> Result<String, String>,
    depth: usize,
) -> Result<Merged, LoadError> {
    let mut merged = Merged::default();
    if let Some(extend) = document.extend.filter(|_| depth < MOST_EXTENSIONS) {
        let path = &extend.path.value;
        if !path.is_empty() {
            let text = read(path).map_err(|reason| {
                file.error(extend.path.span.clone(), format!("{path}: {reason}"))
            })?;
            let inner = File {
                name: path,
                text: &text,
            };
            merged = lay_over(inner, written::read(inner)?, read, depth + 1)?;
        }
        merged.use_default |= extend.use_default;
        for id in extend.disabled {
            merged.rules.remove(&id);
            merged.disabled.insert(id);
        }
    }
    for rule in document.rules {
        let rule = match merged.rules.remove(&rule.id.value) {
            Some(base) => over(base, rule),
            None => rule,
        };
        merged.rules.insert(rule.id.value.clone(), rule);
    }
    merged.allowlists.splice(0..0, document.allowlists);
    Ok(merged)
}

/// A rule laid over one with the same id: what it says counts, and its lists are added.
fn over(base: Written, rule: Written) -> Written {
    let joined = |mut base: Vec<String>, own: Vec<String>| {
        base.extend(own);
        base
    };
    let mut allowlists = base.allowlists;
    allowlists.extend(rule.allowlists);
    Written {
        id: rule.id,
        description: if rule.description.is_empty() {
            base.description
        } else {
            rule.description
        },
        regex: rule.regex.or(base.regex),
        path: rule.path.or(base.path),
        secret_group: if rule.secret_group == 0 {
            base.secret_group
        } else {
            rule.secret_group
        },
        entropy: if rule.entropy == 0.0 {
            base.entropy
        } else {
            rule.entropy
        },
        keywords: joined(base.keywords, rule.keywords),
        tags: joined(base.tags, rule.tags),
        skip_report: base.skip_report,
        allowlists,
        required: base.required,
    }
}

/// Rules with a pattern take the place of built-in ones; rules without one only add allowlists to them.
fn settle(
    file: File<'_>,
    merged: &mut Merged,
    changed: &mut BTreeMap<String, Vec<Arc<Allowlist>>>,
) -> Result<(), LoadError> {
    let mut kept = BTreeMap::new();
    for (id, mut rule) in std::mem::take(&mut merged.rules) {
        let base = builtin()
            .iter()
            .find(|rule| merged.use_default && rule.id == id);
        if rule.regex.is_some() || rule.path.is_some() {
            if let Some(base) = base {
                rule.keywords
                    .extend(base.keywords.iter().map(str::to_owned));
                merged.disabled.insert(id.clone());
            }
            kept.insert(id, rule);
        } else if merged.use_default {
            changed.entry(id).or_default().extend(rule.allowlists);
        } else {
            return Err(file.error(
                rule.id.span,
                format!("rule `{id}` has neither `regex` nor `path`"),
            ));
        }
    }
    merged.rules = kept;
    Ok(())
}

impl Config {
    /// Whether the configuration asks for the built-in rules.
    #[must_use]
    pub const fn uses_default(&self) -> bool {
        self.use_default
    }

    /// Whether it says that the built-in rule `id` does not run.
    #[must_use]
    pub fn disables(&self, id: &str) -> bool {
        self.disabled.contains(id)
    }

    /// The file it was read from.
    #[must_use]
    pub fn file(&self) -> &str {
        &self.file
    }

    /// Whether one of its allowlists names `commit`, a full id.
    #[must_use]
    pub fn names(&self, commit: &str) -> bool {
        let changed = self.changed.values().flatten();
        self.detector.names(commit) || changed.into_iter().any(|list| list.names(commit))
    }

    /// Runs its rules over a file.
    #[must_use]
    pub fn scan<'a>(&self, place: impl Into<Place<'a>>, bytes: &[u8]) -> Scanned {
        let place = place.into();
        if place.path == self.file {
            return Scanned::default();
        }
        if self.exact {
            self.detector.scan_exact(place, bytes)
        } else {
            self.detector.scan(place, bytes)
        }
    }

    /// The configuration, to be run with exactly the outcome of gitleaks: see [`Config::is_exact`].
    #[must_use]
    pub fn exact(self) -> Self {
        Self {
            exact: true,
            ..self
        }
    }

    /// Whether it is run as gitleaks runs it to the detail: files in pieces, decoded in passes, archives left out.
    #[must_use]
    pub const fn is_exact(&self) -> bool {
        self.exact
    }

    /// Whether its allowlists let pass what the built-in `rule` found; never where it does not use the built-in rules.
    ///
    /// # Errors
    /// A pattern of an allowlist cannot be compiled.
    pub fn allows<'a>(
        &self,
        rule: &Rule,
        place: impl Into<Place<'a>>,
        bytes: &[u8],
        whole: &Range<usize>,
        secret: &Range<usize>,
    ) -> Result<bool, String> {
        if !self.use_default {
            return Ok(false);
        }
        let candidate = Candidate {
            place: place.into(),
            secret: &bytes[secret.clone()],
            whole: &bytes[whole.clone()],
            line: &bytes[line_of(bytes, whole)],
        };
        let own = self.changed.get(rule.id.get()).into_iter().flatten();
        for list in self.detector.allowlists.iter().chain(own) {
            if list.allows_place(candidate.place)? || list.allows(&candidate)? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

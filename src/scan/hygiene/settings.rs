//! The section `[scan.hygiene]`: which checks run, with which arguments, on which files.

use super::args::Args;
use super::check::{Check, CheckSpec, Setup};
use super::checks::{self, CHECKS};
use super::run::Run;
use super::served::Served;
use crate::config::{ConfigError, Section, SectionKeys, suggest};
use crate::text::PathSet;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What becomes of fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(super) enum FixMode {
    /// The commit fails once; the fix is in the worktree, not staged.
    #[default]
    Report,
    /// The fix is staged at once and the commit goes on.
    Stage,
}

/// The scanner's own keys.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub(super) struct Keys {
    /// Checks beside the safe set.
    checks: Vec<String>,
    /// Checks left out.
    disable: Vec<String>,
    /// Arguments by check, as the original takes them.
    args: BTreeMap<String, Vec<String>>,
    /// Globs of the files that a check looks at, by check.
    files: BTreeMap<String, Vec<String>>,
    /// What becomes of fixes.
    pub(super) fix: FixMode,
}

impl SectionKeys for Keys {
    const KEYS: &'static [&'static str] = &["checks", "disable", "args", "files", "fix"];
}

/// A check that takes part in a run.
pub(super) struct Chosen {
    /// Its entry in the registry.
    pub(super) spec: &'static CheckSpec,
    /// The check itself.
    pub(super) check: Box<dyn Check>,
    /// Globs of the files it looks at, instead of the condition on names in its entry.
    pub(super) files: Option<PathSet>,
    /// Whether it looks at every file it is given.
    pub(super) all: bool,
    /// Whether the configuration names it.
    pub(super) asked: bool,
    /// The hook of another tool's configuration that it stands for.
    pub(super) served: Option<Served>,
}

impl Chosen {
    /// What findings call their rule.
    pub(super) fn rule(&self) -> Cow<'static, str> {
        match &self.served {
            Some(hook) => Cow::Owned(hook.rule.clone()),
            None => Cow::Borrowed(self.spec.id),
        }
    }
}

/// The checks of a run, in the order in which they are written; those that are on by themselves come first.
///
/// # Errors
/// An unknown id, an argument that makes no sense, or a glob that cannot be read.
pub(super) fn chosen(section: &Section<'_>, run: &Arc<Run>) -> Result<Vec<Chosen>, ConfigError> {
    let keys: Keys = section.own()?;
    let asked = resolve(section, "checks", &keys.checks)?;
    let disabled = resolve(section, "disable", &keys.disable)?;
    let args = by_check(section, "args", &keys.args)?;
    let files = by_check(section, "files", &keys.files)?;
    let mut order: Vec<&'static CheckSpec> = checks::safe_set().collect();
    order.retain(|spec| !contains(&asked, spec));
    for spec in asked.iter().copied() {
        if !contains(&order, spec) {
            order.push(spec);
        }
    }
    order.retain(|spec| !contains(&disabled, spec));
    let mut chosen = Vec::with_capacity(order.len());
    for spec in order {
        let words = args.get(spec.id).map_or(&[][..], |words| words);
        let strict = contains(&asked, spec) || args.contains_key(spec.id);
        let wrong =
            |message: String| section.error("args", None, format!("{}: {message}", spec.id));
        let check = build(spec, words, strict, run).map_err(wrong)?;
        let globs = files.get(spec.id).map(|globs| PathSet::new(globs));
        let bad_glob = |(_, reason): (usize, String)| {
            section.error("files", None, format!("{}: not a glob: {reason}", spec.id))
        };
        chosen.push(Chosen {
            spec,
            check,
            files: globs.transpose().map_err(bad_glob)?,
            all: false,
            asked: contains(&asked, spec),
            served: None,
        });
    }
    Ok(chosen)
}

/// Makes the check of `spec` from the arguments `words`.
///
/// # Errors
/// Which argument makes no sense, and why.
pub(super) fn build(
    spec: &'static CheckSpec,
    words: &[String],
    strict: bool,
    run: &Arc<Run>,
) -> Result<Box<dyn Check>, String> {
    let args = Args::parse(spec.options, words).map_err(|(_, message)| message)?;
    (spec.build)(&Setup {
        args,
        strict,
        run: Arc::clone(run),
    })
}

fn contains(list: &[&'static CheckSpec], spec: &CheckSpec) -> bool {
    list.iter().any(|known| known.id == spec.id)
}

/// The checks that the ids under `key` name.
fn resolve(
    section: &Section<'_>,
    key: &str,
    ids: &[String],
) -> Result<Vec<&'static CheckSpec>, ConfigError> {
    let each = ids.iter().enumerate().map(|(at, id)| {
        checks::find(id).ok_or_else(|| unknown(section.error(key, Some(at), ""), id))
    });
    each.collect()
}

/// The table under `key`, its keys resolved to the ids of today.
fn by_check<'k>(
    section: &Section<'_>,
    key: &str,
    table: &'k BTreeMap<String, Vec<String>>,
) -> Result<BTreeMap<&'static str, &'k [String]>, ConfigError> {
    let each = table.iter().map(|(id, words)| match checks::find(id) {
        Some(spec) => Ok((spec.id, words.as_slice())),
        None => Err(unknown(section.error(key, None, ""), id)),
    });
    each.collect()
}

fn unknown(mut error: ConfigError, id: &str) -> ConfigError {
    error.message = format!("unknown check `{id}`");
    error.with_help(suggest(id, CHECKS.iter().map(|spec| spec.id)))
}

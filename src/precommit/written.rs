//! Hooks with all they say, as plain data: for turning a configuration into another one.

use super::builtin;
use super::document::Document;
use super::keys::Pass;
use super::node::Placed;
use super::plan::{Planned, Settings, plan, words};
use super::resolve::{From, Resolved, resolve};
use crate::command::PassFilenames;
use crate::config::ConfigError;
use std::num::NonZeroUsize;
use std::ops::Range;

/// A hook with all its keys: those of its configuration over those of its manifest.
#[derive(Clone)]
pub struct Written {
    /// What is done for it, and when.
    pub planned: Planned,
    /// Where its table stands in the configuration.
    pub span: Range<usize>,
    /// `language`; empty for hooks that hookd has built in.
    pub language: String,
    /// `entry` as written; empty for hooks that hookd has built in.
    pub entry: String,
    /// The words of `entry`; empty where it is no command line.
    pub words: Vec<String>,
    /// `files`.
    pub files: Option<String>,
    /// `types`; `file` where nothing is said.
    pub types: Vec<String>,
    /// `types_or`.
    pub types_or: Vec<String>,
    /// `exclude_types`.
    pub exclude_types: Vec<String>,
    /// Whether the configuration chooses its files by other types, or by other paths, than the hook's manifest does.
    pub chooses: Chooses,
    /// `pass_filenames`.
    pub pass: PassFilenames,
    /// `require_serial`.
    pub serial: bool,
    /// `env`.
    pub env: Vec<(String, String)>,
    /// Address and revision of the hook's repository.
    pub origin: Option<(String, String)>,
    /// `additional_dependencies`.
    pub dependencies: Vec<String>,
}

/// By what a configuration itself chooses the files of a hook.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Chooses {
    /// `types`, `types_or` or `exclude_types`, and not as the manifest has them.
    pub types: bool,
    /// `files` or `exclude`.
    pub paths: bool,
}

/// Every hook of `document`, in order.
///
/// # Errors
/// The first mistake, with its place.
pub fn written(document: &Document, settings: &Settings<'_>) -> Result<Vec<Written>, ConfigError> {
    let resolved = resolve(document, settings.cache, settings.native)?;
    let planned = plan(document, settings)?;
    let pairs = resolved.iter().zip(planned);
    Ok(pairs.map(|(hook, planned)| one(hook, planned)).collect())
}

fn one(hook: &Resolved<'_>, planned: Planned) -> Written {
    let keys = &hook.keys;
    let entry = text(&keys.entry).unwrap_or_default();
    let file = || vec!["file".to_owned()];
    Written {
        span: hook.own.span.clone(),
        language: hook.language().to_owned(),
        words: words(hook, &entry).unwrap_or_default(),
        entry,
        files: text(&keys.files).filter(|files| !files.is_empty()),
        types: list(&keys.types).unwrap_or_else(file),
        types_or: list(&keys.types_or).unwrap_or_default(),
        exclude_types: list(&keys.exclude_types).unwrap_or_default(),
        chooses: chooses(hook),
        pass: match hook.passes_files() {
            Pass::Flag(true) => PassFilenames::All,
            Pass::Flag(false) => PassFilenames::No,
            Pass::AtMost(most) => {
                NonZeroUsize::new(most).map_or(PassFilenames::All, PassFilenames::AtMost)
            }
        },
        serial: keys.require_serial.unwrap_or(false),
        env: keys.env.clone(),
        origin: match &hook.from {
            From::Clone(url, rev, _) | From::Absent(url, rev) => Some((url.clone(), rev.clone())),
            From::Native(_, place) => place.clone(),
            From::Local | From::Meta => None,
        },
        dependencies: list(&keys.additional_dependencies).unwrap_or_default(),
        planned,
    }
}

fn chooses(hook: &Resolved<'_>) -> Chooses {
    let own = hook.own;
    let usual = builtin::manifest(own.id()).unwrap_or_default();
    let differs = |own: &Option<Vec<Placed<String>>>, usual: &Option<Vec<Placed<String>>>| {
        own.is_some() && list(own) != list(usual)
    };
    Chooses {
        types: differs(&own.types, &usual.types)
            || own.types_or.as_ref().is_some_and(|words| !words.is_empty())
            || own
                .exclude_types
                .as_ref()
                .is_some_and(|words| !words.is_empty()),
        paths: own.files.is_some() || own.exclude.is_some(),
    }
}

fn text(value: &Option<Placed<String>>) -> Option<String> {
    value.as_ref().map(|value| value.value.clone())
}

fn list(values: &Option<Vec<Placed<String>>>) -> Option<Vec<String>> {
    let values = values.as_ref()?;
    Some(values.iter().map(|value| value.value.clone()).collect())
}

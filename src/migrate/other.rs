//! The configurations of lefthook, husky and lint-staged, once read: what becomes of them.

use super::draft::{Draft, Left};
use super::{Migration, Target};
use crate::command::{Candidate, GivenUp};
use crate::config::ConfigError;
use std::path::Path;

/// Says whether a hook of the old configuration gets a file.
pub type Selector<'a> = Box<dyn Fn(&Candidate<'_>) -> Result<bool, GivenUp> + 'a>;

/// A configuration that is not pre-commit's.
#[derive(Debug, Clone)]
pub struct Other {
    pub(super) hooks: Vec<OldHook>,
    pub(super) files: Vec<String>,
    pub(super) left: Vec<Left>,
    pub(super) comments: Vec<String>,
}

impl Other {
    /// The files it was read from.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        self.files.clone()
    }
}

/// A hook of such a configuration, in the words of `hookd.toml`.
#[derive(Debug, Clone, Default)]
pub(super) struct OldHook {
    pub(super) id: String,
    pub(super) stage: String,
    pub(super) comments: Vec<String>,
    /// The command as text for a shell.
    pub(super) run: String,
    /// Keys of `hookd.toml` with their values in TOML, beside `run` and `stages`.
    pub(super) keys: Vec<(&'static str, String)>,
    /// How files are chosen, as the old tool reads it.
    pub(super) chosen: Chosen,
}

/// How a hook of another tool chooses its files.
#[derive(Debug, Clone, Default)]
pub(super) struct Chosen {
    pub(super) globs: Vec<String>,
    pub(super) exclude: Vec<String>,
    pub(super) root: Option<String>,
    /// Globs without a slash are for names in any folder, as with lint-staged, and not for names at the top.
    pub(super) names: bool,
    /// `*` stops at a slash.
    pub(super) strict: bool,
}

/// The bytes of a file; `None` where it is not there.
pub(super) fn read(root: &Path, name: &str) -> Result<Option<Vec<u8>>, ConfigError> {
    use std::io::ErrorKind::{IsADirectory, NotADirectory, NotFound};
    match std::fs::read(root.join(name)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if matches!(error.kind(), NotFound | NotADirectory | IsADirectory) => Ok(None),
        Err(error) => Err(ConfigError::new(name, "", 0..0, error.to_string())),
    }
}

/// Makes a `hookd.toml` of it.
///
/// # Errors
/// None so far: the kind is for the caller, who has one for all configurations.
pub fn from_other(other: &Other) -> Result<Migration, ConfigError> {
    let mut draft = Draft {
        from: other.files.join(", "),
        comments: other.comments.clone(),
        ..Draft::default()
    };
    let mut targets = Vec::new();
    for hook in &other.hooks {
        let mut new = super::draft::Hook {
            id: draft.free_id(&hook.id),
            comments: hook.comments.clone(),
            keys: vec![("run", super::quote::text(&hook.run))],
        };
        new.keys.extend(hook.keys.iter().cloned());
        if hook.stage != "pre-commit" {
            new.set("stages", super::quote::list(&[&hook.stage]));
        }
        targets.push(Target::Hook(new.id.clone()));
        draft.hooks.push(new);
    }
    let mut stages: Vec<String> = Vec::new();
    for hook in &other.hooks {
        if !stages.contains(&hook.stage) {
            stages.push(hook.stage.clone());
        }
    }
    if stages != ["pre-commit"] {
        draft.hook_types = stages;
    }
    Ok(Migration {
        text: draft.text(),
        left: other.left.clone(),
        notes: Vec::new(),
        targets,
    })
}

/// For each hook its id and the files it gets, as the old tool chooses them.
///
/// # Errors
/// A glob that cannot be read.
pub fn selectors(other: &Other) -> Result<Vec<(String, Selector<'_>)>, ConfigError> {
    let file = other.files.first().cloned().unwrap_or_default();
    let mut all: Vec<(String, Selector<'_>)> = Vec::new();
    for hook in &other.hooks {
        let wrong =
            |reason: String| ConfigError::new(&file, "", 0..0, format!("`{}`: {reason}", hook.id));
        let chosen = super::oldglob::OldGlobs::new(&hook.chosen).map_err(wrong)?;
        let selector: Selector<'_> = Box::new(move |file| {
            let is_link = file.kind() == crate::model::FileKind::Symlink;
            Ok(!is_link && chosen.matches(&file.path.to_text()))
        });
        all.push((hook.id.clone(), selector));
    }
    Ok(all)
}

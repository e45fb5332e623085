//! From hooks as written to hooks with all their keys: what the manifest says, and what the configuration says over it.

use super::builtin;
use super::cache::{Cache, Entry};
use super::document::{Document, Origin, Repo};
use super::keys::{HookKeys, Pass};
use super::known::{self, Known};
use super::manifest::Manifest;
use super::node::{Placed, Source};
use crate::config::{ConfigError, suggest};
use std::path::Path;

/// The hooks of `meta` (<https://pre-commit.com/#meta-hooks>).
pub(super) const META: [&str; 3] = ["check-hooks-apply", "check-useless-excludes", "identity"];

/// Where a hook comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum From {
    /// It is written out in the configuration.
    Local,
    /// It checks the configuration.
    Meta,
    /// hookd does its work; the address and revision it was asked for from, where there is one.
    Native(Known, Option<(String, String)>),
    /// From a clone that is there.
    Clone(String, String, Entry),
    /// From a clone that is not there.
    Absent(String, String),
}

/// A hook with all its keys.
#[derive(Debug, Clone)]
pub(super) struct Resolved<'d> {
    pub(super) from: From,
    pub(super) keys: HookKeys,
    /// The configuration, and which keys it writes itself.
    pub(super) source: &'d Source,
    pub(super) own: &'d HookKeys,
    /// The manifest that the other keys are from.
    pub(super) manifest: Option<Source>,
}

/// Every hook of `document`, in order. `native` is the top of the worktree, where hookd does the work of hooks it knows.
///
/// # Errors
/// A hook that its repository does not offer, or a local one that lacks a key.
pub(super) fn resolve<'d>(
    document: &'d Document,
    cache: Option<&Cache>,
    native: Option<&Path>,
) -> Result<Vec<Resolved<'d>>, ConfigError> {
    let mut all = Vec::new();
    for repo in &document.repos {
        let clone = CloneOf::of(repo, cache);
        for hook in &repo.hooks {
            all.push(one(document, repo, hook, &clone, native)?);
        }
    }
    Ok(all)
}

/// The clone of a repository, with its manifest read once, when a hook asks for it.
struct CloneOf {
    entry: Option<Entry>,
    manifest: std::cell::OnceCell<Result<Manifest, ConfigError>>,
}

impl CloneOf {
    fn of(repo: &Repo, cache: Option<&Cache>) -> Self {
        let entry = match (&repo.origin, cache) {
            (Origin::Remote { url, rev }, Some(cache)) => {
                Some(cache.clone_of(&url.value, &rev.value))
            }
            _ => None,
        };
        Self {
            entry: entry.filter(Entry::is_ready),
            manifest: std::cell::OnceCell::new(),
        }
    }

    fn manifest(&self, entry: &Entry, url: &str) -> Result<&Manifest, ConfigError> {
        let name = format!("{} of {url}", super::manifest::FILE_NAME);
        let read = self
            .manifest
            .get_or_init(|| Manifest::read(&entry.dir, &name));
        read.as_ref().map_err(Clone::clone)
    }
}

fn one<'d>(
    document: &'d Document,
    repo: &Repo,
    hook: &'d HookKeys,
    clone: &CloneOf,
    native: Option<&Path>,
) -> Result<Resolved<'d>, ConfigError> {
    let source = &document.source;
    let mut manifest = None;
    let (from, keys) = match &repo.origin {
        Origin::Local => {
            complete(source, hook)?;
            (From::Local, hook.clone())
        }
        Origin::Meta => (From::Meta, meta(source, hook)?.with(hook)),
        Origin::Builtin => {
            let Some(facts) = builtin::manifest(hook.id()) else {
                return Err(no_such(source, hook, "hookd has no built-in hook", &[]));
            };
            (From::Native(Known::Hygiene, None), facts.with(hook))
        }
        Origin::Remote { url, rev } => {
            let place = (url.value.clone(), rev.value.clone());
            match (
                native.and_then(|root| stand_in(&url.value, hook, root)),
                &clone.entry,
            ) {
                (Some(known), _) => {
                    let facts = known::manifest(&known, hook.id());
                    (
                        From::Native(known, Some(place)),
                        facts.unwrap_or_default().with(hook),
                    )
                }
                (None, None) => (From::Absent(place.0, place.1), hook.clone()),
                (None, Some(entry)) => {
                    let offered = clone.manifest(entry, &url.value)?;
                    let Some(keys) = offered.hook(hook.id()) else {
                        let ids: Vec<&str> = offered.hooks.iter().map(HookKeys::id).collect();
                        let what = format!("{} at {} offers no hook", url.value, rev.value);
                        return Err(no_such(source, hook, &what, &ids));
                    };
                    complete(&offered.source, keys)?;
                    manifest = Some(offered.source.clone());
                    (
                        From::Clone(place.0, place.1, entry.clone()),
                        keys.with(hook),
                    )
                }
            }
        }
    };
    let mut resolved = Resolved {
        from,
        keys,
        source,
        own: hook,
        manifest,
    };
    resolved.fill(document);
    Ok(resolved)
}

/// What hookd does instead of the hook, unless the configuration changes what the hook runs.
fn stand_in(url: &str, hook: &HookKeys, root: &Path) -> Option<Known> {
    if hook.entry.is_some() || hook.language.is_some() || hook.additional_dependencies.is_some() {
        return None;
    }
    let args: Vec<&str> = hook
        .args
        .iter()
        .flatten()
        .map(|arg| arg.value.as_str())
        .collect();
    known::known(url, hook.id(), &args, root)
}

fn no_such(source: &Source, hook: &HookKeys, what: &str, ids: &[&str]) -> ConfigError {
    let span = hook
        .id
        .as_ref()
        .map_or(hook.span.clone(), |id| id.span.clone());
    let error = source.error(&span, format!("{what} `{}`", hook.id()));
    if ids.is_empty() {
        error.with_help("see the list in docs/scanners/hygiene.md")
    } else {
        error.with_help(suggest(hook.id(), ids.iter().copied()))
    }
}

/// Whether a hook that is written out has what it needs.
fn complete(source: &Source, hook: &HookKeys) -> Result<(), ConfigError> {
    let id = hook
        .id
        .as_ref()
        .map_or(hook.span.clone(), |id| id.span.clone());
    for (key, value, help) in [
        ("entry", &hook.entry, "entry: the command to run"),
        (
            "language",
            &hook.language,
            "language: system, for a command that is on PATH",
        ),
    ] {
        if value.is_none() {
            let message = format!("the hook `{}` has no `{key}`", hook.id());
            return Err(source.error(&id, message).with_help(help));
        }
    }
    Ok(())
}

/// The keys that pre-commit gives its own hooks.
fn meta(source: &Source, hook: &HookKeys) -> Result<HookKeys, ConfigError> {
    if !META.contains(&hook.id()) {
        return Err(no_such(source, hook, "`meta` has no hook", &META));
    }
    let identity = hook.id() == "identity";
    let files = format!("^{}$", source.file.replace('.', r"\."));
    Ok(HookKeys {
        files: (!identity).then(|| Placed::new(files, 0..0)),
        verbose: identity.then_some(true),
        ..HookKeys::default()
    })
}

impl Resolved<'_> {
    /// Takes the defaults of the top of the configuration where nothing else is said.
    fn fill(&mut self, document: &Document) {
        if self.keys.stages.is_none() {
            self.keys.stages.clone_from(&document.default_stages);
        }
        let language = self.language().to_owned();
        let version = self
            .keys
            .language_version
            .as_ref()
            .map(|version| version.value.as_str());
        if matches!(version, None | Some("default")) {
            let default = document
                .language_versions
                .iter()
                .find(|(name, _)| *name == language);
            if let Some((_, version)) = default {
                self.keys.language_version = Some(version.clone());
            }
        }
    }

    /// The language; empty for hooks of hookd's own.
    pub(super) fn language(&self) -> &str {
        self.keys
            .language
            .as_ref()
            .map_or("", |language| language.value.as_str())
    }

    /// The arguments.
    pub(super) fn args(&self) -> Vec<String> {
        self.keys
            .args
            .iter()
            .flatten()
            .map(|arg| arg.value.clone())
            .collect()
    }

    /// Whether file names are handed over.
    pub(super) fn passes_files(&self) -> Pass {
        self.keys.pass_filenames.unwrap_or(Pass::Flag(true))
    }

    /// An error at the value of a key, in the file that wrote it. `item` is a position in a list.
    pub(super) fn error(&self, key: &str, item: usize, message: String) -> ConfigError {
        let (source, keys) = match (self.own.places(key), &self.manifest) {
            (None, Some(manifest)) => (manifest, &self.keys),
            _ => (self.source, self.own),
        };
        let places = keys.places(key).unwrap_or_default();
        let span = places.get(item).or(places.first()).cloned();
        let fallback = self
            .own
            .id
            .as_ref()
            .map_or(self.own.span.clone(), |id| id.span.clone());
        match span {
            Some(span) => source.error(&span, message),
            None => self.source.error(&fallback, message),
        }
    }
}

impl HookKeys {
    /// Where the values of `key` stand; `None` where it is not written.
    fn places(&self, key: &str) -> Option<Vec<std::ops::Range<usize>>> {
        let text =
            |value: &Option<Placed<String>>| value.as_ref().map(|value| vec![value.span.clone()]);
        let list = |values: &Option<Vec<Placed<String>>>| {
            values
                .as_ref()
                .map(|values| values.iter().map(|value| value.span.clone()).collect())
        };
        match key {
            "files" => text(&self.files),
            "exclude" => text(&self.exclude),
            "entry" => text(&self.entry),
            "language" => text(&self.language),
            "types" => list(&self.types),
            "types_or" => list(&self.types_or),
            "exclude_types" => list(&self.exclude_types),
            "stages" => list(&self.stages),
            "args" => list(&self.args),
            _ => None,
        }
    }
}

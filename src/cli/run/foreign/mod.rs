//! Runs of repositories whose hooks stand in `.pre-commit-config.yaml` or `prek.toml`, and that have no `hookd.toml`.

mod judge;
mod meta;
mod native;
mod rest;
mod surroundings;

pub(super) use judge::ForeignRun;

use super::super::context::Context;
use super::super::error::CliError;
use super::super::terminal::Terminal;
use crate::command::{Environment, STAGES};
use crate::config::{self, FILE_NAME, suggest};
use crate::env;
use crate::git::{BlobReader, interrupted};
use crate::install::CommandText;
use crate::model::Mode;
use crate::precommit::{
    Cache, Document, FILE_NAMES, Placed, Planned, Settings, Tools, Unready, plan, prepare,
};
use std::io;
use std::path::Path;

/// A configuration of another tool that counts here.
pub(in crate::cli) struct Foreign {
    /// The configuration as written.
    pub(in crate::cli) document: Document,
    cache: Option<Cache>,
    native: bool,
}

/// What came of preparing hooks.
pub(in crate::cli) enum Ready {
    /// Everything is there.
    Yes,
    /// These are not.
    No(Vec<Unready>),
}

impl Foreign {
    /// The configuration that counts: none where `documents` have a `hookd.toml`; for a commit what is staged, as
    /// everything else that is judged.
    ///
    /// # Errors
    /// It cannot be read, or is broken.
    pub(in crate::cli) fn find(
        context: &Context,
        mode: Mode,
        blobs: Option<&BlobReader>,
        documents: &[config::Document],
        native: bool,
    ) -> Result<Option<Self>, CliError> {
        let has_own = documents.iter().any(|document| document.file == FILE_NAME);
        // Where a push arrives there is no worktree that hooks could work in.
        if has_own || context.is_receiver() {
            return Ok(None);
        }
        for name in FILE_NAMES {
            let Some(bytes) = content(context, mode, blobs, name)? else {
                continue;
            };
            return Ok(Some(Self::with(Document::parse(name, bytes)?, native)));
        }
        Ok(None)
    }

    /// The other tool's configuration that is not read, because there is a `hookd.toml` in `documents`.
    pub(in crate::cli) fn passed_over(
        context: &Context,
        documents: &[config::Document],
    ) -> Option<&'static str> {
        let has_own = documents.iter().any(|document| document.file == FILE_NAME);
        let is_there = |name: &&str| has_own && context.root.join(name).exists();
        FILE_NAMES.into_iter().find(is_there)
    }

    /// The configuration that counts in the worktree, beside what `documents` say (see [`Foreign::find`]).
    ///
    /// # Errors
    /// It cannot be read, or is broken.
    pub(in crate::cli) fn in_worktree(
        context: &Context,
        documents: &[config::Document],
        native: bool,
    ) -> Result<Option<Self>, CliError> {
        Self::find(context, Mode::Files, None, documents, native)
    }

    /// `document` with the user's cache.
    pub(in crate::cli) fn with(document: Document, native: bool) -> Self {
        Self {
            document,
            cache: env::cache_dir().map(Cache::new),
            native,
        }
    }

    /// What it is read with.
    pub(in crate::cli) fn settings<'a>(&'a self, root: &'a Path) -> Settings<'a> {
        Settings {
            native: self.native,
            cache: self.cache.as_ref(),
            root,
            path: env::var(env::PATH).unwrap_or_default(),
        }
    }

    /// Every hook, in order.
    ///
    /// # Errors
    /// The first mistake.
    pub(in crate::cli) fn plan(&self, root: &Path) -> Result<Vec<Planned>, CliError> {
        Ok(plan(&self.document, &self.settings(root))?)
    }

    /// Fetches and makes what the hooks need.
    ///
    /// # Errors
    /// A mistake in a manifest.
    pub(in crate::cli) fn prepare(
        &self,
        root: &Path,
        terminal: &Terminal,
    ) -> Result<Ready, CliError> {
        let say = sayer(terminal);
        let unready = prepare(&self.document, &self.settings(root), &tools(&say))?;
        Ok(if unready.is_empty() {
            Ready::Yes
        } else {
            Ready::No(unready)
        })
    }

    /// The git hooks that `hookd install` is to stand for.
    ///
    /// # Errors
    /// git has no such hook.
    pub(in crate::cli) fn hook_types(&self) -> Result<Vec<&'static str>, CliError> {
        let Some(names) = &self.document.install else {
            return Ok(vec!["pre-commit"]);
        };
        let known = || STAGES.into_iter().filter(|stage| *stage != "manual");
        let one = |name: &Placed<String>| {
            known().find(|stage| *stage == name.value).ok_or_else(|| {
                let error = self
                    .document
                    .source
                    .error(&name.span, format!("git has no hook `{}`", name.value));
                CliError::from(error.with_help(suggest(&name.value, known())))
            })
        };
        names.iter().map(one).collect()
    }
}

/// Says what tools are doing.
pub(in crate::cli) fn sayer(terminal: &Terminal) -> impl Fn(&str) {
    |line: &str| terminal.note(&format!("hookd: {}", crate::text::printable(line)))
}

/// Tools with the environment of the process, without what binds git to the repository at hand.
pub(in crate::cli) fn tools<'a>(say: &'a dyn Fn(&str)) -> Tools<'a> {
    Tools {
        environment: Environment::scrubbed(env::all()),
        interrupted: &interrupted,
        say,
    }
}

/// What consent is asked for.
pub(in crate::cli) fn texts_of(hooks: &[Planned]) -> Vec<CommandText> {
    let run = hooks
        .iter()
        .filter_map(|hook| Some((hook, hook.consent.as_ref()?)));
    run.map(|(hook, text)| CommandText {
        id: hook.id.clone(),
        text: text.clone(),
    })
    .collect()
}

fn content(
    context: &Context,
    mode: Mode,
    blobs: Option<&BlobReader>,
    name: &str,
) -> Result<Option<Vec<u8>>, CliError> {
    if let (Mode::Staged, Some(repo), Some(blobs)) = (mode, &context.repo, blobs)
        && let Some(bytes) = repo.staged_file(name, blobs)?
    {
        return Ok(Some(bytes));
    }
    match std::fs::read(context.root.join(name)) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error)
            if matches!(
                error.kind(),
                io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
            ) =>
        {
            Ok(None)
        }
        Err(error) => Err(CliError::usage(
            format!("{name}: {error}"),
            "make it readable, or take it away",
        )),
    }
}

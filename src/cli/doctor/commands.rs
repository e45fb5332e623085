//! The command hooks: whether their programs are there, and whether they may run.

use super::{Findings, count};
use crate::cli::context::Context;
use crate::cli::error::CliError;
use crate::cli::install::usual_types;
use crate::cli::run::{Foreign, configured, texts, texts_of};
use crate::command::{Environment, Hook, missing_program};
use crate::config::{Config, Document};
use crate::env;
use crate::install::{CommandText, Consent};
use crate::text::printable;

/// What the configuration asks for.
pub(super) struct Setup {
    hooks: Vec<Hook>,
    texts: Vec<CommandText>,
    foreign_file: Option<String>,
    require_trust: bool,
    /// The git hooks that hookd should stand for.
    pub(super) wanted: Vec<&'static str>,
}

impl Setup {
    /// Reads it.
    ///
    /// # Errors
    /// The first mistake.
    pub(super) fn new(
        context: &Context,
        documents: &[Document],
        config: &Config<'_>,
    ) -> Result<Self, CliError> {
        let hooks = configured(config)?;
        let native = config.precommit_native;
        let foreign = Foreign::in_worktree(context, documents, native)?;
        let mut texts = texts(&hooks);
        if let Some(foreign) = &foreign {
            texts.extend(texts_of(&foreign.plan(&context.root)?));
        }
        Ok(Self {
            wanted: usual_types(context, documents, config, &hooks, foreign.as_ref())?,
            foreign_file: foreign.map(|one| one.document.source.file),
            require_trust: config.require_trust,
            hooks,
            texts,
        })
    }

    /// The configuration of another tool that counts here.
    pub(super) fn foreign_file(&self) -> Option<&str> {
        self.foreign_file.as_deref()
    }
}

/// Looks for the programs, and at the record of consent.
pub(super) fn look(context: &Context, setup: &Setup, found: &mut Findings) {
    if setup.texts.is_empty() {
        return;
    }
    let environment = Environment::scrubbed(env::all());
    let mut missing = 0;
    for hook in &setup.hooks {
        if let Some(program) = missing_program(hook, &environment, &context.root) {
            missing += 1;
            found.broken("tools", program.message(), program.help());
        }
    }
    if missing == 0 && !setup.hooks.is_empty() {
        let number = count(setup.hooks.len(), "command", "commands");
        found.fine("tools", format!("the programs of {number} are there"));
    }
    consent(context, setup, found);
}

fn consent(context: &Context, setup: &Setup, found: &mut Findings) {
    let Some(repo) = &context.repo else { return };
    let consent = Consent::read(&repo.common_dir());
    if !consent.is_given() {
        return found.broken(
            "consent",
            "commands of a configuration run after an install in this clone only",
            "hookd install",
        );
    }
    let unknown = consent.unknown(&setup.texts);
    if unknown.is_empty() {
        return found.fine("consent", "every command may run here");
    }
    let ids: Vec<&str> = unknown.iter().map(|command| command.id.as_str()).collect();
    let ids = printable(&ids.join(", ")).into_owned();
    if setup.require_trust {
        found.broken(
            "consent",
            format!("new or changed, so they do not run: {ids}"),
            TRUST,
        );
    } else {
        found.look(
            "consent",
            format!("new or changed, named at the next run: {ids}"),
            TRUST,
        );
    }
}

const TRUST: &str = "look at them (hookd config show), then: hookd trust";

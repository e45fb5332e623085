//! Which git hooks should call hookd here, and whether git will.

use super::super::error::CliError;
use super::{Site, types, verify};
use crate::git::{self, GitScope, Repo};
use crate::install::{self, Script, callable, called_program};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Whether git calls hookd at a hook.
#[derive(Debug)]
pub(in crate::cli) enum Called {
    /// It does.
    Yes,
    /// Nothing was installed for it.
    Missing,
    /// It was installed, and git does not come to it.
    InVain {
        /// Why.
        message: String,
        /// What to do.
        hint: String,
    },
}

/// A hook that should call hookd.
#[derive(Debug)]
pub(in crate::cli) struct ExpectedHook {
    /// git's name for it.
    pub(in crate::cli) hook: String,
    /// Whether it does.
    pub(in crate::cli) called: Called,
}

/// What there should be.
#[derive(Debug)]
pub(in crate::cli) struct Expected {
    /// The hooks, in hookd's order.
    pub(in crate::cli) hooks: Vec<ExpectedHook>,
    /// The programs that they call, each once.
    pub(in crate::cli) programs: BTreeSet<PathBuf>,
}

impl Expected {
    /// Looks at the hooks that are `wanted`, and at those that were installed.
    ///
    /// # Errors
    /// git cannot be asked, or a script cannot be read.
    pub(in crate::cli) fn look(repo: &Repo, wanted: &[&'static str]) -> Result<Self, CliError> {
        let site = Site::new(repo)?;
        let mut expected = Self {
            hooks: Vec::new(),
            programs: BTreeSet::new(),
        };
        for hook in types::all() {
            let written = site.is_written(hook)?;
            if !written && !wanted.contains(&hook) {
                continue;
            }
            let called = match called(&site, hook)? {
                Some(program) => {
                    expected.programs.extend(program);
                    Called::Yes
                }
                None if written => in_vain(&site, hook).into(),
                None => Called::Missing,
            };
            expected.hooks.push(ExpectedHook {
                hook: hook.to_owned(),
                called,
            });
        }
        Ok(expected)
    }
}

impl Site<'_> {
    fn is_written(&self, hook: &str) -> Result<bool, CliError> {
        let configured = self.configured.iter().any(|event| event == hook);
        Ok(configured || install::has_shim(&self.folder, hook)?)
    }
}

/// `None` where git does not come to hookd; else the program that is called, where the script names one.
fn called(site: &Site<'_>, hook: &str) -> Result<Option<Option<PathBuf>>, CliError> {
    let name = install::configured_name(hook);
    if site.reads_configuration && site.repo.listed_hooks(hook)?.contains(&name) {
        let key = format!("hook.{name}.command");
        for scope in [GitScope::Local, GitScope::Global] {
            if let Some(command) = git::values(site.repo.root(), scope, &key)?.last() {
                return Ok(Some(called_program(command.as_bytes())));
            }
        }
        return Ok(Some(None));
    }
    let runs = site.repo.asked_hook_path(hook)?;
    let own = site.repo.own_hooks_dir().join(hook);
    let script = match callable(&runs) {
        Some(Script::Calls) => runs,
        Some(Script::PassesOn) if callable(&own) == Some(Script::Calls) => own,
        _ => return Ok(None),
    };
    let text = std::fs::read(&script).unwrap_or_default();
    Ok(Some(called_program(&text)))
}

/// Why git does not come to what was installed.
fn in_vain(site: &Site<'_>, hook: &str) -> CliError {
    if let Err(error) = verify::folder(site) {
        return error;
    }
    let found = if site.configured.iter().any(|event| event == hook) {
        verify::configured(site, hook)
    } else {
        verify::shim(site, hook)
    };
    found.err().unwrap_or_else(|| {
        CliError::usage(
            "hookd is installed, but git does not call it",
            "hookd install",
        )
    })
}

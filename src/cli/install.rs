//! `hookd install` and `hookd uninstall`.

use super::args::HookTypes;
use super::context::Context;
use super::error::CliError;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::git::Repo;
use crate::install::{self, Installed, Removed};
use std::path::{Path, PathBuf};

/// The git hooks a shim can be written for.
const HOOKS: [&str; 1] = ["pre-commit"];

pub(super) fn install(given: &HookTypes, terminal: &Terminal) -> Result<Exit, CliError> {
    let repo = Context::open_repo()?;
    let hookd = program()?;
    let hooks = repo.hooks_dir()?;
    for hook in known(given)? {
        let path = shown(&repo, &hooks.path.join(hook));
        let done = match install::install(&hooks.path, hook, &hookd)? {
            Installed::New => format!("{hook}: wrote {path}"),
            Installed::Updated => format!("{hook}: brought {path} up to date"),
            Installed::Unchanged => format!("{hook}: {path} is in place already"),
            Installed::Chained(kept) => {
                format!(
                    "{hook}: wrote {path}; the hook that was there runs first, from {}",
                    shown(&repo, &kept)
                )
            }
        };
        terminal.say(&done)?;
    }
    if hooks.shared {
        terminal.say("  core.hooksPath names this folder for other repositories too: they are checked as well")?;
    }
    terminal
        .say("  every commit is checked from now on; to check what is there: hookd run --all")?;
    Ok(Exit::Clean)
}

pub(super) fn uninstall(given: &HookTypes, terminal: &Terminal) -> Result<Exit, CliError> {
    let repo = Context::open_repo()?;
    let hooks = repo.hooks_dir()?;
    for hook in known(given)? {
        let path = shown(&repo, &hooks.path.join(hook));
        let done = match install::uninstall(&hooks.path, hook)? {
            Removed::Removed => format!("{hook}: took {path} out"),
            Removed::Restored => format!("{hook}: put back the hook that was at {path} before"),
            Removed::NotThere => format!("{hook}: there is no hook at {path}"),
            Removed::Foreign => format!("{hook}: {path} is not hookd's; left alone"),
        };
        terminal.say(&done)?;
    }
    Ok(Exit::Clean)
}

fn known(given: &HookTypes) -> Result<impl Iterator<Item = &str>, CliError> {
    match given
        .hook_types
        .iter()
        .find(|hook| !HOOKS.contains(&hook.as_str()))
    {
        Some(hook) => Err(CliError::usage(
            format!("hookd cannot stand for the git hook `{hook}`"),
            format!("known: {}", HOOKS.join(", ")),
        )),
        None => Ok(given.hook_types.iter().map(String::as_str)),
    }
}

/// The program the shim is to call: this one, by the path it was started from, links resolved only where that is needed.
fn program() -> Result<PathBuf, CliError> {
    std::env::current_exe().map_err(|error| {
        CliError::usage(
            format!("cannot tell where hookd itself is: {error}"),
            "start it by its full path",
        )
    })
}

fn shown(repo: &Repo, path: &Path) -> String {
    path.strip_prefix(repo.root())
        .unwrap_or(path)
        .display()
        .to_string()
}

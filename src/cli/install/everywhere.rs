//! `hookd install --global` and `hookd uninstall --global`: every repository of a user.

use super::super::args::Install;
use super::super::context::configuration;
use super::super::error::CliError;
use super::super::layers::user_documents;
use super::super::terminal::Terminal;
use super::{configured_line, data_dir, program, types};
use crate::env;
use crate::exit::Exit;
use crate::git::{self, GitScope};
use crate::install::{self, Everywhere, Installed, Removed, UserConfig};
use std::path::PathBuf;

pub(super) fn install(given: &Install, terminal: &Terminal) -> Result<Exit, CliError> {
    let documents = user_documents()?;
    let types = types::wanted(given, &configuration(&documents)?, &[], None, false)?;
    let (home, data) = (here(), data_dir()?);
    let user = user_config()?;
    let program = program()?;
    if install::git_reads_configuration(&home)? {
        for hook in &types {
            let done =
                user.remember(|| install::configure(&home, GitScope::Global, hook, &program))?;
            terminal.say(&configured_line(hook, &done))?;
            let name = install::configured_name(hook);
            if !git::listed_hooks(&home, hook)?.contains(&name) {
                return Err(CliError::usage(
                    format!("git does not run hook.{name}, though it is in its configuration"),
                    format!("see: git config --show-origin --get-regexp 'hook\\.{name}\\.'"),
                ));
            }
        }
    } else {
        let everywhere = Everywhere::new(&data);
        let all: Vec<&str> = types::all()
            .filter(|hook| *hook != "push-to-checkout")
            .collect();
        let done = everywhere.install(&home, &user, (&all, &types), &program)?;
        let folder = everywhere.folder().display();
        terminal.say(&match done {
            Installed::Unchanged => format!("core.hooksPath names {folder} already"),
            Installed::Updated => format!("brought {folder} up to date"),
            Installed::New | Installed::Chained(_) => format!(
                "core.hooksPath of your git configuration names {folder};\nthe hooks of each repository are run from there"
            ),
        })?;
    }
    terminal.say("  every commit of yours is checked from now on")?;
    terminal.say("  commands of a repository's hookd.toml run after `hookd install` there")?;
    Ok(Exit::Clean)
}

pub(super) fn uninstall(terminal: &Terminal) -> Result<Exit, CliError> {
    let (home, data) = (here(), data_dir()?);
    let user = user_config()?;
    let events = install::configured_events(&home, GitScope::Global)?;
    if !events.is_empty() {
        user.give_back(|| {
            let mut each = events.iter();
            each.try_for_each(|event| install::deconfigure(&home, GitScope::Global, event))
        })?;
        terminal.say("took hookd out of your git configuration")?;
    }
    let removed = Everywhere::new(&data).uninstall(&home, &user)?;
    if removed == Removed::NotThere && events.is_empty() {
        terminal.say("hookd is not installed for all repositories")?;
    } else if removed != Removed::NotThere {
        terminal.say("core.hooksPath is as it was before")?;
    }
    Ok(Exit::Clean)
}

/// Any folder does: only the user's configuration is read and written.
fn here() -> PathBuf {
    std::env::current_dir().unwrap_or_else(|_| PathBuf::from("/"))
}

fn user_config() -> Result<UserConfig, CliError> {
    let file = env::git_user_config().ok_or_else(|| {
        CliError::usage(
            "there is no place for a git configuration of yours: HOME is not set",
            "set HOME",
        )
    })?;
    Ok(UserConfig::new(file, &data_dir()?))
}

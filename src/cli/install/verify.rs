//! Whether git will really call hookd, as git itself tells it. A hook that is written and never run is worse than none.

use super::super::error::CliError;
use super::{Site, shown};
use crate::git::Setting;
use crate::install::{Script, callable, configured_name};
use std::path::Path;

/// Whether git runs hooks from a folder that a shim can be put into.
///
/// # Errors
/// It runs none, or the folder is one for this command only.
pub(super) fn folder(site: &Site<'_>) -> Result<(), CliError> {
    let Some(setting) = &site.git_says.setting else {
        return Ok(());
    };
    let from = place(setting);
    if site.git_says.is_off() {
        let value = if setting.value.is_empty() {
            "set to nothing".to_owned()
        } else {
            String::from_utf8_lossy(&setting.value).into_owned()
        };
        let message = format!("core.hooksPath is {value} ({from}), so git runs no hooks here");
        return Err(CliError::usage(message, take_away(setting)));
    }
    if setting.scope == "command" {
        let message = format!(
            "core.hooksPath is {} for this one command only ({from}): git would not look there at a commit",
            String::from_utf8_lossy(&setting.value)
        );
        return Err(CliError::usage(message, take_away(setting)));
    }
    Ok(())
}

/// Whether git will run the shim of `hook` that was just written.
///
/// # Errors
/// It will not; why.
pub(super) fn shim(site: &Site<'_>, hook: &str) -> Result<(), CliError> {
    let written = site.folder.join(hook);
    if callable(&written) != Some(Script::Calls) {
        return Err(CliError::usage(
            format!(
                "git cannot run {}: no program can be started from that folder (a file system mounted with noexec?)",
                shown(site.repo, &written)
            ),
            "name a folder where programs can run: git config core.hooksPath DIR, then: hookd install",
        ));
    }
    let runs = site.repo.asked_hook_path(hook)?;
    if same(&runs, &written) {
        return Ok(());
    }
    // The folder for all repositories, whose scripts run those of the repository.
    match callable(&runs) {
        Some(Script::Calls | Script::PassesOn) => Ok(()),
        _ => Err(CliError::usage(
            format!(
                "git runs {} and not {}, which was just written",
                runs.display(),
                shown(site.repo, &written)
            ),
            "bring hookd's folder for all repositories up to date: hookd install --global",
        )),
    }
}

/// Whether git lists what was just configured for `hook`.
///
/// # Errors
/// It does not; why.
pub(super) fn configured(site: &Site<'_>, hook: &str) -> Result<(), CliError> {
    let name = configured_name(hook);
    if site.repo.listed_hooks(hook)?.contains(&name) {
        return Ok(());
    }
    Err(CliError::usage(
        format!(
            "git does not run hook.{name}, though it is in its configuration: it may be switched off"
        ),
        format!("see: git config --show-origin --get-regexp 'hook\\.({name}|{hook})\\.enabled'"),
    ))
}

fn same(one: &Path, other: &Path) -> bool {
    one == other || matches!((one.canonicalize(), other.canonicalize()), (Ok(a), Ok(b)) if a == b)
}

fn place(setting: &Setting) -> String {
    let file = setting.origin.strip_prefix("file:");
    match file {
        Some(file) => format!("{} configuration, {file}", setting.scope),
        None => "from the command line or the environment".to_owned(),
    }
}

fn take_away(setting: &Setting) -> String {
    match setting.scope.as_str() {
        "command" => {
            "take it out of the environment: GIT_CONFIG_COUNT, GIT_CONFIG_PARAMETERS".to_owned()
        }
        scope => format!("git config --{scope} --unset core.hooksPath, then: hookd install"),
    }
}

//! Which git hooks an install is for.

use super::super::args::Install;
use super::super::error::CliError;
use crate::command::{Hook, STAGES, cannot_stand_for, read_default_hook_types};
use crate::config::{Config, suggest};
use crate::scan::is_message_configured;

/// What `--all-types` means: every hook that git runs for its user, but for those it runs at each change of a ref or of the
/// index, which cost time and stop nothing that a person does.
const CLIENT: [&str; 12] = [
    "pre-commit",
    "pre-merge-commit",
    "prepare-commit-msg",
    "commit-msg",
    "post-commit",
    "pre-rebase",
    "post-checkout",
    "post-merge",
    "pre-push",
    "post-rewrite",
    "applypatch-msg",
    "pre-applypatch",
];
/// git updates the worktree itself where there is no such hook, and leaves that to the hook where there is one.
const CHECKOUT: &str = "push-to-checkout";

/// Every hook that git may run, in hookd's order.
pub(super) fn all() -> impl Iterator<Item = &'static str> {
    STAGES.into_iter().filter(|stage| *stage != "manual")
}

/// The git hooks to stand for: those that were named on the command line, else in `default_hook_types`, else every one that
/// a command names and the one without which nothing is checked: pre-commit, or pre-receive in a bare repository. `foreign`
/// are those of another tool's configuration, which stand in the place of the latter.
///
/// # Errors
/// A name that is none, or a hook that hookd cannot stand for.
pub(super) fn wanted(
    given: &Install,
    config: &Config<'_>,
    hooks: &[Hook],
    foreign: Option<Vec<&'static str>>,
    receives: bool,
) -> Result<Vec<&'static str>, CliError> {
    if given.all_types {
        return Ok(CLIENT.to_vec());
    }
    let mut types = named(&given.hook_types)?;
    if types.is_empty() {
        let usual = if receives {
            "pre-receive"
        } else {
            "pre-commit"
        };
        let base = foreign.unwrap_or_else(|| vec![usual]);
        let has_message = is_message_configured(config.section("message"))? && !receives;
        let used = |stage: &&str| is_used(stage, &base, hooks, has_message);
        types = match read_default_hook_types(config.default_hook_types())? {
            Some(types) if !types.is_empty() => types,
            _ => all()
                .filter(used)
                .filter(|stage| cannot_stand_for(stage).is_none())
                .collect(),
        };
    }
    if types.contains(&CHECKOUT) && !hooks.iter().any(|hook| hook.runs_at(CHECKOUT)) {
        return Err(CliError::usage(
            "with a `push-to-checkout` hook git no longer updates the worktree itself, and no command here would",
            "add a [[hook]] with stages = \"push-to-checkout\" that does it, or leave the hook out",
        ));
    }
    Ok(types)
}

/// Whether there is anything to do at `stage`.
fn is_used(stage: &str, base: &[&str], hooks: &[Hook], has_message: bool) -> bool {
    base.contains(&stage)
        || hooks.iter().any(|hook| hook.runs_at(stage))
        || (stage == "commit-msg" && has_message)
}

/// The git hooks of these names.
///
/// # Errors
/// A name that is none, or a hook that hookd cannot stand for.
pub(super) fn named(names: &[String]) -> Result<Vec<&'static str>, CliError> {
    let one = |name: &String| {
        if let Some(reason) = cannot_stand_for(name) {
            let message = format!("hookd cannot stand for `{name}`: {reason}");
            return Err(CliError::usage(message, "leave it out"));
        }
        all().find(|stage| stage == name).ok_or_else(|| {
            CliError::usage(format!("git has no hook `{name}`"), suggest(name, all()))
        })
    };
    names.iter().map(one).collect()
}

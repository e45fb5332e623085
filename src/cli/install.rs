//! `hookd install` and `hookd uninstall`.

use super::args::{Install, Uninstall};
use super::context::{Context, configuration};
use super::db::{self, background};
use super::error::CliError;
use super::run::{configured, texts};
use super::terminal::Terminal;
use crate::command::{Hook, STAGES};
use crate::config::suggest;
use crate::exit::Exit;
use crate::git::{HooksDir, Repo};
use crate::install::{self, Consent, Installed, Removed};
use crate::model::Mode;
use std::path::{Path, PathBuf};

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

pub(super) fn install(given: &Install, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let repo = context.repository()?;
    let documents = context.documents(Mode::Files, None)?;
    let hooks = configured(&configuration(&documents)?)?;
    let program = program()?;
    let folder = repo.hooks_dir()?;
    let mut stages = wanted(given, &hooks)?;
    if given.hook_types.is_empty() && background::is_wanted(&documents)? {
        stages.extend(background::STAGES);
        stages.sort_unstable();
        stages.dedup();
    }
    for hook in stages {
        let path = shown(repo, &folder.path.join(hook));
        let done = match install::install(&folder.path, hook, &program)? {
            Installed::New => format!("{hook}: wrote {path}"),
            Installed::Updated => format!("{hook}: brought {path} up to date"),
            Installed::Unchanged => format!("{hook}: {path} is in place already"),
            Installed::Chained(kept) => {
                format!(
                    "{hook}: wrote {path}; the hook that was there runs first, from {}",
                    shown(repo, &kept)
                )
            }
        };
        terminal.say(&done)?;
    }
    Consent::read(&repo.common_dir()).give(&texts(&hooks))?;
    if folder.shared {
        terminal.say("  core.hooksPath names this folder for other repositories too: they are checked as well")?;
    }
    terminal
        .say("  every commit is checked from now on; to check what is there: hookd run --all")?;
    if let Some(missing) = db::missing(&context)? {
        terminal.say(&format!(
            "  no advisory data yet for {missing}, so no dependency is audited; get it: hookd db update"
        ))?;
    }
    Ok(Exit::Clean)
}

pub(super) fn uninstall(given: &Uninstall, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let repo = context.repository()?;
    let folder = repo.hooks_dir()?;
    let named = stages(&given.hook_types)?;
    if !named.is_empty() {
        for hook in named {
            terminal.say(&take_out(repo, &folder, hook)?.1)?;
        }
        return Ok(Exit::Clean);
    }
    let mut found = false;
    for hook in STAGES {
        let (removed, line) = take_out(repo, &folder, hook)?;
        if removed != Removed::NotThere {
            found = true;
            terminal.say(&line)?;
        }
    }
    Consent::read(&repo.common_dir()).withdraw()?;
    if !found {
        terminal.say("hookd is not installed here")?;
    }
    Ok(Exit::Clean)
}

/// Takes the shim of one git hook out, and says what was done.
fn take_out(repo: &Repo, folder: &HooksDir, hook: &str) -> Result<(Removed, String), CliError> {
    let path = shown(repo, &folder.path.join(hook));
    let removed = install::uninstall(&folder.path, hook)?;
    let line = match removed {
        Removed::Removed => format!("{hook}: took {path} out"),
        Removed::Restored => format!("{hook}: put back the hook that was at {path} before"),
        Removed::NotThere => format!("{hook}: there is no hook at {path}"),
        Removed::Foreign => format!("{hook}: {path} is not hookd's; left alone"),
    };
    Ok((removed, line))
}

/// The git hooks to stand for: those that were named, else pre-commit and every one that the configuration names.
fn wanted(given: &Install, hooks: &[Hook]) -> Result<Vec<&'static str>, CliError> {
    let named = stages(&given.hook_types)?;
    if given.all_types {
        return Ok(CLIENT.to_vec());
    }
    if !named.is_empty() {
        return Ok(named);
    }
    let used =
        |stage: &&str| *stage == "pre-commit" || hooks.iter().any(|hook| hook.runs_at(stage));
    Ok(STAGES
        .into_iter()
        .filter(|stage| *stage != "manual")
        .filter(used)
        .collect())
}

fn stages(names: &[String]) -> Result<Vec<&'static str>, CliError> {
    let known = || STAGES.into_iter().filter(|stage| *stage != "manual");
    let one = |name: &String| {
        known().find(|stage| stage == name).ok_or_else(|| {
            CliError::usage(format!("git has no hook `{name}`"), suggest(name, known()))
        })
    };
    names.iter().map(one).collect()
}

/// The program the shim is to call: this one.
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

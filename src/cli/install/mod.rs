//! `hookd install` and `hookd uninstall`.

mod everywhere;
mod expected;
mod types;
mod verify;

use super::args::{Install, Uninstall};
use super::context::{Context, configuration};
use super::db::{self, background};
use super::error::CliError;
use super::run::{Foreign, Ready, configured, texts, texts_of};
use super::terminal::Terminal;
use crate::command::{Hook, STAGES};
use crate::config::{Config, Document};
use crate::env;
use crate::exit::Exit;
use crate::git::{GitScope, HooksDir, Repo, install_handlers};
use crate::install::{self, Consent, Everywhere, Installed, Removed, Script, callable};
use crate::model::Mode;
use std::path::{Path, PathBuf};

pub(super) use expected::{Called, Expected};

pub(super) fn install(given: &Install, terminal: &Terminal) -> Result<Exit, CliError> {
    if given.global {
        return everywhere::install(given, terminal);
    }
    let context = Context::open_any()?;
    let documents = context.documents(Mode::Files, None)?;
    let config = configuration(&documents)?;
    let hooks = configured(&config)?;
    let foreign = Foreign::in_worktree(&context, &documents, config.precommit_native)?;
    let types = hook_types(
        given,
        &context,
        &documents,
        &config,
        &hooks,
        foreign.as_ref(),
    )?;
    let mut commands = texts(&hooks);
    if let Some(foreign) = &foreign {
        commands.extend(texts_of(&foreign.plan(&context.root)?));
    }
    let site = Site::new(context.repository()?)?;
    for hook in &types {
        site.install(hook, given.shim, terminal)?;
    }
    Consent::read(&site.repo.common_dir()).give(&commands)?;
    let ready = match &foreign {
        Some(foreign) => prepare(foreign, &context, terminal)?,
        None => Exit::Clean,
    };
    notes(&site, &hooks, &types, terminal)?;
    if let Some(missing) = db::missing(&context)? {
        terminal.say(&format!(
            "  no advisory data for {missing} yet: its dependencies are not audited until you run: hookd db update"
        ))?;
    }
    Ok(ready)
}

/// The git hooks that `hookd install` without options is for.
///
/// # Errors
/// A mistake in the configuration.
pub(super) fn usual_types(
    context: &Context,
    documents: &[Document],
    config: &Config<'_>,
    hooks: &[Hook],
    foreign: Option<&Foreign>,
) -> Result<Vec<&'static str>, CliError> {
    let given = Install::default();
    hook_types(&given, context, documents, config, hooks, foreign)
}

fn hook_types(
    given: &Install,
    context: &Context,
    documents: &[Document],
    config: &Config<'_>,
    hooks: &[Hook],
    foreign: Option<&Foreign>,
) -> Result<Vec<&'static str>, CliError> {
    let base = foreign.map(Foreign::hook_types).transpose()?;
    let mut types = types::wanted(given, config, hooks, base, context.is_receiver())?;
    if given.hook_types.is_empty() && background::is_wanted(documents)? {
        types.extend(
            background::STAGES
                .iter()
                .filter(|stage| !types.contains(stage))
                .collect::<Vec<_>>(),
        );
    }
    Ok(types)
}

/// Makes the hooks of another tool's configuration ready, so that no commit waits for the network.
fn prepare(foreign: &Foreign, context: &Context, terminal: &Terminal) -> Result<Exit, CliError> {
    let file = &foreign.document.source.file;
    for note in &foreign.document.notes {
        terminal.note(&format!("hookd: {note}"));
    }
    install_handlers();
    let ready = foreign.prepare(&context.root, terminal)?;
    let count = foreign.plan(&context.root)?.len();
    let Ready::No(unready) = ready else {
        terminal.say(&format!("  the {count} hooks of {file} are ready"))?;
        return Ok(Exit::Clean);
    };
    for one in unready {
        let hooks = one.hooks.join(", ");
        terminal.complain(&CliError::usage(
            format!("not ready: {hooks}: {}", one.failed.message),
            one.failed.help,
        ));
    }
    Ok(Exit::Incomplete)
}

pub(super) fn uninstall(given: &Uninstall, terminal: &Terminal) -> Result<Exit, CliError> {
    if given.global {
        return everywhere::uninstall(terminal);
    }
    let context = Context::open_any()?;
    let site = Site::new(context.repository()?)?;
    let named = types::named(&given.hook_types)?;
    let all = named.is_empty();
    let types = if all { STAGES.to_vec() } else { named };
    let mut found = false;
    for hook in types {
        let lines = site.take_out(hook)?;
        found |= !lines.is_empty();
        for line in lines {
            terminal.say(&line)?;
        }
    }
    if all {
        Consent::read(&site.repo.common_dir()).withdraw()?;
    }
    if !found {
        terminal.say("hookd is not installed here")?;
    }
    Ok(Exit::Clean)
}

/// Where hooks of a clone go.
struct Site<'r> {
    repo: &'r Repo,
    /// What git says about its folder of hooks.
    git_says: HooksDir,
    /// The folder for shims. It is not git's where that is hookd's own for all repositories, which calls this one.
    folder: PathBuf,
    /// Whether git reads hooks from its configuration.
    reads_configuration: bool,
    program: PathBuf,
    /// The events that are configured in this clone.
    configured: Vec<String>,
}

impl<'r> Site<'r> {
    fn new(repo: &'r Repo) -> Result<Self, CliError> {
        let git_says = repo.hooks_dir()?;
        let everywhere =
            data_dir().is_ok_and(|data| Everywhere::new(&data).folder() == git_says.path);
        Ok(Self {
            repo,
            folder: if everywhere || git_says.is_off() {
                repo.own_hooks_dir()
            } else {
                git_says.path.clone()
            },
            git_says,
            reads_configuration: install::git_reads_configuration(repo.root())?,
            program: program()?,
            configured: install::configured_events(repo.root(), GitScope::Local)?,
        })
    }

    /// Makes git call hookd at `hook`, says how, and sees that it will.
    fn install(&self, hook: &str, with_shim: bool, terminal: &Terminal) -> Result<(), CliError> {
        let there = install::has_shim(&self.folder, hook)?;
        if self.reads_configuration {
            let done = install::configure(self.repo.root(), GitScope::Local, hook, &self.program)?;
            terminal.say(&configured_line(hook, &done))?;
            verify::configured(self, hook)?;
        }
        // A shim from before stays: older gits may use the clone too.
        if !self.reads_configuration || with_shim || there {
            verify::folder(self)?;
            let shared = self.git_says.is_shared() && self.folder == self.git_says.path;
            let done = install::install(&self.folder, hook, &self.program, shared)?;
            terminal.say(&self.shim_line(hook, done))?;
            verify::shim(self, hook)?;
        }
        Ok(())
    }

    fn shim_line(&self, hook: &str, done: Installed) -> String {
        let path = shown(self.repo, &self.folder.join(hook));
        match done {
            Installed::New => format!("{hook}: wrote {path}"),
            Installed::Updated => format!("{hook}: brought {path} up to date"),
            Installed::Unchanged => format!("{hook}: {path} is in place already"),
            Installed::Chained(kept) => format!(
                "{hook}: wrote {path}; the hook that was there runs first, from {}",
                shown(self.repo, &kept)
            ),
        }
    }

    /// Takes hookd out of one git hook, wherever it is, and says what was done; nothing where there was nothing.
    fn take_out(&self, hook: &str) -> Result<Vec<String>, CliError> {
        let mut lines = Vec::new();
        if self.configured.iter().any(|event| event == hook) {
            install::deconfigure(self.repo.root(), GitScope::Local, hook)?;
            lines.push(format!("{hook}: took it out of git's configuration"));
        }
        let own = self.repo.own_hooks_dir();
        let mut folders = vec![&self.folder];
        // `core.hooksPath` may have come after the install.
        if own != self.folder && callable(&own.join(hook)) == Some(Script::Calls) {
            folders.push(&own);
        }
        for folder in folders {
            let path = shown(self.repo, &folder.join(hook));
            match install::uninstall(folder, hook)? {
                Removed::Removed => lines.push(format!("{hook}: took {path} out")),
                Removed::Restored => {
                    lines.push(format!(
                        "{hook}: put back the hook that was at {path} before"
                    ));
                }
                Removed::Foreign => {
                    lines.push(format!("{hook}: {path} is not hookd's; left alone"));
                }
                Removed::NotThere => {}
            }
        }
        Ok(lines)
    }
}

fn configured_line(hook: &str, done: &Installed) -> String {
    let name = install::configured_name(hook);
    match done {
        Installed::Unchanged => format!("{hook}: hook.{name} is in git's configuration already"),
        Installed::Updated => {
            format!("{hook}: brought hook.{name} in git's configuration up to date")
        }
        Installed::New | Installed::Chained(_) => {
            format!("{hook}: git runs hookd from its configuration, hook.{name}")
        }
    }
}

/// What somebody should know who has just installed hookd.
fn notes(
    site: &Site<'_>,
    hooks: &[Hook],
    types: &[&str],
    terminal: &Terminal,
) -> Result<(), CliError> {
    let only_shims = !site.reads_configuration;
    if only_shims && site.folder == site.git_says.path {
        folder_notes(site, terminal)?;
    }
    let at_none =
        |stage: &&str| !types.contains(stage) && hooks.iter().any(|hook| hook.runs_at(stage));
    let left_out: Vec<&str> = types::all().filter(at_none).collect();
    if !left_out.is_empty() {
        let list = left_out.join(", ");
        terminal.say(&format!(
            "  hookd.toml has commands for {list}, which git does not call hookd at: hookd install --hook-type NAME"
        ))?;
    }
    if types.contains(&"pre-commit") {
        terminal.say(
            "  every commit is checked from now on; to check what is there: hookd run --all",
        )?;
    } else if types.contains(&"pre-receive") || types.contains(&"update") {
        terminal.say("  every push that arrives here is checked from now on")?;
    }
    Ok(())
}

/// What is particular about the folder that `core.hooksPath` names.
fn folder_notes(site: &Site<'_>, terminal: &Terminal) -> Result<(), CliError> {
    if site.git_says.is_shared() {
        terminal.say("  core.hooksPath names this folder for other repositories too: they are checked as well")?;
    }
    let worktrees = site.repo.common_dir().join("worktrees");
    if site.git_says.is_per_worktree()
        && !site.git_says.is_shared()
        && std::fs::read_dir(worktrees).is_ok_and(|mut entries| entries.next().is_some())
    {
        terminal.say("  core.hooksPath is relative: each worktree has a folder of its own; run hookd install in the others too")?;
    }
    if site.folder.ends_with(".husky/_") {
        terminal.say("  husky writes this folder anew whenever it runs. To stay, add to .husky/pre-commit instead: hookd run --hook pre-commit")?;
    }
    Ok(())
}

/// The program that git is to call: this one.
fn program() -> Result<PathBuf, CliError> {
    std::env::current_exe().map_err(|error| {
        CliError::usage(
            format!("cannot tell where hookd itself is: {error}"),
            "start it by its full path",
        )
    })
}

/// Where hookd keeps what is the user's, absolute.
fn data_dir() -> Result<PathBuf, CliError> {
    let folder = env::data_dir().and_then(|dir| std::path::absolute(dir).ok());
    folder.ok_or_else(|| {
        CliError::usage(
            "no folder for hookd's data: HOME is not set",
            "set HOME or HOOKD_DATA_DIR",
        )
    })
}

fn shown(repo: &Repo, path: &Path) -> String {
    path.strip_prefix(repo.root())
        .unwrap_or(path)
        .display()
        .to_string()
}

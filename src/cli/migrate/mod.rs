//! `hookd migrate`.

mod compare;

use super::context::Context;
use super::error::CliError;
use super::run::{Foreign, sayer, tools};
use super::show::checked;
use super::terminal::Terminal;
use crate::config::{Document, FILE_NAME};
use crate::exit::Exit;
use crate::migrate::{Migration, Other, Target, find, from_other, from_precommit};
use crate::precommit::{Unready, fetch};
use crate::text::printable;
use std::fs::OpenOptions;
use std::io::Write;

/// What is typed behind `migrate`
#[derive(Debug, clap::Args)]
pub(super) struct Migrate {
    /// Print the new configuration, write nothing
    #[arg(long)]
    stdout: bool,
    /// Write over a hookd.toml that is there
    #[arg(long, conflicts_with_all = ["stdout", "check"])]
    force: bool,
    /// Compare which files go to which hooks, before and after; uses the hookd.toml that is there
    #[arg(long, conflicts_with = "stdout")]
    check: bool,
}

/// The configuration of another tool.
enum Old {
    Precommit(Box<Foreign>),
    Other(Other),
}

impl Old {
    fn find(context: &Context) -> Result<Self, CliError> {
        if let Some(foreign) = Foreign::in_worktree(context, &[], true)? {
            return Ok(Self::Precommit(Box::new(foreign)));
        }
        find(&context.root)?.map(Self::Other).ok_or_else(|| {
            CliError::usage(
                "there is no .pre-commit-config.yaml, prek.toml, lefthook.yml, .husky or lint-staged here",
                "hookd init writes a hookd.toml from what the repository has",
            )
        })
    }

    /// The files that hookd has no use for any more.
    fn files(&self) -> Vec<String> {
        match self {
            Self::Precommit(foreign) => vec![foreign.document.source.file.clone()],
            Self::Other(other) => other.files(),
        }
    }

    fn migrated(&self, context: &Context, terminal: &Terminal) -> Result<Migration, CliError> {
        match self {
            Self::Precommit(foreign) => {
                let settings = foreign.settings(&context.root);
                let say = sayer(terminal);
                for unready in fetch(&foreign.document, &settings, &tools(&say))? {
                    terminal.note(&told(&unready));
                }
                Ok(from_precommit(&foreign.document, &settings)?)
            }
            Self::Other(other) => Ok(from_other(other)?),
        }
    }
}

/// The file of another tool whose hooks count here; `None` where there is none.
///
/// # Errors
/// It cannot be read.
pub(super) fn is_foreign(context: &Context) -> Result<Option<String>, CliError> {
    if let Some(foreign) = Foreign::in_worktree(context, &[], true)? {
        return Ok(Some(foreign.document.source.file));
    }
    let other = find(&context.root)?;
    Ok(other.and_then(|other| other.files().into_iter().next()))
}

fn told(unready: &Unready) -> String {
    let hooks = unready.hooks.join(", ");
    format!("hookd: {hooks}: {}", printable(&unready.failed.message))
}

pub(super) fn migrate(given: &Migrate, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    context.repository()?;
    let path = context.root.join(FILE_NAME);
    let is_there = path.symlink_metadata().is_ok();
    if is_there && !(given.force || given.stdout || given.check) {
        return Err(CliError::usage(
            format!("{FILE_NAME} is there already, and is not written over"),
            "hookd migrate --stdout, to look; --force, to write over it; --check, to compare",
        ));
    }
    let old = Old::find(&context)?;
    let migration = old.migrated(&context, terminal)?;
    if given.check {
        return compare::compare(&old, &migration, is_there, &context, terminal);
    }
    if given.stdout {
        terminal.print(&migration.text)?;
        for line in remarks(&migration) {
            terminal.note(&line);
        }
        return Ok(exit(&migration));
    }
    let document = Document::new(FILE_NAME, migration.text.clone().into_bytes())?;
    checked(&context, &[document]).map_err(|error| {
        CliError::usage(
            format!(
                "nothing was written, for hookd would not take it:\n{}",
                error.message
            ),
            "correct that in the old configuration; hookd migrate --stdout shows the new one",
        )
    })?;
    let mut options = OpenOptions::new();
    options.write(true).create_new(!given.force);
    options.create(given.force).truncate(given.force);
    let written = options
        .open(&path)
        .and_then(|mut file| file.write_all(migration.text.as_bytes()));
    written.map_err(|error| {
        CliError::usage(format!("{}: {error}", path.display()), "make it writable")
    })?;
    report(&old, &migration, &context, terminal)?;
    Ok(exit(&migration))
}

fn exit(migration: &Migration) -> Exit {
    if migration.left.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    }
}

/// What is left out, and what is to be known.
fn remarks(migration: &Migration) -> Vec<String> {
    let mut lines = Vec::new();
    if !migration.left.is_empty() {
        lines.push("not converted, or not as it was:".to_owned());
    }
    for left in &migration.left {
        lines.push(format!(
            "  {}: {}",
            printable(&left.what),
            printable(&left.why)
        ));
        lines.push(format!("    → {}", printable(&left.todo)));
    }
    if !migration.notes.is_empty() {
        lines.push("to be known:".to_owned());
    }
    let notes = migration.notes.iter();
    lines.extend(notes.map(|note| format!("  {}", printable(note))));
    lines
}

fn report(
    old: &Old,
    migration: &Migration,
    context: &Context,
    terminal: &Terminal,
) -> Result<(), CliError> {
    let count = migration.targets.len();
    let gone = migration.targets.iter();
    let here = gone.filter(|target| **target != Target::Nowhere).count();
    let from = old.files();
    terminal.say(&format!(
        "wrote {FILE_NAME} from {}: {here} of {count} hooks",
        from.join(", ")
    ))?;
    for line in remarks(migration) {
        terminal.say(&line)?;
    }
    let tracked: Vec<&String> = from
        .iter()
        .filter(|name| context.root.join(name).exists() && !name.contains(' '))
        .collect();
    let tracked: Vec<&str> = tracked.into_iter().map(String::as_str).collect();
    terminal.say("next:")?;
    terminal.say("  hookd migrate --check    # do the same files go to the same hooks?")?;
    terminal.say("  hookd install            # its commands are new: this is your consent")?;
    if old.can_go() {
        terminal.say(&format!("  git rm {}", tracked.join(" ")))?;
    } else {
        terminal.say(&format!("  take the hooks out of {}", tracked.join(", ")))?;
    }
    terminal.say(&format!("  git add {FILE_NAME}"))
}

impl Old {
    /// Whether its files hold nothing else.
    fn can_go(&self) -> bool {
        !self.files().iter().any(|name| name == "package.json")
    }
}

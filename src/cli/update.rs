//! `hookd update`.

use super::context::{Context, configuration};
use super::error::CliError;
use super::run::{Foreign, sayer, tools};
use super::terminal::Terminal;
use crate::config::FILE_NAME;
use crate::exit::Exit;
use crate::git::install_handlers;
use crate::model::Mode;
use crate::precommit::{Moved, Wish, update as look};
use crate::text::printable;
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Update {
    /// Write the hashes of commits, with the tag in a comment
    #[arg(long)]
    freeze: bool,
    /// Only say what would change
    #[arg(long)]
    dry_run: bool,
    /// Only tags whose commits are at least this many days old
    #[arg(long, value_name = "N", default_value_t = 0, hide_default_value = true)]
    cooldown_days: u64,
    /// Only the repository at this address; can be given more than once
    #[arg(long = "repo", value_name = "URL")]
    repos: Vec<String>,
}

pub(super) fn update(given: Update, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let documents = context.documents(Mode::Files, None)?;
    let native = configuration(&documents)?.precommit_native;
    let Some(foreign) = Foreign::in_worktree(&context, &documents, native)? else {
        return Err(CliError::usage(
            format!(
                "there is no .pre-commit-config.yaml and no prek.toml that counts in {}",
                context.root.display()
            ),
            format!(
                "hookd update moves their revisions on; {FILE_NAME} names no hook repositories"
            ),
        ));
    };
    known(&given, &foreign)?;
    install_handlers();
    let wish = Wish {
        freeze: given.freeze,
        cooldown_days: given.cooldown_days,
        only: given.repos,
    };
    let now = u64::try_from(jiff::Timestamp::now().as_second()).unwrap_or(0);
    let say = sayer(terminal);
    let done = look(
        &foreign.document,
        &wish,
        &foreign.settings(&context.root),
        &tools(&say),
        now,
    );
    let mut exit = Exit::Clean;
    for (url, moved) in &done.moved {
        if !tell(&printable(url), moved, terminal)? {
            exit = Exit::Incomplete;
        }
    }
    let file = &foreign.document.source.file;
    if done.text != foreign.document.source.text {
        if given.dry_run {
            terminal.say(&format!("  {file} stays as it is (--dry-run)"))?;
        } else {
            write(&context.root.join(file), &done.text)?;
            terminal.say(&format!(
                "  {file} is written; to make the new hooks ready: hookd install"
            ))?;
        }
    }
    Ok(exit)
}

/// Says what came of a repository; whether its revision could be looked up.
fn tell(url: &str, moved: &Moved, terminal: &Terminal) -> Result<bool, CliError> {
    let line = match moved {
        Moved::To(from, to) => format!("{url}: {} → {}", printable(from), printable(to)),
        Moved::Current(tag) => format!("{url}: {} is the newest", printable(tag)),
        Moved::Left(failed) => {
            let message = format!("{url}: {}", failed.message);
            terminal.complain(&CliError::usage(message, failed.help.clone()));
            return Ok(false);
        }
    };
    terminal.say(&line)?;
    Ok(true)
}

/// Whether every address that was named is in the configuration.
fn known(given: &Update, foreign: &Foreign) -> Result<(), CliError> {
    let urls = || foreign.document.repos.iter().filter_map(|repo| repo.url());
    match given
        .repos
        .iter()
        .find(|named| !urls().any(|url| url == *named))
    {
        Some(named) => Err(CliError::usage(
            format!(
                "{} names no repository {named}",
                foreign.document.source.file
            ),
            crate::config::suggest(named, urls()),
        )),
        None => Ok(()),
    }
}

/// Replaces the file in one step, its mode stays.
fn write(path: &Path, text: &str) -> Result<(), CliError> {
    let failed = |error: std::io::Error| {
        CliError::usage(
            format!("{}: {error}", path.display()),
            "make it writable; nothing was changed",
        )
    };
    let meta = std::fs::metadata(path).map_err(failed)?;
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut fresh = tempfile::NamedTempFile::new_in(folder).map_err(failed)?;
    fresh.write_all(text.as_bytes()).map_err(failed)?;
    fresh
        .as_file()
        .set_permissions(meta.permissions())
        .map_err(failed)?;
    fresh.persist(path).map_err(|error| failed(error.error))?;
    Ok(())
}

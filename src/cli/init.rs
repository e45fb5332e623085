//! `hookd init`.

use super::context::Context;
use super::error::CliError;
use super::migrate::is_foreign;
use super::show::checked;
use super::terminal::Terminal;
use crate::config::{Document, FILE_NAME};
use crate::exit::Exit;
use crate::migrate::{Facts, starter};
use crate::select::gather_all;
use std::fs::OpenOptions;
use std::io::Write;

/// What is typed behind `init`
#[derive(Debug, clap::Args)]
pub(super) struct Init {
    /// Print the configuration, write nothing
    #[arg(long)]
    stdout: bool,
}

pub(super) fn init(given: &Init, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    context.repository()?;
    let path = context.root.join(FILE_NAME);
    if !given.stdout {
        if path.symlink_metadata().is_ok() {
            return Err(CliError::usage(
                format!("{FILE_NAME} is there already, and is not written over"),
                "hookd init --stdout, to look at what it would be",
            ));
        }
        if let Some(name) = is_foreign(&context)? {
            return Err(CliError::usage(
                format!("{name} has the hooks of this repository already"),
                "hookd migrate makes a hookd.toml of it; hookd init --stdout > hookd.toml starts anew",
            ));
        }
    }
    let (text, ids) = starter(&facts(&context)?);
    if given.stdout {
        terminal.print(&text)?;
        return Ok(Exit::Clean);
    }
    checked(
        &context,
        &[Document::new(FILE_NAME, text.clone().into_bytes())?],
    )?;
    let written = OpenOptions::new()
        .write(true)
        .create_new(true)
        .open(&path)
        .and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| {
        CliError::usage(format!("{}: {error}", path.display()), "make it writable")
    })?;
    terminal.say(&if ids.is_empty() {
        format!("wrote {FILE_NAME}: the built-in checks; no linter or formatter was found")
    } else {
        format!("wrote {FILE_NAME}: the built-in checks, {}", ids.join(", "))
    })?;
    terminal.say("next: look at it, then")?;
    terminal.say("  hookd run --all     what it says to the files there are")?;
    terminal.say("  hookd install       from then on every commit is checked")?;
    terminal.say(&format!("  git add {FILE_NAME}"))?;
    Ok(Exit::Clean)
}

fn facts(context: &Context) -> Result<Facts, CliError> {
    let gathered = gather_all(context.repo.as_ref(), &context.root, true)?;
    let read = |name: &str| std::fs::read_to_string(context.root.join(name)).unwrap_or_default();
    Ok(Facts {
        files: gathered
            .files
            .iter()
            .map(|file| file.path.to_text().into_owned())
            .collect(),
        package: read("package.json"),
        python: format!("{}\n{}", read("pyproject.toml"), read("setup.cfg")),
    })
}

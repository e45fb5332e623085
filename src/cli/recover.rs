//! `hookd recover` and `hookd trust`.

use super::context::{Context, configuration};
use super::error::CliError;
use super::run::{Foreign, configured, recovered_line, texts, texts_of};
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::install::Consent;
use crate::model::Mode;

/// Puts back what a killed run left.
pub(super) fn recover(terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let recovered = context
        .repository()?
        .recover()
        .map_err(|error| CliError::usage(error.to_string(), error.hint()))?;
    match recovered {
        Some(recovered) => terminal.say(&recovered_line(&recovered))?,
        None => terminal.say("there is nothing to put back")?,
    }
    Ok(Exit::Clean)
}

/// Lets the commands of the configuration run in this clone, as they are now.
pub(super) fn trust(terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let repo = context.repository()?;
    let documents = context.documents(Mode::Files, None)?;
    let config = configuration(&documents)?;
    let mut commands = texts(&configured(&config)?);
    let foreign = Foreign::in_worktree(&context, &documents, config.precommit_native)?;
    if let Some(foreign) = foreign {
        commands.extend(texts_of(&foreign.plan(&context.root)?));
    }
    Consent::read(&repo.common_dir()).give(&commands)?;
    let ids: Vec<&str> = commands.iter().map(|command| command.id.as_str()).collect();
    let what = if ids.is_empty() {
        "no commands".to_owned()
    } else {
        ids.join(", ")
    };
    terminal.say(&format!("trusted here: {what}"))?;
    Ok(Exit::Clean)
}

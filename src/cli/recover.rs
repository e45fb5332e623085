//! `hookd recover` and `hookd trust`.

use super::context::{Context, configuration};
use super::error::CliError;
use super::run::{configured, recovered_line, texts};
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
    let hooks = configured(&configuration(&documents)?)?;
    Consent::read(&repo.common_dir()).give(&texts(&hooks))?;
    let ids: Vec<&str> = hooks.iter().map(|hook| hook.id.as_str()).collect();
    let what = if ids.is_empty() {
        "no commands".to_owned()
    } else {
        ids.join(", ")
    };
    terminal.say(&format!("trusted here: {what}"))?;
    Ok(Exit::Clean)
}

//! `hookd config`.

use super::context::{Context, configuration};
use super::error::CliError;
use super::ignore::Book;
use super::run::Foreign;
use super::show::{Show, checked, show};
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::model::Mode;
use crate::report;
use crate::triage::IGNORE_FILE;
use clap::Subcommand;

#[derive(Debug, clap::Args)]
pub(super) struct Config {
    #[command(subcommand)]
    command: ConfigCommand,
}

#[derive(Debug, Subcommand)]
enum ConfigCommand {
    /// Read every configuration file and say what is wrong
    Check,
    /// Print the configuration that counts, all files laid over each other
    Show(Show),
    /// Print the JSON Schema of hookd.toml, for editors
    Schema {
        /// The schema of `hookd run --format json` instead
        #[arg(long)]
        report: bool,
    },
}

/// The JSON Schema of `hookd.toml`. It is written by hand, because every scanner reads its own section; a test compares its
/// keys with those that are read.
const SCHEMA: &str = include_str!("../../docs/config-schema.json");

pub(super) fn config(given: &Config, terminal: &Terminal) -> Result<Exit, CliError> {
    match &given.command {
        ConfigCommand::Check => check(terminal),
        ConfigCommand::Show(given) => show(given, terminal),
        ConfigCommand::Schema { report: true } => {
            terminal.print(&format!("{:#}\n", report::json_schema()))?;
            Ok(Exit::Clean)
        }
        ConfigCommand::Schema { report: false } => {
            terminal.print(SCHEMA)?;
            Ok(Exit::Clean)
        }
    }
}

fn check(terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let documents = context.documents(Mode::Files, None)?;
    checked(&context, &documents)?;
    let config = configuration(&documents)?;
    let accepted = Book::open(&context.root)?;
    let foreign = Foreign::in_worktree(&context, &documents, config.precommit_native)?;
    if let Some(foreign) = &foreign {
        foreign.plan(&context.root)?;
        for note in &foreign.document.notes {
            terminal.note(note);
        }
        terminal.say(&format!("{} is fine", foreign.document.source.file))?;
    } else if documents.is_empty() {
        terminal.say("there is no configuration file: the defaults count")?;
    }
    for document in &documents {
        terminal.say(&format!("{} is fine", document.file))?;
    }
    if !accepted.is_new() {
        terminal.say(&format!("{IGNORE_FILE} is fine"))?;
    }
    Ok(Exit::Clean)
}

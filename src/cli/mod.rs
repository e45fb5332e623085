//! The command line: what was typed, one file a command, errors turned into messages, hints and exit codes.

mod args;
mod baseline;
mod command_line;
mod completions;
mod config;
mod context;
mod db;
mod doctor;
mod error;
mod explain;
mod finding;
mod gc;
mod ignore;
mod init;
mod install;
mod layers;
mod list;
mod live;
mod measure;
mod metrics;
mod migrate;
mod packages;
mod progress;
mod recover;
mod run;
mod sbom;
mod show;
mod sweep;
mod terminal;
#[cfg(test)]
mod tests;
mod try_repo;
mod update;
mod verify;

use crate::exit::Exit;
use command_line::{Args, Command};
use error::CliError;
use std::ffi::OsString;
use terminal::Terminal;

/// Runs hookd with the words of a command line, its own name first, and gives how the process must end.
/// Changes the process's working folder and environment, so it is called once.
pub fn main(words: impl Iterator<Item = OsString>) -> Exit {
    let args = match Args::read(words) {
        Ok(args) => args,
        Err(usage) => return usage_exit(&usage),
    };
    let terminal = Terminal::new(&args.global);
    match dispatch(args, &terminal) {
        Ok(exit) => exit,
        Err(error) => {
            terminal.complain(&error);
            error.exit
        }
    }
}

fn dispatch(args: Args, terminal: &Terminal) -> Result<Exit, CliError> {
    context::enter(args.global.directory.as_deref())?;
    match args.command {
        Command::Run(given) => run::run(*given, terminal),
        Command::Install(given) => install::install(&given, terminal),
        Command::Uninstall(given) => install::uninstall(&given, terminal),
        Command::Db(given) => db::db(&given, terminal),
        Command::Ignore(given) => ignore::ignore(&given, terminal),
        Command::Baseline(given) => baseline::baseline(&given, terminal),
        Command::Recover => recover::recover(terminal),
        Command::Trust => recover::trust(terminal),
        other => hook_repositories(other, terminal),
    }
}

/// The commands about hook repositories of other tools' configurations.
fn hook_repositories(command: Command, terminal: &Terminal) -> Result<Exit, CliError> {
    match command {
        Command::TryRepo(given) => try_repo::try_repo(given, terminal),
        Command::Update(given) => update::update(given, terminal),
        Command::Gc(given) => gc::gc(&given, terminal),
        Command::Init(given) => init::init(&given, terminal),
        Command::Migrate(given) => migrate::migrate(&given, terminal),
        other => show(&other, terminal),
    }
}

/// The commands that only show something.
fn show(command: &Command, terminal: &Terminal) -> Result<Exit, CliError> {
    match command {
        Command::List(given) => list::list(given, terminal),
        Command::Explain(given) => explain::explain(given, terminal),
        Command::Metrics(given) => metrics::metrics(given, terminal),
        Command::Packages(given) => packages::packages(given, terminal),
        Command::Config(given) => config::config(given, terminal),
        Command::Doctor(given) => doctor::doctor(given, terminal),
        Command::Verify(given) => verify::verify(given, terminal),
        Command::Completions(given) => completions::completions(given, terminal),
        _ => completions::man(terminal),
    }
}

/// clap prints `--help` and `--version` as errors too.
fn usage_exit(usage: &clap::Error) -> Exit {
    // Where the message cannot be printed there is nobody to tell.
    let _ = usage.print();
    if usage.use_stderr() {
        Exit::Usage
    } else {
        Exit::Clean
    }
}

//! What can be typed: the commands. Their options stand in `args`, or beside the command.

use super::args::{
    Completions, Db, Explain, Global, Install, List, Metrics, Packages, Run, Uninstall,
};
use super::baseline::Baseline;
use super::config::Config;
use super::ignore::Ignore;
use super::verify::Verify;
use clap::{Parser, Subcommand};
use std::ffi::OsString;

/// Git hooks with built-in scanners: secrets, vulnerable dependencies, complexity.
#[derive(Debug, Parser)]
#[command(
    name = "hookd",
    version,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
pub(super) struct Args {
    #[command(flatten)]
    pub(super) global: Global,
    #[command(subcommand)]
    pub(super) command: Command,
}

impl Args {
    /// Reads the words of a command line, the program's own name first.
    ///
    /// # Errors
    /// What is wrong with them; or the help that they ask for.
    pub(super) fn read(words: impl Iterator<Item = OsString>) -> Result<Self, clap::Error> {
        let words: Vec<OsString> = words.collect();
        let runs = words.iter().any(|word| word == "run");
        match runs.then(|| Often::try_parse_from(&words)) {
            Some(Ok(Often {
                global,
                command: OftenCommand::Run(run),
            })) => Ok(Self {
                global,
                command: Command::Run(run),
            }),
            _ => Self::try_parse_from(words),
        }
    }
}

/// What git's hooks call, and nothing else: to make every command known takes as long as many a check. Mistakes and help are
/// left to [`Args`].
#[derive(Debug, Parser)]
#[command(
    name = "hookd",
    disable_help_flag = true,
    disable_help_subcommand = true
)]
struct Often {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: OftenCommand,
}

#[derive(Debug, Subcommand)]
enum OftenCommand {
    #[command(disable_help_flag = true)]
    Run(Box<Run>),
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Let git call hookd on every commit in this repository
    Install(Install),
    /// Take hookd out of git's hooks and put back what was there before
    Uninstall(Uninstall),
    /// Check what is staged, or what the options name
    Run(Box<Run>),
    /// Show the scanners as configured here, their rules, and which of them get a file
    List(List),
    /// Say what a rule finds, why it matters and what to do
    Explain(Explain),
    /// Show every function with its numbers, the worst first
    Metrics(Metrics),
    /// Show every package in every lockfile
    Packages(Packages),
    /// The local advisory database: download, import, look at it
    Db(Db),
    /// Accept a finding, with a reason: it is in hookd.ignore from then on
    Ignore(Ignore),
    /// Accept what is there already; look through what was accepted; take out what is not needed
    Baseline(Baseline),
    /// Put back what a killed run left of your files
    Recover,
    /// Let the commands of the configuration run in this clone
    Trust,
    /// Run the hooks of a pre-commit hook repository once, without a configuration
    TryRepo(super::try_repo::TryRepo),
    /// Move the revisions in .pre-commit-config.yaml or prek.toml on to the newest tags
    Update(super::update::Update),
    /// Clear the cache of hook repositories and environments that no known configuration uses
    Gc(super::gc::Gc),
    /// Say whether the set-up here is sound, and what to do where it is not
    Doctor(super::doctor::Doctor),
    /// Write a hookd.toml to begin with, from the linters and formatters that this repository has
    Init(super::init::Init),
    /// Turn the configuration of pre-commit, prek, lefthook, husky or lint-staged into a hookd.toml
    Migrate(super::migrate::Migrate),
    /// Name the commits that were never checked: --no-verify, HOOKD=0, merges
    Verify(Verify),
    /// Check the configuration, show what counts, or print the schema of the report
    Config(Config),
    /// Print a completion script for a shell
    Completions(Completions),
    /// Print the manual page
    #[command(hide = true)]
    Man,
}

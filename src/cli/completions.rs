//! `hookd completions` and `hookd man`: for shells and packagers.

use super::args::Completions;
use super::command_line::Args;
use super::error::CliError;
use super::terminal::{Terminal, finish};
use crate::exit::Exit;
use clap::CommandFactory;
use std::io::Write;

pub(super) fn completions(given: &Completions, _: &Terminal) -> Result<Exit, CliError> {
    let mut script = Vec::new();
    clap_complete::generate(given.shell, &mut Args::command(), "hookd", &mut script);
    print(&script)
}

pub(super) fn man(_: &Terminal) -> Result<Exit, CliError> {
    let mut page = Vec::new();
    let rendered = clap_mangen::Man::new(Args::command()).render(&mut page);
    rendered
        .map_err(|error| CliError::usage(format!("cannot make the manual page: {error}"), ""))?;
    print(&page)
}

fn print(bytes: &[u8]) -> Result<Exit, CliError> {
    finish(std::io::stdout().lock().write_all(bytes))?;
    Ok(Exit::Clean)
}

//! Where the report of a run goes.

use crate::cli::args::Run;
use crate::cli::error::CliError;
use crate::cli::terminal::{Terminal, finish};
use crate::model::{Mode, Outcome};
use crate::report;
use std::io::{self, Write};

/// How many findings a person is shown at once, where `-v` does not ask for all.
const MOST: usize = 50;

/// `--show-secrets` is for eyes: what goes to a file, a pipe or a program is kept somewhere.
pub(super) fn refuse_to_keep_secrets(given: &Run) -> Result<(), CliError> {
    if !given.show_secrets {
        return Ok(());
    }
    let why = if given.format != "human" {
        format!("--format {}", given.format)
    } else if given.output.is_some() {
        "--output".to_owned()
    } else if Terminal::is_watched() {
        return Ok(());
    } else {
        "what is not a terminal".to_owned()
    };
    Err(CliError::usage(
        format!("--show-secrets does not go with {why}: the report would keep them"),
        "leave one of the two out, and run it on a terminal",
    ))
}

/// How many findings of each kind the report of a sweep shows; `None` where all are shown, or may be.
pub(super) fn shown(given: &Run, mode: Mode, terminal: &Terminal) -> Option<usize> {
    let some = mode == Mode::All && given.format == "human" && given.output.is_none();
    (some && !terminal.verbose).then_some(MOST)
}

/// Writes the report to where it was asked for.
pub(super) fn report(given: &Run, outcome: &Outcome, terminal: &Terminal) -> Result<(), CliError> {
    let Some(reporter) = report::find(&given.format) else {
        return Err(CliError::usage(
            format!("there is no format `{}`", given.format),
            "",
        ));
    };
    let mut style = terminal.style(MOST);
    // A commit that is fine should not be noticed.
    style.show_secrets = given.show_secrets;
    style.quiet |= given.hook.is_some() && !style.verbose;
    let mut text = Vec::new();
    let failed = |error: io::Error| CliError::usage(format!("cannot make the report: {error}"), "");
    if let Some(path) = &given.output {
        style.color = false;
        style.most = usize::MAX;
        reporter.write(outcome, &style, &mut text).map_err(failed)?;
        return std::fs::write(path, text).map_err(|error| {
            CliError::usage(
                format!("{}: {error}", path.display()),
                "name a file that can be written",
            )
        });
    }
    reporter.write(outcome, &style, &mut text).map_err(failed)?;
    let mut out = io::stdout().lock();
    finish(out.write_all(&text).and_then(|()| out.flush()))
}

//! `hookd doctor`: whether the set-up is sound, a line for each thing, and what to do about those that are not.

mod advisories;
mod commands;
mod hooks;
mod state;

use super::context::{Context, configuration};
use super::error::CliError;
use super::ignore::Book;
use super::show::checked;
use super::terminal::Terminal;
use crate::config::Document;
use crate::exit::Exit;
use crate::git;
use crate::model::Mode;
use crate::report::wrap;
use crate::text::printable;
use crate::triage::IGNORE_FILE;
use serde::Serialize;
use std::fmt::Write as _;

/// Say whether the set-up here is sound
#[derive(Debug, clap::Args)]
pub(super) struct Doctor {
    /// How to show it
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    format: String,
}

/// How a thing is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum State {
    /// As it should be.
    Fine,
    /// Worth a look; nothing is left unchecked by it.
    Look,
    /// Something does not work, or is not checked.
    Broken,
}

/// One thing that was looked at.
#[derive(Debug, Serialize)]
struct Line {
    id: &'static str,
    state: State,
    message: String,
    /// What to do; empty where there is nothing to do.
    next: String,
}

/// What was found, in order.
#[derive(Default)]
struct Findings(Vec<Line>);

impl Findings {
    fn fine(&mut self, id: &'static str, message: impl Into<String>) {
        self.add(id, State::Fine, message.into(), "");
    }

    fn look(&mut self, id: &'static str, message: impl Into<String>, next: impl Into<String>) {
        self.add(id, State::Look, message.into(), next);
    }

    fn broken(&mut self, id: &'static str, message: impl Into<String>, next: impl Into<String>) {
        self.add(id, State::Broken, message.into(), next);
    }

    fn failed(&mut self, id: &'static str, error: CliError) {
        self.broken(id, error.message, error.hint);
    }

    fn add(&mut self, id: &'static str, state: State, message: String, next: impl Into<String>) {
        let next = next.into();
        self.0.push(Line {
            id,
            state,
            message,
            next,
        });
    }

    fn exit(&self) -> Exit {
        if self.0.iter().any(|line| line.state == State::Broken) {
            Exit::Findings
        } else {
            Exit::Clean
        }
    }
}

/// Looks at everything; nothing is changed, and nothing is fetched.
pub(super) fn doctor(given: &Doctor, terminal: &Terminal) -> Result<Exit, CliError> {
    let mut found = Findings::default();
    match Context::open_any() {
        Ok(context) => everything(&context, &mut found),
        Err(error) => found.failed("repository", error),
    }
    let exit = found.exit();
    if given.format == "json" {
        let report = serde_json::json!({
            "schema": "hookd-doctor/1",
            "sound": exit == Exit::Clean,
            "checks": found.0,
        });
        terminal.print(&format!("{report:#}\n"))?;
    } else {
        terminal.print(&text(&found, terminal))?;
    }
    Ok(exit)
}

fn everything(context: &Context, found: &mut Findings) {
    version(context, found);
    let documents = match context.documents(Mode::Files, None) {
        Ok(documents) => documents,
        Err(error) => {
            // Whatever it would have said is not known.
            found.failed("configuration", error);
            Vec::new()
        }
    };
    match settings(context, &documents, found) {
        Ok(setup) => {
            hooks::look(context, Some(&setup), found);
            commands::look(context, &setup, found);
        }
        Err(error) => {
            found.failed("configuration", error);
            hooks::look(context, None, found);
        }
    }
    advisories::look(context, &documents, found);
    ignores(context, found);
    state::look(context, found);
}

fn version(context: &Context, found: &mut Findings) {
    match git::git_version(&context.here) {
        Ok((major, minor)) => found.fine(
            "git",
            format!("hookd {}, git {major}.{minor}", env!("CARGO_PKG_VERSION")),
        ),
        Err(error) => found.failed("git", error.into()),
    }
}

/// Reads every layer and every table, as `hookd config check` does.
fn settings(
    context: &Context,
    documents: &[Document],
    found: &mut Findings,
) -> Result<commands::Setup, CliError> {
    checked(context, documents)?;
    let config = configuration(documents)?;
    let setup = commands::Setup::new(context, documents, &config)?;
    let mut files: Vec<&str> = documents.iter().map(|one| one.file.as_str()).collect();
    files.extend(setup.foreign_file());
    let message = if files.is_empty() {
        "no file: the defaults count".to_owned()
    } else {
        format!("{} fine", printable(&files.join(", ")))
    };
    found.fine("configuration", message);
    Ok(setup)
}

fn ignores(context: &Context, found: &mut Findings) {
    let book = match Book::open(&context.root) {
        Ok(book) => book,
        Err(error) => return found.failed("accepted", error),
    };
    if book.is_new() {
        return;
    }
    let today = Context::today();
    let entries = book.entries();
    let over = entries.iter().filter(|entry| entry.is_over(today)).count();
    let message = format!(
        "{} in {IGNORE_FILE}",
        count(entries.len(), "entry", "entries")
    );
    if over == 0 {
        found.fine("accepted", message);
    } else {
        found.look(
            "accepted",
            format!("{message}, {over} expired"),
            "hookd baseline prune",
        );
    }
}

/// A number with its noun.
fn count(number: usize, one: &str, more: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { more })
}

/// The lines of a text. Those that show a place in a file stay as they are.
fn fitted(text: &str, width: usize) -> Vec<String> {
    if text.contains('\n') {
        text.lines().map(str::to_owned).collect()
    } else {
        wrap(text, width)
    }
}

fn text(found: &Findings, terminal: &Terminal) -> String {
    let widest = found.0.iter().map(|line| line.id.len()).max().unwrap_or(0);
    let width = terminal.style(0).width;
    let mut text = String::new();
    for line in found
        .0
        .iter()
        .filter(|line| !terminal.quiet || line.state != State::Fine)
    {
        let mark = match line.state {
            State::Fine => "✓",
            State::Look => "!",
            State::Broken => "✗",
        };
        let indent = " ".repeat(widest + 4);
        let room = width.saturating_sub(indent.len());
        let message = fitted(&line.message, room).join(&format!("\n{indent}"));
        // Writing to a String cannot fail.
        let _ = writeln!(text, "{mark} {:widest$}  {message}", line.id);
        if !line.next.is_empty() {
            let next = fitted(&format!("next: {}", line.next), room);
            let _ = writeln!(text, "{indent}{}", next.join(&format!("\n{indent}")));
        }
    }
    let of = |state| found.0.iter().filter(|line| line.state == state).count();
    let (broken, look) = (of(State::Broken), of(State::Look));
    let end = match (broken, look) {
        (0, 0) if terminal.quiet => return text,
        (0, 0) => "everything is sound".to_owned(),
        (0, look) => format!("it works; {} worth a look", count(look, "thing", "things")),
        (broken, _) => format!("{} to put right", count(broken, "thing", "things")),
    };
    let _ = writeln!(text, "\n{}", terminal.bold(&end));
    text
}

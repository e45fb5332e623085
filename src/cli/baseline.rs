//! `hookd baseline`.

use super::context::Context;
use super::error::CliError;
use super::ignore::{Book, after, reason, refuse_secret, until};
use super::sweep::{Looked, sweep};
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::model::{Finding, RepoPath};
use crate::text::printable;
use crate::triage::{Entry, IGNORE_FILE, IgnoreList, RATCHET_RULE, State};
use clap::Subcommand;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::fmt::Write as _;

#[derive(Debug, clap::Args)]
pub(super) struct Baseline {
    #[command(subcommand)]
    command: BaselineCommand,
}

#[derive(Debug, Subcommand)]
enum BaselineCommand {
    /// Accept everything that blocks `hookd run --all` now
    Create {
        /// Why it is fine
        #[arg(long, value_name = "TEXT")]
        reason: String,
        /// The last day on which it is fine, as 2027-01-31
        #[arg(long, value_name = "DATE")]
        until: Option<String>,
        /// Also what is only warned of
        #[arg(long)]
        warnings: bool,
    },
    /// List what was accepted, why, and whether it is still there
    Audit {
        /// How to show it
        #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
        format: String,
    },
    /// Take out what is not there any more, and what was accepted until a day that is over
    Prune,
}

/// Runs one of the commands.
pub(super) fn baseline(given: &Baseline, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    match &given.command {
        BaselineCommand::Create {
            reason: why,
            until: day,
            warnings,
        } => {
            let entry = (reason(why)?, until(day.as_deref())?);
            create(&context, entry, *warnings, terminal)
        }
        BaselineCommand::Audit { format } => audit(&context, format == "json", terminal),
        BaselineCommand::Prune => prune(&context, terminal),
    }
}

fn create(
    context: &Context,
    (reason, until): (&str, Option<jiff::civil::Date>),
    warnings: bool,
    terminal: &Terminal,
) -> Result<Exit, CliError> {
    let book = Book::open(&context.root)?;
    let outcome = sweep(context, &Looked::Tracked, terminal, |swept, _| {
        Ok(swept.outcome)
    })?;
    let wanted =
        |finding: &&Finding| (finding.blocking || warnings) && finding.rule != RATCHET_RULE;
    let findings: Vec<&Finding> = outcome.findings.iter().filter(wanted).collect();
    let mut by_name: BTreeMap<String, &Finding> = BTreeMap::new();
    let mut by_rule: BTreeMap<&str, usize> = BTreeMap::new();
    for finding in &findings {
        refuse_secret(reason, finding)?;
        if by_name.insert(finding.fingerprint(), finding).is_none() {
            *by_rule.entry(&finding.rule).or_default() += 1;
        }
    }
    for error in outcome.errors.iter().filter(|error| error.fatal) {
        let place = error.path.as_ref().map(RepoPath::to_text);
        let place = place.as_deref().unwrap_or(error.scanner);
        terminal.note(&format!("{}: {}", printable(place), error.message));
    }
    let exit = if outcome.summary.errors > 0 {
        Exit::Incomplete
    } else {
        Exit::Clean
    };
    if by_name.is_empty() {
        terminal.say("there is nothing to accept")?;
        return Ok(exit);
    }
    let mut entries = book.entries().to_vec();
    // An entry that is over makes room for the one that takes its place.
    entries.retain(|entry| {
        let renewed = |finding: &&&Finding| entry.path == finding.path && entry.is_about(finding);
        !by_name.values().any(|finding| renewed(&finding))
    });
    entries.extend(
        by_name
            .values()
            .map(|finding| Entry::new(finding, until, reason)),
    );
    book.write(&entries)?;
    let counts = by_rule
        .iter()
        .map(|(rule, count)| format!("{rule} {count}"));
    terminal.say(&format!(
        "accepted {}: {}",
        findings_word(by_name.len()),
        printable(&counts.collect::<Vec<_>>().join(", "))
    ))?;
    after(context, book.is_new(), terminal)?;
    Ok(exit)
}

fn findings_word(count: usize) -> String {
    format!("{count} finding{}", if count == 1 { "" } else { "s" })
}

/// An entry after a sweep.
struct Known {
    entry: Entry,
    state: State,
    moved: Option<RepoPath>,
}

fn known(context: &Context, terminal: &Terminal) -> Result<Vec<Known>, CliError> {
    // A file that is not right is said before anything else is done.
    Book::open(&context.root)?;
    sweep(
        context,
        &Looked::Tracked,
        terminal,
        |swept, ignores: &IgnoreList<'_>| {
            let checked =
                |scanner: &str, path: &RepoPath| swept.covers(scanner, path, ignores.has(path));
            let states = ignores.states(checked).into_iter();
            Ok(states
                .map(|(entry, state, moved)| Known {
                    entry: entry.clone(),
                    state,
                    moved,
                })
                .collect())
        },
    )
}

fn audit(context: &Context, json: bool, terminal: &Terminal) -> Result<Exit, CliError> {
    let known = known(context, terminal)?;
    if json {
        let entries: Vec<Value> = known.iter().map(as_json).collect();
        let text = serde_json::to_string_pretty(&json!({ "entries": entries }));
        terminal.print(&(text.unwrap_or_default() + "\n"))?;
    } else if known.is_empty() {
        terminal.say(&format!("nothing is accepted: {IGNORE_FILE} has no entry"))?;
    } else {
        terminal.print(&listed(&known, terminal))?;
    }
    let stale = |one: &Known| matches!(one.state, State::Unused | State::Expired);
    Ok(if known.iter().any(stale) {
        Exit::Findings
    } else {
        Exit::Clean
    })
}

fn as_json(known: &Known) -> Value {
    let Known {
        entry,
        state,
        moved,
    } = known;
    json!({
        "line": entry.line,
        "path": entry.path.to_text(),
        "moved_to": moved.as_ref().map(RepoPath::to_text),
        "scanner": entry.scanner,
        "rule": entry.rule,
        "until": entry.until.map(|day| day.to_string()),
        "reason": entry.reason,
        "state": state.as_str(),
    })
}

fn listed(known: &[Known], terminal: &Terminal) -> String {
    let mut text = String::new();
    let mut path = None;
    for Known {
        entry,
        state,
        moved,
    } in known
    {
        // Writing to a String cannot fail.
        if path != Some(&entry.path) {
            path = Some(&entry.path);
            let name = printable(&entry.path.to_text()).into_owned();
            let _ = writeln!(text, "{}", terminal.bold(&name));
        }
        let end = entry
            .until
            .map_or_else(String::new, |day| format!(", until {day}"));
        let moved = moved.as_ref().map_or_else(String::new, |to| {
            format!(", now in {}", printable(&to.to_text()))
        });
        let _ = writeln!(
            text,
            "  {:8} {}{end}{moved}: {}",
            state.as_str(),
            printable(&entry.rule),
            printable(&entry.reason)
        );
    }
    let count = |wanted: &str| {
        let states = known.iter().map(|one| one.state.as_str());
        states.filter(|state| *state == wanted).count()
    };
    let parts = ["used", "loose", "expired", "unused", "history", "unknown"]
        .map(|state| (count(state), state))
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"));
    let _ = writeln!(text, "\n{}", parts.collect::<Vec<_>>().join(" · "));
    if count("expired") + count("unused") + count("loose") > 0 {
        let _ = writeln!(text, "  take out what is not needed: hookd baseline prune");
    }
    text
}

fn prune(context: &Context, terminal: &Terminal) -> Result<Exit, CliError> {
    let known = known(context, terminal)?;
    let book = Book::open(&context.root)?;
    let mut kept = Vec::new();
    let mut changed = 0;
    for Known {
        mut entry,
        state,
        moved,
    } in known
    {
        let what = match (state, moved) {
            (State::Unused, _) => "took out, not there any more:".to_owned(),
            (State::Expired, _) => format!(
                "took out, it counted until {}:",
                entry.until.map_or_else(String::new, |day| day.to_string())
            ),
            (State::Loose(value), None) => {
                entry.accepted = Some(value);
                format!("lowered to {value}:")
            }
            (_, Some(to)) => {
                let from = std::mem::replace(&mut entry.path, to);
                format!("moved from {}:", printable(&from.to_text()))
            }
            _ => {
                kept.push(entry);
                continue;
            }
        };
        changed += 1;
        terminal.say(&format!(
            "{what} {} in {}: {}",
            printable(&entry.rule),
            printable(&entry.path.to_text()),
            printable(&entry.reason)
        ))?;
        if matches!(state, State::Used | State::Loose(_)) {
            kept.push(entry);
        }
    }
    if changed == 0 {
        terminal.say("every entry is needed")?;
        return Ok(Exit::Clean);
    }
    book.write(&kept)?;
    after(context, false, terminal)?;
    Ok(Exit::Clean)
}

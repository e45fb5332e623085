//! `hookd verify`.

use super::context::{Context, configuration};
use super::error::CliError;
use super::run::{Foreign, fingerprint};
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::git::{BlobReader, Commit, Repo};
use crate::ledger::{Ledger, Unchecked};
use crate::model::Mode;
use crate::text::printable;
use serde_json::{Value, json};

/// Name the commits that were never checked
#[derive(Debug, clap::Args)]
pub(super) struct Verify {
    /// Which commits, as git rev-list reads it. Without it: those that the upstream branch does not have, or all
    #[arg(value_name = "RANGE")]
    range: Option<String>,
    /// How to show them
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = ["text", "json"])]
    format: String,
}

/// Judges every commit of the range by the ledger of this clone.
pub(super) fn verify(given: &Verify, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let repo = context.repository()?;
    let range = range(given, repo)?;
    let blobs = repo.blobs()?;
    let configuration = today(&context, &blobs)?;
    let commits = commits(repo, &range)?;
    let ledger = Ledger::of(&repo.common_dir());
    let records = ledger.read().map_err(|error| {
        let message = format!("{}: {error}", ledger.path().display());
        CliError::usage(
            message,
            "make it readable, or delete it: commits then count as never checked",
        )
    })?;
    if records.broken > 0 {
        terminal.note(&format!(
            "hookd: {} lines of {} are no records and are passed over",
            records.broken,
            ledger.path().display()
        ));
    }
    let judged = commits.iter().filter_map(|commit| {
        let reason = records.judge(&commit.tree, Some(&configuration)).err()?;
        Some((commit, reason))
    });
    let unchecked: Vec<(&Commit, Unchecked)> = judged.collect();
    if given.format == "json" {
        let report = report(&range, commits.len(), &unchecked);
        terminal.print(&format!("{report:#}\n"))?;
    } else {
        show(&range, commits.len(), &unchecked, terminal)?;
    }
    Ok(if unchecked.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

/// What stands for the configuration that a commit would be checked with now.
fn today(context: &Context, blobs: &BlobReader) -> Result<String, CliError> {
    let documents = context.documents(Mode::Staged, Some(blobs))?;
    let native = configuration(&documents)?.precommit_native;
    let foreign = Foreign::find(context, Mode::Staged, Some(blobs), &documents, native)?;
    let text = foreign.map(|foreign| foreign.document.source.text);
    Ok(fingerprint(&documents, text.as_deref()))
}

fn range(given: &Verify, repo: &Repo) -> Result<String, CliError> {
    match &given.range {
        Some(range) => Ok(range.clone()),
        None if repo.has_upstream()? => Ok("@{upstream}..HEAD".to_owned()),
        None => Ok("HEAD".to_owned()),
    }
}

/// A repository without a commit has none that was not checked.
fn commits(repo: &Repo, range: &str) -> Result<Vec<Commit>, CliError> {
    if range == "HEAD" && repo.head_commit()?.is_none() {
        return Ok(Vec::new());
    }
    Ok(repo.commits(range)?)
}

fn show(
    range: &str,
    all: usize,
    unchecked: &[(&Commit, Unchecked)],
    terminal: &Terminal,
) -> Result<(), CliError> {
    for (commit, reason) in unchecked {
        let subject = printable(&commit.subject);
        terminal.print(&format!(
            "{} {subject}\n  {}\n",
            terminal.bold(&commit.short),
            why(reason)
        ))?;
    }
    let noun = if all == 1 { "commit" } else { "commits" };
    let shown = printable(range);
    if unchecked.is_empty() {
        return terminal.say(&format!("{shown}: every commit was checked ({all} {noun})"));
    }
    let next = match range.split_once("..") {
        Some((from, to)) if !from.is_empty() && !to.is_empty() && !to.starts_with('.') => {
            format!("hookd run --from-ref {from} --to-ref {to}")
        }
        _ => "hookd run --all".to_owned(),
    };
    terminal.say(&format!(
        "{shown}: {} of {all} {noun} not checked\n  next: {}",
        unchecked.len(),
        printable(&next)
    ))
}

fn why(reason: &Unchecked) -> String {
    match reason {
        Unchecked::NoRecord => {
            "no run has seen its files: --no-verify, a merge, rebase or cherry-pick, another clone"
                .to_owned()
        }
        Unchecked::Bypassed => "hookd was turned off: HOOKD=0".to_owned(),
        Unchecked::Skipped(ids) => format!("checks were skipped: {}", printable(&ids.join(", "))),
        Unchecked::OtherConfiguration => {
            "it was checked with another configuration than today's".to_owned()
        }
    }
}

fn report(range: &str, all: usize, unchecked: &[(&Commit, Unchecked)]) -> Value {
    let one = |(commit, reason): &(&Commit, Unchecked)| {
        let (word, skipped) = match reason {
            Unchecked::NoRecord => ("no-record", None),
            Unchecked::Bypassed => ("bypassed", None),
            Unchecked::Skipped(ids) => ("skipped", Some(ids)),
            Unchecked::OtherConfiguration => ("other-configuration", None),
        };
        json!({
            "commit": commit.id,
            "tree": commit.tree,
            "subject": commit.subject,
            "reason": word,
            "skipped": skipped.map_or(&[][..], Vec::as_slice),
        })
    };
    json!({
        "schema": "hookd-verify/1",
        "range": range,
        "commits": all,
        "unchecked": unchecked.iter().map(one).collect::<Vec<_>>(),
    })
}

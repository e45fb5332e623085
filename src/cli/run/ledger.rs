//! What a run writes into the ledger, and which commits it names that were never checked.

use super::super::args::Run;
use super::super::context::Context;
use super::super::error::CliError;
use super::super::terminal::Terminal;
use crate::command::Hook;
use crate::config::Document;
use crate::exit::Exit;
use crate::git::{Commit, PushedRef, Repo};
use crate::ledger::{Done, Ledger, Record};
use crate::model::Outcome;
use crate::scan::SCANNERS;
use crate::select::Wanted;
use crate::text::printable;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::io;

/// How many commits a line names.
const NAMED: usize = 3;
/// How many commits of a push are recorded: more than anybody makes between two pushes.
const RECORDED: usize = 2000;

/// What stands for a configuration: of all its files, comments and layout apart. `foreign` is the text of another tool's
/// configuration, where that counts.
pub(in crate::cli) fn fingerprint(documents: &[Document], foreign: Option<&str>) -> String {
    let mut hash = Sha256::new();
    for document in documents {
        let text = match toml::from_str::<toml::Table>(&document.text) {
            Ok(table) => table.to_string(),
            Err(_) => document.text.clone(),
        };
        hash.update(text.len().to_le_bytes());
        hash.update(text.as_bytes());
    }
    hash.update(foreign.unwrap_or_default());
    let digest = hash.finalize();
    digest[..8]
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The checks of this stage that `SKIP` or `--skip` leaves out. Ids that nothing here has are passed over.
pub(super) fn left_out(wanted: &Wanted, hooks: &[Hook], stage: &str) -> Vec<String> {
    let scanners = SCANNERS.iter().map(|spec| spec.id);
    let here = hooks.iter().filter(|hook| hook.runs_at(stage));
    let known = scanners.chain(here.map(|hook| hook.id.as_str()));
    known
        .filter(|known| wanted.skip.iter().any(|id| id == known))
        .map(str::to_owned)
        .collect()
}

/// Whether a stage stands before a commit, so that it decides whether the commit's tree was checked.
fn is_before_commit(stage: &str) -> bool {
    matches!(stage, "pre-commit" | "pre-merge-commit")
}

/// Records that hookd was turned off.
pub(super) fn bypassed(stage: &str, terminal: &Terminal) {
    if !is_before_commit(stage) {
        return;
    }
    // Who turned hookd off wants to hear of nothing else.
    let Ok(context) = Context::open() else { return };
    if let Some(repo) = &context.repo {
        record(repo, "", Done::Bypassed, terminal);
    }
}

/// What a hook has done, for the ledger.
pub(super) struct Finished<'a> {
    /// What is pushed and was never checked.
    pub(super) unchecked: Vec<Commit>,
    pub(super) given: &'a Run,
    pub(super) context: &'a Context,
    pub(super) stage: &'a str,
    pub(super) documents: &'a [Document],
    /// The text of another tool's configuration.
    pub(super) foreign: Option<&'a str>,
    /// The checks that were left out by name.
    pub(super) left_out: Vec<String>,
}

impl Finished<'_> {
    /// Records what was checked, if git may go on with it; after a commit names it where it never was.
    pub(super) fn record(self, outcome: &Outcome, terminal: &Terminal) -> Result<(), CliError> {
        let (Some(_), Some(repo)) = (&self.given.hook, &self.context.repo) else {
            return Ok(());
        };
        if self.stage == "post-commit" {
            return after_commit(repo, terminal);
        }
        if outcome.exit != Exit::Clean {
            return Ok(());
        }
        if is_before_commit(self.stage) {
            let configuration = fingerprint(self.documents, self.foreign);
            let done = if self.left_out.is_empty() {
                Done::Checked
            } else {
                Done::Skipped(self.left_out)
            };
            record(repo, &configuration, done, terminal);
        } else if self.left_out.is_empty() && !self.unchecked.is_empty() {
            self.pushed(repo, terminal);
        }
        Ok(())
    }

    /// After a push in which nothing was found: its commits are checked.
    fn pushed(&self, repo: &Repo, terminal: &Terminal) {
        let configuration = fingerprint(self.documents, self.foreign);
        let record = |commit: &Commit| Record {
            tree: commit.tree.clone(),
            configuration: configuration.clone(),
            done: Done::Pushed,
        };
        let commits = self.unchecked.iter().take(RECORDED);
        let records: Vec<Record> = commits.map(record).collect();
        write(&Ledger::of(&repo.common_dir()), &records, terminal);
    }
}

/// The ledger is a help, not a gate: where it cannot be written the commit goes on.
fn record(repo: &Repo, configuration: &str, done: Done, terminal: &Terminal) {
    let tree = match repo.index_tree() {
        Ok(tree) => tree,
        Err(error) => {
            terminal.note(&format!(
                "hookd: this commit is not recorded as checked: {error}"
            ));
            return;
        }
    };
    let record = Record {
        tree,
        configuration: configuration.to_owned(),
        done,
    };
    write(&Ledger::of(&repo.common_dir()), &[record], terminal);
}

fn write(ledger: &Ledger, records: &[Record], terminal: &Terminal) {
    if let Err(error) = ledger.add(records) {
        terminal.note(&cannot(ledger, "written", &error));
    }
}

fn cannot(ledger: &Ledger, what: &str, error: &io::Error) -> String {
    format!(
        "hookd: the ledger of checked commits cannot be {what}: {}: {error}",
        ledger.path().display()
    )
}

/// Those of `commits` whose tree was never checked.
fn unchecked(repo: &Repo, commits: Vec<Commit>, terminal: &Terminal) -> Vec<Commit> {
    let ledger = Ledger::of(&repo.common_dir());
    match ledger.read() {
        Ok(records) => commits
            .into_iter()
            .filter(|commit| records.judge(&commit.tree, None).is_err())
            .collect(),
        Err(error) => {
            terminal.note(&cannot(&ledger, "read", &error));
            Vec::new()
        }
    }
}

/// After a commit: names it where it was never checked.
fn after_commit(repo: &Repo, terminal: &Terminal) -> Result<(), CliError> {
    let commits = repo.head_commit()?.into_iter().collect();
    if let Some(commit) = unchecked(repo, commits, terminal).first() {
        terminal.note(&format!(
            "hookd: {} was not checked before it was committed; hookd verify tells why",
            named(commit)
        ));
    }
    Ok(())
}

/// The remote that a pre-push hook is told (githooks(5)); empty elsewhere.
pub(super) fn remote(given: &Run) -> Cow<'_, str> {
    given
        .hook_args
        .first()
        .map(|name| name.to_string_lossy())
        .unwrap_or_default()
}

/// Before a push: names the commits that were never checked, and gives them, so that they can be recorded once they are.
/// At other stages there are none.
pub(super) fn before_push(
    given: &Run,
    context: &Context,
    stdin: Option<&[u8]>,
    terminal: &Terminal,
) -> Result<Vec<Commit>, CliError> {
    let (Some("pre-push"), Some(repo), Some(input)) = (given.hook.as_deref(), &context.repo, stdin)
    else {
        return Ok(Vec::new());
    };
    let pushed = repo.pushed_commits(&remote(given), &PushedRef::parse(input))?;
    let commits = unchecked(repo, pushed, terminal);
    if !commits.is_empty() {
        terminal.note(&push_line(&commits));
    }
    Ok(commits)
}

fn push_line(commits: &[Commit]) -> String {
    let some: Vec<String> = commits.iter().take(NAMED).map(named).collect();
    let more = match commits.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(", and {more} more"),
    };
    let (noun, verb) = match commits.len() {
        1 => ("commit was", "it is"),
        _ => ("commits were", "they are"),
    };
    format!(
        "hookd: {} {noun} not checked before, {verb} checked now: {}{more}",
        commits.len(),
        some.join(", ")
    )
}

fn named(commit: &Commit) -> String {
    format!("{} ({})", commit.short, printable(&commit.subject))
}

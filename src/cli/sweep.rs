//! Looking for findings again, for the commands that accept them: the scanners alone, without commands, fixes or downloads.

use super::context::{Context, IgnoreFiles, configuration};
use super::error::CliError;
use super::progress::Bar;
use super::terminal::Terminal;
use crate::engine::{self, Plan};
use crate::git::{BlobReader, Repo};
use crate::model::{FileMeta, Mode, Outcome, RepoPath};
use crate::scan::SCANNERS;
use crate::select::{Gathered, PreparedCheck, Wanted, gather_all, gather_named, prepare};
use crate::triage::IgnoreList;
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::time::Instant;

/// What to look at.
pub(super) enum Looked<'a> {
    /// What is staged.
    Staged,
    /// Every file in the worktree that git does not ignore.
    Worktree,
    /// Every tracked file in the worktree, as `hookd run --all` does.
    Tracked,
    /// Every content that commits brought in, by the scanners that look at such.
    History,
    /// This file as it is on disk.
    File(&'a PathBuf),
}

/// What was found.
pub(super) struct Swept {
    /// The outcome, with what was accepted.
    pub(super) outcome: Outcome,
    /// Scanner and file, for each file that a scanner looked at without an error.
    checked: BTreeSet<(&'static str, RepoPath)>,
    /// Scanners that ran without an error.
    whole: BTreeSet<&'static str>,
}

impl Swept {
    /// Whether `scanner` looked at `path`, or would have, were it there.
    pub(super) fn covers(&self, scanner: &str, path: &RepoPath, is_there: bool) -> bool {
        let whole = self.whole.get(scanner);
        whole.is_some_and(|id| !is_there || self.checked.contains(&(*id, path.clone())))
    }
}

/// Runs every scanner of the configuration over `looked` and hands over the files of accepted findings as they were used.
///
/// # Errors
/// The configuration or git cannot be read.
pub(super) fn sweep<T>(
    context: &Context,
    looked: &Looked<'_>,
    terminal: &Terminal,
    then: impl FnOnce(Swept, &IgnoreList<'_>) -> Result<T, CliError>,
) -> Result<T, CliError> {
    let mode = match looked {
        Looked::Staged => Mode::Staged,
        Looked::Worktree | Looked::Tracked => Mode::All,
        Looked::History => Mode::History,
        Looked::File(_) => Mode::Files,
    };
    let blobs = context.repo.as_ref().map(Repo::blobs).transpose()?;
    let documents = context.documents(mode, blobs.as_ref())?;
    let config = configuration(&documents)?;
    let mut checks = prepare(
        SCANNERS,
        &config,
        &context.scan_context(mode),
        &Wanted::default(),
    )?;
    if mode == Mode::History {
        checks.retain(|check| check.scanner.reads_history());
    }
    let mut gathered = gather(context, looked, blobs.as_ref(), &checks)?;
    gathered
        .files
        .retain(|file| !config.exclude.contains(file.path.to_path()));
    let looked_at = looked_at(&gathered.files, &checks);
    let files = IgnoreFiles::new(context, mode, blobs.as_ref());
    let ignores = IgnoreList::new(&files, Context::today());
    let plan = Plan {
        mode,
        stage: "pre-commit".to_owned(),
        files: &gathered.files,
        errors: gathered.errors,
        checks,
        skipped: Vec::new(),
        blobs: blobs.as_ref(),
        jobs: 0,
        fixes: false,
        shown: None,
        fail_fast: false,
        started: Instant::now(),
    };
    engine::keep_panics_quiet();
    let outcome = engine::run(plan, &Bar::new(!terminal.quiet), &ignores);
    then(swept(outcome, looked_at), &ignores)
}

/// The files that `looked` names; of the history those that one of `checks` wants.
fn gather(
    context: &Context,
    looked: &Looked<'_>,
    blobs: Option<&BlobReader>,
    checks: &[PreparedCheck],
) -> Result<Gathered, CliError> {
    let root = &context.root;
    Ok(match (looked, &context.repo, blobs) {
        (Looked::Staged, Some(repo), Some(blobs)) => Gathered {
            files: repo.staged(blobs)?.files,
            ..Gathered::default()
        },
        (Looked::History, Some(repo), Some(blobs)) => Gathered {
            files: repo
                .history(
                    "",
                    |path| checks.iter().any(|check| !check.excludes(path)),
                    blobs,
                )?
                .files,
            ..Gathered::default()
        },
        (Looked::Staged | Looked::History, ..) => Gathered::default(),
        (Looked::Worktree, repo, _) => gather_all(repo.as_ref(), root, true)?,
        (Looked::Tracked, repo, _) => gather_all(repo.as_ref(), root, false)?,
        (Looked::File(path), ..) => gather_named(root, &[context.here.join(path)])?,
    })
}

fn looked_at(files: &[FileMeta], checks: &[PreparedCheck]) -> BTreeSet<(&'static str, RepoPath)> {
    let pairs = files.iter().flat_map(|file| {
        let takers = checks.iter().filter(|check| check.takes(file).is_ok());
        takers.map(|check| (check.spec.id, file.path.clone()))
    });
    pairs.collect()
}

fn swept(outcome: Outcome, mut checked: BTreeSet<(&'static str, RepoPath)>) -> Swept {
    let mut whole: BTreeSet<&'static str> = SCANNERS.iter().map(|spec| spec.id).collect();
    whole.retain(|id| {
        let ran = outcome.checks.iter().any(|check| check.id == *id);
        let mut errors = outcome.errors.iter().filter(|error| error.fatal);
        ran && !errors.any(|error| error.scanner == *id)
    });
    for path in outcome
        .errors
        .iter()
        .filter(|error| error.fatal)
        .filter_map(|error| error.path.as_ref())
    {
        checked.retain(|(_, other)| other != path);
    }
    Swept {
        outcome,
        checked,
        whole,
    }
}

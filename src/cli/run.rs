//! `hookd run`.

use super::args::Run;
use super::context::{Context, configuration};
use super::db;
use super::error::CliError;
use super::progress::Bar;
use super::terminal::{Terminal, finish};
use crate::advisory::{self, Database};
use crate::config::{Config, suggest};
use crate::engine::{self, Plan};
use crate::env;
use crate::exit::Exit;
use crate::git::{BlobReader, Repo};
use crate::model::{FileMeta, Mode, Outcome};
use crate::report;
use crate::scan::{SCANNERS, audit_url, lockfile_ecosystems};
use crate::select::{Gathered, Wanted, gather_all, gather_named, prepare};
use std::io::{self, Write};
use std::time::Instant;

/// How many findings a person is shown at once, where `-v` does not ask for all.
const MOST: usize = 50;

pub(super) fn run(given: Run, terminal: &Terminal) -> Result<Exit, CliError> {
    let started = Instant::now();
    engine::keep_panics_quiet();
    let context = Context::open()?;
    let wanted = wanted(&given)?;
    let mode = mode(&given);
    let blobs = context.repo.as_ref().map(Repo::blobs).transpose()?;
    let documents = context.documents(mode, blobs.as_ref())?;
    let config = configuration(&documents)?;
    let checks = prepare(SCANNERS, &config, &context.scan_context(mode), &wanted)?;
    let mut gathered = gather(&given, &context, mode, blobs.as_ref())?;
    gathered.files = not_excluded(gathered.files, &config);
    let audited = checks.iter().any(|check| check.spec.id == "audit");
    if mode == Mode::All && audited && !given.offline {
        fetch_missing(&gathered.files, &config, terminal)?;
    }
    let plan = Plan {
        mode,
        stage: given.hook.clone().unwrap_or_else(|| given.stage.clone()),
        files: gathered.files,
        errors: gathered.errors,
        skipped: skipped(&wanted),
        checks,
        blobs: blobs.as_ref(),
        jobs: given.jobs,
        fail_fast: given.fail_fast,
        started,
    };
    let outcome = engine::run(plan, &Bar::new(!terminal.quiet));
    report(&given, &outcome, terminal)?;
    Ok(outcome.exit)
}

fn mode(given: &Run) -> Mode {
    if given.all {
        Mode::All
    } else if !given.files.is_empty() {
        Mode::Files
    } else if given.from_ref.is_some() {
        Mode::Range
    } else {
        Mode::Staged
    }
}

/// Which checks were asked for. Unknown ids in `SKIP` are passed over: other tools read that variable too.
fn wanted(given: &Run) -> Result<Wanted, CliError> {
    for id in given.ids.iter().chain(&given.skip) {
        if !SCANNERS.iter().any(|spec| spec.id == id) {
            let hint = suggest(id, SCANNERS.iter().map(|spec| spec.id));
            return Err(CliError::usage(format!("there is no check `{id}`"), hint));
        }
    }
    let mut skip = given.skip.clone();
    skip.extend(env::skipped());
    Ok(Wanted {
        only: given.ids.clone(),
        skip,
    })
}

fn skipped(wanted: &Wanted) -> Vec<String> {
    let left_out = SCANNERS
        .iter()
        .filter(|spec| wanted.skip.iter().any(|id| id == spec.id));
    left_out.map(|spec| spec.id.to_owned()).collect()
}

fn gather(
    given: &Run,
    context: &Context,
    mode: Mode,
    blobs: Option<&BlobReader>,
) -> Result<Gathered, CliError> {
    match (mode, &context.repo, blobs) {
        (Mode::All, repo, _) => Ok(gather_all(repo.as_ref(), &context.root, given.untracked)?),
        (Mode::Files, _, _) => {
            let paths: Vec<_> = given
                .files
                .iter()
                .map(|path| context.here.join(path))
                .collect();
            Ok(gather_named(&context.root, &paths)?)
        }
        (Mode::Range, Some(repo), Some(blobs)) => {
            let from = given.from_ref.as_deref().unwrap_or("HEAD");
            Ok(Gathered {
                files: repo.range(from, &given.to_ref, blobs)?,
                errors: Vec::new(),
            })
        }
        (_, Some(repo), Some(blobs)) => Ok(Gathered {
            files: repo.staged(blobs)?,
            errors: Vec::new(),
        }),
        _ => Err(CliError::usage(
            format!(
                "{} is not in a git repository, so nothing is staged",
                context.here.display()
            ),
            "hookd run --all checks every file below this folder",
        )),
    }
}

/// Before a sweep: downloads the advisories of ecosystems there are none of yet. Where that fails the reason is said, and
/// the audit itself says what could not be audited.
fn fetch_missing(
    files: &[FileMeta],
    config: &Config<'_>,
    terminal: &Terminal,
) -> Result<(), CliError> {
    let Ok(folder) = db::folder() else {
        return Ok(());
    };
    let mut missing = lockfile_ecosystems(files);
    missing.retain(|ecosystem| !Database::path(&folder, *ecosystem).exists());
    if missing.is_empty() {
        return Ok(());
    }
    let url =
        audit_url(config.section("audit"))?.unwrap_or_else(|| advisory::DEFAULT_URL.to_owned());
    let names: Vec<&str> = missing.iter().map(|ecosystem| ecosystem.as_str()).collect();
    terminal.note(&format!(
        "fetching advisories for {} (--offline: do without)",
        names.join(", ")
    ));
    let done = db::download(
        url,
        missing.into_iter().collect(),
        false,
        &folder,
        terminal,
        db::Say::Errors,
    );
    if let Err(error) = done {
        terminal.complain(&error);
    }
    Ok(())
}

fn not_excluded(mut files: Vec<FileMeta>, config: &Config<'_>) -> Vec<FileMeta> {
    files.retain(|file| !config.exclude.contains(file.path.to_path()));
    files
}

fn report(given: &Run, outcome: &Outcome, terminal: &Terminal) -> Result<(), CliError> {
    let Some(reporter) = report::find(&given.format) else {
        return Err(CliError::usage(
            format!("there is no format `{}`", given.format),
            "",
        ));
    };
    let mut style = terminal.style(MOST);
    // A commit that is fine should not be noticed.
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

//! `hookd run`.

mod contents;
mod fixes;
mod foreign;
mod heirs;
mod hooks;
mod kind;
mod ledger;
mod message;
mod output;
mod receiver;

pub(super) use foreign::{Foreign, Ready, sayer, texts_of, tools};
pub(super) use hooks::{configured, texts};
pub(super) use ledger::fingerprint;

use super::args::Run;
use super::context::{Context, IgnoreFiles, configuration};
use super::db;
use super::error::CliError;
use super::progress::Bar;
use super::terminal::Terminal;
use crate::advisory::{self, Database};
use crate::config::{self, Config, FILE_NAME, suggest};
use crate::engine::{self, Plan};
use crate::env;
use crate::exit::Exit;
use crate::git::{BlobReader, CommitRange, PushedRef, Recovered, Repo};
use crate::model::{FileMeta, Mode, Outcome, RepoPath};
use crate::scan::{SCANNERS, ScanContext, audit_url, lockfile_ecosystems};
use crate::select::{Gathered, PreparedCheck, Wanted, gather_all, gather_named, prepare};
use crate::triage::IgnoreList;
use kind::{StageKind, mode};
use std::io::{self, Read};
use std::time::Instant;

pub(super) fn run(given: Run, terminal: &Terminal) -> Result<Exit, CliError> {
    let started = Instant::now();
    let stage = hooks::stage(&given)?;
    let context = receiver::context(&given, stage);
    if given.configured
        && context
            .as_ref()
            .is_ok_and(|at| hooks::steps_aside(at, stage))
    {
        return Ok(Exit::Clean);
    }
    if given.hook.is_some() && env::is_off() && !receiver::decides(stage) {
        terminal.note("hookd: nothing is checked (HOOKD=0)");
        ledger::bypassed(hooks::stage(&given)?, terminal);
        return Ok(Exit::Clean);
    }
    engine::keep_panics_quiet();
    output::refuse_to_keep_secrets(&given)?;
    let context = context?;
    recover(&context, terminal)?;
    let mut outcome = if contents::are_asked(&given) {
        contents::judge(&given, stage, &context, terminal, started)?
    } else {
        judge(&given, stage, &context, terminal, started)?
    };
    outcome.summary.duration = started.elapsed();
    output::report(&given, &outcome, terminal)?;
    if given.hook.is_some() {
        refresh_advisories(&context, stage)?;
    }
    // What git has done already cannot be stopped.
    let is_past = given.hook.is_some() && stage.starts_with("post-");
    Ok(if is_past { Exit::Clean } else { outcome.exit })
}

/// Starts an update of the advisory data behind the user's back, where the user switched that on for this git hook.
fn refresh_advisories(context: &Context, stage: &str) -> Result<(), CliError> {
    if !db::background::STAGES.contains(&stage) {
        return Ok(());
    }
    let documents = context.documents(Mode::Files, None)?;
    if db::background::is_wanted(&documents)? {
        db::background::start(&context.root, &[]);
    }
    Ok(())
}

/// What a stage of this kind looks at.
fn gathered(
    given: &Run,
    context: &Context,
    kind: StageKind,
    stdin: Option<&[u8]>,
    blobs: Option<&BlobReader>,
) -> Result<Gathered, CliError> {
    match kind {
        StageKind::Files => gather(given, context, mode(given, kind), blobs),
        StageKind::Push => pushed(given, context, stdin, blobs),
        StageKind::Received => receiver::received(given, context, stdin, blobs),
        StageKind::Message => message::gather(given, context),
        StageKind::NoFiles => Ok(Gathered::default()),
    }
}

/// Reads the configuration, finds the files, runs the scanners and then the commands.
fn judge(
    given: &Run,
    stage: &'static str,
    context: &Context,
    terminal: &Terminal,
    started: Instant,
) -> Result<Outcome, CliError> {
    let kind = StageKind::of(given, stage);
    let mode = mode(given, kind);
    let blobs = context.repo.as_ref().map(Repo::blobs).transpose()?;
    let documents = context.documents(mode, blobs.as_ref())?;
    let config = configuration(&documents)?;
    let all_hooks = configured(&config)?;
    let foreign = Foreign::find(
        context,
        mode,
        blobs.as_ref(),
        &documents,
        config.precommit_native,
    )?;
    if let Some(foreign) = foreign {
        let run = foreign::ForeignRun {
            foreign: &foreign,
            given,
            stage,
            kind,
            mode,
            context,
            terminal,
            started,
            blobs: blobs.as_ref(),
            documents: &documents,
            own_hooks: all_hooks,
            trusted: false,
        };
        return run.judge();
    }
    say_passed_over(context, &documents, terminal);
    let wanted = wanted(given, kind, all_hooks.iter().map(|hook| hook.id.as_str()))?;
    let stdin = stdin(given, stage)?;
    let about = scan_context(given, context, kind, stdin.as_deref());
    let mut checks = of_stage(kind, prepare(SCANNERS, &config, &about, &wanted)?);
    let finished = ledger::Finished {
        unchecked: ledger::before_push(given, context, stdin.as_deref(), terminal)?,
        given,
        context,
        stage,
        documents: &documents,
        foreign: None,
        left_out: ledger::left_out(&wanted, &all_hooks, stage),
    };
    let mut gathered = gathered(given, context, kind, stdin.as_deref(), blobs.as_ref())?;
    not_excluded(&mut gathered, &config);
    if mode == Mode::All && !given.offline {
        fetch_missing(&gathered.files, &checks, &config, terminal)?;
    }
    let scanned = heirs::scanned(&gathered, &mut checks);
    let plan = Plan {
        mode,
        stage: stage.to_owned(),
        files: &scanned,
        errors: gathered.errors.clone(),
        skipped: skipped(&wanted),
        checks,
        blobs: blobs.as_ref(),
        jobs: given.jobs,
        fixes: given.fix || mode == Mode::Staged,
        shown: output::shown(given, mode, terminal),
        fail_fast: given.fail_fast,
        started,
    };
    let files = IgnoreFiles::new(context, mode, blobs.as_ref());
    let ignores = IgnoreList::new(&files, Context::today());
    let mut outcome = engine::run(plan, &Bar::new(!terminal.quiet), &ignores);
    message::say_where(kind, &gathered.files, &mut outcome);
    let fixing = fixes::Fixing {
        fix: given.fix,
        context,
        config: &config,
        files: &gathered.files,
        blobs: blobs.as_ref(),
        ignores: &ignores,
    };
    let mending = fixing.begin(&mut outcome)?;
    let chosen = hooks::chosen(all_hooks, stage, &wanted, context);
    let work = hooks::Work {
        given,
        context,
        stage,
        mode,
        hooks: &chosen,
        texts: texts(&chosen),
        file: FILE_NAME,
        arguments: hooks::arguments(given, kind.names_files()),
        fail_fast: given.fail_fast,
        files: (kind.names_files()).then_some(gathered.files.as_slice()),
        blobs: blobs.as_ref(),
        stdin,
        require_trust: config.require_trust,
        trusted: false,
        stage_fixes: mending.stages(),
        fixes: mending.fixes,
    };
    let staged = hooks::run(&work, &mut outcome, terminal)?;
    fixes::settle(mending.gone, &staged, &mut outcome);
    finished.record(&outcome, terminal)?;
    Ok(outcome)
}

/// With `-v`: that another tool's configuration does not count.
fn say_passed_over(context: &Context, documents: &[config::Document], terminal: &Terminal) {
    if terminal.verbose
        && let Some(name) = Foreign::passed_over(context, documents)
    {
        let line = format!("hookd: {name} is not read, for there is a {FILE_NAME}");
        terminal.note(&line);
    }
}

/// What scanners may know about the run.
fn scan_context(
    given: &Run,
    context: &Context,
    kind: StageKind,
    stdin: Option<&[u8]>,
) -> ScanContext {
    ScanContext {
        commits: commits(given, kind, stdin),
        ..context.scan_context(mode(given, kind))
    }
}

/// The commits that the run is about, where it is about commits.
fn commits(given: &Run, kind: StageKind, stdin: Option<&[u8]>) -> Option<CommitRange> {
    if kind == StageKind::Push {
        return Some(CommitRange::Pushed {
            remote: ledger::remote(given).into_owned(),
            refs: PushedRef::parse(stdin.unwrap_or_default()),
        });
    }
    given.from_ref.as_ref().map(|from| CommitRange::Between {
        from: from.clone(),
        to: given.to_ref.clone(),
    })
}

/// Runs the hooks of `foreign`, which the user just named, as `given` says.
pub(super) fn try_hooks(
    given: &Run,
    foreign: &Foreign,
    context: &Context,
    terminal: &Terminal,
) -> Result<Exit, CliError> {
    engine::keep_panics_quiet();
    let stage = hooks::stage(given)?;
    let mode = mode(given, StageKind::Files);
    let blobs = context.repo.as_ref().map(Repo::blobs).transpose()?;
    let run = foreign::ForeignRun {
        foreign,
        given,
        stage,
        kind: StageKind::Files,
        mode,
        context,
        terminal,
        started: Instant::now(),
        blobs: blobs.as_ref(),
        documents: &[],
        own_hooks: Vec::new(),
        trusted: true,
    };
    let started = Instant::now();
    let mut outcome = run.judge()?;
    outcome.summary.duration = started.elapsed();
    output::report(given, &outcome, terminal)?;
    Ok(outcome.exit)
}

/// Those that read what the stage has; scanners have nothing to do where there are no files.
fn of_stage(kind: StageKind, mut checks: Vec<PreparedCheck>) -> Vec<PreparedCheck> {
    let is_message = kind == StageKind::Message;
    checks.retain(|check| kind != StageKind::NoFiles && check.spec.reads.fits(is_message));
    checks
}

/// Puts back what a killed run left, and says so.
fn recover(context: &Context, terminal: &Terminal) -> Result<(), CliError> {
    let Some(repo) = context.repo.as_ref().filter(|_| !context.is_receiver()) else {
        return Ok(());
    };
    let recovered = repo
        .recover()
        .map_err(|error| CliError::usage(error.to_string(), error.hint()))?;
    if let Some(recovered) = recovered {
        terminal.note(&recovered_line(&recovered));
    }
    Ok(())
}

/// What was put back, in a line.
pub(super) fn recovered_line(recovered: &Recovered) -> String {
    let count = recovered.restored.len();
    let mut line =
        format!("hookd: an earlier run was killed; {count} of your files are back in their places");
    for saved in &recovered.saved {
        line.push_str(&format!(
            "\n  what stood in the place of {} is kept in {}",
            saved.path.to_text(),
            saved.kept.display()
        ));
    }
    line
}

/// What git hands to the hook, at the stages where it does (githooks(5)).
fn stdin(given: &Run, stage: &str) -> Result<Option<Vec<u8>>, CliError> {
    const READ: [&str; 6] = [
        "pre-push",
        "post-rewrite",
        "pre-receive",
        "post-receive",
        "reference-transaction",
        "proc-receive",
    ];
    if given.hook.is_none() || !READ.contains(&stage) {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    io::stdin()
        .lock()
        .read_to_end(&mut bytes)
        .map_err(|error| {
            CliError::usage(
                format!("cannot read what git hands to the hook: {error}"),
                "",
            )
        })?;
    Ok(Some(bytes))
}

fn pushed(
    given: &Run,
    context: &Context,
    stdin: Option<&[u8]>,
    blobs: Option<&BlobReader>,
) -> Result<Gathered, CliError> {
    let (Some(repo), Some(blobs)) = (&context.repo, blobs) else {
        return Err(CliError::usage("there is no repository to push from", ""));
    };
    let refs = PushedRef::parse(stdin.unwrap_or_default());
    Ok(Gathered {
        files: repo.pushed(&ledger::remote(given), &refs, blobs)?,
        ..Gathered::default()
    })
}

/// Which checks were asked for. Unknown ids in `SKIP` are passed over: other tools read that variable too.
fn wanted<'h>(
    given: &Run,
    kind: StageKind,
    hooks: impl Iterator<Item = &'h str> + Clone,
) -> Result<Wanted, CliError> {
    let known = || SCANNERS.iter().map(|spec| spec.id).chain(hooks.clone());
    for id in given.ids.iter().chain(&given.skip) {
        if !known().any(|known| known == id) {
            return Err(CliError::usage(
                format!("there is no check `{id}`"),
                suggest(id, known()),
            ));
        }
    }
    let mut skip = given.skip.clone();
    if kind != StageKind::Received {
        skip.extend(env::skipped());
    }
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
            let change = repo.range(from, &given.to_ref, blobs)?;
            let now = |path: &RepoPath| repo.blob_at(&given.to_ref, path);
            Ok(heirs::gathered(change, blobs, now))
        }
        (_, Some(repo), Some(blobs)) => {
            let now = |path: &RepoPath| repo.staged_blob(path.to_path()).ok()?;
            Ok(heirs::gathered(repo.staged(blobs)?, blobs, now))
        }
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
    checks: &[PreparedCheck],
    config: &Config<'_>,
    terminal: &Terminal,
) -> Result<(), CliError> {
    let Ok(folder) = db::folder() else {
        return Ok(());
    };
    if checks.iter().all(|check| check.spec.id != "audit") {
        return Ok(());
    }
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

fn not_excluded(gathered: &mut Gathered, config: &Config<'_>) {
    for files in [&mut gathered.files, &mut gathered.heirs] {
        files.retain(|file| !config.exclude.contains(file.path.to_path()));
    }
}

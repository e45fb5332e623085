//! `hookd db`.

pub(super) mod background;
mod status;

use super::args::{Db, DbCommand, DbUpdate};
use super::context::{Context, configuration};
use super::error::CliError;
use super::progress::Bar;
use super::terminal::Terminal;
use crate::advisory::{
    self, AdvisoryError, Database, ImportOptions, Imported, UpdateOptions, Updated,
};
use crate::config::suggest;
use crate::env;
use crate::exit::Exit;
use crate::model::Mode;
use crate::scan::{audit_url, lockfile_ecosystems};
use crate::select::gather_all;
use crate::version::Ecosystem;
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

pub(super) fn db(given: &Db, terminal: &Terminal) -> Result<Exit, CliError> {
    let folder = folder()?;
    match &given.command {
        DbCommand::Import { path, force } => import(path, *force, &folder, terminal),
        DbCommand::Update(given) => update(given, &folder, terminal),
        DbCommand::Status { format } => status::status(&folder, format, terminal),
        DbCommand::Export { path } => export(path, &folder, terminal),
    }
}

/// The folder of the advisory database.
///
/// # Errors
/// No environment variable says where data goes.
pub(super) fn folder() -> Result<PathBuf, CliError> {
    env::data_dir().map(|dir| advisory::folder(&dir)).ok_or_else(|| {
        CliError::usage(
            "there is no folder for data: neither HOOKD_DATA_DIR, XDG_DATA_HOME nor HOME is set",
            "set HOOKD_DATA_DIR to a folder of your own",
        )
    })
}

fn failed(error: &AdvisoryError) -> CliError {
    CliError::usage(error.to_string(), error.hint())
}

fn export(path: &Path, folder: &Path, terminal: &Terminal) -> Result<Exit, CliError> {
    let (file, metas) = advisory::export(folder, path, &Bar::new(!terminal.quiet))
        .map_err(|error| failed(&error))?;
    if metas.is_empty() {
        return Err(CliError::usage(
            "there is no advisory data to export",
            "hookd db update --all",
        ));
    }
    let names: Vec<&str> = metas.iter().map(|meta| meta.ecosystem.as_str()).collect();
    let file = file.display();
    terminal.say(&format!("wrote {file}: {}", names.join(", ")))?;
    terminal.say(&format!("  on the other machine: hookd db import {file}"))?;
    Ok(Exit::Clean)
}

fn import(path: &Path, force: bool, folder: &Path, terminal: &Terminal) -> Result<Exit, CliError> {
    let options = ImportOptions {
        force,
        ..ImportOptions::default()
    };
    let reports = advisory::import(path, folder, &options, &Bar::new(!terminal.quiet))
        .map_err(|error| failed(&error))?;
    let mut exit = Exit::Clean;
    for report in reports {
        match &report.outcome {
            Ok(imported) => terminal.say(&imported_line(imported))?,
            Err(error) => {
                exit = Exit::Usage;
                terminal.complain(&failed(error));
            }
        }
    }
    Ok(exit)
}

fn imported_line(imported: &Imported) -> String {
    let meta = &imported.meta;
    let mut line = format!(
        "{}: {} advisories for {} packages",
        meta.ecosystem, meta.records, meta.packages
    );
    if let Some(changed) = imported.changed {
        // Writing to a String cannot fail.
        let _ = write!(line, ", {changed} changed");
    }
    for (count, word) in [
        (imported.withdrawn, "withdrawn"),
        (imported.skipped, "unusable"),
    ] {
        if count > 0 {
            // Writing to a String cannot fail.
            let _ = write!(line, ", {count} {word} left out");
        }
    }
    line
}

fn update(given: &DbUpdate, folder: &Path, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    if given.background {
        background::start(&context.root, &arguments(given));
        return Ok(Exit::Clean);
    }
    let documents = context.documents(Mode::Files, None)?;
    let config = configuration(&documents)?;
    let configured = audit_url(config.section("audit"))?;
    let url = given
        .url
        .clone()
        .or(configured)
        .unwrap_or_else(|| advisory::DEFAULT_URL.to_owned());
    let ecosystems = if given.all {
        Vec::new()
    } else {
        asked(given, &context, folder)?
    };
    download(
        url,
        ecosystems,
        given.force,
        folder,
        terminal,
        Say::Everything,
    )
}

/// The same update as words of a command line.
fn arguments(given: &DbUpdate) -> Vec<&str> {
    let mut words: Vec<&str> = given.ecosystems.iter().map(String::as_str).collect();
    words.extend(given.all.then_some("--all"));
    words.extend(given.url.iter().flat_map(|url| ["--url", url]));
    words
}

/// What a download says on standard output, which in a run belongs to the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Say {
    Everything,
    Errors,
}

/// Downloads the databases of `ecosystems`, all that there are where the list is empty.
///
/// # Errors
/// Nothing at all could be downloaded.
pub(super) fn download(
    url: String,
    ecosystems: Vec<Ecosystem>,
    force: bool,
    folder: &Path,
    terminal: &Terminal,
    say: Say,
) -> Result<Exit, CliError> {
    let options = UpdateOptions {
        base_url: url,
        ecosystems,
        force,
        ..UpdateOptions::default()
    };
    let reports = advisory::update(folder, &options, &Bar::new(!terminal.quiet))
        .map_err(|error| failed(&error))?;
    let mut exit = Exit::Clean;
    for report in reports {
        match &report.outcome {
            Ok(_) if say == Say::Errors => {}
            Ok(Updated::UpToDate) => terminal.say(&format!("{}: up to date", report.ecosystem))?,
            Ok(Updated::Imported(imported)) => terminal.say(&imported_line(imported))?,
            Err(error) => {
                exit = Exit::Usage;
                terminal.complain(&failed(error));
            }
        }
    }
    Ok(exit)
}

/// The ecosystems that were named; else those there is data for already and those of the lockfiles here.
fn asked(given: &DbUpdate, context: &Context, folder: &Path) -> Result<Vec<Ecosystem>, CliError> {
    if !given.ecosystems.is_empty() {
        return given
            .ecosystems
            .iter()
            .map(|name| ecosystem(name))
            .collect();
    }
    let mut wanted: BTreeSet<Ecosystem> = advisory::status(folder)
        .iter()
        .map(|status| status.ecosystem)
        .collect();
    let gathered = gather_all(context.repo.as_ref(), &context.root, true)?;
    wanted.extend(lockfile_ecosystems(&gathered.files));
    if wanted.is_empty() {
        return Err(CliError::usage(
            "there is no lockfile here and no advisory data yet, so nothing to update",
            "hookd db update npm PyPI, or: hookd db update --all",
        ));
    }
    Ok(wanted.into_iter().collect())
}

fn ecosystem(name: &str) -> Result<Ecosystem, CliError> {
    let same =
        |known: &Ecosystem| known.has_advisories() && known.as_str().eq_ignore_ascii_case(name);
    Ecosystem::all().find(same).ok_or_else(|| {
        let known = Ecosystem::all().map(Ecosystem::as_str);
        CliError::usage(
            format!("there is no ecosystem `{name}`"),
            suggest(name, known),
        )
    })
}

/// The ecosystems of the lockfiles here that there is no advisory data for, in words; `None` where nothing is missing.
///
/// # Errors
/// The files of the repository can't be listed.
pub(super) fn missing(context: &Context) -> Result<Option<String>, CliError> {
    let Ok(folder) = folder() else {
        return Ok(None);
    };
    let gathered = gather_all(context.repo.as_ref(), &context.root, false)?;
    let names: Vec<&str> = lockfile_ecosystems(&gathered.files)
        .into_iter()
        .filter(|ecosystem| !Database::path(&folder, *ecosystem).exists())
        .map(Ecosystem::as_str)
        .collect();
    Ok(Some(names.join(", ")).filter(|names| !names.is_empty()))
}

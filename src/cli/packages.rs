//! `hookd packages`.

use super::args::Packages;
use super::context::Context;
use super::error::CliError;
use super::measure::{Measured, Reading};
use super::sbom;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::lockfile::{self, Beside, LockfileSpec, Package};
use crate::model::{FileKind, FileMeta, RepoPath};
use crate::text::printable;
use serde::Serialize;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

#[derive(Serialize)]
struct Report<'a> {
    packages: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    path: String,
    ecosystem: &'static str,
    name: &'a str,
    version: &'a str,
    dev: bool,
    direct: Option<bool>,
}

pub(super) fn packages(given: &Packages, terminal: &Terminal) -> Result<Exit, CliError> {
    let Context { root, here, .. } = Context::open()?;
    let read = |path: &str| {
        let path = root.join(path);
        let ordinary = path.symlink_metadata().is_ok_and(|meta| meta.is_file());
        ordinary.then(|| std::fs::read(path).ok()).flatten()
    };
    let beside = Sides {
        read: &read,
        folders: folders(&root, &here, &given.paths),
    };
    let wants = |file: &FileMeta| {
        let path = file.path.to_text();
        let is_lockfile = file.kind != FileKind::Symlink && lockfile::find(&path).is_some();
        let other = lockfile::read_instead(&path).filter(|_| is_lockfile && beside.lists(&path));
        let Some(other) = other.filter(|other| read(other).is_some()) else {
            return is_lockfile;
        };
        terminal.note(&format!(
            "not listed: {}: npm reads {} beside it",
            printable(&path),
            printable(&other)
        ));
        false
    };
    let measured = Measured::new(&given.paths, terminal, wants, |path, bytes| {
        let format = lockfile::find(&path.to_text())?;
        Some(beside.packages(format, &path.to_text(), bytes))
    })?;
    let items = &measured.items;
    let text = match given.format.as_str() {
        "json" => json(items)?,
        "cyclonedx" => pretty(&sbom::cyclonedx(items))?,
        "spdx" => {
            let name = root.file_name().unwrap_or_default().to_string_lossy();
            pretty(&sbom::spdx(items, &name, jiff::Timestamp::now()))?
        }
        _ => table(items, terminal),
    };
    terminal.print(&text)?;
    Ok(measured.exit())
}

/// The files around those that are listed.
struct Sides<'a> {
    read: &'a (dyn Fn(&str) -> Option<Vec<u8>> + Sync),
    /// The folders whose lockfiles are listed, from the root.
    folders: Vec<PathBuf>,
}

/// The folders that are named, or the current one.
fn folders(root: &Path, here: &Path, named: &[PathBuf]) -> Vec<PathBuf> {
    let current = [PathBuf::new()];
    let named = if named.is_empty() { &current } else { named };
    let paths = named.iter().map(|path| here.join(path));
    let folders = paths.filter_map(|path| path.canonicalize().ok().filter(|path| path.is_dir()));
    let root = root.canonicalize();
    let root = root.as_deref().unwrap_or(here);
    folders
        .map(|path| {
            path.strip_prefix(root)
                .map_or_else(|_| PathBuf::new(), Path::to_path_buf)
        })
        .collect()
}

impl Sides<'_> {
    /// Whether the lockfile at `path` is listed under its own name, as each in one of the folders is.
    fn lists(&self, path: &str) -> bool {
        let mut folders = self.folders.iter();
        folders.any(|folder| Path::new(path).starts_with(folder))
    }

    fn packages(&self, format: &LockfileSpec, path: &str, bytes: &[u8]) -> Reading<Vec<Package>> {
        let beside = Beside {
            read: &|path| (self.read)(path),
            apart: &|path| self.lists(path) && lockfile::find(path).is_some(),
        };
        let contents = match format.read(path, bytes, beside) {
            Ok(contents) => contents,
            Err(error) => return Err(error.message).into(),
        };
        let unread = contents.unread.iter();
        let unread: Vec<String> = unread
            .map(|one| format!("`{}`: {}", one.what, one.reason))
            .collect();
        Reading {
            item: Some(contents.packages),
            unread: (!unread.is_empty()).then(|| (" in full".to_owned(), unread.join(", "))),
        }
    }
}

fn json(items: &[(RepoPath, Vec<Package>)]) -> Result<String, CliError> {
    let lines = items.iter().flat_map(|(path, packages)| {
        packages.iter().map(move |package| Line {
            path: path.to_text().into_owned(),
            ecosystem: package.ecosystem.as_str(),
            name: &package.name,
            version: &package.version,
            dev: package.dev,
            direct: package.direct,
        })
    });
    let report = Report {
        packages: lines.collect(),
    };
    pretty(&report)
}

fn pretty(report: &impl Serialize) -> Result<String, CliError> {
    serde_json::to_string_pretty(report)
        .map(|text| text + "\n")
        .map_err(|error| CliError::usage(format!("cannot make the report: {error}"), ""))
}

fn table(items: &[(RepoPath, Vec<Package>)], terminal: &Terminal) -> String {
    let mut text = String::new();
    for (path, packages) in items {
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{} ({} packages)",
            terminal.bold(&printable(&path.to_text())),
            packages.len()
        );
        for package in packages {
            let dev = if package.dev { " dev" } else { "" };
            let direct = if package.direct == Some(true) {
                " direct"
            } else {
                ""
            };
            let name = printable(&package.name);
            let version = printable(&package.version);
            let _ = writeln!(
                text,
                "  {name} {version}  {}{direct}{dev}",
                package.ecosystem.as_str()
            );
        }
    }
    if items.is_empty() {
        text.push_str("no lockfile here\n");
    }
    text
}

//! `hookd packages`.

use super::args::Packages;
use super::error::CliError;
use super::measure::Measured;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::lockfile::{self, Package};
use crate::model::{FileKind, FileMeta, RepoPath};
use crate::text::printable;
use serde::Serialize;
use std::fmt::Write as _;

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
    let wants = |file: &FileMeta| {
        file.kind != FileKind::Symlink && lockfile::find(&file.path.to_text()).is_some()
    };
    let measured = Measured::new(&given.paths, terminal, wants, |path, bytes| {
        let format = lockfile::find(&path.to_text())?;
        Some((format.parse)(bytes).map_err(|error| error.message))
    })?;
    let text = if given.format == "json" {
        json(&measured.items)?
    } else {
        table(&measured.items, terminal)
    };
    terminal.print(&text)?;
    Ok(measured.exit())
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
    serde_json::to_string_pretty(&report)
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

//! `hookd metrics`.

use super::args::Metrics;
use super::context::{Context, configuration};
use super::error::CliError;
use super::measure::Measured;
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::lang::{Compat, Counting};
use crate::model::{FileKind, Mode, RepoPath};
use crate::scan::{self, FunctionMetrics, metrics as measure};
use crate::text::printable;
use serde::Serialize;
use std::fmt::Write as _;

#[derive(Serialize)]
struct Report<'a> {
    functions: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    path: String,
    #[serde(flatten)]
    numbers: &'a FunctionMetrics,
}

pub(super) fn metrics(given: &Metrics, terminal: &Terminal) -> Result<Exit, CliError> {
    let counting = counting(given)?;
    let measured = Measured::new(
        &given.paths,
        terminal,
        |file| file.kind != FileKind::Symlink,
        |path, bytes| Some(measure(path, bytes, &counting)?.map_err(|error| error.message)),
    )?;
    let lines = measured
        .items
        .iter()
        .flat_map(|(path, functions)| functions.iter().map(move |numbers| (path, numbers)));
    let text = if given.format == "json" {
        json(lines)?
    } else {
        table(lines.collect())
    };
    terminal.print(&text)?;
    Ok(measured.exit())
}

/// As the configuration says, unless the command line does.
fn counting(given: &Metrics) -> Result<Counting, CliError> {
    let context = Context::open()?;
    let documents = context.documents(Mode::Files, None)?;
    let config = configuration(&documents)?;
    let mut counting = scan::counting(config.section("complexity"), &context.root)?;
    let named = given.compat.as_deref().and_then(Compat::named);
    counting.compat = named.or(counting.compat);
    Ok(counting)
}

fn json<'a>(
    lines: impl Iterator<Item = (&'a RepoPath, &'a FunctionMetrics)>,
) -> Result<String, CliError> {
    let functions = lines.map(|(path, numbers)| Line {
        path: path.to_text().into_owned(),
        numbers,
    });
    let report = Report {
        functions: functions.collect(),
    };
    serde_json::to_string_pretty(&report)
        .map(|text| text + "\n")
        .map_err(|error| CliError::usage(format!("cannot make the report: {error}"), ""))
}

/// The worst function first.
fn table(mut lines: Vec<(&RepoPath, &FunctionMetrics)>) -> String {
    lines.sort_by(|(path_a, a), (path_b, b)| {
        b.cyclomatic
            .cmp(&a.cyclomatic)
            .then_with(|| path_a.cmp(path_b))
            .then(a.start_line.cmp(&b.start_line))
    });
    let mut text = String::from("cyclomatic cognitive lines parameters nesting  function\n");
    for (path, f) in lines {
        let place = path.to_text();
        // Writing to a String cannot fail.
        let _ = writeln!(
            text,
            "{:10} {:9} {:5} {:10} {:7}  {} {}:{}",
            f.cyclomatic,
            f.cognitive,
            f.lines,
            f.parameters,
            f.nesting,
            printable(&f.name),
            printable(&place),
            f.start_line
        );
    }
    text
}

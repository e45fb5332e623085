//! `hookd metrics`.

use super::args::Metrics;
use super::context::{Context, configuration};
use super::error::CliError;
use super::measure::{Measured, Reading};
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::lang::{Compat, Counting};
use crate::model::{FileKind, Mode, RepoPath};
use crate::scan::{self, FileMetrics, FunctionMetrics, metrics as measure};
use crate::text::printable;
use serde::Serialize;
use std::fmt::Write as _;

pub(super) fn metrics(given: &Metrics, terminal: &Terminal) -> Result<Exit, CliError> {
    let counting = counting(given)?;
    let measured = Measured::new(
        &given.paths,
        terminal,
        |file| file.kind != FileKind::Symlink,
        |path, bytes| Some(reading(measure(path, bytes, &counting)?)),
    )?;
    if given.format == "json" {
        json(&measured.items, terminal)?;
    } else {
        let files = measured.items.iter();
        let lines = files.flat_map(|(path, functions)| functions.iter().map(move |f| (path, f)));
        terminal.print(&table(lines.collect()))?;
    }
    Ok(measured.exit())
}

/// The functions that a file has before the place where it breaks are listed.
fn reading(file: FileMetrics) -> Reading<Vec<FunctionMetrics>> {
    let unread = file.broken.map(|broken| {
        let place = broken.from.map(|line| format!(" from line {line} on"));
        let reason = format!("{} (line {})", broken.message, broken.line);
        (place.unwrap_or_default(), reason)
    });
    Reading {
        item: Some(file.functions),
        unread,
    }
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

/// How many bytes of a report are made before they are printed.
const PIECE: usize = 64 << 10;

/// Prints one function a line: a report of a large repository is read by programs, and by `grep`. What is the same for all
/// functions of a file is made once, and serde makes the values only: as a derived structure each line costs twice as much.
fn json(files: &[(RepoPath, Vec<FunctionMetrics>)], terminal: &Terminal) -> Result<(), CliError> {
    let mut out = b"{\"functions\": [".to_vec();
    let mut separator = "\n";
    for (path, functions) in files {
        let Some(language) = functions.first().map(|function| function.language) else {
            continue;
        };
        let mut head = b"{\"path\":".to_vec();
        value(&mut head, path.to_text().as_ref())?;
        head.extend_from_slice(b",\"language\":");
        value(&mut head, language)?;
        head.extend_from_slice(b",\"name\":");
        for numbers in functions {
            out.extend_from_slice(separator.as_bytes());
            separator = ",\n";
            out.extend_from_slice(&head);
            line(&mut out, numbers)?;
            if out.len() > PIECE {
                print(&mut out, terminal)?;
            }
        }
    }
    out.extend_from_slice(b"\n]}\n");
    print(&mut out, terminal)
}

/// Prints what has been made and empties it.
fn print(out: &mut Vec<u8>, terminal: &Terminal) -> Result<(), CliError> {
    let text = std::str::from_utf8(out)
        .map_err(|error| CliError::usage(format!("cannot make the report: {error}"), ""))?;
    terminal.print(text)?;
    out.clear();
    Ok(())
}

/// What stands behind `"name":` of a function.
fn line(out: &mut Vec<u8>, numbers: &FunctionMetrics) -> Result<(), CliError> {
    text(out, &numbers.name)?;
    field(out, b",\"start_line\":", numbers.start_line);
    field(out, b",\"end_line\":", numbers.end_line);
    field(out, b",\"cyclomatic\":", numbers.cyclomatic);
    field(out, b",\"cognitive\":", numbers.cognitive);
    field(out, b",\"lines\":", numbers.lines);
    field(out, b",\"parameters\":", numbers.parameters);
    field(out, b",\"nesting\":", numbers.nesting);
    out.push(b'}');
    Ok(())
}

/// Appends a name, as it is where nothing in it needs an escape: hardly any does.
fn text(out: &mut Vec<u8>, name: &str) -> Result<(), CliError> {
    let plain = |byte: u8| byte >= b' ' && byte != b'"' && byte != b'\\';
    // Without a way out of the loop the compiler looks at many bytes at once.
    if !name.bytes().fold(true, |all, byte| all & plain(byte)) {
        return value(out, name);
    }
    out.push(b'"');
    out.extend_from_slice(name.as_bytes());
    out.push(b'"');
    Ok(())
}

/// Appends a key and its number. The length of the key is known, so that no loop copies it.
#[inline]
fn field<const N: usize>(out: &mut Vec<u8>, key: &[u8; N], number: u32) {
    out.extend_from_slice(key);
    if number < 10 {
        out.push(b'0' + number as u8);
    } else {
        decimal(out, number);
    }
}

/// Appends a number of several digits: none has more than ten.
fn decimal(out: &mut Vec<u8>, number: u32) {
    let mut digits = [b'0'; 10];
    let (mut rest, mut at) = (number, digits.len());
    while rest > 0 {
        at -= 1;
        digits[at] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    out.extend_from_slice(&digits[at..]);
}

fn value<T: Serialize + ?Sized>(out: &mut Vec<u8>, value: &T) -> Result<(), CliError> {
    serde_json::to_writer(out, value)
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

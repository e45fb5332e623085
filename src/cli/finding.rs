//! `hookd explain --finding`: what each rule made of a place, and who accepted what was found there.

use super::context::{Context, configuration};
use super::error::CliError;
use super::ignore::find_one;
use super::sweep::{Looked, sweep};
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::model::{Accepted, FileMeta, Finding, Mode, Outcome};
use crate::scan::{Traced, trace_secrets};
use crate::select::gather_named;
use crate::text::printable;
use std::fmt::Write as _;
use std::path::PathBuf;

/// A larger file is not looked at line by line.
const LARGEST: u64 = 64 << 20;

/// Explains the place `PATH:LINE`, or that of a finding by its fingerprint.
pub(super) fn explain(given: &str, terminal: &Terminal) -> Result<Exit, CliError> {
    let context = Context::open()?;
    let (path, line) = match place(given) {
        Some((path, line)) => (context.here.join(path), line),
        None => {
            let finding = find_one(&context, given, terminal)?;
            (
                context.root.join(finding.path.to_path()),
                finding.span.start.line,
            )
        }
    };
    let (file, bytes) = read(&context, &path)?;
    let ends = memchr::memchr_iter(b'\n', &bytes).count();
    let lines = ends + usize::from(!bytes.ends_with(b"\n"));
    let name = printable(&file.path.to_text()).into_owned();
    if line == 0 || line as usize > lines {
        return Err(CliError::usage(
            format!("{name} has no line {line}: it has {lines}"),
            "name a line that is there: PATH:LINE",
        ));
    }
    let traced = traced(&context, &file, &bytes, line)?;
    let outcome = sweep(&context, &Looked::File(&path), terminal, |swept, _| {
        Ok(swept.outcome)
    })?;
    let mut text = format!("{}\n", terminal.bold(&format!("{name}:{line}")));
    rules(&traced, &mut text);
    outcomes(&outcome, line, &mut text);
    terminal.print(&text)?;
    Ok(Exit::Clean)
}

/// `PATH:LINE`, also with a column behind it as compilers write.
fn place(given: &str) -> Option<(PathBuf, u32)> {
    let (rest, last) = given.rsplit_once(':')?;
    let last: u32 = last.parse().ok()?;
    match rest
        .rsplit_once(':')
        .map(|(path, line)| (path, line.parse()))
    {
        Some((path, Ok(line))) => Some((path.into(), line)),
        _ => Some((rest.into(), last)),
    }
}

fn read(context: &Context, path: &PathBuf) -> Result<(FileMeta, Vec<u8>), CliError> {
    let gathered = gather_named(&context.root, std::slice::from_ref(path))?;
    let named = |message: String| CliError::usage(message, "name one file: PATH:LINE");
    let [file] = gathered.files.as_slice() else {
        return Err(named(format!("{} is not a file", path.display())));
    };
    if file.size > LARGEST {
        return Err(named(format!("{} is too large", path.display())));
    }
    let bytes =
        std::fs::read(path).map_err(|error| named(format!("{}: {error}", path.display())))?;
    Ok((file.clone(), bytes))
}

fn traced(
    context: &Context,
    file: &FileMeta,
    bytes: &[u8],
    line: u32,
) -> Result<Vec<Traced>, CliError> {
    let documents = context.documents(Mode::Files, None)?;
    let config = configuration(&documents)?;
    let section = config.section("secrets");
    Ok(trace_secrets(
        section,
        &context.scan_context(Mode::Files),
        file,
        bytes,
        line,
    )?)
}

/// What the secret rules made of the line.
fn rules(traced: &[Traced], text: &mut String) {
    // Writing to a String cannot fail.
    if traced.is_empty() {
        let _ = writeln!(text, "  no secret rule has a keyword on this line");
    }
    for one in traced {
        let shown = match one.shown.as_str() {
            "" => String::new(),
            shown => format!(" {}", printable(shown)),
        };
        let word = if one.found { "found" } else { "dropped" };
        let _ = writeln!(
            text,
            "  {word} {}, column {}{shown}",
            printable(&one.rule),
            one.column
        );
        for step in &one.steps {
            let _ = writeln!(text, "    {}", printable(step));
        }
    }
}

/// What a run says of the line: every scanner's findings, and who accepted them.
fn outcomes(outcome: &Outcome, line: u32, text: &mut String) {
    let here = |finding: &&Finding| {
        let lines = finding.span.lines();
        (lines.first..=lines.last).contains(&line)
    };
    for finding in outcome.findings.iter().filter(here) {
        let word = if finding.blocking { "blocks" } else { "warns" };
        let _ = writeln!(
            text,
            "  {} {word}: {}\n    nobody accepted it; if it is fine: hookd ignore {} --reason \"…\"",
            printable(&finding.rule),
            printable(&finding.message),
            &finding.fingerprint()[..8]
        );
    }
    for Accepted {
        finding,
        by,
        reason,
    } in outcome.accepted.iter().filter(|one| here(&&one.finding))
    {
        let reason = match reason.as_str() {
            "" => String::new(),
            reason => format!(": {}", printable(reason)),
        };
        let _ = writeln!(
            text,
            "  {} is accepted by {by}{reason}",
            printable(&finding.rule)
        );
    }
}

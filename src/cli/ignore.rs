//! `hookd ignore`.

use super::context::Context;
use super::error::CliError;
use super::sweep::{Looked, Swept, sweep};
use super::terminal::Terminal;
use crate::exit::Exit;
use crate::model::Finding;
use crate::text::printable;
use crate::triage::{Entry, IGNORE_FILE, parse_ignores, write_ignores};
use jiff::civil::Date;
use std::io::Write;
use std::path::Path;

#[derive(Debug, clap::Args)]
pub(super) struct Ignore {
    /// The finding, as reports name it: the first 8 digits or more; several have the same reason
    #[arg(value_name = "FINGERPRINT", required = true)]
    pub(super) fingerprints: Vec<String>,
    /// Why it is fine
    #[arg(long, value_name = "TEXT")]
    pub(super) reason: String,
    /// The last day on which it is fine, as 2027-01-31
    #[arg(long, value_name = "DATE")]
    pub(super) until: Option<String>,
}

/// Fewer digits would mean several findings soon.
const FEWEST: usize = 8;
/// The digits of a whole fingerprint.
const MOST: usize = 32;

/// Accepts findings: all of those that are named, or none.
pub(super) fn ignore(given: &Ignore, terminal: &Terminal) -> Result<Exit, CliError> {
    let reason = reason(&given.reason)?;
    let until = until(given.until.as_deref())?;
    let context = Context::open()?;
    let findings = find(&context, &given.fingerprints, terminal)?;
    let book = Book::open(&context.root)?;
    let fresh = book.is_new();
    let mut entries = book.entries().to_vec();
    let mut said = Vec::new();
    for finding in &findings {
        refuse_secret(reason, finding)?;
        let known = entries.len();
        entries.retain(|entry| entry.path != finding.path || !entry.is_about(finding));
        let replaced = entries.len() < known;
        entries.push(Entry::new(finding, until, reason));
        said.push(accepted(finding, replaced, until, reason));
    }
    book.write(&entries)?;
    for line in said {
        terminal.say(&line)?;
    }
    after(&context, fresh, terminal)?;
    if let [finding] = findings.as_slice()
        && finding.scanner == "audit"
    {
        let id = finding.data.get("id").and_then(|id| id.as_str());
        terminal.say(&format!(
            "  in this lockfile; in all of them: [scan.audit] ignore = [{{ id = \"{}\", reason = \"…\" }}]",
            printable(id.unwrap_or(&finding.rule))
        ))?;
    }
    Ok(Exit::Clean)
}

/// What is said of a finding that is accepted.
fn accepted(finding: &Finding, replaced: bool, until: Option<Date>, reason: &str) -> String {
    let verb = if replaced { "changed" } else { "accepted" };
    let end = until.map_or_else(String::new, |day| format!(" until {day}"));
    format!(
        "{verb} {} in {}:{}{end}: {}",
        printable(&finding.rule),
        printable(&finding.path.to_text()),
        finding.span.start.line,
        printable(reason)
    )
}

/// Says what is left to do. The first time that is also to tell git how to merge the file.
pub(super) fn after(context: &Context, fresh: bool, terminal: &Terminal) -> Result<(), CliError> {
    if context.repo.is_none() {
        return Ok(());
    }
    terminal.say(&format!("  next: git add {IGNORE_FILE}"))?;
    if fresh {
        terminal.say(&format!(
            "  so that merges of it never conflict: echo '{IGNORE_FILE} merge=union' >> .gitattributes"
        ))?;
    }
    Ok(())
}

/// The reason as it will stand in the file.
///
/// # Errors
/// It is empty, or more than a line.
pub(super) fn reason(given: &str) -> Result<&str, CliError> {
    let reason = given.trim();
    if reason.is_empty() {
        return Err(CliError::usage(
            "the reason is empty",
            "say why it is fine: --reason \"a sample from the documentation\"",
        ));
    }
    if reason.chars().any(char::is_control) {
        return Err(CliError::usage(
            "the reason has line ends or control characters in it",
            "say it in one line",
        ));
    }
    Ok(reason)
}

/// The day given with `--until`.
///
/// # Errors
/// It is none, or it is over.
pub(super) fn until(given: Option<&str>) -> Result<Option<Date>, CliError> {
    let Some(text) = given else {
        return Ok(None);
    };
    let today = Context::today();
    let day: Date = text.parse().map_err(|_| {
        CliError::usage(
            format!("--until: `{text}` is not a day"),
            "write year, month and day: --until 2027-01-31",
        )
    })?;
    if day < today {
        return Err(CliError::usage(
            format!("--until: {day} is over, today is {today}"),
            "name a day to come",
        ));
    }
    Ok(Some(day))
}

/// The file is committed: what it holds is no place for the secret either.
pub(super) fn refuse_secret(reason: &str, finding: &Finding) -> Result<(), CliError> {
    let holds = memchr::memmem::find(reason.as_bytes(), &finding.identity).is_some();
    if finding.scanner == "secrets" && holds {
        return Err(CliError::usage(
            "the reason repeats the secret",
            "say why it is fine without it",
        ));
    }
    Ok(())
}

/// The findings whose fingerprints begin with `prefixes`, in their order: among what is staged, then in the worktree, then in
/// what commits brought in.
///
/// # Errors
/// For one of them there is none, or more than one.
fn find(
    context: &Context,
    prefixes: &[String],
    terminal: &Terminal,
) -> Result<Vec<Finding>, CliError> {
    let prefixes: Vec<String> = prefixes
        .iter()
        .map(|prefix| digits(prefix))
        .collect::<Result<_, _>>()?;
    let mut found: Vec<Option<Finding>> = vec![None; prefixes.len()];
    for looked in [Looked::Staged, Looked::Worktree, Looked::History] {
        if found.iter().all(Option::is_some) {
            break;
        }
        sweep(context, &looked, terminal, |swept, _| {
            let known = by_fingerprint(swept);
            for (prefix, found) in prefixes.iter().zip(&mut found) {
                if found.is_none() {
                    *found = one(&known, prefix)?;
                }
            }
            Ok(())
        })?;
    }
    let named = found.into_iter().zip(&prefixes);
    named
        .map(|(finding, prefix)| finding.ok_or_else(|| unknown(prefix)))
        .collect()
}

/// The finding whose fingerprint begins with `prefix`.
///
/// # Errors
/// There is none, or more than one.
pub(super) fn find_one(
    context: &Context,
    prefix: &str,
    terminal: &Terminal,
) -> Result<Finding, CliError> {
    let found = find(context, &[prefix.to_owned()], terminal)?;
    found.into_iter().next().ok_or_else(|| unknown(prefix))
}

/// The digits of a fingerprint as it was typed.
///
/// # Errors
/// It is none.
fn digits(prefix: &str) -> Result<String, CliError> {
    let prefix = prefix.to_ascii_lowercase();
    let digits = prefix.bytes().all(|byte| byte.is_ascii_hexdigit());
    if digits && (FEWEST..=MOST).contains(&prefix.len()) {
        return Ok(prefix);
    }
    Err(CliError::usage(
        format!("`{}` is not a fingerprint", printable(&prefix)),
        format!("copy it from the report: {FEWEST} to {MOST} hexadecimal digits"),
    ))
}

fn unknown(prefix: &str) -> CliError {
    CliError::usage(
        format!(
            "nothing with the fingerprint {prefix} is staged, in the worktree or in the history"
        ),
        "list what is there: hookd run --all, or hookd run --history; with whole fingerprints: --format json",
    )
}

/// Findings with their fingerprints, in the order of those, also those that are accepted.
fn by_fingerprint(swept: Swept) -> Vec<(String, Finding)> {
    let Swept { outcome, .. } = swept;
    let accepted = outcome.accepted.into_iter().map(|one| one.finding);
    let all = outcome.findings.into_iter().chain(accepted);
    let mut known: Vec<(String, Finding)> = all
        .map(|finding| (finding.fingerprint(), finding))
        .collect();
    known.sort_by(|a, b| a.0.cmp(&b.0));
    // The same thing twice in a file is one finding by its name.
    known.dedup_by(|a, b| a.0 == b.0);
    known
}

/// The finding whose fingerprint begins with `prefix`, if there is one.
///
/// # Errors
/// There are several.
fn one(known: &[(String, Finding)], prefix: &str) -> Result<Option<Finding>, CliError> {
    let start = known.partition_point(|(fingerprint, _)| fingerprint.as_str() < prefix);
    let rest = known[start..].iter();
    let found: Vec<_> = rest
        .take_while(|(fingerprint, _)| fingerprint.starts_with(prefix))
        .collect();
    if found.len() < 2 {
        return Ok(found.first().map(|(_, finding)| finding.clone()));
    }
    let lines = found.iter().map(|(fingerprint, finding)| {
        let path = finding.path.to_text();
        let line = finding.span.start.line;
        format!(
            "\n  {fingerprint} {} in {}:{line}",
            printable(&finding.rule),
            printable(&path)
        )
    });
    Err(CliError::usage(
        format!("several findings begin so:{}", lines.collect::<String>()),
        "give more of its digits",
    ))
}

/// The ignore file on disk.
pub(super) struct Book<'a> {
    root: &'a Path,
    text: Option<Vec<u8>>,
    entries: Vec<Entry>,
}

impl<'a> Book<'a> {
    /// Reads the file in `root`; where there is none it is empty.
    ///
    /// # Errors
    /// It cannot be read, or one of its lines can't.
    pub(super) fn open(root: &'a Path) -> Result<Self, CliError> {
        let text = match std::fs::read(root.join(IGNORE_FILE)) {
            Ok(text) => Some(text),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => None,
            Err(error) => {
                return Err(CliError::usage(
                    format!("{IGNORE_FILE}: {error}"),
                    "make it readable",
                ));
            }
        };
        let (entries, errors) = parse_ignores(text.as_deref().unwrap_or_default());
        if let Some(error) = errors.first() {
            return Err(CliError::usage(
                format!(
                    "{IGNORE_FILE}:{}:{}: {}",
                    error.line, error.column, error.message
                ),
                "put the line right, or take it out",
            ));
        }
        Ok(Self {
            root,
            text,
            entries,
        })
    }

    /// Whether there was no such file.
    pub(super) const fn is_new(&self) -> bool {
        self.text.is_none()
    }

    /// Its entries.
    pub(super) fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Writes `entries` in the place of what was there, in one step.
    ///
    /// # Errors
    /// The file cannot be written; the old one is as it was.
    pub(super) fn write(&self, entries: &[Entry]) -> Result<(), CliError> {
        let text = write_ignores(entries, self.text.as_deref().unwrap_or_default());
        let written = tempfile::Builder::new()
            .prefix(".hookd-")
            .permissions(std::os::unix::fs::PermissionsExt::from_mode(0o644))
            .tempfile_in(self.root)
            .and_then(|mut file| {
                file.write_all(text.as_bytes())?;
                file.persist(self.root.join(IGNORE_FILE))
                    .map_err(|error| error.error)
            });
        written.map(drop).map_err(|error| {
            CliError::usage(
                format!("{IGNORE_FILE}: {error}"),
                "make the folder writable, then do it again",
            )
        })
    }
}

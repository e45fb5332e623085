//! For people: findings by file, each with its place, why it matters and what to do.

mod advisories;
mod summary;

use self::summary::time;
use super::wrap::{around, fill, wrap};
use super::{Reporter, Style};
use crate::exit::Exit;
use crate::model::{
    Check, CheckError, CheckKind, CheckStatus, Excerpt, Finding, Outcome, Severity,
};
use crate::text::printable;
use console::Style as Paint;
use std::io::{self, Write};

/// The format for people.
pub(super) struct Human;

const INDENT: usize = 4;
/// Digits of a fingerprint that tell the findings of a report apart; `hookd ignore` asks for more where they do not.
const SHORT: usize = 8;

impl Reporter for Human {
    fn write(&self, outcome: &Outcome, style: &Style, out: &mut dyn Write) -> io::Result<()> {
        let mut page = Page { style, out };
        page.findings(outcome)?;
        page.commands(outcome)?;
        page.errors(outcome)?;
        if style.verbose {
            page.accepted(outcome)?;
            page.checks(outcome)?;
        }
        page.summary(outcome)
    }
}

struct Page<'a> {
    style: &'a Style,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn paint(&self, paint: Paint, text: impl std::fmt::Display) -> String {
        paint
            .force_styling(self.style.color)
            .apply_to(text)
            .to_string()
    }

    fn findings(&mut self, outcome: &Outcome) -> io::Result<()> {
        // What blocks comes first where not all is shown.
        let quota = self.style.most;
        let blocking = outcome.summary.blocking.min(quota);
        let mut left = (blocking, quota - blocking);
        let mut path = None;
        let mut has_room = |finding: &&Finding| {
            let room = if finding.blocking {
                &mut left.0
            } else {
                &mut left.1
            };
            let has_room = *room > 0;
            *room -= usize::from(has_room);
            has_room
        };
        let mut shown = advisories::blocks(&outcome.findings);
        for block in &mut shown {
            block.findings.retain(&mut has_room);
        }
        shown.retain(|block| !block.findings.is_empty());
        let mut shown = shown.iter().peekable();
        while let Some(block) = shown.next() {
            let [finding, ..] = block.findings[..] else {
                continue;
            };
            if path != Some(&finding.path) {
                path = Some(&finding.path);
                let name = self.paint(
                    Paint::new().bold().underlined(),
                    printable(&finding.path.to_text()),
                );
                writeln!(self.out, "{name}")?;
            }
            if block.of > 1 {
                self.advisories(block)?;
                continue;
            }
            let next = shown.peek().filter(|next| next.of == 1);
            let last = next.is_none_or(|next| !same_place(finding, next.findings[0]));
            self.finding(finding, last)?;
        }
        let hidden = outcome.findings.len().saturating_sub(quota);
        if hidden > 0 {
            writeln!(self.out, "… and {hidden} more: -v shows all\n")?;
        }
        Ok(())
    }

    /// One finding. What several have in common, one package with many advisories, stands below the `last` of them.
    fn finding(&mut self, finding: &Finding, last: bool) -> io::Result<()> {
        self.head(finding, &finding.rule)?;
        self.text(&finding.message, &Paint::new())?;
        self.origin(finding)?;
        if last {
            self.excerpt(finding)?;
            self.text(&finding.help, &Paint::new().cyan())?;
        }
        // What is about the list of accepted findings cannot be accepted there.
        if finding.blocking && finding.path.as_bytes() != b"hookd.ignore" {
            let command = format!("hookd ignore {} --reason \"…\"", short(finding));
            let line = format!("{:INDENT$}fine as it is? {command}", "");
            writeln!(self.out, "{}", self.paint(Paint::new().dim(), line))?;
        }
        if last { writeln!(self.out) } else { Ok(()) }
    }

    /// Where it is, how bad, and what.
    fn head(&mut self, finding: &Finding, what: &str) -> io::Result<()> {
        let at = finding.span.start;
        let (label, paint) = label(finding);
        writeln!(
            self.out,
            "  {}:{} {} {}",
            at.line,
            at.column,
            self.paint(paint.bold(), label),
            self.paint(Paint::new().bold(), printable(what))
        )
    }

    /// Which commit of the history brought it in, and when.
    fn origin(&mut self, finding: &Finding) -> io::Result<()> {
        let text = |key: &str| finding.data.get(key).and_then(|value| value.as_str());
        let (Some(commit), Some(date)) = (text("commit"), text("author_date")) else {
            return Ok(());
        };
        let start = |text: &str, length: usize| text.chars().take(length).collect::<String>();
        let path = finding.path.to_text();
        let line = format!("in {} {} {path}", start(commit, 10), start(date, 10));
        self.text(&line, &Paint::new().dim())
    }

    /// Findings that somebody accepted, and where: a line or two each.
    fn accepted(&mut self, outcome: &Outcome) -> io::Result<()> {
        for accepted in &outcome.accepted {
            let finding = &accepted.finding;
            let reason = match accepted.reason.as_str() {
                "" => String::new(),
                reason => format!(": {reason}"),
            };
            let text = format!(
                "accepted {}:{} {} by {}{reason}",
                finding.path.to_text(),
                finding.span.start.line,
                finding.rule,
                accepted.by
            );
            let mut indent = 0;
            for line in wrap(
                &printable(&text),
                self.style.width.saturating_sub(2).max(20),
            ) {
                writeln!(self.out, "{:indent$}{line}", "")?;
                indent = 2;
            }
        }
        Ok(())
    }

    fn excerpt(&mut self, finding: &Finding) -> io::Result<()> {
        let whole;
        let excerpt = if self.style.show_secrets && finding.scanner == "secrets" {
            whole = Excerpt::whole(String::from_utf8_lossy(&finding.identity));
            &whole
        } else {
            &finding.excerpt
        };
        let (start, length) = excerpt.caret;
        let safe = printable(&excerpt.text);
        if safe.trim().is_empty() {
            return Ok(());
        }
        let width = self.style.width.saturating_sub(INDENT + 2).max(20);
        // Escaped characters are longer than they were: carets are only drawn where nothing was escaped.
        let same = safe.chars().count() == excerpt.text.chars().count();
        let (line, moved) = around(&safe, start, width);
        let bar = self.paint(Paint::new().dim(), "│");
        writeln!(self.out, "{:INDENT$}{bar} {line}", "")?;
        if same && length > 0 {
            let from = start.saturating_sub(moved);
            let room = line.chars().count().saturating_sub(from);
            let carets = self.paint(
                Paint::new().red().bold(),
                "^".repeat(length.min(room).max(1)),
            );
            writeln!(self.out, "{:INDENT$}{bar} {:from$}{carets}", "", "")?;
        }
        Ok(())
    }

    fn text(&mut self, text: &str, paint: &Paint) -> io::Result<()> {
        if text.is_empty() {
            return Ok(());
        }
        let width = self.style.width.saturating_sub(INDENT).max(20);
        for line in wrap(&printable(text), width) {
            writeln!(
                self.out,
                "{:INDENT$}{}",
                "",
                self.paint(paint.clone(), line)
            )?;
        }
        Ok(())
    }

    /// Commands that did not pass, each with what it printed; with `-v` all of them.
    fn commands(&mut self, outcome: &Outcome) -> io::Result<()> {
        // What could not be checked is listed as an error, with what to do about it.
        let is_quiet = |check: &Check| {
            let is_said = check.status == CheckStatus::Error && check.output.is_empty();
            is_said || matches!(check.status, CheckStatus::Passed | CheckStatus::Skipped)
        };
        for check in outcome
            .checks
            .iter()
            .filter(|check| check.kind == CheckKind::Hook)
        {
            let loud = check.verbose || self.style.verbose;
            if is_quiet(check) && (!loud || check.output.is_empty()) {
                continue;
            }
            let (word, paint) = status(check.status);
            let name = self.paint(Paint::new().bold(), printable(&check.id));
            let word = self.paint(paint.bold(), word);
            writeln!(self.out, "{name} {word} ({})", time(check.duration))?;
            self.text(&check.message, &Paint::new())?;
            self.output(&check.output)?;
            writeln!(self.out)?;
        }
        Ok(())
    }

    /// What a command printed, as it is; without its colours where there are none.
    fn output(&mut self, output: &[u8]) -> io::Result<()> {
        if self.style.color {
            self.out.write_all(output)?;
        } else {
            let text = String::from_utf8_lossy(output);
            self.out
                .write_all(console::strip_ansi_codes(&text).as_bytes())?;
        }
        if output.is_empty() || output.ends_with(b"\n") {
            Ok(())
        } else {
            writeln!(self.out)
        }
    }

    fn errors(&mut self, outcome: &Outcome) -> io::Result<()> {
        for error in &outcome.errors {
            self.error(error)?;
        }
        Ok(())
    }

    fn error(&mut self, error: &CheckError) -> io::Result<()> {
        let (word, paint) = if error.fatal {
            ("not checked", Paint::new().red().bold())
        } else {
            ("note", Paint::new().yellow().bold())
        };
        let place = match (&error.path, error.scanner) {
            (Some(path), _) => printable(&path.to_text()).into_owned(),
            (None, scanner) => scanner.to_owned(),
        };
        let message = error
            .message
            .strip_prefix("not checked: ")
            .unwrap_or(&error.message);
        let word = self.paint(paint, word);
        if place.is_empty() {
            writeln!(self.out, "{word}")?;
        } else {
            writeln!(
                self.out,
                "{word} {}",
                self.paint(Paint::new().bold(), place)
            )?;
        }
        self.text(message, &Paint::new())?;
        self.text(&error.help, &Paint::new().cyan())?;
        writeln!(self.out)
    }

    fn checks(&mut self, outcome: &Outcome) -> io::Result<()> {
        for check in &outcome.checks {
            let (word, paint) = status(check.status);
            let files = check.files;
            let plural = if files == 1 { "" } else { "s" };
            let word = self.paint(paint, word);
            let scanner = check.kind == CheckKind::Scanner && !check.message.is_empty();
            let more = if scanner {
                format!("; {}", check.message)
            } else {
                String::new()
            };
            writeln!(
                self.out,
                "{:14} {word} ({files} file{plural}, {}{more})",
                check.id,
                time(check.duration)
            )?;
        }
        Ok(())
    }

    fn summary(&mut self, outcome: &Outcome) -> io::Result<()> {
        let clean = outcome.exit == Exit::Clean;
        if clean && self.style.quiet {
            return Ok(());
        }
        let (mark, paint) = if clean {
            ("✓", Paint::new().green())
        } else {
            ("✗", Paint::new().red())
        };
        let width = self.style.width.saturating_sub(2).max(20);
        for (at, line) in fill(&summary::parts(outcome), width)
            .into_iter()
            .enumerate()
        {
            let lead = if at == 0 {
                self.paint(paint.clone().bold(), mark)
            } else {
                " ".to_owned()
            };
            writeln!(self.out, "{lead} {line}")?;
        }
        Ok(())
    }
}

fn status(status: CheckStatus) -> (&'static str, Paint) {
    match status {
        CheckStatus::Passed => ("passed", Paint::new().green()),
        CheckStatus::Failed => ("failed", Paint::new().red()),
        CheckStatus::Warned => ("warned", Paint::new().yellow()),
        CheckStatus::Skipped => ("skipped", Paint::new().dim()),
        CheckStatus::Error => ("not checked", Paint::new().red()),
        CheckStatus::Modified => ("changed files", Paint::new().yellow()),
    }
}

/// The name of a finding for `hookd ignore`.
fn short(finding: &Finding) -> String {
    let mut name = finding.fingerprint();
    name.truncate(SHORT);
    name
}

/// Whether two findings show the same piece of the same file and say the same of what to do.
fn same_place(one: &Finding, other: &Finding) -> bool {
    let shown = |finding: &Finding| (finding.span.start, finding.blocking, finding.excerpt.caret);
    one.path == other.path
        && shown(one) == shown(other)
        && one.excerpt.text == other.excerpt.text
        && one.help == other.help
}

/// How bad a finding is, in a word: of one that does not block that it does not.
fn label(finding: &Finding) -> (&'static str, Paint) {
    if finding.blocking {
        (finding.severity.as_str(), severity(finding.severity))
    } else {
        ("warning", Paint::new().yellow())
    }
}

fn severity(severity: Severity) -> Paint {
    match severity {
        Severity::Critical | Severity::High => Paint::new().red(),
        Severity::Medium => Paint::new().yellow(),
        Severity::Low | Severity::Info => Paint::new().cyan(),
    }
}

//! For GitHub Actions: a workflow command for each finding, shown beside the line in a pull request.
//!
//! Source: <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>.

use super::place::readable;
use super::{Reporter, Style};
use crate::model::{Check, CheckError, CheckKind, CheckStatus, Finding, Outcome, Severity};
use crate::text::printable;
use std::io::{self, Write};

/// The format for GitHub Actions.
pub(super) struct Github;

impl Reporter for Github {
    fn write(&self, outcome: &Outcome, _: &Style, out: &mut dyn Write) -> io::Result<()> {
        for finding in &outcome.findings {
            write_finding(finding, out)?;
        }
        for error in &outcome.errors {
            write_error(error, out)?;
        }
        for check in &outcome.checks {
            write_hook(check, out)?;
        }
        let summary = &outcome.summary;
        writeln!(
            out,
            "hookd: {} blocking, {} warnings, {} not checked, {} files",
            summary.blocking,
            summary.findings - summary.blocking,
            summary.errors,
            summary.files
        )
    }
}

fn write_finding(finding: &Finding, out: &mut dyn Write) -> io::Result<()> {
    let (start, end) = (finding.span.start, finding.span.end);
    let level = match (finding.blocking, finding.severity) {
        (true, _) => "error",
        (false, Severity::Info) => "notice",
        (false, _) => "warning",
    };
    // A column is only understood where the finding stays on one line.
    let columns = if start.line == end.line {
        format!(",col={},endColumn={}", start.column, end.column)
    } else {
        String::new()
    };
    writeln!(
        out,
        "::{level} file={},line={},endLine={}{columns},title={}::{}",
        property(&readable(&finding.path).0),
        start.line,
        end.line,
        property(&finding.rule),
        data(&format!("{}\n{}", finding.message, finding.help))
    )
}

fn write_error(error: &CheckError, out: &mut dyn Write) -> io::Result<()> {
    let level = if error.fatal { "error" } else { "notice" };
    let file = error.path.as_ref().map_or_else(String::new, |path| {
        format!("file={},", property(&readable(path).0))
    });
    let title = if error.fatal { "not checked" } else { "note" };
    writeln!(
        out,
        "::{level} {file}title={title}::{}",
        data(&format!("{}\n{}", error.message, error.help))
    )
}

fn write_hook(check: &Check, out: &mut dyn Write) -> io::Result<()> {
    let what = match check.status {
        CheckStatus::Failed => "failed",
        CheckStatus::Modified => "changed files",
        _ => return Ok(()),
    };
    if check.kind == CheckKind::Scanner {
        return Ok(());
    }
    let output = String::from_utf8_lossy(&check.output);
    let output = console::strip_ansi_codes(&output);
    writeln!(
        out,
        "::error title={} {what}::{}",
        property(&check.id),
        data(&format!("{}\n{output}", check.message))
    )
}

/// Text behind `::`; line breaks and percent signs are encoded, other control characters made visible.
fn data(text: &str) -> String {
    let lines: Vec<String> = text
        .trim()
        .lines()
        .map(|line| printable(line).replace('%', "%25"))
        .collect();
    lines.join("%0A")
}

/// The value of a property; the signs that end one are encoded too.
fn property(text: &str) -> String {
    text.replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
        .replace(':', "%3A")
        .replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::{data, property};

    #[test]
    fn nothing_that_a_file_holds_ends_a_command() {
        assert_eq!(data("100 %\n::error::b\r\n"), "100 %25%0A::error::b");
        assert!(!data("a\x1b[31mb").contains('\x1b'));
        assert_eq!(property("a,b:c\nd%"), "a%2Cb%3Ac%0Ad%25");
    }
}

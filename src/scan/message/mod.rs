//! Commit messages: the conventional form, lengths, trailers. Off but for what the configuration asks for; secrets in
//! messages are the secret scanner's.

mod conventional;
mod parts;
mod rules;
mod settings;
mod trailers;

use super::{Reads, ScanContext, Scanner, ScannerSpec, SourceFile};
use crate::config::{ConfigError, Section};
use crate::git::Repo;
use crate::model::{CheckError, Content, Excerpt, FileMeta, Finding, Level, Novelty, Sink};
use parts::Parts;
use serde_json::Map;
use settings::Settings;
use std::borrow::Cow;
use std::ops::Range;
use std::path::PathBuf;

/// Id of the scanner.
const ID: &str = "message";

/// The registry's entry.
pub(super) static SPEC: ScannerSpec = ScannerSpec {
    id: ID,
    title: "the form of commit messages and their trailers",
    reads: Reads::Messages,
    build,
    rules: rules::docs,
};

fn build(section: &Section<'_>, context: &ScanContext) -> Result<Box<dyn Scanner>, ConfigError> {
    let common = section.common()?;
    Ok(Box::new(Message {
        settings: Settings::new(section)?,
        blocks: common.level == Level::Error,
        root: context.root.clone(),
    }))
}

/// Whether the section asks for anything, so that the hook which looks at messages is worth installing.
///
/// # Errors
/// A mistake in the section.
pub fn is_configured(section: &Section<'_>) -> Result<bool, ConfigError> {
    Ok(section.common()?.enabled && !Settings::new(section)?.asks_nothing())
}

struct Message {
    settings: Settings,
    blocks: bool,
    root: PathBuf,
}

/// Something wrong with a message.
struct Issue {
    rule: &'static str,
    at: Range<usize>,
    message: String,
    help: String,
}

impl Scanner for Message {
    fn wants(&self, file: &FileMeta) -> bool {
        matches!(file.content, Content::Text(_)) && !self.settings.asks_nothing()
    }

    fn scan_file(&self, file: &SourceFile<'_>, out: &mut Sink) {
        match self.issues(file.bytes()) {
            Ok(issues) => {
                for issue in issues {
                    out.finding(self.finding(file, issue));
                }
            }
            Err(reason) => out.error(CheckError {
                path: Some(file.meta().path.clone()),
                scanner: ID,
                message: format!("not checked: {reason}"),
                help: "see that git works here: git var GIT_AUTHOR_IDENT".to_owned(),
                fatal: true,
            }),
        }
    }
}

impl Message {
    fn issues(&self, bytes: &[u8]) -> Result<Vec<Issue>, String> {
        let repo = Repo::open(&self.root).map_err(|error| error.to_string())?;
        let cleanup = repo.cleanup().map_err(|error| error.to_string())?;
        let cleaned = cleanup.apply(bytes);
        let parts = Parts::new(&cleaned);
        let mut issues = Vec::new();
        // git itself refuses an empty message, and tools made these.
        let Some(subject) = parts.subject().filter(|_| !parts.is_made_by_git()) else {
            return Ok(issues);
        };
        if let Some(form) = &self.settings.conventional {
            conventional::check(form, &parts, &mut issues);
        }
        self.lengths(&parts, subject.at.clone(), &mut issues);
        let author = || repo.author().map_err(|error| error.to_string());
        trailers::check(&self.settings, &parts, &author, &mut issues)?;
        Ok(issues)
    }

    fn lengths(&self, parts: &Parts<'_>, subject: Range<usize>, issues: &mut Vec<Issue>) {
        let settings = &self.settings;
        if let Some(at) = parts.beyond(&subject, settings.subject_length) {
            issues.push(Issue {
                rule: rules::SUBJECT_LENGTH,
                at,
                message: format!(
                    "the first line is longer than {} characters",
                    settings.subject_length
                ),
                help: "Say it in fewer words; the rest goes below an empty line.".to_owned(),
            });
        }
        for line in parts.body() {
            // What has no space cannot be broken: addresses, mostly.
            let at = parts.beyond(&line.at, settings.body_line_length);
            if let Some(at) = at.filter(|_| line.text.trim().contains(' ')) {
                issues.push(Issue {
                    rule: rules::BODY_LINE_LENGTH,
                    at,
                    message: format!(
                        "the line is longer than {} characters",
                        settings.body_line_length
                    ),
                    help: "Break it.".to_owned(),
                });
            }
        }
    }

    fn finding(&self, file: &SourceFile<'_>, issue: Issue) -> Finding {
        let bytes = file.bytes();
        let start = issue.at.start.min(bytes.len());
        let line = file.lines().position(bytes, start).line;
        let text = String::from_utf8_lossy(file.line(line)).into_owned();
        let span = file.span(issue.at.clone());
        let width = String::from_utf8_lossy(&bytes[start..issue.at.end.min(bytes.len())])
            .chars()
            .count();
        Finding {
            scanner: ID,
            rule: Cow::Borrowed(issue.rule),
            severity: rules::SEVERITY,
            blocking: self.blocks,
            novelty: Novelty::New,
            path: file.meta().path.clone(),
            excerpt: Excerpt::part(
                text,
                (span.start.column.saturating_sub(1) as usize, width.max(1)),
            ),
            span,
            identity: issue.message.clone().into_bytes(),
            message: issue.message,
            help: issue.help,
            data: Map::new(),
        }
    }
}

#[cfg(test)]
mod tests;

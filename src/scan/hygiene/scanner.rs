//! Runs the chosen checks over a file, all line-wise ones in one pass, and turns what they find into findings.

use super::ID;
use super::check::{LineCheck, SetIssues};
use super::issue::{Issue, Issues};
use super::kind::{self, Types};
use super::lines::Stops;
use super::settings::Chosen;
use super::subject::Subject;
use crate::lockfile;
use crate::model::{CheckError, Excerpt, FileMeta, Finding, Fix, Novelty, RepoPath, Sink, Span};
use crate::scan::{Scanner, SourceFile};
use serde_json::Map;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// Characters of a line that a finding shows.
const SHOWN: usize = 120;

/// The hygiene scanner with its checks.
pub(super) struct Hygiene {
    /// In the order in which they run.
    checks: Vec<Chosen>,
    /// Whether findings block.
    blocks: bool,
    stops: Stops,
}

impl Hygiene {
    /// The scanner that runs `checks` in that order; `blocks` says whether what they find blocks.
    pub(super) fn new(checks: Vec<Chosen>, blocks: bool) -> Self {
        let stops = Stops::new(checks.iter().map(|chosen| &*chosen.check));
        Self {
            checks,
            blocks,
            stops,
        }
    }
}

impl Scanner for Hygiene {
    fn wants(&self, _file: &FileMeta) -> bool {
        !self.checks.is_empty()
    }

    fn scan_file(&self, file: &SourceFile<'_>, out: &mut Sink) {
        let subject = Subject::new(file.meta(), file.bytes());
        let active = self.active(&subject);
        if active.is_empty() {
            return;
        }
        if is_part(file) {
            self.scan_part(file, &subject, &active, out);
            return;
        }
        let found = run_checks(&active, &self.stops, &subject);
        if found.iter().all(Issues::is_empty) {
            return;
        }
        if out.wants_fix()
            && let Some(fix) = fix(&active, &subject, &found)
        {
            out.fix(fix);
        }
        for (chosen, issues) in active.iter().zip(found) {
            for issue in issues.into_list() {
                out.finding(self.finding(chosen, file, issue));
            }
        }
    }

    fn scan_set(&self, files: &[&FileMeta], out: &mut Sink) {
        for chosen in &self.checks {
            let Some(files) = files_for(chosen, files) else {
                continue;
            };
            let mut issues = SetIssues::default();
            chosen.check.set(&files, &mut issues);
            for (path, message) in issues.found {
                out.finding(self.set_finding(chosen, path, message));
            }
            for (message, help) in issues.errors {
                out.error(CheckError {
                    path: None,
                    scanner: ID,
                    message: format!("{}: not checked: {message}", chosen.rule()),
                    help: help.to_owned(),
                    fatal: true,
                });
            }
        }
    }

    fn takes_windows(&self) -> bool {
        true
    }
}

/// Checks of syntax. A lockfile that cannot be read is for the audit to report, as "not checked": once is enough, unless the
/// configuration asks for the check by name.
const SYNTAX: [&str; 4] = ["check-json", "check-toml", "check-yaml", "check-xml"];

/// Whether `chosen` looks at `subject`.
pub(super) fn applies(chosen: &Chosen, subject: &Subject<'_>) -> bool {
    if let Some(hook) = &chosen.served {
        return hook.files.contains(&subject.meta.path);
    }
    if chosen.all {
        return true;
    }
    if !chosen.asked
        && SYNTAX.contains(&chosen.spec.id)
        && lockfile::find(&subject.path).is_some_and(lockfile::LockfileSpec::is_strict)
    {
        return false;
    }
    let named = match (&chosen.files, chosen.spec.names) {
        (Some(globs), _) => globs.contains(subject.meta.path.to_path()),
        (None, Some(names)) => names(&subject.path),
        (None, None) => true,
    };
    named && kind::matches(chosen.spec.types, subject)
}

/// Those of `files` that are for `chosen`; `None` where it has nothing to look at.
fn files_for<'f>(chosen: &Chosen, files: &[&'f FileMeta]) -> Option<Vec<&'f FileMeta>> {
    let Some(hook) = &chosen.served else {
        return Some(files.to_vec());
    };
    let own: Vec<&FileMeta> = files
        .iter()
        .copied()
        .filter(|file| hook.files.contains(&file.path))
        .collect();
    (hook.always || !own.is_empty()).then_some(own)
}

/// Whether the bytes at hand are only a part of a file too large to hold.
fn is_part(file: &SourceFile<'_>) -> bool {
    file.position(0).byte != 0
        || (file.bytes().len() as u64) < file.meta().size && {
            // A link and a file that shrank since it was listed are whole as well.
            file.bytes().len() >= super::PART
        }
}

/// What each of `active` finds in `subject`: one pass for all that go line by line, then the others.
fn run_checks(active: &[&Chosen], stops: &Stops, subject: &Subject<'_>) -> Vec<Issues> {
    let mut found: Vec<Issues> = active.iter().map(|_| Issues::default()).collect();
    by_line(active, stops, subject, &mut found);
    for (chosen, issues) in active.iter().zip(&mut found) {
        chosen.check.whole(subject, issues);
    }
    found
}

fn by_line(active: &[&Chosen], stops: &Stops, subject: &Subject<'_>, found: &mut [Issues]) {
    let mut checks: Vec<(usize, Box<dyn LineCheck + '_>)> = active
        .iter()
        .enumerate()
        .filter_map(|(at, chosen)| Some((at, chosen.check.lines(subject)?)))
        .collect();
    let asks_words = |chosen: &&Chosen| !chosen.check.words().is_empty();
    if checks.is_empty() && !active.iter().any(asks_words) {
        return;
    }
    let any = stops.each_line(subject.bytes, &mut |line| {
        for (at, check) in &mut checks {
            check.line(line, &mut found[*at]);
        }
    });
    subject.set_words(any);
}

/// The content with every fix applied, one after the other: a fixer that found nothing runs only where one before it
/// changed the content.
fn fix(active: &[&Chosen], subject: &Subject<'_>, found: &[Issues]) -> Option<Fix> {
    let mut fix: Option<Fix> = None;
    for (chosen, issues) in active.iter().zip(found) {
        if issues.is_empty() && fix.is_none() {
            continue;
        }
        let before = fix
            .as_ref()
            .map_or(subject.bytes, |fix| fix.content.as_slice());
        if let Some(content) = chosen.check.fixed(subject, before) {
            let check = fix.map_or(chosen.spec.id, |fix| fix.check);
            fix = Some(Fix { check, content });
        }
    }
    fix
}

impl Hygiene {
    /// The checks that look at `subject`. Hooks of another tool often have one set of files in common: it is asked once.
    fn active(&self, subject: &Subject<'_>) -> Vec<&Chosen> {
        let mut asked: Option<(*const HashSet<RepoPath>, bool)> = None;
        let looks = |chosen: &&Chosen| match &chosen.served {
            Some(hook) => {
                let files = Arc::as_ptr(&hook.files);
                let known = asked.filter(|(other, _)| *other == files);
                let (_, is_there) =
                    known.unwrap_or_else(|| (files, hook.files.contains(&subject.meta.path)));
                asked = Some((files, is_there));
                is_there
            }
            None => applies(chosen, subject),
        };
        self.checks.iter().filter(looks).collect()
    }

    /// Line-wise checks over a part of a large file. What looks at files as a whole cannot say anything: that is said.
    fn scan_part(
        &self,
        file: &SourceFile<'_>,
        subject: &Subject<'_>,
        active: &[&Chosen],
        out: &mut Sink,
    ) {
        let mut found: Vec<Issues> = active.iter().map(|_| Issues::default()).collect();
        by_line(active, &self.stops, subject, &mut found);
        let first = file.position(0).byte == 0;
        for (chosen, issues) in active.iter().zip(found) {
            for issue in issues.into_list() {
                out.finding(self.finding(chosen, file, issue));
            }
            let content = !matches!(chosen.spec.types, Types::Any | Types::File | Types::Symlink);
            if first && content && !chosen.check.takes_parts() {
                out.error(CheckError {
                    path: Some(file.meta().path.clone()),
                    scanner: ID,
                    message: format!(
                        "{}: not checked: {} MiB is more than it reads",
                        chosen.spec.id,
                        file.meta().size >> 20
                    ),
                    help: "leave the file out with `exclude` in `[scan.hygiene]`".to_owned(),
                    fatal: true,
                });
            }
        }
        if first {
            for chosen in active
                .iter()
                .filter(|chosen| chosen.spec.types == Types::File)
            {
                let mut issues = Issues::default();
                chosen.check.whole(subject, &mut issues);
                for issue in issues.into_list() {
                    out.finding(self.finding(chosen, file, issue));
                }
            }
        }
    }

    fn finding(&self, chosen: &Chosen, file: &SourceFile<'_>, issue: Issue) -> Finding {
        let novelty = if issue.by_line {
            Novelty::ByLines
        } else if existed(chosen, file, &issue) {
            Novelty::Existing
        } else {
            Novelty::New
        };
        let identity = if issue.by_line {
            let line = line_around(file.bytes(), issue.at.start);
            file.bytes()[line].trim_ascii().to_vec()
        } else {
            issue.message.clone().into_bytes()
        };
        Finding {
            scanner: ID,
            rule: chosen.rule(),
            severity: chosen.spec.severity,
            blocking: self.blocks,
            novelty,
            path: file.meta().path.clone(),
            span: file.span(issue.at.clone()),
            // What is about the file and no place in it has nothing to show.
            excerpt: if issue.shown && (issue.by_line || issue.at.end > 0) {
                excerpt(file.bytes(), &issue.at)
            } else {
                Excerpt::default()
            },
            message: issue.message,
            help: help(chosen),
            identity,
            data: Map::new(),
        }
    }

    fn set_finding(&self, chosen: &Chosen, path: RepoPath, message: String) -> Finding {
        Finding {
            scanner: ID,
            rule: chosen.rule(),
            severity: chosen.spec.severity,
            blocking: self.blocks,
            novelty: Novelty::New,
            path,
            span: Span::START,
            identity: message.clone().into_bytes(),
            message,
            help: help(chosen),
            excerpt: Excerpt::default(),
            data: Map::new(),
        }
    }
}

fn help(chosen: &Chosen) -> String {
    if chosen.served.is_some() {
        return chosen.spec.fix.to_owned();
    }
    format!(
        "{} To leave this check out: `disable = [\"{}\"]` in `[scan.hygiene]`.",
        chosen.spec.fix, chosen.spec.id
    )
}

/// Whether an earlier content of the file had the same fault.
fn existed(chosen: &Chosen, file: &SourceFile<'_>, issue: &Issue) -> bool {
    file.bases().unwrap_or(&[]).iter().any(|before| {
        let subject = Subject::new(file.meta(), before);
        let mut issues = Issues::default();
        chosen.check.whole(&subject, &mut issues);
        issues
            .into_list()
            .iter()
            .any(|earlier| earlier.message == issue.message)
    })
}

/// The bytes of the line that byte `at` is on, without its end.
fn line_around(bytes: &[u8], at: usize) -> Range<usize> {
    let at = at.min(bytes.len());
    let start = memchr::memrchr(b'\n', &bytes[..at]).map_or(0, |found| found + 1);
    let end = memchr::memchr(b'\n', &bytes[at..]).map_or(bytes.len(), |found| at + found);
    start..end
}

/// The line of the place, cut around it, and what of it to underline.
fn excerpt(bytes: &[u8], at: &Range<usize>) -> Excerpt {
    let line = line_around(bytes, at.start);
    let start = at.start.clamp(line.start, line.end);
    let from = line.start.max(start.saturating_sub(SHOWN / 2));
    let to = line.end.min(from + SHOWN);
    let text = String::from_utf8_lossy(&bytes[from..to]);
    let before = String::from_utf8_lossy(&bytes[from..start.max(from)])
        .chars()
        .count();
    let end = at.end.clamp(start, to);
    let width = String::from_utf8_lossy(&bytes[start..end]).chars().count();
    let text = text.trim_end_matches('\r').to_owned();
    Excerpt::part(text, (before, width.max(1)))
}

/// The hash by which tests compare contents.
#[cfg(test)]
pub(super) fn sha256(bytes: &[u8]) -> String {
    use sha2::{Digest, Sha256};
    let hash = Sha256::digest(bytes);
    hash.iter().map(|byte| format!("{byte:02x}")).collect()
}

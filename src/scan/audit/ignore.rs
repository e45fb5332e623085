//! Advisories that somebody accepts: from the section of the configuration, and from the files of other tools.

use crate::advisory::{Advisory, Kind};
use crate::model::{RepoPath, Severity};
use crate::text::PathSet;
use crate::version::Ecosystem;
use jiff::civil::Date;
use serde::Deserialize;
use std::sync::atomic::{AtomicBool, Ordering};

/// One entry of `ignore`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct IgnoreKeys {
    id: String,
    package: Option<String>,
    path: Option<String>,
    reason: String,
    until: Option<toml::value::Datetime>,
}

/// An advisory, or all of a package's, that somebody accepts.
#[derive(Debug, Default)]
pub(super) struct Ignore {
    /// Its id or an alias; `None` for every advisory about the package.
    pub(super) id: Option<String>,
    pub(super) package: Option<String>,
    pub(super) version: Option<String>,
    pub(super) ecosystem: Option<Ecosystem>,
    pub(super) paths: Option<PathSet>,
    /// Only lockfiles that lie in this very folder; it ends with `/` unless it is the root.
    pub(super) folder: Option<String>,
    pub(super) until: Option<Date>,
    /// Only what is less bad than this.
    pub(super) below: Option<Severity>,
    pub(super) reason: String,
    /// The file it is written in.
    pub(super) from: String,
    /// Whether it accepted anything in this run.
    pub(super) used: AtomicBool,
}

/// What an advisory is about, for the question whether somebody accepts it.
pub(super) struct Question<'a> {
    pub(super) advisory: &'a Advisory,
    pub(super) severity: Severity,
    pub(super) ecosystem: Ecosystem,
    pub(super) package: &'a str,
    pub(super) version: &'a str,
    pub(super) path: &'a RepoPath,
}

/// What was decided about an advisory.
pub(super) enum Verdict<'a> {
    /// It counts.
    Counts,
    /// Somebody accepts it.
    Accepted(&'a Ignore),
    /// Somebody accepted it until this day, which is over.
    Expired(Date),
}

/// What `ignores` say, the first that holds.
pub(super) fn verdict<'a>(
    ignores: impl IntoIterator<Item = &'a Ignore>,
    question: &Question<'_>,
    today: Date,
) -> Verdict<'a> {
    let mut verdict = Verdict::Counts;
    for ignore in ignores {
        if !ignore.covers(question) {
            continue;
        }
        ignore.used.store(true, Ordering::Relaxed);
        match ignore.until {
            Some(until) if until < today => verdict = Verdict::Expired(until),
            _ => return Verdict::Accepted(ignore),
        }
    }
    verdict
}

impl Ignore {
    fn covers(&self, question: &Question<'_>) -> bool {
        let Question {
            advisory,
            ecosystem,
            package,
            version,
            path,
            ..
        } = question;
        let same =
            |wanted: &String| ecosystem.normalize_name(wanted) == ecosystem.normalize_name(package);
        let text = path.to_text();
        let placed = |paths: &PathSet| paths.contains(std::path::Path::new(&*text));
        let here = text.rfind('/').map_or("", |at| &text[..=at]);
        // A package that was made to do harm must be accepted by name.
        if self.id.is_none() && advisory.kind == Kind::Malicious {
            return false;
        }
        self.folder.as_ref().is_none_or(|folder| folder == here)
            && self.id.as_ref().is_none_or(|id| advisory.is(id))
            && self.ecosystem.is_none_or(|wanted| wanted == *ecosystem)
            && self.package.as_ref().is_none_or(same)
            && self.version.as_ref().is_none_or(|wanted| wanted == version)
            && self.below.is_none_or(|limit| question.severity < limit)
            && self.paths.as_ref().is_none_or(placed)
    }

    /// How it is named where it is reported.
    pub(super) fn name(&self) -> String {
        match (&self.id, &self.package) {
            (Some(id), None) => id.clone(),
            (Some(id), Some(package)) => format!("{id} in {package}"),
            (None, Some(package)) => package.clone(),
            (None, None) => "everything below a severity".to_owned(),
        }
    }

    /// Whether it named something that is not there any more. A threshold names nothing.
    pub(super) fn is_unused(&self) -> bool {
        self.below.is_none() && !self.used.load(Ordering::Relaxed)
    }
}

/// An entry of the section as meant.
///
/// # Errors
/// What is wrong with it.
pub(super) fn own(keys: IgnoreKeys, from: &str) -> Result<Ignore, String> {
    if keys.reason.trim().is_empty() {
        return Err("an ignored advisory needs a `reason`".to_owned());
    }
    if keys.id.trim().is_empty() {
        return Err("`id` is empty".to_owned());
    }
    let paths = keys
        .path
        .map(|glob| PathSet::new(&[glob]))
        .transpose()
        .map_err(|(_, reason)| format!("`path` is not a glob: {reason}"))?;
    let wrong = || "`until` must be a date such as 2027-01-31".to_owned();
    let until = keys
        .until
        .map(|date| day(&date).ok_or_else(wrong))
        .transpose()?;
    Ok(Ignore {
        id: Some(keys.id.trim().to_owned()),
        package: keys.package,
        paths,
        until,
        reason: keys.reason,
        from: from.to_owned(),
        ..Ignore::default()
    })
}

/// The day of a date, with or without a time; `None` where it has none.
pub(super) fn day(written: &toml::value::Datetime) -> Option<Date> {
    let date = written.date?;
    let part = |number: u8| i8::try_from(number).ok();
    Date::new(
        i16::try_from(date.year).ok()?,
        part(date.month)?,
        part(date.day)?,
    )
    .ok()
}

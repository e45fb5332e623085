//! The section `[scan.audit]`: as written, and as meant.

use crate::advisory::Advisory;
use crate::config::{ConfigError, Section, SectionKeys};
use crate::model::{Level, RepoPath, Scope, Severity};
use crate::scan::ScanContext;
use crate::text::PathSet;
use crate::version::Ecosystem;
use jiff::civil::Date;
use serde::Deserialize;

/// The scanner's own keys.
#[derive(Debug, Clone, Deserialize)]
#[serde(default)]
struct Keys {
    /// Vulnerabilities at least this bad block.
    severity: Severity,
    /// The same for packages that only development needs; without it `severity`.
    dev_severity: Option<Severity>,
    /// Advisories that somebody accepts.
    ignore: Vec<IgnoreKeys>,
    /// Where advisory data comes from instead of OSV's bucket.
    url: Option<String>,
    /// Data that was not updated for longer than this does not count.
    max_age_days: u32,
    /// Whether a manifest and its lockfile must agree.
    frozen: bool,
    /// Whether hashes and addresses in lockfiles are compared with what they were.
    integrity: bool,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            severity: Severity::Low,
            dev_severity: None,
            ignore: Vec::new(),
            url: None,
            max_age_days: 30,
            frozen: true,
            integrity: true,
        }
    }
}

impl SectionKeys for Keys {
    const KEYS: &'static [&'static str] = &[
        "severity",
        "dev_severity",
        "ignore",
        "url",
        "max_age_days",
        "frozen",
        "integrity",
    ];
}

/// One entry of `ignore`.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoreKeys {
    id: String,
    package: Option<String>,
    path: Option<String>,
    reason: String,
    until: Option<toml::value::Datetime>,
}

/// The settings as meant.
pub(super) struct Settings {
    /// Whether anything blocks at all.
    pub(super) blocks: bool,
    /// Whether what was there before the change blocks too.
    pub(super) whole_files: bool,
    /// Whether the run judges a change.
    pub(super) judges_change: bool,
    pub(super) max_age_days: u32,
    /// Whether a manifest and its lockfile must agree.
    pub(super) frozen: bool,
    /// Whether hashes and addresses are compared with what they were.
    pub(super) integrity: bool,
    severity: Severity,
    dev_severity: Severity,
    ignore: Vec<Ignore>,
    today: Date,
}

/// An advisory that somebody accepts.
struct Ignore {
    id: String,
    package: Option<String>,
    paths: Option<PathSet>,
    until: Option<Date>,
}

/// What the settings say of one advisory about one package.
pub(super) enum Verdict {
    /// It counts.
    Counts,
    /// Somebody accepts it.
    Accepted,
    /// Somebody accepted it until this day, which is over.
    Expired(Date),
}

impl Settings {
    pub(super) fn new(section: &Section<'_>, context: &ScanContext) -> Result<Self, ConfigError> {
        let common = section.common()?;
        let keys: Keys = section.own()?;
        let ignore = keys
            .ignore
            .into_iter()
            .enumerate()
            .map(|(at, keys)| {
                ignore(keys).map_err(|message| section.error("ignore", Some(at), message))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            blocks: common.level == Level::Error,
            whole_files: common.scope == Scope::All,
            judges_change: context.mode.judges_change(),
            max_age_days: keys.max_age_days,
            frozen: keys.frozen,
            integrity: keys.integrity,
            severity: keys.severity,
            dev_severity: keys.dev_severity.unwrap_or(keys.severity),
            ignore,
            today: context.today,
        })
    }

    /// The severity from which a vulnerability of a package blocks.
    pub(super) const fn threshold(&self, dev: bool) -> Severity {
        if dev {
            self.dev_severity
        } else {
            self.severity
        }
    }

    /// Whether somebody accepts `advisory` about `package` in the lockfile at `path`.
    pub(super) fn verdict(
        &self,
        advisory: &Advisory,
        ecosystem: Ecosystem,
        package: &str,
        path: &RepoPath,
    ) -> Verdict {
        let mut verdict = Verdict::Counts;
        for ignore in self.ignore.iter().filter(|one| advisory.is(&one.id)) {
            if !ignore.covers(ecosystem, package, path) {
                continue;
            }
            match ignore.until {
                Some(until) if until < self.today => verdict = Verdict::Expired(until),
                _ => return Verdict::Accepted,
            }
        }
        verdict
    }
}

impl Ignore {
    fn covers(&self, ecosystem: Ecosystem, package: &str, path: &RepoPath) -> bool {
        let named = self.package.as_ref().is_none_or(|wanted| {
            ecosystem.normalize_name(wanted) == ecosystem.normalize_name(package)
        });
        let placed = || {
            self.paths
                .as_ref()
                .is_none_or(|paths| paths.contains(std::path::Path::new(&*path.to_text())))
        };
        named && placed()
    }
}

fn ignore(keys: IgnoreKeys) -> Result<Ignore, String> {
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
    let until = keys.until.map(|date| day(&date)).transpose()?;
    Ok(Ignore {
        id: keys.id.trim().to_owned(),
        package: keys.package,
        paths,
        until,
    })
}

fn day(written: &toml::value::Datetime) -> Result<Date, String> {
    let wrong = || "`until` must be a date such as 2027-01-31".to_owned();
    let date = written.date.ok_or_else(wrong)?;
    let part = |number: u8| i8::try_from(number).map_err(|_| wrong());
    let year = i16::try_from(date.year).map_err(|_| wrong())?;
    Date::new(year, part(date.month)?, part(date.day)?).map_err(|_| wrong())
}

/// Where the section says that advisory data comes from; `None` where it says nothing.
///
/// # Errors
/// A mistake in the section.
pub fn url(section: &Section<'_>) -> Result<Option<String>, ConfigError> {
    Ok(section.own::<Keys>()?.url)
}

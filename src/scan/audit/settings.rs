//! The section `[scan.audit]`: as written, and as meant.

use super::cooldown;
use super::ignore::{self, Ignore, IgnoreKeys};
use crate::config::{ConfigError, Section, SectionKeys};
use crate::model::{Level, Scope, Severity};
use crate::scan::ScanContext;
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
    /// Data that was not updated for longer than this is said to be old.
    notice_age_days: u32,
    /// Data that was not updated for longer than this is warned of.
    warn_age_days: u32,
    /// Whether a merge or a checkout updates the data in the background.
    background_update: bool,
    /// Whether a manifest and its lockfile must agree.
    frozen: bool,
    /// Whether hashes and addresses in lockfiles are compared with what they were.
    integrity: bool,
    /// How old a new version must be, where the lockfile tells its age; without it nothing is asked.
    cooldown: Option<String>,
}

impl Default for Keys {
    fn default() -> Self {
        Self {
            severity: Severity::Low,
            dev_severity: None,
            ignore: Vec::new(),
            url: None,
            max_age_days: 30,
            notice_age_days: 3,
            warn_age_days: 14,
            background_update: false,
            frozen: true,
            integrity: true,
            cooldown: None,
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
        "notice_age_days",
        "warn_age_days",
        "background_update",
        "frozen",
        "integrity",
        "cooldown",
    ];
}

/// After how many days without an update advisory data is old, and how old.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ages {
    /// It is said.
    pub(super) notice: i64,
    /// It is warned of.
    pub(super) warn: i64,
    /// It does not count any more.
    pub(super) most: i64,
}

/// The settings as meant.
pub(super) struct Settings {
    /// Whether anything blocks at all.
    pub(super) blocks: bool,
    /// Whether what was there before the change blocks too.
    pub(super) whole_files: bool,
    /// Whether the run judges a change.
    pub(super) judges_change: bool,
    /// From how many days on old data is said, warned of, refused.
    pub(super) ages: Ages,
    /// Whether a manifest and its lockfile must agree.
    pub(super) frozen: bool,
    /// Whether hashes and addresses are compared with what they were.
    pub(super) integrity: bool,
    /// From how many days on a new version is old enough; 0 for any.
    pub(super) cooldown: i64,
    severity: Severity,
    dev_severity: Severity,
    pub(super) ignore: Vec<Ignore>,
    pub(super) today: Date,
}

impl Settings {
    pub(super) fn new(section: &Section<'_>, context: &ScanContext) -> Result<Self, ConfigError> {
        let common = section.common()?;
        let keys: Keys = section.own()?;
        let cooldown = match &keys.cooldown {
            Some(text) => {
                cooldown::days(text).map_err(|message| section.error("cooldown", None, message))?
            }
            None => 0,
        };
        let ignore = keys
            .ignore
            .into_iter()
            .enumerate()
            .map(|(at, keys)| {
                ignore::own(keys, section.file())
                    .map_err(|message| section.error("ignore", Some(at), message))
            })
            .collect::<Result<_, _>>()?;
        Ok(Self {
            blocks: common.level == Level::Error,
            whole_files: common.scope == Scope::All,
            judges_change: context.mode.judges_change(),
            ages: Ages {
                notice: i64::from(keys.notice_age_days),
                warn: i64::from(keys.warn_age_days),
                most: i64::from(keys.max_age_days),
            },
            frozen: keys.frozen,
            integrity: keys.integrity,
            cooldown,
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
}

/// Where the section says that advisory data comes from; `None` where it says nothing.
///
/// # Errors
/// A mistake in the section.
pub fn url(section: &Section<'_>) -> Result<Option<String>, ConfigError> {
    Ok(section.own::<Keys>()?.url)
}

/// After how many days without an update the section warns of advisory data, and after how many it does not count any more.
///
/// # Errors
/// A mistake in the section.
pub fn ages(section: &Section<'_>) -> Result<(i64, i64), ConfigError> {
    let keys = section.own::<Keys>()?;
    Ok((i64::from(keys.warn_age_days), i64::from(keys.max_age_days)))
}

/// Whether the section asks for updates in the background.
///
/// # Errors
/// A mistake in the section.
pub fn background(section: &Section<'_>) -> Result<bool, ConfigError> {
    Ok(section.own::<Keys>()?.background_update)
}

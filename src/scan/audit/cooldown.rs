//! How long ago a version was published, where the lockfile tells: most malicious versions are found within days.

use super::Audit;
use super::packages::{Lockfile, key};
use super::report::{Notice, titled};
use super::rules::TOO_NEW;
use crate::lockfile::{Package, Source};
use crate::model::{Finding, Severity, Sink};
use crate::scan::SourceFile;
use jiff::civil::Date;
use serde_json::json;

/// The days of `3d` or `2w`.
///
/// # Errors
/// For anything else, with what is expected.
pub(super) fn days(text: &str) -> Result<i64, String> {
    let (number, each) = match text.strip_suffix('d') {
        Some(number) => (number, 1),
        None => (text.strip_suffix('w').unwrap_or_default(), 7),
    };
    let number = number.parse::<u16>().ok();
    number
        .map(|number| i64::from(number) * each)
        .ok_or_else(|| format!("`{text}` is no time: write days as `3d` or weeks as `1w`"))
}

/// Finds packages that are new in the lockfile and were published less than the configured days ago.
pub(super) fn judge(lockfile: &Lockfile<'_>, out: &mut Sink) {
    let Lockfile {
        audit,
        file,
        packages,
        ..
    } = *lockfile;
    let settings = &audit.settings;
    if settings.cooldown == 0 {
        return;
    }
    let young = |package: &&Package| age(file.bytes(), package, settings.today);
    let fetched = packages.iter().filter(|one| one.source != Source::Path);
    let found: Vec<(&Package, i64)> = fetched
        .filter_map(|package| Some((package, young(&package)?)))
        .filter(|(_, age)| *age < settings.cooldown)
        .collect();
    if found.is_empty() {
        return;
    }
    for (package, age) in found {
        if !(settings.judges_change && lockfile.before().has(&key(package))) {
            out.finding(finding(audit, file, package, age));
        }
    }
}

/// How many days ago the first of the archives was uploaded, as uv and pylock write it
/// (<https://packaging.python.org/en/latest/specifications/pylock-toml/#packages-wheels-upload-time>).
fn age(bytes: &[u8], package: &Package, today: Date) -> Option<i64> {
    let archives = std::str::from_utf8(bytes.get(package.hash.clone())?).ok()?;
    let first = archives
        .split("upload-time")
        .skip(1)
        .filter_map(date)
        .min()?;
    Some(i64::from((today - first).get_days()))
}

/// The date of ` = "2025-03-12T01:42:48Z"`, with or without quotes.
fn date(rest: &str) -> Option<Date> {
    let value = rest.trim_start().strip_prefix('=')?.trim_start();
    let value = value.strip_prefix('"').unwrap_or(value);
    value.get(..10)?.parse().ok()
}

fn finding(audit: &Audit, file: &SourceFile<'_>, package: &Package, age: i64) -> Finding {
    let settings = &audit.settings;
    let severity = Severity::Medium;
    let when = match age {
        ..=0 => "today".to_owned(),
        1 => "yesterday".to_owned(),
        days => format!("{days} days ago"),
    };
    let notice = Notice {
        rule: TOO_NEW,
        severity,
        blocking: settings.blocks && severity >= settings.threshold(package.dev),
        place: package.span.clone(),
        message: format!("{} was published {when}", titled(package)),
        help: format!(
            "take an earlier version, or wait until it is {} days old (`cooldown` in [scan.audit])",
            settings.cooldown
        ),
        identity: &package.version,
        more: Some(("age_days", json!(age))),
    };
    notice.finding(file, package)
}

#[cfg(test)]
mod tests {
    use super::{date, days};

    #[test]
    fn times_are_days_or_weeks() {
        assert_eq!(days("3d"), Ok(3));
        assert_eq!(days("2w"), Ok(14));
        for odd in ["3", "d", "", "-1d", "3 days", "99999999d"] {
            assert!(days(odd).is_err(), "{odd}");
        }
    }

    #[test]
    fn dates_are_written_in_two_ways() {
        let want = jiff::civil::date(2025, 3, 12);
        assert_eq!(date(" = \"2025-03-12T01:42:48.764Z\" }"), Some(want));
        assert_eq!(date(" = 2025-03-12T01:42:48Z, size = 1"), Some(want));
        assert_eq!(date(" = \"soon\""), None);
    }
}

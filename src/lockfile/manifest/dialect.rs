//! How manifests write ranges, and whether a range admits a version.

use crate::version::{Ecosystem, composer_satisfies, gem_satisfies, npm_satisfies};
use pep440_rs::{Version, VersionSpecifiers};
use std::str::FromStr as _;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// <https://doc.rust-lang.org/cargo/reference/specifying-dependencies.html>
    Cargo,
    /// <https://docs.npmjs.com/cli/using-npm/dependency-selectors>
    Npm,
    /// <https://packaging.python.org/en/latest/specifications/version-specifiers/>
    Pep440,
    /// The same, with `^`, `~` and bare versions (<https://python-poetry.org/docs/dependency-specification/>).
    Poetry,
    /// <https://docs.ruby-lang.org/en/master/Gem/Requirement.html>
    Ruby,
    /// <https://getcomposer.org/doc/articles/versions.md#writing-version-constraints>
    Composer,
}

impl Dialect {
    pub(super) fn admits(self, range: &str, version: &str) -> Option<bool> {
        match self {
            Self::Cargo => {
                let range = semver::VersionReq::parse(range).ok()?;
                Some(range.matches(&semver::Version::parse(version).ok()?))
            }
            Self::Npm => npm_satisfies(range, version),
            Self::Pep440 if range == "*" => Some(true),
            Self::Pep440 => pep440(range, version),
            Self::Poetry => poetry(range, version),
            Self::Ruby => gem_satisfies(range, version),
            Self::Composer => composer_satisfies(range, version),
        }
    }

    /// Whether the range is one version.
    pub(super) fn is_exact(self, range: &str) -> bool {
        let range = range.trim();
        let bare = range.trim_start_matches('=').trim_start();
        let signs = range.len() - range.trim_start_matches('=').len();
        let numbers = bare.starts_with(|c: char| c.is_ascii_digit() || c == 'v');
        if !numbers || bare.contains([' ', ',', '|', '*', '<', '>', 'x']) {
            return false;
        }
        match self {
            Self::Cargo => signs == 1,
            Self::Pep440 => signs > 1,
            // `1.2` is any 1.2.x there.
            Self::Npm => bare.split('.').count() > 2,
            _ => true,
        }
    }

    /// The range to write instead of `range`: with the same operator where it has one, and there is a point in it.
    pub(super) fn raised(self, range: &str, version: &str) -> String {
        let range = range.trim();
        let bare = range.trim_start_matches(['=', '^', '~', '>', '<', '!', ' ']);
        let operator = &range[..range.len() - bare.len()];
        if self.is_exact(range) {
            return format!("{operator}{version}");
        }
        let keeps = operator.starts_with('~') && !operator.starts_with("~=");
        let new = if keeps && !bare.contains([',', '|', ' ']) {
            operator.trim_end()
        } else {
            self.open()
        };
        let blank = if self == Self::Ruby { " " } else { "" };
        format!("{new}{blank}{version}")
    }

    /// The operator of what a version and its successors are admitted by.
    const fn open(self) -> &'static str {
        match self {
            Self::Cargo => "",
            Self::Pep440 | Self::Ruby => ">=",
            Self::Npm | Self::Poetry | Self::Composer => "^",
        }
    }
}

fn pep440(range: &str, version: &str) -> Option<bool> {
    let version = Version::from_str(version).ok()?;
    Some(VersionSpecifiers::from_str(range).ok()?.contains(&version))
}

/// Each of Poetry's own forms as the standard writes it; `None` for unions.
fn poetry(range: &str, version: &str) -> Option<bool> {
    if range.contains('|') {
        return None;
    }
    for part in range
        .split(',')
        .map(str::trim)
        .filter(|part| !part.is_empty())
    {
        let fits = match part.chars().next() {
            Some('^') => between(&part[1..], version, true)?,
            Some('~') if !part.starts_with("~=") => between(&part[1..], version, false)?,
            Some('*') => true,
            Some(c) if c.is_ascii_digit() => pep440(&format!("=={part}"), version)?,
            _ => pep440(part, version)?,
        };
        if !fits {
            return Some(false);
        }
    }
    Some(true)
}

/// Whether a version is `from` or later and before the next that breaks things: for `^` the first number that is not 0 goes up,
/// for `~` the second, or the only one.
fn between(from: &str, version: &str, caret: bool) -> Option<bool> {
    let from = from.trim();
    let numbers: Vec<u64> = from
        .split('.')
        .map_while(|part| part.parse().ok())
        .collect();
    let place = if caret {
        numbers
            .iter()
            .position(|number| *number > 0)
            .unwrap_or(numbers.len().checked_sub(1)?)
    } else {
        numbers.len().checked_sub(1)?.min(1)
    };
    let mut end = numbers[..=place].to_vec();
    end[place] += 1;
    let end: Vec<String> = end.iter().map(u64::to_string).collect();
    let order = |to: &str| Ecosystem::PyPI.compare(version, to).ok();
    Some(order(from)?.is_ge() && order(&end.join("."))?.is_lt())
}

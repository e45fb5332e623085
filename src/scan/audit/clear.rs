//! The way out of all advisories about one version of a package.

use super::packages::Key;
use super::remedy::Fix;
use crate::advisory::{Advisory, AdvisoryError, Database, Kind};
use std::cell::OnceCell;

/// What is known of the versions after the one that is locked.
pub(super) struct Clear<'a> {
    database: &'a Database,
    key: &'a Key<'a>,
    advisories: &'a [Advisory],
    /// The lowest version that no vulnerability is in.
    of_all: Option<String>,
    /// Where there is none: the one with the fewest.
    best: OnceCell<Option<Fix>>,
}

impl<'a> Clear<'a> {
    /// Of the package `key` that `advisories` are about.
    ///
    /// # Errors
    /// The database is damaged.
    pub(super) fn new(
        database: &'a Database,
        key: &'a Key<'a>,
        advisories: &'a [Advisory],
    ) -> Result<Self, AdvisoryError> {
        Ok(Self {
            database,
            key,
            advisories,
            of_all: database.lowest_clear(&key.1, &key.2)?,
            best: OnceCell::new(),
        })
    }

    /// What to do about one of the advisories; the same for all of them where that helps. The best of versions that are
    /// all bad is only looked for where it `is_shown`.
    ///
    /// # Errors
    /// The database is damaged.
    pub(super) fn fix(&self, advisory: &Advisory, is_shown: bool) -> Result<Fix, AdvisoryError> {
        if advisory.kind.is_informational() {
            return Ok(self.alone(advisory)?.map_or(Fix::None, Fix::Partly));
        }
        if let Some(version) = &self.of_all {
            return Ok(Fix::Clear(version.clone()));
        }
        if !is_shown {
            return Ok(Fix::None);
        }
        if self.is_malicious() {
            return Ok(Fix::Remove);
        }
        let best = match self.best.get() {
            Some(best) => best,
            None => {
                let best = self.best()?;
                self.best.get_or_init(|| best)
            }
        };
        Ok(match (best, self.alone(advisory)?) {
            (Some(best), _) => best.clone(),
            (None, Some(version)) => Fix::Partly(version),
            (None, None) => Fix::None,
        })
    }

    /// The lowest version that this advisory alone is not about.
    ///
    /// # Errors
    /// The database is damaged.
    pub(super) fn alone(&self, advisory: &Advisory) -> Result<Option<String>, AdvisoryError> {
        self.database
            .lowest_fix(&self.key.1, &self.key.2, &advisory.records)
    }

    fn is_malicious(&self) -> bool {
        self.advisories
            .iter()
            .any(|advisory| advisory.kind == Kind::Malicious)
    }

    /// Of the versions that fix one of several vulnerabilities the one in which the fewest are left.
    fn best(&self) -> Result<Option<Fix>, AdvisoryError> {
        let vulnerabilities = || {
            let all = self.advisories.iter();
            all.filter(|advisory| !advisory.kind.is_informational())
        };
        let of = vulnerabilities().count();
        let mut best: Option<(usize, String)> = None;
        for advisory in vulnerabilities().filter(|_| of > 1) {
            let Some(version) = self.alone(advisory)? else {
                continue;
            };
            let left = self.left(&version)?;
            let is_better = best.as_ref().is_none_or(|(fewest, known)| {
                let order = self.key.0.compare(&version, known);
                left < *fewest || left == *fewest && order.is_ok_and(|order| order.is_lt())
            });
            if is_better {
                best = Some((left, version));
            }
        }
        Ok(best.map(|(left, version)| Fix::Best { version, left }))
    }

    /// How many vulnerabilities are in a version.
    fn left(&self, version: &str) -> Result<usize, AdvisoryError> {
        let mut found = self.database.matches(&self.key.1, version)?.matches;
        found.retain(|one| !one.kind.is_informational());
        Ok(crate::advisory::group(found).len())
    }
}

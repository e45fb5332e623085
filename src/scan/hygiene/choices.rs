//! Which checks look at a file, and which ids there are: for commands that explain or compare configurations.

use super::checks;
use super::run::Run;
use super::scanner::applies;
use super::settings::{self, Chosen};
use super::subject::Subject;
use crate::config::{ConfigError, Section};
use crate::model::FileMeta;
use crate::scan::ScanContext;
use std::sync::Arc;

/// The checks that a section chooses.
pub struct Choices(Vec<Chosen>);

impl Choices {
    /// The checks that `section` chooses.
    ///
    /// # Errors
    /// A mistake in the section.
    pub fn new(section: &Section<'_>, context: &ScanContext) -> Result<Self, ConfigError> {
        let run = Arc::new(Run::new(context));
        Ok(Self(settings::chosen(section, &run)?))
    }

    /// The ids of the checks that look at the file `meta` whose content begins with `head`.
    #[must_use]
    pub fn of(&self, meta: &FileMeta, head: &[u8]) -> Vec<&'static str> {
        let subject = Subject::new(meta, head);
        let looking = self.0.iter().filter(|chosen| applies(chosen, &subject));
        looking.map(|chosen| chosen.spec.id).collect()
    }
}

/// The ids of the checks that are on without any configuration.
#[must_use]
pub fn safe_set() -> Vec<&'static str> {
    checks::safe_set().map(|spec| spec.id).collect()
}

/// The id of today of the check `id`, which may be one of old; `None` where there is no such check.
#[must_use]
pub fn current_id(id: &str) -> Option<&'static str> {
    checks::find(id).map(|spec| spec.id)
}

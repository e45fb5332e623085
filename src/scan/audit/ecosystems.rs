//! Which advisory databases a run will need, known from the names of its lockfiles.

use crate::lockfile;
use crate::model::FileMeta;
use crate::version::Ecosystem;
use std::collections::BTreeSet;

/// The ecosystems of the lockfiles among `files`, known from their names alone: whose advisories a run will need.
#[must_use]
pub fn lockfile_ecosystems(files: &[FileMeta]) -> BTreeSet<Ecosystem> {
    let formats = files
        .iter()
        .filter_map(|file| lockfile::find(&file.path.to_text()));
    formats
        .map(|format| format.ecosystem)
        .filter(|ecosystem| ecosystem.has_advisories())
        .collect()
}

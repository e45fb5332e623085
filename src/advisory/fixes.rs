//! The lowest version that is clear of a set of advisories.

use super::entry::{Affects, Entry};
use super::range::{Range, merge_sort};
use crate::version::Ecosystem;

/// The lowest version after `version` at which one of `entries` is fixed and that none of them concerns.
pub(super) fn lowest(ecosystem: Ecosystem, entries: &[Entry], version: &str) -> Option<String> {
    let mut candidates: Vec<&str> = entries.iter().flat_map(fixed).collect();
    candidates.sort_unstable();
    candidates.dedup();
    // Versions that have no place in the order can't be called later.
    candidates.retain(|fixed| {
        ecosystem
            .compare(fixed, version)
            .is_ok_and(|order| order.is_gt())
    });
    let candidates = merge_sort(candidates, |a, b| ecosystem.compare(a, b)).ok()?;
    candidates
        .into_iter()
        .find(|candidate| is_clear(ecosystem, entries, candidate))
        .map(str::to_owned)
}

fn fixed(entry: &Entry) -> impl Iterator<Item = &str> {
    let ranges = match &entry.affects {
        Affects::Everything => &[],
        Affects::Some { ranges, .. } => ranges.as_slice(),
    };
    // RustSec's bounds such as 1.2.3-0 leave out what comes before a release; nobody published them.
    ranges
        .iter()
        .flat_map(Range::fixed)
        .filter(|version| !version.ends_with("-0"))
        // Where nothing is fixed, some write 999.999.999 or 2.999.999.
        .filter(|version| version.split('.').all(|part| part != "999"))
}

fn is_clear(ecosystem: Ecosystem, entries: &[Entry], version: &str) -> bool {
    entries
        .iter()
        .all(|entry| matches!(entry.affects.contains(ecosystem, version), Ok(false)))
}

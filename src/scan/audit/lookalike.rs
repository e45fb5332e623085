//! A new direct dependency whose name is nearly that of a package which the project has already: a slip of the hand, or a
//! name that somebody took because hands slip.

use super::packages::{Lockfile, key};
use super::report::{Notice, titled};
use super::rules::LOOKALIKE;
use crate::lockfile::{Package, Source};
use crate::model::{Finding, Severity, Sink};
use crate::scan::SourceFile;
use serde_json::json;
use std::collections::BTreeMap;

/// Shorter names are near to each other by chance (`ms`, `ws`).
const SHORTEST: usize = 5;

/// How many new direct dependencies are looked at.
const NEW_MOST: usize = 500;

/// Warns of direct dependencies that the change adds and that look like another that was there before.
pub(super) fn judge(lockfile: &Lockfile<'_>, out: &mut Sink) {
    let Lockfile {
        audit,
        file,
        packages,
        ..
    } = *lockfile;
    if !audit.settings.judges_change || !audit.settings.integrity {
        return;
    }
    let before = lockfile.before();
    if before.is_empty() {
        return;
    }
    let known = |one: &Package| before.knows(&key(one));
    let direct = packages
        .iter()
        .filter(|one| one.direct == Some(true) && counts(one));
    let new: BTreeMap<&str, &Package> = direct
        .filter(|one| !known(one))
        .map(|one| (one.name.as_str(), one))
        .collect();
    // Who adds so many at once had no slip of the hand, and each is compared with all others.
    if new.is_empty() || new.len() > NEW_MOST {
        return;
    }
    let by_length = by_length(packages);
    for package in new.into_values() {
        if let Some(other) = near(package, &by_length).find(|other| known(other)) {
            out.finding(finding(file, package, other));
        }
    }
}

/// Packages by the length of their names, each name once.
type ByLength<'a> = BTreeMap<usize, BTreeMap<&'a str, &'a Package>>;

fn by_length(packages: &[Package]) -> ByLength<'_> {
    let mut out = ByLength::new();
    for package in packages.iter().filter(|one| counts(one)) {
        let name = package.name.as_str();
        out.entry(name.len()).or_default().insert(name, package);
    }
    out
}

/// The packages that `package` looks like.
fn near<'a>(package: &Package, by_length: &ByLength<'a>) -> impl Iterator<Item = &'a Package> {
    let length = package.name.len();
    // Dashes may be more than one.
    let others = by_length.range(length.saturating_sub(2)..=length + 2);
    let others = others.flat_map(|(_, others)| others.values().copied());
    others.filter(|other| looks_like(&package.name, &other.name))
}

fn counts(package: &Package) -> bool {
    package.source == Source::Registry && package.name.len() >= SHORTEST
}

/// Whether two names are one edit, a swap of neighbours, of dashes or of parts away from each other. Names of one owner are
/// not: nobody else can take them.
fn looks_like(one: &str, other: &str) -> bool {
    let owner = |name: &str| name.rfind('/').map_or(0, |at| at + 1);
    let same_owner = owner(one) > 0 && one.get(..owner(one)) == other.get(..owner(other));
    if one == other || same_owner {
        return false;
    }
    is_edit(one.as_bytes(), other.as_bytes()) || is_rearranged(one, other)
}

fn is_edit(one: &[u8], other: &[u8]) -> bool {
    let start = one.iter().zip(other).take_while(|(a, b)| a == b).count();
    let (one, other) = (&one[start..], &other[start..]);
    let both = one.iter().rev().zip(other.iter().rev());
    let end = both.take_while(|(a, b)| a == b).count();
    match (&one[..one.len() - end], &other[..other.len() - end]) {
        ([_], [_] | []) | ([], [_]) => true,
        ([a, b], [c, d]) => a == d && b == c,
        _ => false,
    }
}

fn is_rearranged(one: &str, other: &str) -> bool {
    const DASHES: [char; 3] = ['-', '_', '.'];
    if !one.contains(DASHES) && !other.contains(DASHES) {
        return false;
    }
    let letters = |name: &str| name.replace(DASHES, "");
    let parts = |name: &str| {
        let mut parts: Vec<String> = name.split(DASHES).map(str::to_owned).collect();
        parts.sort_unstable();
        parts
    };
    letters(one) == letters(other) || parts(one) == parts(other)
}

fn finding(file: &SourceFile<'_>, package: &Package, other: &Package) -> Finding {
    let notice = Notice {
        rule: LOOKALIKE,
        severity: Severity::Low,
        blocking: false,
        place: package.span.clone(),
        message: format!(
            "{} is new, and its name is nearly that of `{}`",
            titled(package),
            other.name
        ),
        help: "make sure that it is the package you mean; if it is, nothing is to be done"
            .to_owned(),
        identity: &other.name,
        more: Some(("like", json!(other.name))),
    };
    notice.finding(file, package)
}

#[cfg(test)]
mod tests {
    use super::looks_like;

    #[test]
    fn names_look_alike_one_slip_away() {
        for (one, other) in [
            ("leftpad", "leftpat"),
            ("leftpad", "letfpad"),
            ("leftpad", "leftpads"),
            ("lefpad", "leftpad"),
            ("left-pad", "leftpad"),
            ("left-pad", "left_pad"),
            ("left-pad", "pad-left"),
            ("@other/left", "@othre/left"),
        ] {
            assert!(
                looks_like(one, other) && looks_like(other, one),
                "{one} {other}"
            );
        }
        for (one, other) in [
            ("leftpad", "leftpad"),
            ("leftpad", "rightpad"),
            ("leftpad", "leftpadxy"),
            ("leftpad", "dapleft"),
            ("@o/left", "@o/lift"),
            ("h.example/o/left", "h.example/o/lift"),
        ] {
            assert!(!looks_like(one, other), "{one} {other}");
        }
    }
}

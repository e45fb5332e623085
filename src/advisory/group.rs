//! Several records about the same thing become one advisory.

use super::entry::{Kind, Match};
use crate::model::Severity;
use std::collections::{BTreeMap, HashMap};

/// What one or more records with a common id or alias say about a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advisory {
    /// The record that speaks for the group.
    pub main: Match,
    /// Every other id of it, sorted.
    pub aliases: Vec<String>,
    /// Malicious if any record says so, else what the main record says.
    pub kind: Kind,
    /// The worst that any record says; `None` where nobody rated it.
    pub severity: Option<Severity>,
    /// The highest CVSS score in tenths.
    pub score: Option<u8>,
    /// Ids of all its records.
    pub records: Vec<String>,
}

impl Advisory {
    /// Whether `id` is its id or an alias, in any case of letters.
    #[must_use]
    pub fn is(&self, id: &str) -> bool {
        self.main.id.eq_ignore_ascii_case(id)
            || self
                .aliases
                .iter()
                .any(|alias| alias.eq_ignore_ascii_case(id))
    }
}

/// Puts records that share an id or an alias together, sorted by the id of each group.
///
/// The record of the group that gives it its id: a malicious-package record, then the ecosystem's own database
/// (whose judgement "informational" counts), then GitHub's reviewed advisories, then the rest, by name.
#[must_use]
pub fn group(mut matches: Vec<Match>) -> Vec<Advisory> {
    matches.sort_by(|a, b| rank(&a.id).cmp(&rank(&b.id)).then_with(|| a.id.cmp(&b.id)));
    matches.dedup_by(|b, a| a.id == b.id);
    let mut advisories: Vec<Advisory> = partition(matches).into_iter().filter_map(join).collect();
    advisories.sort_by(|a, b| a.main.id.cmp(&b.main.id));
    advisories
}

/// Sets of records that common ids tie together, directly or over others (union-find over the ids). Two records of one
/// database are two advisories, also where they share a CVE, unless one names the other.
fn partition(matches: Vec<Match>) -> Vec<Vec<Match>> {
    let mut parents: Vec<usize> = (0..matches.len()).collect();
    let mut databases: Vec<Vec<&str>> = matches
        .iter()
        .map(|found| vec![database(&found.id)])
        .collect();
    let mut seen: HashMap<&str, usize> = HashMap::new();
    for (index, found) in matches.iter().enumerate() {
        for id in found.aliases.iter().chain([&found.id]) {
            let other = *seen.entry(id).or_insert(index);
            let named = *id == found.id || *id == matches[other].id;
            let (a, b) = (root(&mut parents, index), root(&mut parents, other));
            let apart = !databases[a].iter().any(|name| databases[b].contains(name));
            if a != b && (named || apart) {
                let theirs = std::mem::take(&mut databases[a.max(b)]);
                databases[a.min(b)].extend(theirs);
                parents[a.max(b)] = a.min(b);
            }
        }
    }
    let roots: Vec<usize> = (0..matches.len())
        .map(|index| root(&mut parents, index))
        .collect();
    let mut groups: BTreeMap<usize, Vec<Match>> = BTreeMap::new();
    for (root, found) in roots.into_iter().zip(matches) {
        groups.entry(root).or_default().push(found);
    }
    groups.into_values().collect()
}

/// The database that an id is of: what stands before its first hyphen.
fn database(id: &str) -> &str {
    id.split('-').next().unwrap_or(id)
}

fn root(parents: &mut [usize], mut index: usize) -> usize {
    while parents[index] != index {
        // Halving the path keeps the next search short.
        parents[index] = parents[parents[index]];
        index = parents[index];
    }
    index
}

fn rank(id: &str) -> usize {
    const ORDER: [&str; 5] = ["MAL-", "RUSTSEC-", "GO-", "GHSA-", "PYSEC-"];
    ORDER
        .iter()
        .position(|prefix| id.starts_with(prefix))
        .unwrap_or(ORDER.len())
}

/// `group` is in the order of ranks.
fn join(group: Vec<Match>) -> Option<Advisory> {
    let mut records: Vec<String> = group.iter().map(|found| found.id.clone()).collect();
    let main = group.first()?.clone();
    let mut aliases: Vec<String> = group
        .iter()
        .flat_map(|found| found.aliases.iter().chain([&found.id]))
        .filter(|id| **id != main.id)
        .cloned()
        .collect();
    aliases.sort();
    aliases.dedup();
    records.sort();
    let malicious = group.iter().any(|found| found.kind == Kind::Malicious);
    Some(Advisory {
        aliases,
        kind: if malicious {
            Kind::Malicious
        } else {
            main.kind
        },
        severity: group.iter().filter_map(|found| found.severity).max(),
        score: group.iter().filter_map(|found| found.score).max(),
        records,
        main,
    })
}

#[cfg(test)]
mod tests {
    use super::group;
    use crate::advisory::{Kind, Match};
    use crate::model::Severity;

    fn record(id: &str, aliases: &[&str], kind: Kind, severity: Option<Severity>) -> Match {
        Match {
            id: id.to_owned(),
            aliases: aliases.iter().map(|&alias| alias.to_owned()).collect(),
            kind,
            severity,
            score: None,
            fixed: Vec::new(),
            line: String::new(),
            text: None,
        }
    }

    #[test]
    fn records_that_share_an_alias_are_one_advisory_in_any_order() {
        let records = vec![
            record(
                "GHSA-1",
                &["CVE-1"],
                Kind::Vulnerability,
                Some(Severity::High),
            ),
            record("RUSTSEC-1", &["CVE-2"], Kind::Unsound, None),
            record(
                "OSV-9",
                &["CVE-1", "CVE-2"],
                Kind::Vulnerability,
                Some(Severity::Low),
            ),
            record("GHSA-2", &[], Kind::Vulnerability, None),
        ];
        for turn in 0..records.len() {
            let mut turned = records.clone();
            turned.rotate_left(turn);
            let groups = group(turned);
            assert_eq!(groups.len(), 2);
            assert_eq!(groups[0].main.id, "GHSA-2");
            assert_eq!(groups[1].main.id, "RUSTSEC-1");
            assert_eq!(groups[1].aliases, ["CVE-1", "CVE-2", "GHSA-1", "OSV-9"]);
            assert_eq!(groups[1].kind, Kind::Unsound);
            assert_eq!(groups[1].severity, Some(Severity::High));
            assert!(groups[1].is("cve-1") && !groups[1].is("CVE-3"));
        }
    }

    #[test]
    fn two_records_of_one_database_stay_two() {
        let groups = group(vec![
            record("RUSTSEC-1", &["CVE-1"], Kind::Unsound, None),
            record("RUSTSEC-2", &["CVE-1"], Kind::Unmaintained, None),
            record("GHSA-1", &["CVE-1"], Kind::Vulnerability, None),
            record("GHSA-2", &["GHSA-1"], Kind::Vulnerability, None),
        ]);
        let ids: Vec<_> = groups.iter().map(|one| one.main.id.as_str()).collect();
        assert_eq!(ids, ["RUSTSEC-1", "RUSTSEC-2"]);
        assert_eq!(groups[0].records, ["GHSA-1", "GHSA-2", "RUSTSEC-1"]);
    }

    #[test]
    fn malicious_is_what_one_record_makes_it() {
        let groups = group(vec![
            record(
                "GHSA-1",
                &["MAL-1"],
                Kind::Vulnerability,
                Some(Severity::High),
            ),
            record("MAL-1", &[], Kind::Malicious, Some(Severity::Critical)),
        ]);
        assert_eq!(groups.len(), 1);
        assert_eq!(groups[0].main.id, "MAL-1");
        assert_eq!(groups[0].kind, Kind::Malicious);
    }
}

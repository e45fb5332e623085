//! From an OSV record as written to what the database keeps of it.

use super::cvss::{self, Score};
use super::entry::{Affects, Entry, Kind};
use super::osv::{Affected, EventAsWritten, RangeAsWritten, Rating, Record};
use super::range::{Event, EventKind, Range};
use super::text::Text;
use crate::model::Severity;
use crate::version::Ecosystem;
use serde_json::Value;

/// What one record says about one package.
#[derive(Debug, Clone)]
pub(super) struct Compiled {
    pub(super) ecosystem: Ecosystem,
    /// In the ecosystem's normal form.
    pub(super) name: String,
    pub(super) entry: Entry,
    /// `None` where [`standard_text`] says as much.
    /// In a box: 200,000 records have none.
    pub(super) text: Option<Box<Text>>,
}

/// A record after judging what it is good for.
#[derive(Debug)]
pub(super) enum Verdict {
    /// It says something about these packages.
    Useful {
        packages: Vec<Compiled>,
        modified: Option<String>,
    },
    /// Its publisher took it back.
    Withdrawn,
    /// It can't be read, or says nothing that can be judged.
    Bad,
}

/// Reads one OSV record. `only` leaves packages of other ecosystems out.
pub(super) fn compile(json: &[u8], only: Option<Ecosystem>) -> Verdict {
    // Byte order marks come from Windows editors.
    let json = json.strip_prefix(b"\xef\xbb\xbf").unwrap_or(json);
    let Ok(record) = serde_json::from_slice::<Record>(json) else {
        return Verdict::Bad;
    };
    if record.id.is_empty() {
        return Verdict::Bad;
    }
    if record.withdrawn.is_some() {
        return Verdict::Withdrawn;
    }
    let packages: Vec<Compiled> = record
        .affected
        .iter()
        .filter_map(|affected| package(&record, affected, only))
        .collect();
    if packages.is_empty() {
        return Verdict::Bad;
    }
    Verdict::Useful {
        packages,
        modified: record.modified,
    }
}

fn package(record: &Record, affected: &Affected, only: Option<Ecosystem>) -> Option<Compiled> {
    let package = affected.package.as_ref()?;
    let ecosystem = Ecosystem::parse(&package.ecosystem)?;
    if package.name.is_empty() || only.is_some_and(|only| only != ecosystem) {
        return None;
    }
    let affects = affects(ecosystem, affected)?;
    let kind = kind(record, affected);
    let score = score(record, affected);
    let severity = match kind {
        Kind::Malicious => Some(Severity::Critical),
        _ => score
            .map(Score::severity)
            .or_else(|| severity_in_words(record, affected)),
    };
    let name = ecosystem.normalize_name(&package.name).into_owned();
    let everything = affects == Affects::Everything;
    let text = text(record, kind == Kind::Malicious && everything);
    let text = Some(text)
        .filter(|text| !text.is_empty() && *text != standard_text(kind, ecosystem, &package.name));
    Some(Compiled {
        ecosystem,
        name,
        entry: Entry {
            id: record.id.clone(),
            aliases: aliases(record),
            kind,
            severity,
            score,
            affects,
            line: text.as_ref().map(Text::line).unwrap_or_default(),
            text: None,
        },
        text: text.map(Box::new),
    })
}

/// What is said of a malicious package where the record says no more: 200,000 records do not.
pub(super) fn standard_text(kind: Kind, ecosystem: Ecosystem, name: &str) -> Text {
    let summary = match kind {
        Kind::Malicious => format!("Malicious code in {name} ({ecosystem})"),
        _ => String::new(),
    };
    Text {
        summary,
        ..Text::default()
    }
}

fn aliases(record: &Record) -> Vec<String> {
    let mut aliases = record.aliases.clone();
    aliases.retain(|alias| !alias.is_empty() && *alias != record.id);
    aliases.sort();
    aliases.dedup();
    aliases
}

/// The words of a record. Of a package that is malicious as a whole only the summary is kept: the rest is the same
/// few phrases 200,000 times over, and would make the database several times larger.
fn text(record: &Record, summary_only: bool) -> Text {
    let summary = record.summary.clone().unwrap_or_default();
    if summary_only {
        return Text {
            summary,
            ..Text::default()
        }
        .cut();
    }
    Text {
        summary,
        details: record.details.clone().unwrap_or_default(),
        references: record
            .references
            .iter()
            .map(|reference| reference.url.clone())
            .collect(),
    }
    .cut()
}

/// Which versions are affected; `None` where the record names none that can be judged (only commits of a repository,
/// or only versions that the ecosystem gives no place).
fn affects(ecosystem: Ecosystem, affected: &Affected) -> Option<Affects> {
    let ranges: Vec<Range> = affected
        .ranges
        .iter()
        .filter(|range| matches!(range.kind.as_str(), "SEMVER" | "ECOSYSTEM"))
        .filter_map(|range| Range::new(ecosystem, events(range)).ok())
        .collect();
    if ranges.iter().any(Range::covers_everything) {
        return Some(Affects::Everything);
    }
    // Most publishers list every version of their ranges too: what a range says already need not be kept.
    let mut versions: Vec<String> = affected
        .versions
        .iter()
        .filter(|version| {
            !ranges
                .iter()
                .any(|range| range.contains(ecosystem, version).unwrap_or(false))
        })
        .cloned()
        .collect();
    versions.sort();
    versions.dedup();
    if ranges.is_empty() && versions.is_empty() {
        return None;
    }
    Some(Affects::Some { ranges, versions })
}

fn events(range: &RangeAsWritten) -> Vec<Event> {
    range.events.iter().flat_map(events_of).collect()
}

fn events_of(event: &EventAsWritten) -> impl Iterator<Item = Event> {
    let pairs = [
        (EventKind::Introduced, &event.introduced),
        (EventKind::Fixed, &event.fixed),
        (EventKind::LastAffected, &event.last_affected),
        (EventKind::Limit, &event.limit),
    ];
    pairs.into_iter().filter_map(|(kind, version)| {
        let version = version.clone()?;
        Some(Event { kind, version })
    })
}

/// Malicious by its id or by the word of the database; informational by RustSec's own field
/// (<https://github.com/rustsec/advisory-db#advisory-format>).
fn kind(record: &Record, affected: &Affected) -> Kind {
    let said = |value: &Value| value.get("malicious").and_then(Value::as_bool) == Some(true);
    if record.id.starts_with("MAL-") || said(&record.database_specific) {
        return Kind::Malicious;
    }
    let informational = [&affected.database_specific, &record.database_specific]
        .into_iter()
        .find_map(|value| value.get("informational")?.as_str());
    match informational {
        Some("unmaintained") => Kind::Unmaintained,
        Some("unsound") => Kind::Unsound,
        Some(_) => Kind::Notice,
        None => Kind::Vulnerability,
    }
}

/// The highest score of versions 3 and 4 of CVSS, or else of version 2.
fn score(record: &Record, affected: &Affected) -> Option<Score> {
    let vectors = |ratings: &[Rating]| -> Vec<Score> {
        ratings
            .iter()
            .filter_map(|rating| cvss::score(&rating.score))
            .collect()
    };
    let mut scores = vectors(&affected.severity);
    scores.extend(vectors(&record.severity));
    if let Some(vector) = affected
        .database_specific
        .get("cvss")
        .and_then(Value::as_str)
    {
        scores.extend(cvss::score(vector));
    }
    // rubysec publishes the scores without their vectors.
    for (key, version) in [("cvss_v2", 2), ("cvss_v3", 3), ("cvss_v4", 4)] {
        let tenths = record.database_specific.get(key).and_then(tenths);
        scores.extend(tenths.map(|tenths| Score { version, tenths }));
    }
    scores
        .into_iter()
        .max_by_key(|score| (score.version > 2, score.tenths))
}

/// A bare score, a number or a number in quotes.
fn tenths(value: &Value) -> Option<u8> {
    let number = value
        .as_f64()
        .or_else(|| value.as_str()?.trim().parse().ok())?;
    (0.0..=10.0)
        .contains(&number)
        .then(|| (number * 10.0).round() as u8)
}

/// GitHub's and others' word for the severity.
fn severity_in_words(record: &Record, affected: &Affected) -> Option<Severity> {
    let word = [
        &affected.ecosystem_specific,
        &affected.database_specific,
        &record.database_specific,
    ]
    .into_iter()
    .find_map(|value| value.get("severity")?.as_str())?;
    match word.to_ascii_lowercase().as_str() {
        "low" => Some(Severity::Low),
        "moderate" | "medium" => Some(Severity::Medium),
        "high" | "important" => Some(Severity::High),
        "critical" => Some(Severity::Critical),
        _ => None,
    }
}

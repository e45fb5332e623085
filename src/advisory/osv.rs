//! An OSV record as written: <https://ossf.github.io/osv-schema/>. Lenient where publishers are: nulls, unknown fields.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

/// One OSV record.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Record {
    pub(super) id: String,
    #[serde(default)]
    pub(super) modified: Option<String>,
    #[serde(default)]
    pub(super) withdrawn: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) aliases: Vec<String>,
    #[serde(default)]
    pub(super) summary: Option<String>,
    #[serde(default)]
    pub(super) details: Option<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) severity: Vec<Rating>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) affected: Vec<Affected>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) references: Vec<Reference>,
    #[serde(default)]
    pub(super) database_specific: Value,
}

/// One package of a record, and which versions of it are affected.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Affected {
    #[serde(default)]
    pub(super) package: Option<PackageName>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) ranges: Vec<RangeAsWritten>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) versions: Vec<String>,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) severity: Vec<Rating>,
    #[serde(default)]
    pub(super) ecosystem_specific: Value,
    #[serde(default)]
    pub(super) database_specific: Value,
}

/// Whose package it is and what it is called there.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct PackageName {
    #[serde(default)]
    pub(super) ecosystem: String,
    #[serde(default)]
    pub(super) name: String,
}

/// Versions between events.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct RangeAsWritten {
    #[serde(rename = "type", default)]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "or_default")]
    pub(super) events: Vec<EventAsWritten>,
}

/// One event: the schema wants exactly one of the four.
#[derive(Debug, Clone, Default, Deserialize)]
pub(super) struct EventAsWritten {
    #[serde(default)]
    pub(super) introduced: Option<String>,
    #[serde(default)]
    pub(super) fixed: Option<String>,
    #[serde(default)]
    pub(super) last_affected: Option<String>,
    #[serde(default)]
    pub(super) limit: Option<String>,
}

/// A severity: a kind of scale and what it says.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Rating {
    #[serde(default)]
    pub(super) score: String,
}

/// A page about the advisory.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Reference {
    #[serde(default)]
    pub(super) url: String,
}

/// A list that publishers also write as `null`.
fn or_default<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

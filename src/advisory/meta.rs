//! What a database file says about itself: read and written as JSON.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What a database file says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meta {
    /// OSV's name of the ecosystem.
    pub ecosystem: String,
    /// The path or address that it was made from.
    pub source: String,
    /// When it was imported, or last found to be the newest there is.
    pub checked: Timestamp,
    /// The newest `modified` of its records, as they write it; empty where none says.
    pub newest: String,
    /// How many advisories it has.
    pub records: u64,
    /// How many packages they are about.
    pub packages: u64,
    /// When the whole archive was last taken, where the data is from a server: changes are laid over it one by one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub whole: Option<Timestamp>,
    /// The newest time in the server's list of changes that is taken care of.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cursor: Option<Timestamp>,
    /// The server's `ETag` of the archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub etag: Option<String>,
    /// The server's `Last-Modified` of the archive.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_modified: Option<String>,
}

impl Meta {
    pub(super) fn to_json(&self) -> Vec<u8> {
        // Strings, numbers and a time: there is nothing here that JSON could not say.
        serde_json::to_vec(self).unwrap_or_default()
    }
}

//! What `packages.lock.json` of NuGet has in it.

use super::json::{Entries, Text};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Lock<'a> {
    /// By target framework.
    #[serde(borrow, default)]
    pub(super) dependencies: Entries<'a, Entries<'a, Locked<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Locked<'a> {
    /// `Direct`, `Transitive`, `Project` or `CentralTransitive`.
    #[serde(borrow, rename = "type")]
    pub(super) kind: Text<'a>,
    /// The range that the project asks for, of direct packages.
    pub(super) requested: Text<'a>,
    pub(super) resolved: Text<'a>,
    #[serde(rename = "contentHash")]
    pub(super) content_hash: Text<'a>,
}

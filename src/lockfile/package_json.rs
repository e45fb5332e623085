//! `package.json` as npm, pnpm, Yarn and Bun read it
//! (<https://docs.npmjs.com/cli/configuring-npm/package-json>): what is asked for, and what changes what that means.

use super::json::{Entries, Text};
use serde::Deserialize;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;

/// Names with ranges.
pub(super) type List<'a> = Entries<'a, Text<'a>>;

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Manifest<'a> {
    #[serde(borrow)]
    pub(super) dependencies: List<'a>,
    pub(super) dev_dependencies: List<'a>,
    pub(super) optional_dependencies: List<'a>,
    pub(super) peer_dependencies: List<'a>,
    pub(super) peer_dependencies_meta: Entries<'a, Meta>,
    /// npm's and Bun's.
    pub(super) overrides: Option<IgnoredAny>,
    pub(super) workspaces: Option<IgnoredAny>,
    /// Yarn's.
    pub(super) resolutions: List<'a>,
    pub(super) pnpm: Option<Settings>,
    /// The manager that the project wants, as `pnpm@10.1.0`.
    pub(super) package_manager: Text<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Meta {
    pub(super) optional: bool,
}

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Settings {
    pub(super) overrides: Option<IgnoredAny>,
}

/// The names of several lists; of those that more than one has, the range of the last.
pub(super) fn united<'a, const N: usize>(lists: [&'a List<'_>; N]) -> BTreeMap<&'a str, &'a str> {
    lists.into_iter().flat_map(pairs).collect()
}

/// The names and ranges of a list.
pub(super) fn pairs<'a>(list: &'a List<'_>) -> impl Iterator<Item = (&'a str, &'a str)> {
    let pairs = list.0.iter();
    pairs.map(|(name, range)| (name.as_str(), range.as_str()))
}

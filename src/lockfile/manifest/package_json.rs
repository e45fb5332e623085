//! `package.json` (<https://docs.npmjs.com/cli/configuring-npm/package-json>).

use super::{Asked, Dialect, Group};
use crate::lockfile::input::Input;
use crate::lockfile::json;
use crate::lockfile::package_json::{List, Manifest};

pub(super) fn asked(input: &Input<'_>) -> Option<Vec<Asked>> {
    let manifest: Manifest<'_> = json::parse(input).ok()?;
    let lists = [
        (&manifest.dependencies, Group::Main, true),
        (&manifest.dev_dependencies, Group::Dev, true),
        (&manifest.optional_dependencies, Group::Dev, true),
        (&manifest.peer_dependencies, Group::Main, false),
    ];
    let mut out = Vec::new();
    for (list, group, writable) in lists {
        let mut found = entries(input, list, &group, Dialect::Npm);
        // An alias keeps its name in front of the range.
        found.retain(|one| !one.range.starts_with("npm:"));
        for one in &mut found {
            one.writable = writable;
        }
        out.extend(found);
    }
    Some(out)
}

/// The entries of a list that have a range.
pub(super) fn entries(
    input: &Input<'_>,
    list: &List<'_>,
    group: &Group,
    dialect: Dialect,
) -> Vec<Asked> {
    let entries = list.0.iter().filter(|(_, range)| range.is_text());
    let asked = entries.map(|(name, range)| Asked {
        name: name.as_str().to_owned(),
        range: range.as_str().to_owned(),
        at: name.span(input).start.saturating_sub(input.base),
        group: group.clone(),
        writable: true,
        key: name.as_str().to_owned(),
        dialect,
    });
    asked.collect()
}

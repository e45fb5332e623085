//! `package.json` (<https://docs.npmjs.com/cli/configuring-npm/package-json>).

use super::{Asked, Dialect, Group};
use serde_json::Value;

pub(super) fn asked(text: &str, name: &str) -> Option<Vec<Asked>> {
    let root: Value = serde_json::from_str(text).ok()?;
    let lists = [
        ("dependencies", Group::Main, true),
        ("devDependencies", Group::Dev, true),
        ("optionalDependencies", Group::Dev, true),
        ("peerDependencies", Group::Main, false),
    ];
    let mut out = Vec::new();
    for (list, group, writable) in lists {
        let Some(range) = root.get(list).and_then(|list| list.get(name)?.as_str()) else {
            continue;
        };
        // An alias keeps its name in front of the range.
        if range.starts_with("npm:") {
            continue;
        }
        out.push(Asked {
            range: range.to_owned(),
            at: place(text, list, name),
            group,
            writable,
            key: name.to_owned(),
            dialect: Dialect::Npm,
        });
    }
    Some(out)
}

/// Where the key `name` of the list stands: the first of that name behind the list's own.
pub(super) fn place(text: &str, list: &str, name: &str) -> usize {
    let key = |from: usize, key: &str| {
        let quoted = format!("\"{key}\"");
        let found = text[from..].match_indices(&quoted).find(|(at, _)| {
            let rest = &text[from + at + quoted.len()..];
            rest.trim_start().starts_with(':')
        });
        found.map(|(at, _)| from + at)
    };
    key(0, list).and_then(|from| key(from, name)).unwrap_or(0)
}

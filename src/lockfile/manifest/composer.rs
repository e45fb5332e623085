//! `composer.json` (<https://getcomposer.org/doc/04-schema.md#package-links>).

use super::package_json::place;
use super::{Asked, Dialect, Group};
use serde_json::Value;

pub(super) fn asked(text: &str, name: &str) -> Option<Vec<Asked>> {
    let root: Value = serde_json::from_str(text).ok()?;
    let mut out = Vec::new();
    for (list, group) in [("require", Group::Main), ("require-dev", Group::Dev)] {
        let entries = root.get(list).and_then(Value::as_object);
        let same = |(key, _): &(&String, &Value)| key.eq_ignore_ascii_case(name);
        let found = entries.and_then(|entries| entries.iter().find(same));
        if let Some((key, range)) = found.and_then(|(key, value)| Some((key, value.as_str()?))) {
            out.push(Asked {
                range: range.to_owned(),
                at: place(text, list, key),
                group,
                writable: true,
                key: key.clone(),
                dialect: Dialect::Composer,
            });
        }
    }
    Some(out)
}

//! `composer.json` (<https://getcomposer.org/doc/04-schema.md#package-links>).

use super::package_json::entries;
use super::{Asked, Dialect, Group};
use crate::lockfile::input::Input;
use crate::lockfile::json;
use crate::lockfile::package_json::List;
use serde::Deserialize;

#[derive(Deserialize, Default)]
#[serde(default, rename_all = "kebab-case")]
struct Manifest<'a> {
    #[serde(borrow)]
    require: List<'a>,
    require_dev: List<'a>,
}

pub(super) fn asked(input: &Input<'_>) -> Option<Vec<Asked>> {
    let manifest: Manifest<'_> = json::parse(input).ok()?;
    let mut out = entries(input, &manifest.require, &Group::Main, Dialect::Composer);
    let dev = &manifest.require_dev;
    out.extend(entries(input, dev, &Group::Dev, Dialect::Composer));
    for one in &mut out {
        one.name.make_ascii_lowercase();
    }
    Some(out)
}

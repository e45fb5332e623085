//! Deno: `deno.lock`, versions 3 to 5 (<https://docs.deno.com/runtime/fundamentals/modules/#integrity-checking-and-lock-files>).
//! Only its npm packages: no advisories exist for JSR and for plain addresses.

use super::input::{Input, file_name};
use super::json::{self, Entries, Text};
use super::package::unite;
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;
use serde::de::IgnoredAny;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "deno",
    title: "Deno (deno.lock)",
    ecosystem: Ecosystem::Npm,
    upgrade: Upgrade::new("deno add npm:{name}@{version}").and_removal("deno remove npm:{name}"),
    matches: |path| file_name(path) == "deno.lock",
    parse,
};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Lock<'a> {
    #[serde(borrow)]
    npm: Registry<'a>,
    packages: Registries<'a>,
}

/// Version 3 has the registries one level below.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Registries<'a> {
    #[serde(borrow)]
    npm: Registry<'a>,
}

type Registry<'a> = Entries<'a, IgnoredAny>;

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let lock: Lock<'_> = json::parse(&input)?;
    let ids = lock.npm.0.iter().chain(&lock.packages.npm.0);
    Ok(unite(
        ids.filter_map(|(id, _)| package(&input, id)).collect(),
    ))
}

/// `name@version`, with the peers after `_`.
fn package(input: &Input<'_>, id: &Text<'_>) -> Option<Package> {
    let text = id.as_str();
    let at = 1 + text.get(1..)?.find('@')?;
    let version = text[at + 1..].split('_').next()?;
    let mut span = id.span(input);
    span.start = (span.start + at + 1).min(span.end);
    Some(Package::new(Ecosystem::Npm, &text[..at], version, span))
}

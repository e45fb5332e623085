//! Composer: `composer.lock` (<https://getcomposer.org/doc/01-basic-usage.md#commit-your-composer-lock-file-to-version-control>).

use super::input::{Input, file_name};
use super::json::{self, Loose, Text};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;
use std::ops::Range;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "composer",
    title: "Composer (composer.lock)",
    ecosystem: Ecosystem::Packagist,
    upgrade: Upgrade::new("composer update {name} --with {name}:{version}")
        .and_manifest(
            "composer require {flag}'{name}:{spec}'",
            "composer update {name} -w",
        )
        .and_newest("composer update {name} -w")
        .and_removal("composer remove {flag}{name}"),
    matches: |path| file_name(path) == "composer.lock",
    parse,
};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Lock<'a> {
    #[serde(borrow)]
    packages: Option<Vec<Locked<'a>>>,
    #[serde(rename = "packages-dev")]
    packages_dev: Option<Vec<Locked<'a>>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Locked<'a> {
    #[serde(borrow)]
    name: Text<'a>,
    version: Version<'a>,
    source: Option<Loose<Origin<'a>>>,
    dist: Option<Loose<Origin<'a>>>,
}

/// Repositories that are made by programs have dates for versions, as numbers.
#[derive(Deserialize)]
#[serde(untagged)]
enum Version<'a> {
    Number(u64),
    #[serde(borrow)]
    Text(Text<'a>),
}

impl Default for Version<'_> {
    fn default() -> Self {
        Self::Number(0)
    }
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Origin<'a> {
    #[serde(borrow, rename = "type")]
    kind: Text<'a>,
    reference: Text<'a>,
    url: Text<'a>,
    shasum: Text<'a>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let lock: Lock<'_> = json::parse(&input)?;
    let main = lock.packages.iter().flatten().map(|locked| (locked, false));
    let dev = lock
        .packages_dev
        .iter()
        .flatten()
        .map(|locked| (locked, true));
    main.chain(dev)
        .map(|(locked, dev)| package(&input, locked, dev))
        .collect()
}

/// The version, and where it or else the name stands.
fn version(
    input: &Input<'_>,
    locked: &Locked<'_>,
) -> Result<(String, Range<usize>), LockfileError> {
    let name = locked.name.span(input);
    match &locked.version {
        Version::Number(0) => Ok((String::new(), name)),
        Version::Number(number) => Ok((number.to_string(), name)),
        Version::Text(text) if text.is_text() => Ok((text.as_str().to_owned(), text.span(input))),
        Version::Text(_) => {
            let of = locked.name.as_str().escape_default();
            let message = format!("the version of `{of}` is no text");
            Err(LockfileError::invalid(message, Some(name.start)))
        }
    }
}

fn package(input: &Input<'_>, locked: &Locked<'_>, dev: bool) -> Result<Package, LockfileError> {
    let name = locked.name.as_str();
    if name.is_empty() {
        return Err(input.error("a package has no name", &input.text[..0]));
    }
    let (version, span) = version(input, locked)?;
    let mut package = Package::new(Ecosystem::Packagist, name, version, span);
    package.dev = dev;
    let dist = locked.dist.as_ref().and_then(|dist| dist.0.as_ref());
    if let Some(dist) = dist {
        package.hash = dist.shasum.place(input);
        package.address = dist.url.place(input);
    }
    let source = locked.source.as_ref().and_then(|source| source.0.as_ref());
    package.source = match (dist, source) {
        (Some(dist), _) if dist.kind.as_str() == "path" => Source::Path,
        // Packagist's own packages name both an archive and the repository it was made from.
        (None, Some(source)) => Source::Git {
            commit: Some(source.reference.as_str().to_owned()).filter(|commit| !commit.is_empty()),
        },
        _ => Source::Registry,
    };
    Ok(package)
}

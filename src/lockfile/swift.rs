//! Swift: `Package.resolved`, versions 1 to 3 (<https://developer.apple.com/documentation/packagedescription>).

use super::input::{Input, file_name};
use super::json::{self, Text};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "swift",
    title: "Swift (Package.resolved)",
    ecosystem: Ecosystem::SwiftUrl,
    upgrade: Upgrade::new("swift package update"),
    matches: |path| file_name(path) == "Package.resolved",
    parse,
};

#[derive(Deserialize, Default)]
#[serde(default)]
struct Resolved<'a> {
    /// Version 1 has the pins one level below.
    #[serde(borrow)]
    object: Pins<'a>,
    pins: Vec<Pin<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Pins<'a> {
    #[serde(borrow)]
    pins: Vec<Pin<'a>>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Pin<'a> {
    /// The name in a registry of packages, or the last part of the address.
    #[serde(borrow)]
    identity: Text<'a>,
    location: Text<'a>,
    #[serde(rename = "repositoryURL")]
    repository_url: Text<'a>,
    state: State<'a>,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct State<'a> {
    #[serde(borrow)]
    version: Text<'a>,
    revision: Text<'a>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let resolved: Resolved<'_> = json::parse(&input)?;
    let pins = resolved.object.pins.iter().chain(&resolved.pins);
    Ok(pins.map(|pin| package(&input, pin)).collect())
}

/// Every Swift package is a repository; one in a released version is as good as from a registry.
fn package(input: &Input<'_>, pin: &Pin<'_>) -> Package {
    let names = [&pin.location, &pin.repository_url, &pin.identity];
    let address = names.iter().find(|name| !name.is_empty());
    let name = Ecosystem::SwiftUrl.normalize_name(address.map_or("", |name| name.as_str()));
    let State { version, revision } = &pin.state;
    let place = if version.is_empty() {
        revision
    } else {
        version
    };
    let mut package = Package::new(
        Ecosystem::SwiftUrl,
        name,
        version.as_str(),
        place.span(input),
    );
    if version.is_empty() {
        package.source = Source::Git {
            commit: Some(revision.as_str().to_owned()),
        };
    }
    package
}

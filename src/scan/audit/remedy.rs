//! What to do about an advisory: the version to go to, whether the manifest admits it, and the one command that does it.

use crate::advisory::Kind;
use crate::lockfile::{Obstacle, Package, Upgrade};
use crate::version::Ecosystem;

/// More steps than this are cut in the middle.
const STEPS_MOST: usize = 5;

/// How to be rid of an advisory.
pub(super) enum Fix {
    /// This version has no known vulnerability at all.
    Clear(String),
    /// This version fixes the advisory; it may have others.
    Partly(String),
    /// No version is known to be without it.
    None,
}

impl Fix {
    /// The version to go to.
    pub(super) fn version(&self) -> Option<&str> {
        match self {
            Self::Clear(version) | Self::Partly(version) => Some(version),
            Self::None => None,
        }
    }
}

/// How the project comes to a package.
#[derive(Debug, Default)]
pub(super) struct Route {
    /// From what the project asks for to the package; empty where it asks for it itself or nothing is known.
    pub(super) path: Vec<String>,
    /// What keeps the package from the version that fixes it.
    pub(super) obstacle: Option<Obstacle>,
}

impl Route {
    /// The way in words, for the end of a message.
    pub(super) fn via(&self) -> String {
        let path = &self.path;
        match path.len() {
            0 => String::new(),
            len if len <= STEPS_MOST => format!(", via {}", path.join(" → ")),
            len => format!(
                ", via {} → … → {}",
                path[..2].join(" → "),
                path[len - 2..].join(" → ")
            ),
        }
    }
}

/// What to do, in words that end with a command where there is one.
pub(super) fn remedy(
    upgrade: Upgrade,
    package: &Package,
    fix: &Fix,
    route: &Route,
    kind: Kind,
    file: &str,
) -> String {
    let Some(version) = fix.version() else {
        return unfixable(package, route, kind);
    };
    let mut text = format!("fixed in {version}");
    if matches!(fix, Fix::Partly(_)) {
        text.push_str(", which other advisories may be about");
    }
    if let Some(other) = blocked(upgrade, package, version, route, file) {
        return text + &other;
    }
    if let Some(command) = upgrade.command(package, version, file) {
        text.push_str(": ");
        text.push_str(&command);
    }
    text
}

fn unfixable(package: &Package, route: &Route, kind: Kind) -> String {
    let culprit = route.path.first().unwrap_or(&package.name);
    match kind {
        Kind::Malicious if route.path.is_empty() => {
            format!("remove {culprit} and look for what it did")
        }
        Kind::Malicious => {
            format!("remove {culprit}, which brings it in, and look for what it did")
        }
        _ => "no fixed version is known".to_owned(),
    }
}

/// Where the plain command would not do: a range of a manifest leaves the version out.
fn blocked(
    upgrade: Upgrade,
    package: &Package,
    version: &str,
    route: &Route,
    file: &str,
) -> Option<String> {
    let top = route.path.first();
    if package.ecosystem == Ecosystem::CratesIo && !same_series(&package.version, version) {
        return Some(match top {
            Some(top) => format!(
                ", another series than {}: {top} must ask for it; see whether a newer one does: cargo update -p {top}",
                package.version
            ),
            None => format!(": cargo add {}@{version}", package.name),
        });
    }
    let Obstacle { by, range } = route.obstacle.as_ref()?;
    if by.is_empty() {
        // The project's own range: the command for what it asks for itself writes a new one.
        let direct = Package {
            direct: Some(true),
            ..package.clone()
        };
        let command = upgrade.command(&direct, version, file)?;
        return Some(format!(", which your {range} leaves out: {command}"));
    }
    let newest = Package {
        name: top.unwrap_or(by).clone(),
        direct: Some(true),
        ..package.clone()
    };
    let command = upgrade.command(&newest, "latest", file)?;
    Some(format!(", which {by} leaves out ({range}): {command}"))
}

/// Whether Cargo takes one version for the other (<https://doc.rust-lang.org/cargo/reference/semver.html>): the first number
/// that is not 0 is the same.
fn same_series(a: &str, b: &str) -> bool {
    let series = |version: &str| -> Vec<String> {
        let core = version.split(['-', '+']).next().unwrap_or(version);
        let mut out = Vec::new();
        for part in core.split('.') {
            out.push(part.to_owned());
            if part != "0" {
                break;
            }
        }
        out
    };
    series(a) == series(b)
}

#[cfg(test)]
mod tests {
    use super::{Route, same_series};

    #[test]
    fn series_are_those_of_cargo() {
        assert!(same_series("1.2.3", "1.9.0") && same_series("0.2.3", "0.2.9"));
        assert!(!same_series("1.9.0", "2.0.0") && !same_series("0.2.3", "0.3.0"));
        assert!(!same_series("0.0.3", "0.0.4"));
    }

    #[test]
    fn long_ways_are_cut_in_the_middle() {
        let path = |names: &str| Route {
            path: names.split(' ').map(str::to_owned).collect(),
            obstacle: None,
        };
        assert_eq!(path("a b c").via(), ", via a → b → c");
        assert_eq!(path("a b c d e f g").via(), ", via a → b → … → f → g");
    }
}

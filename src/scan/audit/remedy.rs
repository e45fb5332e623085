//! What to do about an advisory: the version to go to, whether the manifest admits it, and the one command that does it.

use crate::advisory::Kind;
use crate::lockfile::{Obstacle, Package, Requirement, Target, Upgrade};
use crate::version::Ecosystem;

/// More steps than this are cut in the middle.
const STEPS_MOST: usize = 5;

/// How many places of manifests are named.
const PLACES_MOST: usize = 2;

/// How to be rid of an advisory.
#[derive(Debug, Clone)]
pub(super) enum Fix {
    /// This version has no known vulnerability at all.
    Clear(String),
    /// This version fixes the advisory; it may have others.
    Partly(String),
    /// No version is known to be without any of several; this has the fewest.
    Best { version: String, left: usize },
    /// The package is malicious: another version of it is no way out.
    Remove,
    /// No version is known to be without it.
    None,
}

impl Fix {
    /// The version to go to.
    pub(super) fn version(&self) -> Option<&str> {
        match self {
            Self::Clear(version) | Self::Partly(version) | Self::Best { version, .. } => {
                Some(version)
            }
            Self::Remove | Self::None => None,
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
    /// What the project's manifests ask for of the package, or of the first of the way; `None` where they do not tell.
    pub(super) asked: Option<Vec<Requirement>>,
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

/// What to do about an advisory.
#[derive(Debug, Default)]
pub(super) struct Remedy {
    /// In words that end with the command where there is one.
    pub(super) text: String,
    /// The command, for after the edits.
    pub(super) command: Option<String>,
    /// What to write by hand first: the requirements, and what each is to be.
    pub(super) edits: Vec<(Requirement, String)>,
}

impl Remedy {
    fn run(text: &str, command: Option<String>) -> Self {
        let tail = command.as_ref().map(|command| format!(": {command}"));
        Self {
            text: text.to_owned() + &tail.unwrap_or_default(),
            command,
            edits: Vec::new(),
        }
    }
}

/// What to do about the advisory that `fix` is for; `file` names the package's version.
pub(super) fn remedy(
    upgrade: Upgrade,
    package: &Package,
    fix: &Fix,
    route: &Route,
    kind: Kind,
    file: &str,
) -> Remedy {
    let mut package = package.clone();
    if let Some(asked) = &route.asked {
        let named = route.path.is_empty() && !asked.is_empty();
        package.direct = if named {
            Some(true)
        } else {
            package.direct.or(Some(false))
        };
    }
    let mut target = Target {
        package: &package,
        version: "",
        file,
        top: route.path.first().map(String::as_str),
    };
    let Some(version) = fix.version() else {
        let is_bad = kind == Kind::Malicious || matches!(fix, Fix::Remove);
        return if is_bad {
            removal(upgrade, target, route)
        } else {
            Remedy::run("no fixed version is known", None)
        };
    };
    target.version = version;
    let text = match fix {
        Fix::Partly(_) => format!("fixed in {version}, which other advisories may be about"),
        Fix::Best { left, .. } => {
            let verb = if *left == 1 { "is" } else { "are" };
            format!("no version is without all of them; in {version} {left} {verb} left")
        }
        _ => format!("fixed in {version}"),
    };
    let outside = || outside(&text, upgrade, target, route);
    let blocked = || blocked(&text, upgrade, target, route);
    outside()
        .or_else(blocked)
        .unwrap_or_else(|| Remedy::run(&text, upgrade.command(target)))
}

/// Where the project's own manifests leave the version out.
fn outside(text: &str, upgrade: Upgrade, target: Target<'_>, route: &Route) -> Option<Remedy> {
    let asked = route.asked.iter().flatten();
    let narrow: Vec<&Requirement> = asked
        .filter(|_| route.path.is_empty())
        .filter(|one| one.admits(target.version) == Some(false))
        .collect();
    let first = narrow.first()?;
    let text = format!("{text}, which {}", leaves_out(&narrow));
    let spec = first.raised(target.version);
    if let ([one], Some(flag)) = (narrow.as_slice(), &first.flag)
        && let Some(command) = upgrade.rewrite(target, flag, &one.raised(target.version))
    {
        return Some(Remedy::run(&text, Some(command)));
    }
    let command = upgrade.edited(target)?;
    Some(Remedy {
        text: format!("{text}: write {spec} there, then: {command}"),
        command: Some(command),
        edits: narrow
            .into_iter()
            .map(|one| (one.clone(), spec.clone()))
            .collect(),
    })
}

/// "Cargo.toml line 7 leaves out (=1.5.4)".
fn leaves_out(narrow: &[&Requirement]) -> String {
    let mut places: Vec<String> = narrow
        .iter()
        .take(PLACES_MOST)
        .map(|one| format!("{} line {}", one.path, one.line))
        .collect();
    if narrow.len() > PLACES_MOST {
        places.push(format!("{} more", narrow.len() - PLACES_MOST));
    }
    let verb = if narrow.len() == 1 { "leaves" } else { "leave" };
    let mut ranges: Vec<&str> = narrow.iter().map(|one| one.range.as_str()).collect();
    ranges.dedup();
    ranges.truncate(PLACES_MOST);
    format!(
        "{} {verb} out ({})",
        places.join(" and "),
        ranges.join(", ")
    )
}

/// Out with what is malicious, or with what brings it in.
fn removal(upgrade: Upgrade, target: Target<'_>, route: &Route) -> Remedy {
    let name = target.top.unwrap_or(&target.package.name);
    let through = target.top.map_or("", |_| ", which brings it in,");
    let text = format!("look for what it did, and remove {name}{through}");
    let mut places = route.asked.iter().flatten();
    let of_place = |one: &Requirement| {
        let removal = one.removal.as_ref()?;
        let file = if removal.inside {
            &one.path
        } else {
            target.file
        };
        let target = Target { file, ..target };
        upgrade.removal(&removal.name, &removal.flag, target)
    };
    let mut commands: Vec<String> = places.clone().filter_map(of_place).collect();
    commands.dedup();
    let text = text.trim_end_matches(',');
    match (commands.as_slice(), places.next()) {
        ([], Some(first)) => Remedy::run(
            &format!(
                "{text} from {} line {}, then lock anew",
                first.path, first.line
            ),
            None,
        ),
        ([], None) => Remedy::run(text, upgrade.removal(name, "", target)),
        (commands, _) => Remedy::run(text, Some(commands.join(" && "))),
    }
}

/// Where the plain command would not do: the range of another package leaves the version out.
fn blocked(text: &str, upgrade: Upgrade, target: Target<'_>, route: &Route) -> Option<Remedy> {
    let Target {
        package, version, ..
    } = target;
    let crates = package.ecosystem == Ecosystem::CratesIo;
    if crates && !same_series(&package.version, version) {
        return Some(match target.top {
            Some(top) => newer(
                &format!(
                    "{text}, another series than {}: {top} must ask for it; see whether a newer one does",
                    package.version
                ),
                upgrade,
                target,
                top,
                route,
            ),
            None => Remedy::run(text, Some(format!("cargo add {}@{version}", package.name))),
        });
    }
    let Obstacle { by, range } = route.obstacle.as_ref()?;
    if by.is_empty() {
        // The project's own range: the command for what it asks for itself writes a new one.
        let direct = Package {
            direct: Some(true),
            ..package.clone()
        };
        let command = upgrade.command(Target {
            package: &direct,
            ..target
        })?;
        let text = format!("{text}, which your {range} leaves out");
        return Some(Remedy::run(&text, Some(command)));
    }
    let text = format!("{text}, which {by} leaves out ({range})");
    Some(newer(
        &text,
        upgrade,
        target,
        target.top.unwrap_or(by),
        route,
    ))
}

/// Ends `text` with the way to a newer `top`, which brings the package in.
fn newer(text: &str, upgrade: Upgrade, target: Target<'_>, top: &str, route: &Route) -> Remedy {
    let command = upgrade.newest(top, target);
    // Of an exact requirement a command that keeps to the manifest makes nothing newer.
    let pinned = route.asked.iter().flatten().find(|one| one.is_exact());
    match pinned.filter(|one| one.flag.is_none()) {
        Some(one) => Remedy::run(
            &format!(
                "{text}, write that into {} line {} (now {}), then",
                one.path, one.line, one.range
            ),
            command,
        ),
        None => Remedy::run(text, command),
    }
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
            ..Route::default()
        };
        assert_eq!(path("a b c").via(), ", via a → b → c");
        assert_eq!(path("a b c d e f g").via(), ", via a → b → … → f → g");
    }
}

//! npm's ranges (<https://github.com/npm/node-semver#ranges>): whether a version is in one.
//!
//! By hand: the `semver` crate reads Cargo's requirements, which have no `||`, no hyphens and other rules for pre-releases,
//! and the crates that read npm's bring a parser framework for these few lines.

use super::token;
use std::cmp::Ordering;

/// A version: numbers and pre-release.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Version<'a> {
    numbers: [u64; 3],
    pre: &'a str,
}

impl Version<'_> {
    fn order(&self, other: &Self) -> Ordering {
        self.numbers
            .cmp(&other.numbers)
            .then_with(|| pre_order(self.pre, other.pre))
    }
}

/// None is after any; the rest as every semantic version has it.
fn pre_order(a: &str, b: &str) -> Ordering {
    match (a.is_empty(), b.is_empty()) {
        (false, false) => token::identifiers(a, b),
        (a, b) => a.cmp(&b),
    }
}

/// A bound: from here on, or up to here, with or without the version itself.
#[derive(Debug, Clone)]
struct Bound<'a> {
    upper: bool,
    inclusive: bool,
    version: Version<'a>,
}

impl Bound<'_> {
    fn allows(&self, version: &Version<'_>) -> bool {
        match version.order(&self.version) {
            Ordering::Equal => self.inclusive,
            Ordering::Less => self.upper,
            Ordering::Greater => !self.upper,
        }
    }
}

/// A version with parts left out: `1`, `1.x`, `1.2`, `1.2.3-pre`.
#[derive(Debug, Clone)]
struct Partial<'a> {
    numbers: Vec<u64>,
    pre: &'a str,
}

impl<'a> Partial<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let text = text.trim_start_matches(['v', '=', ' ']);
        let text = text.split('+').next().unwrap_or(text);
        let (core, pre) = match text.split_once('-') {
            Some((core, pre)) => (core, pre),
            None => (text, ""),
        };
        let mut numbers = Vec::new();
        let mut open = false;
        for part in core.split('.') {
            if matches!(part, "x" | "X" | "*" | "") {
                open = true;
            } else {
                let number = part.parse().ok()?;
                if !open {
                    numbers.push(number);
                }
            }
        }
        (core.split('.').count() <= 3).then_some(Self { numbers, pre })
    }

    /// With zeros for what is left out.
    fn lowest(&self) -> Version<'a> {
        let at = |index: usize| self.numbers.get(index).copied().unwrap_or(0);
        Version {
            numbers: [at(0), at(1), at(2)],
            pre: if self.numbers.len() == 3 {
                self.pre
            } else {
                ""
            },
        }
    }

    /// The first version after those that begin with the first `kept` numbers.
    fn after(&self, kept: usize) -> Version<'a> {
        let mut numbers = self.lowest().numbers;
        numbers[kept - 1] = numbers[kept - 1].saturating_add(1);
        numbers[kept..].fill(0);
        // The lowest of all: no pre-release of it belongs to what came before.
        Version { numbers, pre: "0" }
    }
}

/// Whether `version` is in `range`; `None` where `range` is none (a tag, an address) or `version` is no version.
#[must_use]
pub fn npm_satisfies(range: &str, version: &str) -> Option<bool> {
    let partial = Partial::parse(version)?;
    if partial.numbers.len() != 3 {
        return None;
    }
    let version = partial.lowest();
    let mut found = false;
    for set in range.split("||") {
        let bounds = bounds(set.trim())?;
        found |=
            bounds.iter().all(|bound| bound.allows(&version)) && pre_allowed(&bounds, &version);
    }
    Some(found)
}

/// A pre-release counts only where the range names one of the same three numbers.
fn pre_allowed(bounds: &[Bound<'_>], version: &Version<'_>) -> bool {
    version.pre.is_empty()
        || bounds
            .iter()
            .any(|bound| !bound.version.pre.is_empty() && bound.version.numbers == version.numbers)
}

fn bounds(set: &str) -> Option<Vec<Bound<'_>>> {
    if let Some((low, high)) = set.split_once(" - ") {
        let (low, high) = (Partial::parse(low.trim())?, Partial::parse(high.trim())?);
        let mut out = comparator(">=", &low);
        out.extend(comparator("<=", &high));
        return Some(out);
    }
    let mut out = Vec::new();
    let mut rest = set;
    while !rest.is_empty() {
        let operator = ["<=", ">=", "<", ">", "=", "~>", "~", "^"]
            .into_iter()
            .find(|operator| rest.starts_with(operator))
            .unwrap_or_default();
        let text = rest[operator.len()..].trim_start();
        let end = text.find([' ', '\t', ',']).unwrap_or(text.len());
        out.extend(comparator(operator, &Partial::parse(&text[..end])?));
        rest = text[end..].trim_start_matches([' ', '\t', ',']);
    }
    Some(out)
}

fn bound<'a>(upper: bool, inclusive: bool, version: Version<'a>) -> Bound<'a> {
    Bound {
        upper,
        inclusive,
        version,
    }
}

fn comparator<'a>(operator: &str, partial: &Partial<'a>) -> Vec<Bound<'a>> {
    let (given, low) = (partial.numbers.len(), partial.lowest());
    let below = |kept| bound(true, false, partial.after(kept));
    match operator {
        _ if given == 0 => anything(operator),
        "<" | "<=" | ">" | ">=" => vec![one_sided(operator, partial)],
        "~" | "~>" => vec![bound(false, true, low), below(given.min(2))],
        "^" => {
            let first = low.numbers[..given].iter().position(|number| *number > 0);
            let kept = first.map_or(given, |zeros| zeros + 1);
            vec![bound(false, true, low), below(kept)]
        }
        _ if given < 3 => vec![bound(false, true, low), below(given)],
        _ => vec![bound(false, true, low.clone()), bound(true, true, low)],
    }
}

/// `*`: everything; `<*` and `>*`: nothing.
fn anything<'a>(operator: &str) -> Vec<Bound<'a>> {
    let nothing = Version {
        numbers: [0; 3],
        pre: "0",
    };
    if matches!(operator, "<" | ">") {
        vec![bound(true, false, nothing)]
    } else {
        Vec::new()
    }
}

/// A comparison. With parts left out `>1` is after all of `1.x`, `<=1` takes all of it in.
fn one_sided<'a>(operator: &str, partial: &Partial<'a>) -> Bound<'a> {
    let (given, low) = (partial.numbers.len(), partial.lowest());
    let whole = given == 3;
    match operator {
        ">=" => bound(false, true, low),
        "<" if whole => bound(true, false, low),
        "<" => bound(true, false, Version { pre: "0", ..low }),
        ">" if whole => bound(false, false, low),
        ">" => {
            let after = partial.after(given);
            bound(false, true, Version { pre: "", ..after })
        }
        _ if whole => bound(true, true, low),
        _ => bound(true, false, partial.after(given)),
    }
}

#[cfg(test)]
mod tests {
    use super::npm_satisfies;

    #[test]
    fn versions_are_in_ranges_as_npm_has_it() {
        let cases = [
            ("^1.2.3", "1.9.0", true),
            ("^1.2.3", "2.0.0", false),
            ("^1.2.3", "2.0.0-rc.1", false),
            ("^0.2.3", "0.2.9", true),
            ("^0.2.3", "0.3.0", false),
            ("^0.0.3", "0.0.4", false),
            ("^0.0", "0.0.9", true),
            ("^0", "0.9.0", true),
            ("^1", "1.0.0", true),
            ("~1.2.3", "1.2.9", true),
            ("~1.2", "1.3.0", false),
            ("~1", "1.9.9", true),
            ("1.x", "1.4.0", true),
            ("1.2", "1.2.7", true),
            ("1.2.*", "1.3.0", false),
            ("*", "7.0.0", true),
            ("", "7.0.0", true),
            ("*", "7.0.0-beta", false),
            (">=1.0.0 <2", "1.5.0", true),
            (">= 1.0.0 < 2", "2.0.0", false),
            ("1.0.0 - 1.5", "1.5.9", true),
            ("1.0.0 - 1.5.0", "1.5.1", false),
            ("^1.0.0 || ^3.0.0", "3.1.0", true),
            ("^1.0.0-beta.2", "1.0.0-beta.10", true),
            ("^1.0.0-beta.2", "1.0.1-beta.3", false),
            (">1", "1.5.0", false),
            (">1", "2.0.0", true),
            ("<=1", "1.9.0", true),
            ("=1.2.3", "1.2.3", true),
            ("v1.2.3", "1.2.3+build", true),
            ("1.2.3", "1.2.4", false),
        ];
        for (range, version, want) in cases {
            assert_eq!(
                npm_satisfies(range, version),
                Some(want),
                "{range} {version}"
            );
        }
        for tag in [
            "latest",
            "github:o/r",
            "file:../x",
            "workspace:*",
            "1.2.3.4",
        ] {
            assert_eq!(npm_satisfies(tag, "1.0.0"), None, "{tag}");
        }
    }
}

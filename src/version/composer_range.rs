//! Composer's constraints (<https://getcomposer.org/doc/articles/versions.md>): whether a version is in one.

use super::Ecosystem;
use std::cmp::Ordering;

/// How many numbers Composer compares.
const NUMBERS: usize = 4;

/// Whether `version` is in `range`; `None` where the range names a branch or is none.
#[must_use]
pub fn composer_satisfies(range: &str, version: &str) -> Option<bool> {
    let version = Version::parse(version)?;
    let mut found = false;
    for set in range
        .split('|')
        .map(str::trim)
        .filter(|set| !set.is_empty())
    {
        found |= set_admits(set, &version)?;
    }
    Some(found)
}

/// Four numbers and what follows them, as `-beta1`.
struct Version {
    /// Those that were written.
    given: Vec<u64>,
    rest: String,
}

impl Version {
    fn parse(text: &str) -> Option<Self> {
        let text = text.split(['@', '+']).next().unwrap_or(text).trim();
        let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
        let end = text
            .find(|c: char| !c.is_ascii_digit() && c != '.')
            .unwrap_or(text.len());
        let (core, rest) = text.split_at(end);
        let given: Option<Vec<u64>> = core.split('.').map(|part| part.parse().ok()).collect();
        let given = given.filter(|given| given.len() <= NUMBERS)?;
        Some(Self {
            given,
            rest: rest.to_owned(),
        })
    }

    fn numbers(&self) -> [u64; NUMBERS] {
        std::array::from_fn(|at| self.given.get(at).copied().unwrap_or(0))
    }

    fn order(&self, other: &Self) -> Ordering {
        let rest = || {
            Ecosystem::Packagist.compare(&format!("1{}", self.rest), &format!("1{}", other.rest))
        };
        let numbers = self.numbers().cmp(&other.numbers());
        numbers.then_with(|| rest().unwrap_or(Ordering::Equal))
    }

    /// Whether it begins with the first `kept` numbers of `other`.
    fn begins(&self, other: &Self, kept: usize) -> bool {
        self.numbers()[..kept] == other.numbers()[..kept]
    }
}

/// Clauses side by side, all of which must hold, or two versions with a dash between them.
fn set_admits(set: &str, version: &Version) -> Option<bool> {
    if let Some((low, high)) = set.split_once(" - ") {
        let (low, high) = (Version::parse(low)?, Version::parse(high)?);
        // With numbers left out the upper end takes all of its series in.
        let inside = match high.given.len() {
            3.. => version.order(&high).is_le(),
            given => version.begins(&high, given) || version.order(&high).is_lt(),
        };
        return Some(version.order(&low).is_ge() && inside);
    }
    let mut all = true;
    let mut operator = String::new();
    for word in set.split([' ', ',']).filter(|word| !word.is_empty()) {
        let bare = word.trim_start_matches(['=', '<', '>', '~', '!', '^']);
        operator += &word[..word.len() - bare.len()];
        // An operator may stand apart from its version.
        if !bare.is_empty() {
            all &= clause_admits(&operator, bare, version)?;
            operator.clear();
        }
    }
    Some(all)
}

fn clause_admits(operator: &str, wanted: &str, version: &Version) -> Option<bool> {
    if let Some(series) = wanted.strip_suffix('*').filter(|_| operator.is_empty()) {
        let series = series.trim_end_matches(['.', 'x']);
        if series.is_empty() {
            return Some(true);
        }
        let wanted = Version::parse(series)?;
        return Some(version.begins(&wanted, wanted.given.len()));
    }
    let wanted = Version::parse(wanted)?;
    let (order, given) = (version.order(&wanted), wanted.given.len());
    let kept = match operator {
        "~" => given.saturating_sub(1).max(1),
        "^" => {
            let first = wanted.given.iter().position(|number| *number > 0);
            first.map_or(given, |zeros| zeros + 1)
        }
        _ => return compared(operator, order),
    };
    Some(order.is_ge() && version.begins(&wanted, kept))
}

fn compared(operator: &str, order: Ordering) -> Option<bool> {
    Some(match operator {
        "" | "=" | "==" => order.is_eq(),
        "!=" | "<>" => order.is_ne(),
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::composer_satisfies;

    #[test]
    fn versions_are_in_constraints_as_composer_has_it() {
        for (range, version, want) in [
            ("2.4.4", "2.4.4", true),
            ("2.4.4", "2.4.5", false),
            ("v2.4", "2.4.0", true),
            ("^2.4", "2.9.1", true),
            ("^2.4", "v3.0.0", false),
            ("^0.3", "0.4.0", false),
            ("~2.4", "2.9.0", true),
            ("~2.4.4", "2.5.0", false),
            ("~1", "2.0", false),
            ("2.*", "2.7.3", true),
            ("2.4.*", "2.5.0", false),
            ("*", "9.9.9", true),
            (">=1.0 <2.0", "1.9.9", true),
            (">=1.0,<2.0", "2.0.0", false),
            (">= 1.0", "0.9", false),
            ("^1.0 || ^3.0", "3.1.0", true),
            ("^1.0|^2.0", "3.1.0", false),
            ("1.0 - 2.0", "2.0.9", true),
            ("1.0.0 - 2.0.0", "2.0.1", false),
            ("2.0.0-beta1", "2.0.0", false),
            ("^2.4@dev", "2.5.0", true),
        ] {
            assert_eq!(
                composer_satisfies(range, version),
                Some(want),
                "{range} {version}"
            );
        }
        assert_eq!(composer_satisfies("dev-main", "1.0"), None);
    }
}

//! RubyGems' requirements (<https://docs.ruby-lang.org/en/master/Gem/Requirement.html>): whether a version is in one.

use super::Ecosystem;
use std::cmp::Ordering;

/// Whether `version` meets every clause of `range` (`~> 1.2, >= 1.2.3`); `None` where a clause is none.
#[must_use]
pub fn gem_satisfies(range: &str, version: &str) -> Option<bool> {
    let mut all = true;
    for clause in range
        .split(',')
        .map(str::trim)
        .filter(|one| !one.is_empty())
    {
        all &= clause_admits(clause, version)?;
    }
    Some(all)
}

fn clause_admits(clause: &str, version: &str) -> Option<bool> {
    let bare = clause.trim_start_matches(['=', '<', '>', '~', '!']);
    let operator = &clause[..clause.len() - bare.len()];
    let wanted = bare.trim();
    if !wanted.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let order = Ecosystem::RubyGems.compare(version, wanted).ok()?;
    Some(match operator {
        "" | "=" => order == Ordering::Equal,
        "!=" => order != Ordering::Equal,
        ">" => order.is_gt(),
        ">=" => order.is_ge(),
        "<" => order.is_lt(),
        "<=" => order.is_le(),
        "~>" => order.is_ge() && series(version, wanted),
        _ => return None,
    })
}

/// Whether a version begins with all numbers of `wanted` but the last; with the first where it has one only.
fn series(version: &str, wanted: &str) -> bool {
    let numbers = |text: &str| -> Vec<String> {
        let parts = text.split('.');
        let parts = parts.take_while(|part| part.bytes().all(|byte| byte.is_ascii_digit()));
        parts
            .map(|part| part.trim_start_matches('0').to_owned())
            .collect()
    };
    let (given, wanted) = (numbers(version), numbers(wanted));
    let kept = wanted.len().saturating_sub(1).max(1);
    let at = |list: &[String], place: usize| list.get(place).cloned().unwrap_or_default();
    (0..kept).all(|place| at(&given, place) == at(&wanted, place))
}

#[cfg(test)]
mod tests {
    use super::gem_satisfies;

    #[test]
    fn versions_are_in_requirements_as_rubygems_has_it() {
        for (range, version, want) in [
            ("2.2.6", "2.2.6", true),
            ("= 2.2.6", "2.2.6.1", false),
            ("~> 2.2", "2.9.1", true),
            ("~> 2.2", "3.0", false),
            ("~> 2.2.0", "2.3.0", false),
            ("~> 2.2.6.2", "2.2.6.3", true),
            ("~> 2", "2.7", true),
            ("~> 2", "3.0", false),
            (">= 1.0, < 2", "1.9", true),
            (">= 1.0, < 2", "2.0", false),
            ("!= 1.0", "1.0", false),
            ("", "7", true),
        ] {
            assert_eq!(
                gem_satisfies(range, version),
                Some(want),
                "{range} {version}"
            );
        }
        assert_eq!(gem_satisfies("latest", "1.0"), None);
    }
}

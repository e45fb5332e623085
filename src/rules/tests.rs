//! What holds for the built-in pack as a whole, and for the engine against a plain search.

use super::{Class, Matcher, Rule, RuleSet, builtin, compile, sample};
use std::collections::BTreeSet;

#[test]
fn ids_are_unique_and_kebab_case() {
    let ids: BTreeSet<&str> = builtin().iter().map(|rule| rule.id.get()).collect();
    assert_eq!(ids.len(), builtin().len());
    for id in ids {
        assert!(
            id.split('-').all(|part| !part.is_empty()
                && part
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())),
            "{id}"
        );
    }
}

#[test]
fn patterns_are_well_formed() {
    for rule in builtin() {
        assert!(
            compile(&rule.pattern).is_some(),
            "{}: {}",
            rule.id,
            rule.pattern
        );
        assert!(compile(&rule.path).is_some(), "{}", rule.id);
        for allow in rule.allow {
            assert!(compile(allow).is_some(), "{}", rule.id);
        }
    }
}

#[test]
fn an_anchored_pattern_starts_with_a_keyword() {
    for rule in builtin() {
        if rule.before > 0 || rule.matcher != Matcher::Pattern {
            continue;
        }
        for template in rule.positive {
            let text = sample(template, 1).to_ascii_lowercase();
            assert!(
                rule.keywords.iter().any(|word| text.contains(word)),
                "{}: no keyword in {template}",
                rule.id
            );
        }
    }
}

#[test]
fn every_rule_says_what_to_do() {
    for rule in builtin() {
        assert!(
            !rule.title.is_empty() && !rule.title.ends_with('.'),
            "{}",
            rule.id
        );
        assert!(rule.description.ends_with('.'), "{}", rule.id);
        assert!(rule.revoke.len() > 8, "{}", rule.id);
    }
}

/// Every match of `rule` in `text`, found without keywords and windows.
fn naive(rule: &'static Rule, text: &[u8]) -> BTreeSet<(usize, usize)> {
    compile(&rule.pattern)
        .into_iter()
        .flat_map(|pattern| {
            pattern
                .captures_iter(text)
                .filter_map(|found| {
                    let whole = found.get(0)?;
                    let secret = found.name("secret").unwrap_or(whole);
                    Some((secret.start(), secret.end()))
                })
                .collect::<Vec<_>>()
        })
        .collect()
}

/// The prefiltered engine finds what each pattern finds when it runs over the whole text.
#[test]
fn the_engine_agrees_with_a_plain_search() {
    let rules: Vec<&'static Rule> = builtin()
        .iter()
        .filter(|rule| {
            rule.matcher == Matcher::Pattern && rule.class == Class::Token && !rule.multiline
        })
        .collect();
    for seed in 0..3 {
        let text: String = rules
            .iter()
            .flat_map(|rule| rule.positive)
            .map(|template| format!("let a = \"{}\";\n", sample(template, seed)))
            .collect();
        for &rule in &rules {
            let mut found = BTreeSet::new();
            RuleSet::new(|one| one.id == rule.id).each(text.as_bytes(), |place| {
                found.insert((place.secret.start, place.secret.end));
            });
            let plain = naive(rule, text.as_bytes());
            // The engine refuses what starts or ends within a word.
            let edge = |&(start, end): &(usize, usize)| {
                let byte = |at: Option<usize>| at.and_then(|at| text.as_bytes().get(at)).copied();
                let word = |byte: Option<u8>| {
                    byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
                };
                let inner = |at: usize| word(byte(at.checked_sub(1))) && word(byte(Some(at)));
                !inner(start) && !inner(end)
            };
            let plain: BTreeSet<_> = plain.into_iter().filter(edge).collect();
            assert!(
                found.is_superset(&plain),
                "{}: {:?}",
                rule.id,
                plain.difference(&found).next()
            );
            assert!(!found.is_empty(), "{}", rule.id);
        }
    }
}

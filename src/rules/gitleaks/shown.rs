//! A rule of a configuration as reports know rules.

use super::written::Written;
use crate::model::Severity;
use crate::rules::{Check, Class, Matcher, Profile, Rule, Text, Texts};

/// What reports say about a rule. It lives as long as the program: a configuration is read once a run.
pub(super) fn shown(rule: &Written) -> &'static Rule {
    let leak = |text: &str| -> &'static str { Box::leak(text.to_owned().into_boxed_str()) };
    let id = rule.id.value.as_str();
    let title = if rule.description.is_empty() {
        id
    } else {
        &rule.description
    };
    let generic = id.to_ascii_lowercase().contains("generic");
    Box::leak(Box::new(Rule {
        id: Text::Own(leak(id)),
        title: Text::Own(leak(title)),
        description: Text::Own(leak(title)),
        revoke: Text::Own("Find out what it opens, and make a new one there."),
        keywords: Texts::default(),
        pattern: Text::Own(""),
        requires: Text::Own(""),
        entropy: 0.0,
        severity: Severity::High,
        class: if generic {
            Class::Generic
        } else {
            Class::Context
        },
        profile: Profile::Default,
        matcher: Matcher::Pattern,
        check: Check::None,
        before: 0,
        after: 0,
        multiline: false,
        stop: Texts::default(),
        allow: Texts::default(),
        path: Text::Own(""),
        positive: Texts::default(),
        negative: Texts::default(),
    }))
}

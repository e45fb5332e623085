//! A rule of a configuration as reports know rules.

use super::written::Written;
use crate::model::Severity;
use crate::rules::{Check, Class, Matcher, Profile, Rule};

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
        id: leak(id),
        title: leak(title),
        description: leak(title),
        revoke: "Find out what it opens, and make a new one there.",
        keywords: &[],
        pattern: "",
        requires: "",
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
        stop: &[],
        allow: &[],
        path: "",
        positive: &[],
        negative: &[],
    }))
}

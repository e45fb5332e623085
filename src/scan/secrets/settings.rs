//! The `[scan.secrets]` section: which rules run.

use crate::config::{ConfigError, Section, SectionKeys, suggest};
use crate::rules::{Profile, RuleSet, builtin};
use serde::Deserialize;
use std::collections::BTreeSet;

/// The keys of the section beside the common ones.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Names of rule packs.
    rules: Option<Vec<String>>,
    /// Ids of rules that do not run.
    disable: Vec<String>,
}

impl SectionKeys for Settings {
    const KEYS: &'static [&'static str] = &["rules", "disable"];
}

/// The rules that the section asks for: the pack `default` where it says nothing.
///
/// # Errors
/// An unknown key, pack or rule id, or a value of the wrong type.
pub(super) fn chosen(section: &Section<'_>) -> Result<RuleSet, ConfigError> {
    let settings: Settings = section.own()?;
    let mut strict = false;
    let mut default = settings.rules.is_none();
    for (at, pack) in settings.rules.iter().flatten().enumerate() {
        match pack.as_str() {
            "default" => default = true,
            "strict" => {
                default = true;
                strict = true;
            }
            other => return Err(unknown_pack(section, at, other)),
        }
    }
    for (at, id) in settings.disable.iter().enumerate() {
        if !builtin().iter().any(|rule| rule.id == id) {
            let known = builtin().iter().map(|rule| rule.id);
            return Err(section
                .error("disable", Some(at), format!("no rule `{id}`"))
                .with_help(suggest(id, known)));
        }
    }
    let disabled: BTreeSet<&str> = settings.disable.iter().map(String::as_str).collect();
    Ok(RuleSet::new(|rule| {
        let wanted = match rule.profile {
            Profile::Default => default,
            Profile::Strict => strict,
        };
        wanted && !disabled.contains(rule.id)
    }))
}

fn unknown_pack(section: &Section<'_>, at: usize, name: &str) -> ConfigError {
    let error = section.error("rules", Some(at), format!("no rule pack `{name}`"));
    if name.ends_with(".toml") {
        error.with_help(
            "reading gitleaks configurations is not available yet; packs: default, strict",
        )
    } else {
        error.with_help(suggest(name, ["default", "strict"].into_iter()))
    }
}

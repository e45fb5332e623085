//! The `[scan.secrets]` section: which rules run.

use crate::config::{ConfigError, Section, SectionKeys, suggest};
use crate::rules::{Profile, Rule, builtin};
use serde::Deserialize;
use toml::Spanned;

/// The keys of the section beside the common ones.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Names of rule packs.
    rules: Option<Vec<Spanned<String>>>,
    /// Ids of rules that do not run.
    disable: Vec<Spanned<String>>,
}

impl SectionKeys for Settings {
    const KEYS: &'static [&'static str] = &["rules", "disable"];
}

/// The rules that the section asks for: the pack `default` where it says nothing.
///
/// # Errors
/// An unknown key, pack or rule id, or a value of the wrong type.
pub(super) fn chosen(section: &Section<'_>) -> Result<Vec<&'static Rule>, ConfigError> {
    let settings: Settings = section.own()?;
    let mut strict = false;
    let mut default = settings.rules.is_none();
    for pack in settings.rules.iter().flatten() {
        match pack.get_ref().as_str() {
            "default" => default = true,
            "strict" => {
                default = true;
                strict = true;
            }
            other => return Err(unknown_pack(section, pack, other)),
        }
    }
    for id in &settings.disable {
        if !builtin().iter().any(|rule| rule.id == id.get_ref()) {
            let known = builtin().iter().map(|rule| rule.id);
            return Err(section
                .error(id.span(), format!("no rule `{}`", id.get_ref()))
                .with_help(suggest(id.get_ref(), known)));
        }
    }
    let wanted = |rule: &&Rule| match rule.profile {
        Profile::Default => default,
        Profile::Strict => strict,
    };
    Ok(builtin()
        .iter()
        .filter(wanted)
        .filter(|rule| !settings.disable.iter().any(|id| id.get_ref() == rule.id))
        .collect())
}

fn unknown_pack(section: &Section<'_>, pack: &Spanned<String>, name: &str) -> ConfigError {
    let error = section.error(pack.span(), format!("no rule pack `{name}`"));
    if name.ends_with(".toml") {
        error.with_help(
            "reading gitleaks configurations is not available yet; packs: default, strict",
        )
    } else {
        error.with_help(suggest(name, ["default", "strict"].into_iter()))
    }
}

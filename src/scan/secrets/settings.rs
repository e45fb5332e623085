//! The `[scan.secrets]` section: which rules run.

use crate::config::{ConfigError, Section, SectionKeys, suggest};
use crate::rules::{GitleaksConfig, Profile, RuleSet, builtin, load_gitleaks};
use serde::Deserialize;
use std::collections::BTreeSet;
use std::fs::read_to_string;
use std::path::Path;

/// The keys of the section beside the common ones.
#[derive(Debug, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Settings {
    /// Names of rule packs, and files with configurations of gitleaks or betterleaks.
    rules: Option<Vec<String>>,
    /// Ids of rules that do not run.
    disable: Vec<String>,
    /// The tool whose findings the named configurations have, to the detail.
    compat: Option<String>,
}

impl SectionKeys for Settings {
    const KEYS: &'static [&'static str] = &["rules", "disable", "compat"];
}

/// What the section asks for.
pub(super) struct Chosen {
    /// Rules of the built-in pack.
    pub(super) set: RuleSet,
    /// Configurations of gitleaks and betterleaks.
    pub(super) configs: Vec<GitleaksConfig>,
}

/// The rules that the section asks for: the pack `default` where it says nothing. Configurations are read from `root`, as they are on disk.
///
/// # Errors
/// An unknown key, pack or rule id, a value of the wrong type, or a mistake in a configuration.
pub(super) fn chosen(section: &Section<'_>, root: &Path) -> Result<Chosen, ConfigError> {
    let settings: Settings = section.own()?;
    let packs = packs(section, settings.rules.as_deref(), root)?;
    if let Some(tool) = &settings.compat {
        return compatible(section, tool, &settings, packs);
    }
    let Packs {
        mut default,
        strict,
        configs,
    } = packs;
    default |= configs.iter().any(GitleaksConfig::uses_default);
    check_ids(section, &settings.disable)?;
    let disabled: BTreeSet<&str> = settings.disable.iter().map(String::as_str).collect();
    let set = RuleSet::new(|rule| {
        let wanted = match rule.profile {
            Profile::Default => default,
            Profile::Strict => strict,
        };
        wanted
            && !disabled.contains(rule.id.get())
            && !configs.iter().any(|config| config.disables(&rule.id))
    });
    Ok(Chosen { set, configs })
}

/// The configurations alone, run as `tool` runs them.
fn compatible(
    section: &Section<'_>,
    tool: &str,
    settings: &Settings,
    packs: Packs,
) -> Result<Chosen, ConfigError> {
    let names = settings.rules.as_deref().unwrap_or_default();
    let error = |key: &str, at: Option<usize>, message: String, help: &str| {
        Err(section.error(key, at, message).with_help(help.to_owned()))
    };
    if tool != "gitleaks" {
        let help = suggest(tool, ["gitleaks"].into_iter());
        return Err(section
            .error("compat", None, format!("no tool `{tool}` to agree with"))
            .with_help(help));
    }
    let pack = |name: &String| !name.ends_with(".toml");
    if let Some(at) = names.iter().position(pack) {
        let message = format!("`compat` leaves out the rule pack `{}`", names[at]);
        return error(
            "rules",
            Some(at),
            message,
            "name files only, or take `compat` out",
        );
    }
    if packs.configs.is_empty() {
        let message = "`compat` needs the configuration that gitleaks runs with".to_owned();
        return error(
            "compat",
            None,
            message,
            "name it: rules = [\".gitleaks.toml\"]",
        );
    }
    if let Some(at) = packs.configs.iter().position(GitleaksConfig::uses_default) {
        let message = format!(
            "{} extends gitleaks' own rules, which are not here",
            names[at]
        );
        let help =
            "save them in a file, and extend that: `path = \"FILE\"` for `useDefault = true`";
        return error("rules", Some(at), message, help);
    }
    if !settings.disable.is_empty() {
        let message = "`disable` names built-in rules, and with `compat` none runs".to_owned();
        return error(
            "disable",
            None,
            message,
            "use `disabledRules` of the configuration",
        );
    }
    Ok(Chosen {
        set: RuleSet::new(|_| false),
        configs: packs
            .configs
            .into_iter()
            .map(GitleaksConfig::exact)
            .collect(),
    })
}

/// What `rules` names.
struct Packs {
    default: bool,
    strict: bool,
    configs: Vec<GitleaksConfig>,
}

fn packs(
    section: &Section<'_>,
    names: Option<&[String]>,
    root: &Path,
) -> Result<Packs, ConfigError> {
    let mut packs = Packs {
        default: names.is_none(),
        strict: false,
        configs: Vec::new(),
    };
    for (at, pack) in names.unwrap_or_default().iter().enumerate() {
        match pack.as_str() {
            "default" => packs.default = true,
            "strict" => (packs.default, packs.strict) = (true, true),
            file if file.ends_with(".toml") => packs.configs.push(load(section, at, file, root)?),
            other => return Err(unknown_pack(section, at, other)),
        }
    }
    Ok(packs)
}

/// Rules that are left out must be there.
fn check_ids(section: &Section<'_>, ids: &[String]) -> Result<(), ConfigError> {
    for (at, id) in ids.iter().enumerate() {
        if !builtin().iter().any(|rule| rule.id == id) {
            let known = builtin().iter().map(|rule| rule.id.get());
            return Err(section
                .error("disable", Some(at), format!("no rule `{id}`"))
                .with_help(suggest(id, known)));
        }
    }
    Ok(())
}

/// The configuration in the file at position `at` of `rules`.
fn load(
    section: &Section<'_>,
    at: usize,
    file: &str,
    root: &Path,
) -> Result<GitleaksConfig, ConfigError> {
    let read = |file: &str| read_to_string(root.join(file)).map_err(|error| error.to_string());
    let text = read(file).map_err(|reason| {
        section
            .error("rules", Some(at), format!("{file}: {reason}"))
            .with_help("name a file from the root of the repository, or one of: default, strict")
    })?;
    load_gitleaks(file, &text, &read)
        .map_err(|error| ConfigError::new(&error.file, &error.text, error.span, error.message))
}

fn unknown_pack(section: &Section<'_>, at: usize, name: &str) -> ConfigError {
    section
        .error("rules", Some(at), format!("no rule pack `{name}`"))
        .with_help(suggest(name, ["default", "strict"].into_iter()))
}

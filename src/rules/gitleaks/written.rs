//! One configuration file as it is written.

use super::LoadError;
use super::allowlist::Allowlist;
use super::keys::{File, Keys, Placed};
use super::pattern::Pattern;
use std::sync::Arc;
use toml::de::DeTable;

/// A rule.
#[derive(Debug, Clone)]
pub(super) struct Written {
    /// Its id.
    pub(super) id: Placed<String>,
    /// What it finds; may be empty.
    pub(super) description: String,
    /// What it looks for.
    pub(super) regex: Option<Arc<Pattern>>,
    /// What the path must match.
    pub(super) path: Option<Arc<Pattern>>,
    /// Which group is the secret; 0 for the first that is not empty.
    pub(super) secret_group: usize,
    /// The entropy that the secret must exceed; 0 for any.
    pub(super) entropy: f64,
    /// Lower-case words one of which must be in the file; none for any file.
    pub(super) keywords: Vec<String>,
    /// Words for reports.
    pub(super) tags: Vec<String>,
    /// Whether it only serves other rules.
    pub(super) skip_report: bool,
    /// What it lets pass.
    pub(super) allowlists: Vec<Arc<Allowlist>>,
    /// Rules that must find something nearby.
    pub(super) required: Vec<Required>,
}

/// A rule that must find something near.
#[derive(Debug, Clone)]
pub(super) struct Required {
    /// The other rule.
    pub(super) id: String,
    /// How many lines away at most.
    pub(super) lines: Option<u64>,
    /// How many columns away at most.
    pub(super) columns: Option<u64>,
}

/// What a file builds on.
#[derive(Debug, Clone)]
pub(super) struct Extend {
    /// Another file.
    pub(super) path: Placed<String>,
    /// The built-in rules.
    pub(super) use_default: bool,
    /// Rules that are not taken over.
    pub(super) disabled: Vec<String>,
}

/// A file.
#[derive(Debug)]
pub(super) struct Document {
    /// Its rules in order.
    pub(super) rules: Vec<Written>,
    /// Allowlists for all rules.
    pub(super) allowlists: Vec<Arc<Allowlist>>,
    /// Allowlists for named rules.
    pub(super) targeted: Vec<(Placed<String>, Arc<Allowlist>)>,
    /// What it builds on.
    pub(super) extend: Option<Extend>,
}

/// Reads a file.
///
/// # Errors
/// The first mistake.
pub(super) fn read(file: File<'_>) -> Result<Document, LoadError> {
    let table = DeTable::parse(file.text)
        .map_err(|error| file.error(error.span().unwrap_or(0..0), error.message()))?
        .into_inner();
    let keys = Keys::new(file, &table);
    let mut rules: Vec<Written> = Vec::new();
    for rule in keys.tables("rules")? {
        let rule = self::rule(&rule)?;
        // The later of two rules with one id counts, as in gitleaks.
        rules.retain(|other| other.id.value != rule.id.value);
        rules.push(rule);
    }
    check_required(file, &rules)?;
    let (mut allowlists, mut targeted) = (Vec::new(), Vec::new());
    for written in allowlist_tables(&keys)? {
        let list = Arc::new(Allowlist::read(&written)?);
        let targets = written.texts("targetRules")?;
        if targets.is_empty() {
            allowlists.push(list);
        } else {
            targeted.extend(
                targets
                    .into_iter()
                    .map(|target| (target, Arc::clone(&list))),
            );
        }
    }
    Ok(Document {
        rules,
        allowlists,
        targeted,
        extend: keys
            .table("extend")?
            .map(|keys| extend(&keys))
            .transpose()?,
    })
}

fn extend(keys: &Keys<'_>) -> Result<Extend, LoadError> {
    let extend = Extend {
        path: keys.text("path")?,
        use_default: keys.truth("useDefault")?,
        disabled: values(keys.texts("disabledRules")?),
    };
    if extend.use_default && !extend.path.value.is_empty() {
        return Err(keys.error("path", "`path` and `useDefault` exclude each other"));
    }
    Ok(extend)
}

/// The allowlists of a rule or a file, in the form of today or in the older one.
fn allowlist_tables<'a>(keys: &Keys<'a>) -> Result<Vec<Keys<'a>>, LoadError> {
    let mut lists = keys.tables("allowlists")?;
    if let Some(older) = keys.table("allowlist")? {
        if !lists.is_empty() {
            return Err(keys.error(
                "allowlist",
                "`[allowlist]` and `[[allowlists]]` exclude each other",
            ));
        }
        lists.push(older);
    }
    Ok(lists)
}

fn rule(keys: &Keys<'_>) -> Result<Written, LoadError> {
    let id = keys.text("id")?;
    if id.value.trim().is_empty() {
        return Err(keys.file.error(keys.span.clone(), "a rule needs an `id`"));
    }
    let regex = optional(keys, "regex")?;
    let group = keys.whole("secretGroup")?.unwrap_or(0);
    let secret_group = usize::try_from(group)
        .ok()
        .filter(|&group| regex.as_ref().is_none_or(|regex| group <= regex.groups));
    let Some(secret_group) = secret_group else {
        let groups = regex.map_or(0, |regex| regex.groups);
        return Err(keys.error(
            "secretGroup",
            format!("`regex` has {groups} capture groups"),
        ));
    };
    let allowlists = allowlist_tables(keys)?;
    let required = keys.tables("required")?;
    Ok(Written {
        id,
        description: keys.text("description")?.value,
        regex,
        path: optional(keys, "path")?,
        secret_group,
        entropy: keys.number("entropy")?,
        keywords: values(keys.texts("keywords")?)
            .iter()
            .map(|word| word.to_lowercase())
            .collect(),
        tags: values(keys.texts("tags")?),
        skip_report: keys.truth("skipReport")?,
        allowlists: allowlists
            .iter()
            .map(|list| Allowlist::read(list).map(Arc::new))
            .collect::<Result<_, _>>()?,
        required: required
            .iter()
            .map(self::required)
            .collect::<Result<_, _>>()?,
    })
}

fn optional(keys: &Keys<'_>, key: &str) -> Result<Option<Arc<Pattern>>, LoadError> {
    let written = keys.text(key)?;
    if written.value.is_empty() {
        return Ok(None);
    }
    Pattern::new(keys.file, &written).map(|pattern| Some(Arc::new(pattern)))
}

fn required(keys: &Keys<'_>) -> Result<Required, LoadError> {
    let id = keys.text("id")?.value;
    if id.is_empty() {
        return Err(keys
            .file
            .error(keys.span.clone(), "`required` needs the `id` of a rule"));
    }
    let distance = |key| {
        Ok(keys
            .whole(key)?
            .map(|number| u64::try_from(number).unwrap_or(0)))
    };
    Ok(Required {
        id,
        lines: distance("withinLines")?,
        columns: distance("withinColumns")?,
    })
}

/// A rule can require rules of its own file only.
fn check_required(file: File<'_>, rules: &[Written]) -> Result<(), LoadError> {
    for rule in rules {
        for required in &rule.required {
            if !rules.iter().any(|other| other.id.value == required.id) {
                let message = format!(
                    "rule `{}` requires `{}`, which is no rule of this file",
                    rule.id.value, required.id
                );
                return Err(file.error(rule.id.span.clone(), message));
            }
        }
    }
    Ok(())
}

fn values(placed: Vec<Placed<String>>) -> Vec<String> {
    placed.into_iter().map(|placed| placed.value).collect()
}

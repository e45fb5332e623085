//! Hygiene: the checks and fixers of pre-commit-hooks, native, all text checks in one pass over one read of a file.

mod args;
mod check;
mod checks;
mod choices;
mod issue;
mod json;
mod kind;
mod lenient;
mod lines;
mod python;
mod run;
mod scanner;
mod served;
mod settings;
mod subject;

use super::{Reads, ScanContext, Scanner, ScannerSpec};
use crate::config::{ConfigError, Section};
use crate::model::{Level, RuleDoc};
use run::Run;
use scanner::Hygiene;
use settings::Chosen;
use std::sync::Arc;

pub use choices::{
    Choices as HygieneChoices, current_id as hygiene_id, safe_set as hygiene_safe_set,
};
pub use served::{ForeignCheck, Served, ServedKind, serve};

/// Id of the scanner.
const ID: &str = "hygiene";

/// A part of a file too large to hold has at least this many bytes.
const PART: usize = 1 << 20;

/// The registry's entry.
pub(super) static SPEC: ScannerSpec = ScannerSpec {
    id: ID,
    title: "syntax, conflict markers, large files, white space and whatever else is chosen",
    reads: Reads::Files,
    build,
    rules,
};

fn build(section: &Section<'_>, context: &ScanContext) -> Result<Box<dyn Scanner>, ConfigError> {
    let common = section.common()?;
    let run = Arc::new(Run::new(context));
    let blocks = common.level == Level::Error;
    Ok(Box::new(Hygiene::new(
        settings::chosen(section, &run)?,
        blocks,
    )))
}

/// A scanner that is the one check `id` (an old id will do) with the arguments `args`, as strict as the original:
/// for configurations of other tools that name single hooks. It looks at every file it is given: which ones that are is
/// for the caller to say. `None` where there is no such check.
///
/// # Errors
/// Which argument makes no sense, and why.
#[must_use]
pub fn hygiene_check(
    id: &str,
    args: &[String],
    context: &ScanContext,
) -> Option<Result<Box<dyn Scanner>, String>> {
    let spec = checks::find(id)?;
    let run = Arc::new(Run::new(context));
    let made = settings::build(spec, args, true, &run).map(|check| {
        let chosen = Chosen {
            spec,
            check,
            files: None,
            all: true,
            asked: true,
            served: None,
        };
        Box::new(Hygiene::new(vec![chosen], true)) as Box<dyn Scanner>
    });
    Some(made)
}

/// Whether the section asks for fixes to be staged at once.
///
/// # Errors
/// A mistake in the section.
pub fn hygiene_stages_fixes(section: &Section<'_>) -> Result<bool, ConfigError> {
    let keys: settings::Keys = section.own()?;
    Ok(keys.fix == settings::FixMode::Stage)
}

fn rules() -> Vec<RuleDoc> {
    let each = checks::CHECKS.iter().map(|spec| {
        let mut description = spec.description.to_owned();
        for option in spec.options {
            description.push_str(&format!(
                "\n`{}`: {}",
                option.names.join("`, `"),
                option.help
            ));
        }
        if !spec.aliases.is_empty() {
            description.push_str(&format!("\nAlso known as `{}`.", spec.aliases.join("`, `")));
        }
        RuleDoc {
            id: spec.id.to_owned(),
            scanner: ID,
            title: spec.title.to_owned(),
            severity: Some(spec.severity),
            description,
            example: String::new(),
            fix: spec.fix.to_owned(),
            links: Vec::new(),
        }
    });
    each.collect()
}

#[cfg(test)]
mod differential;
#[cfg(test)]
mod tests;

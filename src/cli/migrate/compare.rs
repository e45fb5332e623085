//! `hookd migrate --check`: for every tracked file and every hook, whether the hook gets the file before and after.

use super::super::context::{Context, configuration};
use super::super::error::CliError;
use super::super::list::head_of;
use super::super::run::configured;
use super::super::show::checked;
use super::super::terminal::Terminal;
use super::Old;
use crate::command::{Candidate, Hook};
use crate::config::{Config, Document, FILE_NAME};
use crate::exit::Exit;
use crate::migrate::{Migration, Selector, Target};
use crate::model::{FileKind, FileMeta, Mode, RepoPath};
use crate::precommit::about;
use crate::scan::{HygieneChoices, SCANNERS};
use crate::select::{PreparedCheck, Refusal, Wanted, gather_all, prepare};
use crate::text::printable;
use std::collections::BTreeMap;

/// How many differences are shown of a hook.
const SHOWN: usize = 10;

/// The new configuration, ready to be asked.
struct New<'c> {
    config: &'c Config<'c>,
    hooks: Vec<Hook>,
    checks: Vec<PreparedCheck>,
    hygiene: HygieneChoices,
}

/// A hook of the old configuration with the files it gets.
pub(super) struct Asked<'a> {
    id: String,
    selector: Selector<'a>,
}

/// What was counted.
#[derive(Default)]
struct Counted {
    pairs: usize,
    same: usize,
    /// By hook: the files it got and gets no more, and those it gets now.
    differ: BTreeMap<String, (Vec<String>, Vec<String>)>,
    left: Vec<String>,
}

/// Prints the count and each difference.
pub(super) fn compare(
    old: &Old,
    migration: &Migration,
    is_there: bool,
    context: &Context,
    terminal: &Terminal,
) -> Result<Exit, CliError> {
    let bytes = if is_there {
        let path = context.root.join(FILE_NAME);
        std::fs::read(&path)
            .map_err(|error| CliError::usage(format!("{FILE_NAME}: {error}"), "make it readable"))?
    } else {
        migration.text.clone().into_bytes()
    };
    let documents = [Document::new(FILE_NAME, bytes)?];
    checked(context, &documents)?;
    let config = configuration(&documents)?;
    let scan = context.scan_context(Mode::Files);
    let new = New {
        config: &config,
        hooks: configured(&config)?,
        checks: prepare(SCANNERS, &config, &scan, &Wanted::default())?,
        hygiene: HygieneChoices::new(config.section("hygiene"), &scan)?,
    };
    let files = gather_all(context.repo.as_ref(), &context.root, false)?.files;
    let asked = old.asked(context)?;
    let mut counted = Counted::default();
    for file in &files {
        count(file, &asked, migration, &new, &mut counted)?;
    }
    for (hook, target) in asked.iter().zip(&migration.targets) {
        if *target == Target::Nowhere {
            counted.left.push(hook.id.clone());
        }
    }
    say(&counted, files.len(), asked.len(), terminal)
}

impl Old {
    /// Its hooks, in the order of the migration's targets.
    fn asked(&self, context: &Context) -> Result<Vec<Asked<'_>>, CliError> {
        match self {
            Self::Precommit(foreign) => {
                let is_about = std::rc::Rc::new(about(&foreign.document)?);
                let planned = foreign.plan(&context.root)?.into_iter();
                let asked = planned.map(|hook| {
                    let is_about = std::rc::Rc::clone(&is_about);
                    let selector: Selector<'_> = Box::new(move |file: &Candidate<'_>| {
                        let wanted = is_about(&file.path.to_text());
                        Ok(wanted && hook.filter.selects(file)?)
                    });
                    Asked {
                        id: hook.id,
                        selector,
                    }
                });
                Ok(asked.collect())
            }
            Self::Other(other) => {
                let selectors = crate::migrate::selectors(other)?.into_iter();
                Ok(selectors
                    .map(|(id, selector)| Asked { id, selector })
                    .collect())
            }
        }
    }
}

fn count(
    file: &FileMeta,
    asked: &[Asked<'_>],
    migration: &Migration,
    new: &New<'_>,
    counted: &mut Counted,
) -> Result<(), CliError> {
    let head = |_: &RepoPath| head_of(file);
    let candidate = Candidate::new(&file.path, file.kind, &head);
    let checks = new.checks_of(file);
    let given_up = |given_up: crate::command::GivenUp| {
        CliError::usage(
            given_up.to_string(),
            "write the pattern without look-around",
        )
    };
    for (hook, target) in asked.iter().zip(&migration.targets) {
        let before = (hook.selector)(&candidate).map_err(given_up)?;
        let after = match target {
            Target::Nowhere => continue,
            Target::Hook(id) => new.hook(id, &candidate).map_err(given_up)?,
            Target::Check(id) => checks.contains(id),
            // What a scanner makes of its files is its own affair; only what was left out is compared.
            Target::Scanner(id) => new.scanner(id, file).unwrap_or(before),
        };
        counted.pairs += 1;
        if before == after {
            counted.same += 1;
            continue;
        }
        let differ = counted.differ.entry(hook.id.clone()).or_default();
        let path = printable(&file.path.to_text()).into_owned();
        if before {
            differ.0.push(path);
        } else {
            differ.1.push(path);
        }
    }
    Ok(())
}

impl New<'_> {
    fn excludes(&self, path: &RepoPath) -> bool {
        self.config.exclude.contains(path.to_path())
    }

    fn hook(&self, id: &str, file: &Candidate<'_>) -> Result<bool, crate::command::GivenUp> {
        let hook = self.hooks.iter().find(|hook| hook.id == id && hook.enabled);
        match hook {
            Some(hook) if !self.excludes(file.path) => hook.filter.selects(file),
            _ => Ok(false),
        }
    }

    /// `None` where the scanner has no use for such a file.
    fn scanner(&self, id: &str, file: &FileMeta) -> Option<bool> {
        let check = self.checks.iter().find(|check| check.spec.id == id);
        match check.map(|check| check.takes(file)) {
            _ if self.excludes(&file.path) => Some(false),
            None | Some(Err(Refusal::Excluded)) => Some(false),
            Some(Ok(())) => Some(true),
            Some(Err(Refusal::NotItsKind)) => None,
        }
    }

    /// The checks of the hygiene scanner that look at `file`.
    fn checks_of(&self, file: &FileMeta) -> Vec<&'static str> {
        if self.scanner("hygiene", file) != Some(true) {
            return Vec::new();
        }
        let head = if file.kind == FileKind::Symlink {
            None
        } else {
            head_of(file)
        };
        self.hygiene.of(file, &head.unwrap_or_default())
    }
}

fn say(
    counted: &Counted,
    files: usize,
    hooks: usize,
    terminal: &Terminal,
) -> Result<Exit, CliError> {
    for (id, (gone, come)) in &counted.differ {
        terminal.say(&format!(
            "{id}: {} files it got and gets no more, {} it gets now and did not",
            gone.len(),
            come.len()
        ))?;
        for (sign, paths) in [('-', gone), ('+', come)] {
            for path in paths.iter().take(SHOWN) {
                terminal.say(&format!("  {sign} {path}"))?;
            }
            if paths.len() > SHOWN {
                terminal.say(&format!("  {sign} and {} more", paths.len() - SHOWN))?;
            }
        }
    }
    if !counted.left.is_empty() {
        terminal.say(&format!(
            "not compared, for they were left out: {}",
            counted.left.join(", ")
        ))?;
    }
    terminal.say(&format!(
        "{files} files, {} of {hooks} hooks: {} of {} answers are the same",
        hooks - counted.left.len(),
        counted.same,
        counted.pairs
    ))?;
    Ok(if counted.differ.is_empty() {
        Exit::Clean
    } else {
        Exit::Findings
    })
}

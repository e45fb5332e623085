//! Checks served to configurations of other tools: each under the name of a hook there, for the files chosen there.

use super::check::{Check, CheckSpec, Setup};
use super::checks;
use super::issue::Issues;
use super::kind::Types;
use super::run::Run;
use super::scanner::Hygiene;
use super::settings::{self, Chosen};
use super::subject::Subject;
use crate::model::{RepoPath, Severity};
use crate::scan::{ScanContext, Scanner};
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// What is looked for in the bytes of a file by a hook that another tool's configuration writes out.
pub trait ForeignCheck: Send + Sync {
    /// What is wrong: where, unless it is the file as a whole, and in which words.
    fn look(&self, bytes: &[u8]) -> Vec<(Option<Range<usize>>, String)>;
}

/// The work of a hook.
#[derive(Clone)]
pub enum ServedKind {
    /// The check with this id (an old id will do) and these arguments, as strict as the original.
    Check(String, Vec<String>),
    /// A check from outside.
    Foreign(Arc<dyn ForeignCheck>),
}

/// A hook of another tool's configuration.
#[derive(Clone)]
pub struct Served {
    /// Its name: what findings call their rule.
    pub rule: String,
    /// What it does.
    pub kind: ServedKind,
    /// The files it gets.
    pub files: Arc<HashSet<RepoPath>>,
    /// It looks at the repository also where no file is for it.
    pub always: bool,
}

/// One scanner that is all of `hooks`: they share one read, and the line-wise ones one pass.
///
/// # Errors
/// The position of the first hook that cannot be served, and why.
pub fn serve(
    hooks: Vec<Served>,
    context: &ScanContext,
) -> Result<Box<dyn Scanner>, (usize, String)> {
    let run = Arc::new(Run::new(context));
    let mut chosen = Vec::with_capacity(hooks.len());
    for (at, hook) in hooks.into_iter().enumerate() {
        let (spec, check) = made(&hook, &run).map_err(|reason| (at, reason))?;
        chosen.push(Chosen {
            spec,
            check,
            files: None,
            all: true,
            asked: true,
            served: Some(hook),
        });
    }
    Ok(Box::new(Hygiene::new(chosen, true)))
}

type Made = (&'static CheckSpec, Box<dyn Check>);

fn made(hook: &Served, run: &Arc<Run>) -> Result<Made, String> {
    match &hook.kind {
        ServedKind::Check(id, args) => {
            let spec = checks::find(id).ok_or_else(|| format!("there is no check `{id}`"))?;
            Ok((spec, settings::build(spec, args, true, run)?))
        }
        ServedKind::Foreign(check) => Ok((&FOREIGN, Box::new(Foreign(Arc::clone(check))))),
    }
}

/// What all checks from outside have in common. It stands in no registry: there is nothing to configure.
static FOREIGN: CheckSpec = CheckSpec {
    id: "pattern",
    aliases: &[],
    title: "a check of another tool's configuration",
    description: "",
    fix: "",
    severity: Severity::Medium,
    types: Types::Any,
    names: None,
    options: &[],
    build: |_: &Setup| Err("it is made by the configuration that names it".to_owned()),
};

struct Foreign(Arc<dyn ForeignCheck>);

impl Check for Foreign {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        for (at, message) in self.0.look(subject.bytes) {
            match at {
                Some(at) => out.line(at, message),
                None => out.whole(0..0, message),
            }
        }
    }
}

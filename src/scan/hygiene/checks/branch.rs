//! Branches that nobody commits to directly.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, SetIssues, Setup};
use super::super::kind::Types;
use super::super::run::Run;
use crate::model::{FileMeta, RepoPath, Severity};
use regex::Regex;
use std::sync::Arc;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "no-commit-to-branch",
    aliases: &[],
    title: "a commit to a branch that is not committed to directly",
    description: "Keeps commits off branches that change by merges only: `main` and `master`, or those of the arguments.",
    fix: "Make a branch for the commit: `git switch -c NAME`.",
    severity: Severity::Medium,
    types: Types::None,
    names: None,
    options: &[
        Opt::value(&["--branch", "-b"], "a branch, instead of main and master"),
        Opt::value(
            &["--pattern", "-p"],
            "a regular expression for the beginning of names of branches",
        ),
    ],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let patterns = setup.args.all("--pattern").iter().map(|pattern| {
        // Python's `match` looks at the start of the name.
        Regex::new(&format!("^(?:{pattern})")).map_err(|error| format!("`--pattern`: {error}"))
    });
    let mut branches = setup.args.all("--branch").to_vec();
    if branches.is_empty() {
        branches = vec!["main".to_owned(), "master".to_owned()];
    }
    Ok(Box::new(Branch {
        branches,
        patterns: patterns.collect::<Result<_, _>>()?,
        run: Arc::clone(&setup.run),
    }))
}

struct Branch {
    branches: Vec<String>,
    patterns: Vec<Regex>,
    run: Arc<Run>,
}

impl Check for Branch {
    fn set(&self, _files: &[&FileMeta], out: &mut SetIssues) {
        let Some(repo) = self.run.repo() else {
            return;
        };
        match repo.branch() {
            Ok(Some(name)) => {
                let named = self.branches.contains(&name);
                if named || self.patterns.iter().any(|pattern| pattern.is_match(&name)) {
                    out.push(
                        RepoPath::from("."),
                        format!("the branch `{name}` is not committed to directly"),
                    );
                }
            }
            Ok(None) => {}
            Err(error) => out.error(error.to_string(), "see that `git status` works here"),
        }
    }
}

//! Submodules, new ones or any.

use super::super::check::{Check, CheckSpec, SetIssues, Setup};
use super::super::kind::Types;
use super::super::run::Run;
use crate::model::{FileMeta, Severity};
use std::sync::Arc;

pub(super) static FORBID_NEW: CheckSpec = CheckSpec {
    id: "forbid-new-submodules",
    aliases: &[],
    title: "a submodule that is added",
    description: "A repository inside the worktree becomes a submodule with `git add .`, often by accident.",
    fix: "Take it out again: `git rm --cached PATH` (without a `/` at the end), and look at .gitmodules.",
    severity: Severity::Medium,
    types: Types::None,
    names: None,
    options: &[],
    build: |setup: &Setup| {
        Ok(Box::new(Submodules {
            new_only: true,
            run: Arc::clone(&setup.run),
        }))
    },
};

pub(super) static FORBID: CheckSpec = CheckSpec {
    id: "forbid-submodules",
    aliases: &[],
    title: "a submodule",
    description: "For repositories that want no submodules at all.",
    fix: "Remove it: `git rm PATH`.",
    severity: Severity::Medium,
    types: Types::None,
    names: None,
    options: &[],
    build: |setup: &Setup| {
        Ok(Box::new(Submodules {
            new_only: false,
            run: Arc::clone(&setup.run),
        }))
    },
};

struct Submodules {
    new_only: bool,
    run: Arc<Run>,
}

impl Check for Submodules {
    fn set(&self, _files: &[&FileMeta], out: &mut SetIssues) {
        let Some(repo) = self.run.repo() else {
            return;
        };
        let found = if self.new_only || self.run.staged() {
            repo.staged_additions().map(|all| {
                let submodules = all.into_iter().filter(|(_, submodule)| *submodule);
                submodules.map(|(path, _)| path).collect()
            })
        } else {
            repo.submodules()
        };
        match found {
            Ok(paths) => {
                for path in paths {
                    out.push(
                        path,
                        if self.new_only {
                            "a new submodule"
                        } else {
                            "a submodule"
                        },
                    );
                }
            }
            Err(error) => out.error(error.to_string(), "see that `git status` works here"),
        }
    }
}

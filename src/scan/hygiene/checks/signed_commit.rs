//! Signatures of commits that are pushed.
//!
//! Facts: <https://prek.j178.dev/reference/built-in-hooks/>.

use super::super::check::{Check, CheckSpec, SetIssues, Setup};
use super::super::kind::Types;
use super::super::run::Run;
use crate::git::CommitRange;
use crate::model::{FileMeta, RepoPath, Severity};
use std::sync::Arc;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-signed-commit",
    aliases: &[],
    title: "a commit without a signature that git vouches for",
    description: "Asks `git verify-commit` about every commit that is pushed, without merges; about the last commit where no \
                  commits are named. A commit is signed only when it is made, so it looks at none before that.",
    fix: "Sign it: `git commit --amend -S`, or `git rebase --exec 'git commit --amend --no-edit -S' BASE`.",
    severity: Severity::Medium,
    types: Types::None,
    names: None,
    options: &[],
    build: |setup: &Setup| {
        Ok(Box::new(Signed {
            run: Arc::clone(&setup.run),
        }))
    },
};

struct Signed {
    run: Arc<Run>,
}

impl Check for Signed {
    fn set(&self, _files: &[&FileMeta], out: &mut SetIssues) {
        let Some(repo) = self.run.repo() else {
            return;
        };
        let commits = match self.run.commits() {
            Ok(Some(commits)) => Ok(commits),
            Ok(None) => repo
                .told(&CommitRange::Head)
                .map_err(|error| error.to_string()),
            Err(error) => Err(error),
        };
        let commits = match commits {
            Ok(commits) => commits,
            Err(error) => return out.error(error, "see that `git log` works here"),
        };
        for commit in commits {
            match repo.verify_commit(&commit.id) {
                Ok(Ok(())) => {}
                Ok(Err(said)) if said.is_empty() => out.push(
                    RepoPath::from("."),
                    format!("commit {} is not signed", commit.short),
                ),
                Ok(Err(said)) => out.push(
                    RepoPath::from("."),
                    format!(
                        "commit {}: the signature was not verified: {said}",
                        commit.short
                    ),
                ),
                Err(error) => {
                    out.error(error.to_string(), "see that `git verify-commit` works here")
                }
            }
        }
    }
}

//! Signatures of commits that are pushed.
//!
//! Facts: <https://prek.j178.dev/reference/built-in-hooks/>.

use super::super::check::{Check, CheckSpec, SetIssues, Setup};
use super::super::kind::Types;
use super::super::run::Run;
use crate::git::{CommitRange, Repo, Told};
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

impl Signed {
    /// The commits to look at: the last one where none are named.
    fn commits(&self, repo: &Repo) -> Result<Vec<Told>, String> {
        match self.run.commits()? {
            Some(commits) => Ok(commits),
            None => repo
                .told(&CommitRange::Head)
                .map_err(|error| error.to_string()),
        }
    }
}

/// What is wrong with the signature of `commit`.
fn judge(repo: &Repo, commit: &Told) -> Result<Option<String>, String> {
    let said = repo.verify_commit(&commit.id);
    Ok(match said.map_err(|error| error.to_string())? {
        Ok(()) => None,
        Err(said) if said.is_empty() => Some(format!("commit {} is not signed", commit.short)),
        Err(said) => Some(format!(
            "commit {}: the signature was not verified: {said}",
            commit.short
        )),
    })
}

impl Check for Signed {
    fn set(&self, _files: &[&FileMeta], out: &mut SetIssues) {
        let Some(repo) = self.run.repo() else {
            return;
        };
        let commits = match self.commits(&repo) {
            Ok(commits) => commits,
            Err(error) => return out.error(error, "see that `git log` works here"),
        };
        for commit in commits {
            match judge(&repo, &commit) {
                Ok(None) => {}
                Ok(Some(wrong)) => out.push(RepoPath::from("."), wrong),
                Err(error) => out.error(error, "see that `git verify-commit` works here"),
            }
        }
    }
}

//! Large files that a change adds.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::run::Run;
use super::super::subject::Subject;
use crate::model::{RepoPath, Severity};
use std::collections::HashSet;
use std::sync::{Arc, OnceLock};

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "check-added-large-files",
    aliases: &[],
    title: "a large file that is added",
    description: "A large file stays in the history for good, and everybody who clones pays for it. Files of Git LFS are \
                  left out. As part of the safe set the limit is 1024 KB; listed in `checks` it is 500 KB, as in the \
                  original.",
    fix: "Take it out of the commit, keep it in Git LFS or elsewhere, or raise the limit with \
          `args = { check-added-large-files = [\"--maxkb=N\"] }`.",
    severity: Severity::Medium,
    types: Types::File,
    names: None,
    options: &[
        Opt::value(&["--maxkb"], "the greatest size in KB of 1024 bytes"),
        Opt::flag(
            &["--enforce-all"],
            "all files, not only those that are added",
        ),
    ],
    build,
};

fn build(setup: &Setup) -> Result<Box<dyn Check>, String> {
    let default = if setup.strict { 500 } else { 1024 };
    let max_kb = match setup.args.last("--maxkb") {
        Some(value) => value
            .trim()
            .parse::<u64>()
            .map_err(|_| format!("`--maxkb` is a whole number, not `{value}`"))?,
        None => default,
    };
    Ok(Box::new(AddedLargeFiles {
        max_kb,
        all: setup.args.has("--enforce-all"),
        run: Arc::clone(&setup.run),
        added: OnceLock::new(),
    }))
}

struct AddedLargeFiles {
    max_kb: u64,
    all: bool,
    run: Arc<Run>,
    /// What is staged and new, asked for when a file is over the limit.
    added: OnceLock<HashSet<RepoPath>>,
}

impl AddedLargeFiles {
    fn is_added(&self, subject: &Subject<'_>) -> bool {
        if self.run.judges_change() {
            return subject.meta.bases.is_empty();
        }
        let added = self.added.get_or_init(|| {
            let staged = self
                .run
                .repo()
                .and_then(|repo| repo.staged_additions().ok());
            staged
                .unwrap_or_default()
                .into_iter()
                .map(|(path, _)| path)
                .collect()
        });
        added.contains(&subject.meta.path)
    }

    fn in_lfs(&self, subject: &Subject<'_>) -> bool {
        self.run
            .repo()
            .is_some_and(|repo| repo.in_lfs(&subject.meta.path).unwrap_or(false))
    }
}

impl Check for AddedLargeFiles {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        let kb = subject.meta.size.div_ceil(1024);
        if kb > self.max_kb && (self.all || self.is_added(subject)) && !self.in_lfs(subject) {
            out.whole(0..0, format!("{kb} KB is more than {} KB", self.max_kb));
        }
    }
}

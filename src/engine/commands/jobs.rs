//! Which hook gets which files.

use super::CommandPlan;
use crate::command::{Candidate, HEAD, Job, MissingProgram, missing_program};
use crate::model::{Content, FileMeta, RepoPath};
use std::collections::HashMap;
use std::io::Read;

/// The program each hook lacks, in the order of the hooks.
pub(super) fn missing(plan: &CommandPlan<'_>) -> Vec<Option<MissingProgram>> {
    plan.hooks
        .iter()
        .map(|hook| missing_program(hook, &plan.environment, plan.root))
        .collect()
}

/// A job for each hook that has its program, in the order of the hooks.
pub(super) fn jobs<'a>(
    plan: &'a CommandPlan<'_>,
    missing: &[Option<MissingProgram>],
) -> Vec<Job<'a>> {
    let files = plan.files.unwrap_or_default();
    let by_path: HashMap<&RepoPath, &FileMeta> =
        files.iter().map(|file| (&file.path, file)).collect();
    let head = |path: &RepoPath| by_path.get(path).and_then(|file| head(plan, file));
    let candidates: Vec<Candidate<'_>> = files
        .iter()
        .map(|file| Candidate::new(&file.path, file.kind, &head))
        .collect();
    let present = plan
        .hooks
        .iter()
        .zip(missing)
        .filter(|(_, missing)| missing.is_none());
    present
        .map(|(hook, _)| {
            let selected = candidates
                .iter()
                .zip(files)
                .filter(|(candidate, _)| hook.filter.selects(candidate));
            Job {
                hook,
                files: plan
                    .files
                    .map(|_| selected.map(|(_, file)| &file.path).collect()),
                arguments: plan.arguments.clone(),
                stdin: plan.stdin.clone(),
            }
        })
        .collect()
}

/// The first bytes of a file, for its type.
fn head(plan: &CommandPlan<'_>, file: &FileMeta) -> Option<Vec<u8>> {
    match &file.content {
        Content::Blob(id) => {
            let mut bytes = plan.blobs?.read(*id).ok()?;
            bytes.truncate(HEAD);
            Some(bytes)
        }
        Content::Disk(path) => {
            let mut bytes = Vec::with_capacity(HEAD);
            let opened = std::fs::File::open(path).ok()?;
            opened.take(HEAD as u64).read_to_end(&mut bytes).ok()?;
            Some(bytes)
        }
        // No command gets it: there is no file to name.
        Content::Input(_) => None,
    }
}

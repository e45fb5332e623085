//! Which hook gets which files.

use super::CommandPlan;
use crate::command::{Candidate, HEAD, Hook, Job, missing_program};
use crate::model::{Content, FileMeta, RepoPath};
use std::collections::HashMap;
use std::io::Read;

/// Why a hook cannot run, known before anything is moved or run.
pub(super) struct Obstacle {
    pub(super) message: String,
    pub(super) help: String,
}

/// What each hook is to do, or why it cannot, in the order of the hooks.
pub(super) fn jobs<'a>(plan: &'a CommandPlan<'_>) -> Vec<Result<Job<'a>, Obstacle>> {
    let files = plan.files.unwrap_or_default();
    let by_path: HashMap<&RepoPath, &FileMeta> =
        files.iter().map(|file| (&file.path, file)).collect();
    let head = |path: &RepoPath| by_path.get(path).and_then(|file| head(plan, file));
    let candidates: Vec<Candidate<'_>> = files
        .iter()
        .map(|file| Candidate::new(&file.path, file.kind, &head))
        .collect();
    let job = |hook: &'a Hook| {
        let job = Job {
            hook,
            files: plan
                .files
                .map(|files| selected(hook, &candidates, files))
                .transpose()?,
            arguments: plan.arguments.clone(),
            stdin: plan.stdin.clone(),
        };
        // Who only touches other files does not need the tool.
        let missing = match job.is_idle() {
            true => None,
            false => missing_program(hook, &plan.environment, plan.root),
        };
        missing.map_or(Ok(job), |missing| {
            Err(Obstacle {
                message: missing.message(),
                help: missing.help(),
            })
        })
    };
    plan.hooks.iter().map(job).collect()
}

/// The files that `hook` gets. Where that is not known of one of them, the hook does not run: left out is not checked.
fn selected<'a>(
    hook: &Hook,
    candidates: &[Candidate<'_>],
    files: &'a [FileMeta],
) -> Result<Vec<&'a RepoPath>, Obstacle> {
    let mut selected = Vec::new();
    for (candidate, file) in candidates.iter().zip(files) {
        match hook.filter.selects(candidate) {
            Ok(true) => selected.push(&file.path),
            Ok(false) => {}
            Err(given_up) => {
                return Err(Obstacle {
                    message: given_up.to_string(),
                    help: format!(
                        "make `files` or `exclude` of `{}` simpler: repetitions inside of repetitions take that long",
                        hook.id
                    ),
                });
            }
        }
    }
    Ok(selected)
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

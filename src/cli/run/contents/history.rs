//! `hookd run --history`: every content that commits brought in.

use super::super::super::args::Run;
use super::super::super::context::Context;
use super::super::super::error::CliError;
use crate::config::Config;
use crate::git::History;
use crate::model::{CheckError, ObjectId, Outcome, RepoPath};
use crate::select::{Gathered, PreparedCheck};

/// Leaves only checks that have something to say about contents of long ago.
///
/// # Errors
/// Another one was asked for by name.
pub(super) fn only_able(given: &Run, checks: &mut Vec<PreparedCheck>) -> Result<(), CliError> {
    let able: Vec<&str> = checks
        .iter()
        .filter(|check| check.scanner.reads_history())
        .map(|check| check.spec.id)
        .collect();
    let unable = |id: &&String| !able.contains(&id.as_str());
    if let Some(id) = given.ids.iter().find(unable) {
        return Err(CliError::usage(
            format!("the check `{id}` does not look at the history"),
            "hookd run secrets --history",
        ));
    }
    checks.retain(|check| check.scanner.reads_history());
    Ok(())
}

/// The contents that the commits of the range brought in, where no configuration excludes their paths.
///
/// # Errors
/// There is no repository, the range names no commits, or git cannot be asked.
pub(super) fn gather(
    given: &Run,
    context: &Context,
    config: &Config<'_>,
    checks: &[PreparedCheck],
) -> Result<(Gathered, History), CliError> {
    let repo = context.repository()?;
    let range = given.history.as_deref().unwrap_or_default();
    let wants = |path: &RepoPath| {
        !config.exclude.contains(path.to_path()) && checks.iter().any(|check| !check.excludes(path))
    };
    let mut history = repo.history(range, wants, &repo.blobs()?)?;
    let gathered = Gathered {
        files: std::mem::take(&mut history.files),
        errors: gaps(&history),
        ..Gathered::default()
    };
    Ok((gathered, history))
}

/// What of the history is not here.
fn gaps(history: &History) -> Vec<CheckError> {
    let mut gaps = Vec::new();
    if let Some(first) = history.missing.first() {
        gaps.push(CheckError {
            path: None,
            scanner: "",
            message: format!(
                "{} contents are not in this clone, such as one of {}",
                history.missing.len(),
                first.to_text()
            ),
            help: "get them: git fetch --refetch --no-filter".to_owned(),
            fatal: true,
        });
    }
    if history.is_shallow {
        gaps.push(CheckError {
            path: None,
            scanner: "",
            message: "this clone is shallow: commits before its oldest one are not here".to_owned(),
            help: "get them: git fetch --unshallow".to_owned(),
            fatal: false,
        });
    }
    gaps
}

/// Writes into each finding which commit brought it in, and when that was written.
pub(super) fn name_commits(history: &History, outcome: &mut Outcome) {
    for finding in &mut outcome.findings {
        let blob = finding.data.get("blob").and_then(|blob| blob.as_str());
        let origin = blob
            .and_then(|blob| ObjectId::from_hex(blob.as_bytes()))
            .and_then(|blob| history.origin(blob));
        if let Some(origin) = origin {
            let (commit, date) = (origin.commit.clone(), origin.author_date.clone());
            finding.data.insert("commit".to_owned(), commit.into());
            finding.data.insert("author_date".to_owned(), date.into());
        }
    }
}

//! Runs over the message of a commit.

use super::super::args::Run;
use super::super::context::Context;
use super::super::error::CliError;
use super::kind::StageKind;
use crate::model::{CheckError, Content, FileKind, FileMeta, Outcome, RepoPath};
use crate::select::Gathered;
use std::path::Path;
use std::sync::Arc;

/// The message without what git takes out of it, as the one file of the run.
///
/// # Errors
/// It cannot be read, or there is no repository it is for.
pub(super) fn gather(given: &Run, context: &Context) -> Result<Gathered, CliError> {
    let Some(name) = file(given) else {
        return Err(CliError::usage(
            "git names no file with a message",
            "hookd run --message FILE",
        ));
    };
    let mut file = read(context, name)?;
    if let Content::Text(text) = &file.content {
        let cleaned = context.repository()?.cleanup()?.apply(text);
        file.size = cleaned.len() as u64;
        file.content = Content::Text(Arc::from(cleaned));
    }
    Ok(Gathered {
        files: vec![file],
        ..Gathered::default()
    })
}

/// The file with the message: what git hands to the hook, or the user names.
pub(super) fn file(given: &Run) -> Option<&Path> {
    let handed = || given.hook_args.first().map(Path::new);
    given.message.as_deref().or_else(handed)
}

/// The message in the file `name` as it is.
///
/// # Errors
/// It cannot be read.
pub(super) fn read(context: &Context, name: &Path) -> Result<FileMeta, CliError> {
    let disk = context.here.join(name);
    let text = std::fs::read(&disk).map_err(|error| {
        CliError::usage(
            format!("{}: {error}", disk.display()),
            "name the file with the message",
        )
    })?;
    Ok(FileMeta {
        path: RepoPath::from_path(disk.strip_prefix(&context.root).unwrap_or(&disk)),
        kind: FileKind::Regular,
        size: text.len() as u64,
        content: Content::Text(Arc::from(text)),
        bases: Vec::new(),
        commit: None,
    })
}

/// Where the commit will not be made for its message: how to go on with what was written.
pub(super) fn say_where(kind: StageKind, files: &[FileMeta], outcome: &mut Outcome) {
    let Some(file) = files.first() else {
        return;
    };
    if kind != StageKind::Message || !outcome.findings.iter().any(|finding| finding.blocking) {
        return;
    }
    let path = file.path.to_text();
    let note = CheckError {
        path: Some(file.path.clone()),
        scanner: "",
        message: "the message is kept".to_owned(),
        help: format!("go on with it: git commit -e -F {path}"),
        fatal: false,
    };
    outcome.add(Vec::new(), vec![note]);
}

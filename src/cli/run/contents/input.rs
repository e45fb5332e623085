//! `hookd run --files -`: what standard input holds, as one file.

use super::super::super::args::Run;
use super::super::super::error::CliError;
use crate::engine::LARGE;
use crate::model::{Content, FileKind, FileMeta, RepoPath};
use crate::select::Gathered;
use std::io::{self, Read};
use std::path::Path;

/// What it is called where it is given no name.
const NAME: &str = "<stdin>";

/// Whether standard input is to be checked.
pub(super) fn is_asked(given: &Run) -> bool {
    given.files.iter().any(|path| path == Path::new("-"))
}

/// Standard input as a file. Of an input larger than is read at once only the start is held.
///
/// # Errors
/// Files are named too, or fixes are asked for, which have nowhere to go; or it cannot be read.
pub(super) fn gather(given: &Run) -> Result<Gathered, CliError> {
    if given.files.len() > 1 {
        return Err(CliError::usage(
            "`--files -` is standard input, and stands alone",
            "name files in one run and pipe into another",
        ));
    }
    if given.fix {
        return Err(CliError::usage(
            "--fix writes files, and standard input is none",
            "leave --fix out, or name a file",
        ));
    }
    let mut start = Vec::new();
    io::stdin()
        .lock()
        .take(LARGE + 1)
        .read_to_end(&mut start)
        .map_err(|error| CliError::usage(format!("cannot read standard input: {error}"), ""))?;
    let path = given.stdin_name.as_deref().unwrap_or(Path::new(NAME));
    Ok(Gathered {
        files: vec![FileMeta {
            path: RepoPath::from_path(path),
            kind: FileKind::Regular,
            size: start.len() as u64,
            content: Content::Input(start.into()),
            bases: Vec::new(),
            commit: None,
        }],
        ..Gathered::default()
    })
}

//! Reading the named files for `hookd metrics` and `hookd packages`: in parallel, in order, with what could not be read.

use super::context::Context;
use super::error::CliError;
use super::terminal::Terminal;
use crate::engine::pool;
use crate::exit::Exit;
use crate::model::{Content, FileMeta, RepoPath};
use crate::select::gather_named;
use crate::text::printable;
use rayon::prelude::*;
use std::cell::Cell;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

/// A file larger than this is not read: no source file or lockfile is.
const LARGEST: u64 = 64 << 20;

/// What was made of one file.
pub(super) struct Reading<T> {
    pub(super) item: Option<T>,
    /// Where it was not read, if that is not all of it, as in ` from line 3 on`, and why.
    pub(super) unread: Option<(String, String)>,
}

impl<T> From<Result<T, String>> for Reading<T> {
    fn from(result: Result<T, String>) -> Self {
        match result {
            Ok(item) => Self {
                item: Some(item),
                unread: None,
            },
            Err(reason) => Self {
                item: None,
                unread: Some((String::new(), reason)),
            },
        }
    }
}

/// What was read from files, and how many could not be read.
pub(super) struct Measured<T> {
    /// In order of path.
    pub(super) items: Vec<(RepoPath, T)>,
    unread: usize,
}

impl<T: Send> Measured<T> {
    /// Applies `read` to the files in `paths`, or in the current folder where there are none, that `wants` accepts.
    /// `read` gives `None` for a file that is not for it. What cannot be read is said on standard error.
    pub(super) fn new(
        paths: &[PathBuf],
        terminal: &Terminal,
        wants: impl Fn(&FileMeta) -> bool,
        read: impl Fn(&RepoPath, &[u8]) -> Option<Reading<T>> + Sync,
    ) -> Result<Self, CliError> {
        let context = Context::open()?;
        let here = [PathBuf::from(".")];
        let paths = if paths.is_empty() { &here } else { paths };
        let paths: Vec<PathBuf> = paths.iter().map(|path| context.here.join(path)).collect();
        let gathered = gather_named(&context.root, &paths)?;
        let files: Vec<&FileMeta> = gathered.files.iter().filter(|file| wants(file)).collect();
        let taken = |file: &&'_ FileMeta| one(file, &read);
        let results: Vec<Option<Reading<T>>> =
            match pool(0, files.iter().map(|file| file.size).sum()) {
                Some(pool) => pool.install(|| files.par_iter().map(taken).collect()),
                None => files.iter().map(taken).collect(),
            };
        let results = files.into_iter().zip(results);
        let mut measured = Self {
            items: Vec::new(),
            unread: gathered.errors.len(),
        };
        for error in &gathered.errors {
            terminal.note(&format!("not read: {}", error.message));
        }
        for (file, result) in results.filter_map(|(file, found)| Some((file, found?))) {
            if let Some(item) = result.item {
                measured.items.push((file.path.clone(), item));
            }
            if let Some((place, reason)) = result.unread {
                measured.unread += 1;
                let path = file.path.to_text();
                terminal.note(&format!("not read{place}: {}: {reason}", printable(&path)));
            }
        }
        Ok(measured)
    }

    /// How the command ends: incomplete where a file could not be read.
    pub(super) const fn exit(&self) -> Exit {
        if self.unread > 0 {
            Exit::Incomplete
        } else {
            Exit::Clean
        }
    }
}

fn one<T>(
    file: &FileMeta,
    read: &(impl Fn(&RepoPath, &[u8]) -> Option<Reading<T>> + Sync),
) -> Option<Reading<T>> {
    let Content::Disk(path) = &file.content else {
        return None;
    };
    if file.size > LARGEST {
        let reason = format!(
            "{} MiB is more than a file of this kind has",
            file.size >> 20
        );
        return Some(Err(reason).into());
    }
    let mut bytes = BYTES.take();
    bytes.clear();
    let result = match content(path, file.size, &mut bytes) {
        Ok(()) => read(&file.path, &bytes),
        Err(error) => Some(Err(error.to_string()).into()),
    };
    if bytes.capacity() <= KEPT {
        BYTES.set(bytes);
    }
    result
}

/// The memory of a file is kept for the next up to this size: asking the system for it anew costs as much as reading does.
const KEPT: usize = 8 << 20;

thread_local! {
    static BYTES: Cell<Vec<u8>> = const { Cell::new(Vec::new()) };
}

/// Reads the file at `path`, which had `size` bytes when it was listed.
fn content(path: &Path, size: u64, bytes: &mut Vec<u8>) -> io::Result<()> {
    bytes.reserve(usize::try_from(size).unwrap_or(0).saturating_add(1));
    // Behind `take` the size is not asked for again.
    File::open(path)?.take(u64::MAX).read_to_end(bytes)?;
    Ok(())
}

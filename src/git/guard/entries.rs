//! The entries of an index, as git-ls-files(1) lists them.

use super::super::{GitError, command};
use super::stat::recorded;
use crate::model::{ObjectId, RepoPath};
use std::os::unix::process::CommandExt;
use std::path::Path;

/// One entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) path: RepoPath,
    /// The mode in octal digits.
    pub(super) mode: Vec<u8>,
    pub(super) id: ObjectId,
    /// Whether git was told not to look at the file (`git update-index --assume-unchanged`).
    pub(super) assume_unchanged: bool,
    /// Whether the file is outside of a sparse checkout, or was declared so.
    pub(super) skip_worktree: bool,
    /// Whether the file is known to be as staged, by its times and size. Not known where git has listed the entry.
    pub(super) is_clean: bool,
}

impl Entry {
    /// The kind of file and whether it is executable, as in [`super::stat::Stat::kind`]; `None` for a mode that is none.
    pub(super) fn kind(&self) -> Option<u32> {
        let mode = std::str::from_utf8(&self.mode).ok()?;
        Some(recorded(u32::from_str_radix(mode, 8).ok()?))
    }
}

/// Every entry without conflicts, of the index that git uses now or of `index`.
///
/// # Errors
/// git cannot be asked.
pub(super) fn list(root: &Path, index: Option<&Path>) -> Result<Vec<Entry>, GitError> {
    let mut git = command::git(root);
    git.args(["ls-files", "--stage", "-v", "-z"])
        .process_group(0);
    if let Some(index) = index {
        git.env("GIT_INDEX_FILE", index);
    }
    let done = git.output().map_err(GitError::Missing)?;
    if !done.status.success() {
        return Err(GitError::Command {
            command: "ls-files".to_owned(),
            message: command::message(&done),
        });
    }
    let records = done.stdout.split(|&byte| byte == 0);
    let mut entries = Vec::new();
    for record in records.filter(|record| !record.is_empty()) {
        entries.extend(parse(record).ok_or(GitError::Answer("ls-files"))?);
    }
    Ok(entries)
}

/// `TAG MODE ID STAGE<tab>PATH`; `Some(None)` is an entry with a conflict.
fn parse(record: &[u8]) -> Option<Option<Entry>> {
    let tab = record.iter().position(|&byte| byte == b'\t')?;
    let (head, path) = (&record[..tab], &record[tab + 1..]);
    let mut words = head.split(|&byte| byte == b' ');
    let tag = *words.next()?.first()?;
    let mode = words.next()?.to_vec();
    let id = ObjectId::from_hex(words.next()?)?;
    if words.next()? != b"0" {
        return Some(None);
    }
    Some(Some(Entry {
        path: RepoPath::new(path),
        mode,
        id,
        // In lower case: `h`, or `s` for an entry that is both.
        assume_unchanged: tag.is_ascii_lowercase(),
        skip_worktree: tag.eq_ignore_ascii_case(&b'S'),
        is_clean: false,
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn flags_and_odd_paths() {
        let id = "ab".repeat(20);
        let entry = |tag: &str, path: &str| {
            parse(format!("{tag} 100644 {id} 0\t{path}").as_bytes())
                .unwrap()
                .unwrap()
        };
        assert!(entry("h", "a").assume_unchanged);
        assert!(entry("S", "a").skip_worktree);
        let both = entry("s", "a\tb \n");
        assert!(both.assume_unchanged && both.skip_worktree);
        assert_eq!(both.path, "a\tb \n".into());
        assert_eq!(parse(format!("M 100644 {id} 2\ta").as_bytes()), Some(None));
        assert_eq!(parse(b"junk"), None);
    }
}

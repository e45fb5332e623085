//! Which files of the worktree differ from what is staged.

use super::super::raw::kind_of;
use super::super::{GitError, Repo, command};
use super::contents::Contents;
use super::disk;
use super::entries::Entry;
use crate::model::{FileKind, RepoPath};
use std::io;
use std::os::unix::process::CommandExt;
use std::process::{Child, Stdio};

/// A file whose staged version is not, or may not be, what is in the worktree.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unstaged {
    pub(super) path: RepoPath,
    /// What the staged version is.
    pub(super) kind: FileKind,
    /// git was told not to look at this file, so nobody knows whether it differs: compare.
    pub(super) unknown: bool,
}

/// The index, and the unstaged files that `visible` lets through, in the order of the index. Left out are submodules and
/// entries made by `git add -N`: nothing of those is staged.
///
/// # Errors
/// There are conflicts, or git cannot be asked.
pub(super) fn list(
    repo: &Repo,
    visible: &dyn Fn(&RepoPath) -> bool,
) -> Result<(Vec<Entry>, Vec<Unstaged>), GitError> {
    let contents = Contents::read(repo);
    if let Some(contents) = contents.as_ref().filter(|contents| contents.is_clean)
        && !contents.entries.iter().any(is_marked)
    {
        return Ok((contents.entries.clone(), Vec::new()));
    }
    let status = start_status(repo)?;
    // While git compares the worktree, the index is listed.
    let contents = contents.map_or_else(|| Contents::ask(repo), Ok);
    let done = status.wait_with_output().map_err(GitError::Missing)?;
    if !done.status.success() {
        return Err(GitError::Command {
            command: "status".to_owned(),
            message: command::message(&done),
        });
    }
    let entries = contents?.entries;
    let mut list = parse(&done.stdout)?;
    list.extend(unknown(repo, &entries));
    list.retain(|file| visible(&file.path));
    // An entry that git looked at in spite of its mark is known to differ.
    list.sort_by(|a, b| a.path.cmp(&b.path).then(a.unknown.cmp(&b.unknown)));
    list.dedup_by(|a, b| a.path == b.path);
    Ok((entries, list))
}

const fn is_marked(entry: &Entry) -> bool {
    entry.assume_unchanged || entry.skip_worktree
}

/// `git status` and not `git diff`: that one rewrites the index, and `git diff-files` takes every touched file for changed.
fn start_status(repo: &Repo) -> Result<Child, GitError> {
    command::git(&repo.root)
        .args([
            "status",
            "--porcelain=v2",
            "-z",
            "--untracked-files=no",
            "--no-renames",
            "--ignore-submodules=all",
        ])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .process_group(0)
        .spawn()
        .map_err(GitError::Missing)
}

/// Parses git-status(1), "Porcelain Format Version 2".
fn parse(output: &[u8]) -> Result<Vec<Unstaged>, GitError> {
    let mut list = Vec::new();
    for record in output.split(|&byte| byte == 0) {
        match record.first() {
            Some(b'u') => {
                let path = record.splitn(11, |&byte| byte == b' ').nth(10);
                let path = path.unwrap_or(record);
                return Err(GitError::Unmerged(
                    String::from_utf8_lossy(path).into_owned(),
                ));
            }
            Some(b'1') => list.extend(changed(record).ok_or(GitError::Answer("status"))?),
            _ => {}
        }
    }
    Ok(list)
}

/// `1 XY SUBMODULE MODE_HEAD MODE_INDEX MODE_WORKTREE ID_HEAD ID_INDEX PATH`; `Some(None)` is one that is as staged.
fn changed(record: &[u8]) -> Option<Option<Unstaged>> {
    let mut words = record.splitn(9, |&byte| byte == b' ');
    let state = *words.nth(1)?.get(1)?;
    let mode = words.nth(2)?;
    let path = RepoPath::new(words.nth(3)?);
    // `A` in the worktree only: intent to add.
    let differs = !matches!(state, b'.' | b'A');
    Some(kind_of(mode).filter(|_| differs).map(|kind| Unstaged {
        path,
        kind,
        unknown: false,
    }))
}

/// The files that git was told not to look at, and that are there. One that is marked as unchanged and is gone counts
/// too; one outside of a sparse checkout is expected to be gone.
fn unknown(repo: &Repo, entries: &[Entry]) -> Vec<Unstaged> {
    let mut absent = Absent::default();
    let marked = entries.iter().filter(|entry| is_marked(entry));
    let there =
        marked.filter(|entry| !(entry.skip_worktree && absent.is_absent(repo, &entry.path)));
    there
        .filter_map(|entry| {
            Some(Unstaged {
                path: entry.path.clone(),
                kind: kind_of(&entry.mode)?,
                unknown: true,
            })
        })
        .collect()
}

/// Remembers the last folder that is missing: in a sparse checkout most files are in few missing folders.
#[derive(Default)]
struct Absent {
    folder: Option<Vec<u8>>,
}

impl Absent {
    fn is_absent(&mut self, repo: &Repo, path: &RepoPath) -> bool {
        if let Some(folder) = &self.folder
            && path.as_bytes().starts_with(folder)
        {
            return true;
        }
        if matches!(disk::entry(&repo.root.join(path.to_path())), Ok(Some(_))) {
            return false;
        }
        let bytes = path.as_bytes();
        let slash = bytes.iter().rposition(|&byte| byte == b'/');
        self.folder = slash.map(|at| bytes[..=at].to_vec()).filter(|folder| {
            let folder = repo.root.join(RepoPath::new(folder.as_slice()).to_path());
            std::fs::symlink_metadata(folder)
                .is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
        });
        true
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn status_is_read() {
        let id = "0".repeat(40);
        let line = |state: &str, mode: &str, path: &str| {
            format!("1 {state} N... 100644 {mode} 100644 {id} {id} {path}\0")
        };
        let text = [
            line("M.", "100644", "staged"),
            line(".M", "100644", "a b\n"),
            line("AD", "100755", "gone"),
            line(".A", "000000", "intended"),
            line(".M", "160000", "sub"),
            line(".T", "120000", "link"),
            "? untracked\0".to_owned(),
        ]
        .concat();
        let list = parse(text.as_bytes()).unwrap();
        let seen: Vec<_> = list
            .iter()
            .map(|file| (file.path.to_text().into_owned(), file.kind))
            .collect();
        assert_eq!(
            seen,
            [
                ("a b\n".to_owned(), FileKind::Regular),
                ("gone".to_owned(), FileKind::Executable),
                ("link".to_owned(), FileKind::Symlink),
            ]
        );
        let unmerged = format!("u UU N... 100644 100644 100644 100644 {id} {id} {id} x y\0");
        assert!(
            matches!(parse(unmerged.as_bytes()), Err(GitError::Unmerged(path)) if path == "x y")
        );
    }
}

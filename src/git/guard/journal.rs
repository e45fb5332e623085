//! What is going to be moved, on the disk before anything moves: a run that is killed leaves enough to put all back.
//!
//! The whole plan is written and synced once. What of it has been done is not recorded: it shows on the disk, because
//! each step is one rename out of or into the transaction folder.

use super::disk;
use crate::model::RepoPath;
use std::io;
use std::path::{Path, PathBuf};

/// The first record: what it is, and the version of its form.
const MAGIC: &[u8] = b"hookd-guard 1";
/// The last record: without it the plan was not complete, and nothing has been moved.
const END: &[u8] = b"end";
/// The journal of a transaction that is not over.
pub(super) const NAME: &str = "journal";
/// The journal of one where everything is back.
pub(super) const DONE: &str = "journal.done";

/// One step of hiding unsaved work, each the opposite of a step of putting it back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Op {
    /// Make a folder that is missing.
    MakeDir(RepoPath),
    /// Move what is at the path to `original/NUMBER`.
    Aside(usize, RepoPath),
    /// Move the staged version of the path into its place; `base/NUMBER` is a copy of it.
    Place(usize, RepoPath),
}

/// Which folder holds the moved files: a rename works on one file system only.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Home {
    /// The git directory.
    GitDir,
    /// A folder at the top of the worktree, where the git directory is on another file system.
    Worktree,
}

/// The plan of one transaction.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Journal {
    /// The top of the worktree.
    pub(super) root: PathBuf,
    /// Where the moved files are.
    pub(super) home: Home,
    /// The steps, in the order in which they are done.
    pub(super) ops: Vec<Op>,
}

impl Journal {
    /// Writes it into the folder `record` and waits until it is on the disk.
    ///
    /// # Errors
    /// The disk is full or cannot be written.
    pub(super) fn write(&self, record: &Path) -> io::Result<()> {
        disk::write_new(&record.join(NAME), &self.to_bytes())?;
        disk::sync_dir(record)?;
        record.parent().map_or(Ok(()), disk::sync_dir)
    }

    /// Reads the journal in the folder `record`; `None` where none is complete.
    ///
    /// # Errors
    /// It is there and cannot be read, or another version of hookd wrote it.
    pub(super) fn read(record: &Path) -> io::Result<Option<Self>> {
        match std::fs::read(record.join(NAME)) {
            Ok(bytes) => Self::parse(&bytes),
            Err(error) if disk::is_absent(&error) => Ok(None),
            Err(error) => Err(error),
        }
    }

    fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        let mut record = |parts: &[&[u8]]| {
            bytes.extend_from_slice(&parts.concat());
            bytes.push(0);
        };
        record(&[MAGIC]);
        record(&[b"root ", self.root.as_os_str().as_encoded_bytes()]);
        record(&[match self.home {
            Home::GitDir => b"home git".as_slice(),
            Home::Worktree => b"home tree",
        }]);
        for op in &self.ops {
            match op {
                Op::MakeDir(path) => record(&[b"dir 0 ", path.as_bytes()]),
                Op::Aside(n, path) => record(&[format!("aside {n} ").as_bytes(), path.as_bytes()]),
                Op::Place(n, path) => record(&[format!("place {n} ").as_bytes(), path.as_bytes()]),
            }
        }
        record(&[END]);
        bytes
    }

    /// `Ok(None)` is a journal that was cut off.
    fn parse(bytes: &[u8]) -> io::Result<Option<Self>> {
        let unknown =
            || io::Error::new(io::ErrorKind::InvalidData, "not a journal this hookd knows");
        let Some(body) = bytes.strip_suffix(b"\0end\0") else {
            return Ok(None);
        };
        let mut records = body.split(|&byte| byte == 0);
        if records.next() != Some(MAGIC) {
            return Err(unknown());
        }
        let root = records
            .next()
            .and_then(|root| root.strip_prefix(b"root "))
            .ok_or_else(unknown)?;
        let home = match records.next() {
            Some(b"home git") => Home::GitDir,
            Some(b"home tree") => Home::Worktree,
            _ => return Err(unknown()),
        };
        let ops: Option<Vec<Op>> = records.map(op).collect();
        Ok(Some(Self {
            root: RepoPath::new(root).to_path().to_path_buf(),
            home,
            ops: ops.ok_or_else(unknown)?,
        }))
    }
}

fn op(record: &[u8]) -> Option<Op> {
    let mut words = record.splitn(3, |&byte| byte == b' ');
    let kind = words.next()?;
    let number = std::str::from_utf8(words.next()?).ok()?.parse().ok()?;
    let path = RepoPath::new(words.next()?);
    match kind {
        b"dir" => Some(Op::MakeDir(path)),
        b"aside" => Some(Op::Aside(number, path)),
        b"place" => Some(Op::Place(number, path)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn journal() -> Journal {
        Journal {
            root: PathBuf::from("/a b\n"),
            home: Home::Worktree,
            ops: vec![
                Op::Aside(0, RepoPath::new(b"x \n\xff".as_slice())),
                Op::MakeDir("x".into()),
                Op::Place(1, " end".into()),
            ],
        }
    }

    #[test]
    fn is_read_as_it_was_written() {
        let written = journal();
        assert_eq!(Journal::parse(&written.to_bytes()).unwrap(), Some(written));
    }

    #[test]
    fn a_cut_off_journal_is_none() {
        let bytes = journal().to_bytes();
        for end in 0..bytes.len() {
            assert_eq!(Journal::parse(&bytes[..end]).unwrap(), None, "{end}");
        }
    }

    #[test]
    fn a_foreign_journal_is_refused() {
        assert!(Journal::parse(b"hookd-guard 99\0root /\0home git\0end\0").is_err());
        assert!(Journal::parse(b"hookd-guard 1\0root /\0home git\0shred 1 all\0end\0").is_err());
    }
}

//! Reading git's raw diff format (`--raw -z`, git-diff(1) "Raw output format").

use super::GitError;
use crate::model::{FileKind, ObjectId, RepoPath};

/// One changed path.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Delta {
    /// The path after the change.
    pub(super) path: RepoPath,
    /// What it is now; `None` for a submodule.
    pub(super) kind: Option<FileKind>,
    /// The blob it is now.
    pub(super) now: ObjectId,
    /// The file blob it was before, under this path or the one it was renamed from.
    pub(super) before: Option<ObjectId>,
}

/// The kind of file of a git mode in octal text; `None` for submodules and folders.
pub(super) fn kind_of(mode: &[u8]) -> Option<FileKind> {
    match mode {
        b"100644" | b"100664" => Some(FileKind::Regular),
        b"100755" => Some(FileKind::Executable),
        b"120000" => Some(FileKind::Symlink),
        _ => None,
    }
}

/// One entry as git writes it.
#[derive(Debug)]
pub(super) struct Record {
    /// The path after the change.
    pub(super) path: RepoPath,
    /// The mode before, in octal text; zeroes where nothing was.
    pub(super) old_mode: Vec<u8>,
    /// The mode now.
    pub(super) mode: Vec<u8>,
    /// The object before.
    pub(super) before: ObjectId,
    /// The object now.
    pub(super) now: ObjectId,
    status: u8,
}

/// The changed paths, and those that are gone with the blobs they were.
pub(super) type Deltas = (Vec<Delta>, Vec<(RepoPath, ObjectId)>);

/// Parses the output of `git diff-index`/`diff-tree` with `--raw -z --no-abbrev`.
///
/// # Errors
/// The text is not of that form, or a path has conflicts.
pub(super) fn parse(output: &[u8]) -> Result<Deltas, GitError> {
    let (mut deltas, mut gone) = (Vec::new(), Vec::new());
    for record in records(output)? {
        let was = (record.path.clone(), record.before);
        match record.into_delta()? {
            Some(delta) => deltas.push(delta),
            None => gone.push(was),
        }
    }
    Ok((deltas, gone))
}

/// Parses such an output into its entries, as they are written.
///
/// # Errors
/// The text is not of that form.
pub(super) fn records(output: &[u8]) -> Result<Vec<Record>, GitError> {
    let mut rest = output;
    let mut records = Vec::new();
    while !rest.is_empty() {
        let (record, after) = record(rest)?;
        records.push(record);
        rest = after;
    }
    Ok(records)
}

/// Parses the first entry of such an output; gives what follows it too. `None` is a deleted path.
///
/// # Errors
/// See [`parse`].
pub(super) fn parse_one(output: &[u8]) -> Result<(Option<Delta>, &[u8]), GitError> {
    let (record, rest) = record(output)?;
    Ok((record.into_delta()?, rest))
}

fn record(output: &[u8]) -> Result<(Record, &[u8]), GitError> {
    let mut rest = output;
    let mut next = || {
        let end = memchr::memchr(0, rest)?;
        let field = &rest[..end];
        rest = &rest[end + 1..];
        Some(field)
    };
    let record = next().and_then(|head| fields(head, &mut std::iter::from_fn(&mut next)));
    Ok((record.ok_or(GitError::Answer("diff --raw"))?, rest))
}

fn fields<'a>(head: &[u8], fields: &mut impl Iterator<Item = &'a [u8]>) -> Option<Record> {
    let mut words = head.strip_prefix(b":")?.split(|&byte| byte == b' ');
    let (old_mode, mode) = (words.next()?.to_vec(), words.next()?.to_vec());
    let before = ObjectId::from_hex(words.next()?)?;
    let now = ObjectId::from_hex(words.next()?)?;
    let status = *words.next()?.first()?;
    let mut path = fields.next()?;
    if matches!(status, b'R' | b'C') {
        path = fields.next()?;
    }
    Some(Record {
        path: RepoPath::new(path),
        old_mode,
        mode,
        before,
        now,
        status,
    })
}

impl Record {
    /// What the change means; `None` where the path is gone.
    fn into_delta(self) -> Result<Option<Delta>, GitError> {
        match self.status {
            b'D' => return Ok(None),
            b'U' => return Err(GitError::Unmerged(self.path.to_text().into_owned())),
            _ => {}
        }
        let was_file = matches!(
            kind_of(&self.old_mode),
            Some(FileKind::Regular | FileKind::Executable)
        );
        Ok(Some(Delta {
            kind: kind_of(&self.mode),
            path: self.path,
            now: self.now,
            before: Some(self.before).filter(|id| was_file && !id.is_zero()),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::model::FileKind;

    #[test]
    fn reads_changes_renames_and_type_changes() {
        let (a, b, none) = ("a".repeat(40), "b".repeat(40), "0".repeat(40));
        let text = format!(
            ":100644 100755 {a} {b} M\0x\ny\0:100644 000000 {a} {none} D\0gone\0:100644 100644 {a} {a} R100\0old\0new\0\
             :000000 160000 {none} {a} A\0sub\0:100644 120000 {a} {b} T\0link\0"
        );
        let (deltas, gone) = parse(text.as_bytes()).unwrap();
        assert_eq!(gone.len(), 1);
        assert_eq!((&*gone[0].0.to_text(), gone[0].1.to_string()), ("gone", a));
        let seen: Vec<_> = deltas
            .iter()
            .map(|d| (d.path.to_text().into_owned(), d.kind, d.before.is_some()))
            .collect();
        assert_eq!(
            seen,
            [
                ("x\ny".to_owned(), Some(FileKind::Executable), true),
                ("new".to_owned(), Some(FileKind::Regular), true),
                ("sub".to_owned(), None, false),
                ("link".to_owned(), Some(FileKind::Symlink), true),
            ]
        );
        assert!(parse(b":100644 junk\0x\0").is_err());
        assert!(parse(b"").unwrap().0.is_empty());
    }
}

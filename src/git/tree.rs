//! The tree that a commit of the index would have, and the trees of commits.

use super::{GitError, Repo, command};
use crate::model::ObjectId;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// Extensions stand at the end of an index; the one that is looked for is small where the index is.
const TAIL: u64 = 256 * 1024;
/// The length of a SHA-1.
const HASH: usize = 20;

/// A commit, as far as `hookd verify` names it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// Its full id.
    pub id: String,
    /// Its id, as short as git thinks it clear.
    pub short: String,
    /// The id of its tree.
    pub tree: String,
    /// The first line of its message, as written: not safe for a terminal.
    pub subject: String,
}

impl Repo {
    /// The id of the tree that a commit of the index as it is now would have. git has written it into the index before it
    /// calls a hook, whatever the kind of commit (`cache_tree_update` in its builtin/commit.c); where a fixer has changed
    /// the index since, `git write-tree` is asked.
    ///
    /// # Errors
    /// git cannot make a tree of the index.
    pub fn index_tree(&self) -> Result<String, GitError> {
        // Every repository that libgit2 opens has SHA-1 ids.
        let cached = self
            .library
            .as_ref()
            .and_then(|_| cached(&self.index_path()));
        match cached {
            Some(tree) => Ok(tree),
            None => {
                let output = command::output(&self.root, &["write-tree"])?;
                Ok(String::from_utf8_lossy(&command::one_line(output)).into_owned())
            }
        }
    }

    /// The commits that `git rev-list` gives for `range`, newest first.
    ///
    /// # Errors
    /// There is no such range, or git cannot be asked.
    pub fn commits(&self, range: &str) -> Result<Vec<Commit>, GitError> {
        let args = ["rev-list", FORMAT, "--encoding=UTF-8", "--end-of-options"];
        let args: Vec<&str> = args.into_iter().chain([range, "--"]).collect();
        let done = command::run(&self.root, &args)?;
        if !done.status.success() {
            return Err(GitError::UnknownRevision(range.to_owned()));
        }
        parse(&done.stdout)
    }

    /// The commit that HEAD is; `None` before the first one.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn head_commit(&self) -> Result<Option<Commit>, GitError> {
        let args = ["rev-list", FORMAT, "--encoding=UTF-8", "-1", "HEAD", "--"];
        let done = command::run(&self.root, &args)?;
        Ok(parse(&done.stdout)?.into_iter().next())
    }

    /// Whether the branch has another one it is pushed to or pulled from (`@{upstream}`, gitrevisions(7)).
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn has_upstream(&self) -> Result<bool, GitError> {
        let args = ["rev-parse", "--verify", "--quiet", "@{upstream}"];
        Ok(command::run(&self.root, &args)?.status.success())
    }
}

/// What [`parse`] reads: a line `commit ID` comes before each (git-rev-list(1)).
pub(super) const FORMAT: &str = "--format=%h %T %s";

/// Reads what `git rev-list` with [`FORMAT`] says.
///
/// # Errors
/// It is of another form.
pub(super) fn parse(output: &[u8]) -> Result<Vec<Commit>, GitError> {
    let text = String::from_utf8_lossy(output);
    let mut lines = text.split('\n').filter(|line| !line.is_empty());
    let mut commits = Vec::new();
    while let Some(head) = lines.next() {
        let commit = head.strip_prefix("commit ").zip(lines.next());
        let commit = commit.and_then(|(id, line)| {
            let (short, rest) = line.split_once(' ')?;
            let (tree, subject) = rest.split_once(' ').unwrap_or((rest, ""));
            Some(Commit {
                id: id.to_owned(),
                short: short.to_owned(),
                tree: tree.to_owned(),
                subject: subject.to_owned(),
            })
        });
        commits.push(commit.ok_or(GitError::Answer("rev-list"))?);
    }
    Ok(commits)
}

/// The tree of the whole index, from its cached trees (gitformat-index(5), "Cache tree"); `None` where it is not there, or
/// no longer true.
fn cached(index: &Path) -> Option<String> {
    let mut file = File::open(index).ok()?;
    let length = file.metadata().ok()?.len();
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL)))
        .ok()?;
    file.read_to_end(&mut bytes).ok()?;
    root_of(extension(&bytes)?)
}

/// The content of the extension TREE: the last place with its name from which whole extensions lead to the final hash.
fn extension(bytes: &[u8]) -> Option<&[u8]> {
    let end = bytes.len().checked_sub(HASH)?;
    let places = memchr::memmem::rfind_iter(&bytes[..end], b"TREE");
    let content = |at: usize| {
        let mut next = at;
        while next < end {
            let head = bytes.get(next..next + 8)?;
            if !head[..4].iter().all(u8::is_ascii_alphabetic) {
                return None;
            }
            let size = u32::from_be_bytes([head[4], head[5], head[6], head[7]]);
            next = next
                .checked_add(8)?
                .checked_add(usize::try_from(size).ok()?)?;
        }
        (next == end).then_some(at)
    };
    let at = places.into_iter().find_map(content)?;
    let size = u32::from_be_bytes(bytes.get(at + 4..at + 8)?.try_into().ok()?);
    bytes.get(at + 8..at + 8 + usize::try_from(size).ok()?)
}

/// The first entry is the root: an empty name, NUL, the number of entries (negative where it is not true any more), a
/// blank, the number of subtrees, a line end, the id.
fn root_of(tree: &[u8]) -> Option<String> {
    let rest = tree.strip_prefix(&[0])?;
    let line = memchr::memchr(b'\n', rest)?;
    if rest.first() == Some(&b'-') {
        return None;
    }
    let id = rest.get(line + 1..line + 1 + HASH)?;
    ObjectId::from_bytes(id).map(|id| id.to_string())
}

#[cfg(test)]
mod tests {
    use super::{extension, parse, root_of};

    #[test]
    fn finds_the_root_among_the_extensions() {
        let mut index = b"DIRC....some/TREE/of names TREE\0\0\0\x09\0".to_vec();
        let tree = [b"\x002 0\n".as_slice(), &[7; 20]].concat();
        let put = |index: &mut Vec<u8>, name: &[u8], content: &[u8]| {
            index.extend_from_slice(name);
            index.extend_from_slice(&u32::try_from(content.len()).unwrap().to_be_bytes());
            index.extend_from_slice(content);
        };
        put(&mut index, b"TREE", &tree);
        put(&mut index, b"UNTR", b"what TREE is this");
        index.extend_from_slice(&[0; 20]);
        let found = extension(&index).unwrap();
        assert_eq!(found, tree);
        assert_eq!(root_of(found).unwrap(), "07".repeat(20));
        assert_eq!(root_of(b"\x00-1 0\n"), None);
        assert_eq!(extension(b"DIRC TREE"), None);
        assert_eq!(extension(&index[..index.len() - 1]), None);
    }

    #[test]
    fn reads_commits() {
        let text = b"commit aa\na bb A subject  with blanks\ncommit cc\nc dd \n";
        let commits = parse(text).unwrap();
        assert_eq!(commits[0].subject, "A subject  with blanks");
        assert_eq!(
            (commits[1].tree.as_str(), commits[1].subject.as_str()),
            ("dd", "")
        );
        assert!(parse(b"junk\n").is_err());
    }
}

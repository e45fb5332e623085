//! What a push would give a repository that it does not have: every new commit of every ref, each new blob once. Asked
//! before the push by who sends it, and during it by who receives it.

use super::blob::Introduced;
use super::raw::{self, kind_of};
use super::{BlobReader, Commit, GitError, Repo, command, tree};
use crate::model::{FileMeta, ObjectId, RepoPath};
use std::collections::HashSet;

/// A line that git hands to a pre-push hook (githooks(5)): what a ref is here, and what it is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PushedRef {
    /// The object that is pushed; `None` where the ref is deleted.
    pub local: Option<String>,
    /// What the remote has under that name; `None` where the name is new to it.
    pub remote: Option<String>,
}

impl PushedRef {
    /// Reads the standard input of a pre-push hook: `LOCAL-REF LOCAL-ID REMOTE-REF REMOTE-ID` a line.
    #[must_use]
    pub fn parse(input: &[u8]) -> Vec<Self> {
        let id = |word: Option<&[u8]>| {
            let word = word?;
            let id = ObjectId::from_hex(word).filter(|id| !id.is_zero())?;
            Some(id.to_string())
        };
        let lines = input
            .split(|&byte| byte == b'\n')
            .filter(|line| !line.is_empty());
        lines
            .map(|line| {
                // Names of refs hold no blanks (git-check-ref-format(1)), but what is pushed may be any expression:
                // the fields are counted from the end.
                let mut words = line.rsplit(|&byte| byte == b' ');
                let remote = id(words.next());
                Self {
                    local: id(words.nth(1)),
                    remote,
                }
            })
            .collect()
    }

    /// Reads the standard input of a pre-receive hook, `OLD-ID NEW-ID REF` a line, and gives the ids that are new.
    #[must_use]
    pub fn received(input: &[u8]) -> Vec<Vec<u8>> {
        let lines = input.split(|&byte| byte == b'\n');
        lines
            .filter_map(|line| line.split(|&byte| byte == b' ').nth(1).map(<[u8]>::to_vec))
            .collect()
    }
}

impl Repo {
    /// Every file that a commit brings in which is pushed to `remote` and is not there yet, as that commit has it and
    /// judged against the commit's parents. What one commit adds and a later one removes is there too.
    /// What the remote has is known from `refs` and from the remote-tracking branches.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn pushed(
        &self,
        remote: &str,
        refs: &[PushedRef],
        blobs: &BlobReader,
    ) -> Result<Vec<FileMeta>, GitError> {
        self.files_of(self.new_commits(remote, refs)?, blobs)
    }

    /// The same for a push that this repository is receiving: every file of every commit that the objects `new` bring
    /// and that none of its refs has. The pushed objects are found through git's environment, where a quarantine is
    /// (git-receive-pack(1)).
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn received(&self, new: &[Vec<u8>], blobs: &BlobReader) -> Result<Vec<FileMeta>, GitError> {
        let ids = new.iter().filter_map(|id| ObjectId::from_hex(id));
        // A deleted ref has nothing new.
        let ids = ids.filter(|id| !id.is_zero()).map(|id| id.to_string());
        let mut args: Vec<String> = vec!["rev-list".into()];
        args.extend(ids);
        if args.len() == 1 {
            return Ok(Vec::new());
        }
        args.extend(["--not".to_owned(), "--all".to_owned()]);
        self.files_of(command::output(&self.root, &args)?, blobs)
    }

    /// What the commits bring in, each content of each path once.
    fn files_of(&self, commits: Vec<u8>, blobs: &BlobReader) -> Result<Vec<FileMeta>, GitError> {
        let mut seen = HashSet::new();
        let mut introduced = self.introduced(&commits)?;
        introduced.retain(|(path, _, now, bases)| {
            !bases.contains(now) && seen.insert((path.clone(), *now))
        });
        blobs.files(introduced)
    }

    /// The commits that are pushed to `remote` and are not there yet, newest first; what the remote has is known as in
    /// [`Repo::pushed`].
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn pushed_commits(
        &self,
        remote: &str,
        refs: &[PushedRef],
    ) -> Result<Vec<Commit>, GitError> {
        let Some(mut args) = self.new_commits_args(remote, refs)? else {
            return Ok(Vec::new());
        };
        args.splice(
            1..1,
            [tree::FORMAT.to_owned(), "--encoding=UTF-8".to_owned()],
        );
        tree::parse(&command::output(&self.root, &args)?)
    }

    /// The ids of the new commits, a line each.
    pub(super) fn new_commits(
        &self,
        remote: &str,
        refs: &[PushedRef],
    ) -> Result<Vec<u8>, GitError> {
        match self.new_commits_args(remote, refs)? {
            Some(args) => command::output(&self.root, &args),
            None => Ok(Vec::new()),
        }
    }

    /// What to ask git for the new commits; `None` where only refs are deleted.
    fn new_commits_args(
        &self,
        remote: &str,
        refs: &[PushedRef],
    ) -> Result<Option<Vec<String>>, GitError> {
        let mut args: Vec<String> = vec!["rev-list".into()];
        args.extend(refs.iter().filter_map(|pushed| pushed.local.clone()));
        if args.len() == 1 {
            return Ok(None);
        }
        args.push("--not".into());
        if !remote.is_empty() && !remote.contains(['*', '?', '[']) {
            args.push(format!("--remotes={remote}"));
        }
        for id in refs.iter().filter_map(|pushed| pushed.remote.as_deref()) {
            // What was pushed by others and never fetched is not here, and excludes nothing that is.
            if command::run(&self.root, &["cat-file", "-e", id])?
                .status
                .success()
            {
                args.push(id.to_owned());
            }
        }
        Ok(Some(args))
    }

    /// What each commit changes against all of its parents (`git diff-tree -c`).
    fn introduced(&self, commits: &[u8]) -> Result<Vec<Introduced>, GitError> {
        let args = [
            "diff-tree",
            "--stdin",
            "-r",
            "-c",
            "--root",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-commit-id",
            "-M",
            "--no-relative",
        ];
        let done = command::fed(command::git(&self.root).args(args), commits)?;
        if !done.status.success() {
            return Err(GitError::Answer("diff-tree"));
        }
        parse(&done.stdout)
    }
}

fn parse(output: &[u8]) -> Result<Vec<Introduced>, GitError> {
    let mut found = Vec::new();
    let mut rest = output;
    while !rest.is_empty() {
        let (entry, after) = entry(rest)?;
        found.extend(entry);
        rest = after;
    }
    Ok(found)
}

/// The first entry of such an output (`None` is a deleted path) and what follows it. Ordinary entries are read by
/// [`raw::parse_one`]; those of merges begin with a colon a parent.
///
/// # Errors
/// The text is not of that form.
pub(super) fn entry(text: &[u8]) -> Result<(Option<Introduced>, &[u8]), GitError> {
    if text.starts_with(b"::") {
        return merged(text).ok_or(GitError::Answer("diff-tree -c"));
    }
    let (delta, after) = raw::parse_one(text)?;
    let entry = delta.map(|delta| {
        let bases = delta.before.into_iter().collect();
        (delta.path, delta.kind, delta.now, bases)
    });
    Ok((entry, after))
}

/// `::MODE MODE MODE ID ID ID MM NUL PATH NUL` (git-diff-tree(1), "Diff format for merges").
fn merged(text: &[u8]) -> Option<(Option<Introduced>, &[u8])> {
    let parents = text.iter().take_while(|&&byte| byte == b':').count();
    let (head, after) = split(&text[parents..])?;
    let (path, after) = split(after)?;
    let words: Vec<&[u8]> = head.split(|&byte| byte == b' ').collect();
    let mode = words.get(parents)?;
    let ids: Option<Vec<ObjectId>> = words
        .get(parents + 1..2 * parents + 2)?
        .iter()
        .map(|id| ObjectId::from_hex(id))
        .collect();
    let mut ids = ids?;
    let now = ids.pop()?;
    ids.retain(|id| !id.is_zero());
    let entry = (!now.is_zero()).then(|| (RepoPath::new(path), kind_of(mode), now, ids));
    Some((entry, after))
}

fn split(text: &[u8]) -> Option<(&[u8], &[u8])> {
    let end = memchr::memchr(0, text)?;
    Some((&text[..end], &text[end + 1..]))
}

#[cfg(test)]
mod tests {
    use super::{PushedRef, parse};

    #[test]
    fn reads_what_git_hands_to_the_hook() {
        let (a, none) = ("a".repeat(40), "0".repeat(40));
        let input =
            format!("refs/heads/x {a} refs/heads/x {none}\n(delete) {none} refs/heads/y {a}\n");
        let refs = PushedRef::parse(input.as_bytes());
        let want = [
            PushedRef {
                local: Some(a.clone()),
                remote: None,
            },
            PushedRef {
                local: None,
                remote: Some(a),
            },
        ];
        assert_eq!(refs, want);
    }

    #[test]
    fn reads_what_git_hands_to_the_receiver() {
        let input = b"old1 new1 refs/heads/a\nold2 new2 refs/heads/b\n";
        assert_eq!(PushedRef::received(input), [b"new1", b"new2"]);
    }

    #[test]
    fn reads_merges_between_ordinary_commits() {
        let (a, b, c) = ("a".repeat(40), "b".repeat(40), "c".repeat(40));
        let text = format!(
            ":100644 100644 {a} {b} M\0one\0::100644 100644 100755 {a} {b} {c} MM\0two\0:100644 100644 {a} {b} R090\0old\0new\0"
        );
        let found = parse(text.as_bytes()).unwrap();
        let seen: Vec<_> = found
            .iter()
            .map(|(path, _, _, bases)| (path.to_text().into_owned(), bases.len()))
            .collect();
        assert_eq!(
            seen,
            [
                ("one".to_owned(), 1),
                ("two".to_owned(), 2),
                ("new".to_owned(), 1)
            ]
        );
        assert!(parse(b"::junk\0").is_err());
    }
}

//! What checks ask git about the repository itself: the branch, a merge under way, submodules, attributes.

use super::raw::{self, Record};
use super::{GitError, Repo, command};
use crate::model::{ObjectId, RepoPath};

/// The mode of a submodule in an index or a tree (`git ls-files --stage`).
const GITLINK: &[u8] = b"160000";
/// The mode of a symbolic link.
const LINK: &[u8] = b"120000";

/// A path that was a symbolic link in the last commit and is staged as something else.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FormerLink {
    /// Where it is.
    pub path: RepoPath,
    /// The blob with the path the link named.
    pub before: ObjectId,
    /// The blob that is staged.
    pub now: ObjectId,
}

impl Repo {
    /// The branch that `HEAD` names, without `refs/heads/`; `None` where it names a commit (a detached head).
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn branch(&self) -> Result<Option<String>, GitError> {
        let head = std::fs::read(self.git_dir().join("HEAD")).unwrap_or_default();
        let named = command::one_line(head);
        match named.strip_prefix(b"ref: refs/heads/") {
            // What stands in HEAD where references are kept in tables (git's reftable documentation).
            Some(b".invalid") | None if !plain_commit(&named) => {
                let done = command::run(self.root(), &["symbolic-ref", "-q", "HEAD"])?;
                let text = String::from_utf8_lossy(&command::one_line(done.stdout)).into_owned();
                Ok(text.strip_prefix("refs/heads/").map(str::to_owned))
            }
            Some(name) => Ok(Some(String::from_utf8_lossy(name).into_owned())),
            None => Ok(None),
        }
    }

    /// Whether a merge or a rebase waits for its conflicts to be resolved.
    #[must_use]
    pub fn merging(&self) -> bool {
        let waits = |word: &&str| matches!(*word, "merge" | "rebase");
        self.git_dir().join("MERGE_MSG").exists() && self.operations().iter().any(waits)
    }

    /// The submodules in the index, in order.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn submodules(&self) -> Result<Vec<RepoPath>, GitError> {
        let output = command::output(self.root(), &["ls-files", "--stage", "-z"])?;
        let entries = output.split(|&byte| byte == 0);
        Ok(entries
            .filter(|entry| entry.starts_with(GITLINK))
            .filter_map(|entry| {
                let path = entry.splitn(2, |&byte| byte == b'\t').nth(1)?;
                Some(RepoPath::new(path))
            })
            .collect())
    }

    /// What is staged that the last commit does not have: each path, and whether it is a submodule.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn staged_additions(&self) -> Result<Vec<(RepoPath, bool)>, GitError> {
        let raw = self.staged_raw("--diff-filter=A")?;
        Ok(raw
            .into_iter()
            .map(|entry| (entry.path, entry.mode == GITLINK))
            .collect())
    }

    /// What was a link in the last commit and is staged as a file.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn former_links(&self) -> Result<Vec<FormerLink>, GitError> {
        let raw = self.staged_raw("--diff-filter=T")?;
        Ok(raw
            .into_iter()
            .filter(|entry| entry.old_mode == LINK)
            .map(|entry| FormerLink {
                path: entry.path,
                before: entry.before,
                now: entry.now,
            })
            .collect())
    }

    /// Whether the attributes hand the file at `path` to Git LFS.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn in_lfs(&self, path: &RepoPath) -> Result<bool, GitError> {
        let text = path.to_text();
        let words = ["check-attr", "-z", "filter", "--", &text];
        let output = command::output(self.root(), &words)?;
        Ok(output.split(|&byte| byte == 0).nth(2) == Some(b"lfs".as_slice()))
    }

    fn staged_raw(&self, filter: &str) -> Result<Vec<Record>, GitError> {
        let words = [
            "diff",
            "--cached",
            "--raw",
            "-z",
            "--no-abbrev",
            "--no-renames",
            "--no-ext-diff",
            filter,
        ];
        raw::records(&command::output(self.root(), &words)?)
    }
}

/// Whether the text of a HEAD file is the id of a commit.
fn plain_commit(head: &[u8]) -> bool {
    ObjectId::from_hex(head).is_some()
}

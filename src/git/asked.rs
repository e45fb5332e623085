//! Which commits a run is about, and what it may ask of them: their messages and their signatures.

use super::{GitError, PushedRef, Repo, command};

/// The commits that a run is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CommitRange {
    /// Those that a push brings to `remote`.
    Pushed {
        /// Its name.
        remote: String,
        /// What is pushed.
        refs: Vec<PushedRef>,
    },
    /// Those that `to` has and `from` has not.
    Between {
        /// Where it starts.
        from: String,
        /// Where it ends.
        to: String,
    },
    /// The one that HEAD is.
    Head,
}

/// A commit with its message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// Its full id.
    pub id: String,
    /// Its id, as short as git thinks it clear.
    pub short: String,
    /// Its message, as it is stored.
    pub message: Vec<u8>,
}

impl Repo {
    /// The commits of `range` with one parent at most, newest first.
    ///
    /// # Errors
    /// A name that is no commit, or git cannot be asked.
    pub fn told(&self, range: &CommitRange) -> Result<Vec<Told>, GitError> {
        let revisions = match range {
            CommitRange::Pushed { remote, refs } => {
                String::from_utf8_lossy(&self.new_commits(remote, refs)?).into_owned()
            }
            CommitRange::Between { from, to } => self.ids(&format!("{from}..{to}"))?,
            CommitRange::Head => match self.head_commit()? {
                Some(commit) => commit.id,
                None => String::new(),
            },
        };
        if revisions.trim().is_empty() {
            return Ok(Vec::new());
        }
        self.read_commits(&revisions)
    }

    /// The ids that `range` means, a line each.
    fn ids(&self, range: &str) -> Result<String, GitError> {
        let commits = self.commits(range)?;
        Ok(commits
            .iter()
            .map(|commit| format!("{}\n", commit.id))
            .collect())
    }

    fn read_commits(&self, ids: &str) -> Result<Vec<Told>, GitError> {
        let args = [
            "log",
            "--stdin",
            "--no-walk=unsorted",
            "--no-merges",
            "--no-show-signature",
            "--no-color",
            "--encoding=UTF-8",
            "-z",
            "--format=%H %h%n%B",
        ];
        let done = command::fed(command::git(&self.root).args(args), ids.as_bytes())?;
        if !done.status.success() {
            return Err(GitError::Answer("log"));
        }
        let records = done.stdout.split(|&byte| byte == 0);
        records
            .filter(|record| !record.is_empty())
            .map(|record| parse(record).ok_or(GitError::Answer("log")))
            .collect()
    }

    /// Whether git vouches for the signature of the commit `id`; where not, what it says (git-verify-commit(1)).
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn verify_commit(&self, id: &str) -> Result<Result<(), String>, GitError> {
        let done = command::run(&self.root, &["verify-commit", id])?;
        if done.status.success() {
            return Ok(Ok(()));
        }
        let said = String::from_utf8_lossy(&done.stderr);
        let said: Vec<&str> = said
            .lines()
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        Ok(Err(said.join("; ")))
    }
}

/// `ID SHORT`, a line end, the message.
fn parse(record: &[u8]) -> Option<Told> {
    let end = memchr::memchr(b'\n', record)?;
    let head = std::str::from_utf8(&record[..end]).ok()?;
    let (id, short) = head.split_once(' ')?;
    Some(Told {
        id: id.to_owned(),
        short: short.to_owned(),
        message: record[end + 1..].to_vec(),
    })
}

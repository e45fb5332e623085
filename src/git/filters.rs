//! Contents as git writes them to disk: line ends, `ident`, encodings, filters (gitattributes(5)).

use super::{GitError, Repo, command};
use crate::model::{ObjectId, RepoPath};
use std::ffi::OsString;

impl Repo {
    /// What a checkout writes to `path` for the blob `id`.
    ///
    /// # Errors
    /// git cannot be asked, or a filter fails.
    pub fn checked_out(&self, path: &RepoPath, id: ObjectId) -> Result<Vec<u8>, GitError> {
        let mut place = OsString::from("--path=");
        place.push(path.to_path());
        let args = [
            "cat-file".into(),
            "--filters".into(),
            place,
            id.to_string().into(),
        ];
        command::output(self.root(), &args)
    }

    /// Writes `content` into the object database as it is.
    ///
    /// # Errors
    /// git cannot write it.
    pub fn store(&self, content: &[u8]) -> Result<ObjectId, GitError> {
        let mut git = command::git(self.root());
        git.args(["hash-object", "-w", "--no-filters", "--stdin"]);
        let done = command::fed(&mut git, content)?;
        if !done.status.success() {
            return Err(GitError::Command {
                command: "hash-object".to_owned(),
                message: command::message(&done),
            });
        }
        ObjectId::from_hex(&command::one_line(done.stdout)).ok_or(GitError::Answer("hash-object"))
    }
}

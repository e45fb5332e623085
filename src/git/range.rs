//! What changed between two commits.

use super::{BlobReader, Change, GitError, Repo, command, raw};

impl Repo {
    /// The files that differ between `to` and the point where it left `from` (their merge base, as `git diff from...to`
    /// shows them), as they are in `to`, each judged against that point.
    /// Where the two have no common commit, against `from` itself.
    ///
    /// # Errors
    /// A name that is no commit, or git cannot be asked.
    pub fn range(&self, from: &str, to: &str, blobs: &BlobReader) -> Result<Change, GitError> {
        let (from, to) = (self.commit(from)?, self.commit(to)?);
        let base = command::run(&self.root, &["merge-base", &from, &to])?;
        let base = if base.status.success() {
            String::from_utf8_lossy(&command::one_line(base.stdout)).into_owned()
        } else {
            from
        };
        let args = [
            "diff-tree",
            "-r",
            "--raw",
            "-z",
            "--no-abbrev",
            "-M",
            "--no-relative",
            &base,
            &to,
            "--",
        ];
        let (deltas, gone) = raw::parse(&command::output(&self.root, &args)?)?;
        let introduced = deltas.into_iter().map(|delta| {
            let bases = delta.before.into_iter().collect();
            (delta.path, delta.kind, delta.now, bases)
        });
        Ok(Change {
            files: blobs.files(introduced)?,
            gone,
        })
    }

    /// The full id of the commit that `name` means.
    fn commit(&self, name: &str) -> Result<String, GitError> {
        let wanted = format!("{name}^{{commit}}");
        let asked = command::run(
            &self.root,
            &[
                "rev-parse",
                "--verify",
                "--quiet",
                "--end-of-options",
                &wanted,
            ],
        )?;
        if asked.status.success() {
            Ok(String::from_utf8_lossy(&command::one_line(asked.stdout)).into_owned())
        } else {
            Err(GitError::UnknownRevision(name.to_owned()))
        }
    }
}

//! Where git looks for hooks.

use super::{GitError, Repo, command};
use std::path::PathBuf;

/// The folder git runs hooks from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HooksDir {
    /// Absolute.
    pub path: PathBuf,
    /// Whether `core.hooksPath` in a configuration outside this repository names it, so that other repositories use it too.
    pub shared: bool,
}

impl Repo {
    /// The folder that `git rev-parse --git-path hooks` names.
    ///
    /// # Errors
    /// git cannot be asked, or `core.hooksPath` is set to nothing.
    pub fn hooks_dir(&self) -> Result<HooksDir, GitError> {
        let answer = command::one_line(command::output(
            &self.root,
            &["rev-parse", "--git-path", "hooks"],
        )?);
        let set = command::run(
            &self.root,
            &[
                "config",
                "--show-scope",
                "--type=path",
                "--get",
                "core.hooksPath",
            ],
        )?;
        let set = set.status.success().then_some(set.stdout);
        if answer.is_empty() || set.as_deref().is_some_and(|value| value.ends_with(b"\t\n")) {
            return Err(GitError::Unreadable(
                "core.hooksPath is set to nothing, so git runs no hooks here (git config --show-origin core.hooksPath)".to_owned(),
            ));
        }
        Ok(HooksDir {
            path: self.root.join(super::repo::path(answer)),
            shared: set
                .is_some_and(|value| value.starts_with(b"global") || value.starts_with(b"system")),
        })
    }
}

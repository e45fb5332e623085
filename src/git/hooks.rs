//! Where git looks for hooks, and what it says it will run.

use super::settings::{self, Setting};
use super::{GitError, Repo, command};
use std::path::{Path, PathBuf};

/// The folder git runs hooks from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HooksDir {
    /// Absolute.
    pub path: PathBuf,
    /// `core.hooksPath`, where it is set.
    pub setting: Option<Setting>,
}

impl HooksDir {
    /// Whether other repositories use the folder too: a configuration outside of this one names it.
    #[must_use]
    pub fn is_shared(&self) -> bool {
        self.scope() == "global" || self.scope() == "system"
    }

    /// Whether `core.hooksPath` turns hooks off: it is empty, or the null device, which is what git-config(1) advises.
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.setting
            .as_ref()
            .is_some_and(|setting| setting.value.is_empty() || setting.value == b"/dev/null")
    }

    /// Whether each worktree of the clone has a folder of its own: a relative `core.hooksPath` starts at its top.
    #[must_use]
    pub fn is_per_worktree(&self) -> bool {
        self.setting
            .as_ref()
            .is_some_and(|setting| !setting.value.starts_with(b"/") && !self.is_off())
    }

    /// The scope `core.hooksPath` comes from, by the word `git config --show-scope` has for it; empty where it is not set.
    #[must_use]
    pub fn scope(&self) -> &str {
        self.setting
            .as_ref()
            .map_or("", |setting| setting.scope.as_str())
    }
}

impl Repo {
    /// The folder that `git rev-parse --git-path hooks` names.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn hooks_dir(&self) -> Result<HooksDir, GitError> {
        let setting = settings::path_setting(&self.root, "core.hooksPath")?;
        Ok(HooksDir {
            path: self.asked_hook_path("")?,
            setting,
        })
    }

    /// The folder that hooks are in where `core.hooksPath` is not set (gitrepository-layout(5), `hooks`).
    #[must_use]
    pub fn own_hooks_dir(&self) -> PathBuf {
        self.common_dir().join("hooks")
    }

    /// The file that git would run for `hook`, if it is there and can be run: as git itself is configured for this very
    /// process, `-c` and environment included.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn asked_hook_path(&self, hook: &str) -> Result<PathBuf, GitError> {
        let name = if hook.is_empty() {
            "hooks".to_owned()
        } else {
            format!("hooks/{hook}")
        };
        let answer = command::output(&self.root, &["rev-parse", "--git-path", &name])?;
        Ok(self.root.join(super::repo::path(command::one_line(answer))))
    }

    /// [`Repo::asked_hook_path`] as libgit2 reads the configuration: without starting a process, and blind to what a
    /// command line or the environment sets. `None` where libgit2 cannot tell.
    #[must_use]
    pub fn likely_hook_path(&self, hook: &str) -> Option<PathBuf> {
        let config = self.library.as_ref()?.config().ok()?;
        match config.get_path("core.hooksPath") {
            Ok(folder) => Some(self.root.join(folder).join(hook)),
            Err(error) if error.code() == git2::ErrorCode::NotFound => {
                Some(self.own_hooks_dir().join(hook))
            }
            Err(_) => None,
        }
    }

    /// What `git hook list` (git-hook(1), git 2.54) says will run for `hook`: the names of configured hooks, a line each.
    ///
    /// # Errors
    /// git cannot be asked, or has no such command.
    pub fn listed_hooks(&self, hook: &str) -> Result<Vec<String>, GitError> {
        listed_hooks(&self.root, hook)
    }
}

/// [`Repo::listed_hooks`] in a folder that need not be in a repository.
///
/// # Errors
/// As there.
pub fn listed_hooks(dir: &Path, hook: &str) -> Result<Vec<String>, GitError> {
    let done = command::run(dir, &["hook", "list", hook])?;
    // Status 1 without a word means that there are none (git-hook(1)).
    if !done.status.success()
        && (done.status.code() != Some(1) || done.stderr.starts_with(b"usage"))
    {
        return Err(GitError::Command {
            command: "hook list".to_owned(),
            message: command::message(&done),
        });
    }
    let text = String::from_utf8_lossy(&done.stdout);
    Ok(text.lines().map(str::to_owned).collect())
}

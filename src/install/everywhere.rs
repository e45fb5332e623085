//! One folder of hooks for all repositories of a user, for git before 2.54: `core.hooksPath` in the user's configuration.
//! git then ignores the hooks of every repository, so each script of the folder runs those first.

use super::place::{self, at};
use super::{InstallError, Installed, Removed, UserConfig, shim};
use crate::git::{self, GitScope};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

const KEY: &str = "core.hooksPath";

/// The folder.
#[derive(Debug, Clone)]
pub struct Everywhere {
    folder: PathBuf,
}

impl Everywhere {
    /// It is a folder of `data`, where hookd keeps what outlives a run.
    #[must_use]
    pub fn new(data: &Path) -> Self {
        Self {
            folder: data.join("hooks"),
        }
    }

    /// Where it is.
    #[must_use]
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Writes a script for each of `all`, those in `checked` calling `hookd`, and names the folder in the user's git
    /// configuration. `dir` is any folder to start git in.
    ///
    /// # Errors
    /// The user's configuration names another folder (nothing was written then); a file cannot be written.
    pub fn install(
        &self,
        dir: &Path,
        user: &UserConfig,
        (all, checked): (&[&str], &[&str]),
        hookd: &Path,
    ) -> Result<Installed, InstallError> {
        let named = git::global_hooks_path(dir)?;
        if let Some(named) = named.as_deref().filter(|named| !self.is_named(named)) {
            let named = String::from_utf8_lossy(named).into_owned();
            return Err(InstallError::ForeignHooksPath(named));
        }
        let mut done = Installed::Unchanged;
        for hook in all {
            let text = shim::everywhere(hook, hookd, checked.contains(hook));
            if place::put(&self.folder, hook, &text)? != Installed::Unchanged {
                done = Installed::Updated;
            }
        }
        if named.is_none() {
            user.remember(|| {
                let folder = self.folder.as_os_str();
                Ok(git::set(dir, GitScope::Global, KEY, folder)?)
            })?;
            done = Installed::New;
        }
        Ok(done)
    }

    /// Takes the setting out, then the scripts.
    ///
    /// # Errors
    /// A file cannot be written or removed.
    pub fn uninstall(&self, dir: &Path, user: &UserConfig) -> Result<Removed, InstallError> {
        let named = git::global_hooks_path(dir)?.is_some_and(|named| self.is_named(&named));
        if named {
            user.give_back(|| Ok(git::unset(dir, GitScope::Global, KEY)?))?;
        }
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return Ok(if named {
                Removed::Removed
            } else {
                Removed::NotThere
            });
        };
        for entry in entries.filter_map(Result::ok) {
            if let Some(hook) = entry.file_name().to_str() {
                place::uninstall(&self.folder, hook)?;
            }
        }
        // What somebody else put there stays.
        if let Err(error) = fs::remove_dir(&self.folder)
            && error.kind() != std::io::ErrorKind::DirectoryNotEmpty
        {
            return Err(at(&self.folder, error));
        }
        Ok(Removed::Removed)
    }

    fn is_named(&self, value: &[u8]) -> bool {
        value == self.folder.as_os_str().as_bytes()
    }
}

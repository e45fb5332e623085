//! What commands may know of the repository: as little of hookd's own environment as git allows.

use crate::env;
use std::ffi::OsString;
use std::process::Command;

/// How the environment of a command differs from hookd's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GuardEnv {
    /// Variables that are taken away.
    pub remove: &'static [&'static str],
    /// Variables that are set, after that.
    pub set: Vec<(&'static str, OsString)>,
}

impl GuardEnv {
    pub(super) fn new(git_dir: OsString, index: Option<OsString>) -> Self {
        let mut set = vec![(env::HOOKD_GUARD, git_dir)];
        set.extend(index.map(|index| (env::GIT_INDEX_FILE, index)));
        Self {
            remove: &env::GIT_REPOSITORY,
            set,
        }
    }

    /// Changes the environment that `command` will have.
    pub fn apply(&self, command: &mut Command) {
        for name in self.remove {
            command.env_remove(name);
        }
        command.envs(self.set.iter().map(|(name, value)| (name, value)));
    }
}

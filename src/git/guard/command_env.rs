//! What commands may know of the repository: as little of hookd's own environment as git allows.

use crate::env;
use std::ffi::OsString;
use std::process::Command;

/// The variables that bind a process to one repository: a command that works in another one (the test suite of a git
/// tool, a package manager that clones) must not inherit them. The list is what `git rev-parse --local-env-vars` prints
/// (`local_repo_env` in git's environment.c), and `GIT_QUARANTINE_PATH` of receiving hooks (git-receive-pack(1)).
const LOCAL: [&str; 16] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_CONFIG_COUNT",
    "GIT_OBJECT_DIRECTORY",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_GRAFT_FILE",
    "GIT_INDEX_FILE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_REPLACE_REF_BASE",
    "GIT_PREFIX",
    "GIT_SHALLOW_FILE",
    "GIT_COMMON_DIR",
    "GIT_QUARANTINE_PATH",
];

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
            remove: &LOCAL,
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

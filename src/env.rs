//! Every environment variable that hookd reads, in one place.

use std::ffi::OsString;
use std::path::PathBuf;

/// Comma-separated ids of checks to leave out, as pre-commit reads it.
pub const SKIP: &str = "SKIP";
/// `0` turns the hooks of hookd off.
pub const HOOKD: &str = "HOOKD";
/// Set to any value (<https://no-color.org>): no colour.
pub const NO_COLOR: &str = "NO_COLOR";
/// Folder for data that outlives a run (the advisory database); overrides the XDG folder.
pub const HOOKD_DATA_DIR: &str = "HOOKD_DATA_DIR";
/// Folder for what can be made again (hook repositories and their environments); overrides the XDG folder.
pub const HOOKD_CACHE_DIR: &str = "HOOKD_CACHE_DIR";
/// Base folder of caches (XDG base directory specification).
pub const XDG_CACHE_HOME: &str = "XDG_CACHE_HOME";
/// Where programs are looked for.
pub const PATH: &str = "PATH";
/// Base folder of user data (XDG base directory specification).
pub const XDG_DATA_HOME: &str = "XDG_DATA_HOME";
/// Base folder of user configuration (XDG base directory specification).
pub const XDG_CONFIG_HOME: &str = "XDG_CONFIG_HOME";
/// The user's home folder.
pub const HOME: &str = "HOME";

/// The user's own git configuration, instead of the files in the home folder (git(1)).
pub const GIT_CONFIG_GLOBAL: &str = "GIT_CONFIG_GLOBAL";

/// Variables that name files with credentials for AWS.
pub const AWS_FILES: [&str; 4] = [
    "AWS_CONFIG_FILE",
    "AWS_CREDENTIAL_FILE",
    "AWS_SHARED_CREDENTIALS_FILE",
    "BOTO_CONFIG",
];
/// Variables that hold secrets for AWS.
pub const AWS_SECRETS: [&str; 3] = [
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SECURITY_TOKEN",
    "AWS_SESSION_TOKEN",
];
/// `:` where git calls a hook and no editor will be opened (githooks(5)).
pub const GIT_EDITOR: &str = "GIT_EDITOR";
/// The index that git uses, where it is not the one in the git directory (git(1)).
pub const GIT_INDEX_FILE: &str = "GIT_INDEX_FILE";
/// Set for the commands that hookd starts: the git directory of the worktree it guards.
pub const HOOKD_GUARD: &str = "HOOKD_GUARD";
/// A fault on purpose, `kill:N`, `fail:N` or `full:N` at step N of the worktree guard. Not in release builds.
#[cfg(debug_assertions)]
pub const HOOKD_TEST_FAULT: &str = "HOOKD_TEST_FAULT";

/// Variables of git that name files and may be relative to the folder the hook started in (git(1), "The Git Repository").
pub const GIT_PATHS: [&str; 5] = [
    "GIT_DIR",
    "GIT_INDEX_FILE",
    "GIT_WORK_TREE",
    "GIT_COMMON_DIR",
    "GIT_OBJECT_DIRECTORY",
];

/// Variables that bind git to one repository and one call of it: a command that works in another repository (a test suite
/// that makes some, a package manager that clones) must not inherit them. Those that `git rev-parse --local-env-vars`
/// prints (`local_repo_env` in git's environment.c) but for `GIT_CONFIG_COUNT`, which whoever set up the machine uses to say
/// what holds for every repository (`safe.directory`, credentials); `GIT_QUARANTINE_PATH` of receiving hooks
/// (git-receive-pack(1)); and what git-commit(1) sets for its own hooks. Author and committer stay: they are people.
pub const GIT_REPOSITORY: [&str; 22] = [
    "GIT_ALTERNATE_OBJECT_DIRECTORIES",
    "GIT_AUTHOR_DATE",
    "GIT_COMMON_DIR",
    "GIT_CONFIG",
    "GIT_CONFIG_PARAMETERS",
    "GIT_DIR",
    "GIT_EDITOR",
    "GIT_GRAFT_FILE",
    "GIT_ICASE_PATHSPECS",
    "GIT_IMPLICIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_INTERNAL_SUPER_PREFIX",
    "GIT_LITERAL_PATHSPECS",
    "GIT_NAMESPACE",
    "GIT_NO_REPLACE_OBJECTS",
    "GIT_OBJECT_DIRECTORY",
    "GIT_PREFIX",
    "GIT_QUARANTINE_PATH",
    "GIT_REFLOG_ACTION",
    "GIT_REPLACE_REF_BASE",
    "GIT_SHALLOW_FILE",
    "GIT_WORK_TREE",
];

/// Reads one variable; an empty one counts as not set.
#[must_use]
pub fn var(name: &str) -> Option<OsString> {
    std::env::var_os(name).filter(|value| !value.is_empty())
}

/// All variables of the process: what commands inherit.
#[must_use]
pub fn all() -> Vec<(OsString, OsString)> {
    std::env::vars_os().collect()
}

/// Whether the commit that a hook runs for opens no editor: its message is as the user gave it.
#[must_use]
pub fn has_no_editor() -> bool {
    var(GIT_EDITOR).is_some_and(|editor| editor == ":")
}

/// Whether the user turned hookd's hooks off with `HOOKD=0`.
#[must_use]
pub fn is_off() -> bool {
    var(HOOKD).is_some_and(|value| value == "0")
}

/// The ids in `SKIP`, trimmed, without empty ones.
#[must_use]
pub fn skipped() -> Vec<String> {
    let Some(value) = var(SKIP) else {
        return Vec::new();
    };
    value
        .to_string_lossy()
        .split(',')
        .map(str::trim)
        .filter(|id| !id.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Where hookd keeps data that outlives a run: `$HOOKD_DATA_DIR`, else `$XDG_DATA_HOME/hookd`, else
/// `~/.local/share/hookd`. `None` where none of the three variables is set.
#[must_use]
pub fn data_dir() -> Option<PathBuf> {
    var(HOOKD_DATA_DIR)
        .map(PathBuf::from)
        .or_else(|| under(XDG_DATA_HOME, ".local/share"))
}

/// Where hookd keeps what can be made again: `$HOOKD_CACHE_DIR`, else `$XDG_CACHE_HOME/hookd`, else `~/.cache/hookd`.
/// `None` where none of the three variables is set.
#[must_use]
pub fn cache_dir() -> Option<PathBuf> {
    var(HOOKD_CACHE_DIR)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| under(XDG_CACHE_HOME, ".cache"))
}

/// The user's own configuration file: `$XDG_CONFIG_HOME/hookd/config.toml`, else `~/.config/hookd/config.toml`.
#[must_use]
pub fn user_config() -> Option<PathBuf> {
    under(XDG_CONFIG_HOME, ".config").map(|dir| dir.join("config.toml"))
}

/// The file that `git config --global` writes (git-config(1), "FILES"): `$GIT_CONFIG_GLOBAL`, else `~/.gitconfig`, else
/// `git/config` in the XDG folder where only that one is there.
#[must_use]
pub fn git_user_config() -> Option<PathBuf> {
    if let Some(path) = var(GIT_CONFIG_GLOBAL) {
        return Some(PathBuf::from(path));
    }
    let home = var(HOME).map(|home| PathBuf::from(home).join(".gitconfig"))?;
    let xdg = under(XDG_CONFIG_HOME, ".config").map(|dir| dir.with_file_name("git").join("config"));
    match xdg {
        Some(xdg) if xdg.exists() && !home.exists() => Some(xdg),
        _ => Some(home),
    }
}

fn under(base: &str, fallback: &str) -> Option<PathBuf> {
    var(base)
        .map(PathBuf::from)
        .filter(|path| path.is_absolute())
        .or_else(|| var(HOME).map(|home| PathBuf::from(home).join(fallback)))
        .map(|dir| dir.join("hookd"))
}

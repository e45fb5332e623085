//! Reading and writing git's own configuration, always through git, which alone knows all of its files.

use super::{GitError, command};
use std::path::Path;

/// A value of git's configuration, and where it stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Setting {
    /// `system`, `global`, `local`, `worktree` or `command` (git-config(1), `--show-scope`).
    pub scope: String,
    /// `file:PATH`, or another word for what is not a file (git-config(1), `--show-origin`).
    pub origin: String,
    /// As git means it; a `~` of a path is already the home folder.
    pub value: Vec<u8>,
}

/// Which of git's files is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum GitScope {
    /// The configuration of the repository.
    Local,
    /// The user's, for all repositories.
    Global,
}

impl GitScope {
    /// The option of `git config` for it.
    #[must_use]
    pub const fn option(self) -> &'static str {
        match self {
            Self::Local => "--local",
            Self::Global => "--global",
        }
    }
}

/// The first two numbers of `git --version`, as in 2.54.
///
/// # Errors
/// git cannot be started, or says something else.
pub fn git_version(dir: &Path) -> Result<(u32, u32), GitError> {
    let said = command::output(dir, &["--version"])?;
    parse_version(&String::from_utf8_lossy(&said)).ok_or(GitError::Answer("--version"))
}

/// `git version 2.39.5 (Apple Git-154)`, `git version 2.54.0.windows.1`, `git version 2.54.0-rc1`.
fn parse_version(said: &str) -> Option<(u32, u32)> {
    let mut numbers = said.strip_prefix("git version ")?.trim().split('.');
    let major = numbers.next()?.parse().ok()?;
    let minor: String = numbers
        .next()?
        .chars()
        .take_while(char::is_ascii_digit)
        .collect();
    Some((major, minor.parse().ok()?))
}

/// The value of a setting that is a path, and where it comes from; `None` where it is not set.
///
/// # Errors
/// git cannot be asked, or its configuration is broken.
pub(super) fn path_setting(dir: &Path, key: &str) -> Result<Option<Setting>, GitError> {
    let args = [
        "config",
        "--show-scope",
        "--show-origin",
        "-z",
        "--type=path",
        "--get",
        key,
    ];
    let done = command::run(dir, &args)?;
    match done.status.code() {
        Some(0) => {}
        // git-config(1): the key is not there.
        Some(1) => return Ok(None),
        _ => {
            return Err(GitError::Command {
                command: "config".to_owned(),
                message: command::message(&done),
            });
        }
    }
    let mut parts = done.stdout.split(|&byte| byte == 0);
    let mut text = || Some(String::from_utf8_lossy(parts.next()?).into_owned());
    let (Some(scope), Some(origin)) = (text(), text()) else {
        return Err(GitError::Answer("config --show-scope"));
    };
    Ok(Some(Setting {
        scope,
        origin,
        value: parts.next().unwrap_or_default().to_vec(),
    }))
}

/// The user's own `core.hooksPath`, whatever the repository around `dir` says.
///
/// # Errors
/// git cannot be asked, or its configuration is broken.
pub fn global_hooks_path(dir: &Path) -> Result<Option<Vec<u8>>, GitError> {
    let done = command::run(
        dir,
        &[
            "config",
            "--global",
            "-z",
            "--type=path",
            "--get",
            "core.hooksPath",
        ],
    )?;
    if done.status.success() {
        let mut value = done.stdout;
        value.pop();
        return Ok(Some(value));
    }
    Ok(None)
}

/// Every value of `key` in one file, in order; none where it is not set.
///
/// # Errors
/// git cannot be asked.
pub fn values(dir: &Path, scope: GitScope, key: &str) -> Result<Vec<String>, GitError> {
    let done = command::run(dir, &["config", scope.option(), "-z", "--get-all", key])?;
    if !done.status.success() {
        return Ok(Vec::new());
    }
    let values = done.stdout.split(|&byte| byte == 0);
    let mut values: Vec<String> = values
        .map(|value| String::from_utf8_lossy(value).into_owned())
        .collect();
    values.pop();
    Ok(values)
}

/// The keys in one file that match a regular expression, each as often as it is there; none where the file is not there.
///
/// # Errors
/// git cannot be asked.
pub fn keys(dir: &Path, scope: GitScope, pattern: &str) -> Result<Vec<String>, GitError> {
    let args = [
        "config",
        scope.option(),
        "-z",
        "--name-only",
        "--get-regexp",
        pattern,
    ];
    let done = command::run(dir, &args)?;
    let keys = done.stdout.split(|&byte| byte == 0);
    Ok(keys
        .filter(|key| !key.is_empty())
        .map(|key| String::from_utf8_lossy(key).into_owned())
        .collect())
}

/// Sets `key` to this one value.
///
/// # Errors
/// git cannot write the file.
pub fn set(
    dir: &Path,
    scope: GitScope,
    key: &str,
    value: &std::ffi::OsStr,
) -> Result<(), GitError> {
    let args = ["config", scope.option(), "--replace-all", key].map(std::ffi::OsStr::new);
    let args: Vec<_> = args.into_iter().chain([value]).collect();
    command::output(dir, &args).map(drop)
}

/// Takes `key` out.
///
/// # Errors
/// git cannot write the file.
pub fn unset(dir: &Path, scope: GitScope, key: &str) -> Result<(), GitError> {
    command::output(dir, &["config", scope.option(), "--unset-all", key]).map(drop)
}

/// Takes a section out with everything in it.
///
/// # Errors
/// There is none, or git cannot write the file.
pub fn remove_section(dir: &Path, scope: GitScope, section: &str) -> Result<(), GitError> {
    command::output(
        dir,
        &["config", scope.option(), "--remove-section", section],
    )
    .map(drop)
}

#[cfg(test)]
mod tests {
    use super::parse_version;

    #[test]
    fn versions_of_all_builds_are_read() {
        for (said, want) in [
            ("git version 2.47.3\n", Some((2, 47))),
            ("git version 2.39.5 (Apple Git-154)\n", Some((2, 39))),
            ("git version 2.54.0.windows.1\n", Some((2, 54))),
            ("git version 3.0-rc1\n", Some((3, 0))),
            ("hub version 2.14\n", None),
            ("", None),
        ] {
            assert_eq!(parse_version(said), want, "{said}");
        }
    }
}

//! Hooks that git reads from its configuration (git 2.54, git-hook(1)): writing them and taking them out.

use super::{InstallError, Installed, shim};
use crate::git::{self, GitScope};
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;
use std::path::Path;

/// The version of git that first ran hooks from its configuration
/// (<https://github.com/git/git/blob/master/Documentation/RelNotes/2.54.0.adoc>).
const SINCE: (u32, u32) = (2, 54);

/// Whether the git on `PATH` runs hooks from its configuration.
///
/// # Errors
/// git cannot be started.
pub fn git_reads_configuration(dir: &Path) -> Result<bool, InstallError> {
    Ok(git::git_version(dir)? >= SINCE)
}

/// The name under which git knows the hook for `event`. It is the same in every file, so that git itself runs one command
/// where the repository's configuration and the user's both have it: the last one read, which is the repository's.
#[must_use]
pub fn configured_name(event: &str) -> String {
    format!("hookd-{event}")
}

fn key(event: &str, last: &str) -> String {
    format!("hook.{}.{last}", configured_name(event))
}

/// Makes git run `hookd` at `event`.
///
/// # Errors
/// git cannot write its configuration.
pub fn configure(
    dir: &Path,
    scope: GitScope,
    event: &str,
    hookd: &Path,
) -> Result<Installed, InstallError> {
    let text = shim::configured(event, hookd, scope == GitScope::Global);
    let command = OsString::from_vec(text);
    let commands = git::values(dir, scope, &key(event, "command"))?;
    let events = git::values(dir, scope, &key(event, "event"))?;
    let is_set = commands.len() == 1 && commands[0] == command.to_string_lossy();
    if is_set && events == [event] {
        return Ok(Installed::Unchanged);
    }
    // The event last: git does not know the hook before, and a hook without a command is an error to it.
    git::set(dir, scope, &key(event, "command"), &command)?;
    git::set(dir, scope, &key(event, "event"), event.as_ref())?;
    if commands.is_empty() {
        Ok(Installed::New)
    } else {
        Ok(Installed::Updated)
    }
}

/// The events for which hookd is in the configuration of `scope`, in order.
///
/// # Errors
/// git cannot be asked.
pub fn configured_events(dir: &Path, scope: GitScope) -> Result<Vec<String>, InstallError> {
    let keys = git::keys(dir, scope, r"^hook\.hookd-.*\.(command|event)$")?;
    let events = keys.iter().filter_map(|key| {
        let name = key.strip_prefix("hook.hookd-")?;
        Some(name.rsplit_once('.')?.0.to_owned())
    });
    Ok(events.collect::<BTreeSet<_>>().into_iter().collect())
}

/// Takes the hook for `event` out of the configuration, where it is.
///
/// # Errors
/// git cannot write its configuration.
pub fn deconfigure(dir: &Path, scope: GitScope, event: &str) -> Result<(), InstallError> {
    let section = format!("hook.{}", configured_name(event));
    Ok(git::remove_section(dir, scope, &section)?)
}

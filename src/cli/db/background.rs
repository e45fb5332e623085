//! Updates that nobody waits for: after a merge or a checkout, where the user's own configuration asks for them.

use super::folder;
use crate::advisory;
use crate::cli::context::configuration;
use crate::cli::error::CliError;
use crate::config::Document;
use crate::scan::audit_background;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Command, Stdio};

/// The git hooks after which an update may begin: what they bring may have new lockfiles, and nobody waits for them.
pub(in crate::cli) const STAGES: [&str; 2] = ["post-merge", "post-checkout"];

/// Whether the user wants updates in the background. A repository can't switch them on: they use the network.
///
/// # Errors
/// A mistake in a configuration file, or the key in a file that is not the user's own.
pub(in crate::cli) fn is_wanted(documents: &[Document]) -> Result<bool, CliError> {
    let (own, shared): (Vec<_>, Vec<_>) = documents.iter().cloned().partition(|one| one.personal);
    let shared = configuration(&shared)?;
    let section = shared.section("audit");
    if audit_background(section)? {
        let message = "only your own configuration may set `background_update`";
        return Err(section
            .error("background_update", None, message)
            .with_help("write it to hookd/config.toml in your configuration folder")
            .into());
    }
    Ok(audit_background(configuration(&own)?.section("audit"))?)
}

/// Starts `hookd db update` in `root` as a process of its own, without output, where the data is over a day old. That it
/// could not be started is no reason to trouble anyone: the audit itself says how old the data is.
pub(in crate::cli) fn start(root: &Path, arguments: &[&str]) {
    if folder().is_ok_and(|folder| advisory::is_fresh(&folder)) {
        return;
    }
    let Ok(program) = std::env::current_exe() else {
        return;
    };
    let _ = Command::new(program)
        .args(["--quiet", "db", "update"])
        .args(arguments)
        .current_dir(root)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        // An interrupted terminal does not interrupt it.
        .process_group(0)
        .spawn();
}

//! `hookd gc`.

use super::error::CliError;
use super::terminal::Terminal;
use crate::env;
use crate::exit::Exit;
use crate::precommit::{Cache, clear};
use crate::text::printable;

#[derive(Debug, clap::Args)]
pub(super) struct Gc {
    /// Only say what would be removed
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn gc(given: &Gc, terminal: &Terminal) -> Result<Exit, CliError> {
    let cache = env::cache_dir().map(Cache::new).ok_or_else(|| {
        CliError::usage("there is no cache folder", "set HOME or HOOKD_CACHE_DIR")
    })?;
    let mut wait = || terminal.note("hookd: waiting for another hookd that prepares hooks");
    let cleared = clear(&cache, given.dry_run, &mut wait)
        .map_err(|failed| CliError::usage(failed.message, failed.help))?;
    let verb = if given.dry_run {
        "would remove"
    } else {
        "removed"
    };
    for (path, about) in &cleared.entries {
        let name = path.strip_prefix(cache.root()).unwrap_or(path);
        let about = if about.is_empty() { "half made" } else { about };
        terminal.say(&format!("{verb} {}: {}", name.display(), printable(about)))?;
    }
    let count = cleared.entries.len();
    let size = cleared.bytes as f64 / 1e6;
    terminal.say(&format!(
        "{verb} {count} of {} in {}, {size:.1} MB",
        count + cleared.kept,
        cache.root().display()
    ))?;
    Ok(Exit::Clean)
}

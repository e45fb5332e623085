//! Making git call hookd: shims in the folder it runs hooks from, or commands in its configuration, for a clone or for all
//! of them; keeping and giving back what was there.

mod consent;
mod everywhere;
mod git_config;
mod place;
mod shim;
mod user_config;

pub use consent::{CommandText, Consent};
pub use everywhere::Everywhere;
pub use git_config::{
    configure, configured_events, configured_name, deconfigure, git_reads_configuration,
};
pub use place::{Installed, Removed, callable, has_shim, install, uninstall};
pub use shim::{Script, called_program};
pub use user_config::UserConfig;

use crate::git::GitError;
use std::io;
use std::path::PathBuf;

/// Why a hook could not be written or taken out. Nothing was lost.
#[derive(Debug, thiserror::Error)]
pub enum InstallError {
    /// A file could not be read, written or renamed.
    #[error("{}: {source}", path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the operating system says.
        source: io::Error,
    },
    /// There is a foreign hook, and the place where an earlier one is kept is taken.
    #[error("{} is there, and {} still holds the one from before hookd", hook.display(), kept.display())]
    TwoForeign {
        /// The foreign hook in git's place.
        hook: PathBuf,
        /// The one kept at the first install.
        kept: PathBuf,
    },
    /// The user has a folder of hooks for all repositories, and it is not hookd's.
    #[error(
        "core.hooksPath is set to {0} for all your repositories, and git before 2.54 has one such folder only"
    )]
    ForeignHooksPath(String),
    /// git could not be asked, or could not write its configuration.
    #[error(transparent)]
    Git(#[from] GitError),
}

impl InstallError {
    /// What to do next.
    #[must_use]
    pub fn hint(&self) -> &'static str {
        match self {
            Self::File { .. } => "look at its owner and permissions; nothing was changed",
            Self::TwoForeign { .. } => {
                "decide which of the two is wanted, delete the other, then: hookd install"
            }
            Self::ForeignHooksPath(_) => {
                "put hookd into that folder: hookd install in any repository that uses it; or: git config --global --unset core.hooksPath"
            }
            Self::Git(error) => error.hint(),
        }
    }
}

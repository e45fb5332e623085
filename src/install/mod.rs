//! Writing hook shims into the folder git runs hooks from, keeping and giving back what was there.

mod consent;
mod place;
mod shim;

pub use consent::{CommandText, Consent};
pub use place::{Installed, Removed, install, uninstall};

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
}

impl InstallError {
    /// What to do next.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::File { .. } => "look at its owner and permissions; nothing was changed",
            Self::TwoForeign { .. } => {
                "decide which of the two is wanted, delete the other, then: hookd install"
            }
        }
    }
}

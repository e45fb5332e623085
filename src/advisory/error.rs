//! Why advisory data can't be had.

use std::path::{Path, PathBuf};

/// What went wrong with advisory data. The texts name the place; the caller knows the command to type next.
#[derive(Debug, thiserror::Error)]
pub enum AdvisoryError {
    /// A file or folder can't be read or written.
    #[error("{path}: {source}", path = path.display())]
    Io {
        /// Which one.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// A database file is damaged or of another format.
    #[error("{path} is not a usable advisory database: {reason}", path = path.display())]
    Database {
        /// Which one.
        path: PathBuf,
        /// What does not fit.
        reason: &'static str,
    },
    /// An archive is no ZIP file, is damaged, or would unpack to more than is sane.
    #[error("{origin} is damaged: {reason}")]
    Archive {
        /// Its path or address.
        origin: String,
        /// What is wrong.
        reason: String,
    },
    /// There is not one usable advisory.
    #[error("{origin} holds no usable advisory")]
    NoRecords {
        /// The path or address.
        origin: String,
    },
    /// The new data has far fewer advisories than the old: more likely a broken download than good news.
    #[error(
        "{origin} has {new} advisories for {ecosystem}, the database at hand {old}: kept the one at hand"
    )]
    Shrunk {
        /// Where the new data is from.
        origin: String,
        /// Whose advisories.
        ecosystem: &'static str,
        /// How many are in use.
        old: u64,
        /// How many would be.
        new: u64,
    },
    /// One record of a server's list of changes is not what the list says.
    #[error("{url} can't be trusted: {reason}; kept the database at hand")]
    Record {
        /// Its address.
        url: String,
        /// What does not fit.
        reason: &'static str,
    },
    /// Data that was handed over is older than what is at hand.
    #[error("{origin} is from {theirs}, the database at hand from {ours}: kept the one at hand")]
    Older {
        /// Where the data is from.
        origin: String,
        /// Its day.
        theirs: jiff::civil::Date,
        /// The day of what is at hand.
        ours: jiff::civil::Date,
    },
    /// Another update is at work.
    #[error("another hookd is updating the advisory data just now")]
    Busy,
    /// The server does not offer the file.
    #[error("{url}: not found (404)")]
    NotFound {
        /// The address.
        url: String,
    },
    /// The server goes on and on: what it sends is too slow or too much.
    #[error("{url}: {reason}")]
    Server {
        /// The address.
        url: String,
        /// What it did.
        reason: String,
    },
    /// The server can't be reached or answers with something else.
    #[error("{url}: {reason}")]
    Network {
        /// The address.
        url: String,
        /// What happened.
        reason: String,
    },
}

impl AdvisoryError {
    /// What to do next: one short sentence or a command.
    #[must_use]
    pub const fn hint(&self) -> &'static str {
        match self {
            Self::Io { .. } => "check the path, its permissions and the space on the disk",
            Self::Database { .. } => "hookd db update",
            Self::Archive { .. } | Self::NoRecords { .. } => {
                "give an all.zip of OSV's bucket, a folder of them, or OSV records as JSON"
            }
            Self::Shrunk { .. } => "try again later; if the new data is right, repeat with --force",
            Self::Record { .. } | Self::Server { .. } => {
                "try again later, or name a mirror with --url; hookd db update --force downloads everything anew"
            }
            Self::Older { .. } => "if the older data is wanted, repeat with --force",
            Self::Busy => "wait for it, then look: hookd db status",
            Self::NotFound { .. } => "check the ecosystem's name and `url` in [scan.audit]",
            Self::Network { .. } => {
                "check the connection and try again: the download goes on where it stopped"
            }
        }
    }

    /// For `map_err`: an error of the operating system at `path`.
    pub(super) fn io(path: &Path) -> impl FnOnce(std::io::Error) -> Self + '_ {
        |source| Self::Io {
            path: path.to_owned(),
            source,
        }
    }
}

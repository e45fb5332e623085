//! Known vulnerabilities and malicious packages: OSV records, the local database made of them, and its download.

mod bytes;
mod cvss;
mod database;
mod entry;
mod error;
mod export;
mod fixes;
mod group;
mod import;
mod meta;
mod osv;
mod pack;
mod range;
mod record;
mod sources;
mod text;
mod update;

pub use database::{Database, EcosystemStatus, is_fresh, status};
pub use entry::{Kind, Lookup, Match};
pub use error::AdvisoryError;
pub use export::{export, import};
pub use group::{Advisory, group};
pub use import::{ImportOptions, ImportReport, Imported};
pub use meta::Meta;
pub use text::Text;
pub use update::{DEFAULT_URL, UpdateOptions, UpdateReport, Updated, update};

use std::path::{Path, PathBuf};

/// The folder of the advisory database below hookd's data folder.
#[must_use]
pub fn folder(data_dir: &Path) -> PathBuf {
    data_dir.join("advisories")
}

/// Hears how far a long piece of work is. Every method may do nothing.
pub trait Progress: Sync {
    /// A piece of work starts: what it is, and how many units (bytes or records) it has, where that is known.
    fn start(&self, what: &str, total: Option<u64>) {
        let _ = (what, total);
    }

    /// So many more units are done. Called from many threads.
    fn advance(&self, by: u64) {
        let _ = by;
    }

    /// The piece of work is over, well or not.
    fn finish(&self) {}
}

/// Hears nothing.
impl Progress for () {}

#[cfg(test)]
mod tests;

//! The earlier contents of a file, read only when a scanner asks.

use crate::git::{BlobReader, added_lines};
use crate::model::{AddedLines, ObjectId};
use crate::scan::Base;

/// Blobs of the repository.
pub(super) struct BlobBase<'a> {
    pub(super) blobs: Option<&'a BlobReader>,
    pub(super) ids: &'a [ObjectId],
}

impl Base for BlobBase<'_> {
    fn contents(&self) -> Result<Vec<Vec<u8>>, String> {
        let read = |id: &ObjectId| {
            let blobs = self.blobs.ok_or("there is no repository")?;
            blobs.read(*id).map_err(|error| error.to_string())
        };
        self.ids.iter().map(read).collect()
    }

    fn added(&self, bases: &[Vec<u8>], now: &[u8]) -> AddedLines {
        bases
            .iter()
            .map(|base| added_lines(base, now))
            .reduce(|all, one| all.intersect(&one))
            .unwrap_or(AddedLines::All)
    }
}

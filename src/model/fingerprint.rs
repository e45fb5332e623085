//! The name under which a finding is known from run to run.

use super::Finding;
use sha2::{Digest, Sha256};
use std::fmt::Write as _;

impl Finding {
    /// 32 hexadecimal digits that stay the same while scanner, rule, file and the found thing stay the same; lines may move.
    #[must_use]
    pub fn fingerprint(&self) -> String {
        let mut hash = Sha256::new();
        for part in [
            b"hookd-fingerprint/1".as_slice(),
            self.scanner.as_bytes(),
            self.rule.as_bytes(),
            self.path.as_bytes(),
            &self.identity,
        ] {
            // The length goes first, so that no two lists of parts run together into the same bytes.
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        let mut text = String::with_capacity(32);
        for byte in &hash.finalize()[..16] {
            // Writing to a String cannot fail.
            let _ = write!(text, "{byte:02x}");
        }
        text
    }
}

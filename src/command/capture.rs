//! The output of a command, kept within bounds.

use std::collections::VecDeque;

/// How much is kept from the beginning, and as much from the end.
const HALF: usize = 1 << 20;

/// Bytes as they came, the middle left out where there are too many.
#[derive(Debug, Default)]
pub(super) struct Capture {
    head: Vec<u8>,
    tail: VecDeque<u8>,
    dropped: u64,
}

impl Capture {
    pub(super) fn push(&mut self, mut bytes: &[u8]) {
        let room = HALF - self.head.len();
        let (first, rest) = bytes.split_at(bytes.len().min(room));
        self.head.extend_from_slice(first);
        bytes = rest;
        self.tail.extend(bytes);
        let over = self.tail.len().saturating_sub(HALF);
        self.tail.drain(..over);
        self.dropped += over as u64;
    }

    /// The output, with a line that says how much is missing where something is.
    pub(super) fn into_bytes(self) -> Vec<u8> {
        let mut out = self.head;
        if self.dropped > 0 {
            let note = format!("\n[hookd: {} bytes of output left out]\n", self.dropped);
            out.extend_from_slice(note.as_bytes());
        }
        out.extend(self.tail);
        out
    }
}

#[cfg(test)]
mod tests {
    use super::{Capture, HALF};

    #[test]
    fn beginning_and_end_are_kept() {
        let mut capture = Capture::default();
        capture.push(b"first");
        for _ in 0..300 {
            capture.push(&[b'x'; 10_000]);
        }
        capture.push(b"last");
        let out = capture.into_bytes();
        assert!(out.starts_with(b"firstx") && out.ends_with(b"xlast"));
        assert!(out.len() < 2 * HALF + 100);
        let note = format!("{} bytes of output left out", 3_000_009 - 2 * HALF);
        assert!(String::from_utf8_lossy(&out).contains(&note));
    }

    #[test]
    fn what_fits_is_untouched() {
        let mut capture = Capture::default();
        capture.push(&vec![b'a'; HALF]);
        capture.push(&vec![b'b'; HALF]);
        let out = capture.into_bytes();
        assert_eq!(out.len(), 2 * HALF);
        assert_eq!(&out[HALF - 1..=HALF], b"ab");
    }
}

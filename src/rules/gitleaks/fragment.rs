//! Which files gitleaks 8 leaves out, and how it cuts the others: in pieces that each are looked at by themselves.

use std::ops::Range;

/// How much is read at once.
const PIECE: usize = 100_000;
/// How much more is read at most until an empty line.
const MORE: usize = 25_000;
/// What is read ahead of an empty line and becomes the next piece.
const AHEAD: usize = 4096;

/// Parts of the names of archives and compressed files.
const ARCHIVES: &[&str] = &[
    ".zip", ".tar", ".gz", ".bz2", ".xz", ".zst", ".7z", ".rar", ".br", ".lz4", ".lz", ".mz",
    ".sz", ".s2", ".zz",
];

/// First bytes of documents, archives, programs and fonts, by the file formats' own descriptions.
const SIGNATURES: &[&[u8]] = &[
    b"PK\x03\x04",
    b"PK\x05\x06",
    b"PK\x07\x08",
    b"\x1F\x8B\x08",
    b"\x1F\xA0",
    b"\x1F\x9D",
    b"BZh",
    b"7z\xBC\xAF\x27\x1C",
    b"\xFD7zXZ\0",
    b"\x28\xB5\x2F\xFD",
    b"Rar!\x1A\x07",
    b"LZIP",
    b"%PDF",
    b"%!",
    b"MZ",
    b"{\\rtf",
    b"CWS",
    b"FWS",
    b"SQLite format 3\0",
    b"SQLi",
    b"NES\x1A",
    b"Cr24",
    b"MSCF",
    b"ISc(",
    b"!<arch>",
    b"\xED\xAB\xEE\xDB",
    b"\x7FELF",
    b"\0asm",
    b"dex\n",
    b"dey\n",
    b"wOFF",
    b"wOF2",
    b"\0\x01\0\0\0",
    b"OTTO\0",
    b"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1",
    b"\xFE\xED\xFA\xCE",
    b"\xFE\xED\xFA\xCF",
    b"\xCE\xFA\xED\xFE",
    b"\xCF\xFA\xED\xFE",
    b"\xCA\xFE\xBA\xBE",
];

/// Whether gitleaks opens the file but looks into it no further.
pub(super) fn is_skipped(path: &str, bytes: &[u8]) -> bool {
    let name = path.rsplit('/').next().unwrap_or(path).to_lowercase();
    ARCHIVES.iter().any(|part| name.contains(part))
        || SIGNATURES.iter().any(|start| bytes.starts_with(start))
        || bytes.get(257..262) == Some(b"ustar")
}

/// The pieces of a file. Each ends at an empty line where one is near.
pub(super) fn fragments(bytes: &[u8]) -> Vec<Range<usize>> {
    let mut pieces = Vec::new();
    let (mut start, mut read) = (0, 0);
    while start < bytes.len() {
        // What was read ahead comes alone; only after that a whole piece is read again.
        let full = if read > start {
            read
        } else {
            bytes.len().min(start + PIECE)
        };
        let end = boundary(bytes, start, full);
        let ahead = (end - full).div_ceil(AHEAD) * AHEAD;
        read = bytes.len().min(full + ahead);
        pieces.push(start..end);
        start = end;
    }
    pieces
}

/// Where a piece from `start` that goes to `full` at least ends.
fn boundary(bytes: &[u8], start: usize, full: usize) -> usize {
    let blanks = bytes[start..full]
        .iter()
        .rev()
        .take_while(|byte| b" \t\r\n".contains(byte));
    if blanks.filter(|&&byte| byte == b'\n').count() >= 2 {
        return full;
    }
    let (mut end, mut lines) = (full, 0);
    loop {
        match bytes[end - 1] {
            b'\n' => lines += 1,
            b' ' | b'\t' | b'\r' => {}
            _ => lines = 0,
        }
        if lines >= 2 || end - full >= MORE || end == bytes.len() {
            return end;
        }
        end += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::{fragments, is_skipped};

    #[test]
    fn pieces_end_at_empty_lines() {
        let text = format!("{}\n\n{}\n\nrest", "x".repeat(100_050), "y".repeat(5000));
        let pieces = fragments(text.as_bytes());
        assert_eq!(pieces[0], 0..100_052);
        assert_eq!(pieces.last().map(|piece| piece.end), Some(text.len()));
        assert!(pieces.windows(2).all(|two| two[0].end == two[1].start));
        assert_eq!(fragments(&[b'x'; 130_000])[0], 0..125_000);
        assert!(fragments(b"").is_empty());
    }

    #[test]
    fn archives_and_programs_are_left_out() {
        assert!(is_skipped("a/b.zip.txt", b"text") && is_skipped("a", b"\x7FELF.."));
        assert!(!is_skipped("a.tar.d/b.txt", b"text") && !is_skipped("a.tgz", b"text"));
    }
}

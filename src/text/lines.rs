//! Byte offsets to lines and columns.

use crate::model::Position;

/// How many bytes lie between two places whose line is remembered.
const BLOCK: usize = 1024;

/// Tells lines and columns of bytes. Lines end with `\n`; a `\r` before it belongs to the line.
///
/// Line ends are counted a block at a time: a table of all lines takes ten times as long to make, and few are asked for.
#[derive(Debug, Clone)]
pub struct LineIndex {
    /// Line ends before each block; the last entry is how many there are in all.
    before: Vec<usize>,
}

impl LineIndex {
    /// Counts the lines of `text`.
    #[must_use]
    pub fn new(text: &[u8]) -> Self {
        let mut before = Vec::with_capacity(text.len() / BLOCK + 2);
        let mut count = 0;
        before.push(count);
        for block in text.chunks(BLOCK) {
            count += ends(block);
            before.push(count);
        }
        Self { before }
    }

    /// The place of byte `offset` in `text`, which must be the text the index was made from.
    /// An offset past the end gives the end.
    #[must_use]
    pub fn position(&self, text: &[u8], offset: usize) -> Position {
        let offset = offset.min(text.len());
        let block = offset / BLOCK;
        let line = self.before[block] + ends(&text[block * BLOCK..offset]);
        let start = memchr::memrchr(b'\n', &text[..offset]).map_or(0, |at| at + 1);
        let column = columns(&text[start..offset]) + 1;
        Position {
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            byte: offset as u64,
        }
    }

    /// The byte range of line `number` (from 1) without its line end; empty past the last line.
    #[must_use]
    pub fn line_range(&self, text: &[u8], number: u32) -> std::ops::Range<usize> {
        let Some(start) = self.start(text, (number as usize).saturating_sub(1)) else {
            return text.len()..text.len();
        };
        let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |at| start + at);
        let end = if end > start && text[end - 1] == b'\r' {
            end - 1
        } else {
            end
        };
        start..end
    }

    /// Where the line with `index` line ends before it starts.
    fn start(&self, text: &[u8], index: usize) -> Option<usize> {
        let Some(wanted) = index.checked_sub(1) else {
            return Some(0);
        };
        let block = self.before.partition_point(|&count| count <= wanted);
        let from = block.checked_sub(1)? * BLOCK;
        let mut found = memchr::memchr_iter(b'\n', text.get(from..)?);
        let at = found.nth(wanted - self.before[block - 1])?;
        Some(from + at + 1)
    }

    /// How many lines there are; a text that ends with a line end has an empty last one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.before.last().copied().unwrap_or(0) + 1
    }

    /// Never: a text has at least one line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        false
    }
}

fn ends(bytes: &[u8]) -> usize {
    memchr::memchr_iter(b'\n', bytes).count()
}

/// Unicode scalar values in `bytes`; each byte that is no part of one counts as one.
fn columns(bytes: &[u8]) -> usize {
    bytes
        .utf8_chunks()
        .map(|chunk| chunk.valid().chars().count() + chunk.invalid().len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::LineIndex;

    #[test]
    fn columns_count_scalar_values_and_stray_bytes() {
        let text = "a\r\né\u{1F600}x\n".as_bytes();
        let index = LineIndex::new(text);
        let place = |offset| {
            let position = index.position(text, offset);
            (position.line, position.column)
        };
        assert_eq!(place(0), (1, 1));
        assert_eq!(place(3), (2, 1));
        assert_eq!(place(5), (2, 2));
        assert_eq!(place(9), (2, 3));
        assert_eq!(place(text.len()), (3, 1));
        let stray = b"\xff\xfeq";
        assert_eq!(LineIndex::new(stray).position(stray, 2).column, 3);
    }

    #[test]
    fn line_ranges_leave_the_line_end_out() {
        let text = b"one\r\ntwo";
        let index = LineIndex::new(text);
        assert_eq!(&text[index.line_range(text, 1)], b"one");
        assert_eq!(&text[index.line_range(text, 2)], b"two");
        assert!(index.line_range(text, 9).is_empty());
    }

    #[test]
    fn blocks_change_no_answer() {
        // Lines of every length around the size of a block, and line ends on both sides of its border.
        let mut text = Vec::new();
        for length in [0, 1, 1022, 1023, 1024, 1025, 0, 0, 3000, 2, 1023, 5] {
            text.extend(std::iter::repeat_n(b'x', length));
            text.push(b'\n');
        }
        text.extend_from_slice(b"end");
        let index = LineIndex::new(&text);
        let mut start = 0;
        let mut number = 0;
        for line in text.split(|&byte| byte == b'\n') {
            number += 1;
            let range = index.line_range(&text, number);
            assert_eq!(range, start..start + line.len());
            for at in [start, start + line.len()] {
                let place = index.position(&text, at);
                let column = u32::try_from(at - start + 1).unwrap();
                assert_eq!((place.line, place.column), (number, column));
            }
            start += line.len() + 1;
        }
        assert_eq!(index.len(), number as usize);
        assert!(index.line_range(&text, number + 1).is_empty());
    }
}

//! Byte offsets to lines and columns.

use crate::model::Position;

/// Where each line of a text starts. Lines end with `\n`; a `\r` before it belongs to the line.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Finds the line starts of `text`.
    #[must_use]
    pub fn new(text: &[u8]) -> Self {
        let mut starts = Vec::with_capacity(text.len() / 32 + 1);
        starts.push(0);
        starts.extend(memchr::memchr_iter(b'\n', text).map(|at| at + 1));
        Self { starts }
    }

    /// The place of byte `offset` in `text`, which must be the text the index was made from.
    /// An offset past the end gives the end.
    #[must_use]
    pub fn position(&self, text: &[u8], offset: usize) -> Position {
        let offset = offset.min(text.len());
        let line = self.starts.partition_point(|&start| start <= offset) - 1;
        let column = columns(&text[self.starts[line]..offset]) + 1;
        Position {
            line: u32::try_from(line + 1).unwrap_or(u32::MAX),
            column: u32::try_from(column).unwrap_or(u32::MAX),
            byte: offset as u64,
        }
    }

    /// The byte range of line `number` (from 1) without its line end; empty past the last line.
    #[must_use]
    pub fn line_range(&self, text: &[u8], number: u32) -> std::ops::Range<usize> {
        let index = (number as usize).saturating_sub(1);
        let Some(&start) = self.starts.get(index) else {
            return text.len()..text.len();
        };
        let end = self
            .starts
            .get(index + 1)
            .map_or(text.len(), |next| next - 1);
        let end = if end > start && text[end - 1] == b'\r' {
            end - 1
        } else {
            end
        };
        start..end
    }

    /// How many lines there are; a text that ends with a line end has an empty last one.
    #[must_use]
    pub fn len(&self) -> usize {
        self.starts.len()
    }

    /// Never: a text has at least one line.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.starts.is_empty()
    }
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
}

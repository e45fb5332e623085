//! A file as scanners see it.

use crate::model::{AddedLines, FileMeta, Position, Span};
use crate::text::LineIndex;
use std::cell::OnceCell;
use std::ops::Range;

/// What a file is judged against. Asked only when a scanner has something to judge.
pub trait Base {
    /// The earlier contents of the file: none where it is new or the run judges whole files, several in a merge.
    ///
    /// # Errors
    /// Why they could not be read.
    fn contents(&self) -> Result<Vec<Vec<u8>>, String>;

    /// The lines of `now` that no content of `bases` has at that place.
    fn added(&self, bases: &[Vec<u8>], now: &[u8]) -> AddedLines;
}

/// A file handed to a scanner: its bytes, and on demand its lines, its earlier contents, its added lines.
pub struct SourceFile<'a> {
    meta: &'a FileMeta,
    bytes: &'a [u8],
    origin: Position,
    base: &'a dyn Base,
    lines: OnceCell<LineIndex>,
    contents: OnceCell<Result<Vec<Vec<u8>>, String>>,
    added: OnceCell<AddedLines>,
}

impl<'a> SourceFile<'a> {
    /// The whole file.
    #[must_use]
    pub const fn new(meta: &'a FileMeta, bytes: &'a [u8], base: &'a dyn Base) -> Self {
        Self::window(meta, bytes, Position::START, base)
    }

    /// A part of a file that starts at `origin`, which must be the start of a line unless the line is longer than a window.
    #[must_use]
    pub const fn window(
        meta: &'a FileMeta,
        bytes: &'a [u8],
        origin: Position,
        base: &'a dyn Base,
    ) -> Self {
        Self {
            meta,
            bytes,
            origin,
            base,
            lines: OnceCell::new(),
            contents: OnceCell::new(),
            added: OnceCell::new(),
        }
    }

    /// The whole lines of it within `reach` bytes of byte `at` of the file, as a part of its own.
    #[must_use]
    pub fn around(&self, at: u64, reach: usize) -> Self {
        let at = usize::try_from(at.saturating_sub(self.origin.byte)).unwrap_or(usize::MAX);
        let at = at.min(self.bytes.len());
        let (from, to) = (at.saturating_sub(reach), at.saturating_add(reach));
        let from = memchr::memrchr(b'\n', &self.bytes[..from]).map_or(0, |found| found + 1);
        let rest = &self.bytes[to.min(self.bytes.len())..];
        let to = self.bytes.len() - rest.len() + memchr::memchr(b'\n', rest).unwrap_or(rest.len());
        Self::window(
            self.meta,
            &self.bytes[from..to],
            self.position(from),
            self.base,
        )
    }

    /// What is known about the file without reading it.
    #[must_use]
    pub const fn meta(&self) -> &'a FileMeta {
        self.meta
    }

    /// The bytes to check.
    #[must_use]
    pub const fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The place in the file of byte `offset` of [`Self::bytes`].
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        let local = self.lines().position(self.bytes, offset);
        let column = if local.line == 1 {
            local.column + self.origin.column - 1
        } else {
            local.column
        };
        Position {
            line: local.line + self.origin.line - 1,
            column,
            byte: local.byte + self.origin.byte,
        }
    }

    /// The place in the file of a range of [`Self::bytes`].
    #[must_use]
    pub fn span(&self, range: Range<usize>) -> Span {
        Span {
            start: self.position(range.start),
            end: self.position(range.end),
        }
    }

    /// The line index of [`Self::bytes`], made on first use.
    pub fn lines(&self) -> &LineIndex {
        self.lines.get_or_init(|| LineIndex::new(self.bytes))
    }

    /// The bytes of line `number` of [`Self::bytes`] (from 1), without the line end.
    #[must_use]
    pub fn line(&self, number: u32) -> &'a [u8] {
        &self.bytes[self.lines().line_range(self.bytes, number)]
    }

    /// The earlier contents of the file, read on first use: none where it is new or the run judges whole files.
    ///
    /// # Errors
    /// Why they could not be read.
    pub fn bases(&self) -> Result<&[Vec<u8>], &str> {
        match self.contents.get_or_init(|| self.base.contents()) {
            Ok(contents) => Ok(contents),
            Err(reason) => Err(reason),
        }
    }

    /// The lines the change brought in, worked out on first use; all of them where an earlier content cannot be read
    /// (a finding too many is better than one too few).
    pub fn added(&self) -> &AddedLines {
        self.added.get_or_init(|| match self.bases() {
            Ok([]) | Err(_) => AddedLines::All,
            Ok(bases) => self.base.added(bases, self.bytes),
        })
    }
}

//! Decoded text that knows where each of its bytes comes from.

use std::ops::Range;

/// How text was encoded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Code {
    /// `%41`
    Percent,
    /// `\u0041`
    Unicode,
    /// RFC 4648, either alphabet
    Base64,
    /// `41`
    Hex,
}

impl Code {
    /// Its name in reports.
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Percent => "percent",
            Self::Unicode => "unicode",
            Self::Base64 => "base64",
            Self::Hex => "hex",
        }
    }
}

/// A stretch of text, partly decoded.
#[derive(Debug)]
pub(super) struct Layer {
    code: Code,
    text: Vec<u8>,
    /// In order of text, without gaps.
    pieces: Vec<Piece>,
}

#[derive(Debug)]
struct Piece {
    text: Range<usize>,
    source: Range<usize>,
    decoded: bool,
}

impl Layer {
    /// An empty one.
    pub(super) const fn new(code: Code) -> Self {
        Self {
            code,
            text: Vec::new(),
            pieces: Vec::new(),
        }
    }

    /// How it was encoded.
    pub(super) const fn code(&self) -> Code {
        self.code
    }

    /// The text.
    pub(super) fn text(&self) -> &[u8] {
        &self.text
    }

    /// Adds `range` of `bytes` as it is.
    pub(super) fn copy(&mut self, bytes: &[u8], range: Range<usize>) {
        self.add(&bytes[range.clone()], range, false);
    }

    /// Adds what `source` says.
    pub(super) fn decoded(&mut self, text: &[u8], source: Range<usize>) {
        self.add(text, source, true);
    }

    fn add(&mut self, text: &[u8], source: Range<usize>, decoded: bool) {
        if text.is_empty() {
            return;
        }
        let start = self.text.len();
        self.text.extend_from_slice(text);
        self.pieces.push(Piece {
            text: start..self.text.len(),
            source,
            decoded,
        });
    }

    /// The pieces that `range` of the text touches.
    fn touched(&self, range: &Range<usize>) -> &[Piece] {
        let first = self
            .pieces
            .partition_point(|piece| piece.text.end <= range.start);
        let rest = &self.pieces[first..];
        let count = rest.partition_point(|piece| piece.text.start < range.end);
        &rest[..count]
    }

    /// Whether any of `range` of the text was decoded.
    pub(super) fn is_decoded(&self, range: &Range<usize>) -> bool {
        self.touched(range).iter().any(|piece| piece.decoded)
    }

    /// What `range` of the text is written as.
    pub(super) fn source(&self, range: &Range<usize>) -> Range<usize> {
        match self.touched(range) {
            [] => 0..0,
            [first, ..] if range.is_empty() => first.source.start..first.source.start,
            [only] => only.source(range),
            [first, .., last] => first.source(range).start..last.source(range).end,
        }
    }
}

impl Piece {
    /// The part of the source that holds the part of the text: to the byte, for base64 to the group of four digits.
    fn source(&self, range: &Range<usize>) -> Range<usize> {
        let start = range.start.saturating_sub(self.text.start);
        let end = range.end.min(self.text.end) - self.text.start;
        let (text, source) = (self.text.len(), self.source.len());
        let (from, to) = if !self.decoded {
            (start, end)
        } else if source == text * 2 {
            (start * 2, end * 2)
        } else if text == 1 {
            (0, source)
        } else {
            (start / 3 * 4, end.div_ceil(3) * 4)
        };
        self.source.start + from..self.source.start + to.min(source)
    }
}

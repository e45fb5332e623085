//! Places in a file.

use serde::Serialize;

/// One place: line and column count from 1, columns in Unicode scalar values, `byte` from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// Line, from 1.
    pub line: u32,
    /// Column in Unicode scalar values, from 1; each byte that is not UTF-8 counts as one.
    pub column: u32,
    /// Offset in bytes, from 0.
    pub byte: u64,
}

impl Position {
    /// The first character of a file.
    pub const START: Self = Self {
        line: 1,
        column: 1,
        byte: 0,
    };
}

/// From `start` up to, not including, `end`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Span {
    /// The first character.
    pub start: Position,
    /// One past the last character.
    pub end: Position,
}

impl Span {
    /// The empty span at the start of a file: for findings that concern the file as a whole.
    pub const START: Self = Self {
        start: Position::START,
        end: Position::START,
    };

    /// The lines the span touches. A span that ends at the first column of a line does not touch that line.
    #[must_use]
    pub fn lines(&self) -> LineRange {
        let last = if self.end.column == 1 && self.end.line > self.start.line {
            self.end.line - 1
        } else {
            self.end.line
        };
        LineRange {
            first: self.start.line,
            last,
        }
    }
}

/// Lines `first` to `last`, both included, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LineRange {
    /// First line.
    pub first: u32,
    /// Last line.
    pub last: u32,
}

/// The lines of a file that a change brought in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AddedLines {
    /// Every line: the file is new, or the run judges whole files.
    All,
    /// These, in order and disjoint.
    Ranges(Vec<LineRange>),
}

impl AddedLines {
    /// Whether any line of `lines` was added.
    #[must_use]
    pub fn touch(&self, lines: LineRange) -> bool {
        match self {
            Self::All => true,
            Self::Ranges(ranges) => {
                let next = ranges.partition_point(|range| range.last < lines.first);
                ranges
                    .get(next)
                    .is_some_and(|range| range.first <= lines.last)
            }
        }
    }

    /// The lines that both sets hold: what a merge adds over each of its parents.
    #[must_use]
    pub fn intersect(&self, other: &Self) -> Self {
        match (self, other) {
            (Self::All, kept) | (kept, Self::All) => kept.clone(),
            (Self::Ranges(a), Self::Ranges(b)) => Self::Ranges(intersect(a, b)),
        }
    }
}

fn intersect(a: &[LineRange], b: &[LineRange]) -> Vec<LineRange> {
    let mut out = Vec::new();
    let (mut i, mut j) = (0, 0);
    while let (Some(left), Some(right)) = (a.get(i), b.get(j)) {
        let first = left.first.max(right.first);
        let last = left.last.min(right.last);
        if first <= last {
            out.push(LineRange { first, last });
        }
        if left.last < right.last {
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::{AddedLines, LineRange};

    fn ranges(pairs: &[(u32, u32)]) -> AddedLines {
        AddedLines::Ranges(
            pairs
                .iter()
                .map(|&(first, last)| LineRange { first, last })
                .collect(),
        )
    }

    #[test]
    fn touch_is_inclusive_at_both_ends() {
        let added = ranges(&[(3, 5), (9, 9)]);
        for (first, last, want) in [
            (1, 2, false),
            (2, 3, true),
            (5, 7, true),
            (6, 8, false),
            (9, 9, true),
            (10, 12, false),
        ] {
            assert_eq!(
                added.touch(LineRange { first, last }),
                want,
                "{first}-{last}"
            );
        }
    }

    #[test]
    fn a_merge_adds_only_what_no_parent_had() {
        assert_eq!(
            ranges(&[(1, 10)]).intersect(&ranges(&[(2, 3), (8, 12)])),
            ranges(&[(2, 3), (8, 10)])
        );
        assert_eq!(
            AddedLines::All.intersect(&ranges(&[(4, 4)])),
            ranges(&[(4, 4)])
        );
    }
}

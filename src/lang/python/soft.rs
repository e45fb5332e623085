//! `case` and `match`, which are keywords where they start a line and what follows says so.

use super::pieces::{Piece, Pieces, Sort};
use std::collections::VecDeque;

/// Tells `case` from a name.
pub(super) struct Soft<'a> {
    text: &'a [u8],
    pieces: Pieces<'a>,
    /// What was read to tell.
    ahead: VecDeque<Piece>,
    at_line_start: bool,
    /// Whether the last `case` was a keyword.
    is_case: bool,
}

impl<'a> Soft<'a> {
    pub(super) fn new(text: &'a [u8], pieces: Pieces<'a>) -> Self {
        Self {
            text,
            pieces,
            ahead: VecDeque::new(),
            at_line_start: true,
            is_case: false,
        }
    }

    /// The next piece, and whether it is the keyword `case`.
    pub(super) fn next(&mut self) -> Option<(Piece, bool)> {
        let (piece, known) = match self.ahead.pop_front() {
            Some(piece) => (piece, true),
            None => (self.pieces.next()?, false),
        };
        let bytes = self.bytes(&piece);
        let case = bytes == b"case";
        if !known {
            match piece.sort {
                Sort::Newline => self.at_line_start = true,
                Sort::Blank => {}
                _ => {
                    let first = std::mem::take(&mut self.at_line_start);
                    self.word(first, case, bytes == b"match");
                }
            }
        }
        Some((piece, case && self.is_case))
    }

    fn word(&mut self, first: bool, case: bool, matches: bool) {
        let keyword = first && (case || matches) && self.looks_like_keyword();
        if case {
            self.is_case = keyword;
        }
    }

    fn bytes(&self, piece: &Piece) -> &'a [u8] {
        match piece.sort {
            Sort::Code => &self.text[piece.start..piece.end],
            _ => b"",
        }
    }

    fn read_ahead(&mut self) -> Option<Piece> {
        let piece = self.pieces.next()?;
        self.ahead.push_back(piece);
        Some(piece)
    }

    /// A name is assigned to, called, or the like; a keyword has something else behind it, and a colon behind brackets.
    fn looks_like_keyword(&mut self) -> bool {
        let next = loop {
            match self.read_ahead() {
                Some(piece) if matches!(piece.sort, Sort::Blank | Sort::Newline) => {}
                Some(piece) => break self.bytes(&piece),
                None => return true,
            }
        };
        match next {
            b"=" | b"." | b":" | b"," | b":=" | b"+=" | b"-=" | b"//=" | b"&=" | b"|=" | b"^="
            | b"<<=" | b">>=" => false,
            b"(" | b"[" => self.has_colon(),
            _ => true,
        }
    }

    /// Whether a colon stands behind the bracket, on its line.
    fn has_colon(&mut self) -> bool {
        let mut depth = 1_i64;
        while let Some(piece) = self.read_ahead() {
            match self.bytes(&piece) {
                b"(" | b"[" | b"{" => depth += 1,
                b")" | b"]" | b"}" => depth -= 1,
                b":" if depth == 0 => return true,
                _ if depth == 0 && piece.sort == Sort::Newline => return false,
                _ => {}
            }
        }
        false
    }
}

//! Numbers and names, as lizard cuts them.

use super::{Dialect, Lexemes, Raw, Sort};
use crate::lang::token::{DIGIT, skip, word_end};

impl Lexemes<'_> {
    pub(super) fn fraction(&self, at: usize) -> Option<(Raw, usize)> {
        let digits = skip(self.text, at + 1, DIGIT);
        (digits > at + 1).then(|| (Raw::Keep(Sort::Sign), self.exponent(digits)))
    }

    pub(super) fn exponent(&self, at: usize) -> usize {
        if !matches!(self.peek(at), b'e' | b'E') {
            return at;
        }
        let sign = usize::from(matches!(self.peek(at + 1), b'+' | b'-'));
        let end = skip(self.text, at + 1 + sign, DIGIT);
        if end > at + 1 + sign { end } else { at }
    }

    /// How many of the signs behind a name of Kotlin belong to it.
    pub(super) fn behind_name(&self, at: usize) -> usize {
        match (self.peek(at), self.peek(at + 1)) {
            (b'?', _) => 1,
            (b'!', b'!') => 2,
            _ => 0,
        }
    }

    /// Numbers with a point or with separators; others are words.
    pub(super) fn number(&self, at: usize) -> Option<usize> {
        let digits = skip(self.text, at, DIGIT);
        if self.dialect == Dialect::C && self.peek(digits) == b'.' {
            return Some(self.exponent(skip(self.text, digits + 1, DIGIT)));
        }
        if self.peek(word_end(self.text, digits)) != b'\'' {
            return None;
        }
        let (class, mut end): (fn(&u8) -> bool, usize) = match self.peek(at + 1) {
            b'x' if self.peek(at) == b'0' => (u8::is_ascii_hexdigit, at + 2),
            b'b' if self.peek(at) == b'0' => (|byte| matches!(byte, b'0' | b'1'), at + 2),
            _ => (u8::is_ascii_digit, at),
        };
        let run = |from: usize| from + self.text[from..].iter().take_while(|&b| class(b)).count();
        end = run(end);
        let mut separated = None;
        while self.peek(end) == b'\'' && run(end + 1) > end + 1 {
            end = run(end + 1);
            separated = Some(end);
        }
        separated
    }
}

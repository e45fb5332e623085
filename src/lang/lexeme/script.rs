//! What only JavaScript has.

use super::{Dialect, Lexemes, Raw, Sort};
use crate::lang::token::{CLASS, DIGIT, IDENTIFIER, word_end};

impl Lexemes<'_> {
    /// Names with a sign in front, signs with `?`, and tags.
    pub(super) fn script(&self, at: usize, byte: u8) -> Option<(Raw, usize)> {
        let end = match byte {
            b'#' | b'$' => word_end(self.text, at + 1),
            b'?' => at + 1 + self.second(at + 1),
            b'<' if self.dialect == Dialect::ScriptMarkup => self.tag_end(at)?,
            _ => return None,
        };
        (end > at + 1).then_some((Raw::Keep(Sort::Sign), end))
    }

    /// How many signs stand behind a `?` that belong to it.
    fn second(&self, at: usize) -> usize {
        let digit = CLASS[self.peek(at + 1) as usize] & DIGIT != 0;
        usize::from(self.peek(at) == b'?' || self.peek(at) == b'.' && !digit)
    }

    /// How many signs behind a name belong to it: a `?` that no other sign starts with.
    pub(super) fn optional(&self, at: usize) -> usize {
        usize::from(self.peek(at) == b'?' && !matches!(self.peek(at + 1), b'?' | b'.'))
    }

    /// The end of a tag that has nothing but a name.
    fn tag_end(&self, at: usize) -> Option<usize> {
        let closing = self.peek(at + 1) == b'/';
        let start = at + 1 + usize::from(closing);
        let mut end = start;
        loop {
            let letter = self.peek(end).is_ascii_alphabetic();
            let rest = &self.text[end..];
            let part = rest.iter().take_while(|byte| byte.is_ascii_alphanumeric());
            let part = end + part.count();
            match self.peek(part) {
                b'>' if letter => return Some(part + 1),
                b'.' if letter => end = part + 1,
                _ => break,
            }
        }
        let word = self.text[start..].iter();
        let word = start
            + word
                .take_while(|&&byte| CLASS[byte as usize] & IDENTIFIER != 0)
                .count();
        (closing && word > start && self.peek(word) == b'>').then_some(word + 1)
    }
}

//! Where a method stands: at its name, or at the annotation that lizard takes for its name.
//!
//! lizard passes over the token behind an annotation without arguments. Where that is the `@` of another annotation, this one is
//! a name for it, and with arguments, in front of a type, the name of a method.

use crate::lang::token::{BLANK, skip, word_end};
use std::ops::Range;

/// The annotation among those from byte `at` to the end of `head` that is taken for the name.
pub(super) fn taken(head: &[u8], mut at: usize) -> Option<Range<usize>> {
    let mut hidden = false;
    loop {
        at = blanks(head, at);
        if head.get(at) != Some(&b'@') {
            return None;
        }
        let start = at + 1;
        at = word_end(head, start);
        while head.get(at) == Some(&b'.') && !hidden {
            at = word_end(head, at + 1);
        }
        let name = start..at;
        let open = blanks(head, at);
        let arguments = head.get(open) == Some(&b'(');
        if arguments {
            at = bracket_end(head, open)?;
            let next = head.get(blanks(head, at));
            if hidden && next.is_some_and(|byte| byte.is_ascii_alphabetic() || *byte == b'_') {
                return Some(name);
            }
        }
        hidden = !arguments && !hidden;
    }
}

/// Past blanks and line ends.
fn blanks(text: &[u8], mut at: usize) -> usize {
    loop {
        at = skip(text, at, BLANK);
        if text.get(at) != Some(&b'\n') {
            return at;
        }
        at += 1;
    }
}

/// Past the bracket that closes the one at byte `at`; strings are passed over.
fn bracket_end(text: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        match *text.get(at)? {
            b'(' => depth += 1,
            b')' if depth == 1 => return Some(at + 1),
            b')' => depth -= 1,
            b'"' => at = crate::lang::token::skip_quoted(text, at + 1, b'"', true)? - 1,
            _ => {}
        }
        at += 1;
    }
}

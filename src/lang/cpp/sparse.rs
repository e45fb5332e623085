//! The tokens of C and C++ that matter in the body of a function.

use crate::lang::function::Unreadable;
use crate::lang::lexeme::{Lexeme, Lexemes, Raw, Sort};
use crate::lang::marks::{Look, Marking, Marks};
use crate::lang::token::{is_identifier, is_letter, word_end};

/// What may start such a token, or hide some.
pub(super) struct Body;

impl Marking for Body {
    #[inline]
    fn marks(before: u8, here: u8, behind: u8) -> bool {
        let brackets = (here & 0xfe == b'(') | ((here | 0x20).wrapping_sub(b'{') < 4);
        let quotes = (here & 0xfe == b'"') | (here == b'\'') | (here == b'/') | (here == b'<');
        let others = (here == b';') | (here == b'?') | ((here == b'&') & (behind == b'&'));
        let word = starts_keyword(here, behind) & !is_letter(before);
        brackets | quotes | others | word
    }

    #[inline]
    fn close(here: u8) -> bool {
        here == b','
    }
}

/// Whether a word with these first letters can be one of [`matters`].
#[inline]
const fn starts_keyword(first: u8, second: u8) -> bool {
    let o = second == b'o';
    ((first == b'i') & (second == b'f'))
        | ((first == b'f') & o)
        | ((first == b'w') & (second == b'h'))
        | ((first == b'c') & ((second == b'a') | (second == b'l')))
        | ((first == b'e') & (second == b'l'))
        | ((first == b's') & ((second == b'w') | (second == b't')))
        | (((first == b'd') | (first == b'g')) & o)
        | ((first == b't') & ((second == b'e') | (second == b'y')))
        | ((first == b'u') & (second == b'n'))
        | ((first == b'n') & (second == b'a'))
}

/// Whether a word matters.
fn matters(word: &[u8]) -> bool {
    let counts = matches!(
        word,
        b"if" | b"for" | b"foreach" | b"while" | b"catch" | b"case" | b"else" | b"switch"
    );
    let opens = matches!(
        word,
        b"template" | b"struct" | b"class" | b"namespace" | b"union"
    );
    counts || opens || matches!(word, b"do" | b"goto" | b"typedef")
}

/// The `.` that stands before byte `start` as a token of its own, behind `from`.
fn dot_before(text: &[u8], from: usize, start: usize) -> Option<usize> {
    let head = text[from..start].trim_ascii_end();
    let mut dots = head.iter().rev().take_while(|&&byte| byte == b'.').count();
    let head = &head[..head.len() - dots];
    let place = (from + head.len() + dots).checked_sub(1);
    let digits = head.iter().rev().take_while(|byte| byte.is_ascii_digit());
    let number = digits.count();
    let whole = head[..head.len() - number].last();
    if number > 0 && !whole.is_some_and(|&byte| byte == b'.' || is_identifier(byte)) {
        // The first one belongs to the number.
        dots = dots.saturating_sub(1);
    }
    // Three are a token of their own, and of two the second one is taken for a name.
    place.filter(|_| dots % 3 == 1)
}

/// The next token that matters: words of [`matters`], brackets, `;`, `?`, `~`, `&&`, `||`, directives, and a `.` before a word,
/// brace or directive of these; for a close look `,` too.
///
/// # Errors
/// A comment that is never closed.
pub(super) fn next<'a>(
    lexemes: &mut Lexemes<'a>,
    marks: &mut Marks<'a, Body>,
    look: Look,
) -> Result<Option<Lexeme>, Unreadable> {
    let text = lexemes.text;
    let mut search = lexemes.at;
    loop {
        let start = marks.next(search, look);
        let Some(&byte) = text.get(start) else {
            lexemes.at = start;
            return Ok(None);
        };
        match byte {
            b'a'..=b'z' => {
                search = word_end(text, start);
                if is_whole(text, start) && matters(&text[start..search]) {
                    return Ok(Some(behind_dot(lexemes, Sort::Word, start, search)));
                }
            }
            b'"' | b'\'' => {
                lexemes.at = literal_end(lexemes, start);
                search = lexemes.at;
            }
            b'#' | b'/' | b'<' => {
                if let Some(directive) = hidden(lexemes, start)? {
                    return Ok(Some(directive));
                }
                search = lexemes.at;
            }
            b'{' | b'}' => return Ok(Some(behind_dot(lexemes, Sort::Sign, start, start + 1))),
            _ => return Ok(Some(sign(lexemes, byte, start))),
        }
    }
}

/// Whether no word goes on with the letter at `start`.
#[inline]
fn is_whole(text: &[u8], start: usize) -> bool {
    start == 0 || !is_identifier(text[start - 1])
}

/// `&&`, `||`, or a sign of one byte.
#[inline]
fn sign(lexemes: &mut Lexemes<'_>, byte: u8, start: usize) -> Lexeme {
    let doubled = matches!(byte, b'&' | b'|') && lexemes.text.get(start + 1) == Some(&byte);
    lexemes.take(Sort::Sign, start, start + 1 + usize::from(doubled))
}

/// The token from `start` to `end`, or the `.` before it.
#[inline]
fn behind_dot(lexemes: &mut Lexemes<'_>, sort: Sort, start: usize, end: usize) -> Lexeme {
    match dot_before(lexemes.text, lexemes.at, start) {
        Some(dot) => lexemes.take(Sort::Sign, dot, dot + 1),
        None => lexemes.take(sort, start, end),
    }
}

/// Where a string or character ends whose quote stands at byte `quote`, or the number whose digits it divides.
fn literal_end(lexemes: &mut Lexemes<'_>, quote: usize) -> usize {
    let before = lexemes.text[lexemes.at..quote].iter().rev();
    let start = quote - before.take_while(|&&byte| is_identifier(byte)).count();
    if start < quote {
        let (_, end) = lexemes.raw(start);
        if end > quote {
            return end;
        }
    }
    lexemes.raw(quote).1
}

/// Goes over a comment, or a sign that stands at `start`; gives a directive, and the `.` before it or a comment.
fn hidden(lexemes: &mut Lexemes<'_>, start: usize) -> Result<Option<Lexeme>, Unreadable> {
    let (raw, end) = lexemes.raw(start);
    let hides = matches!(raw, Raw::Hash | Raw::Comment);
    if let Some(dot) = dot_before(lexemes.text, lexemes.at, start).filter(|_| hides) {
        return Ok(Some(lexemes.take(Sort::Sign, dot, dot + 1)));
    }
    match raw {
        Raw::Hash => {
            lexemes.at = end;
            return Ok(Some(lexemes.directive(start)));
        }
        Raw::Keep(sort) => lexemes.closed(sort, start, end)?,
        _ => {}
    }
    lexemes.at = end;
    Ok(None)
}

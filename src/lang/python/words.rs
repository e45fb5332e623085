//! Words that other tools count wherever they stand: in conditional expressions, in comprehensions, between operands.

use super::lexer::Lexer;
use crate::lang::token::{Kind, Token};

const WORDS: [(&[u8], &str); 8] = [
    (b"if", "if"),
    (b"elif", "elif"),
    (b"for", "for"),
    (b"while", "while"),
    (b"except", "except"),
    (b"finally", "finally"),
    (b"and", "and"),
    (b"or", "or"),
];

/// The words of a file that has been read without an error, and each `case` of a `match`.
pub(in crate::lang) fn words(text: &[u8]) -> Vec<(usize, &'static str)> {
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    let mut line: Vec<Token> = Vec::new();
    while let Ok(token) = lexer.next() {
        if matches!(token.kind, Kind::Newline | Kind::End) {
            found.extend(case(text, &line));
            line.clear();
        } else {
            line.push(token);
        }
        if token.kind == Kind::End {
            break;
        }
        if token.kind == Kind::Word {
            let bytes = token.bytes(text);
            let word = WORDS.iter().find(|(word, _)| *word == bytes);
            found.extend(word.map(|&(_, what)| (token.start, what)));
        }
    }
    found
}

/// `case` at the start of a logical line that has a colon outside brackets, but not right behind it.
fn case(text: &[u8], line: &[Token]) -> Option<(usize, &'static str)> {
    let (first, rest) = line.split_first()?;
    let second = rest.first()?;
    let named = first.bytes(text) == b"case";
    let variable = matches!(second.kind, Kind::Punct(b'=' | b'.' | b':' | b','))
        || second.kind == Kind::Operator && second.bytes(text).ends_with(b"=");
    if !named || variable {
        return None;
    }
    let mut depth = 0_u32;
    for token in rest {
        match token.kind {
            Kind::Punct(b'(' | b'[' | b'{') => depth += 1,
            Kind::Punct(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            Kind::Punct(b':') if depth == 0 => return Some((first.start, "case")),
            _ => {}
        }
    }
    None
}

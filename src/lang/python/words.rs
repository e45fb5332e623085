//! Words that other tools count wherever they stand: in conditional expressions, in comprehensions, between operands.

use super::lexer::Lexer;
use crate::lang::token::Kind;

const WORDS: [(&[u8], &str); 6] = [
    (b"if", "if"),
    (b"elif", "elif"),
    (b"for", "for"),
    (b"while", "while"),
    (b"and", "and"),
    (b"or", "or"),
];

/// The words of a file that has been read without an error.
pub(in crate::lang) fn words(text: &[u8]) -> Vec<(usize, &'static str)> {
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    while let Ok(token) = lexer.next() {
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

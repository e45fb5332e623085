//! What lizard counts in Rust beyond hookd's own rule: `?`, `where`, and arms of `_` that are not the first.

use super::lexer::Lexer;
use crate::lang::token::{Kind, Token};

/// The places of a file that has been read without an error.
pub(in crate::lang) fn words(text: &[u8]) -> Vec<(usize, &'static str)> {
    let mut lexer = Lexer::new(text);
    let mut found = Vec::new();
    let (mut before, mut wild) = (Token::START, false);
    while let Ok(token) = lexer.next() {
        match token.kind {
            Kind::End => break,
            Kind::Punct(b'?') => found.push((token.start, "?")),
            Kind::Word if token.bytes(text) == b"where" => found.push((token.start, "where")),
            Kind::FatArrow if wild => found.push((token.start, "match arm")),
            _ => {}
        }
        wild = token.bytes(text) == b"_" && !before.is(b'{');
        before = token;
    }
    found
}

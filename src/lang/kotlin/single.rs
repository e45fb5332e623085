//! Functions that are nothing but a `when`, which detekt's `ignoreSingleWhenExpression` leaves alone.

use super::scanner::DIALECT;
use crate::lang::curly::Lexer;
use crate::lang::function::Function;
use crate::lang::token::{Kind, Token};

/// Whether the body of `function` is one `when`, or `return` and one.
pub(super) fn is_when(text: &[u8], function: &Function) -> bool {
    let Some(text) = text.get(function.name_span.end..function.span.end) else {
        return false;
    };
    let mut tokens = Vec::new();
    let mut lexer = Lexer::new(text, DIALECT);
    while let Ok(token) = lexer.next() {
        if token.kind == Kind::End {
            break;
        }
        tokens.push(token);
    }
    let Some(body) = body(&tokens) else {
        return false;
    };
    let word =
        |token: Option<&Token>, word: &[u8]| token.is_some_and(|token| token.bytes(text) == word);
    let start = usize::from(word(body.first(), b"return"));
    if !word(body.get(start), b"when") {
        return false;
    }
    closes_last(body)
}

/// Whether the first brace closes with the last token; the subject may hold braces in its parentheses.
fn closes_last(body: &[Token]) -> bool {
    let mut depth = 0_u32;
    for (index, token) in body.iter().enumerate() {
        match token.kind {
            Kind::Punct(b'(' | b'[' | b'{') => depth += 1,
            Kind::Punct(b')' | b']') => depth = depth.saturating_sub(1),
            Kind::Punct(b'}') if depth <= 1 => return index + 1 == body.len(),
            Kind::Punct(b'}') => depth -= 1,
            _ => {}
        }
    }
    false
}

/// What stands between the braces, or behind `=`.
fn body(tokens: &[Token]) -> Option<&[Token]> {
    let mut depth = 0_u32;
    for (index, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Punct(b'(' | b'[') => depth += 1,
            Kind::Punct(b')' | b']') => depth = depth.saturating_sub(1),
            Kind::Punct(b'=') if depth == 0 => return Some(&tokens[index + 1..]),
            Kind::Punct(b'{') if depth == 0 => {
                let end = tokens.len().checked_sub(1)?;
                return tokens.get(index + 1..end);
            }
            _ => {}
        }
    }
    None
}

//! Whether a pattern of `case` matches everything.

use crate::lang::token::{Kind, Token};

/// Parentheses are looked through this many times; deeper patterns count as ones that can fail.
const DEPTH: u32 = 8;

/// Whether `tokens`, what stands between `case` and its colon, always match: a name or `_`, also in parentheses, with
/// `as`, or as one alternative of several. A guard makes it fail.
/// Rule: <https://docs.python.org/3/reference/compound_stmts.html#irrefutable-case-blocks>.
pub(super) fn irrefutable(text: &[u8], tokens: &[Token]) -> bool {
    always(text, tokens, DEPTH)
}

fn always(text: &[u8], tokens: &[Token], depth: u32) -> bool {
    if depth == 0 || divides(tokens, |token| token.is(b',')) {
        return false;
    }
    let mut level = 0_u32;
    let mut start = 0;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Punct(b'(' | b'[' | b'{') => level += 1,
            Kind::Punct(b')' | b']' | b'}') => level = level.saturating_sub(1),
            Kind::Punct(b'|') if level == 0 => {
                if alternative(text, &tokens[start..at], depth) {
                    return true;
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    alternative(text, &tokens[start..], depth)
}

/// Whether a token that `wanted` asks for stands outside of brackets.
fn divides(tokens: &[Token], wanted: impl Fn(&Token) -> bool) -> bool {
    let mut level = 0_u32;
    tokens.iter().any(|token| {
        match token.kind {
            Kind::Punct(b'(' | b'[' | b'{') => level += 1,
            Kind::Punct(b')' | b']' | b'}') => level = level.saturating_sub(1),
            _ => {}
        }
        level == 0 && wanted(token)
    })
}

fn alternative(text: &[u8], tokens: &[Token], depth: u32) -> bool {
    match tokens {
        [name] if name.kind == Kind::Word => {
            !matches!(name.bytes(text), b"None" | b"True" | b"False")
        }
        [inner @ .., word, _] if word.kind == Kind::Word && word.bytes(text) == b"as" => {
            always(text, inner, depth - 1)
        }
        [open, inner @ .., close] if open.is(b'(') && close.is(b')') => {
            always(text, inner, depth - 1)
        }
        _ => false,
    }
}

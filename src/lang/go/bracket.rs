//! What open brackets of Go are, and what tokens are to them.

use crate::lang::token::{Kind, Token};

/// What an open bracket is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Bracket {
    /// `(` or `[`.
    Plain,
    /// The `(` of a group of declarations: its lines are top level too.
    Group,
    /// A `{` that holds no statements: a type, a literal, a bare block.
    Brace,
    /// The block of `if`, `for`, `switch`, `select`: what stands in it is nested.
    Block,
    /// The body of a function literal.
    Literal,
    /// The body of the function that is measured.
    Body,
}

/// What waits for its `{`.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Awaits {
    Block,
    Literal,
    Type,
    /// In the head of a structure: a type was written, and what it makes a value of stands in braces.
    Value,
}

/// Whether an operand ends with this token, so that a `[` behind it is an index.
pub(super) fn ends_operand(token: &Token, text: &[u8]) -> bool {
    match token.kind {
        Kind::Word => !matches!(
            token.bytes(text),
            b"range" | b"map" | b"if" | b"for" | b"switch"
        ),
        Kind::Text | Kind::Number => true,
        Kind::Punct(byte) => matches!(byte, b')' | b']' | b'}'),
        _ => false,
    }
}

/// What a bracket adds to the depth.
pub(super) fn nesting(token: &Token) -> i32 {
    match token.kind {
        Kind::Punct(b'(' | b'[' | b'{') => 1,
        Kind::Punct(b')' | b']' | b'}') => -1,
        _ => 0,
    }
}

/// Whether a parameter is there where this token is.
pub(super) fn fills(token: &Token) -> bool {
    !matches!(
        token.kind,
        Kind::Newline | Kind::End | Kind::Punct(b')' | b']' | b'}' | b',')
    )
}

//! The little grammar that needs no parser: blocks, and expressions that follow each other without an operator.

use super::{Kind, Token};
use crate::scan::hygiene::json::Fault;

/// Keywords of every version of Python 3 (<https://docs.python.org/3/reference/lexical_analysis.html#keywords>); `async`
/// and `await` came with 3.7.
const KEYWORDS: &[&[u8]] = &[
    b"and",
    b"as",
    b"assert",
    b"async",
    b"await",
    b"break",
    b"class",
    b"continue",
    b"def",
    b"del",
    b"elif",
    b"else",
    b"except",
    b"finally",
    b"for",
    b"from",
    b"global",
    b"if",
    b"import",
    b"in",
    b"is",
    b"lambda",
    b"nonlocal",
    b"not",
    b"or",
    b"pass",
    b"raise",
    b"return",
    b"try",
    b"while",
    b"with",
    b"yield",
];

/// Keywords that begin a statement with a colon.
const COMPOUND: &[&[u8]] = &[
    b"class", b"def", b"elif", b"else", b"except", b"finally", b"for", b"if", b"try", b"while",
    b"with",
];

/// Words that begin a statement and are names elsewhere.
const SOFT: &[&[u8]] = &[b"match", b"case", b"type"];

/// The first fault of a text with these tokens.
pub(super) fn fault(text: &[u8], tokens: &[Token]) -> Option<Fault> {
    let mut block = false;
    let lines = tokens.split_inclusive(|token| token.kind == Kind::Newline);
    for line in lines {
        let opens = line.first().is_some_and(|token| token.kind == Kind::Indent);
        let solid: Vec<Token> = line
            .iter()
            .copied()
            .filter(|token| !matches!(token.kind, Kind::Indent | Kind::Dedent | Kind::Newline))
            .collect();
        let at = solid.first().map_or(text.len(), |token| token.start);
        match (block, opens) {
            (true, false) => return Some(Fault::new(at, "an indented block is missing here")),
            (false, true) => return Some(Fault::new(at, "indented without a reason")),
            _ => {}
        }
        if let Some(fault) = line_fault(text, &solid) {
            return Some(fault);
        }
        block = solid.last().is_some_and(|token| token.is(b':'));
    }
    block.then(|| Fault::new(text.len(), "an indented block is missing here"))
}

fn word<'t>(text: &'t [u8], token: &Token) -> &'t [u8] {
    if token.kind == Kind::Name {
        &text[token.start..token.end]
    } else {
        b""
    }
}

/// A fault within one logical line.
fn line_fault(text: &[u8], line: &[Token]) -> Option<Fault> {
    let (first, last) = (line.first()?, line.last()?);
    if COMPOUND.contains(&word(text, first)) && !has_colon(line) {
        return Some(Fault::new(
            first.start,
            "the colon of this statement is missing",
        ));
    }
    if let Kind::Op(b'=' | b'+' | b'-' | b'%' | b'@' | b'&' | b'|' | b'^' | b'~' | b'<' | b'>') =
        last.kind
    {
        return Some(Fault::new(
            last.start,
            "something is missing behind this operator",
        ));
    }
    let pairs = || {
        let mut pairs = line.windows(2).enumerate();
        pairs.find_map(|(at, pair)| {
            let before = at.checked_sub(1).map(|before| &line[before]);
            pair_fault(text, before, &pair[0], &pair[1])
        })
    };
    raised(text, line)
        .or_else(|| tuple_parameter(text, line))
        .or_else(pairs)
}

/// A fault of two tokens that follow each other, `before` before them.
fn pair_fault(text: &[u8], before: Option<&Token>, left: &Token, right: &Token) -> Option<Fault> {
    if left.is(b'<') && right.is(b'>') && left.end == right.start {
        return Some(Fault::new(left.start, "`<>` is `!=` in Python 3"));
    }
    let fresh = before.is_none_or(|before| before.is(b':') || before.is(b';'));
    if fresh && SOFT.contains(&word(text, left)) {
        return None;
    }
    if left.kind == Kind::Text && right.kind == Kind::Text {
        let mixed = is_bytes(text, left) != is_bytes(text, right);
        return mixed.then(|| Fault::new(right.start, "bytes and text are not joined"));
    }
    let two = ends_operand(text, left) && starts_operand(text, right);
    two.then(|| Fault::new(right.start, "an operator or a comma is missing before this"))
}

/// How deep in brackets each token is; a bracket is as deep as what is around it.
fn depths(line: &[Token]) -> impl Iterator<Item = (usize, &Token)> {
    let mut depth = 0_usize;
    line.iter().map(move |token| match token.kind {
        Kind::Op(b'(' | b'[' | b'{') => {
            depth += 1;
            (depth - 1, token)
        }
        Kind::Op(b')' | b']' | b'}') => {
            depth = depth.saturating_sub(1);
            (depth, token)
        }
        _ => (depth, token),
    })
}

/// `raise Error, "text"`, as in Python 2.
fn raised(text: &[u8], line: &[Token]) -> Option<Fault> {
    if word(text, line.first()?) != b"raise" {
        return None;
    }
    let outside = depths(line).filter(|(depth, _)| *depth == 0);
    let mut statement = outside.take_while(|(_, token)| !token.is(b';') && !token.is(b':'));
    let (_, comma) = statement.find(|(_, token)| token.is(b','))?;
    Some(Fault::new(
        comma.start,
        "`raise` takes one value in Python 3",
    ))
}

/// A tuple among parameters, as in Python 2 (PEP 3113).
fn tuple_parameter(text: &[u8], line: &[Token]) -> Option<Fault> {
    let defines = word(text, line.first()?) == b"def";
    let head = depths(line).take_while(|(depth, token)| *depth > 0 || !token.is(b':'));
    // A bracket counts as what is around it.
    let listed = |depth: usize, token: &Token| {
        (depth == 0 && token.is(b'(')) || (depth == 1 && token.is(b','))
    };
    let in_definition = head
        .zip(&line[1..])
        .find(|((depth, before), token)| defines && token.is(b'(') && listed(*depth, before))
        .map(|(_, token)| token);
    let in_lambda = || {
        let mut pairs = line.windows(2);
        let pair = pairs.find(|pair| pair[1].is(b'(') && pair[0].is_name(text, b"lambda"))?;
        pair.last()
    };
    let tuple = in_definition.or_else(in_lambda)?;
    Some(Fault::new(
        tuple.start,
        "a tuple among parameters, as in Python 2",
    ))
}

/// Whether a string is one of bytes.
fn is_bytes(text: &[u8], token: &Token) -> bool {
    let prefix = text[token.start..token.end]
        .iter()
        .take_while(|byte| byte.is_ascii_alphabetic());
    prefix.into_iter().any(|byte| matches!(byte, b'b' | b'B'))
}

/// Whether there is a colon outside of brackets.
fn has_colon(line: &[Token]) -> bool {
    depths(line).any(|(depth, token)| depth == 0 && token.is(b':'))
}

fn is_keyword(text: &[u8], token: &Token) -> bool {
    KEYWORDS.contains(&word(text, token))
}

fn ends_operand(text: &[u8], token: &Token) -> bool {
    match token.kind {
        Kind::Name => !is_keyword(text, token),
        Kind::Number | Kind::Text | Kind::Op(b')' | b']' | b'}') => true,
        _ => false,
    }
}

fn starts_operand(text: &[u8], token: &Token) -> bool {
    match token.kind {
        Kind::Name => !is_keyword(text, token),
        Kind::Number | Kind::Text | Kind::Op(b'{') => true,
        _ => false,
    }
}

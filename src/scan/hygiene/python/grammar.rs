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
    if let Some(fault) = python_2(text, line) {
        return Some(fault);
    }
    for (at, pair) in line.windows(2).enumerate() {
        let [left, right] = pair else { continue };
        if left.is(b'<') && right.is(b'>') && left.end == right.start {
            return Some(Fault::new(left.start, "`<>` is `!=` in Python 3"));
        }
        let soft = at == 0 || line[at - 1].is(b':') || line[at - 1].is(b';');
        if soft && SOFT.contains(&word(text, left)) {
            continue;
        }
        if both_text(left, right) && is_bytes(text, left) != is_bytes(text, right) {
            return Some(Fault::new(right.start, "bytes and text are not joined"));
        }
        if ends_operand(text, left) && starts_operand(text, right) && !both_text(left, right) {
            return Some(Fault::new(
                right.start,
                "an operator or a comma is missing before this",
            ));
        }
    }
    None
}

/// Forms of Python 2 that look like code of Python 3: `raise Error, "text"`, and tuples among parameters (PEP 3113).
fn python_2(text: &[u8], line: &[Token]) -> Option<Fault> {
    let (raises, defines) = match word(text, line.first()?) {
        b"raise" => (true, false),
        b"def" => (false, true),
        _ => (false, false),
    };
    let mut depth = 0_usize;
    for (at, token) in line.iter().enumerate() {
        let before = at.checked_sub(1).map(|before| &line[before]);
        match token.kind {
            Kind::Op(b'(') => {
                let tuple = defines
                    && depth == 1
                    && before.is_some_and(|before| before.is(b'(') || before.is(b','));
                if tuple || before.is_some_and(|before| before.is_name(text, b"lambda")) {
                    return Some(Fault::new(
                        token.start,
                        "a tuple among parameters, as in Python 2",
                    ));
                }
                depth += 1;
            }
            Kind::Op(b'[' | b'{') => depth += 1,
            Kind::Op(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            Kind::Op(b',') if raises && depth == 0 => {
                return Some(Fault::new(
                    token.start,
                    "`raise` takes one value in Python 3",
                ));
            }
            Kind::Op(b';' | b':') if depth == 0 && raises => return None,
            _ => {}
        }
    }
    None
}

fn both_text(left: &Token, right: &Token) -> bool {
    left.kind == Kind::Text && right.kind == Kind::Text
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
    let mut depth = 0_usize;
    line.iter().any(|token| {
        match token.kind {
            Kind::Op(b'(' | b'[' | b'{') => depth += 1,
            Kind::Op(b')' | b']' | b'}') => depth = depth.saturating_sub(1),
            _ => {}
        }
        depth == 0 && token.is(b':')
    })
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

//! What follows a name in Ruby: an assignment, an argument without parentheses, an operator.

/// Whether what follows a name assigns to it.
pub(super) fn is_assigned(rest: &[u8]) -> bool {
    match rest {
        [b'=', b'=' | b'~' | b'>', ..] => false,
        [b'=', ..] => true,
        [b'|', b'|', b'=', ..] | [b'&', b'&', b'=', ..] => true,
        [b'+' | b'-' | b'*' | b'/' | b'|', b'=', ..] => true,
        _ => false,
    }
}

/// Whether an argument starts here, not an operator.
pub(super) fn starts_argument(rest: &[u8]) -> bool {
    match rest {
        [b'"' | b'\'' | b'@' | b'$' | b'0'..=b'9', ..] => true,
        [b':' | b'*' | b'&' | b'[', next, ..] => {
            !next.is_ascii_whitespace() && !matches!(next, b'&' | b'.')
        }
        [b'-', next, ..] => *next == b'>',
        [b'a'..=b'z' | b'A'..=b'Z' | b'_', ..] => !starts_keyword(rest),
        _ => false,
    }
}

/// Whether a keyword that no argument starts with stands here; `if:` is a label.
fn starts_keyword(rest: &[u8]) -> bool {
    const KEYWORDS: [&[u8]; 11] = [
        b"if", b"unless", b"while", b"until", b"and", b"or", b"do", b"then", b"rescue", b"in",
        b"end",
    ];
    let length = rest
        .iter()
        .take_while(|byte| byte.is_ascii_alphanumeric() || **byte == b'_')
        .count();
    let label = rest[length..].starts_with(b": ");
    !label && KEYWORDS.contains(&&rest[..length])
}

//! Text from files and file names, made safe for a terminal.

use std::borrow::Cow;
use std::fmt::Write as _;

/// Escapes what could move the cursor, change colours or reorder text: control characters (but keeps none, not even
/// newlines) and Unicode's bidirectional controls. Tabs become one blank, so that carets stay under their text.
#[must_use]
pub fn printable(text: &str) -> Cow<'_, str> {
    if !text.chars().any(unsafe_on_terminal) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for character in text.chars() {
        match character {
            '\t' => out.push(' '),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            _ if unsafe_on_terminal(character) => push_escape(&mut out, character),
            _ => out.push(character),
        }
    }
    Cow::Owned(out)
}

fn push_escape(out: &mut String, character: char) {
    let code = u32::from(character);
    // Writing to a String cannot fail.
    let _ = if code < 0x100 {
        write!(out, "\\x{code:02x}")
    } else {
        write!(out, "\\u{{{code:x}}}")
    };
}

/// C0, DEL and C1 controls, and the characters of the "Trojan Source" attack (CVE-2021-42574).
fn unsafe_on_terminal(character: char) -> bool {
    character.is_control()
        || matches!(character, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn nothing_reaches_the_terminal_that_moves_it() {
        assert_eq!(printable("plain é"), "plain é");
        assert_eq!(
            printable("a\x1b[31mb\u{202e}c\td\ne\u{9b}"),
            "a\\x1b[31mb\\u{202e}c d\\ne\\x9b"
        );
    }
}

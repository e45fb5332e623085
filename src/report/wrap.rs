//! Text in lines no wider than a terminal.

use console::measure_text_width;

/// Breaks `text` at blanks into lines of at most `width` columns. A word that is longer by itself keeps its line.
pub fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    let mut used = 0;
    for word in text.split_whitespace() {
        let wide = columns(word);
        if used > 0 && used + 1 + wide > width {
            lines.push(String::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push(' ');
                used += 1;
            }
            line.push_str(word);
            used += wide;
        }
    }
    lines
}

/// How many columns `text` takes. Nearly all words are of characters that take one each, which asks for no table.
fn columns(text: &str) -> usize {
    if text.bytes().all(|byte| matches!(byte, b' '..=b'~')) {
        text.len()
    } else {
        measure_text_width(text)
    }
}

/// Joins `parts` with ` · ` into lines of at most `width` columns, broken between parts only.
pub(super) fn fill(parts: &[String], width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for part in parts {
        match lines.last_mut() {
            Some(line) if columns(line) + 3 + columns(part) <= width => {
                line.push_str(" · ");
                line.push_str(part);
            }
            _ => lines.push(part.clone()),
        }
    }
    lines
}

/// The part of `text` that fits into `width` columns and shows the characters from `from` on, with `…` where it was cut,
/// and by how many characters what it shows was moved to the left.
pub(super) fn around(text: &str, from: usize, width: usize) -> (String, usize) {
    let characters: Vec<char> = text.chars().collect();
    if columns(text) <= width {
        return (text.to_owned(), 0);
    }
    let room = width.saturating_sub(2).max(8);
    let start = if from < room / 2 { 0 } else { from - room / 4 };
    let mut shown: String = characters.iter().skip(start).take(room).collect();
    if start + room < characters.len() {
        shown.push('…');
    }
    if start == 0 {
        (shown, 0)
    } else {
        (format!("…{shown}"), start - 1)
    }
}

#[cfg(test)]
mod tests {
    use super::{around, wrap};

    #[test]
    fn wraps_at_blanks() {
        assert_eq!(wrap("aa bb cc", 5), ["aa bb", "cc"]);
        assert_eq!(wrap("a-word-too-long b", 5), ["a-word-too-long", "b"]);
        assert_eq!(wrap("", 5), [""]);
        // Two columns each, and none for what colours them.
        assert_eq!(wrap("漢字 漢 b", 6), ["漢字", "漢 b"]);
        assert_eq!(
            wrap("\u{1b}[1maa\u{1b}[0m bb", 5),
            ["\u{1b}[1maa\u{1b}[0m bb"]
        );
    }

    #[test]
    fn keeps_the_place_in_sight() {
        let long = "x".repeat(100) + "HERE" + &"y".repeat(100);
        let (shown, moved) = around(&long, 100, 40);
        assert_eq!(
            shown.chars().skip(100 - moved).take(4).collect::<String>(),
            "HERE"
        );
        assert!(shown.chars().count() <= 40);
    }
}

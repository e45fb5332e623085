//! Swift's strings, which may hold code that holds strings, and comments that nest.
//!
//! Rules: <https://docs.swift.org/swift-book/documentation/the-swift-programming-language/lexicalstructure/>. Where a string of
//! one line is not closed it ends with its line, as lizard reads it.

/// What is open while a string is read.
enum Open {
    /// A string with this many `#` around it, over several lines or not.
    Text { hashes: usize, lines: bool },
    /// `\(…)` with this many brackets open, in a string over several lines or not.
    Code { depth: usize, lines: bool },
}

/// Reads one string; what is open is on a stack of its own, since it may nest as deep as the file is long.
struct Reader<'a> {
    text: &'a [u8],
    at: usize,
    open: Vec<Open>,
}

/// The end of the string whose quote, behind `hashes` times `#`, is at byte `quote`. `None` where it is never closed.
pub(super) fn string_end(text: &[u8], quote: usize, hashes: usize) -> Option<usize> {
    let mut reader = Reader {
        text,
        at: quote,
        open: Vec::new(),
    };
    reader.enter(hashes);
    loop {
        match reader.open.last() {
            Some(&Open::Text { hashes, lines }) => reader.text(hashes, lines)?,
            Some(&Open::Code { depth, lines }) => reader.code(depth, lines)?,
            None => return Some(reader.at),
        }
    }
}

impl Reader<'_> {
    fn starts(&self, with: &[u8]) -> bool {
        self.text[self.at..].starts_with(with)
    }

    /// A string starts at the quote.
    fn enter(&mut self, hashes: usize) {
        let lines = self.starts(b"\"\"\"");
        self.at += if lines { 3 } else { 1 };
        self.open.push(Open::Text { hashes, lines });
    }

    fn text(&mut self, hashes: usize, lines: bool) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        self.at += memchr::memchr3(b'"', b'\\', b'\n', rest)?;
        let quotes: &[u8] = if lines { b"\"\"\"" } else { b"\"" };
        if self.starts(quotes) && self.hashes(quotes.len()) >= hashes {
            self.at += quotes.len() + hashes;
            self.open.pop();
        } else if self.text[self.at] == b'\\' && self.hashes(1) >= hashes {
            self.at += 1 + hashes;
            if self.text.get(self.at) == Some(&b'(') {
                self.open.push(Open::Code { depth: 0, lines });
            } else {
                self.at += 1;
            }
        } else if self.text[self.at] == b'\n' && !lines {
            self.open.pop();
        } else {
            self.at += 1;
        }
        Some(())
    }

    /// How many `#` stand `ahead` bytes from here.
    fn hashes(&self, ahead: usize) -> usize {
        let rest = self.text.get(self.at + ahead..).unwrap_or_default();
        rest.iter().take_while(|&&byte| byte == b'#').count()
    }

    fn code(&mut self, depth: usize, lines: bool) -> Option<()> {
        let rest = self.text.get(self.at..)?;
        let marks = |byte: &u8| matches!(byte, b'(' | b')' | b'\n' | b'"' | b'#');
        self.at += rest.iter().position(marks)?;
        match self.text[self.at] {
            b'"' => self.enter(0),
            b'#' => {
                let hashes = self.hashes(0);
                self.at += hashes;
                if self.text.get(self.at) == Some(&b'"') {
                    self.enter(hashes);
                }
            }
            b'\n' if !lines => {
                self.open.pop();
            }
            b'(' => self.bracket(depth + 1, lines),
            b')' => self.bracket(depth - 1, lines),
            _ => self.at += 1,
        }
        Some(())
    }

    fn bracket(&mut self, depth: usize, lines: bool) {
        self.at += 1;
        self.open.pop();
        if depth > 0 {
            self.open.push(Open::Code { depth, lines });
        }
    }
}

/// The end of the comment that starts at byte `at`, comments in it included. `None` where it is never closed.
pub(super) fn comment_end(text: &[u8], mut at: usize) -> Option<usize> {
    let mut depth = 0_usize;
    loop {
        at += memchr::memchr2(b'*', b'/', text.get(at..)?)?;
        match &text[at..text.len().min(at + 2)] {
            b"/*" => depth += 1,
            b"*/" => depth -= 1,
            _ => {
                at += 1;
                continue;
            }
        }
        at += 2;
        if depth == 0 {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{comment_end, string_end};

    /// The whole of `text` is one string.
    fn whole(text: &str) {
        let hashes = text.bytes().take_while(|&byte| byte == b'#').count();
        let end = string_end(format!("{text} \"\n").as_bytes(), hashes, hashes);
        assert_eq!(end, Some(text.len()), "{text}");
    }

    #[test]
    fn strings_end_where_they_are_closed() {
        whole(r#""a \" b""#);
        whole(r##"#"a " \n b"#"##);
        whole(r#""a \(f(x, "b)") + "\(c)") d""#);
        whole(r##"#"a \#(f("x")) \(y"#"##);
        whole("\"\"\"\nfirst \"two\" \\(a(\n\"b\"))\n\"\"\"");
    }

    #[test]
    fn a_string_that_stays_open_ends_with_its_line_or_never() {
        assert_eq!(string_end(b"\"a \\(b \n}", 0, 0), Some(7));
        assert_eq!(string_end(b"\"\"\"a\n}", 0, 0), None);
        assert_eq!(string_end(b"\"a", 0, 0), None);
    }

    #[test]
    fn comments_nest() {
        assert_eq!(comment_end(b"/* a /* b */ */ c */", 0), Some(15));
        assert_eq!(comment_end(b"/* a /* b */", 0), None);
        assert_eq!(comment_end(b"/*/ a */", 0), Some(8));
    }
}

//! Tokens and the classes of bytes that hand-written lexers share.

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or keyword.
    Word,
    /// A number.
    Number,
    /// A string or character literal.
    Text,
    /// A label or lifetime of Rust.
    Lifetime,
    /// The end of a line that ends a statement.
    Newline,
    /// `&&`
    AndAnd,
    /// `||`
    OrOr,
    /// `=>`
    FatArrow,
    /// `->`
    ThinArrow,
    /// `?:`
    Elvis,
    /// `??` and `??=`
    Coalesce,
    /// A name behind a dot, which no keyword is.
    Member,
    /// Another operator of several bytes.
    Operator,
    /// Any other single byte.
    Punct(u8),
    /// The end of the file.
    End,
}

/// A token and its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Token {
    /// What it is.
    pub(super) kind: Kind,
    /// Its first byte.
    pub(super) start: usize,
    /// One past its last byte.
    pub(super) end: usize,
}

impl Token {
    /// An empty token at the start of a file.
    pub(super) const START: Self = Self {
        kind: Kind::Newline,
        start: 0,
        end: 0,
    };

    /// Whether it is the punctuation `byte`.
    #[inline]
    pub(super) fn is(&self, byte: u8) -> bool {
        self.kind == Kind::Punct(byte)
    }

    /// Its bytes in `text`.
    #[inline]
    pub(super) fn bytes<'a>(&self, text: &'a [u8]) -> &'a [u8] {
        &text[self.start..self.end]
    }
}

/// Letters, digits, `_`, and every byte of a character past ASCII: what can go on in an identifier.
pub(super) const IDENTIFIER: u8 = 1;
/// Digits.
pub(super) const DIGIT: u8 = 2;
/// Space, tab, carriage return, vertical tab, form feed.
pub(super) const BLANK: u8 = 4;

/// The classes of each byte.
pub(super) static CLASS: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut byte = 0;
    while byte < 256 {
        table[byte] = match byte as u8 {
            b'0'..=b'9' => IDENTIFIER | DIGIT,
            b'a'..=b'z' | b'A'..=b'Z' | b'_' | 0x80..=0xff => IDENTIFIER,
            b' ' | b'\t' | b'\r' | 0x0b | 0x0c => BLANK,
            _ => 0,
        };
        byte += 1;
    }
    table
}

/// Whether `byte` is a letter of ASCII, without a branch or a table.
#[inline]
pub(super) const fn is_letter(byte: u8) -> bool {
    (byte | 0x20).wrapping_sub(b'a') < 26
}

/// Whether `byte` is of [`IDENTIFIER`], without a look at the table: for many bytes at once.
#[inline]
pub(super) const fn is_identifier(byte: u8) -> bool {
    is_letter(byte) | (byte.wrapping_sub(b'0') < 10) | (byte == b'_') | (byte >= 0x80)
}

/// What adds a point where lizard's reader of a language names nothing else: in C, C++ and Go.
pub(super) const LIZARD_POINTS: [(&[u8], &str); 8] = [
    (b"if", "if"),
    (b"for", "for"),
    (b"while", "while"),
    (b"catch", "catch"),
    (b"case", "case"),
    (b"&&", "&&"),
    (b"||", "||"),
    (b"?", "?"),
];

/// What a word or sign is called that adds a point, where `words` has it.
#[inline]
pub(super) fn point_of(words: &[(&[u8], &'static str)], bytes: &[u8]) -> Option<&'static str> {
    // Most words are none of them: one byte tells, before the bytes are compared by a call.
    let first = bytes.first();
    let found = words
        .iter()
        .find(|(word, _)| word.len() == bytes.len() && word.first() == first && *word == bytes);
    found.map(|&(_, point)| point)
}

/// The first byte from `at` on that is not of `class`.
#[inline]
pub(super) fn skip(text: &[u8], mut at: usize, class: u8) -> usize {
    while at < text.len() && CLASS[text[at] as usize] & class != 0 {
        at += 1;
    }
    at
}

/// A byte in each of eight.
#[inline]
const fn eight(byte: u8) -> u64 {
    u64::from_le_bytes([byte; 8])
}

/// The high bit of each byte of `eight_bytes` that is of [`IDENTIFIER`].
#[inline]
const fn identifier_bits(eight_bytes: u64) -> u64 {
    // No sum of two numbers of seven bits goes over into the next byte.
    let low = eight_bytes & eight(0x7f);
    let lower = low | eight(0x20);
    let letter = (lower + eight(0x80 - b'a')) & !(lower + eight(0x7f - b'z'));
    let digit = (low + eight(0x80 - b'0')) & !(low + eight(0x7f - b'9'));
    let other = (low ^ eight(b'_')) + eight(0x7f);
    (letter | digit | !other | eight_bytes) & eight(0x80)
}

/// The first byte from `at` on that is not of [`IDENTIFIER`]. Eight bytes are looked at together: how long a word is, nobody
/// can foretell, a branch for each byte least of all.
#[inline]
pub(super) fn word_end(text: &[u8], mut at: usize) -> usize {
    while let Some((bytes, _)) = text.get(at..).and_then(<[u8]>::split_first_chunk::<8>) {
        let others = !identifier_bits(u64::from_le_bytes(*bytes)) & eight(0x80);
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    skip(text, at, IDENTIFIER)
}

/// The first byte from `at` on that is no space: eight at once, as lines are indented.
#[inline]
pub(super) fn skip_spaces(text: &[u8], mut at: usize) -> usize {
    while let Some((bytes, _)) = text.get(at..).and_then(<[u8]>::split_first_chunk::<8>) {
        let others = u64::from_le_bytes(*bytes) ^ eight(b' ');
        if others != 0 {
            return at + others.trailing_zeros() as usize / 8;
        }
        at += 8;
    }
    while text.get(at) == Some(&b' ') {
        at += 1;
    }
    at
}

/// The end of a number that starts at `at`: digits, letters and `_`, and a `.` that a digit follows.
#[inline]
pub(super) fn skip_number(text: &[u8], at: usize) -> usize {
    let mut end = word_end(text, at);
    while end + 1 < text.len() && text[end] == b'.' && CLASS[text[end + 1] as usize] & DIGIT != 0 {
        end = word_end(text, end + 1);
    }
    end
}

/// One past the quote that ends a string whose content starts at `at`, a backslash hiding the byte after it;
/// where `one_line`, the line end ends it too. `None` at the end of the file.
#[inline]
pub(super) fn skip_quoted(text: &[u8], mut at: usize, quote: u8, one_line: bool) -> Option<usize> {
    loop {
        let found = if one_line {
            memchr::memchr3(quote, b'\\', b'\n', text.get(at..)?)
        } else {
            memchr::memchr2(quote, b'\\', text.get(at..)?)
        };
        at += found?;
        match text[at] {
            b'\\' => at += 2,
            b'\n' => return Some(at),
            _ => return Some(at + 1),
        }
    }
}

/// The start of the line after the one `at` is on, or the end of the file: where the line end itself is.
#[inline]
pub(super) fn line_end(text: &[u8], at: usize) -> usize {
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |found| at + found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn eight_bytes_at_once_are_told_like_one() {
        for byte in 0..=u8::MAX {
            let class = CLASS[byte as usize] & IDENTIFIER != 0;
            assert_eq!(is_identifier(byte), class, "{byte}");
            for before in 0..20 {
                let mut text = vec![b'a'; before];
                text.push(byte);
                text.extend_from_slice(b"b c");
                assert_eq!(word_end(&text, 0), skip(&text, 0, IDENTIFIER), "{byte}");
                let spaced = text.iter().map(|&b| if b == b'a' { b' ' } else { b });
                let blank: Vec<u8> = spaced.collect();
                let spaces = blank.iter().take_while(|&&byte| byte == b' ').count();
                assert_eq!(skip_spaces(&blank, 0), spaces, "{byte}");
            }
        }
    }
}

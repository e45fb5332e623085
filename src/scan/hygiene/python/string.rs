//! Where strings end, and the expressions within f-strings (PEP 701: they may hold any string).

use std::ops::Range;

/// Whether `word` is the prefix of a string, and whether of one with expressions in it. `None` where it is no prefix.
pub(super) fn prefix(word: &[u8]) -> Option<bool> {
    let mut letters: Vec<u8> = word.to_ascii_lowercase();
    letters.sort_unstable();
    match letters.as_slice() {
        b"" | b"b" | b"r" | b"u" | b"br" => Some(false),
        b"f" | b"fr" | b"t" | b"rt" => Some(true),
        _ => None,
    }
}

/// Whether three quotes are at `at`.
pub(super) fn triple(text: &[u8], at: usize) -> bool {
    let quote = text[at];
    text.get(at + 1) == Some(&quote) && text.get(at + 2) == Some(&quote)
}

/// One past the string whose first quote is at `at`; `None` where it is never closed, or not on its line.
pub(super) fn plain(text: &[u8], at: usize) -> Option<usize> {
    let quote = text[at];
    let long = triple(text, at);
    let mut next = at + if long { 3 } else { 1 };
    loop {
        let rest = text.get(next..)?;
        next += if long {
            memchr::memchr2(quote, b'\\', rest)?
        } else {
            memchr::memchr3(quote, b'\\', b'\n', rest)?
        };
        match text[next] {
            b'\\' if text[next + 1..].starts_with(b"\r\n") => next += 3,
            b'\\' => next += 2,
            b'\n' => return None,
            _ if !long => return Some(next + 1),
            _ if triple(text, next) => return Some(next + 3),
            _ => next += 1,
        }
    }
}

#[derive(Clone, Copy)]
enum Mode {
    /// Between the quotes.
    Text { quote: u8, long: bool },
    /// In an expression, so many brackets deep.
    Field {
        start: usize,
        depth: u32,
        told: bool,
    },
    /// In the format behind the colon of an expression.
    Format,
}

/// One past the f-string whose first quote is at `at`; its expressions go to `fields`. `None` where it cannot be read so.
pub(super) fn fields(text: &[u8], at: usize, fields: &mut Vec<Range<usize>>) -> Option<usize> {
    let mut scan = Scan {
        text,
        at,
        modes: Vec::new(),
        strings: 0,
        fields,
    };
    scan.enter();
    while let Some(&mode) = scan.modes.last() {
        let byte = *text.get(scan.at)?;
        match mode {
            Mode::Text { quote, long } => scan.between(byte, quote, long)?,
            Mode::Field { start, depth, told } => scan.field(byte, start, depth, told)?,
            Mode::Format => scan.format(byte)?,
        }
    }
    Some(scan.at)
}

struct Scan<'a, 'f> {
    text: &'a [u8],
    at: usize,
    modes: Vec<Mode>,
    /// How many strings are open.
    strings: usize,
    fields: &'f mut Vec<Range<usize>>,
}

impl Scan<'_, '_> {
    fn enter(&mut self) {
        let quote = self.text[self.at];
        let long = triple(self.text, self.at);
        self.at += if long { 3 } else { 1 };
        self.modes.push(Mode::Text { quote, long });
        self.strings += 1;
    }

    fn open(&mut self) {
        self.at += 1;
        self.modes.push(Mode::Field {
            start: self.at,
            depth: 0,
            told: false,
        });
    }

    fn between(&mut self, byte: u8, quote: u8, long: bool) -> Option<()> {
        let next = self.text.get(self.at + 1).copied();
        match byte {
            b'\\' => self.escape(next),
            b'{' if next == Some(b'{') => self.at += 2,
            b'{' => self.open(),
            b'\n' if !long => return None,
            _ if byte == quote => self.quote(long),
            _ => self.at += 1,
        }
        Some(())
    }

    /// A quote of the kind that the string began with.
    fn quote(&mut self, long: bool) {
        if long && !triple(self.text, self.at) {
            self.at += 1;
            return;
        }
        self.at += if long { 3 } else { 1 };
        self.modes.pop();
        self.strings -= 1;
    }

    /// `\N{…}` names a character; a backslash before a brace hides nothing.
    fn escape(&mut self, next: Option<u8>) {
        let rest = &self.text[self.at + 1..];
        self.at += match next {
            Some(b'{' | b'}') => 1,
            Some(b'N') if rest.get(1) == Some(&b'{') => {
                let name = rest
                    .iter()
                    .take(100)
                    .position(|&byte| matches!(byte, b'}' | b'\n'));
                name.map_or(2, |length| length + 2)
            }
            _ => 2,
        };
    }

    /// Notes an expression of the outermost string; those of strings within it are found when the expression is read.
    fn tell(&mut self, start: usize) {
        if self.strings == 1 {
            self.fields.push(start..self.at);
        }
    }

    fn set(&mut self, start: usize, depth: u32, told: bool) {
        if let Some(last) = self.modes.last_mut() {
            *last = Mode::Field { start, depth, told };
        }
    }

    fn field(&mut self, byte: u8, start: usize, depth: u32, told: bool) -> Option<()> {
        match byte {
            b'}' | b':' | b'!' if depth == 0 => self.leave(byte, start, told),
            b'(' | b'[' | b'{' => self.set(start, depth + 1, told),
            b')' | b']' | b'}' => self.set(start, depth.checked_sub(1)?, told),
            b'#' => {
                let rest = &self.text[self.at..];
                self.at += memchr::memchr(b'\n', rest).unwrap_or(rest.len());
                return Some(());
            }
            b'"' | b'\'' => return self.inner(),
            _ => {}
        }
        self.at += 1;
        Some(())
    }

    /// The end of an expression: of the whole field, or before its conversion or format.
    fn leave(&mut self, byte: u8, start: usize, told: bool) {
        if byte == b'!' && self.text.get(self.at + 1) == Some(&b'=') {
            return;
        }
        if !told {
            self.tell(start);
        }
        if byte == b'}' {
            self.modes.pop();
            return;
        }
        self.set(start, 0, true);
        if byte == b':' {
            self.modes.push(Mode::Format);
        }
    }

    fn inner(&mut self) -> Option<()> {
        let letters = (self.at.saturating_sub(3)..self.at)
            .rev()
            .take_while(|&at| self.text[at].is_ascii_alphanumeric())
            .last()
            .unwrap_or(self.at);
        if prefix(&self.text[letters..self.at]) == Some(true) {
            self.enter();
        } else {
            self.at = plain(self.text, self.at)?;
        }
        Some(())
    }

    /// Whether the quote or line end at hand ends the innermost string.
    fn ends_string(&self, byte: u8) -> Option<bool> {
        let (quote, long) = self.modes.iter().rev().find_map(|mode| match mode {
            Mode::Text { quote, long } => Some((*quote, *long)),
            _ => None,
        })?;
        Some(match (long, byte == quote) {
            (true, true) => triple(self.text, self.at),
            (true, false) => false,
            (false, same) => same || byte == b'\n',
        })
    }

    fn format(&mut self, byte: u8) -> Option<()> {
        match byte {
            b'{' => self.open(),
            b'}' => {
                self.at += 1;
                self.modes.pop();
                self.modes.pop();
            }
            b'"' | b'\'' | b'\n' => {
                if self.ends_string(byte)? {
                    return None;
                }
                self.at += 1;
            }
            _ => self.at += 1,
        }
        Some(())
    }
}

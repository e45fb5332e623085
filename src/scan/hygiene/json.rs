//! JSON and the dialects of it, read token by token.
//!
//! By hand: Python's `json` (what check-json is measured by) takes `NaN` and lone surrogates and refuses repeated keys,
//! JSONC has comments, JSON5 more; serde_json knows none of that. No recursion: nesting lives on the heap.
//!
//! Grammars: <https://www.rfc-editor.org/rfc/rfc8259>, <https://spec.json5.org/>, <https://jsonc.org/>.

mod number;
mod text;

pub(super) use text::{decode, from_bytes};

use std::collections::HashSet;
use std::ops::Range;

/// How deep objects and lists may be nested: Python gives up near this depth as well.
const DEPTH: usize = 990;

/// What goes beyond JSON.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Dialect {
    /// `//` and `/* */`.
    pub(super) comments: bool,
    /// A comma before `}` or `]`.
    pub(super) trailing_commas: bool,
    /// `NaN`, `Infinity`, `-Infinity`.
    pub(super) constants: bool,
    /// Everything of JSON5.
    pub(super) json5: bool,
    /// Whether a key may be there twice in an object.
    pub(super) repeated_keys: bool,
    /// Whether there may be no value at all.
    pub(super) empty: bool,
    /// Whether a byte order mark may come first.
    pub(super) mark: bool,
}

impl Dialect {
    /// What Python reads.
    pub(super) const PYTHON: Self = Self {
        comments: false,
        trailing_commas: false,
        constants: true,
        json5: false,
        repeated_keys: false,
        empty: false,
        mark: true,
    };

    /// JSON5, which holds JSON and JSONC.
    pub(super) const JSON5: Self = Self {
        comments: true,
        trailing_commas: true,
        constants: true,
        json5: true,
        repeated_keys: true,
        empty: true,
        mark: true,
    };
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Fault {
    /// The byte.
    pub(super) at: usize,
    /// What is wrong, in a few words.
    pub(super) message: String,
}

impl Fault {
    /// A fault at byte `at`.
    pub(super) fn new(at: usize, message: impl Into<String>) -> Self {
        Self {
            at,
            message: message.into(),
        }
    }
}

/// A piece of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Token {
    /// `{` or `[`.
    Open {
        /// Whether it is an object.
        object: bool,
    },
    /// `}` or `]`.
    Close,
    /// A key, as written, without its quotes.
    Key(Range<usize>),
    /// A string, as written, without its quotes.
    Text(Range<usize>),
    /// A number, as written.
    Number(Range<usize>),
    /// `true`, `false`, `null` or a constant, as written.
    Word(Range<usize>),
}

/// Reads `text` as one document and hands its tokens to `each`.
///
/// # Errors
/// The first place where it is not of the dialect.
pub(super) fn read(text: &str, dialect: Dialect, each: &mut dyn FnMut(Token)) -> Result<(), Fault> {
    let mut reader = Reader::new(text, dialect, each);
    if reader.skip()?.is_none() && dialect.empty {
        return Ok(());
    }
    reader.document()?;
    match reader.skip()? {
        Some(_) => Err(Fault::new(
            reader.at,
            "more text after the end of the document",
        )),
        None => Ok(()),
    }
}

/// As [`read`], but takes any number of documents one after the other (also none), as in files with one a line.
///
/// # Errors
/// The first place where it is not of the dialect.
pub(super) fn read_many(text: &str, dialect: Dialect) -> Result<(), Fault> {
    let mut nothing = |_| {};
    let mut reader = Reader::new(text, dialect, &mut nothing);
    while reader.skip()?.is_some() {
        reader.document()?;
    }
    Ok(())
}

/// What may come next.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Wanted {
    Value,
    /// A value or `]`.
    ValueOrEnd,
    Key,
    /// A key or `}`.
    KeyOrEnd,
    /// A comma or the closing bracket.
    CommaOrEnd,
}

/// An open object or list.
struct Level {
    object: bool,
    at: usize,
    keys: HashSet<Vec<u8>>,
}

struct Reader<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    dialect: Dialect,
    each: &'a mut dyn FnMut(Token),
    levels: Vec<Level>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str, dialect: Dialect, each: &'a mut dyn FnMut(Token)) -> Self {
        Self {
            text,
            bytes: text.as_bytes(),
            at: 0,
            dialect,
            each,
            levels: Vec::new(),
        }
    }

    fn fault<T>(&self, message: impl Into<String>) -> Result<T, Fault> {
        Err(Fault::new(self.at, message))
    }

    /// One value with everything in it.
    fn document(&mut self) -> Result<(), Fault> {
        let mut wanted = Wanted::Value;
        loop {
            let Some(byte) = self.skip()? else {
                return self.ended();
            };
            wanted = self.next(wanted, byte)?;
            if self.levels.is_empty() {
                return Ok(());
            }
        }
    }

    fn next(&mut self, wanted: Wanted, byte: u8) -> Result<Wanted, Fault> {
        match (wanted, byte) {
            (Wanted::ValueOrEnd, b']') | (Wanted::KeyOrEnd, b'}') => Ok(self.close()),
            (Wanted::Value | Wanted::ValueOrEnd, _) => self.value(byte),
            (Wanted::Key | Wanted::KeyOrEnd, _) => self.key(byte),
            (Wanted::CommaOrEnd, _) => self.comma(byte),
        }
    }

    fn ended<T>(&self) -> Result<T, Fault> {
        match self.levels.last() {
            Some(level) => Err(Fault::new(
                level.at,
                if level.object {
                    "this `{` is never closed"
                } else {
                    "this `[` is never closed"
                },
            )),
            None => self.fault("a value is missing"),
        }
    }

    /// Skips white space and, where the dialect has them, comments; gives the next byte.
    fn skip(&mut self) -> Result<Option<u8>, Fault> {
        loop {
            let Some(&byte) = self.bytes.get(self.at) else {
                return Ok(None);
            };
            match byte {
                b' ' | b'\t' | b'\n' | b'\r' => self.at += 1,
                b'/' if self.dialect.comments => self.comment()?,
                0x0b | 0x0c | 0x80.. if self.dialect.json5 => {
                    let Some(blank) = self.wide_blank() else {
                        return Ok(Some(byte));
                    };
                    self.at += blank;
                }
                _ => return Ok(Some(byte)),
            }
        }
    }

    /// The length of the character at hand, where it is white space beyond that of JSON.
    fn wide_blank(&self) -> Option<usize> {
        let character = self.text.get(self.at..)?.chars().next()?;
        (character.is_whitespace() || character == '\u{feff}').then(|| character.len_utf8())
    }

    fn comment(&mut self) -> Result<(), Fault> {
        let rest = &self.bytes[self.at..];
        if rest.starts_with(b"//") {
            self.at += memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len());
        } else if rest.starts_with(b"/*") {
            match memchr::memmem::find(&rest[2..], b"*/") {
                Some(length) => self.at += length + 4,
                None => return self.fault("this comment is never closed"),
            }
        } else {
            return self.fault("unexpected `/`");
        }
        Ok(())
    }

    fn value(&mut self, byte: u8) -> Result<Wanted, Fault> {
        match byte {
            b'{' | b'[' => return self.open(byte == b'{'),
            b'"' => {
                let range = self.string(b'"')?;
                (self.each)(Token::Text(range));
            }
            b'\'' if self.dialect.json5 => {
                let range = self.string(b'\'')?;
                (self.each)(Token::Text(range));
            }
            b'-' | b'+' | b'.' | b'0'..=b'9' => {
                let range = number::number(self.bytes, self.at, self.dialect)?;
                self.at = range.end;
                (self.each)(Token::Number(range));
            }
            _ => self.word()?,
        }
        Ok(Wanted::CommaOrEnd)
    }

    fn open(&mut self, object: bool) -> Result<Wanted, Fault> {
        if self.levels.len() >= DEPTH {
            return self.fault(format!("nested more than {DEPTH} levels deep"));
        }
        self.levels.push(Level {
            object,
            at: self.at,
            keys: HashSet::new(),
        });
        self.at += 1;
        (self.each)(Token::Open { object });
        Ok(if object {
            Wanted::KeyOrEnd
        } else {
            Wanted::ValueOrEnd
        })
    }

    fn close(&mut self) -> Wanted {
        self.at += 1;
        self.levels.pop();
        (self.each)(Token::Close);
        Wanted::CommaOrEnd
    }

    fn comma(&mut self, byte: u8) -> Result<Wanted, Fault> {
        let object = self.levels.last().is_some_and(|level| level.object);
        match (byte, object) {
            (b'}', true) | (b']', false) => Ok(self.close()),
            (b',', _) => {
                self.at += 1;
                Ok(match (object, self.dialect.trailing_commas) {
                    (true, true) => Wanted::KeyOrEnd,
                    (true, false) => Wanted::Key,
                    (false, true) => Wanted::ValueOrEnd,
                    (false, false) => Wanted::Value,
                })
            }
            (_, true) => self.fault("a comma or `}` is missing here"),
            (_, false) => self.fault("a comma or `]` is missing here"),
        }
    }

    fn key(&mut self, byte: u8) -> Result<Wanted, Fault> {
        let start = self.at;
        let range = match byte {
            b'"' => self.string(b'"')?,
            b'\'' if self.dialect.json5 => self.string(b'\'')?,
            _ if self.dialect.json5 => self.identifier()?,
            b'}' => return self.fault("a comma before `}` is not allowed"),
            _ => return self.fault("a key in double quotes is missing here"),
        };
        if !self.dialect.repeated_keys {
            let key = decode(&self.text[range.clone()]);
            let fresh = self
                .levels
                .last_mut()
                .is_none_or(|level| level.keys.insert(key));
            if !fresh {
                let name = &self.text[range];
                return Err(Fault::new(
                    start,
                    format!("the key `{name}` is there twice"),
                ));
            }
        }
        (self.each)(Token::Key(range));
        if self.skip()? != Some(b':') {
            return self.fault("a colon is missing here");
        }
        self.at += 1;
        Ok(Wanted::Value)
    }

    /// The range between the quotes of the string that starts here.
    fn string(&mut self, quote: u8) -> Result<Range<usize>, Fault> {
        let range = text::string(self.text, self.at, quote, self.dialect)?;
        self.at = range.end + 1;
        Ok(range)
    }

    /// A key without quotes.
    fn identifier(&mut self) -> Result<Range<usize>, Fault> {
        let rest = &self.text[self.at..];
        let length = rest
            .find(|c: char| {
                !(c.is_alphanumeric() || matches!(c, '_' | '$' | '\\' | '\u{200c}' | '\u{200d}'))
            })
            .unwrap_or(rest.len());
        let digit = rest.starts_with(|c: char| c.is_ascii_digit());
        if length == 0 || digit {
            return self.fault("a key is missing here");
        }
        let range = self.at..self.at + length;
        self.at = range.end;
        Ok(range)
    }

    fn word(&mut self) -> Result<(), Fault> {
        let rest = &self.bytes[self.at..];
        let length = rest
            .iter()
            .take_while(|byte| byte.is_ascii_alphanumeric())
            .count();
        let word = &self.text[self.at..self.at + length];
        let known = matches!(word, "true" | "false" | "null")
            || (self.dialect.constants && matches!(word, "NaN" | "Infinity"));
        if !known {
            return match self.bytes[self.at] {
                b']' | b'}' => self.fault("a value is missing before this bracket"),
                _ => self.fault("a value is missing here"),
            };
        }
        let range = self.at..self.at + length;
        self.at = range.end;
        (self.each)(Token::Word(range));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::{Dialect, read, read_many};

    fn fault(text: &str, dialect: Dialect) -> Option<(usize, String)> {
        read(text, dialect, &mut |_| {})
            .err()
            .map(|fault| (fault.at, fault.message))
    }

    #[test]
    fn what_python_reads_and_what_not() {
        for good in [
            "{}",
            " [1, -0.5e+3, \"a\\u00e9\\/\", NaN, -Infinity, true, null]\n",
            "3",
            "\"\"",
            "{\"a\": {\"a\": []}}",
            "\"\\ud800\"",
        ] {
            assert_eq!(fault(good, Dialect::PYTHON), None, "{good}");
        }
        for (bad, at) in [
            ("", 0),
            ("{", 0),
            ("[1,]", 3),
            ("{\"a\":1,}", 7),
            ("01", 1),
            ("1.", 1),
            ("[1 2]", 3),
            ("{a:1}", 1),
            ("'a'", 0),
            ("\"a\nb\"", 2),
            ("\"\\x\"", 1),
            ("[1] 2", 4),
            ("+1", 0),
            ("{\"a\":1,\"\\u0061\":2}", 7),
            ("tru", 0),
            ("[1}", 2),
            ("// x\n1", 0),
            ("\"abc", 0),
        ] {
            assert_eq!(
                fault(bad, Dialect::PYTHON).map(|(at, _)| at),
                Some(at),
                "{bad}"
            );
        }
    }

    #[test]
    fn json5_holds_comments_commas_and_bare_words() {
        let text = "// head\n{a: 'x\\\ny', 'b': +.5, \"c\": [0xFF, 1., Infinity, -NaN,], $d: /* z */ null,}\n";
        assert_eq!(fault(text, Dialect::JSON5), None);
        assert!(fault("{a b}", Dialect::JSON5).is_some());
        assert!(fault("/* open", Dialect::JSON5).is_some());
    }

    #[test]
    fn depth_is_bounded_without_recursion() {
        let deep = "[".repeat(5_000_000);
        let (at, message) = fault(&deep, Dialect::PYTHON).unwrap();
        assert_eq!(at, super::DEPTH);
        assert!(message.contains("nested"));
    }

    #[test]
    fn one_document_a_line() {
        assert_eq!(read_many("{\"a\":1}\n{\"a\":2}\n", Dialect::JSON5), Ok(()));
        assert!(read_many("{\"a\":1}\n{\"a\":\n", Dialect::JSON5).is_err());
    }
}

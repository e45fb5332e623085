//! Python as the checks need it: exact tokens with their places, and the faults that no version of Python 3 accepts.
//!
//! The lexer of [`crate::lang`] is made to go on after faults; this one is made to find them.
//! Rules: <https://docs.python.org/3/reference/lexical_analysis.html>.

mod grammar;
mod lexer;
mod string;

pub(super) use lexer::{lex, lex_on};

pub(super) use super::json::Fault;
use std::borrow::Cow;
use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or a keyword.
    Name,
    /// A number.
    Number,
    /// A string with its prefix and quotes.
    Text,
    /// One byte of an operator, or a bracket.
    Op(u8),
    /// The end of a logical line.
    Newline,
    /// The indentation grows.
    Indent,
    /// The indentation shrinks by one level.
    Dedent,
}

/// A token and its place.
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
    /// Whether it is the operator or bracket `byte`.
    pub(super) fn is(&self, byte: u8) -> bool {
        self.kind == Kind::Op(byte)
    }

    /// Whether it is the name `word` of `text`.
    pub(super) fn is_name(&self, text: &[u8], word: &[u8]) -> bool {
        self.kind == Kind::Name && &text[self.start..self.end] == word
    }
}

/// The tokens of a text.
#[derive(Debug, Default)]
pub(super) struct Tokens {
    /// In order.
    pub(super) list: Vec<Token>,
    /// The expressions within f-strings, in order.
    pub(super) fields: Vec<Range<usize>>,
}

/// `bytes` with every line end a `\n` of the same place.
pub(super) fn text(bytes: &[u8]) -> Cow<'_, [u8]> {
    let lone = memchr::memchr_iter(b'\r', bytes).any(|at| bytes.get(at + 1) != Some(&b'\n'));
    if !lone {
        return Cow::Borrowed(bytes);
    }
    let mut text = bytes.to_vec();
    for at in 0..text.len() {
        if text[at] == b'\r' && text.get(at + 1) != Some(&b'\n') {
            text[at] = b'\n';
        }
    }
    Cow::Owned(text)
}

/// The first fault that no version of Python 3 accepts. `None` does not mean that there is none.
pub(super) fn fault(bytes: &[u8]) -> Option<Fault> {
    if let Some(at) = memchr::memchr(0, bytes) {
        return Some(Fault::new(at, "a NUL byte"));
    }
    if let Some(fault) = encoding_fault(bytes) {
        return Some(fault);
    }
    let text = text(bytes);
    match lex(&text) {
        Ok(tokens) => grammar::fault(&text, &tokens.list),
        Err(fault) => Some(fault),
    }
}

/// The first byte that is not UTF-8, where no comment names another encoding.
pub(super) fn encoding_fault(bytes: &[u8]) -> Option<Fault> {
    if let (Err(error), false) = (std::str::from_utf8(bytes), names_encoding(bytes)) {
        return Some(Fault::new(
            error.valid_up_to(),
            "this byte is not UTF-8, and no `coding` comment names another encoding",
        ));
    }
    None
}

/// Whether one of the first two lines names an encoding (PEP 263).
fn names_encoding(bytes: &[u8]) -> bool {
    bytes.split(|&byte| byte == b'\n').take(2).any(|line| {
        line.trim_ascii_start().starts_with(b"#") && memchr::memmem::find(line, b"coding").is_some()
    })
}

#[cfg(test)]
mod tests {
    use super::{Kind, fault, lex};

    #[test]
    fn sound_code_has_no_fault() {
        for good in [
            "",
            "\n",
            "x = 1\n",
            "def f(a, *, b=1):\n    return a\n",
            "if x: pass\nelse:\n\ty\n",
            "print('a' \"b\"\n      'c')\n",
            "x = f'{a!r:>{w}} {b[\"c\"]} {{}}'\n",
            "f\"{x[\"a\"]}\"\n",
            "match x:\n    case [1, 2] | C(a=1):\n        pass\n",
            "type X = int\n",
            "a = 1if b else 2\n",
            "x = [\n 1,\n\n# c\n  2]\n",
            "async def f():\n    await x\n",
            "@d\nclass A: ...\n",
            "x = 0x1F + 1_000.5e-3j + 00 + 1.\n",
            "from a import *\n",
            "lambda: 0\n",
            "a = b\\\n  + c\n",
            "'''\n'''\n",
            "if x:\n  pass\n  # c\n# d\n",
            "\u{feff}x = 1\n",
            "match = 1\nmatch.x\ncase = match\ntype(x)\n",
            "x = not y\nprint(x, file=f)\n",
            "def f():\r\n    pass\r\n",
            "x = rb'\\\\' b'a'\n",
            "é = 'ü'\n",
            "def g(): f((yield 1), (2))\nraise E; a, b\ndef f(a=(1, 2), b: (int)=3): pass\nlambda a=(1): a\n",
            "class A:\n    x: int = 3\n\n\ty = 2\n"
                .replace('\t', "    ")
                .as_str(),
            "f'{x!r}' f'{y:%Y-%m}' f'{{' f'''{\nx}'''\n",
            "x = f'{a:{b}}' if c else f\"{d}'s\"\n",
        ] {
            assert_eq!(fault(good.as_bytes()), None, "{good:?}");
        }
    }

    #[test]
    fn faults_are_found_where_they_are() {
        for (bad, at) in [
            ("x = (1\n", 4),
            ("x = 1)\n", 5),
            ("x = (1]\n", 6),
            ("x = 'abc\n", 4),
            ("'''abc\n", 0),
            ("raise E, 'x'\n", 7),
            ("def f(a, (b, c)): pass\n", 9),
            ("if x:\n    a\n  b\n", 14),
            ("  x\n", 2),
            ("if x:\npass\n", 6),
            ("print 'x'\n", 6),
            ("x = `y`\n", 4),
            ("x = a b\n", 6),
            ("if x\n    y\n", 0),
            ("x = 0777\n", 4),
            ("x = \n", 2),
            ("x = 1 <> 2\n", 6),
            ("x = y $ z\n", 6),
            ("def f():\n", 9),
            ("x = “a”\n", 4),
            ("x = 1abc\n", 5),
        ] {
            assert_eq!(
                fault(bad.as_bytes()).map(|fault| fault.at),
                Some(at),
                "{bad:?}"
            );
        }
        assert!(fault(b"x = '\xff'\n").is_some());
        assert_eq!(fault(b"# coding: latin-1\nx = '\xff'\n"), None);
    }

    #[test]
    fn strings_and_fields_have_their_places() {
        let text = b"x = f\"{a['b']:{w}}\" + rb'\\'x'\n";
        let tokens = lex(text).unwrap();
        let texts: Vec<&[u8]> = tokens
            .list
            .iter()
            .filter(|token| token.kind == Kind::Text)
            .map(|token| &text[token.start..token.end])
            .collect();
        assert_eq!(texts, [b"f\"{a['b']:{w}}\"".as_slice(), b"rb'\\'x'"]);
        let fields: Vec<&[u8]> = tokens
            .fields
            .iter()
            .map(|range| &text[range.clone()])
            .collect();
        assert_eq!(fields, [b"a['b']".as_slice(), b"w"]);
    }

    #[test]
    fn hostile_text_takes_no_time() {
        let text = "f'{".repeat(400_000);
        assert!(fault(text.as_bytes()).is_some());
        assert!(fault("(".repeat(1_000_000).as_bytes()).is_some());
        let deep: String = (0..2_000)
            .map(|depth| format!("{}if x:\n", " ".repeat(depth)))
            .collect();
        assert!(fault(deep.as_bytes()).is_some());
    }
}

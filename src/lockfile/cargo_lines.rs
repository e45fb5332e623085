//! `Cargo.lock` as Cargo itself writes it: one key a line, each value in double quotes, lists one entry a line. Whatever
//! else stands there is left to the reader of all TOML, so this one has no errors of its own.

use super::toml_lex::{find_stop, line_end};
use super::toml_lines::Value;

/// How long a package is at least, most of them.
const BYTES_EACH: usize = 200;

/// A `[[package]]`, each value without its quotes.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
pub(super) struct Entry<'a> {
    pub name: &'a str,
    pub version: &'a str,
    pub source: &'a str,
    pub checksum: &'a str,
    /// From the bracket that opens the list to the one that closes it.
    pub dependencies: &'a str,
}

/// What is left of the text.
struct Rest<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Rest<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.text.as_bytes()[self.at..]
    }

    /// Passes over `word`, where it is next.
    fn skip<const N: usize>(&mut self, word: &[u8; N]) -> Option<()> {
        // Of a known length, so no call is needed to compare.
        let found = self.rest().first_chunk() == Some(word);
        self.at += if found { N } else { 0 };
        found.then_some(())
    }

    /// A text that means itself between quotes; the opening one was passed over.
    fn quoted(&mut self) -> Option<&'a str> {
        let (bytes, start) = (self.text.as_bytes(), self.at);
        let end = find_stop(bytes, start, b'"').filter(|end| bytes[*end] == b'"')?;
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// The list whose bracket was passed over, from that to the one that closes it.
    fn list(&mut self) -> Option<&'a str> {
        let start = self.at - 1;
        self.skip(b"\n")?;
        while self.skip(b" \"").is_some() {
            self.quoted()?;
            self.skip(b",\n")?;
        }
        self.skip(b"]")?;
        self.text.get(start..self.at)
    }

    /// The line above the packages: a comment, or the version of the format.
    fn head(&mut self) -> Option<()> {
        let end = line_end(self.text.as_bytes(), self.at);
        let line = &self.text[self.at..end];
        let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        let number = line
            .strip_prefix("version = ")
            .filter(|text| !text.is_empty());
        self.at = end;
        (line.is_empty() || line.starts_with('#') || number.is_some_and(is_number)).then_some(())
    }

    /// A line of a package: takes a key, which may come once, and its value.
    fn pair(&mut self, entry: &mut Entry<'a>) -> Option<()> {
        let field = match self.rest().first()? {
            b'n' => self.skip(b"name = \"").map(|()| &mut entry.name),
            b'v' => self.skip(b"version = \"").map(|()| &mut entry.version),
            b's' => self.skip(b"source = \"").map(|()| &mut entry.source),
            b'c' => self.skip(b"checksum = \"").map(|()| &mut entry.checksum),
            _ => {
                self.skip(b"dependencies = [")?;
                let list = self.list()?;
                return once(&mut entry.dependencies, list);
            }
        };
        once(field?, self.quoted()?)
    }
}

fn once<'a>(field: &mut &'a str, text: &'a str) -> Option<()> {
    let first = field.is_empty() && !text.is_empty();
    *field = text;
    first.then_some(())
}

/// The packages of a lockfile; `None` where anything in it is written otherwise.
pub(super) fn read(text: &str) -> Option<Vec<Entry<'_>>> {
    let mut rest = Rest { text, at: 0 };
    let mut out: Vec<Entry<'_>> = Vec::with_capacity(text.len() / BYTES_EACH);
    while rest.at < text.len() {
        if rest.skip(b"[[package]]").is_some() {
            out.push(Entry::default());
        } else if rest.rest()[0] != b'\n' {
            match out.last_mut() {
                Some(entry) => rest.pair(entry)?,
                None => rest.head()?,
            }
        }
        if rest.at < text.len() {
            rest.skip(b"\n")?;
        }
    }
    let whole = |entry: &Entry<'_>| !entry.name.is_empty() && !entry.version.is_empty();
    out.iter().all(whole).then_some(out)
}

/// The name and version that each item of a list of dependencies is about; the version is empty where there is only one.
pub(super) fn dependencies(list: &str) -> impl Iterator<Item = (&str, &str)> {
    // Nearly always nothing but names stands between the quotes.
    let plain = memchr::memchr3(b'\\', b'\'', b'#', list.as_bytes()).is_none();
    let (lines, items) = if plain { (list, "") } else { ("", list) };
    let items = Value(items).elements().map(|item| split(item.0));
    Dependencies {
        lines: Quoted { rest: lines },
        items,
    }
}

/// First those of plain lines, then those of any other list; one of the two has none.
struct Dependencies<'a, I> {
    lines: Quoted<'a>,
    items: I,
}

impl<'a, I: Iterator<Item = (&'a str, &'a str)>> Iterator for Dependencies<'a, I> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let (name, rest) = self.lines.next().or_else(|| self.items.next())?;
            if !name.is_empty() {
                return Some((name, first_word(rest).0));
            }
        }
    }
}

/// What stands between quotes.
struct Quoted<'a> {
    rest: &'a str,
}

impl<'a> Iterator for Quoted<'a> {
    type Item = (&'a str, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        // Names are short: byte by byte costs less than any search that looks further.
        let bytes = self.rest.as_bytes();
        let start = 1 + bytes.iter().position(|byte| *byte == b'"')?;
        let is_end = |byte: &u8| matches!(byte, b'"' | b' ' | b'\n');
        let word = start + bytes[start..].iter().position(is_end)?;
        let end = match bytes[word] {
            b' ' => word + memchr::memchr2(b'"', b'\n', &bytes[word..])?,
            _ => word,
        };
        let item = &self.rest[word..end];
        let found = (&self.rest[start..word], item.get(1..).unwrap_or_default());
        self.rest = self.rest.get(end + 1..).filter(|_| bytes[end] == b'"')?;
        Some(found)
    }
}

/// The two words of `name`, `name version` or `name version (source)`.
fn split(item: &str) -> (&str, &str) {
    first_word(item.trim_matches('"'))
}

fn first_word(text: &str) -> (&str, &str) {
    match text.bytes().position(|byte| byte == b' ') {
        Some(end) => (&text[..end], &text[end + 1..]),
        None => (text, ""),
    }
}

//! `Cargo.lock` as Cargo itself writes it: one key a line, each value in double quotes, lists one entry a line. Whatever
//! else stands there is left to the reader of all TOML, so this one has no errors of its own.

use super::toml_lex::{find_stop, line_end};

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
    fn skip(&mut self, word: &[u8]) -> Option<()> {
        let found = self.rest().starts_with(word);
        self.at += if found { word.len() } else { 0 };
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

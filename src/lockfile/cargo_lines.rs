//! `Cargo.lock` as Cargo itself writes it: one key a line, each value in double quotes, lists one entry a line. Whatever
//! else stands there is left to the reader of all TOML, so this one has no errors of its own.

use super::toml_lex::{below, find_stop, line_end, same};
use super::toml_lines::Value;

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
    /// The source of the last package that named one: most packages have the same.
    source: &'a str,
}

impl<'a> Rest<'a> {
    /// Passes over `word`, where it is next.
    #[inline]
    fn skip<const N: usize>(&mut self, word: &[u8; N]) -> Option<()> {
        // Of a known length, so no call is needed to compare.
        let found = chunk(self.text.as_bytes(), self.at) == Some(word);
        self.at += if found { N } else { 0 };
        found.then_some(())
    }

    /// A text that means itself between quotes; the opening one was passed over.
    #[inline]
    fn quoted(&mut self) -> Option<&'a str> {
        let start = self.at;
        let end = quote(self.text.as_bytes(), start)?;
        self.at = end + 1;
        self.text.get(start..end)
    }

    /// The same, for a text that is too long to be looked at by eight bytes.
    fn quoted_long(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let end = memchr::memchr3(b'"', b'\\', b'\n', rest.as_bytes())?;
        self.at += end + 1;
        (rest.as_bytes()[end] == b'"').then(|| &rest[..end])
    }

    fn source(&mut self) -> Option<&'a str> {
        let rest = &self.text[self.at..];
        let same = rest.strip_prefix(self.source);
        if !self.source.is_empty() && same.is_some_and(|rest| rest.starts_with('"')) {
            self.at += self.source.len() + 1;
        } else {
            self.source = self.quoted_long()?;
        }
        Some(self.source)
    }

    /// The list whose bracket was passed over, from that to the one that closes it.
    fn list(&mut self) -> Option<&'a str> {
        let (bytes, start) = (self.text.as_bytes(), self.at - 1);
        self.skip(b"\n")?;
        let mut at = self.at;
        while chunk(bytes, at) == Some(b" \"") {
            at = quote(bytes, at + 2)?;
            if chunk(bytes, at) != Some(b"\",\n") {
                return None;
            }
            at += 3;
        }
        self.at = at;
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
    #[inline]
    fn pair(&mut self, entry: &mut Entry<'a>) -> Option<()> {
        match self.text.as_bytes().get(self.at)? {
            b'n' => {
                self.skip(b"name = \"")?;
                once(&mut entry.name, self.quoted()?)
            }
            b'v' => {
                self.skip(b"version = \"")?;
                once(&mut entry.version, self.quoted()?)
            }
            b's' => {
                self.skip(b"source = \"")?;
                once(&mut entry.source, self.source()?)
            }
            b'c' => {
                self.skip(b"checksum = \"")?;
                once(&mut entry.checksum, self.quoted_long()?)
            }
            _ => {
                self.skip(b"dependencies = [")?;
                once(&mut entry.dependencies, self.list()?)
            }
        }
    }

    /// The lines of a package whose head was passed over.
    fn package(&mut self) -> Option<Entry<'a>> {
        let mut entry = Entry::default();
        self.skip(b"\n")?;
        while !matches!(self.text.as_bytes().get(self.at), None | Some(b'\n' | b'[')) {
            self.pair(&mut entry)?;
            self.line()?;
        }
        let whole = !entry.name.is_empty() && !entry.version.is_empty();
        whole.then_some(entry)
    }

    /// The end of a line, which the last one may lack.
    #[inline]
    fn line(&mut self) -> Option<()> {
        if self.at == self.text.len() {
            return Some(());
        }
        self.skip(b"\n")
    }
}

/// The bytes at `at`, where there are so many.
#[inline]
fn chunk<const N: usize>(bytes: &[u8], at: usize) -> Option<&[u8; N]> {
    bytes.get(at..)?.first_chunk()
}

/// Where the text between quotes that begins at `at` ends; `None` where it does not mean itself.
#[inline]
fn quote(bytes: &[u8], at: usize) -> Option<usize> {
    find_stop(bytes, at, b'"').filter(|end| bytes[*end] == b'"')
}

fn once<'a>(field: &mut &'a str, text: &'a str) -> Option<()> {
    let first = field.is_empty() && !text.is_empty();
    *field = text;
    first.then_some(())
}

/// Gives `take` each package of a lockfile; `None` where anything in it is written otherwise, and then what was given counts
/// for nothing.
pub(super) fn read<'a>(text: &'a str, mut take: impl FnMut(&Entry<'a>)) -> Option<()> {
    let mut rest = Rest {
        text,
        at: 0,
        source: "",
    };
    while rest.skip(b"[[package]]").is_none() {
        if rest.at == text.len() {
            return Some(());
        }
        rest.head()?;
        rest.line()?;
    }
    loop {
        take(&rest.package()?);
        while rest.skip(b"\n").is_some() {}
        if rest.at == text.len() {
            return Some(());
        }
        rest.skip(b"[[package]]")?;
    }
}

/// The name and version that each item of a list of dependencies is about; the version is empty where there is only one.
pub(super) fn dependencies(list: &str) -> Vec<(&str, &str)> {
    let mut out = Vec::new();
    each_dependency(list, |one| out.push(one));
    out
}

/// Gives them to `take` one by one.
pub(super) fn each_dependency<'a>(list: &'a str, mut take: impl FnMut((&'a str, &'a str))) {
    let mut items = Items { text: list, at: 0 };
    let mut taken = 0;
    loop {
        match items.next() {
            Next::Item(name, rest) => {
                if !name.is_empty() {
                    take((
                        name,
                        if rest.is_empty() {
                            ""
                        } else {
                            first_word(rest).0
                        },
                    ));
                }
                taken += 1;
            }
            Next::End => return,
            Next::Odd => return each_odd(list, taken, &mut take),
        }
    }
}

/// The same for a list as TOML allows and Cargo never writes it, of which some were `taken` already.
#[cold]
fn each_odd<'a>(list: &'a str, taken: usize, take: &mut dyn FnMut((&'a str, &'a str))) {
    for item in Value(list).elements().skip(taken) {
        let (name, rest) = split(item.0);
        if !name.is_empty() {
            take((name, first_word(rest).0));
        }
    }
}

/// The items of a list as Cargo writes it.
struct Items<'a> {
    text: &'a str,
    at: usize,
}

enum Next<'a> {
    /// The name and what follows it.
    Item(&'a str, &'a str),
    End,
    /// Something that Cargo writes otherwise.
    Odd,
}

impl<'a> Items<'a> {
    // It is used in one loop, which is most of the search for a way.
    #[inline(always)]
    fn next(&mut self) -> Next<'a> {
        let bytes = self.text.as_bytes();
        // The item before and its comma, or the bracket, stand on the line above.
        let start = match chunk(bytes, self.at) {
            Some(b",\n \"") => self.at + 4,
            Some(b"[\n \"") if self.at == 0 => 4,
            _ => return self.end(),
        };
        let Some(word) = word_end(bytes, start) else {
            return Next::Odd;
        };
        let end = match bytes[word] {
            b' ' => memchr::memchr3(b'"', b'\n', b'\\', &bytes[word..]).map(|end| word + end),
            _ => Some(word),
        };
        let Some(end) = end.filter(|end| bytes[*end] == b'"') else {
            return Next::Odd;
        };
        self.at = end + 1;
        let rest = if end == word {
            ""
        } else {
            &self.text[word + 1..end]
        };
        Next::Item(&self.text[start..word], rest)
    }

    fn end(&self) -> Next<'a> {
        match &self.text[self.at..] {
            ",\n]" => Next::End,
            "" if self.at == 0 => Next::End,
            _ => Next::Odd,
        }
    }
}

/// Where the word that begins at `start` ends: at a quote, a blank, a line end or a backslash; `None` where none of them
/// follows.
#[inline]
fn word_end(bytes: &[u8], start: usize) -> Option<usize> {
    // No name or version has a byte below `+`, so eight bytes are asked one question.
    let mut at = start;
    while let Some(chunk) = chunk::<8>(bytes, at) {
        let word = u64::from_le_bytes(*chunk);
        let stop = below(word, b'+') | same(word, b'\\');
        if stop != 0 {
            at += stop.trailing_zeros() as usize / 8;
            break;
        }
        at += 8;
    }
    let is_end = |byte: &u8| matches!(byte, b'"' | b' ' | b'\n' | b'\\');
    let rest = bytes[at..].iter().position(is_end);
    rest.map(|length| at + length)
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

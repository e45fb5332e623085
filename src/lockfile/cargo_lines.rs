//! `Cargo.lock` as Cargo itself writes it: one key a line, each value in double quotes, lists one entry a line. Whatever
//! else stands there is left to the reader of all TOML, so this one has no errors of its own.

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

/// The lines that are left.
struct Lines<'a> {
    text: &'a str,
    at: usize,
}

impl<'a> Lines<'a> {
    fn next(&mut self) -> Option<&'a str> {
        let rest = self.text.get(self.at..).filter(|rest| !rest.is_empty())?;
        let end = memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len());
        self.at += end + 1;
        Some(&rest[..end])
    }

    /// The list whose opening line was read: to the bracket that closes it.
    fn list(&mut self) -> Option<&'a str> {
        let start = self.at - "[\n".len();
        loop {
            match self.next()? {
                "]" => return self.text.get(start..self.at - 1),
                line => plain(line.strip_prefix(" \"")?.strip_suffix("\",")?)?,
            };
        }
    }
}

/// A text that means itself between quotes.
fn plain(text: &str) -> Option<&str> {
    memchr::memchr2(b'"', b'\\', text.as_bytes())
        .is_none()
        .then_some(text)
}

/// The packages of a lockfile; `None` where anything in it is written otherwise.
pub(super) fn read(text: &str) -> Option<Vec<Entry<'_>>> {
    let mut lines = Lines { text, at: 0 };
    let mut out: Vec<Entry<'_>> = Vec::new();
    while let Some(line) = lines.next() {
        match line {
            "" => {}
            "[[package]]" => out.push(Entry::default()),
            _ => match out.last_mut() {
                Some(entry) => set(entry, line, &mut lines)?,
                None => head(line)?,
            },
        }
    }
    let whole = |entry: &Entry<'_>| !entry.name.is_empty() && !entry.version.is_empty();
    out.iter().all(whole).then_some(out)
}

/// What stands above the packages: a comment, and the version of the format.
fn head(line: &str) -> Option<()> {
    let is_number = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    let number = line.strip_prefix("version = ");
    (line.starts_with('#') || number.is_some_and(|text| !text.is_empty() && is_number(text)))
        .then_some(())
}

/// Takes a line of a package; each key may come once.
fn set<'a>(entry: &mut Entry<'a>, line: &'a str, lines: &mut Lines<'a>) -> Option<()> {
    let (key, value) = line.split_at(line.find(" = ")?);
    let value = &value[" = ".len()..];
    let field = match key {
        "name" => &mut entry.name,
        "version" => &mut entry.version,
        "source" => &mut entry.source,
        "checksum" => &mut entry.checksum,
        "dependencies" => &mut entry.dependencies,
        _ => return None,
    };
    let text = match key {
        "dependencies" => lines.list().filter(|_| value == "[")?,
        _ => plain(value.strip_prefix('"')?.strip_suffix('"')?)?,
    };
    if text.is_empty() || !field.is_empty() {
        return None;
    }
    *field = text;
    Some(())
}

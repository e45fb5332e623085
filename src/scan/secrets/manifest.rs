//! The values of a Kubernetes Secret manifest (<https://kubernetes.io/docs/concepts/configuration/secret/>), found from
//! its `kind: Secret` line without a YAML parser: templates are no valid YAML, and a manifest may be part of a larger text.

use std::ops::Range;

/// How far from the `kind` line values are looked for, in bytes.
const REACH: usize = 8192;

/// A value of a manifest.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry {
    /// The value, without quotes.
    pub(super) value: Range<usize>,
    /// Its key.
    pub(super) key: Range<usize>,
    /// Whether it is base64 (`data`), not text (`stringData`).
    pub(super) encoded: bool,
}

struct Line {
    start: usize,
    end: usize,
    indent: usize,
}

/// The values of the manifest whose `kind: Secret` starts at `at`.
pub(super) fn values(bytes: &[u8], at: usize) -> Vec<Entry> {
    if !is_kind_secret(bytes, at) {
        return Vec::new();
    }
    let lines = lines(bytes, document(bytes, at));
    let kind = lines.iter().find(|line| line.start <= at && at <= line.end);
    let mut reader = Reader {
        bytes,
        indent: kind.map_or(0, |line| line.indent),
        section: None,
        block: None,
        out: Vec::new(),
    };
    for line in &lines {
        reader.read(line);
    }
    reader.out
}

/// Reads a manifest line by line.
struct Reader<'a> {
    bytes: &'a [u8],
    /// How far `kind` is indented, and with it `data`.
    indent: usize,
    /// Within `data` (true) or `stringData` (false).
    section: Option<bool>,
    /// Within a block of several lines, whose key is indented so far.
    block: Option<usize>,
    out: Vec<Entry>,
}

impl Reader<'_> {
    fn read(&mut self, line: &Line) {
        if line.indent <= self.indent {
            self.block = None;
            self.section = match &self.bytes[line.start..line.end] {
                b"data:" => Some(true),
                b"stringData:" => Some(false),
                _ => None,
            };
        } else if let Some(encoded) = self.section {
            self.entry(line, encoded);
        }
    }

    fn entry(&mut self, line: &Line, encoded: bool) {
        if self.block.is_some_and(|indent| line.indent > indent) {
            self.out.push(Entry {
                value: line.start..line.end,
                key: line.start..line.start,
                encoded,
            });
            return;
        }
        self.block = None;
        let Some((key, value)) = split(self.bytes, line) else {
            return;
        };
        if matches!(
            &self.bytes[value.clone()],
            b"|" | b">" | b"|-" | b">-" | b"|+" | b">+"
        ) {
            self.block = Some(line.indent);
        } else {
            self.out.push(Entry {
                value,
                key,
                encoded,
            });
        }
    }
}

/// `kind: SecretStore` and `kind: secretary` are other things.
fn is_kind_secret(bytes: &[u8], at: usize) -> bool {
    let end = bytes.len().min(at + 16);
    let mut word = bytes[at..end]
        .iter()
        .skip(6)
        .skip_while(|byte| !byte.is_ascii_alphabetic());
    word.nth(6).is_none_or(|byte| !byte.is_ascii_alphanumeric())
}

/// The YAML document around `at`, as far as [`REACH`].
fn document(bytes: &[u8], at: usize) -> Range<usize> {
    let from = at.saturating_sub(REACH);
    let to = bytes.len().min(at + REACH);
    let start =
        memchr::memmem::rfind(&bytes[from..at], b"\n---").map_or(from, |cut| from + cut + 4);
    let end = memchr::memmem::find(&bytes[at..to], b"\n---").map_or(to, |cut| at + cut);
    start..end
}

/// Its lines that are not blank and no comments, trimmed. The dash of a list item counts as indentation.
fn lines(bytes: &[u8], document: Range<usize>) -> Vec<Line> {
    let mut out = Vec::new();
    let mut start = document.start;
    for raw in bytes[document].split(|&byte| byte == b'\n') {
        let indent = raw
            .iter()
            .take_while(|&&byte| byte == b' ' || byte == b'-')
            .count();
        let text = raw[indent..].trim_ascii_end();
        if !text.is_empty() && text[0] != b'#' {
            out.push(Line {
                start: start + indent,
                end: start + indent + text.len(),
                indent,
            });
        }
        start += raw.len() + 1;
    }
    out
}

/// Key and value of a line, without quotes and comment.
fn split(bytes: &[u8], line: &Line) -> Option<(Range<usize>, Range<usize>)> {
    let text = &bytes[line.start..line.end];
    let colon = memchr::memmem::find(text, b": ")?;
    let rest = text[colon + 1..].trim_ascii_start();
    let from = line.end - rest.len();
    let value = match rest.first() {
        Some(&quote @ (b'"' | b'\'')) => {
            let end = memchr::memchr(quote, &rest[1..])?;
            from + 1..from + 1 + end
        }
        _ => {
            let end = memchr::memmem::find(rest, b" #").unwrap_or(rest.len());
            from..from + rest[..end].trim_ascii_end().len()
        }
    };
    Some((line.start..line.start + colon, value))
}

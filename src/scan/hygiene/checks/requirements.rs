//! Requirement files of pip, kept sorted.

use super::super::args::Opt;
use super::super::check::{Check, CheckSpec, Setup};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;
use std::cmp::Ordering;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "requirements-txt-fixer",
    aliases: &[],
    title: "requirements that are not in order",
    description: "Sorts the entries of `requirements*.txt` and `constraints*.txt` by name, comments with the entry below \
                  them, and removes repeated entries and `pkg-resources==0.0.0`, which a broken pip of Debian adds.",
    fix: "Sort the entries, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::File,
    names: Some(named),
    options: &[Opt::flag(&["--check"], "only report")],
    build: |setup: &Setup| {
        Ok(Box::new(Requirements {
            only_report: setup.args.has("--check"),
        }))
    },
};

/// `(requirements|constraints).*\.txt$`
fn named(path: &str) -> bool {
    let Some(stem) = path.strip_suffix(".txt") else {
        return false;
    };
    stem.contains("requirements") || stem.contains("constraints")
}

struct Requirements {
    only_report: bool,
}

/// An entry with the comments above it.
#[derive(Debug, Default)]
struct Entry<'a> {
    comments: Vec<&'a [u8]>,
    value: Vec<u8>,
    /// The comment at the top of the file, which is followed by an empty line.
    header: bool,
    name: Vec<u8>,
}

impl<'a> Entry<'a> {
    /// Takes a line; `first` while it is the first entry of the file, whose comment may be that of the file.
    fn take(&mut self, line: &'a [u8], first: bool) {
        let above = self.comments.first();
        if first && blank(line) && above.is_some_and(|top| top.starts_with(b"#")) {
            self.header = true;
            self.value = b"\n".to_vec();
        } else if blank(line) || line.trim_ascii_start().starts_with(b"#") {
            self.comments.push(line);
        } else {
            self.value.extend_from_slice(line);
        }
    }

    fn complete(&self) -> bool {
        let end = self
            .value
            .iter()
            .rposition(|byte| !matches!(byte, b'\r' | b'\n'));
        self.header || (!self.value.is_empty() && end.is_none_or(|end| self.value[end] != b'\\'))
    }

    /// The header first; entries of the same name with comments first, so that they survive where both are equal.
    fn order(&self, other: &Self) -> Ordering {
        other
            .header
            .cmp(&self.header)
            .then_with(|| self.name.cmp(&other.name))
            .then_with(|| self.comments.is_empty().cmp(&other.comments.is_empty()))
    }
}

fn blank(line: &[u8]) -> bool {
    line.iter().all(|byte| matches!(byte, b' ' | 9..=13))
}

/// The name an entry is sorted by.
fn name(value: &[u8]) -> Vec<u8> {
    let lower = value.to_ascii_lowercase();
    for egg in [b"#egg=".as_slice(), b"&egg="] {
        if memchr::memmem::find(value, egg).is_some() {
            let at = memchr::memmem::find(&lower, egg).map_or(0, |at| at + egg.len());
            return lower[at..].to_vec();
        }
    }
    let word = lower
        .split(|&byte| byte == b';' || matches!(byte, b' ' | 9..=13))
        .next()
        .unwrap_or_default();
    let compared = (0..word.len()).find(|&at| match word[at] {
        b'<' | b'>' => true,
        b'=' | b'!' | b'~' => word.get(at + 1) == Some(&b'='),
        _ => false,
    });
    word[..compared.unwrap_or(word.len())].to_vec()
}

/// The entries in the order of the file, and the comments behind the last one.
fn entries<'a>(lines: &[&'a [u8]]) -> (Vec<Entry<'a>>, Vec<&'a [u8]>) {
    let mut entries: Vec<Entry<'a>> = Vec::new();
    for &line in lines {
        if entries.last().is_none_or(Entry::complete) {
            entries.push(Entry::default());
        }
        let first = entries.len() == 1;
        let Some(entry) = entries.last_mut() else {
            break;
        };
        entry.take(line, first);
    }
    let rest = match entries.pop_if(|entry| entry.value.is_empty()) {
        Some(last) => last.comments,
        None => Vec::new(),
    };
    for entry in &mut entries {
        entry.name = name(&entry.value);
    }
    (entries, rest)
}

/// What the file should hold; `None` where it does.
///
/// # Errors
/// What an indented entry belongs to is not clear: the file can't be sorted.
fn sorted(bytes: &[u8]) -> Result<Option<Vec<u8>>, &'static str> {
    if blank(bytes) {
        return Ok(None);
    }
    let mut whole = bytes.to_vec();
    if !whole.ends_with(b"\n") {
        whole.push(b'\n');
    }
    let lines: Vec<&[u8]> = whole.split_inclusive(|&byte| byte == b'\n').collect();
    let (mut entries, rest) = entries(&lines);
    entries.retain(|entry| {
        let value = entry.value.as_slice();
        value != b"pkg-resources==0.0.0\n" && value != b"pkg_resources==0.0.0\n"
    });
    let indented = |entry: &Entry<'_>| {
        entry
            .value
            .first()
            .is_some_and(|byte| matches!(byte, b' ' | 9..=13))
    };
    let named = entries.iter().filter(|entry| !entry.header);
    if named.clone().count() > 1 && named.clone().any(indented) {
        return Err("an entry is indented: it is not clear what it belongs to");
    }
    entries.sort_by(Entry::order);
    let mut out: Vec<u8> = Vec::with_capacity(whole.len());
    let mut last: Option<&[u8]> = None;
    for entry in &entries {
        out.extend(entry.comments.concat());
        if last != Some(&entry.value) {
            out.extend_from_slice(&entry.value);
            last = Some(&entry.value);
        }
    }
    out.extend(rest.concat());
    Ok((out != bytes).then_some(out))
}

impl Check for Requirements {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        match sorted(subject.bytes) {
            Ok(None) => {}
            Ok(Some(_)) => out.whole(0..0, "the requirements are not sorted"),
            Err(reason) => out.whole(0..0, reason),
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        if self.only_report {
            return None;
        }
        sorted(bytes).ok().flatten()
    }
}

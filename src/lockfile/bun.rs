//! Bun: `bun.lock`, JSON with comments and trailing commas (<https://bun.sh/docs/install/lockfile>).

use super::input::{Input, file_name};
use super::json::{self, Entries, Text};
use super::package::unite;
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use serde::Deserialize;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "bun",
    title: "Bun (bun.lock)",
    ecosystem: Ecosystem::Npm,
    upgrade: Upgrade::new("bun update {name}"),
    matches: |path| file_name(path) == "bun.lock",
    parse,
};

#[derive(Deserialize)]
struct Lock<'a> {
    #[serde(borrow, default)]
    packages: Entries<'a, Vec<Text<'a>>>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let plain = plain_json(input.text);
    let plain = Input {
        text: &plain,
        ..input
    };
    let lock: Lock<'_> = json::parse(&plain)?;
    let packages = lock.packages.0.iter().filter_map(|(_, parts)| {
        let id = parts.first()?;
        package(id, id.span(&plain))
    });
    Ok(unite(packages.collect()))
}

/// `name@version`, `name@github:owner/repository#commit`, `name@workspace:folder`.
fn package(id: &Text<'_>, mut span: std::ops::Range<usize>) -> Option<Package> {
    let text = id.as_str();
    let at = 1 + text.get(1..)?.find('@')?;
    let (name, rest) = (&text[..at], &text[at + 1..]);
    span.start = (span.start + at + 1).min(span.end);
    if rest.starts_with("workspace:") {
        return None;
    }
    let address = rest.contains(':') || rest.contains('/');
    let version = if address { "" } else { rest };
    let mut package = Package::new(Ecosystem::Npm, name, version, span);
    if address {
        package.source = source(rest);
    }
    Some(package)
}

fn source(address: &str) -> Source {
    if ["file:", "link:", "root:", "./", "../", "/"]
        .iter()
        .any(|kind| address.starts_with(kind))
    {
        return Source::Path;
    }
    match address.rsplit_once('#') {
        Some((_, commit)) => Source::Git {
            // GitHub's are written `owner-repository-commit` in older versions.
            commit: Some(commit.rsplit('-').next().unwrap_or(commit).to_owned()),
        },
        None => Source::Url,
    }
}

/// The text with comments and trailing commas blanked, so that every place stays where it was.
fn plain_json(text: &str) -> String {
    let mut out = text.as_bytes().to_vec();
    let mut at = 0;
    // The last comma that only blanks and comments have followed.
    let mut comma: Option<usize> = None;
    while let Some(&byte) = out.get(at) {
        let end = match byte {
            b'"' => string_end(&out, at),
            b'/' => comment_end(&out, at),
            _ => at + 1,
        };
        match byte {
            b'/' if end > at + 1 => out[at..end]
                .iter_mut()
                .filter(|byte| **byte != b'\n')
                .for_each(|byte| *byte = b' '),
            b',' => comma = Some(at),
            b'}' | b']' => {
                if let Some(comma) = comma.take() {
                    out[comma] = b' ';
                }
            }
            _ if byte.is_ascii_whitespace() => {}
            _ => comma = None,
        }
        at = end;
    }
    String::from_utf8(out).unwrap_or_default()
}

fn string_end(bytes: &[u8], at: usize) -> usize {
    let mut from = at + 1;
    while let Some(length) = bytes
        .get(from..)
        .and_then(|rest| memchr::memchr2(b'"', b'\\', rest))
    {
        let found = from + length;
        if bytes[found] == b'"' {
            return found + 1;
        }
        from = found + 2;
    }
    bytes.len()
}

/// The end of the comment at `at`; one further where there is none.
fn comment_end(bytes: &[u8], at: usize) -> usize {
    let rest = &bytes[at..];
    if rest.starts_with(b"//") {
        return memchr::memchr(b'\n', rest).map_or(bytes.len(), |length| at + length);
    }
    if rest.starts_with(b"/*") {
        return memchr::memmem::find(&rest[2..], b"*/")
            .map_or(bytes.len(), |length| at + length + 4);
    }
    at + 1
}

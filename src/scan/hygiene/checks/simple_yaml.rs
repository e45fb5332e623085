//! YAML files of nothing but top-level keys, kept sorted.

use super::super::check::{Check, CheckSpec};
use super::super::issue::Issues;
use super::super::kind::Types;
use super::super::subject::Subject;
use crate::model::Severity;

pub(super) static SPEC: CheckSpec = CheckSpec {
    id: "sort-simple-yaml",
    aliases: &[],
    title: "blocks of a simple YAML file that are not in order",
    description: "Sorts blocks divided by empty lines by their first key; a comment at the top stays there. For files \
                  that are nothing but top-level keys: name them in `files`, without it the check looks at none.",
    fix: "Sort the blocks, or let `hookd run --fix` do it.",
    severity: Severity::Low,
    types: Types::File,
    names: Some(|_| false),
    options: &[],
    build: |_| Ok(Box::new(SimpleYaml)),
};

struct SimpleYaml;

/// The lines as Python's text mode gives them: any kind of line end, white space at the end removed.
fn lines(text: &str) -> Vec<&str> {
    let mut lines: Vec<&str> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let end = rest.find(['\n', '\r']).unwrap_or(rest.len());
        lines.push(rest[..end].trim_end_matches(blank));
        let skip = if rest[end..].starts_with("\r\n") {
            2
        } else {
            1
        };
        rest = rest.get(end + skip..).unwrap_or_default();
    }
    lines
}

/// White space as Python's `str` sees it.
fn blank(character: char) -> bool {
    character.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&character)
}

/// What a block is sorted by: its first line that is no comment, without a quote at its start.
fn key<'t>(block: &[&'t str]) -> &'t str {
    let line = block.iter().find(|line| !line.starts_with('#'));
    line.map_or("", |line| line.strip_prefix(['\'', '"']).unwrap_or(line))
}

fn sorted<'t>(lines: &[&'t str]) -> Vec<&'t str> {
    let header = lines
        .iter()
        .take_while(|line| line.starts_with('#'))
        .count();
    let mut out = lines[..header].to_vec();
    let mut blocks: Vec<&[&str]> = lines[header..]
        .split(|line| line.is_empty())
        .filter(|block| !block.is_empty())
        .collect();
    blocks.sort_by_key(|block| key(block));
    for block in blocks {
        if !out.is_empty() {
            out.push("");
        }
        out.extend_from_slice(block);
    }
    out
}

impl Check for SimpleYaml {
    fn whole(&self, subject: &Subject<'_>, out: &mut Issues) {
        match std::str::from_utf8(subject.bytes) {
            Ok(text) => {
                let before = lines(text);
                if sorted(&before) != before {
                    out.whole(0..0, "the blocks are not sorted");
                }
            }
            Err(error) => {
                let at = error.valid_up_to();
                out.whole(at..at + 1, "this byte is not UTF-8");
            }
        }
    }

    fn fixed(&self, _subject: &Subject<'_>, bytes: &[u8]) -> Option<Vec<u8>> {
        let before = lines(std::str::from_utf8(bytes).ok()?);
        let after = sorted(&before);
        if after == before {
            return None;
        }
        let mut text = after.join("\n");
        text.push('\n');
        Some(text.into_bytes())
    }
}

//! YAML as lockfiles write it: block maps of plain or quoted scalars, one entry a line, flow maps within a line.
//!
//! By hand: the files are written by programs in this one form, a whole YAML tree of a 400 kB file costs more than a
//! commit may, and anchors or tags in a lockfile would be an attack. Yarn's own format before version 2 is the same
//! but for the colons.

use super::LockfileError;
use super::input::Input;

/// One line that says something.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line<'a> {
    /// Blanks before it; a list's dash counts as one.
    pub indent: usize,
    /// Whether it starts an element of a list.
    pub element: bool,
    /// The key without quotes; of a list's scalar element, empty.
    pub key: &'a str,
    /// The value without quotes; empty where a nested block follows.
    pub value: &'a str,
}

/// The lines of a text, without comments, blank lines and document marks.
///
/// # Errors
///
/// At a line that is no entry of a map or a list.
pub(super) fn lines<'a>(
    input: &Input<'a>,
) -> impl Iterator<Item = Result<Line<'a>, LockfileError>> {
    let input = *input;
    // The indent of a block scalar's key while its text is skipped.
    let mut block: Option<usize> = None;
    input.text.lines().filter_map(move |raw| {
        let text = raw.trim_start_matches(' ');
        let indent = raw.len() - text.len();
        let text = text.trim_end();
        if text.is_empty() || block.is_some_and(|key| indent > key) {
            return None;
        }
        block = None;
        if text.starts_with('#') || matches!(text, "---" | "...") {
            return None;
        }
        let Some(line) = line(indent, text) else {
            return Some(Err(
                input.error("it has a line that lockfiles don't have", text)
            ));
        };
        if matches!(line.value, "|" | "|-" | "|+" | ">" | ">-" | ">+") {
            block = Some(indent);
        }
        Some(Ok(line))
    })
}

/// Whether a line is text of a block scalar, for readers that take single lines only; `block` keeps the indent of the
/// key that the scalar belongs to.
pub(super) fn in_block_scalar(raw: &str, block: &mut Option<usize>) -> bool {
    let text = raw.trim_start();
    let indent = raw.len() - text.len();
    let text = text.trim_end();
    if block.is_some_and(|key| indent > key || text.is_empty()) {
        return true;
    }
    let without_comment = text.split(" #").next().unwrap_or(text).trim_end();
    let opens = !text.starts_with('#')
        && without_comment
            .trim_end_matches(|c: char| matches!(c, '-' | '+') || c.is_ascii_digit())
            .strip_suffix(['|', '>'])
            .is_some_and(|key| key.ends_with(": ") || key.ends_with("- "));
    *block = opens.then_some(indent);
    false
}

fn line(indent: usize, text: &str) -> Option<Line<'_>> {
    // `? key` and `: value` are how long keys are written.
    let (mut indent, mut text) = (indent, text);
    while let Some(rest) = text.strip_prefix(": ") {
        (indent, text) = (indent + 2, rest.trim_start());
    }
    if let Some(key) = text.strip_prefix("? ") {
        return Some(Line {
            indent,
            element: false,
            key: unquote(key),
            value: "",
        });
    }
    if text == "-" {
        return Some(Line {
            indent,
            element: true,
            key: "",
            value: "",
        });
    }
    if let Some(rest) = text.strip_prefix("- ") {
        let entry = split(rest.trim_start()).unwrap_or(("", rest));
        return Some(Line {
            indent,
            element: true,
            key: entry.0,
            value: scalar(entry.1),
        });
    }
    let (key, value) = split(text)?;
    Some(Line {
        indent,
        element: false,
        key,
        value: scalar(value),
    })
}

/// Splits `key: value`; a key may hold colons that no blank follows, and anything within quotes.
fn split(text: &str) -> Option<(&str, &str)> {
    if let Some(quote) = text.chars().next().filter(|c| matches!(c, '"' | '\'')) {
        let end = 1 + text[1..].find(quote)?;
        let value = text[end + 1..].trim_start().strip_prefix(':')?;
        return Some((&text[1..end], value.trim()));
    }
    match colon(text) {
        Some(at) => Some((&text[..at], text[at + 2..].trim())),
        None => Some((text.strip_suffix(':')?, "")),
    }
}

/// Where the first colon is that a blank follows.
fn colon(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    memchr::memchr_iter(b':', bytes).find(|at| bytes.get(at + 1) == Some(&b' '))
}

/// A scalar without quotes and without the comment after it.
fn scalar(value: &str) -> &str {
    if value.starts_with(['"', '\'', '{', '[']) {
        return unquote(value);
    }
    let bytes = value.as_bytes();
    let comment = memchr::memchr_iter(b'#', bytes).find(|at| *at > 0 && bytes[at - 1] == b' ');
    comment.map_or(value, |at| value[..at].trim_end())
}

/// Takes quotes away that begin and end `text`.
pub(super) fn unquote(text: &str) -> &str {
    for quote in ['"', '\''] {
        if let Some(inner) = text
            .strip_prefix(quote)
            .and_then(|text| text.strip_suffix(quote))
        {
            return inner;
        }
    }
    text
}

/// The value of `key` in a flow map such as `{integrity: …, tarball: …}`.
pub(super) fn flow_field<'a>(map: &'a str, key: &str) -> Option<&'a str> {
    let inner = map.strip_prefix('{')?.strip_suffix('}')?;
    inner.split(',').find_map(|entry| {
        let entry = entry.trim();
        let at = colon(entry)?;
        (unquote(&entry[..at]) == key).then(|| unquote(entry[at + 2..].trim()))
    })
}

#[cfg(test)]
mod tests {
    use super::{flow_field, lines};
    use crate::lockfile::input::Input;

    #[test]
    fn keys_may_hold_colons_and_be_quoted_or_long() {
        let text = "a:\n  'file:../b': {x: 'y', z: w}\n  git@h:o/r: 1 # note\n  ? \"long, key\"\n  : version: 2\n";
        let input = Input::new(text.as_bytes()).expect("text");
        let read: Vec<_> = lines(&input).map(|line| line.expect("a line")).collect();
        let shown: Vec<_> = read
            .iter()
            .map(|line| (line.indent, line.key, line.value))
            .collect();
        assert_eq!(
            shown,
            [
                (0, "a", ""),
                (2, "file:../b", "{x: 'y', z: w}"),
                (2, "git@h:o/r", "1"),
                (2, "long, key", ""),
                (4, "version", "2"),
            ]
        );
        assert_eq!(flow_field(read[1].value, "z"), Some("w"));
    }
}

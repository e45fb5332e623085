//! `name = value` in any language, around a word that makes a name sound secret.

use std::ops::Range;

/// Longest name or value that is looked at, in bytes.
const REACH: usize = 64;
const LONGEST: usize = 300;

/// A name with the value given to it.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Assigned {
    /// The whole name.
    pub(super) name: Range<usize>,
    /// The value without its quotes.
    pub(super) value: Range<usize>,
    /// Whether the value stands in quotes or in an XML element.
    pub(super) quoted: bool,
    /// What joins them: `=`, `:`, `,`, `(`, `<` of an XML element, a blank for nothing.
    pub(super) operator: u8,
}

const fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.')
}

fn is_blank(byte: u8) -> bool {
    byte == b' ' || byte == b'\t'
}

/// Skips at most `most` bytes that `skip` takes.
fn past(bytes: &[u8], at: usize, most: usize, skip: impl Fn(u8) -> bool) -> usize {
    let end = bytes.len().min(at + most);
    (at..end).find(|&at| !skip(bytes[at])).unwrap_or(end)
}

/// The assignment whose name holds the byte at `at`; unquoted values only where `loose`.
pub(super) fn around(bytes: &[u8], at: usize, loose: bool) -> Option<Assigned> {
    let name = name_around(bytes, at);
    let closed = past(bytes, name.end, 4, |byte| b"\"'`])\\".contains(&byte));
    let next = past(bytes, closed, 16, is_blank);
    if let Some(value) = variable(bytes, next) {
        return Some(Assigned {
            name,
            value,
            quoted: true,
            operator: b'=',
        });
    }
    let element = name.start > 0 && bytes[name.start - 1] == b'<';
    let (after, operator) = operator(bytes, next, element)?;
    let joined = joins(operator, closed > name.end, next > closed, after > next + 1);
    if !joined || misleads(bytes, at, &name, operator) {
        return None;
    }
    let start = past(bytes, after, 16, |byte| is_blank(byte) || byte == b'(');
    let in_quotes = if operator == b'<' {
        Some(content(bytes, start)?)
    } else {
        quoted(bytes, start)
    };
    let in_quotes = in_quotes.or_else(|| {
        let joined = operator == b':';
        joined.then(|| header(bytes, name.start, start))?
    });
    if let Some(value) = in_quotes {
        return Some(Assigned {
            name,
            value,
            quoted: true,
            operator,
        });
    }
    let plain = loose && matches!(operator, b'=' | b':');
    let value = plain.then(|| unquoted(bytes, start))??;
    Some(Assigned {
        name,
        value,
        quoted: false,
        operator,
    })
}

/// Whether what follows a name is not given to it: the words of an address have no values, and `secret.decode("…")` calls
/// something else with something else.
fn misleads(bytes: &[u8], at: usize, name: &Range<usize>, operator: u8) -> bool {
    match operator {
        b':' => name.start > 1 && bytes[name.start - 1] == b'/',
        b'(' => bytes[at..name.end].contains(&b'.'),
        _ => false,
    }
}

/// The value that starts at `start` in `"Name: value"`, a header in quotes, whose name starts at `name`.
fn header(bytes: &[u8], name: usize, start: usize) -> Option<Range<usize>> {
    let quote = *bytes.get(name.checked_sub(1)?)?;
    let value = b"\"'`"
        .contains(&quote)
        .then(|| until(bytes, start, |byte| byte == quote))??;
    (!value.is_empty()).then_some(value)
}

/// The value in `variable "name" { default = "value" }` of Terraform, whose brace is at `at`
/// (<https://developer.hashicorp.com/terraform/language/block/variable>).
fn variable(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let block = bytes
        .get(at..bytes.len().min(at + LONGEST))?
        .strip_prefix(b"{")?;
    let block = &block[..memchr::memchr(b'}', block).unwrap_or(block.len())];
    let default = memchr::memmem::find(block, b"default")?;
    let after = at + 1 + default + b"default".len();
    let equals = past(bytes, after, 16, is_blank);
    if bytes.get(equals) != Some(&b'=') {
        return None;
    }
    quoted(bytes, past(bytes, equals + 1, 16, is_blank))
}

/// Whether an operator joins name and value: a blank must be there, and `f("name", "value")` names what
/// `f(NAME, "value")` only lists.
const fn joins(operator: u8, closed: bool, blank: bool, attribute: bool) -> bool {
    match operator {
        b' ' => blank,
        b',' => closed || attribute,
        _ => true,
    }
}

fn name_around(bytes: &[u8], at: usize) -> Range<usize> {
    let from = at.saturating_sub(REACH);
    let start = (from..at)
        .rev()
        .find(|&at| !is_name(bytes[at]))
        .map_or(from, |at| at + 1);
    start..past(bytes, at, REACH, is_name)
}

/// Where the value may start, and what stands before it: `<` for an XML element, a blank for nothing.
// hookd:allow cyclomatic-complexity a table
fn operator(bytes: &[u8], at: usize, element: bool) -> Option<(usize, u8)> {
    let rest = &bytes[at..];
    Some(match rest {
        [b'>', ..] if element => (at + 1, b'<'),
        [b':', b'=', ..] | [b'=', b'>' | b'=', ..] => (at + 2, b'='),
        [b'=', ..] => (at + 1, b'='),
        [b':', ..] => (past_type(bytes, at + 1).unwrap_or(at + 1), b':'),
        [b',', ..] => (at + 1, b','),
        [b'(', ..] => (at + 1, b'('),
        [b'"' | b'\'', ..] => (at, b' '),
        _ if rest.len() > 6 && rest[..6].eq_ignore_ascii_case(b"value=") => (at + 6, b','),
        _ => (past_bare_type(bytes, at)?, b'='),
    })
}

/// Skips the type in `name string = "…"` of Go and SQL.
fn past_bare_type(bytes: &[u8], at: usize) -> Option<usize> {
    let end = past(bytes, at, 24, |byte| {
        byte.is_ascii_alphanumeric() || b"_.*[]".contains(&byte)
    });
    let equals = past(bytes, end, 16, is_blank);
    (end > at && equals > end && bytes.get(equals) == Some(&b'=')).then_some(equals + 1)
}

/// The text of an XML element, which may stand on lines of its own, from `at`.
fn content(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let blank = |byte: u8| byte.is_ascii_whitespace();
    let start = past(bytes, at, REACH, blank);
    let end = past(bytes, start, LONGEST, |byte| {
        byte != b'<' && byte != b'\n' && byte != b'\r'
    });
    let close = past(bytes, end, REACH, blank);
    let text = bytes[start..end].trim_ascii_end();
    (bytes.get(close) == Some(&b'<')).then_some(start..start + text.len())
}

/// Skips the type in `name: &str = "…"`; `None` where there is none.
fn past_type(bytes: &[u8], at: usize) -> Option<usize> {
    let end = past(bytes, at, 32, |byte| {
        byte.is_ascii_alphabetic() || b" &?<>_[]:".contains(&byte)
    });
    (end > at && bytes.get(end) == Some(&b'=') && bytes.get(end + 1) != Some(&b'='))
        .then_some(end + 1)
}

/// The text in quotes at `at`, on one line. Quotes may be escaped, as in a string within a string.
fn quoted(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let at = past(bytes, at, 1, |byte| {
        matches!(byte, b'b' | b'r' | b'u' | b'@' | b'L')
    });
    let open = past(bytes, at, 3, |byte| byte == b'\\');
    let quote = *bytes.get(open).filter(|byte| b"\"'`".contains(byte))?;
    let escaped = open > at;
    let value = until(bytes, open + 1, |byte| byte == quote)?;
    let trimmed = if escaped {
        let text = &bytes[value.clone()];
        let slashes = text.iter().rev().take_while(|&&byte| byte == b'\\').count();
        value.start..value.end - slashes
    } else {
        value
    };
    Some(trimmed)
}

/// From `at` to the first byte that `stop` takes, if it comes on the same line and soon.
fn until(bytes: &[u8], at: usize, stop: impl Fn(u8) -> bool) -> Option<Range<usize>> {
    let end = past(bytes, at, LONGEST, |byte| !stop(byte) && byte != b'\n');
    bytes.get(end).filter(|&&byte| stop(byte)).map(|_| at..end)
}

/// A value that ends with the line, before a comment, or before the next of several on one line.
fn unquoted(bytes: &[u8], at: usize) -> Option<Range<usize>> {
    let end = past(bytes, at, LONGEST, |byte| {
        byte.is_ascii_graphic() && !b"\"'`<>(){}[],;\\&".contains(&byte)
    });
    let rest = past(bytes, end, 16, is_blank);
    let ends = match bytes[rest.min(bytes.len())..] {
        [] | [b'\n' | b'\r', ..] | [b'\\', b'n' | b'r', ..] => true,
        [b'#', ..] => rest > end,
        [b';' | b'&', ..] => rest == end,
        [..] => false,
    };
    (ends && end > at).then_some(at..end)
}

#[cfg(test)]
mod tests {
    use super::around;

    fn value(text: &str, loose: bool) -> Option<&str> {
        let at = text.find("key")?;
        around(text.as_bytes(), at, loose).map(|found| &text[found.value])
    }

    #[test]
    fn reads_values_of_many_languages() {
        for text in [
            r#"my_key = "v1""#,
            r#""key": "v1""#,
            r#"key := "v1""#,
            r#"'key' => 'v1',"#,
            r#"const key: &str = "v1";"#,
            r#"set("key", "v1")"#,
            r#"<key>v1</key>"#,
            "headers: ['X-key: v1']",
            "<key>\n    v1\n</key>",
            r#"var key string = "v1""#,
            r#"<add name="my.key" value="v1"/>"#,
            r#"{\"key\": \"v1\"}"#,
            r#"setkey("v1")"#,
            "variable \"key\" {\n  type = string\n  default = \"v1\"\n}",
        ] {
            assert_eq!(value(text, false), Some("v1"), "{text}");
        }
    }

    #[test]
    fn unquoted_values_only_where_asked_for() {
        assert_eq!(value("key=v1 # note\n", true), Some("v1"));
        assert_eq!(value("key: v1", true), Some("v1"));
        assert_eq!(value("Server=h;key=v1;x=2", true), Some("v1"));
        assert_eq!(value(r#"{"ini": "key=v1\nx=2"}"#, true), Some("v1"));
        assert_eq!(value("key=v1", false), None);
        assert_eq!(value("key=call(v1)", true), None);
        assert_eq!(value("key=\nv1", true), None);
    }
}

//! A requirement of Python (<https://packaging.python.org/en/latest/specifications/dependency-specifiers/>), in its parts.

/// The parts as they are written.
pub(super) struct Requirement<'a> {
    pub name: &'a str,
    /// What stands between brackets.
    pub extras: &'a str,
    /// What versions, or `@` and an address.
    pub versions: &'a str,
    pub marker: &'a str,
}

/// Splits `text`; `None` where a bracket is left open.
pub(super) fn requirement(text: &str) -> Option<Requirement<'_>> {
    let (text, marker) = text.split_once(';').unwrap_or((text, ""));
    let text = text.trim();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let (extras, rest) = match rest.strip_prefix('[') {
        Some(inner) => inner.split_once(']')?,
        None => ("", rest),
    };
    Some(Requirement {
        name,
        extras,
        versions: rest.trim(),
        marker,
    })
}

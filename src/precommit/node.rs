//! A value of a configuration file with the place where it stands, whatever the format.

use crate::config::{ConfigError, suggest};
use std::ops::Range;

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Bool(bool),
    /// A number as it is written.
    Number(String),
    Text(String),
    List(Vec<Node>),
    /// Keys in the order in which they are written.
    Map(Vec<(Node, Node)>),
}

/// A value and the bytes of the file that hold it.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) span: Range<usize>,
}

/// Something read from a file, and where it stands there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// What it is.
    pub value: T,
    /// Bytes of the file.
    pub span: Range<usize>,
}

impl<T> Placed<T> {
    /// `value`, written at `span`.
    pub(super) const fn new(value: T, span: Range<usize>) -> Self {
        Self { value, span }
    }
}

/// A file: its name as the user would say it, and its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Shown in errors.
    pub file: String,
    /// The whole text.
    pub text: String,
}

impl Source {
    /// An error at the bytes `span`.
    #[must_use]
    pub fn error(&self, span: &Range<usize>, message: impl Into<String>) -> ConfigError {
        ConfigError::new(&self.file, &self.text, span.clone(), message)
    }

    /// `FILE:LINE`, for messages that are no errors.
    #[must_use]
    pub fn place(&self, span: &Range<usize>) -> String {
        let before = &self.text.as_bytes()[..span.start.min(self.text.len())];
        let line = memchr::memchr_iter(b'\n', before).count() + 1;
        format!("{}:{line}", self.file)
    }
}

impl Node {
    fn kind(&self) -> &'static str {
        match self.value {
            Value::Null => "nothing",
            Value::Bool(_) => "true or false",
            Value::Number(_) => "a number",
            Value::Text(_) => "text",
            Value::List(_) => "a list",
            Value::Map(_) => "a table",
        }
    }

    fn wrong(&self, source: &Source, name: &str, wanted: &str) -> ConfigError {
        let kind = self.kind();
        source.error(&self.span, format!("`{name}` must be {wanted}, not {kind}"))
    }

    /// The text of a scalar; a number or a word such as `yes` is taken as it is written, where the file means a text.
    pub(super) fn text(&self, source: &Source, name: &str) -> Result<Placed<String>, ConfigError> {
        let text = match &self.value {
            Value::Text(text) | Value::Number(text) => text.clone(),
            _ => return Err(self.wrong(source, name, "text")),
        };
        if text.contains('\0') {
            return Err(source.error(&self.span, format!("`{name}` cannot hold a NUL character")));
        }
        Ok(Placed::new(text, self.span.clone()))
    }

    pub(super) fn flag(&self, source: &Source, name: &str) -> Result<bool, ConfigError> {
        match self.value {
            Value::Bool(flag) => Ok(flag),
            _ => Err(self.wrong(source, name, "true or false")),
        }
    }

    pub(super) fn list(&self, source: &Source, name: &str) -> Result<&[Self], ConfigError> {
        match &self.value {
            Value::List(items) => Ok(items),
            _ => Err(self.wrong(source, name, "a list")),
        }
    }

    pub(super) fn texts(
        &self,
        source: &Source,
        name: &str,
    ) -> Result<Vec<Placed<String>>, ConfigError> {
        let items = self.list(source, name)?.iter();
        items.map(|item| item.text(source, name)).collect()
    }

    pub(super) fn map(&self, source: &Source, name: &str) -> Result<&[(Self, Self)], ConfigError> {
        match &self.value {
            Value::Map(pairs) => Ok(pairs),
            _ => Err(self.wrong(source, name, "a table")),
        }
    }
}

/// The pairs of a table with their keys as text; keys that are not in `known` go to `strange` with a word on what was
/// meant, as the original only warns about them.
pub(super) fn keys<'n>(
    source: &Source,
    node: &'n Node,
    name: &str,
    known: &[&str],
    strange: &mut Vec<String>,
) -> Result<Vec<(String, &'n Node)>, ConfigError> {
    let mut pairs = Vec::new();
    for (key, value) in node.map(source, name)? {
        let text = key.text(source, "key")?.value;
        if known.contains(&text.as_str()) {
            pairs.push((text, value));
        } else {
            let place = source.place(&key.span);
            let help = suggest(&text, known.iter().copied());
            let help = if help.starts_with("did you mean") {
                format!("; {help}")
            } else {
                String::new()
            };
            strange.push(format!("{place}: unknown key `{text}` in {name}{help}"));
        }
    }
    Ok(pairs)
}

//! The comments of a configuration, and configurations of other tools in the same formats as plain values.

use super::node::{Node, Source, Value};
use super::{toml, yaml};
use crate::config::ConfigError;
use std::ops::Range;

/// A comment in a configuration file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comment {
    /// Where its `#` stands.
    pub at: usize,
    /// It, from the `#` to the end of the line.
    pub text: String,
    /// Whether nothing else is on its line.
    pub alone: bool,
}

/// The comments of `source`, which is YAML, or TOML where its name says so, in order. A `#` inside a value is none.
///
/// # Errors
/// The file cannot be read.
pub fn comments(source: &Source) -> Result<Vec<Comment>, ConfigError> {
    let mut values = Vec::new();
    if let Some(root) = read(source)? {
        scalars(&root, &source.text, &mut values);
    }
    let mut found = Vec::new();
    let mut start = 0;
    for line in source.text.split_inclusive('\n') {
        if let Some(at) = begin(line, start, &values) {
            found.push(Comment {
                at: start + at,
                text: line[at..].trim_end().to_owned(),
                alone: line[..at].trim().is_empty(),
            });
        }
        start += line.len();
    }
    Ok(found)
}

/// The file named `file` as a plain value; `None` where it is empty. Aliases are followed.
///
/// # Errors
/// It is not UTF-8, or broken.
pub fn tree(file: &str, bytes: Vec<u8>) -> Result<Option<serde_json::Value>, ConfigError> {
    let document = crate::config::Document::new(file, bytes)?;
    let source = Source {
        file: document.file,
        text: document.text,
    };
    Ok(read(&source)?.map(plain))
}

fn read(source: &Source) -> Result<Option<Node>, ConfigError> {
    // `.lintstagedrc` has no extension; JSON is YAML too.
    if source.file.ends_with(".toml") {
        toml::parse(source)
    } else {
        yaml::parse(source)
    }
}

fn plain(node: Node) -> serde_json::Value {
    use serde_json::Value as Json;
    match node.value {
        Value::Null => Json::Null,
        Value::Bool(flag) => Json::Bool(flag),
        Value::Number(text) => text
            .parse::<serde_json::Number>()
            .map_or(Json::String(text), Json::Number),
        Value::Text(text) => Json::String(text),
        Value::List(items) => Json::Array(items.into_iter().map(plain).collect()),
        Value::Map(pairs) => {
            let pairs = pairs
                .into_iter()
                .filter_map(|(key, value)| match plain(key) {
                    Json::String(key) => Some((key, plain(value))),
                    Json::Number(key) => Some((key.to_string(), plain(value))),
                    _ => None,
                });
            Json::Object(pairs.collect())
        }
    }
}

/// Where the values stand whose text may have a `#`.
fn scalars(node: &Node, text: &str, into: &mut Vec<Range<usize>>) {
    match &node.value {
        Value::List(items) => items.iter().for_each(|item| scalars(item, text, into)),
        Value::Map(pairs) => {
            for (key, value) in pairs {
                scalars(key, text, into);
                scalars(value, text, into);
            }
        }
        _ => {
            let held = text.get(node.span.clone());
            if held.is_some_and(|held| held.contains('#')) {
                into.push(node.span.clone());
            }
        }
    }
}

/// The place in `line`, which starts at byte `start`, where a comment begins.
fn begin(line: &str, start: usize, values: &[Range<usize>]) -> Option<usize> {
    memchr::memchr_iter(b'#', line.as_bytes()).find(|&at| {
        let free = at == 0 || line.as_bytes()[at - 1].is_ascii_whitespace();
        free && !values.iter().any(|value| value.contains(&(start + at)))
    })
}

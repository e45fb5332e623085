//! YAML with places: one document, aliases followed, merge keys (`<<`) laid out, bounded in depth and size.

use super::node::{Node, Source, Value};
use crate::config::ConfigError;
use granit_parser::{Event, Options, Parser, ScalarStyle, Span, Tag};
use std::collections::HashMap;
use std::ops::Range;

/// How deep collections may be nested.
const DEPTH: usize = 64;
/// How many values a file may hold, those that aliases repeat counted each time.
const MOST: usize = 200_000;

/// A collection that is not closed yet.
struct Open {
    start: usize,
    anchor: usize,
    mapping: bool,
    items: Vec<Node>,
}

/// Builds the tree.
struct Builder<'s> {
    source: &'s Source,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    root: Option<Node>,
    left: usize,
}

/// The one document of a YAML file; `None` where it is empty.
///
/// # Errors
/// Broken YAML, a second document, a bomb.
pub(super) fn parse(source: &Source) -> Result<Option<Node>, ConfigError> {
    let mut options = Options::default();
    options.flow_nesting_limit = DEPTH;
    options.block_nesting_limit = DEPTH;
    let mut builder = Builder {
        source,
        open: Vec::new(),
        anchors: HashMap::new(),
        root: None,
        left: MOST,
    };
    for event in Parser::new_from_str_with_options(&source.text, options) {
        match event {
            Ok((event, span)) => builder.event(&event, &span)?,
            Err(error) => {
                let at = error.marker().byte_offset().unwrap_or(0);
                return Err(source.error(&(at..at + 1), error.info()));
            }
        }
    }
    Ok(builder.root)
}

fn bytes(span: &Span) -> Range<usize> {
    span.byte_range().unwrap_or(0..0)
}

impl Builder<'_> {
    fn event(&mut self, event: &Event<'_>, span: &Span) -> Result<(), ConfigError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(text, *style, tag.as_deref());
                self.add(
                    Node {
                        value,
                        span: bytes(span),
                    },
                    *anchor,
                )
            }
            Event::SequenceStart(_, anchor, _) => self.begin(false, *anchor, span),
            Event::MappingStart(_, anchor, _) => self.begin(true, *anchor, span),
            Event::SequenceEnd | Event::MappingEnd => self.end(span),
            Event::Alias(id) => {
                let node = self.anchors.get(id).cloned();
                let span = bytes(span);
                let Some(node) = node else {
                    return Err(self
                        .source
                        .error(&span, "this alias stands inside of what it names"));
                };
                self.spend(size(&node), &span)?;
                self.add(
                    Node {
                        value: node.value,
                        span,
                    },
                    0,
                )
            }
            Event::DocumentStart(..) if self.root.is_some() => Err(self
                .source
                .error(&bytes(span), "a second document: a configuration is one")),
            _ => Ok(()),
        }
    }

    fn spend(&mut self, nodes: usize, span: &Range<usize>) -> Result<(), ConfigError> {
        match self.left.checked_sub(nodes) {
            Some(left) => {
                self.left = left;
                Ok(())
            }
            None => Err(self
                .source
                .error(span, "more values than a configuration can mean")),
        }
    }

    fn begin(&mut self, mapping: bool, anchor: usize, span: &Span) -> Result<(), ConfigError> {
        self.open.push(Open {
            start: bytes(span).start,
            anchor,
            mapping,
            items: Vec::new(),
        });
        Ok(())
    }

    fn end(&mut self, span: &Span) -> Result<(), ConfigError> {
        let Some(open) = self.open.pop() else {
            return Ok(());
        };
        let inner = open.items.last().map(|item| item.span.end);
        let end = inner.unwrap_or_else(|| bytes(span).end).max(open.start);
        let value = if open.mapping {
            Value::Map(self.pairs(open.items)?)
        } else {
            Value::List(open.items)
        };
        self.add(
            Node {
                value,
                span: open.start..end,
            },
            open.anchor,
        )
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), ConfigError> {
        self.spend(1, &node.span)?;
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut() {
            Some(open) => open.items.push(node),
            None => self.root = Some(node),
        }
        Ok(())
    }

    /// Keys and values by turns, as pairs; what `<<` brings in comes first, so that written keys count.
    fn pairs(&self, items: Vec<Node>) -> Result<Vec<(Node, Node)>, ConfigError> {
        let mut own: Vec<(Node, Node)> = Vec::new();
        let mut merged: Vec<(Node, Node)> = Vec::new();
        let mut items = items.into_iter();
        while let (Some(key), Some(value)) = (items.next(), items.next()) {
            if key.value == Value::Text("<<".to_owned()) {
                merge(value, &mut merged);
                continue;
            }
            if own.iter().any(|(known, _)| known.value == key.value) {
                let message = "this key is there twice";
                return Err(self.source.error(&key.span, message));
            }
            own.push((key, value));
        }
        merged.retain(|(key, _)| !own.iter().any(|(known, _)| known.value == key.value));
        merged.append(&mut own);
        Ok(merged)
    }
}

fn merge(value: Node, into: &mut Vec<(Node, Node)>) {
    match value.value {
        Value::Map(pairs) => {
            for (key, value) in pairs {
                if !into.iter().any(|(known, _)| known.value == key.value) {
                    into.push((key, value));
                }
            }
        }
        Value::List(items) => items.into_iter().for_each(|item| merge(item, into)),
        _ => {}
    }
}

fn size(node: &Node) -> usize {
    match &node.value {
        Value::List(items) => 1 + items.iter().map(size).sum::<usize>(),
        Value::Map(pairs) => {
            1 + pairs
                .iter()
                .map(|(key, value)| size(key) + size(value))
                .sum::<usize>()
        }
        _ => 1,
    }
}

/// What a scalar means to PyYAML's safe loader (YAML 1.1), as far as it matters here: words for true and false, nothing,
/// numbers.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    if style != ScalarStyle::Plain || tag.is_some() {
        return Value::Text(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" | "yes" | "Yes" | "YES" | "on" | "On" | "ON" => Value::Bool(true),
        "false" | "False" | "FALSE" | "no" | "No" | "NO" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        _ if text.parse::<f64>().is_ok()
            && text.starts_with(|c: char| c.is_ascii_digit() || "+-.".contains(c)) =>
        {
            Value::Number(text.to_owned())
        }
        _ => Value::Text(text.to_owned()),
    }
}

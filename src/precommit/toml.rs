//! `prek.toml` as the same tree that YAML gives.

use super::node::{Node, Source, Value};
use crate::config::ConfigError;
use toml::de::{DeTable, DeValue};

/// The top table of a TOML file.
///
/// # Errors
/// Broken TOML.
pub(super) fn parse(source: &Source) -> Result<Option<Node>, ConfigError> {
    let table = DeTable::parse(&source.text)
        .map_err(|error| source.error(&error.span().unwrap_or(0..0), error.message().to_owned()))?;
    let span = table.span();
    Ok(Some(Node {
        value: map(table.into_inner()),
        span,
    }))
}

fn map(table: DeTable<'_>) -> Value {
    let mut pairs: Vec<(Node, Node)> = table
        .into_iter()
        .map(|(key, value)| {
            let name = Node {
                value: Value::Text(key.get_ref().to_string()),
                span: key.span(),
            };
            (name, node(value))
        })
        .collect();
    // The parser sorts keys; errors and warnings read better in the order of the file.
    pairs.sort_by_key(|(key, _)| key.span.start);
    Value::Map(pairs)
}

fn node(value: toml::Spanned<DeValue<'_>>) -> Node {
    let span = value.span();
    let value = match value.into_inner() {
        DeValue::Boolean(flag) => Value::Bool(flag),
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(number) => Value::Number(number.to_string()),
        DeValue::Float(number) => Value::Number(number.to_string()),
        DeValue::Datetime(moment) => Value::Text(moment.to_string()),
        DeValue::Array(items) => Value::List(items.into_iter().map(node).collect()),
        DeValue::Table(table) => map(table),
    };
    Node { value, span }
}

//! Tables of a gitleaks configuration as gitleaks reads them: keys in any case, values of nearly the right type converted
//! (<https://pkg.go.dev/github.com/go-viper/mapstructure/v2#hdr-Weakly_Typed_Input>), unknown keys ignored.

use super::LoadError;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

/// A file, for errors.
#[derive(Debug, Clone, Copy)]
pub(super) struct File<'a> {
    /// Its name as written where it was asked for.
    pub(super) name: &'a str,
    /// Its text.
    pub(super) text: &'a str,
}

impl File<'_> {
    /// An error at `span` of the file.
    pub(super) fn error(self, span: Range<usize>, message: impl Into<String>) -> LoadError {
        LoadError {
            file: self.name.to_owned(),
            text: self.text.to_owned(),
            span,
            message: message.into(),
        }
    }
}

/// A value and where it stands.
#[derive(Debug, Clone)]
pub(super) struct Placed<T> {
    /// The value.
    pub(super) value: T,
    /// Its bytes in the file.
    pub(super) span: Range<usize>,
}

/// A table.
#[derive(Clone)]
pub(super) struct Keys<'a> {
    /// The file it stands in.
    pub(super) file: File<'a>,
    /// Its place.
    pub(super) span: Range<usize>,
    table: &'a DeTable<'a>,
}

type Result<T> = std::result::Result<T, LoadError>;

impl<'a> Keys<'a> {
    /// The whole of a file.
    pub(super) fn new(file: File<'a>, table: &'a DeTable<'a>) -> Self {
        Self {
            file,
            span: 0..0,
            table,
        }
    }

    fn get(&self, key: &str) -> Option<&'a Spanned<DeValue<'a>>> {
        let found = self
            .table
            .iter()
            .find(|(name, _)| name.get_ref().eq_ignore_ascii_case(key));
        found.map(|(_, value)| value)
    }

    /// Where the value of `key` stands; the table where there is none.
    pub(super) fn span_of(&self, key: &str) -> Range<usize> {
        self.get(key)
            .map_or_else(|| self.span.clone(), Spanned::span)
    }

    /// An error at the value of `key`.
    pub(super) fn error(&self, key: &str, message: impl Into<String>) -> LoadError {
        self.file.error(self.span_of(key), message)
    }

    fn convert<T>(
        &self,
        key: &str,
        what: &str,
        convert: impl Fn(&DeValue<'_>) -> Option<T>,
    ) -> Result<Option<T>> {
        let Some(value) = self.get(key) else {
            return Ok(None);
        };
        let converted = convert(value.get_ref());
        converted
            .map(Some)
            .ok_or_else(|| self.error(key, format!("`{key}` must be {what}")))
    }

    /// A string; empty where there is none.
    pub(super) fn text(&self, key: &str) -> Result<Placed<String>> {
        let value = self.convert(key, "a string", text)?;
        Ok(Placed {
            value: value.unwrap_or_default(),
            span: self.span_of(key),
        })
    }

    /// A number; 0 where there is none.
    pub(super) fn number(&self, key: &str) -> Result<f64> {
        Ok(self.convert(key, "a number", number)?.unwrap_or(0.0))
    }

    /// A whole number; `None` where there is none.
    pub(super) fn whole(&self, key: &str) -> Result<Option<i64>> {
        #[allow(clippy::cast_possible_truncation)] // as Go does, and as saturating
        self.convert(key, "a whole number", |value| {
            number(value).map(|number| number as i64)
        })
    }

    /// A switch; off where there is none.
    pub(super) fn truth(&self, key: &str) -> Result<bool> {
        Ok(self.convert(key, "true or false", truth)?.unwrap_or(false))
    }

    /// A list of strings. One string stands for those between its commas.
    pub(super) fn texts(&self, key: &str) -> Result<Vec<Placed<String>>> {
        let Some(value) = self.get(key) else {
            return Ok(Vec::new());
        };
        let wrong = || self.error(key, format!("`{key}` must be a list of strings"));
        let placed = |value: String, span| Placed { value, span };
        match value.get_ref() {
            DeValue::Array(items) => items
                .iter()
                .map(|item| {
                    text(item.get_ref())
                        .map(|text| placed(text, item.span()))
                        .ok_or_else(wrong)
                })
                .collect(),
            other => {
                let text = text(other).ok_or_else(wrong)?;
                let parts = text.split(',').filter(|_| !text.is_empty());
                Ok(parts
                    .map(|part| placed(part.to_owned(), value.span()))
                    .collect())
            }
        }
    }

    /// A table; `None` where there is none.
    pub(super) fn table(&self, key: &str) -> Result<Option<Self>> {
        match self.get(key) {
            None => Ok(None),
            Some(value) => self.inner(key, value).map(Some),
        }
    }

    /// A list of tables; one table is a list of one.
    pub(super) fn tables(&self, key: &str) -> Result<Vec<Self>> {
        match self.get(key).map(|value| (value, value.get_ref())) {
            None => Ok(Vec::new()),
            Some((_, DeValue::Array(items))) => {
                items.iter().map(|item| self.inner(key, item)).collect()
            }
            Some((value, _)) => Ok(vec![self.inner(key, value)?]),
        }
    }

    fn inner(&self, key: &str, value: &'a Spanned<DeValue<'a>>) -> Result<Self> {
        let table = value.get_ref().as_table();
        let table = table.ok_or_else(|| {
            self.file
                .error(value.span(), format!("`{key}` must be a table"))
        })?;
        Ok(Self {
            file: self.file,
            span: value.span(),
            table,
        })
    }
}

fn text(value: &DeValue<'_>) -> Option<String> {
    match value {
        DeValue::String(text) => Some(text.clone().into_owned()),
        DeValue::Integer(number) => Some(number.to_string()),
        DeValue::Float(number) => Some(number.to_string()),
        DeValue::Boolean(truth) => Some(if *truth { "1" } else { "0" }.to_owned()),
        _ => None,
    }
}

#[allow(clippy::cast_precision_loss)] // counts and entropies are small
fn number(value: &DeValue<'_>) -> Option<f64> {
    match value {
        DeValue::Integer(number) => i64::from_str_radix(number.as_str(), number.radix())
            .ok()
            .map(|n| n as f64),
        DeValue::Float(number) => number.as_str().parse().ok(),
        DeValue::Boolean(truth) => Some(f64::from(u8::from(*truth))),
        DeValue::String(text) if text.is_empty() => Some(0.0),
        DeValue::String(text) => text.parse().ok(),
        _ => None,
    }
}

/// A string is read as Go's `strconv.ParseBool` reads it.
fn truth(value: &DeValue<'_>) -> Option<bool> {
    match value {
        DeValue::Boolean(truth) => Some(*truth),
        DeValue::String(text) => match &**text {
            "1" | "t" | "T" | "true" | "TRUE" | "True" => Some(true),
            "" | "0" | "f" | "F" | "false" | "FALSE" | "False" => Some(false),
            _ => None,
        },
        other => number(other).map(|number| number != 0.0),
    }
}

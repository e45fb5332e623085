//! One scanner's section, parsed by the scanner that owns it.

use super::{ConfigError, suggest};
use crate::model::{Level, Scope};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use std::ops::Range;
use toml::de::{DeTable, DeValue};

/// The keys that every scanner section has.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Common {
    /// Whether the scanner runs.
    pub enabled: bool,
    /// Whether its findings block.
    pub level: Level,
    /// Whether only what a change brings in blocks.
    pub scope: Scope,
    /// Globs of files it leaves out, as in `.gitignore`.
    pub exclude: Vec<String>,
}

impl Default for Common {
    fn default() -> Self {
        Self {
            enabled: true,
            level: Level::default(),
            scope: Scope::default(),
            exclude: Vec::new(),
        }
    }
}

const COMMON_KEYS: [&str; 4] = ["enabled", "level", "scope", "exclude"];

/// The settings of one scanner beside the common ones.
pub trait SectionKeys: DeserializeOwned + Default {
    /// Every key of the section, as written in the file.
    const KEYS: &'static [&'static str];
}

/// What one file says in a section.
#[derive(Debug, Clone)]
struct Layer<'a> {
    file: &'a str,
    text: &'a str,
    /// Where the table begins: its header, in a `[[list]]` of tables.
    start: Range<usize>,
    table: DeTable<'a>,
}

/// A `[scan.ID]` section: what each configuration file says in it, later files over earlier ones, key by key.
/// Empty where no file has the section.
#[derive(Debug, Clone, Default)]
pub struct Section<'a> {
    layers: Vec<Layer<'a>>,
}

impl<'a> Section<'a> {
    /// Adds what `file`, whose whole text is `text`, says. It wins over what was added before.
    pub fn push(&mut self, file: &'a str, text: &'a str, table: DeTable<'a>) {
        self.push_at(file, text, 0..0, table);
    }

    /// Like [`Section::push`], for a table whose header stands at `start`: where an error about a missing key points.
    pub fn push_at(
        &mut self,
        file: &'a str,
        text: &'a str,
        start: Range<usize>,
        table: DeTable<'a>,
    ) {
        self.layers.push(Layer {
            file,
            text,
            start,
            table,
        });
    }

    /// Lays `later` over this section, key by key.
    pub fn lay_over(&mut self, later: Self) {
        self.layers.extend(later.layers);
    }

    /// The file that speaks last; empty where none does.
    #[must_use]
    pub fn file(&self) -> &'a str {
        self.layers.last().map_or("", |layer| layer.file)
    }

    /// Whether this one and `other` stand in one file: not only under one name, since a file may be laid twice.
    #[must_use]
    pub fn shares_file_with(&self, other: &Self) -> bool {
        let text = |section: &Self| section.layers.last().map(|layer| layer.text.as_ptr());
        text(self) == text(other)
    }

    /// The keys that every scanner section has.
    ///
    /// # Errors
    /// A value of the wrong type, or an `exclude` glob that cannot be read.
    pub fn common(&self) -> Result<Common, ConfigError> {
        let common: Common = self.deserialize(|key| COMMON_KEYS.contains(&key))?;
        if let Err((at, reason)) = crate::text::PathSet::new(&common.exclude) {
            let span = self.span_of("exclude", Some(at));
            return Err(self.error_at(span, format!("not a glob: {reason}")));
        }
        Ok(common)
    }

    /// The scanner's own keys.
    ///
    /// # Errors
    /// A key that neither the scanner nor [`Common`] knows, or a value of the wrong type.
    pub fn own<T: SectionKeys>(&self) -> Result<T, ConfigError> {
        self.known(T::KEYS, &COMMON_KEYS)?;
        self.deserialize(|key| T::KEYS.contains(&key))
    }

    /// Every key, for sections that have no common ones.
    ///
    /// # Errors
    /// A key that is not one of `T`'s, or a value of the wrong type.
    pub fn whole<T: SectionKeys>(&self) -> Result<T, ConfigError> {
        self.known(T::KEYS, &[])?;
        self.deserialize(|_| true)
    }

    fn known(&self, own: &[&str], common: &[&str]) -> Result<(), ConfigError> {
        for layer in &self.layers {
            for key in layer.table.keys() {
                let name: &str = key.get_ref();
                if !own.contains(&name) && !common.contains(&name) {
                    let known = own.iter().chain(common).copied();
                    return Err(layer
                        .error(key.span(), format!("unknown key `{name}`"))
                        .with_help(suggest(name, known)));
                }
            }
        }
        Ok(())
    }

    /// An error at the value of `key`, or at item `item` of it: for values that parse and make no sense.
    #[must_use]
    pub fn error(&self, key: &str, item: Option<usize>, message: impl Into<String>) -> ConfigError {
        self.error_at(self.span_of(key, item), message)
    }

    fn error_at(
        &self,
        place: Option<(&Layer<'a>, Range<usize>)>,
        message: impl Into<String>,
    ) -> ConfigError {
        let fallback = || Some(self.layers.last()?).map(|layer| (layer, layer.start.clone()));
        match place.or_else(fallback) {
            Some((layer, span)) => layer.error(span, message),
            None => ConfigError::new("the built-in configuration", "", 0..0, message),
        }
    }

    /// Where the value of `key` that counts is written.
    fn span_of(&self, key: &str, item: Option<usize>) -> Option<(&Layer<'a>, Range<usize>)> {
        self.layers.iter().rev().find_map(|layer| {
            let (_, value) = layer.table.iter().find(|(name, _)| name.get_ref() == key)?;
            let inner = item.and_then(|at| value.get_ref().as_array()?.get(at));
            Some((
                layer,
                inner.map_or_else(|| value.span(), toml::Spanned::span),
            ))
        })
    }

    /// Every layer must be right by itself, so that a mistake is shown in the file that makes it; then the keys are
    /// laid over each other.
    fn deserialize<T: DeserializeOwned + Default>(
        &self,
        keep: impl Fn(&str) -> bool,
    ) -> Result<T, ConfigError> {
        let mut merged = DeTable::new();
        for layer in &self.layers {
            let own = layer.table.iter().filter(|(key, _)| keep(key.get_ref()));
            let own: DeTable<'a> = own
                .map(|(key, value)| (key.clone(), value.clone()))
                .collect();
            layer.deserialize::<T>(own.clone())?;
            merged.extend(own);
        }
        match self.layers.last() {
            Some(last) => last.deserialize(merged),
            None => Ok(T::default()),
        }
    }
}

impl<'a> Layer<'a> {
    fn deserialize<T: DeserializeOwned>(&self, table: DeTable<'a>) -> Result<T, ConfigError> {
        let value = toml::Spanned::new(0..0, DeValue::Table(table));
        T::deserialize(toml::de::ValueDeserializer::from(value))
            .map_err(|error| self.error(error.span().unwrap_or(0..0), error.message()))
    }

    fn error(&self, span: Range<usize>, message: impl Into<String>) -> ConfigError {
        ConfigError::new(self.file, self.text, span, message)
    }
}

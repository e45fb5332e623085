//! One scanner's section, parsed by the scanner that owns it.

use super::ConfigError;
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

impl SectionKeys for () {
    const KEYS: &'static [&'static str] = &[];
}

/// A `[scan.ID]` section with the text it stands in, or an empty one where the configuration has none.
#[derive(Debug, Clone, Default)]
pub struct Section<'a> {
    file: &'a str,
    text: &'a str,
    table: DeTable<'a>,
}

impl<'a> Section<'a> {
    /// The section `table` of `file`, whose whole text is `text`.
    #[must_use]
    pub const fn new(file: &'a str, text: &'a str, table: DeTable<'a>) -> Self {
        Self { file, text, table }
    }

    /// The keys that every scanner section has.
    ///
    /// # Errors
    /// A key with a value of the wrong type.
    pub fn common(&self) -> Result<Common, ConfigError> {
        self.deserialize(|key| COMMON_KEYS.contains(&key))
    }

    /// The scanner's own keys.
    ///
    /// # Errors
    /// A key that neither the scanner nor [`Common`] knows, or a value of the wrong type.
    pub fn own<T: SectionKeys>(&self) -> Result<T, ConfigError> {
        for key in self.table.keys() {
            let name: &str = key.get_ref();
            if !COMMON_KEYS.contains(&name) && !T::KEYS.contains(&name) {
                let known = T::KEYS.iter().chain(&COMMON_KEYS).copied();
                return Err(self
                    .error(key.span(), format!("unknown key `{name}`"))
                    .with_help(super::suggest(name, known)));
            }
        }
        self.deserialize(|key| T::KEYS.contains(&key))
    }

    /// An error at `span` of the file the section stands in: for values that parse and make no sense.
    #[must_use]
    pub fn error(&self, span: Range<usize>, message: impl Into<String>) -> ConfigError {
        ConfigError::new(self.file, self.text, span, message)
    }

    fn deserialize<T: DeserializeOwned>(
        &self,
        keep: impl Fn(&str) -> bool,
    ) -> Result<T, ConfigError> {
        let table = self
            .table
            .iter()
            .filter(|(key, _)| keep(key.get_ref()))
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        let value = toml::Spanned::new(0..0, DeValue::Table(table));
        T::deserialize(toml::de::ValueDeserializer::from(value)).map_err(|error| self.typed(&error))
    }

    fn typed(&self, error: &toml::de::Error) -> ConfigError {
        self.error(error.span().unwrap_or(0..0), error.message())
    }
}

//! The configuration that counts, as settings with the place each comes from: for people who look at it.

use super::{Common, ConfigError, Document};
use serde::Deserialize;
use toml::Value;
use toml::de::{DeTable, DeValue};

/// The place a setting comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Origin {
    /// The file.
    pub file: String,
    /// The line, from 1.
    pub line: usize,
}

/// A key with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    /// The key, without that of its table.
    pub key: String,
    /// What counts.
    pub value: Value,
    /// Where it is written; `None` for a default.
    pub origin: Option<Origin>,
}

/// All files laid over each other. Keys of a table stand in the order in which files first name them.
#[derive(Debug, Clone, Default)]
pub struct Effective {
    /// The keys outside of any table.
    pub top: Vec<Setting>,
    /// A `[scan.ID]` table a scanner.
    pub scan: Vec<(String, Vec<Setting>)>,
    /// The `[[hook]]` tables.
    pub hooks: Vec<Vec<Setting>>,
}

impl Effective {
    /// Lays `documents` over each other as [`super::Config::new`] does, which must have taken them. `scanners` are the
    /// ids of the sections there may be.
    ///
    /// # Errors
    /// A file is no TOML.
    pub fn new(documents: &[Document], scanners: &[&str]) -> Result<Self, ConfigError> {
        let mut effective = Self {
            top: vec![default("exclude", Value::Array(Vec::new()))],
            scan: scanners
                .iter()
                .map(|&id| (id.to_owned(), common_defaults()))
                .collect(),
            hooks: Vec::new(),
        };
        for document in documents {
            for (key, value) in document.table()? {
                let name: &str = key.get_ref();
                match (name, value.get_ref()) {
                    ("scan", DeValue::Table(sections)) => effective.sections(document, sections)?,
                    ("hook", DeValue::Array(tables)) => {
                        for table in tables.iter().filter_map(|item| item.get_ref().as_table()) {
                            effective.hook(document, table)?;
                        }
                    }
                    // Its layers are there already.
                    ("extends", _) => {}
                    _ => put(&mut effective.top, setting(document, &key, &value)?),
                }
            }
        }
        Ok(effective)
    }

    fn sections(&mut self, document: &Document, sections: &DeTable<'_>) -> Result<(), ConfigError> {
        for (id, section) in sections {
            let found = self
                .scan
                .iter_mut()
                .find(|(known, _)| known == id.get_ref());
            let (Some((_, settings)), Some(table)) = (found, section.get_ref().as_table()) else {
                continue;
            };
            lay(document, table, settings)?;
        }
        Ok(())
    }

    /// A table with the id of an earlier one is laid over it.
    fn hook(&mut self, document: &Document, table: &DeTable<'_>) -> Result<(), ConfigError> {
        let mut fresh = Vec::new();
        lay(document, table, &mut fresh)?;
        let id = |settings: &[Setting]| {
            let found = settings.iter().find(|setting| setting.key == "id");
            found.map(|setting| setting.value.clone())
        };
        let known = self.hooks.iter_mut().find(|hook| id(hook) == id(&fresh));
        match known {
            Some(hook) => fresh.into_iter().for_each(|setting| put(hook, setting)),
            None => self.hooks.push(fresh),
        }
        Ok(())
    }
}

fn lay(
    document: &Document,
    table: &DeTable<'_>,
    settings: &mut Vec<Setting>,
) -> Result<(), ConfigError> {
    let mut written: Vec<_> = table.iter().collect();
    written.sort_by_key(|(key, _)| key.span().start);
    for (key, value) in written {
        put(settings, setting(document, key, value)?);
    }
    Ok(())
}

fn setting(
    document: &Document,
    key: &toml::Spanned<std::borrow::Cow<'_, str>>,
    value: &toml::Spanned<DeValue<'_>>,
) -> Result<Setting, ConfigError> {
    let text = &document.text;
    let start = text.floor_char_boundary(key.span().start.min(text.len()));
    let plain = Value::deserialize(toml::de::ValueDeserializer::from(value.clone()));
    Ok(Setting {
        key: key.get_ref().to_string(),
        value: plain.map_err(|error| document.error(value.span(), error.message()))?,
        origin: Some(Origin {
            file: document.file.clone(),
            line: text[..start].matches('\n').count() + 1,
        }),
    })
}

/// The later one wins, and keeps the place of the earlier one.
fn put(settings: &mut Vec<Setting>, setting: Setting) {
    match settings.iter_mut().find(|known| known.key == setting.key) {
        Some(known) => *known = setting,
        None => settings.push(setting),
    }
}

fn default(key: &str, value: Value) -> Setting {
    Setting {
        key: key.to_owned(),
        value,
        origin: None,
    }
}

fn common_defaults() -> Vec<Setting> {
    let common = Common::default();
    let word = |text: Option<Value>, key| text.map(|value| default(key, value));
    let items = [
        Some(default("enabled", Value::Boolean(common.enabled))),
        word(Value::try_from(common.level).ok(), "level"),
        word(Value::try_from(common.scope).ok(), "scope"),
        Some(default("exclude", Value::Array(Vec::new()))),
    ];
    items.into_iter().flatten().collect()
}

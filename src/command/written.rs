//! A `[[hook]]` table as written.

use crate::config::SectionKeys;
use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};
use std::collections::BTreeMap;
use std::fmt;

/// Every key is optional here: a table in a later file may say only what it changes.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Written {
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) run: Option<CommandText>,
    pub(super) check: Option<CommandText>,
    pub(super) glob: Option<OneOrMore>,
    pub(super) files: Option<String>,
    pub(super) exclude: Option<String>,
    pub(super) types: Option<OneOrMore>,
    pub(super) types_or: Option<OneOrMore>,
    pub(super) exclude_types: Option<OneOrMore>,
    pub(super) stages: Option<OneOrMore>,
    pub(super) pass_filenames: Option<PassText>,
    pub(super) always_run: bool,
    pub(super) serial: bool,
    pub(super) fail_fast: bool,
    pub(super) env: BTreeMap<String, String>,
    pub(super) dir: Option<String>,
    pub(super) timeout: Option<Seconds>,
    pub(super) depends_on: Option<OneOrMore>,
    pub(super) stage_fixed: bool,
    pub(super) writes: Option<bool>,
    pub(super) skip_on: Option<OneOrMore>,
    pub(super) tty: bool,
    pub(super) enabled: Option<bool>,
}

/// The one key at the top of a file that is about git hooks.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct DefaultTypes {
    pub(super) default_hook_types: Option<OneOrMore>,
}

impl SectionKeys for DefaultTypes {
    const KEYS: &'static [&'static str] = &["default_hook_types"];
}

impl SectionKeys for Written {
    const KEYS: &'static [&'static str] = &[
        "id",
        "name",
        "run",
        "check",
        "glob",
        "files",
        "exclude",
        "types",
        "types_or",
        "exclude_types",
        "stages",
        "pass_filenames",
        "always_run",
        "serial",
        "fail_fast",
        "env",
        "dir",
        "timeout",
        "depends_on",
        "stage_fixed",
        "writes",
        "skip_on",
        "tty",
        "enabled",
    ];
}

/// A command: one string for the shell, or a program and its arguments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum CommandText {
    Shell(String),
    Program(Vec<String>),
}

/// A string, or a list of them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct OneOrMore {
    pub(super) items: Vec<String>,
    /// Written as a list, so that an error can point at one item.
    pub(super) is_list: bool,
}

/// `pass_filenames`: yes or no, or how many at most.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum PassText {
    Flag(bool),
    AtMost(i64),
}

/// A number of seconds, whole or not.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Seconds(pub(super) f64);

// Visitors, not `#[serde(untagged)]`: that loses the place of a mistake.

impl<'de> Deserialize<'de> for OneOrMore {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        from.deserialize_any(StringOrList)
            .map(|(items, is_list)| Self { items, is_list })
    }
}

impl<'de> Deserialize<'de> for CommandText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let (mut items, is_list) = from.deserialize_any(StringOrList)?;
        Ok(match items.pop() {
            Some(only) if !is_list => Self::Shell(only),
            last => {
                items.extend(last);
                Self::Program(items)
            }
        })
    }
}

struct StringOrList;

impl<'de> Visitor<'de> for StringOrList {
    type Value = (Vec<String>, bool);

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string or a list of strings")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Self::Value, E> {
        Ok((vec![text.to_owned()], false))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = list.next_element()? {
            items.push(item);
        }
        Ok((items, true))
    }
}

impl<'de> Deserialize<'de> for PassText {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct FlagOrNumber;
        impl Visitor<'_> for FlagOrNumber {
            type Value = PassText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false or a number")
            }
            fn visit_bool<E: Error>(self, flag: bool) -> Result<PassText, E> {
                Ok(PassText::Flag(flag))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<PassText, E> {
                Ok(PassText::AtMost(number))
            }
        }
        from.deserialize_any(FlagOrNumber)
    }
}

impl<'de> Deserialize<'de> for Seconds {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        struct Number;
        impl Visitor<'_> for Number {
            type Value = Seconds;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a number of seconds")
            }
            fn visit_i64<E: Error>(self, seconds: i64) -> Result<Seconds, E> {
                #[expect(clippy::cast_precision_loss, reason = "a time limit needs no 53 bits")]
                Ok(Seconds(seconds as f64))
            }
            fn visit_f64<E: Error>(self, seconds: f64) -> Result<Seconds, E> {
                Ok(Seconds(seconds))
            }
        }
        from.deserialize_any(Number)
    }
}

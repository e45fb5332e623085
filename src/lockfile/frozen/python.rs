//! What Poetry, PDM and Pipenv have in common: each writes a hash of what the manifest asks for into its lockfile, made of
//! the text that Python's `json.dumps` gives (<https://docs.python.org/3/library/json.html#json.dumps>).

use super::super::input::Input;
use super::{Frozen, Mismatch, Pair, Place, VERSIONS_MOST, shown};
use crate::version::Ecosystem;
use pep440_rs::{Version, VersionSpecifiers};
use serde_json::Value as Json;
use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::str::FromStr;
use toml::{Table, Value};

/// A TOML file; `None` where it is none.
pub(super) fn table(bytes: &[u8]) -> Option<Table> {
    Input::new(bytes).ok()?.text.parse().ok()
}

/// The value that `keys` lead to.
pub(super) fn at<'a>(table: &'a Table, keys: &[&str]) -> Option<&'a Value> {
    let (first, rest) = keys.split_first()?;
    rest.iter()
        .try_fold(table.get(*first)?, |value, key| value.get(key))
}

/// The strings of an array; none for anything else.
pub(super) fn strings(list: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = list.and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

/// A name in the form that all its spellings have in common.
pub(super) fn normal(name: &str) -> String {
    Ecosystem::PyPI.normalize_name(name).into_owned()
}

/// The value as Python reads it; `None` for one that `json.dumps` refuses.
pub(super) fn json(value: &Value) -> Option<Json> {
    Some(match value {
        Value::String(text) => Json::String(text.clone()),
        Value::Integer(number) => Json::from(*number),
        Value::Float(number) => Json::from(*number),
        Value::Boolean(flag) => Json::Bool(*flag),
        Value::Datetime(_) => return None,
        Value::Array(list) => Json::Array(list.iter().map(json).collect::<Option<_>>()?),
        Value::Table(table) => {
            let pairs = table
                .iter()
                .map(|(key, value)| Some((key.clone(), json(value)?)));
            Json::Object(pairs.collect::<Option<_>>()?)
        }
    })
}

/// How `json.dumps(…, sort_keys=True)` separates.
pub(super) const SPACED: (&str, &str) = (", ", ": ");

/// How it does with `separators=(",", ":")`.
pub(super) const TIGHT: (&str, &str) = (",", ":");

/// The SHA-256 of `value` as `json.dumps` writes it with its keys in order, in hexadecimal digits.
pub(super) fn digest(value: &Json, separators: (&str, &str)) -> String {
    let mut text = String::new();
    dump(value, separators, &mut text);
    hex(&Sha256::digest(text.as_bytes()))
}

/// Hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut out, byte| {
        let _ = write!(out, "{byte:02x}");
        out
    })
}

fn dump(value: &Json, separators: (&str, &str), out: &mut String) {
    match value {
        Json::String(text) => quote(text, out),
        Json::Array(list) => {
            out.push('[');
            for (index, one) in list.iter().enumerate() {
                out.push_str(if index == 0 { "" } else { separators.0 });
                dump(one, separators, out);
            }
            out.push(']');
        }
        Json::Object(object) => {
            let mut pairs: Vec<_> = object.iter().collect();
            pairs.sort_by(|a, b| a.0.cmp(b.0));
            out.push('{');
            for (index, (key, one)) in pairs.into_iter().enumerate() {
                out.push_str(if index == 0 { "" } else { separators.0 });
                quote(key, out);
                out.push_str(separators.1);
                dump(one, separators, out);
            }
            out.push('}');
        }
        plain => {
            let _ = write!(out, "{plain}");
        }
    }
}

/// A string with everything escaped that is no ASCII.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='~' => out.push(c),
            c => escape(c, out),
        }
    }
    out.push('"');
}

/// A character as JSON escapes it: with a letter where there is one, else as units of UTF-16.
pub(super) fn escape(c: char, out: &mut String) {
    const LETTERS: [(char, char); 5] = [
        ('\n', 'n'),
        ('\r', 'r'),
        ('\t', 't'),
        ('\u{8}', 'b'),
        ('\u{c}', 'f'),
    ];
    if let Some((_, letter)) = LETTERS.iter().find(|(plain, _)| *plain == c) {
        out.extend(['\\', *letter]);
        return;
    }
    for unit in c.encode_utf16(&mut [0; 2]) {
        let _ = write!(out, "\\u{unit:04x}");
    }
}

/// What a manifest asks for: the name and, where it is plain, the specifier.
pub(super) type Asked = (String, Option<String>);

/// Splits a requirement as PEP 508 writes it.
pub(super) fn requirement(text: &str) -> Asked {
    let text = text.split(';').next().unwrap_or_default().trim();
    let end = text
        .find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.')))
        .unwrap_or(text.len());
    let (name, rest) = text.split_at(end);
    let rest = rest.trim_start();
    let rest = match rest.strip_prefix('[') {
        Some(inner) => inner.split_once(']').map_or("", |(_, rest)| rest),
        None => rest,
    };
    let rest = rest.trim().trim_matches(['(', ')']);
    let specifier = (!rest.starts_with('@')).then(|| rest.to_owned());
    (normal(name), specifier)
}

/// The versions that the lockfile has, by normal name; `None` where it can't be read.
pub(super) fn locked(pair: &Pair<'_>) -> Option<HashMap<String, Vec<String>>> {
    let contents = (pair.contents)()?;
    let mut out: HashMap<String, Vec<String>> = HashMap::new();
    for package in &contents.packages {
        let versions = out.entry(normal(&package.name)).or_default();
        versions.push(package.version.to_string());
    }
    Some(out)
}

/// A `pyproject.toml` of the lockfile's own folder, and the lockfile beside it.
pub(super) struct Project<'a> {
    pair: &'a Pair<'a>,
    pub(super) manifest: Table,
    pub(super) lock: Table,
}

impl<'a> Project<'a> {
    /// Both read; else the verdict that there is none. `is_own` tells whether the manifest is one of the tool's.
    pub(super) fn read(
        pair: &'a Pair<'a>,
        is_own: impl Fn(&Table) -> bool,
    ) -> Result<Self, Frozen> {
        let (Some(manifest), Some(lock)) = (table(pair.manifest), table(pair.lock.bytes())) else {
            return Err(Frozen::Unknown);
        };
        if !pair.folder().is_empty() || !is_own(&manifest) {
            return Err(Frozen::Apart);
        }
        Ok(Self {
            pair,
            manifest,
            lock,
        })
    }

    /// What `[metadata]` of the lockfile says under a key.
    pub(super) fn metadata(&self, key: &str) -> Option<&str> {
        at(&self.lock, &["metadata", key])?.as_str()
    }

    /// The verdict by the hash that is `written`; where one is missing nothing can be said.
    pub(super) fn by_hash(
        &self,
        written: Option<&str>,
        hashes: Option<Vec<String>>,
        asked: &[Asked],
    ) -> Frozen {
        match (written, hashes) {
            (Some(written), Some(hashes)) => {
                by_hash(self.pair, (written, &hashes), asked, "dependencies")
            }
            _ => Frozen::Unknown,
        }
    }
}

/// The verdict by the hash of the manifest: `written` in the lockfile, `hashes` those that it may have. Where it does not fit:
/// the entries that are not locked as they are asked for, and where there is none, that something of `what` was changed.
pub(super) fn by_hash(
    pair: &Pair<'_>,
    (written, hashes): (&str, &[String]),
    asked: &[Asked],
    what: &str,
) -> Frozen {
    if hashes.iter().any(|hash| hash == written) {
        return Frozen::InSync;
    }
    let mut found = otherwise(asked, &locked(pair).unwrap_or_default());
    if found.is_empty() {
        found.push(Mismatch {
            entry: what.to_owned(),
            message: "what is asked for was changed after the lockfile was written".to_owned(),
            place: Place::Nowhere,
        });
    }
    Frozen::OutOfSync(found)
}

/// What is asked for and not locked so.
pub(super) fn otherwise(asked: &[Asked], locked: &HashMap<String, Vec<String>>) -> Vec<Mismatch> {
    let mut out = Vec::new();
    for (name, specifier) in asked {
        let wanted = specifier.as_deref().filter(|text| !text.is_empty());
        let message = match locked.get(name) {
            None => format!(
                "`{}` is asked for, nothing is locked",
                wanted.unwrap_or("*")
            ),
            Some(versions) => match wanted {
                Some(wanted) if !admits_any(wanted, versions) => {
                    format!(
                        "`{wanted}` is asked for, locked is {}",
                        shown(versions.iter())
                    )
                }
                _ => continue,
            },
        };
        out.push(Mismatch {
            entry: name.clone(),
            message,
            place: Place::Word(name.clone()),
        });
    }
    out
}

/// Whether a specifier admits one of the versions; what can't be read is let through.
fn admits_any(specifier: &str, versions: &[String]) -> bool {
    let Ok(specifiers) = VersionSpecifiers::from_str(specifier) else {
        return true;
    };
    let mut seen = versions.iter().take(VERSIONS_MOST);
    seen.any(|version| {
        // What a lockfile has was chosen on purpose, a pre-release too.
        Version::from_str(version).map_or(true, |version| {
            specifiers.contains(&version) || version.any_prerelease()
        })
    })
}

//! Composer: `composer.json` and the `content-hash` of `composer.lock`, which is made of some of the manifest's keys
//! (<https://getcomposer.org/doc/03-cli.md#validate>), and what is asked for and not locked, which `composer install` refuses.

use super::super::input::Input;
use super::python::{escape, hex};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, Place};
use md5::{Digest, Md5};
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::Value as Json;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};
use std::fmt::{self, Write as _};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["composer.lock"],
    manifest: ManifestName::Exact("composer.json"),
    command: "composer update --lock",
    strict: "composer validate",
    check,
    manifests: |_| vec!["composer.json".to_owned()],
};

/// The keys that the hash is made of, in order.
const KEYS: [&str; 12] = [
    "config",
    "conflict",
    "extra",
    "minimum-stability",
    "name",
    "prefer-stable",
    "provide",
    "replace",
    "repositories",
    "require",
    "require-dev",
    "version",
];

fn check(pair: &Pair<'_>) -> Frozen {
    if !pair.folder().is_empty() {
        return Frozen::Apart;
    }
    let (Ok(manifest), Ok(lock)) = (Input::new(pair.manifest), Input::new(pair.lock.bytes()))
    else {
        return Frozen::Unknown;
    };
    let (Ok(Php::Array(asked)), Ok(lock)) = (
        serde_json::from_str::<Php>(manifest.text),
        serde_json::from_str::<Json>(lock.text),
    ) else {
        return Frozen::Unknown;
    };
    let out = missing(&asked, &lock);
    match same_hash(&asked, &lock, pair.manifest) {
        None if out.is_empty() => Frozen::Unknown,
        Some(false) if out.is_empty() => Frozen::OutOfSync(vec![Mismatch {
            entry: "composer.json".to_owned(),
            message: "what is asked for was changed after the lockfile was written".to_owned(),
            place: Place::Nowhere,
        }]),
        _ => Frozen::of(out),
    }
}

/// Whether the hash in the lockfile is that of the manifest; `None` where nothing tells.
fn same_hash(asked: &[(Key, Php)], lock: &Json, manifest: &[u8]) -> Option<bool> {
    let written = |key: &str| {
        let hash = lock.get(key).and_then(Json::as_str);
        hash.filter(|hash| !hash.is_empty())
    };
    if let Some(hash) = written("content-hash") {
        return Some(content_hash(asked)? == hash);
    }
    // Before 1.3 the whole file was hashed.
    Some(hex(&Md5::digest(manifest)) == written("hash")?)
}

/// What is asked for and neither locked nor stood in for by something that is.
fn missing(asked: &[(Key, Php)], lock: &Json) -> Vec<Mismatch> {
    let lists = ["packages", "packages-dev"];
    let packages = lists.iter().filter_map(|list| lock.get(list)?.as_array());
    let mut known: HashSet<String> = HashSet::new();
    for package in packages.flatten() {
        known.extend(
            package
                .get("name")
                .and_then(Json::as_str)
                .map(str::to_lowercase),
        );
        for stands_for in ["replace", "provide"] {
            let names = package.get(stands_for).and_then(Json::as_object);
            known.extend(
                names
                    .into_iter()
                    .flatten()
                    .map(|(name, _)| name.to_lowercase()),
            );
        }
    }
    let mut out = Vec::new();
    for list in ["require", "require-dev"] {
        let Some(Php::Array(pairs)) = get(asked, list) else {
            continue;
        };
        for (key, value) in pairs {
            let (Key::Text(name), Php::Text(range)) = (key, value) else {
                continue;
            };
            // Those without a maker are the platform's: `php`, `ext-json`.
            let own = range == "self.version" || !name.contains('/');
            if !own && !known.contains(&name.to_lowercase()) {
                out.push(Mismatch {
                    entry: name.clone(),
                    message: format!("`{range}` is asked for, nothing is locked"),
                    place: Place::JsonKey(name.clone()),
                });
            }
        }
    }
    out
}

/// The hash, as Composer makes it; `None` where a number is written in a way that PHP may write otherwise.
fn content_hash(asked: &[(Key, Php)]) -> Option<String> {
    let mut chosen: Vec<(Key, Php)> = Vec::new();
    for key in KEYS {
        let value = get(asked, key).cloned();
        let value = match (key, value) {
            ("config", Some(Php::Array(config))) => get(&config, "platform")
                .filter(|platform| !matches!(platform, Php::Null))
                .map(|platform| {
                    Php::Array(vec![(Key::Text("platform".to_owned()), platform.clone())])
                }),
            ("config", _) => None,
            (_, value) => value,
        };
        chosen.extend(value.map(|value| (Key::Text(key.to_owned()), value)));
    }
    let mut text = String::new();
    write(&Php::Array(chosen), &mut text)?;
    Some(hex(&Md5::digest(text.as_bytes())))
}

fn get<'a>(pairs: &'a [(Key, Php)], name: &str) -> Option<&'a Php> {
    let found = pairs
        .iter()
        .find(|(key, _)| matches!(key, Key::Text(text) if text == name));
    found.map(|(_, value)| value)
}

/// A key of an array of PHP: digits become a number.
#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Number(u64),
    Text(String),
}

impl Key {
    fn new(text: String) -> Self {
        let plain = text == "0" || !text.starts_with('0');
        let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
        match text.parse::<i64>() {
            Ok(number) if plain && digits => Self::Number(number.unsigned_abs()),
            _ => Self::Text(text),
        }
    }
}

/// A value as PHP reads it: objects and lists are the same thing there.
#[derive(Clone)]
enum Php {
    Null,
    Flag(bool),
    Whole(i64),
    Other,
    Text(String),
    Array(Vec<(Key, Php)>),
}

impl<'de> Deserialize<'de> for Php {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PhpVisitor)
    }
}

struct PhpVisitor;

impl<'de> Visitor<'de> for PhpVisitor {
    type Value = Php;

    fn expecting(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Php, E> {
        Ok(Php::Null)
    }

    fn visit_bool<E>(self, flag: bool) -> Result<Php, E> {
        Ok(Php::Flag(flag))
    }

    fn visit_i64<E>(self, number: i64) -> Result<Php, E> {
        Ok(Php::Whole(number))
    }

    fn visit_u64<E>(self, number: u64) -> Result<Php, E> {
        Ok(i64::try_from(number).map_or(Php::Other, Php::Whole))
    }

    fn visit_f64<E>(self, _: f64) -> Result<Php, E> {
        Ok(Php::Other)
    }

    fn visit_str<E>(self, text: &str) -> Result<Php, E> {
        Ok(Php::Text(text.to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Php, A::Error> {
        let mut out = Vec::new();
        while let Some(value) = seq.next_element()? {
            out.push((Key::Number(out.len() as u64), value));
        }
        Ok(Php::Array(out))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Php, A::Error> {
        let mut out: Vec<(Key, Php)> = Vec::new();
        let mut known: HashMap<Key, usize> = HashMap::new();
        while let Some((key, value)) = map.next_entry::<String, Php>()? {
            let key = Key::new(key);
            // The last of two values stands in the place of the first.
            match known.entry(key) {
                Entry::Occupied(first) => out[*first.get()].1 = value,
                Entry::Vacant(new) => {
                    out.push((new.key().clone(), value));
                    new.insert(out.len() - 1);
                }
            }
        }
        Ok(Php::Array(out))
    }
}

/// Writes as `json_encode` does without options; `None` for numbers that are not whole.
fn write(value: &Php, out: &mut String) -> Option<()> {
    match value {
        Php::Null => out.push_str("null"),
        Php::Flag(flag) => out.push_str(if *flag { "true" } else { "false" }),
        Php::Whole(number) => {
            let _ = write!(out, "{number}");
        }
        Php::Other => return None,
        Php::Text(text) => quote(text, out),
        Php::Array(pairs) => return write_array(pairs, out),
    }
    Some(())
}

fn write_array(pairs: &[(Key, Php)], out: &mut String) -> Option<()> {
    // Keys that count up from 0 make a list, so an empty object becomes one.
    let list = pairs
        .iter()
        .enumerate()
        .all(|(index, (key, _))| *key == Key::Number(index as u64));
    out.push(if list { '[' } else { '{' });
    for (index, (key, value)) in pairs.iter().enumerate() {
        out.push_str(if index == 0 { "" } else { "," });
        if !list {
            match key {
                Key::Number(number) => quote(&number.to_string(), out),
                Key::Text(text) => quote(text, out),
            }
            out.push(':');
        }
        write(value, out)?;
    }
    out.push(if list { ']' } else { '}' });
    Some(())
}

/// A string with slashes, control characters and everything beyond ASCII escaped.
fn quote(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' | '/' => out.extend(['\\', c]),
            ' '..='\u{7f}' => out.push(c),
            c => escape(c, out),
        }
    }
    out.push('"');
}

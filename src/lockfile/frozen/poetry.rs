//! Poetry: `pyproject.toml` and the `content-hash` of `poetry.lock`, which is made of what the manifest asks for
//! (<https://python-poetry.org/docs/cli/#check>: `poetry check --lock`).

use super::python::{Asked, Project, SPACED, at, digest, json, normal, requirement, strings};
use super::{Frozen, FrozenSpec, ManifestName, Pair};
use serde_json::{Map, Value as Json};
use toml::{Table, Value};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["poetry.lock"],
    manifest: ManifestName::Exact("pyproject.toml"),
    command: "poetry lock",
    strict: "poetry check --lock",
    check,
    manifests: |_| vec!["pyproject.toml".to_owned()],
};

/// Keys of `[tool.poetry]` that the hash is made of; the last counts only where it is there.
const KEYS: [&str; 5] = [
    "dependencies",
    "source",
    "extras",
    "dev-dependencies",
    "group",
];

/// Keys of `[project]` that it is made of since Poetry 2.
const PROJECT_KEYS: [&str; 3] = ["requires-python", "dependencies", "optional-dependencies"];

fn check(pair: &Pair<'_>) -> Frozen {
    let is_own = |manifest: &Table| {
        manifest.contains_key("project") || at(manifest, &["tool", "poetry"]).is_some()
    };
    let project = match Project::read(pair, is_own) {
        Ok(project) => project,
        Err(verdict) => return verdict,
    };
    let manifest = &project.manifest;
    project.by_hash(
        project.metadata("content-hash"),
        hashes(manifest, generation(pair.lock.bytes())),
        &asked(manifest),
    )
}

/// The version of Poetry that wrote the lockfile, from its first line; the first versions do not name themselves.
fn generation(lock: &[u8]) -> (u32, u32) {
    let first = lock.split(|byte| *byte == b'\n').next().unwrap_or_default();
    let first = String::from_utf8_lossy(first);
    let version = first.split_once("Poetry ").map_or("", |(_, rest)| rest);
    let mut numbers = version
        .split(['.', ' '])
        .map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}

/// The hashes that fit: that of the generation, and those of the generations before it, which it takes too.
fn hashes(manifest: &Table, generation: (u32, u32)) -> Option<Vec<String>> {
    let mut forms = vec![(true, true)];
    if generation < (2, 3) {
        // Groups of the standard were left out.
        forms.push((true, false));
    }
    if generation < (2, 0) {
        // And `[project]` altogether.
        forms.push((false, false));
    }
    let hash = |(project, groups)| Some(digest(&content(manifest, project, groups)?, SPACED));
    forms.into_iter().map(hash).collect()
}

/// What the hash is made of.
fn content(manifest: &Table, with_project: bool, with_groups: bool) -> Option<Json> {
    let project = if with_project {
        chosen(manifest, &["project"], &PROJECT_KEYS)?
    } else {
        Map::new()
    };
    let groups = manifest
        .get("dependency-groups")
        .filter(|groups| with_groups && groups.as_table().is_some_and(|table| !table.is_empty()));
    let standard = !project.is_empty() || groups.is_some();
    let own = own(manifest, standard)?;
    if !standard {
        return Some(Json::Object(own));
    }
    let mut out = Map::new();
    if !project.is_empty() {
        out.insert("project".to_owned(), Json::Object(project));
    }
    if let Some(groups) = groups {
        out.insert("dependency-groups".to_owned(), json(groups)?);
    }
    let tool = Map::from_iter([("poetry".to_owned(), Json::Object(own))]);
    out.insert("tool".to_owned(), Json::Object(tool));
    Some(Json::Object(out))
}

/// Those of `keys` that the table has.
fn chosen(manifest: &Table, table: &[&str], keys: &[&str]) -> Option<Map<String, Json>> {
    let mut out = Map::new();
    for key in keys {
        if let Some(value) = at(manifest, &[table, &[*key]].concat()) {
            out.insert((*key).to_owned(), json(value)?);
        }
    }
    Some(out)
}

/// What Poetry's own table says; where it says everything, also what it does not.
fn own(manifest: &Table, standard: bool) -> Option<Map<String, Json>> {
    let mut out = chosen(manifest, &["tool", "poetry"], &KEYS)?;
    for key in KEYS.iter().filter(|key| **key != "group" && !standard) {
        out.entry(*key).or_insert(Json::Null);
    }
    Some(out)
}

/// Every dependency, to tell which was changed.
fn asked(manifest: &Table) -> Vec<Asked> {
    let mut out: Vec<Asked> = Vec::new();
    let own = at(manifest, &["tool", "poetry"]).and_then(Value::as_table);
    let groups = own
        .and_then(|own| own.get("group"))
        .and_then(Value::as_table);
    let lists = groups
        .into_iter()
        .flatten()
        .filter_map(|(_, group)| group.get("dependencies"));
    let direct = ["dependencies", "dev-dependencies"];
    let direct = direct.iter().filter_map(|key| own?.get(*key));
    for list in direct.chain(lists).filter_map(Value::as_table) {
        let named = list.iter().filter(|(name, _)| *name != "python");
        out.extend(named.map(|(name, value)| (normal(name), constraint(value))));
    }
    let standard = at(manifest, &["project", "dependencies"]);
    out.extend(strings(standard).map(requirement));
    let extras = at(manifest, &["project", "optional-dependencies"]);
    let groups = manifest.get("dependency-groups");
    for table in [extras, groups]
        .into_iter()
        .flatten()
        .filter_map(Value::as_table)
    {
        for (_, list) in table {
            out.extend(strings(Some(list)).map(requirement));
        }
    }
    out
}

/// A constraint of Poetry as a specifier of the standard (<https://python-poetry.org/docs/dependency-specification/>);
/// `None` where it is none of the plain forms.
fn constraint(value: &Value) -> Option<String> {
    let text = value
        .as_str()
        .or_else(|| value.get("version").and_then(Value::as_str))?
        .trim();
    if text == "*" || text.contains('|') {
        return None;
    }
    let clauses: Option<Vec<String>> = text.split(',').map(|one| clause(one.trim())).collect();
    Some(clauses?.join(","))
}

fn clause(text: &str) -> Option<String> {
    let caret = text.strip_prefix('^');
    let tilde = text.strip_prefix('~').filter(|rest| !rest.starts_with('='));
    let Some(low) = caret.or(tilde) else {
        let bare = text.starts_with(|c: char| c.is_ascii_digit());
        return Some(if bare {
            format!("=={text}")
        } else {
            text.to_owned()
        });
    };
    let low = low.trim();
    let numbers: Option<Vec<u64>> = low.split('.').map(|part| part.parse().ok()).collect();
    let numbers = numbers?;
    let kept = if caret.is_some() {
        numbers
            .iter()
            .position(|number| *number != 0)
            .unwrap_or(numbers.len() - 1)
    } else {
        1.min(numbers.len() - 1)
    };
    let mut high: Vec<String> = numbers[..kept].iter().map(u64::to_string).collect();
    high.push((numbers[kept] + 1).to_string());
    Some(format!(">={low},<{}", high.join(".")))
}

//! uv: `pyproject.toml` and `uv.lock`, which repeats what each member asks for under `[package.metadata]`
//! (<https://docs.astral.sh/uv/concepts/projects/sync/#checking-the-lockfile>).
//!
//! Markers are rewritten when they are locked, so names, extras, versions and groups are compared, markers are not.

use super::super::input::Input;
use super::super::pep508::{self, Requirement};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair};
use crate::version::Ecosystem;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::{Table, Value};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["uv.lock"],
    manifest: ManifestName::Exact("pyproject.toml"),
    command: "uv lock",
    strict: "uv lock --check",
    check,
    manifests,
};

fn table(bytes: &[u8]) -> Option<Table> {
    Input::new(bytes).ok()?.text.parse().ok()
}

/// The projects of the workspace: their folders stand as sources in the lockfile.
fn manifests(lock: &[u8], _: &[u8]) -> Vec<String> {
    let lock = table(lock).unwrap_or_default();
    let mut out = vec!["pyproject.toml".to_owned()];
    for folder in packages(&lock).filter_map(folder) {
        if !folder.is_empty() && !folder.starts_with("..") {
            out.push(format!("{folder}/pyproject.toml"));
        }
    }
    out
}

fn packages(lock: &Table) -> impl Iterator<Item = &Table> {
    let list = lock.get("package").and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_table)
}

/// Where a project of the workspace stands, seen from the lockfile; empty for beside it.
fn folder(package: &Table) -> Option<&str> {
    let source = package.get("source")?;
    let path = ["editable", "virtual"]
        .iter()
        .find_map(|key| source.get(key).and_then(Value::as_str))?;
    Some(if path == "." { "" } else { path })
}

fn check(pair: &Pair<'_>) -> Frozen {
    let (Ok(input), Some(manifest), Some(lock)) = (
        Input::new(pair.manifest),
        table(pair.manifest),
        table(pair.lock),
    ) else {
        return Frozen::Unknown;
    };
    let Some(project) = manifest.get("project").and_then(Value::as_table) else {
        return Frozen::Unknown;
    };
    let tool = manifest.get("tool").and_then(|tool| tool.get("uv"));
    let Some(package) = packages(&lock).find(|package| folder(package) == Some(pair.folder()))
    else {
        return Frozen::Apart;
    };
    let name = project.get("name").and_then(Value::as_str);
    let locked_name = package.get("name").and_then(Value::as_str);
    if name.map(normal) != locked_name.map(normal) {
        return Frozen::OutOfSync(vec![Mismatch {
            entry: name.unwrap_or_default().to_owned(),
            message: format!(
                "the project is locked as {}",
                locked_name.unwrap_or_default()
            ),
            manifest: place(input.text, "name"),
        }]);
    }
    let (Some(now), Some(locked)) = (asked(&manifest, project, tool), locked(package)) else {
        return Frozen::Unknown;
    };
    let mut out = differences(&now, &locked, input.text);
    out.extend(version(project, package, input.text));
    if pair.folder().is_empty() && packages(&lock).filter_map(folder).count() == 1 {
        out.extend(python(project, &lock, input.text));
    }
    Frozen::of(out)
}

fn normal(name: &str) -> String {
    Ecosystem::PyPI.normalize_name(name).into_owned()
}

/// A static version is locked with the project.
fn version(project: &Table, package: &Table, text: &str) -> Option<Mismatch> {
    let now = project.get("version").and_then(Value::as_str)?;
    let locked = package.get("version").and_then(Value::as_str)?;
    let same = Ecosystem::PyPI
        .compare(now, locked)
        .is_ok_and(|order| order.is_eq());
    (!same).then(|| Mismatch {
        entry: "version".to_owned(),
        message: format!("the project's version is {now}, locked is {locked}"),
        manifest: place(text, "version"),
    })
}

/// `requires-python`, where both are written with plain bounds: others are locked in another form.
fn python(project: &Table, lock: &Table, text: &str) -> Option<Mismatch> {
    let now = project.get("requires-python").and_then(Value::as_str)?;
    let locked = lock.get("requires-python").and_then(Value::as_str)?;
    let plain = |text: &str| !text.contains(['~', '!', '*']) && !text.contains("==");
    let differ = specifiers(now) != specifiers(locked);
    (plain(now) && plain(locked) && differ).then(|| Mismatch {
        entry: "requires-python".to_owned(),
        message: format!("`{now}` is asked for, locked is `{locked}`"),
        manifest: place(text, "requires-python"),
    })
}

/// A requirement: its name with the extras it asks for, and its versions. The key tells which list it belongs to.
type Wanted = BTreeMap<(String, String), Vec<String>>;

fn add(out: &mut Wanted, group: &str, (name, versions): (String, String)) {
    let list = out.entry((group.to_owned(), name)).or_default();
    if !list.contains(&versions) {
        list.push(versions);
        list.sort();
    }
}

/// What a manifest asks for; `None` where parts of it are made by a build.
fn asked(manifest: &Table, project: &Table, tool: Option<&Value>) -> Option<Wanted> {
    let dynamic = project.get("dynamic").and_then(Value::as_array);
    let made = |name: &Value| {
        matches!(
            name.as_str(),
            Some("dependencies" | "optional-dependencies")
        )
    };
    if dynamic.is_some_and(|list| list.iter().any(made)) {
        return None;
    }
    let mut out = Wanted::new();
    for text in strings(project.get("dependencies")) {
        add(&mut out, "", requirement(text)?);
    }
    let extras = project
        .get("optional-dependencies")
        .and_then(Value::as_table);
    for (extra, list) in extras.into_iter().flatten() {
        for text in strings(Some(list)) {
            add(
                &mut out,
                &format!("extra {}", normal(extra)),
                requirement(text)?,
            );
        }
    }
    let groups = manifest.get("dependency-groups").and_then(Value::as_table);
    for (group, _) in groups.into_iter().flatten() {
        group_into(&mut out, groups?, group, group, 0)?;
    }
    for text in strings(tool.and_then(|tool| tool.get("dev-dependencies"))) {
        add(&mut out, "group dev", requirement(text)?);
    }
    Some(out)
}

/// The requirements of a group and of those that it includes.
fn group_into(out: &mut Wanted, groups: &Table, of: &str, group: &str, depth: usize) -> Option<()> {
    let list = groups.get(group)?.as_array()?;
    for item in list {
        match item {
            Value::String(text) => add(out, &format!("group {}", normal(of)), requirement(text)?),
            Value::Table(include) if depth < 10 => {
                let named = include.get("include-group").and_then(Value::as_str)?;
                let same = |key: &&String| normal(key) == normal(named);
                group_into(out, groups, of, groups.keys().find(same)?, depth + 1)?;
            }
            _ => return None,
        }
    }
    Some(())
}

fn strings(list: Option<&Value>) -> impl Iterator<Item = &str> {
    let list = list.and_then(Value::as_array);
    list.into_iter().flatten().filter_map(Value::as_str)
}

/// The name with its extras, and the versions.
fn requirement(text: &str) -> Option<(String, String)> {
    let Requirement {
        name,
        extras,
        versions,
        ..
    } = pep508::requirement(text)?;
    // An address is locked in another form.
    let versions = if versions.starts_with('@') {
        String::new()
    } else {
        specifiers(versions.trim_matches(['(', ')']))
    };
    (!name.is_empty()).then(|| (with_extras(name, extras.split(',')), versions))
}

fn with_extras<'a>(name: &str, extras: impl Iterator<Item = &'a str>) -> String {
    let mut extras: Vec<String> = extras
        .map(|extra| normal(extra.trim()))
        .filter(|extra| !extra.is_empty())
        .collect();
    extras.sort();
    if extras.is_empty() {
        normal(name)
    } else {
        format!("{}[{}]", normal(name), extras.join(","))
    }
}

/// Clauses without blanks, in order.
fn specifiers(text: &str) -> String {
    let mut clauses: Vec<String> = text
        .split(',')
        .map(|clause| clause.split_whitespace().collect())
        .filter(|clause: &String| !clause.is_empty())
        .collect();
    clauses.sort();
    clauses.dedup();
    clauses.join(",")
}

/// What the lockfile says that the project asked for.
fn locked(package: &Table) -> Option<Wanted> {
    let mut out = Wanted::new();
    let metadata = package.get("metadata").and_then(Value::as_table);
    let list = metadata.and_then(|metadata| metadata.get("requires-dist"));
    for item in list.and_then(Value::as_array).into_iter().flatten() {
        let marker = item
            .get("marker")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let group = match extra_of(marker) {
            Some(extra) => format!("extra {}", normal(extra)),
            None => String::new(),
        };
        add(&mut out, &group, locked_requirement(item)?);
    }
    let groups = metadata.and_then(|metadata| metadata.get("requires-dev"));
    for (group, list) in groups.and_then(Value::as_table).into_iter().flatten() {
        for item in list.as_array()? {
            add(
                &mut out,
                &format!("group {group}"),
                locked_requirement(item)?,
            );
        }
    }
    Some(out)
}

/// The extra that a marker ties a requirement to.
fn extra_of(marker: &str) -> Option<&str> {
    let (_, rest) = marker.split_once("extra == ")?;
    rest.get(1..)?.split(['\'', '"']).next()
}

fn locked_requirement(item: &Value) -> Option<(String, String)> {
    let name = item.get("name")?.as_str()?;
    let specifier = item.get("specifier").and_then(Value::as_str);
    let versions = specifiers(specifier.unwrap_or_default());
    Some((with_extras(name, strings(item.get("extras"))), versions))
}

fn differences(now: &Wanted, locked: &Wanted, text: &str) -> Vec<Mismatch> {
    let shown = |versions: &[String]| {
        let all: Vec<&str> = versions
            .iter()
            .map(|one| if one.is_empty() { "*" } else { one })
            .collect();
        all.join(" or ")
    };
    let mut out = Vec::new();
    for ((group, name), versions) in now {
        let message = match locked.get(&(group.clone(), name.clone())) {
            Some(old) if old == versions => continue,
            Some(old) => format!(
                "`{}` is asked for, locked is for `{}`",
                shown(versions),
                shown(old)
            ),
            None => format!("`{}` is asked for, nothing is locked", shown(versions)),
        };
        out.push(Mismatch {
            entry: name.clone(),
            message,
            manifest: place(text, name.split('[').next().unwrap_or(name)),
        });
    }
    for key in locked.keys().filter(|key| !now.contains_key(*key)) {
        out.push(Mismatch::left_over(&key.1));
    }
    out
}

/// The first line that begins with `word`, in quotes or not, in any case of letters.
fn place(text: &str, word: &str) -> Range<usize> {
    for line in text.lines() {
        let shown = line.trim().trim_end_matches(',');
        let bare = normal(shown.trim_start_matches(['"', '\'']));
        if bare.starts_with(word) {
            let start = shown.as_ptr() as usize - text.as_ptr() as usize;
            return start..start + shown.len();
        }
    }
    0..0
}

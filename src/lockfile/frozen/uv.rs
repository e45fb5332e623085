//! uv: `pyproject.toml` and `uv.lock`, which repeats what each member asks for under `[package.metadata]`
//! (<https://docs.astral.sh/uv/concepts/projects/sync/#checking-the-lockfile>).
//!
//! Markers are rewritten when they are locked, so names, extras, versions and groups are compared, markers are not.

use super::super::input::Input;
use super::super::pep508::{self, Requirement};
use super::python::normal;
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, Place, Top, shown};
use crate::version::Ecosystem;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
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

/// What the lockfile says of the projects of a workspace.
struct Locked {
    /// By folder, seen from the lockfile; empty for beside it.
    projects: HashMap<String, Member>,
    requires_python: Option<String>,
}

struct Member {
    name: String,
    version: Option<String>,
    /// What it asks for; `None` where that can't be read.
    wanted: Option<Wanted>,
}

/// `None` where it can't be read.
fn locked(lock: &[u8]) -> Option<Locked> {
    let lock = table(lock)?;
    let text = |table: &Table, key: &str| Some(table.get(key)?.as_str()?.to_owned());
    let mut projects = HashMap::new();
    for package in packages(&lock) {
        if let Some(folder) = folder(package) {
            // The first is the one that counts.
            projects.entry(folder.to_owned()).or_insert_with(|| Member {
                name: text(package, "name").unwrap_or_default(),
                version: text(package, "version"),
                wanted: repeated(package),
            });
        }
    }
    let requires_python = text(&lock, "requires-python");
    Some(Locked {
        projects,
        requires_python,
    })
}

/// The projects of the workspace: their folders stand as sources in the lockfile.
fn manifests(top: &Top<'_>) -> Vec<String> {
    let locked = top.lock.once(locked);
    let mut below: Vec<&str> = locked
        .iter()
        .flat_map(|locked| locked.projects.keys())
        .map(String::as_str)
        .filter(|folder| !folder.is_empty() && !folder.starts_with(".."))
        .collect();
    below.sort_unstable();
    let below = below
        .iter()
        .map(|folder| format!("{folder}/pyproject.toml"));
    std::iter::once("pyproject.toml".to_owned())
        .chain(below)
        .collect()
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
    let locked = pair.lock.once(locked);
    let (Some(manifest), Some(locked)) = (table(pair.manifest), &*locked) else {
        return Frozen::Unknown;
    };
    let Some(project) = manifest.get("project").and_then(Value::as_table) else {
        return Frozen::Unknown;
    };
    let tool = manifest.get("tool").and_then(|tool| tool.get("uv"));
    let Some(member) = locked.projects.get(pair.folder()) else {
        return Frozen::Apart;
    };
    let name = project.get("name").and_then(Value::as_str).unwrap_or("");
    if normal(name) != normal(&member.name) {
        let message = format!("the project is locked as {}", member.name);
        return Frozen::OutOfSync(vec![mismatch(name, message, "name")]);
    }
    let (Some(now), Some(wanted)) = (asked(&manifest, project, tool), &member.wanted) else {
        return Frozen::Unknown;
    };
    let mut out = differences(&now, wanted);
    out.extend(version(project, member));
    if pair.folder().is_empty() && locked.projects.len() == 1 {
        out.extend(python(project, locked));
    }
    Frozen::of(out)
}

fn mismatch(entry: &str, message: String, word: &str) -> Mismatch {
    Mismatch {
        entry: entry.to_owned(),
        message,
        place: Place::Word(normal(word)),
    }
}

/// A static version is locked with the project.
fn version(project: &Table, member: &Member) -> Option<Mismatch> {
    let now = project.get("version").and_then(Value::as_str)?;
    let locked = member.version.as_deref()?;
    let same = Ecosystem::PyPI
        .compare(now, locked)
        .is_ok_and(|order| order.is_eq());
    let message = || format!("the project's version is {now}, locked is {locked}");
    (!same).then(|| mismatch("version", message(), "version"))
}

/// `requires-python`, where both are written with plain bounds: others are locked in another form.
fn python(project: &Table, locked: &Locked) -> Option<Mismatch> {
    const KEY: &str = "requires-python";
    let now = project.get(KEY).and_then(Value::as_str)?;
    let locked = locked.requires_python.as_deref()?;
    let plain = |text: &str| !text.contains(['~', '!', '*']) && !text.contains("==");
    let differ = specifiers(now) != specifiers(locked);
    let message = || format!("`{now}` is asked for, locked is `{locked}`");
    (plain(now) && plain(locked) && differ).then(|| mismatch(KEY, message(), KEY))
}

/// A requirement: its name with the extras it asks for, and its versions. The key tells which list it belongs to.
type Wanted = BTreeMap<(String, String), BTreeSet<String>>;

fn add(out: &mut Wanted, group: &str, (name, versions): (String, String)) {
    let list = out.entry((group.to_owned(), name)).or_default();
    list.insert(versions);
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
    if let Some(groups) = groups {
        Groups::of(groups).each_into(&mut out)?;
    }
    for text in strings(tool.and_then(|tool| tool.get("dev-dependencies"))) {
        add(&mut out, "group dev", requirement(text)?);
    }
    Some(out)
}

/// How many requirements all groups have together, with those that they include.
const INCLUDED_MOST: usize = 200_000;

/// The groups of a manifest, which may include each other.
struct Groups<'a> {
    groups: &'a Table,
    /// How each is written, by its normal name.
    keys: HashMap<String, &'a str>,
    left: usize,
}

impl<'a> Groups<'a> {
    fn of(groups: &'a Table) -> Self {
        let keys = groups.keys().map(|key| (normal(key), key.as_str()));
        Self {
            groups,
            keys: keys.collect(),
            left: INCLUDED_MOST,
        }
    }

    /// Adds the requirements of every group; `None` where one can't be read.
    fn each_into(mut self, out: &mut Wanted) -> Option<()> {
        for group in self.groups.keys() {
            let of = format!("group {}", normal(group));
            let mut seen = HashSet::from([group.as_str()]);
            let mut open = vec![group.as_str()];
            while let Some(next) = open.pop() {
                self.group(next, |item| match item {
                    Item::Requirement(text) => {
                        add(out, &of, requirement(text)?);
                        Some(())
                    }
                    Item::Group(named) => {
                        // What is included twice asks for nothing more.
                        open.extend(Some(named).filter(|named| seen.insert(named)));
                        Some(())
                    }
                })?;
            }
        }
        Some(())
    }

    /// Gives the items of one group.
    fn group(&mut self, name: &str, mut take: impl FnMut(Item<'a>) -> Option<()>) -> Option<()> {
        for item in self.groups.get(name)?.as_array()? {
            self.left = self.left.checked_sub(1)?;
            take(match item {
                Value::String(text) => Item::Requirement(text),
                Value::Table(include) => {
                    let named = include.get("include-group").and_then(Value::as_str)?;
                    Item::Group(self.keys.get(&normal(named))?)
                }
                _ => return None,
            })?;
        }
        Some(())
    }
}

/// What a group may list.
enum Item<'a> {
    Requirement(&'a str),
    /// Another group, as it is written where it is defined.
    Group(&'a str),
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
fn repeated(package: &Table) -> Option<Wanted> {
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

fn differences(now: &Wanted, locked: &Wanted) -> Vec<Mismatch> {
    let some = |versions: &BTreeSet<String>| {
        let named = versions.iter();
        shown(named.map(|one| if one.is_empty() { "*" } else { one }))
    };
    let mut out = Vec::new();
    for (key, versions) in now {
        let (asked, name) = (some(versions), &key.1);
        let message = match locked.get(key) {
            Some(old) if old == versions => continue,
            Some(old) => format!("`{asked}` is asked for, locked is for `{}`", some(old)),
            None => format!("`{asked}` is asked for, nothing is locked"),
        };
        out.push(mismatch(
            name,
            message,
            name.split('[').next().unwrap_or(name),
        ));
    }
    for key in locked.keys().filter(|key| !now.contains_key(*key)) {
        out.push(Mismatch::left_over(&key.1));
    }
    out
}

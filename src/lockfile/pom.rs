//! Maven: `pom.xml` (<https://maven.apache.org/pom.html#dependencies>).
//!
//! No lockfile, but where a project names a version that version is what it gets. Versions come from the dependency, or
//! from `dependencyManagement`; that, the properties and further dependencies may stand in a parent's file of the same
//! repository (<https://maven.apache.org/pom.html#inheritance>). What a parent elsewhere or an import decides is not known
//! here: such a dependency has no version. Of a range its lower bound stands for it.

use super::input::{Input, file_name, relative};
use super::package::{Beside, Contents};
use super::xml::{Piece, Reader};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;
use compact_str::CompactString;
use std::collections::HashMap;
use std::sync::Arc;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "pom",
    title: "Maven (pom.xml)",
    ecosystem: Ecosystem::Maven,
    upgrade: Upgrade::UNKNOWN.and_removal("take {name} out of {file}"),
    matches: |path| file_name(path) == "pom.xml" || path.ends_with(".pom"),
    parse,
};

#[derive(Default, Clone)]
struct Dependency<'a> {
    group: &'a str,
    artifact: &'a str,
    version: &'a str,
    kind: &'a str,
    classifier: &'a str,
    scope: &'a str,
    optional: bool,
    /// Whether only a profile has it.
    profile: bool,
}

/// What names a project.
#[derive(Default, Clone, Copy, PartialEq)]
struct Coordinates<'a> {
    group: &'a str,
    artifact: &'a str,
    version: &'a str,
}

#[derive(Default)]
struct Project<'a> {
    properties: HashMap<&'a str, &'a str>,
    dependencies: Vec<Dependency<'a>>,
    managed: Vec<Dependency<'a>>,
    own: Coordinates<'a>,
    parent: Coordinates<'a>,
    /// Where the parent's file is; empty where the project says that it is none beside it.
    parent_path: Option<&'a str>,
    packaging: &'a str,
}

/// What tells dependencies apart: group, artifact, type and classifier.
type Key = (String, String, String, String);

/// A project and its parents, the nearest first.
struct Lineage<'a> {
    projects: Vec<Project<'a>>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let lineage = Lineage {
        projects: vec![read(input)?],
    };
    Ok(packages(&input, &lineage, &[]))
}

/// A parent's file.
struct ParentFile {
    path: String,
    bytes: Vec<u8>,
}

/// No project has more generations.
const PARENTS_MOST: usize = 20;

/// Reads it again with what the parents in the same repository say.
///
/// # Errors
///
/// Where the file can't be read.
pub(super) fn follow(
    path: &str,
    bytes: &[u8],
    packages_alone: Vec<Package>,
    beside: Beside<'_>,
) -> Result<Contents, LockfileError> {
    let input = Input::new(bytes)?;
    let first = read(input)?;
    let files = parents(path, &first, beside);
    if files.is_empty() {
        return Ok(Contents {
            packages: packages_alone,
            unread: Vec::new(),
        });
    }
    let mut projects = vec![first];
    for file in &files {
        projects.push(read(Input::new(&file.bytes)?)?);
    }
    // What a parent needs for itself is listed with the parent, where that is looked at too.
    for (project, file) in projects.iter_mut().skip(1).zip(&files) {
        if (beside.apart)(&file.path) {
            project.dependencies.clear();
        }
    }
    let paths: Vec<Arc<str>> = files
        .iter()
        .map(|file| Arc::from(file.path.as_str()))
        .collect();
    Ok(Contents {
        packages: packages(&input, &Lineage { projects }, &paths),
        unread: Vec::new(),
    })
}

/// The files of the parents that are in the repository and are what their children say.
fn parents(path: &str, first: &Project<'_>, beside: Beside<'_>) -> Vec<ParentFile> {
    let mut out: Vec<ParentFile> = Vec::new();
    let mut next = parent_file(path, first, beside);
    while let Some(file) = next {
        let seen = file.path == path || out.iter().any(|one| one.path == file.path);
        if seen || out.len() >= PARENTS_MOST {
            break;
        }
        next = Input::new(&file.bytes)
            .and_then(read)
            .ok()
            .and_then(|project| parent_file(&file.path, &project, beside));
        out.push(file);
    }
    out
}

fn parent_file(path: &str, project: &Project<'_>, beside: Beside<'_>) -> Option<ParentFile> {
    let wanted = project.parent;
    if wanted.artifact.is_empty() {
        return None;
    }
    let named = project.parent_path.unwrap_or("../pom.xml");
    let file = relative(path, named).filter(|_| !named.is_empty())?;
    let folder = format!("{file}/pom.xml");
    let (path, bytes) = [file, folder.trim_start_matches('/').to_owned()]
        .into_iter()
        .find_map(|path| (beside.read)(&path).map(|bytes| (path, bytes)))?;
    let found = Input::new(&bytes).and_then(read).ok()?;
    // Another project may happen to be where Maven looks first.
    let same = found.coordinates() == wanted && found.packaging == "pom";
    same.then_some(ParentFile { path, bytes })
}

/// The dependencies of a lineage; `paths` are those of the parents' files.
fn packages(input: &Input<'_>, lineage: &Lineage<'_>, paths: &[Arc<str>]) -> Vec<Package> {
    let managed = lineage.managed();
    let mut found = Found::default();
    for stated in lineage.dependencies() {
        let Some(key) = lineage.key(&stated.dependency) else {
            continue;
        };
        let profile = stated.dependency.profile;
        let complete = stated.completed(managed.get(&key));
        if let Some(mut package) = package(input, lineage, &key, &complete.dependency) {
            // The generation 0 is the file itself.
            let parent = complete.generation.checked_sub(1);
            package.named_in = parent.and_then(|at| paths.get(at).cloned());
            found.add(package, profile);
        }
    }
    found.packages
}

/// A dependency and the generation whose file names its version.
struct Stated<'a> {
    dependency: Dependency<'a>,
    generation: usize,
}

impl<'a> Stated<'a> {
    /// With the version and the scope that `dependencyManagement` gives where it has none.
    fn completed(mut self, manager: Option<&Stated<'a>>) -> Self {
        let Some(manager) = manager else { return self };
        if self.dependency.version.is_empty() {
            self.dependency.version = manager.dependency.version;
            self.generation = manager.generation;
        }
        if self.dependency.scope.is_empty() {
            self.dependency.scope = manager.dependency.scope;
        }
        self
    }
}

#[derive(Default)]
struct Found {
    packages: Vec<Package>,
    /// Where each name stands.
    places: HashMap<CompactString, usize>,
}

impl Found {
    /// Of an artifact in several types there is one package, that of the last; profiles may have other versions.
    fn add(&mut self, package: Package, profile: bool) {
        let Some(&at) = self.places.get(&package.name) else {
            self.places
                .insert(package.name.clone(), self.packages.len());
            self.packages.push(package);
            return;
        };
        if !profile {
            self.packages[at] = package;
        } else if self.packages[at].version != package.version {
            self.packages.push(package);
        }
    }
}

fn package(
    input: &Input<'_>,
    lineage: &Lineage<'_>,
    key: &Key,
    dependency: &Dependency<'_>,
) -> Option<Package> {
    let version = lineage.known(dependency.version)?;
    let scope = lineage.known(dependency.scope)?;
    let own = [
        dependency.version,
        dependency.artifact,
        lineage.projects[0].parent.artifact,
    ];
    let place = own
        .iter()
        .map(|text| input.span(text))
        .find(|place| !place.is_empty())
        .unwrap_or_default();
    let name = format!("{}:{}", key.0, key.1);
    let mut package = Package::new(Ecosystem::Maven, name, lowest(&version), place);
    package.dev = scope == "test";
    package.optional = dependency.optional;
    package.direct = Some(true);
    Some(package)
}

/// The version, or of a range (<https://maven.apache.org/pom.html#dependency-version-requirement-specification>) its lower
/// bound: which version it leads to, only a repository tells. Empty where there is none.
fn lowest(version: &str) -> &str {
    let version = version.trim();
    let inner = version.strip_prefix(['[', '(']).unwrap_or(version);
    inner.split([',', ')', ']']).next().unwrap_or(inner).trim()
}

fn read(input: Input<'_>) -> Result<Project<'_>, LockfileError> {
    let mut reader = Reader::new(input);
    let mut project = Project::default();
    while let Some(piece) = reader.next()? {
        reader.expect_root(piece, &["project"])?;
        match (piece, reader.path()) {
            (Piece::Open("dependency", _, false), path) => {
                if let Some(list) = project.list(path) {
                    list.push(Dependency {
                        profile: path.contains(&"profile"),
                        ..Dependency::default()
                    });
                }
            }
            (Piece::Open("relativePath", ..), ["project", "parent", ..]) => {
                project.parent_path = Some("");
            }
            (Piece::Text(text), path) => note(&mut project, path, text),
            _ => {}
        }
    }
    Ok(project)
}

fn note<'a>(project: &mut Project<'a>, path: &[&'a str], text: &'a str) {
    match path {
        ["project", "properties", name] => {
            project.properties.insert(name, text);
        }
        ["project", "packaging"] => project.packaging = text,
        ["project", "parent", "relativePath"] => project.parent_path = Some(text),
        ["project", "parent", field] => project.parent.set(field, text),
        ["project", field] => project.own.set(field, text),
        [above @ .., field] => {
            if let Some(dependency) = project.list(above).and_then(|list| list.last_mut()) {
                set(dependency, field, text);
            }
        }
        [] => {}
    }
}

fn set<'a>(dependency: &mut Dependency<'a>, field: &str, text: &'a str) {
    match field {
        "groupId" => dependency.group = text,
        "artifactId" => dependency.artifact = text,
        "version" => dependency.version = text,
        "type" => dependency.kind = text,
        "classifier" => dependency.classifier = text,
        "scope" => dependency.scope = text,
        "optional" => dependency.optional = text == "true",
        _ => {}
    }
}

impl<'a> Coordinates<'a> {
    fn set(&mut self, field: &str, text: &'a str) {
        match field {
            "groupId" => self.group = text,
            "artifactId" => self.artifact = text,
            "version" => self.version = text,
            _ => {}
        }
    }
}

impl<'a> Project<'a> {
    /// Where a dependency at `path` belongs; plugins have dependencies too, which are none of the project's.
    fn list(&mut self, path: &[&str]) -> Option<&mut Vec<Dependency<'a>>> {
        match path {
            ["project", "dependencies", "dependency"] => Some(&mut self.dependencies),
            [
                "project",
                "profiles",
                "profile",
                "dependencies",
                "dependency",
            ] => Some(&mut self.dependencies),
            [
                "project",
                "dependencyManagement",
                "dependencies",
                "dependency",
            ] => Some(&mut self.managed),
            _ => None,
        }
    }

    /// A project has its parent's group and version where it names none.
    fn coordinates(&self) -> Coordinates<'a> {
        let or = |own: &'a str, parent| if own.is_empty() { parent } else { own };
        Coordinates {
            group: or(self.own.group, self.parent.group),
            artifact: self.own.artifact,
            version: or(self.own.version, self.parent.version),
        }
    }
}

impl<'a> Lineage<'a> {
    /// Every dependency. One that is there twice is the first; the version may be the second's.
    fn dependencies(&self) -> Vec<Stated<'a>> {
        let mut firsts: HashMap<Key, usize> = HashMap::new();
        let mut out: Vec<Stated<'a>> = Vec::new();
        for stated in self.all(|project| &project.dependencies) {
            let Some(key) = self.key(&stated.dependency) else {
                continue;
            };
            let first = firsts.get(&key).filter(|_| !stated.dependency.profile);
            let Some(first) = first.map(|at| &mut out[*at]) else {
                firsts.entry(key).or_insert(out.len());
                out.push(stated);
                continue;
            };
            if first.dependency.version.is_empty() && !stated.dependency.version.is_empty() {
                *first = stated;
            }
        }
        out
    }

    /// What gives versions and scopes to dependencies that have none.
    fn managed(&self) -> HashMap<Key, Stated<'a>> {
        let mut out = HashMap::new();
        for stated in self.all(|project| &project.managed) {
            let Dependency { version, scope, .. } = stated.dependency;
            // The versions of an import stand in another project.
            let counts = !version.is_empty() && scope != "import";
            if let Some(key) = self.key(&stated.dependency).filter(|_| counts) {
                out.entry(key).or_insert(stated);
            }
        }
        out
    }

    fn all<'b>(
        &'b self,
        list: impl Fn(&'b Project<'a>) -> &'b Vec<Dependency<'a>> + 'b,
    ) -> impl Iterator<Item = Stated<'a>> + 'b {
        let projects = self.projects.iter().enumerate();
        projects.flat_map(move |(generation, project)| {
            list(project).iter().map(move |dependency| Stated {
                dependency: dependency.clone(),
                generation,
            })
        })
    }

    /// What tells a dependency apart; `None` where another file defines it.
    fn key(&self, one: &Dependency<'_>) -> Option<Key> {
        let kind = if one.kind.is_empty() { "jar" } else { one.kind };
        let named = !one.group.is_empty() && !one.artifact.is_empty();
        named.then_some(())?;
        Some((
            self.known(one.group)?,
            self.known(one.artifact)?,
            self.known(kind)?,
            self.known(one.classifier)?,
        ))
    }

    /// The text with its properties; `None` where one of them is not defined here.
    fn known(&self, text: &str) -> Option<String> {
        Some(self.resolve(text)).filter(|text| !text.contains("${"))
    }

    /// Puts properties in the place of `${name}`; a property may name others, to a depth that no real file has.
    fn resolve(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for _ in 0..8 {
            let Some(start) = out.find("${") else { break };
            let Some(length) = out[start..].find('}') else {
                break;
            };
            let Some(value) = self.property(&out[start + 2..start + length]) else {
                break;
            };
            if out.len() + value.len() > 1000 {
                break;
            }
            out.replace_range(start..=start + length, value);
        }
        out
    }

    /// The nearest generation's value; the project's own names go before for names with a prefix only
    /// (<https://maven.apache.org/ref/current/maven-model-builder/#model-interpolation>).
    fn property(&self, name: &str) -> Option<&'a str> {
        let project = self.projects.first()?;
        let own = project.coordinates();
        let bare = name
            .strip_prefix("project.")
            .or_else(|| name.strip_prefix("pom."));
        let set = || {
            self.projects
                .iter()
                .find_map(|project| project.properties.get(name).copied())
        };
        let given = match bare.unwrap_or(name) {
            "version" => own.version,
            "groupId" => own.group,
            "artifactId" if bare.is_some() => own.artifact,
            "parent.version" => project.parent.version,
            "parent.groupId" => project.parent.group,
            _ => return set(),
        };
        let given = Some(given).filter(|given| !given.is_empty());
        if bare.is_some() {
            given.or_else(set)
        } else {
            set().or(given)
        }
    }
}

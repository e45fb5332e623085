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
use std::collections::HashMap;
use std::sync::Arc;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "pom",
    title: "Maven (pom.xml)",
    ecosystem: Ecosystem::Maven,
    upgrade: Upgrade::UNKNOWN,
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
    let mut out: Vec<Package> = Vec::new();
    let mut places: HashMap<String, usize> = HashMap::new();
    for (mut dependency, generation) in lineage.dependencies() {
        let Some(key) = lineage.key(dependency) else {
            continue;
        };
        let manager = managed.get(&key);
        let mut named_in = generation;
        let mut inherited = dependency.clone();
        if let Some((manager, generation)) = manager {
            if inherited.version.is_empty() {
                inherited.version = manager.version;
                named_in = *generation;
            }
            if inherited.scope.is_empty() {
                inherited.scope = manager.scope;
            }
        }
        dependency = &inherited;
        let Some(mut package) = package(input, lineage, &key, dependency) else {
            continue;
        };
        package.named_in = named_in
            .checked_sub(1)
            .and_then(|at| paths.get(at).cloned());
        // Of an artifact in several types there is one package, that of the last; profiles may have other versions.
        match places.get(&package.name) {
            Some(at) if dependency.profile && out[*at].version != package.version => {
                out.push(package);
            }
            Some(_) if dependency.profile => {}
            Some(at) => out[*at] = package,
            None => {
                places.insert(package.name.clone(), out.len());
                out.push(package);
            }
        }
    }
    out
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
    /// Every dependency and the generation whose file it stands in. One that stands there twice is the first; the version
    /// may be the second's.
    fn dependencies(&self) -> impl Iterator<Item = (&Dependency<'a>, usize)> {
        let mut firsts: HashMap<Key, usize> = HashMap::new();
        let mut out: Vec<(&Dependency<'a>, usize)> = Vec::new();
        for (generation, project) in self.projects.iter().enumerate() {
            for one in &project.dependencies {
                let Some(key) = self.key(one) else { continue };
                match firsts.get(&key) {
                    _ if one.profile => out.push((one, generation)),
                    None => {
                        firsts.insert(key, out.len());
                        out.push((one, generation));
                    }
                    Some(at) if out[*at].0.version.is_empty() && !one.version.is_empty() => {
                        out[*at] = (one, generation);
                    }
                    Some(_) => {}
                }
            }
        }
        out.into_iter()
    }

    /// What gives versions and scopes to dependencies that have none, and in which generation.
    fn managed(&self) -> HashMap<Key, (&Dependency<'a>, usize)> {
        let mut out = HashMap::new();
        for (generation, project) in self.projects.iter().enumerate() {
            for one in &project.managed {
                // The versions of an import stand in another project.
                let counts = !one.version.is_empty() && one.scope != "import";
                if let Some(key) = self.key(one).filter(|_| counts) {
                    out.entry(key).or_insert((one, generation));
                }
            }
        }
        out
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

#[cfg(test)]
mod tests {
    use super::parse;

    #[test]
    fn ranges_have_a_lower_bound_and_some_have_no_version() {
        let dependency = |artifact: &str, version: &str| {
            format!(
                "<dependency><groupId>g</groupId><artifactId>{artifact}</artifactId>{version}</dependency>"
            )
        };
        let version = |text: &str| format!("<version>{text}</version>");
        let list = [
            dependency("a", &version("[1.0, 2.0)")),
            dependency("b", &version("(,2.0]")),
            dependency("c", &version("[3.0]")),
            dependency("d", ""),
            dependency("e", &version("${elsewhere}")),
        ]
        .concat();
        let text = format!("<project><dependencies>{list}</dependencies></project>");
        let got: Vec<(String, String)> = parse(text.as_bytes())
            .expect("readable")
            .into_iter()
            .map(|package| (package.name, package.version))
            .collect();
        let want = [("g:a", "1.0"), ("g:b", ""), ("g:c", "3.0"), ("g:d", "")];
        assert_eq!(
            got,
            want.map(|(name, version)| (name.to_owned(), version.to_owned()))
        );
    }
}

//! Maven: `pom.xml` (<https://maven.apache.org/pom.html#dependencies>).
//!
//! No lockfile, but where a project names a version that version is what it gets. Versions come from the dependency, or
//! from `dependencyManagement`; that, the properties and further dependencies may stand in a parent's file of the same
//! repository (<https://maven.apache.org/pom.html#inheritance>). What a parent elsewhere or an import decides is not known
//! here: such a dependency has no version. Of a range its lower bound stands for it.

use super::input::{Input, file_name, relative};
use super::package::{Beside, Contents};
use super::pom_model::{Dependency, Profile, Project, read};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;
use compact_str::CompactString;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "pom",
    title: "Maven (pom.xml)",
    ecosystem: Ecosystem::Maven,
    upgrade: Upgrade::UNKNOWN.and_removal("take {name} out of {file}"),
    matches: |path| file_name(path) == "pom.xml" || path.ends_with(".pom"),
    parse,
};

/// What tells dependencies apart: group, artifact, type and classifier.
type Key = (String, String, String, String);

/// A project and its parents, the nearest first.
#[derive(Clone, Copy)]
struct Lineage<'a, 'b> {
    projects: &'b [Project<'a>],
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let projects = [read(input)?];
    let found = packages(
        &input,
        Lineage {
            projects: &projects,
        },
        &[],
    );
    Ok(found.into_iter().map(|(package, _)| package).collect())
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
    let paths: Vec<Arc<str>> = files
        .iter()
        .map(|file| Arc::from(file.path.as_str()))
        .collect();
    let apart = |parent: usize| (beside.apart)(&files[parent].path);
    let found = packages(
        &input,
        Lineage {
            projects: &projects,
        },
        &paths,
    );
    let told = told(&input, &projects, &apart);
    let is_told = |package: &Package, generation: usize| {
        let parent = generation.checked_sub(1);
        parent.is_some_and(apart) && told.contains(&id(package))
    };
    Ok(Contents {
        packages: found
            .into_iter()
            .filter(|(package, generation)| !is_told(package, *generation))
            .map(|(package, _)| package)
            .collect(),
        unread: Vec::new(),
    })
}

/// A package's name and version.
type Id = (CompactString, CompactString);

fn id(package: &Package) -> Id {
    (package.name.clone(), package.version.clone())
}

/// What is listed with the parents that are looked at themselves: what they need, as it is without their children.
fn told(input: &Input<'_>, projects: &[Project<'_>], apart: &dyn Fn(usize) -> bool) -> HashSet<Id> {
    let parents = (1..projects.len()).filter(|generation| apart(generation - 1));
    let lists = parents.map(|generation| {
        let projects = &projects[generation..];
        packages(input, Lineage { projects }, &[])
    });
    lists.flatten().map(|(package, _)| id(&package)).collect()
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

/// The dependencies of a lineage, each with the generation that asks for it; `paths` are those of the parents' files.
fn packages(
    input: &Input<'_>,
    lineage: Lineage<'_, '_>,
    paths: &[Arc<str>],
) -> Vec<(Package, usize)> {
    let managed = lineage.managed();
    let of_profiles = lineage.managed_by_profiles();
    let mut found = Found::default();
    for stated in lineage.dependencies() {
        let profile = lineage.profile(&stated);
        let Some(key) = lineage.key(&stated.dependency, profile) else {
            continue;
        };
        let active = (stated.asking, stated.dependency.profile);
        let own = of_profiles.get(&active).and_then(|own| own.get(&key));
        let complete = stated.completed(own).completed(managed.get(&key));
        if let Some(mut package) = package(input, lineage, &key, &complete) {
            // The generation 0 is the file itself.
            let parent = complete.versioned.checked_sub(1);
            package.named_in = parent.and_then(|at| paths.get(at).cloned());
            found.add(package, complete.asking, profile.is_some());
        }
    }
    found.packages
}

/// A dependency, the generation whose file asks for it, and the one whose file names its version.
struct Stated<'a> {
    dependency: Dependency<'a>,
    asking: usize,
    versioned: usize,
}

impl<'a> Stated<'a> {
    fn new(dependency: &Dependency<'a>, generation: usize) -> Self {
        Self {
            dependency: dependency.clone(),
            asking: generation,
            versioned: generation,
        }
    }

    /// With the version and the scope that `dependencyManagement` gives where it has none.
    fn completed(mut self, manager: Option<&Stated<'a>>) -> Self {
        let Some(manager) = manager else { return self };
        if self.dependency.version.is_empty() {
            self.dependency.version = manager.dependency.version;
            self.versioned = manager.versioned;
        }
        if self.dependency.scope.is_empty() {
            self.dependency.scope = manager.dependency.scope;
        }
        self
    }
}

#[derive(Default)]
struct Found {
    packages: Vec<(Package, usize)>,
    /// Where each name stands.
    places: HashMap<CompactString, usize>,
}

impl Found {
    /// Of an artifact in several types there is one package, that of the last; profiles and parents may have other versions.
    fn add(&mut self, package: Package, asking: usize, profile: bool) {
        let Some(&at) = self.places.get(&package.name) else {
            self.places
                .insert(package.name.clone(), self.packages.len());
            self.packages.push((package, asking));
            return;
        };
        let known = &mut self.packages[at];
        if !profile && known.1 == asking {
            *known = (package, asking);
        } else if known.0.version != package.version {
            self.packages.push((package, asking));
        }
    }
}

fn package(
    input: &Input<'_>,
    lineage: Lineage<'_, '_>,
    key: &Key,
    stated: &Stated<'_>,
) -> Option<Package> {
    let dependency = &stated.dependency;
    let profile = lineage.profile(stated);
    let version = lineage.known(dependency.version, profile)?;
    let scope = lineage.known(dependency.scope, profile)?;
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

impl<'a, 'b> Lineage<'a, 'b> {
    /// Every dependency. One that is there twice is the first; the version may be the second's.
    fn dependencies(self) -> Vec<Stated<'a>> {
        let mut firsts: HashMap<Key, usize> = HashMap::new();
        let mut out: Vec<Stated<'a>> = Vec::new();
        for stated in self.all(|project| &project.dependencies) {
            let profile = self.profile(&stated);
            let Some(key) = self.key(&stated.dependency, profile) else {
                continue;
            };
            let first = firsts.get(&key).filter(|_| profile.is_none());
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
    fn managed(self) -> HashMap<Key, Stated<'a>> {
        let mut out = HashMap::new();
        for stated in self.all(|project| &project.managed) {
            if let Some(key) = self.key_of_manager(&stated.dependency, None) {
                out.entry(key).or_insert(stated);
            }
        }
        out
    }

    /// The same by generation and profile, where the profile is active.
    fn managed_by_profiles(self) -> HashMap<(usize, Option<usize>), HashMap<Key, Stated<'a>>> {
        let mut out: HashMap<_, HashMap<_, _>> = HashMap::new();
        for (generation, project) in self.projects.iter().enumerate() {
            for (at, profile) in project.profiles.iter().enumerate() {
                for one in &profile.managed {
                    let Some(key) = self.key_of_manager(one, Some(profile)) else {
                        continue;
                    };
                    let own = out.entry((generation, Some(at))).or_default();
                    own.entry(key).or_insert(Stated::new(one, generation));
                }
            }
        }
        out
    }

    /// The key of what gives a version; the versions of an import stand in another project.
    fn key_of_manager(self, one: &Dependency<'_>, profile: Option<&Profile<'a>>) -> Option<Key> {
        let counts = !one.version.is_empty() && one.scope != "import";
        counts.then(|| self.key(one, profile)).flatten()
    }

    fn all(
        self,
        list: impl Fn(&'b Project<'a>) -> &'b Vec<Dependency<'a>> + 'b,
    ) -> impl Iterator<Item = Stated<'a>> + 'b {
        let projects = self.projects.iter().enumerate();
        projects.flat_map(move |(generation, project)| {
            let dependencies = list(project).iter();
            dependencies.map(move |one| Stated::new(one, generation))
        })
    }

    /// The profile that a dependency is of.
    fn profile(self, stated: &Stated<'_>) -> Option<&'b Profile<'a>> {
        let profiles = &self.projects.get(stated.asking)?.profiles;
        profiles.get(stated.dependency.profile?)
    }

    /// What tells a dependency apart; `None` where another file defines it.
    fn key(self, one: &Dependency<'_>, profile: Option<&Profile<'a>>) -> Option<Key> {
        let kind = if one.kind.is_empty() { "jar" } else { one.kind };
        let named = !one.group.is_empty() && !one.artifact.is_empty();
        named.then_some(())?;
        Some((
            self.known(one.group, profile)?,
            self.known(one.artifact, profile)?,
            self.known(kind, profile)?,
            self.known(one.classifier, profile)?,
        ))
    }

    /// The text with its properties; `None` where one of them is not defined here.
    fn known(self, text: &str, profile: Option<&Profile<'a>>) -> Option<String> {
        Some(self.resolve(text, profile)).filter(|text| !text.contains("${"))
    }

    /// Puts properties in the place of `${name}`; a property may name others, to a depth that no real file has.
    fn resolve(self, text: &str, profile: Option<&Profile<'a>>) -> String {
        let mut out = text.to_owned();
        for _ in 0..8 {
            let Some(start) = out.find("${") else { break };
            let Some(length) = out[start..].find('}') else {
                break;
            };
            let Some(value) = self.property(&out[start + 2..start + length], profile) else {
                break;
            };
            if out.len() + value.len() > 1000 {
                break;
            }
            out.replace_range(start..=start + length, value);
        }
        out
    }

    /// The value of the profile, or of the nearest generation; the project's own names go before for names with a prefix only
    /// (<https://maven.apache.org/ref/current/maven-model-builder/#model-interpolation>).
    fn property(self, name: &str, profile: Option<&Profile<'a>>) -> Option<&'a str> {
        let project = self.projects.first()?;
        let own = project.coordinates();
        let bare = name
            .strip_prefix("project.")
            .or_else(|| name.strip_prefix("pom."));
        let set = || {
            let of_profile = profile.map(|profile| &profile.properties);
            let all = self.projects.iter().map(|project| &project.properties);
            let mut all = of_profile.into_iter().chain(all);
            all.find_map(|properties| properties.get(name).copied())
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

//! What a `pom.xml` says (<https://maven.apache.org/ref/current/maven-model/maven.html>), as it is written.

use super::LockfileError;
use super::input::Input;
use super::xml::{Piece, Reader};
use std::collections::HashMap;

#[derive(Default, Clone)]
pub(super) struct Dependency<'a> {
    pub(super) group: &'a str,
    pub(super) artifact: &'a str,
    pub(super) version: &'a str,
    pub(super) kind: &'a str,
    pub(super) classifier: &'a str,
    pub(super) scope: &'a str,
    pub(super) optional: bool,
    /// Which profile of the project has it; none where it has it without one.
    pub(super) profile: Option<usize>,
}

/// What names a project.
#[derive(Default, Clone, Copy, PartialEq)]
pub(super) struct Coordinates<'a> {
    pub(super) group: &'a str,
    pub(super) artifact: &'a str,
    pub(super) version: &'a str,
}

/// What holds where a profile is active.
#[derive(Default)]
pub(super) struct Profile<'a> {
    pub(super) properties: HashMap<&'a str, &'a str>,
    pub(super) managed: Vec<Dependency<'a>>,
}

#[derive(Default)]
pub(super) struct Project<'a> {
    pub(super) properties: HashMap<&'a str, &'a str>,
    pub(super) dependencies: Vec<Dependency<'a>>,
    pub(super) managed: Vec<Dependency<'a>>,
    pub(super) own: Coordinates<'a>,
    pub(super) parent: Coordinates<'a>,
    /// Where the parent's file is; empty where the project says that it is none beside it.
    pub(super) parent_path: Option<&'a str>,
    pub(super) packaging: &'a str,
    pub(super) profiles: Vec<Profile<'a>>,
}

/// Reads a project.
///
/// # Errors
///
/// Where the file is no `pom.xml`.
pub(super) fn read(input: Input<'_>) -> Result<Project<'_>, LockfileError> {
    let mut reader = Reader::new(input);
    let mut project = Project::default();
    while let Some(piece) = reader.next()? {
        reader.expect_root(piece, &["project"])?;
        match (piece, reader.path()) {
            (Piece::Open("dependency", _, false), path) => {
                let profiles = project.profiles.len();
                let profile = profiles
                    .checked_sub(1)
                    .filter(|_| path.get(2) == Some(&"profile"));
                if let Some(list) = project.list(path) {
                    list.push(Dependency {
                        profile,
                        ..Dependency::default()
                    });
                }
            }
            (Piece::Open("profile", ..), ["project", "profiles", "profile"]) => {
                project.profiles.push(Profile::default());
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
        ["project", above @ .., "properties", name] => {
            if let Some(properties) = project.properties_in(above) {
                properties.insert(name, text);
            }
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
    /// The properties that stand in the project's element `above`.
    fn properties_in(&mut self, above: &[&str]) -> Option<&mut HashMap<&'a str, &'a str>> {
        match above {
            [] => Some(&mut self.properties),
            ["profiles", "profile"] => {
                let profile = self.profiles.last_mut();
                profile.map(|profile| &mut profile.properties)
            }
            _ => None,
        }
    }

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
            [
                "project",
                "profiles",
                "profile",
                "dependencyManagement",
                "dependencies",
                "dependency",
            ] => self.profiles.last_mut().map(|profile| &mut profile.managed),
            _ => None,
        }
    }

    /// A project has its parent's group and version where it names none.
    pub(super) fn coordinates(&self) -> Coordinates<'a> {
        let or = |own: &'a str, parent| if own.is_empty() { parent } else { own };
        Coordinates {
            group: or(self.own.group, self.parent.group),
            artifact: self.own.artifact,
            version: or(self.own.version, self.parent.version),
        }
    }
}

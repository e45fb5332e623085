//! Maven: `pom.xml` (<https://maven.apache.org/pom.html#dependencies>).
//!
//! No lockfile, but where a project names a version that version is what it gets. Versions come from the
//! dependency, or from the same file's `dependencyManagement`; properties are those of the same file. What a parent
//! or a range decides is left aside: it is not known here.

use super::input::{Input, file_name};
use super::package::unite;
use super::xml::{Piece, Reader};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;
use std::collections::HashMap;

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
    scope: &'a str,
    optional: bool,
}

#[derive(Default)]
struct Project<'a> {
    properties: HashMap<&'a str, &'a str>,
    dependencies: Vec<Dependency<'a>>,
    managed: Vec<Dependency<'a>>,
    /// Of the project, or of its parent where it names none.
    version: &'a str,
    group: &'a str,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let project = read(input)?;
    let managed: HashMap<(String, String), &str> = project
        .managed
        .iter()
        .map(|one| {
            (
                (project.resolve(one.group), project.resolve(one.artifact)),
                one.version,
            )
        })
        .collect();
    let mut out: Vec<Package> = Vec::new();
    for one in &project.dependencies {
        let id = (project.resolve(one.group), project.resolve(one.artifact));
        let written = if one.version.is_empty() {
            managed.get(&id).copied().unwrap_or_default()
        } else {
            one.version
        };
        let name = format!("{}:{}", id.0, id.1);
        let version = project.resolve(written);
        // What another file defines, nobody can tell from this one.
        if name.contains('$') || version.contains('$') {
            continue;
        }
        let place = if written.is_empty() {
            one.artifact
        } else {
            written
        };
        let version = lowest(&version);
        let mut package = Package::new(Ecosystem::Maven, name, version, input.span(place));
        package.dev = one.scope == "test";
        package.optional = one.optional;
        package.direct = Some(true);
        out.push(package);
    }
    Ok(unite(out))
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
        match (piece, reader.path()) {
            (Piece::Open("dependency", _, false), path) => {
                if let Some(list) = project.list(path) {
                    list.push(Dependency::default());
                }
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
        ["project", "version"] => project.version = text,
        ["project", "groupId"] => project.group = text,
        // A project has its parent's where it names none; the parent stands first.
        ["project", "parent", "version"] => project.version = text,
        ["project", "parent", "groupId"] => project.group = text,
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
        "scope" => dependency.scope = text,
        "optional" => dependency.optional = text == "true",
        _ => {}
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

    /// Puts properties in the place of `${name}`; a property may name others, to a depth that no real file has.
    fn resolve(&self, text: &str) -> String {
        let mut out = text.to_owned();
        for _ in 0..8 {
            let Some(start) = out.find("${") else { break };
            let Some(length) = out[start..].find('}') else {
                break;
            };
            let value = match &out[start + 2..start + length] {
                "project.version" | "pom.version" | "version" | "project.parent.version" => {
                    self.version
                }
                "project.groupId" | "pom.groupId" | "groupId" | "project.parent.groupId" => {
                    self.group
                }
                name => match self.properties.get(name) {
                    Some(value) => value,
                    None => break,
                },
            };
            if out.len() + value.len() > 1000 {
                break;
            }
            out.replace_range(start..=start + length, value);
        }
        out
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

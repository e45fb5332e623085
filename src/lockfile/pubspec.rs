//! Dart and Flutter: `pubspec.lock` (<https://dart.dev/tools/pub/glossary#lockfile>).

use super::input::{Input, file_name};
use super::yaml_lines::lines;
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "pubspec",
    title: "Dart (pubspec.lock)",
    ecosystem: Ecosystem::Pub,
    upgrade: Upgrade::new("dart pub upgrade {name}").and_removal("dart pub remove {name}"),
    matches: |path| file_name(path) == "pubspec.lock",
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut out: Vec<Package> = Vec::new();
    let (mut packages, mut empty) = (false, true);
    for line in lines(&input) {
        let line = line?;
        empty = false;
        match line.indent {
            0 => packages = line.key == "packages",
            2 if packages && line.value.is_empty() => {
                out.push(Package::new(
                    Ecosystem::Pub,
                    line.key,
                    "",
                    input.span(line.key),
                ));
            }
            _ if packages => {
                if let Some(package) = out.last_mut() {
                    note(&input, package, line.key, line.value);
                }
            }
            _ => {}
        }
    }
    if empty {
        return Err(LockfileError::invalid("it is empty", Some(0)));
    }
    Ok(out)
}

fn note(input: &Input<'_>, package: &mut Package, key: &str, value: &str) {
    match key {
        "version" => {
            package.version = value.into();
            package.span = input.span(value);
        }
        "dependency" => {
            package.dev = value == "direct dev";
            package.direct = Some(value.starts_with("direct"));
        }
        "source" => package.source = source(value, &package.source),
        "resolved-ref" => {
            package.source = Source::Git {
                commit: Some(value.to_owned()),
            };
        }
        _ => {}
    }
}

/// The commit of a repository stands before the kind of source.
fn source(kind: &str, known: &Source) -> Source {
    match (kind, known) {
        ("git", Source::Git { .. }) => known.clone(),
        ("git", _) => Source::Git { commit: None },
        ("path", _) => Source::Path,
        ("hosted" | "sdk", _) => Source::Registry,
        _ => Source::Unknown,
    }
}

//! CocoaPods: `Podfile.lock` (<https://guides.cocoapods.org/using/using-cocoapods.html#what-is-podfilelock>).

use super::input::{Input, file_name};
use super::package::unite;
use super::yaml_lines::{Line, lines, unquote};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use std::collections::{HashMap, HashSet};

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "podfile",
    title: "CocoaPods (Podfile.lock)",
    ecosystem: Ecosystem::CocoaPods,
    upgrade: Upgrade::new("pod update {name}"),
    matches: |path| file_name(path) == "Podfile.lock",
    parse,
};

#[derive(Default)]
struct Lock<'a> {
    pods: Vec<&'a str>,
    asked_for: HashSet<&'a str>,
    sources: HashMap<&'a str, Source>,
    hashes: HashMap<&'a str, &'a str>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut lock = Lock::default();
    let (mut section, mut pod) = ("", "");
    for line in lines(&input) {
        let line = line?;
        if line.indent == 0 && !line.element {
            section = line.key;
            continue;
        }
        note(&mut lock, section, &mut pod, line);
    }
    if section.is_empty() {
        return Err(LockfileError::invalid("it is empty", Some(0)));
    }
    let mut packages = Vec::with_capacity(lock.pods.len());
    for text in &lock.pods {
        let Some(package) = package(&input, &lock, text) else {
            return Err(input.error("a pod has no version", text));
        };
        packages.push(package);
    }
    Ok(unite(packages))
}

fn note<'a>(lock: &mut Lock<'a>, section: &str, pod: &mut &'a str, line: Line<'a>) {
    // A pod with dependencies of its own is a key, one without a scalar.
    let text = unquote(if line.key.is_empty() {
        line.value
    } else {
        line.key
    });
    match (section, line.indent) {
        ("PODS", 0..=2) if line.element => lock.pods.push(text),
        ("DEPENDENCIES", _) if line.element => {
            lock.asked_for.insert(name(text));
        }
        ("EXTERNAL SOURCES" | "CHECKOUT OPTIONS", 2) => *pod = line.key,
        ("EXTERNAL SOURCES" | "CHECKOUT OPTIONS", _) => origin(lock, pod, line.key, line.value),
        ("SPEC CHECKSUMS", _) => {
            lock.hashes.insert(line.key, line.value);
        }
        _ => {}
    }
}

/// `:path`, `:podspec`, `:git`, `:commit`: where a pod is taken from that is not from the specs repository.
fn origin<'a>(lock: &mut Lock<'a>, pod: &'a str, key: &str, value: &str) {
    let source = match key.trim_start_matches(':') {
        "path" => Source::Path,
        "podspec" | "http" => Source::Url,
        "git" => match lock.sources.get(pod) {
            Some(_) => return,
            None => Source::Git { commit: None },
        },
        "commit" => Source::Git {
            commit: Some(value.to_owned()),
        },
        _ => return,
    };
    lock.sources.insert(pod, source);
}

fn name(text: &str) -> &str {
    text.split(" (").next().unwrap_or(text)
}

/// `Name (1.2.3)` or `Name/Part (1.2.3)`.
fn package(input: &Input<'_>, lock: &Lock<'_>, text: &str) -> Option<Package> {
    let (name, rest) = text.split_once(" (")?;
    let version = rest.strip_suffix(')')?;
    let version = version.strip_prefix("= ").unwrap_or(version);
    let pod = name.split('/').next().unwrap_or(name);
    let mut package = Package::new(Ecosystem::CocoaPods, name, version, input.span(version));
    package.direct = Some(lock.asked_for.contains(name));
    if let Some(source) = lock.sources.get(pod) {
        package.source = source.clone();
    }
    package.hash = lock.hashes.get(pod).map_or(0..0, |hash| input.span(hash));
    Some(package)
}

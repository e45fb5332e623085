//! Cargo: `Cargo.lock`, versions 1 to 4 (<https://doc.rust-lang.org/cargo/guide/cargo-toml-vs-cargo-lock.html>).

use super::cargo_lines::{self, dependencies, each_dependency};
use super::cargo_names::Names;
use super::input::{Input, commit_of, file_name};
use super::toml_lines::{Item, Reader, Value};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use std::borrow::Cow;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "cargo",
    title: "Cargo (Cargo.lock)",
    ecosystem: Ecosystem::CratesIo,
    upgrade: Upgrade::new("cargo update -p {name}@{old} --precise {version}")
        .and_manifest("", "cargo update -p {name}@{old}")
        .and_newest("cargo update -p {name}")
        .and_removal("cargo remove {flag}{name}"),
    matches: |path| file_name(path) == "Cargo.lock",
    parse,
};

#[derive(Default)]
struct Entry<'a> {
    name: Option<Value<'a>>,
    version: Option<Value<'a>>,
    source: Option<Value<'a>>,
    dependencies: Option<Value<'a>>,
    checksum: Option<Value<'a>>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    match of_lines(&input) {
        Some(packages) => Ok(packages),
        None => of_toml(input),
    }
}

/// How long a package is at least, most of them.
const BYTES_EACH: usize = 200;

/// From the reader of lines, which costs a tenth; `None` where it does not know a form.
fn of_lines(input: &Input<'_>) -> Option<Vec<Package>> {
    let mut out = Vec::with_capacity(input.text.len() / BYTES_EACH);
    let mut asked_for = Vec::new();
    let mut source = ("", Source::Path);
    cargo_lines::read(input.text, |entry| {
        // The quotes belong to the place of a value.
        let place = |text: &str| match input.span(text) {
            place if place.is_empty() => place,
            place => place.start - 1..place.end + 1,
        };
        let mut package = Package::new(
            Ecosystem::CratesIo,
            entry.name,
            entry.version,
            place(entry.version),
        );
        package.hash = place(entry.checksum);
        package.address = place(entry.source);
        package.needs = match entry.dependencies {
            "" => 0..0,
            list => input.span(list),
        };
        if entry.source.is_empty() {
            package.source = Source::Path;
            each_dependency(entry.dependencies, |one| asked_for.push(one));
        } else {
            if entry.source != source.0 {
                source = (entry.source, source_of(entry.source));
            }
            package.source.clone_from(&source.1);
        }
        out.push(package);
    })?;
    mark_direct(&mut out, &asked_for);
    Some(out)
}

/// From the reader of all TOML.
fn of_toml(input: Input<'_>) -> Result<Vec<Package>, LockfileError> {
    let mut reader = Reader::new(input);
    let mut out = Vec::new();
    // Names and versions that the project's own packages ask for; an empty version is the only one there is.
    let mut asked_for = Vec::new();
    let mut entry: Option<Entry<'_>> = None;
    while let Some(item) = reader.next()? {
        match item {
            // Version 1 has the project itself as `[root]`.
            Item::Element("package") | Item::Table("root") => {
                finish(
                    &input,
                    entry.replace(Entry::default()),
                    &mut out,
                    &mut asked_for,
                )?;
            }
            Item::Table(_) | Item::Element(_) => {
                finish(&input, entry.take(), &mut out, &mut asked_for)?;
            }
            Item::Pair(key, value) => note(&input, entry.as_mut(), key, value)?,
        }
    }
    finish(&input, entry, &mut out, &mut asked_for)?;
    mark_direct(&mut out, &asked_for);
    Ok(out)
}

fn mark_direct(packages: &mut [Package], asked_for: &[(&str, &str)]) {
    let names = Names::new(packages);
    let mut direct = vec![false; packages.len()];
    // A hostile file asks for a name with thousands of versions thousands of times: each is gone through once.
    let mut every_version = vec![false; packages.len()];
    for wanted in asked_for {
        let mut alike = names.alike(*wanted);
        let Some(first) = alike.next() else {
            continue;
        };
        let is_done = if wanted.1.is_empty() {
            std::mem::replace(&mut every_version[first], true)
        } else {
            direct[first]
        };
        if !is_done {
            direct[first] = true;
            alike.for_each(|at| direct[at] = true);
        }
    }
    for (package, direct) in packages.iter_mut().zip(direct) {
        package.direct = Some(direct);
    }
}

fn note<'a>(
    input: &Input<'_>,
    entry: Option<&mut Entry<'a>>,
    key: &str,
    value: Value<'a>,
) -> Result<(), LockfileError> {
    let Some(entry) = entry else {
        // A form that TOML allows and Cargo never writes: better refused than read as "no packages".
        if key.starts_with("package") {
            return Err(input.error("packages must be written as `[[package]]`", value.0));
        }
        return Ok(());
    };
    match key {
        "name" => entry.name = Some(value),
        "version" => entry.version = Some(value),
        "source" => entry.source = Some(value),
        "dependencies" => entry.dependencies = Some(value),
        "checksum" => entry.checksum = Some(value),
        _ => {}
    }
    Ok(())
}

fn finish<'a>(
    input: &Input<'a>,
    entry: Option<Entry<'a>>,
    out: &mut Vec<Package>,
    asked_for: &mut Vec<(&'a str, &'a str)>,
) -> Result<(), LockfileError> {
    let Some(entry) = entry else { return Ok(()) };
    let (Some((_, name)), Some((raw, version))) = (string(entry.name), string(entry.version))
    else {
        return Err(input.error(
            "a package has no name or no version",
            entry
                .name
                .or(entry.version)
                .map_or(&input.text[..0], |value| value.0),
        ));
    };
    let mut package = Package::new(Ecosystem::CratesIo, name, version, input.span(raw));
    let place = |value: Option<Value<'_>>| value.map_or(0..0, |value| input.span(value.0));
    package.hash = place(entry.checksum);
    package.address = place(entry.source);
    package.needs = place(entry.dependencies);
    match entry.source.and_then(Value::string) {
        Some(source) => package.source = source_of(&source),
        None => {
            package.source = Source::Path;
            asked_for.extend(
                entry
                    .dependencies
                    .into_iter()
                    .flat_map(|list| dependencies(list.0)),
            );
        }
    }
    out.push(package);
    Ok(())
}

/// The raw slice and the text of a string.
fn string(value: Option<Value<'_>>) -> Option<(&str, Cow<'_, str>)> {
    let value = value?;
    Some((value.0, value.string()?))
}

fn source_of(source: &str) -> Source {
    let end = source.bytes().position(|byte| byte == b'+');
    match end.map_or(source, |end| &source[..end]) {
        "registry" | "sparse" => Source::Registry,
        "git" => Source::Git {
            commit: commit_of(source).map(str::to_owned),
        },
        "path" | "directory" | "local-registry" => Source::Path,
        _ => Source::Unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::super::input::Input;
    use super::{cargo_lines, of_lines, of_toml};

    const PLAIN: &str = "# written by Cargo\nversion = 4\n\n[[package]]\nname = \"me\"\nversion = \"0.1.0\"\ndependencies = [\n \"a\",\n \"b 1.0.0\",\n]\n\n[[package]]\nname = \"a\"\nversion = \"1.0.0\"\nsource = \"registry+x\"\nchecksum = \"00\"\n\n[[package]]\nname = \"b\"\nversion = \"1.0.0\"\nsource = \"git+x#0123456789abcdef0123456789abcdef01234567\"\n";

    #[test]
    fn both_readers_agree() {
        for head in ["", "\u{feff}"] {
            let text = format!("{head}{PLAIN}");
            let input = Input::new(text.as_bytes()).expect("text");
            let lines = of_lines(&input).expect("as Cargo writes it");
            assert_eq!(lines, of_toml(input).expect("TOML"));
            assert_eq!(
                text[lines[0].needs.clone()],
                *"[\n \"a\",\n \"b 1.0.0\",\n]"
            );
            assert_eq!(text[lines[1].hash.clone()], *"\"00\"");
        }
    }

    /// The product of both counts would be gone through, and take 28 GB, if each of the entries were looked up anew.
    #[test]
    fn a_name_asked_for_again_and_again_is_looked_up_once() {
        const MANY: usize = 60_000;
        let mut text = format!(
            "version = 4\n\n[[package]]\nname = \"me\"\nversion = \"0.1.0\"\ndependencies = [\n{}]\n",
            " \"many\",\n".repeat(MANY)
        );
        for number in 0..MANY {
            text += &format!(
                "\n[[package]]\nname = \"many\"\nversion = \"{number}.0.0\"\nsource = \"registry+x\"\n"
            );
        }
        let packages = super::parse(text.as_bytes()).expect("a lockfile");
        let direct = packages.iter().filter(|one| one.direct == Some(true));
        assert_eq!(direct.count(), MANY);
    }

    #[test]
    fn what_is_written_otherwise_is_left_to_the_reader_of_toml() {
        for (from, to) in [
            ("\n", "\r\n"),
            ("name = ", "name="),
            ("\"a\"", "'a'"),
            ("\"a\"", "\"\\u0061\""),
            ("[[package]]", "[[ package ]]"),
            ("checksum", "more"),
            ("version = \"1.0.0\"\n", ""),
            ("]\n\n", "\n"),
            (" \"a\",\n", " \"a\" \"c\",\n"),
            ("name = \"a\"", "name = \"a\"\nname = \"c\""),
        ] {
            let changed = PLAIN.replace(from, to);
            assert_ne!(changed, PLAIN);
            assert_eq!(
                cargo_lines::read(&changed, |_| ()),
                None,
                "{from:?} -> {to:?}"
            );
        }
    }
}

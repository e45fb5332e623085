//! Julia: `Manifest.toml` (<https://pkgdocs.julialang.org/v1/toml-files/#Manifest.toml>).

use super::input::{Input, file_name};
use super::toml_lines::{Item, Reader, Value};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "julia",
    title: "Julia (Manifest.toml)",
    ecosystem: Ecosystem::Julia,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| {
        let name = file_name(path);
        let stem = name.strip_prefix("Julia").unwrap_or(name);
        stem == "Manifest.toml" || (stem.starts_with("Manifest-v") && stem.ends_with(".toml"))
    },
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut reader = Reader::new(input);
    let mut out: Vec<Package> = Vec::new();
    let mut open = false;
    while let Some(item) = reader.next()? {
        match item {
            // `[[deps.Name]]`; before version 2 `[[Name]]`.
            Item::Element(head) => {
                let name = head.strip_prefix("deps.").unwrap_or(head);
                open = !name.contains('.');
                if open {
                    out.push(Package::new(Ecosystem::Julia, name, "", input.span(name)));
                }
            }
            Item::Table(_) => open = false,
            Item::Pair(key, value) if open => {
                if let Some(package) = out.last_mut() {
                    note(&input, package, key, value);
                }
            }
            Item::Pair(..) => {}
        }
    }
    // The standard library has the version of Julia itself.
    out.retain(|package| !package.version.is_empty());
    Ok(out)
}

fn note(input: &Input<'_>, package: &mut Package, key: &str, value: Value<'_>) {
    match key {
        "version" => {
            package.version = value.string().unwrap_or_default().into();
            package.span = input.span(value.0);
        }
        "path" => package.source = Source::Path,
        "repo-url" => package.source = Source::Git { commit: None },
        _ => {}
    }
}

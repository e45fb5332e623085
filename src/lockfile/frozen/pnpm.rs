//! pnpm: `package.json` and `pnpm-lock.yaml`, which repeats what each project asks for as `specifier`
//! (<https://pnpm.io/cli/install#--frozen-lockfile>).

use super::super::input::Input;
use super::super::json;
use super::super::yaml_lines::lines;
use super::package_json::{Manifest, united};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, asked_otherwise};
use std::collections::BTreeMap;

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["pnpm-lock.yaml"],
    manifest: ManifestName::Exact("package.json"),
    command: "pnpm install --lockfile-only",
    strict: "pnpm install --frozen-lockfile",
    check,
    manifests,
};

/// By folder, then by name: the specifiers.
type Importers<'a> = BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>;

/// What the lockfile says of every project; the flag tells whether overrides change it.
fn importers<'a>(input: &Input<'a>) -> Option<(Importers<'a>, bool)> {
    let mut out: Importers<'a> = BTreeMap::new();
    let mut overridden = false;
    let (mut keys, mut indents): (Vec<&str>, Vec<usize>) = (Vec::new(), Vec::new());
    for line in lines(input) {
        let line = line.ok()?;
        while indents.last().is_some_and(|indent| *indent >= line.indent) {
            indents.pop();
            keys.pop();
        }
        indents.push(line.indent);
        keys.push(line.key);
        let (folder, name) = match keys.as_slice() {
            ["overrides" | "packageExtensionsChecksum", ..] => {
                overridden = true;
                continue;
            }
            ["importers", folder] => {
                out.entry(folder).or_default();
                continue;
            }
            ["importers", folder, _, name, "specifier"]
            | ["importers", folder, "specifiers", name] => (*folder, *name),
            [kind, name, "specifier"] if is_kind(kind) => (".", *name),
            ["specifiers", name] => (".", *name),
            _ => continue,
        };
        out.entry(folder).or_default().insert(name, line.value);
    }
    Some((out, overridden))
}

fn is_kind(key: &str) -> bool {
    matches!(
        key,
        "dependencies" | "devDependencies" | "optionalDependencies"
    )
}

fn manifests(lock: &[u8], _: &[u8]) -> Vec<String> {
    let found = Input::new(lock)
        .ok()
        .and_then(|input| Some(importers(&input)?.0.keys().map(|key| path(key)).collect()));
    found.unwrap_or_default()
}

fn path(folder: &str) -> String {
    match folder {
        "." => "package.json".to_owned(),
        folder => format!("{folder}/package.json"),
    }
}

fn check(pair: &Pair<'_>) -> Frozen {
    let (Ok(manifest), Ok(lock)) = (Input::new(pair.manifest), Input::new(pair.lock)) else {
        return Frozen::Unknown;
    };
    let (Ok(now), Some((importers, overridden))) =
        (json::parse::<Manifest<'_>>(&manifest), importers(&lock))
    else {
        return Frozen::Unknown;
    };
    let overrides = now
        .pnpm
        .as_ref()
        .is_some_and(|pnpm| pnpm.overrides.is_some());
    if overridden || overrides {
        return Frozen::Unknown;
    }
    let folder = if pair.folder().is_empty() {
        "."
    } else {
        pair.folder()
    };
    let none = BTreeMap::new();
    let locked = match importers.get(folder) {
        Some(locked) => locked,
        // A project without dependencies has no entry of its own.
        None if folder == "." => &none,
        None => return Frozen::Apart,
    };
    Frozen::of(differences(&now, locked, manifest.text))
}

fn differences(now: &Manifest<'_>, locked: &BTreeMap<&str, &str>, text: &str) -> Vec<Mismatch> {
    let asked = united([
        &now.dependencies,
        &now.dev_dependencies,
        &now.optional_dependencies,
    ]);
    let mut out = asked_otherwise(&asked, locked, text);
    // Peers are locked like dependencies where pnpm installs them itself.
    let peer = |name: &str| {
        now.peer_dependencies
            .0
            .iter()
            .any(|(other, _)| other.as_str() == name)
    };
    for name in locked.keys() {
        if !asked.contains_key(name) && !peer(name) {
            out.push(Mismatch::left_over(name));
        }
    }
    out
}

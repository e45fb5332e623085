//! pip-compile and `uv pip compile`: every name in `requirements.in` stands in `requirements.txt`, in a version that is
//! admitted (<https://pip-tools.readthedocs.io/en/stable/>). What else is pinned, only a resolver tells.

use super::super::input::Input;
use super::python::{Asked, locked, otherwise, requirement};
use super::{Frozen, FrozenSpec, ManifestName, Pair};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["*.txt"],
    manifest: ManifestName::Ending(".in", is_requirements),
    command: "pip-compile",
    strict: "pip-compile --dry-run",
    check,
    manifests: |_| Vec::new(),
};

/// Many files end in `.in`.
fn is_requirements(path: &str) -> bool {
    let path = path.to_ascii_lowercase();
    let name = path.rsplit('/').next().unwrap_or(&path);
    let folder = path[..path.len() - name.len()].trim_end_matches('/');
    let folder = folder.rsplit('/').next().unwrap_or(folder);
    name.contains("require") || folder.contains("requirements")
}

/// Packages that pip-compile leaves out unless it is told otherwise.
const LEFT_OUT: [&str; 3] = ["setuptools", "pip", "distribute"];

fn check(pair: &Pair<'_>) -> Frozen {
    if !pair.folder().is_empty() {
        return Frozen::Apart;
    }
    let (Ok(input), Ok(lock)) = (Input::new(pair.manifest), Input::new(pair.lock.bytes())) else {
        return Frozen::Unknown;
    };
    // Both tools write themselves into the first lines; other files are written by hand.
    let head = lock.text.lines().take(12);
    let compiled = head
        .filter(|line| line.starts_with('#'))
        .any(|line| line.contains("pip-compile") || line.contains("pip compile"));
    let locked = locked(pair);
    let (Some(locked), true) = (locked, compiled) else {
        return Frozen::Unknown;
    };
    let asked: Vec<Asked> = input.text.lines().filter_map(asked).collect();
    Frozen::of(otherwise(&asked, &locked))
}

/// What a line asks for; `None` for options, paths, addresses and variables, and where markers decide for one machine whether it
/// is pinned at all.
fn asked(line: &str) -> Option<Asked> {
    let line = line.split(" #").next().unwrap_or_default().trim();
    let address = line.contains("://") && !line.contains('@');
    let unclear = [";", ".whl", "${", "\\"]
        .iter()
        .any(|part| line.contains(part));
    if !line.starts_with(|c: char| c.is_ascii_alphanumeric()) || address || unclear {
        return None;
    }
    Some(requirement(line)).filter(|(name, _)| !LEFT_OUT.contains(&name.as_str()))
}

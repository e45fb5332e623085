//! pip: `requirements.txt` and its kin (<https://pip.pypa.io/en/stable/reference/requirements-file-format/>).
//!
//! Only versions that are pinned with `==` or `===` count: of `>=1.0` nobody knows what is installed. Files that `-r`
//! and `-c` name are lockfiles of their own.

use super::input::{Input, commit_of, file_name};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "requirements",
    title: "pip (requirements*.txt)",
    ecosystem: Ecosystem::PyPI,
    upgrade: Upgrade::new("write {name}=={version} in {file}"),
    matches,
    parse,
};

fn matches(path: &str) -> bool {
    let name = file_name(path);
    let folder = path[..path.len() - name.len()].trim_end_matches('/');
    let Some(stem) = name
        .strip_suffix(".txt")
        .or_else(|| name.strip_suffix(".pip"))
    else {
        return false;
    };
    stem.contains("requirements")
        || stem.contains("constraints")
        || file_name(folder) == "requirements"
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut out = Vec::new();
    // A logical line: a backslash at its end joins the next, and only its first line names a package.
    let mut continued = false;
    for line in input.text.lines() {
        let first = !continued;
        let line = without_comment(line);
        continued = line.ends_with('\\');
        if first && let Some(package) = requirement(&input, line.trim_end_matches('\\').trim()) {
            out.push(package);
        }
    }
    Ok(out)
}

/// A comment starts a line or follows a blank.
fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    let end = line.find(" #").or_else(|| line.find("\t#"));
    end.map_or(line, |end| &line[..end]).trim_end()
}

fn requirement(input: &Input<'_>, line: &str) -> Option<Package> {
    let name_length = line
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')))
        .unwrap_or(line.len());
    let name = &line[..name_length];
    // Options, addresses and paths begin otherwise.
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
        return None;
    }
    let rest = after_extras(line[name_length..].trim_start())?;
    if let Some(address) = rest.strip_prefix('@') {
        return at_commit(input, name, address);
    }
    let rest = rest.strip_prefix('(').unwrap_or(rest);
    let end = rest
        .find([';', ')'])
        .into_iter()
        .chain(rest.find(" --"))
        .min()
        .unwrap_or(rest.len());
    let version = rest[..end].split(',').find_map(pinned)?;
    Some(Package::new(
        Ecosystem::PyPI,
        name,
        version,
        input.span(version),
    ))
}

/// Skips `[extra, …]`.
fn after_extras(rest: &str) -> Option<&str> {
    match rest.strip_prefix('[') {
        Some(extras) => Some(extras[extras.find(']')? + 1..].trim_start()),
        None => Some(rest),
    }
}

/// The version of `==1.2` or `===1.2`, but not of `==1.*` or `==${VARIABLE}`.
fn pinned(clause: &str) -> Option<&str> {
    let clause = clause.trim();
    let version = clause
        .strip_prefix("===")
        .or_else(|| clause.strip_prefix("=="))?
        .trim();
    let plain = !version.is_empty()
        && version.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'!')
        });
    plain.then_some(version)
}

/// `name @ git+https://…@commit`: no version, but a commit to show.
fn at_commit(input: &Input<'_>, name: &str, address: &str) -> Option<Package> {
    let address = address.trim().split([' ', ';', '#']).next()?;
    let commit = commit_of(address)?;
    let mut package = Package::new(Ecosystem::PyPI, name, "", input.span(commit));
    package.source = Source::Git {
        commit: Some(commit.to_owned()),
    };
    address.starts_with("git+").then_some(package)
}

//! pre-commit: the revisions of hook repositories and their additional dependencies in `.pre-commit-config.yaml`
//! (<https://pre-commit.com/#adding-pre-commit-plugins-to-your-project>).
//!
//! A repository is no package of any registry; advisories know some by their commits only, which cannot be ordered
//! without the repository. What `additional_dependencies` pins comes from the registry of the hook's language.

use super::input::{Input, file_name, is_commit};
use super::yaml_lines::{in_block_scalar, unquote};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "pre-commit",
    title: "pre-commit (.pre-commit-config.yaml)",
    ecosystem: Ecosystem::Git,
    upgrade: Upgrade::new("pre-commit autoupdate --repo {name}")
        .and_removal("take {name} out of {file}"),
    matches: |path| {
        matches!(
            file_name(path),
            ".pre-commit-config.yaml" | ".pre-commit-config.yml"
        )
    },
    parse,
};

/// The part of the file that a line stands in.
#[derive(Default)]
struct State<'a> {
    repository: Option<&'a str>,
    revision: Option<&'a str>,
    /// The indent of `additional_dependencies:` while its list is read.
    list: Option<usize>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut out = Vec::new();
    let mut block = None;
    let mut state = State::default();
    for line in input.text.lines() {
        let text = line.trim();
        if text.is_empty() || text.starts_with('#') || in_block_scalar(line, &mut block) {
            continue;
        }
        let indent = line.len() - line.trim_start().len();
        take(&input, &mut state, indent, text, &mut out);
    }
    Ok(out)
}

fn take<'a>(
    input: &Input<'a>,
    state: &mut State<'a>,
    indent: usize,
    text: &'a str,
    out: &mut Vec<Package>,
) {
    if let Some(list) = state.list {
        if let Some(found) = listed(input, list, indent, text) {
            out.extend(found);
            return;
        }
        state.list = None;
    }
    let entry = text.trim_start_matches("- ");
    let named = entry
        .strip_prefix("repo:")
        .map(|address| (true, address))
        .or_else(|| entry.strip_prefix("rev:").map(|revision| (false, revision)));
    if let Some((is_address, value)) = named {
        if text.starts_with("- ") {
            (state.repository, state.revision) = (None, None);
        }
        let part = if is_address {
            &mut state.repository
        } else {
            &mut state.revision
        };
        *part = Some(scalar(value));
        if let (Some(address), Some(revision)) = (state.repository, state.revision) {
            out.extend(repository(input, address, revision));
        }
    } else if let Some(value) = entry.strip_prefix("additional_dependencies:") {
        state.list = Some(indent);
        out.extend(flow(input, value));
    }
}

/// The dependencies on a line of a list whose key is indented by `list`; `None` where the list is over.
fn listed(input: &Input<'_>, list: usize, indent: usize, text: &str) -> Option<Vec<Package>> {
    if let Some(element) = text.strip_prefix("- ").filter(|_| indent >= list) {
        return Some(dependency(input, scalar(element)).into_iter().collect());
    }
    let inside = text.starts_with([']', '"', '\'']) || !text.contains(": ") && indent > list;
    inside.then(|| flow(input, text))
}

/// A value without quotes and the comment after it.
fn scalar(value: &str) -> &str {
    let value = value.trim();
    let value = value.split(" #").next().unwrap_or(value).trim();
    unquote(value)
}

/// The dependencies of a list in brackets, as far as it stands on this line.
fn flow(input: &Input<'_>, text: &str) -> Vec<Package> {
    let text = text.split(" #").next().unwrap_or(text);
    text.trim()
        .trim_matches(['[', ']', ','])
        .split(',')
        .filter_map(|element| dependency(input, scalar(element)))
        .collect()
}

/// `name==1.2` is Python's, `name@1.2` npm's way to pin; other languages have several, which are not told apart.
fn dependency(input: &Input<'_>, text: &str) -> Option<Package> {
    let (ecosystem, name, version) = match text.split_once("==") {
        Some((name, version)) => (Ecosystem::PyPI, name, version.trim_start_matches('=')),
        None => {
            let at = 1 + text.get(1..)?.find('@')?;
            (Ecosystem::Npm, &text[..at], &text[at + 1..])
        }
    };
    let name = name.split('[').next().unwrap_or(name).trim();
    let version = version.split(';').next().unwrap_or(version).trim();
    let plain = version.starts_with(|c: char| c.is_ascii_digit())
        && !version.contains([' ', '*', '/'])
        && !name.is_empty()
        && !name.contains([' ', ':']);
    let mut package = plain.then(|| Package::new(ecosystem, name, version, input.span(version)))?;
    package.dev = true;
    package.direct = Some(true);
    Some(package)
}

fn repository(input: &Input<'_>, address: &str, revision: &str) -> Option<Package> {
    if !address.contains(['/', '@']) {
        return None;
    }
    let commit = is_commit(revision);
    let version = if commit {
        ""
    } else {
        revision.strip_prefix('v').unwrap_or(revision)
    };
    let mut package = Package::new(
        Ecosystem::Git,
        address,
        version,
        input.span(if commit { revision } else { version }),
    );
    package.dev = true;
    package.direct = Some(true);
    package.source = Source::Git {
        commit: commit.then(|| revision.to_owned()),
    };
    Some(package)
}

//! GitHub Actions: what workflows, reusable workflows and composite actions use
//! (<https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-syntax#jobsjob_idstepsuses>).
//!
//! These files are written by people and hold much else, so the reader takes `uses:` lines and passes over the rest.

use super::input::{Input, file_name, is_commit};
use super::yaml_lines::{in_block_scalar, unquote};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "github-actions",
    title: "GitHub Actions (.github/workflows/*.yml, action.yml)",
    ecosystem: Ecosystem::GitHubActions,
    upgrade: Upgrade::new("write uses: {name}@{v-version} in {file}")
        .and_removal("take {name} out of {file}"),
    matches: |path| {
        let name = file_name(path);
        let folder = path[..path.len() - name.len()].trim_end_matches('/');
        let workflow = (folder == ".github/workflows" || folder.ends_with("/.github/workflows"))
            && (name.ends_with(".yml") || name.ends_with(".yaml"));
        workflow || matches!(name, "action.yml" | "action.yaml")
    },
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut out = Vec::new();
    // The indent of a block scalar's key while its text is passed over: scripts may hold anything.
    let mut block = None;
    for line in input.text.lines() {
        if !in_block_scalar(line, &mut block) {
            out.extend(uses(line).and_then(|(value, comment)| package(&input, value, comment)));
        }
    }
    Ok(out)
}

/// The value of `uses:` on a line, and the comment after it.
fn uses(line: &str) -> Option<(&str, &str)> {
    let text = line
        .trim_start()
        .trim_start_matches("- ")
        .trim_start_matches(['{', ' ']);
    let value = ["uses:", "\"uses\":", "'uses':"]
        .iter()
        .find_map(|key| text.strip_prefix(key))?
        .trim_start();
    let (value, comment) = value.split_once('#').unwrap_or((value, ""));
    let value = value.split([',', '}']).next().unwrap_or(value);
    Some((unquote(value.trim()), comment.trim()))
}

/// `owner/repository[/path]@ref`; a full commit often has its version in the comment, as update tools write it.
fn package(input: &Input<'_>, value: &str, comment: &str) -> Option<Package> {
    if value.starts_with('.') || value.contains("://") || value.contains("${{") {
        return None;
    }
    let (action, reference) = value.split_once('@')?;
    let mut parts = action.split('/');
    let (owner, repository) = (parts.next()?, parts.next()?);
    if owner.is_empty() || repository.is_empty() || reference.is_empty() {
        return None;
    }
    let commit = is_commit(reference);
    let version = match commit {
        true => comment
            .split_whitespace()
            .map(|word| word.trim_start_matches("tag="))
            .find_map(number),
        false => number(reference),
    };
    let mut package = Package::new(
        Ecosystem::GitHubActions,
        &action[..owner.len() + 1 + repository.len()],
        version.unwrap_or_default(),
        input.span(version.unwrap_or(reference)),
    );
    package.direct = Some(true);
    if commit {
        package.source = Source::Git {
            commit: Some(reference.to_owned()),
        };
    }
    Some(package)
}

/// The version in a tag such as `v1.2.3`; `None` for a branch.
fn number(tag: &str) -> Option<&str> {
    let number = tag.strip_prefix(['v', 'V']).unwrap_or(tag);
    number
        .starts_with(|c: char| c.is_ascii_digit())
        .then_some(number)
}

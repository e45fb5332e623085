//! Mix: `mix.lock`, an Elixir map, one package a line (<https://hexdocs.pm/mix/Mix.Project.html#module-configuration>).

use super::input::{Input, file_name};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "mix",
    title: "Mix (mix.lock)",
    ecosystem: Ecosystem::Hex,
    upgrade: Upgrade::new("mix deps.update {name}"),
    matches: |path| file_name(path) == "mix.lock",
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    Ok(input
        .text
        .lines()
        .filter_map(|line| package(&input, line))
        .collect())
}

/// `"app": {:hex, :package, "version", …` or `"app": {:git, "address", "commit", …`.
fn package(input: &Input<'_>, line: &str) -> Option<Package> {
    let rest = line.trim_start().strip_prefix('"')?;
    let (app, rest) = rest.split_once('"')?;
    let rest = rest
        .trim_start_matches([':', '=', '>', ' '])
        .strip_prefix('{')?;
    let mut parts = rest.splitn(4, ',').map(str::trim);
    let kind = parts.next()?;
    let second = parts.next()?;
    let third = parts.next()?.strip_prefix('"')?.split('"').next()?;
    match kind {
        ":hex" => {
            let name = second.trim_start_matches(':').trim_matches('"');
            Some(Package::new(Ecosystem::Hex, name, third, input.span(third)))
        }
        ":git" => {
            let mut package = Package::new(Ecosystem::Hex, app, "", input.span(third));
            package.source = Source::Git {
                commit: Some(third.to_owned()),
            };
            Some(package)
        }
        _ => None,
    }
}

//! Gradle: `gradle/verification-metadata.xml`, the checksums of every artifact that a build may use
//! (<https://docs.gradle.org/current/userguide/dependency_verification.html>).

use super::input::{Input, file_name};
use super::xml::{Piece, Reader, attribute};
use super::{LockfileError, LockfileSpec, Package, Upgrade};
use crate::version::Ecosystem;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "gradle-verification",
    title: "Gradle (verification-metadata.xml)",
    ecosystem: Ecosystem::Maven,
    upgrade: Upgrade::UNKNOWN,
    matches: |path| file_name(path) == "verification-metadata.xml",
    parse,
};

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let mut reader = Reader::new(input);
    let mut out = Vec::new();
    while let Some(piece) = reader.next()? {
        reader.expect_root(piece, &["verification-metadata"])?;
        if let Piece::Open("component", attributes, _) = piece {
            out.extend(package(&input, attributes));
        }
    }
    Ok(out)
}

fn package(input: &Input<'_>, attributes: &str) -> Option<Package> {
    let group = attribute(attributes, "group")?;
    let name = attribute(attributes, "name")?;
    let version = attribute(attributes, "version")?;
    Some(Package::new(
        Ecosystem::Maven,
        format!("{group}:{name}"),
        version,
        input.span(version),
    ))
}

//! Files in which other tools keep what was accepted: read as those tools write them, never written.

mod baseline;
mod gitleaks;
mod ripsecrets;

use super::IgnoreSource;
use crate::model::{CheckError, Finding, RepoPath};
use crate::text::PathSet;
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::collections::HashMap;

/// Adds what the text of a file says, under its name.
type Reader = fn(&str, &[u8], &mut Foreign);

/// Every file that is read, in the order in which they are asked. All stand in the root.
const FILES: [(&str, Reader); 4] = [
    (".gitleaksignore", gitleaks::read),
    (".betterleaksignore", gitleaks::read),
    (".secretsignore", ripsecrets::read),
    (".secrets.baseline", baseline::read),
];

/// What the files of other tools accept. It holds for secrets only.
#[derive(Debug, Default)]
pub(super) struct Foreign {
    /// Lines of files.
    places: HashMap<RepoPath, Vec<Place>>,
    /// Secrets by their hash, wherever they are.
    sha256: HashMap<[u8; 32], Origin>,
    /// Secrets by file and hash.
    sha1: HashMap<(RepoPath, [u8; 20]), Origin>,
    /// Secrets as they are, wherever they are.
    plain: Vec<(Vec<u8>, Origin)>,
    /// Whole files.
    globs: Vec<(PathSet, Origin)>,
    /// What could not be read.
    pub(super) errors: Vec<CheckError>,
}

/// One accepted place.
#[derive(Debug)]
struct Place {
    line: u32,
    /// The line is that of the file in this commit.
    commit: Option<String>,
    origin: Origin,
}

/// Where an acceptance is written down.
#[derive(Debug, Clone)]
struct Origin {
    /// File and line.
    by: String,
    /// The comment above, if there is one.
    reason: String,
}

impl Foreign {
    /// Reads the files that are there.
    pub(super) fn read(source: &dyn IgnoreSource) -> Self {
        let mut foreign = Self::default();
        for (name, read) in FILES {
            match source.read(name) {
                Ok(Some(text)) => read(name, &text, &mut foreign),
                Ok(None) => {}
                Err(reason) => foreign.complain(name, &reason, "make it readable"),
            }
        }
        foreign
    }

    fn complain(&mut self, name: &str, message: &str, help: &str) {
        self.errors.push(CheckError {
            path: Some(RepoPath::from(name)),
            scanner: "",
            message: message.to_owned(),
            help: help.to_owned(),
            // What cannot be read accepts nothing, so nothing is missed.
            fatal: false,
        });
    }

    /// Where `finding` was accepted, and why; `None` where it was not.
    pub(super) fn accepts(
        &self,
        finding: &Finding,
        source: &dyn IgnoreSource,
    ) -> Option<(&str, &str)> {
        if finding.scanner != "secrets" || finding.identity.is_empty() {
            return None;
        }
        let origin = self
            .at_place(finding, source)
            .or_else(|| self.by_hash(finding))
            .or_else(|| self.as_written(finding))?;
        Some((&origin.by, &origin.reason))
    }

    fn at_place(&self, finding: &Finding, source: &dyn IgnoreSource) -> Option<&Origin> {
        let lines = finding.span.lines();
        let places = self.places.get(&finding.path)?;
        // A finding about the file as a whole spans all of it: gitleaks gives those line 0.
        let is_whole = finding.identity == finding.path.as_bytes();
        let place = places.iter().find(|place| match &place.commit {
            None if is_whole => place.line == 0,
            None => (lines.first..=lines.last).contains(&place.line),
            Some(commit) => {
                let then = source.read_at(commit, &finding.path);
                then.is_some_and(|then| starts_on(&then, &finding.identity, place.line))
            }
        })?;
        Some(&place.origin)
    }

    fn by_hash(&self, finding: &Finding) -> Option<&Origin> {
        let sha256: [u8; 32] = Sha256::digest(&finding.identity).into();
        if let Some(origin) = self.sha256.get(&sha256) {
            return Some(origin);
        }
        if self.sha1.is_empty() {
            return None;
        }
        let find = |secret: &[u8]| {
            let hash: [u8; 20] = Sha1::digest(secret).into();
            self.sha1.get(&(finding.path.clone(), hash))
        };
        find(&finding.identity).or_else(|| find(armour_label(&finding.identity)?))
    }

    fn as_written(&self, finding: &Finding) -> Option<&Origin> {
        let plain = self
            .plain
            .iter()
            .find(|(secret, _)| memchr::memmem::find(secret, &finding.identity).is_some());
        let glob = || {
            let path = finding.path.to_path();
            self.globs.iter().find(|(globs, _)| globs.contains(path))
        };
        plain
            .map(|(_, origin)| origin)
            .or_else(|| glob().map(|(_, origin)| origin))
    }
}

/// Whether `secret` begins on line `number` of `text`.
fn starts_on(text: &[u8], secret: &[u8], number: u32) -> bool {
    let mut start = 0;
    for _ in 1..number {
        match memchr::memchr(b'\n', &text[start..]) {
            Some(at) => start += at + 1,
            None => return false,
        }
    }
    let end = memchr::memchr(b'\n', &text[start..]).map_or(text.len(), |at| start + at);
    !secret.is_empty()
        && memchr::memmem::find(&text[start..], secret).is_some_and(|at| start + at < end)
}

/// `BEGIN … KEY` of an armoured key: detect-secrets takes that for the secret.
fn armour_label(secret: &[u8]) -> Option<&[u8]> {
    let rest = secret.strip_prefix(b"-----")?;
    let end = memchr::memmem::find(rest, b"-----")?;
    Some(&rest[..end])
}

/// The lines of a file that are no comments, each with its number and the text of the comment right above it.
fn lines(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let mut comment = "";
    text.lines().enumerate().filter_map(move |(at, line)| {
        let line = line.trim();
        if let Some(words) = line.strip_prefix('#') {
            comment = words.trim();
            return None;
        }
        let above = std::mem::take(&mut comment);
        (!line.is_empty()).then_some((at + 1, line, above))
    })
}

/// A path as other tools write it: with `./` in front or `\` between, here and there.
fn path(written: &str) -> RepoPath {
    let written = written.replace('\\', "/");
    RepoPath::from(written.strip_prefix("./").unwrap_or(&written))
}

//! What the formats have in common: a package, its source, a format, an error.

use crate::version::Ecosystem;
use compact_str::CompactString;
use std::borrow::Cow;
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Where a package comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A registry: the ecosystem's own, or a mirror or private one that serves the same names.
    Registry,
    /// A repository.
    Git {
        /// The full id of the commit, where the lockfile names it.
        commit: Option<String>,
    },
    /// A folder or archive beside the project: its own code.
    Path,
    /// An archive at an address.
    Url,
    /// The lockfile does not say.
    Unknown,
}

/// One package in one version.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Package {
    /// Whose names and versions these are.
    pub ecosystem: Ecosystem,
    /// The name as the lockfile writes it (see [`Ecosystem::normalize_name`]). Most names and versions are short: a lockfile
    /// of thousands asks for no memory for them.
    pub name: CompactString,
    /// The version as the lockfile writes it; empty where it names none.
    pub version: CompactString,
    /// Whether [`Package::version`] is only the bound of a range: what is installed, nobody can tell from it.
    pub bound: bool,
    /// Only development needs it: it is no part of what is shipped.
    pub dev: bool,
    /// An installation may leave it out: an optional dependency or an extra.
    pub optional: bool,
    /// Whether the project itself asks for it; `None` where the lockfile does not say.
    pub direct: Option<bool>,
    /// Where it comes from.
    pub source: Source,
    /// Bytes of the place to show: the version, or what stands for it.
    pub span: Range<usize>,
    /// Bytes of what the lockfile says of the archive's hash, or list of hashes; empty where it names none.
    pub hash: Range<usize>,
    /// Bytes of the address that the archive is taken from; empty where the lockfile names none.
    pub address: Range<usize>,
    /// Bytes of the list of what it needs; empty where it needs nothing, or the format's reader does not note it.
    pub needs: Range<usize>,
    /// The path of the file that names its version, where that is another than the lockfile.
    pub named_in: Option<Arc<str>>,
}

impl Package {
    /// A package from the ecosystem's registry that is needed to run; formats change what they know better.
    pub(super) fn new(
        ecosystem: Ecosystem,
        name: impl Into<CompactString>,
        version: impl Into<CompactString>,
        span: Range<usize>,
    ) -> Self {
        Self {
            ecosystem,
            name: name.into(),
            version: version.into(),
            bound: false,
            dev: false,
            optional: false,
            direct: None,
            source: Source::Registry,
            span,
            hash: 0..0,
            address: 0..0,
            needs: 0..0,
            named_in: None,
        }
    }

    /// The version to look up; none for the bound of a range. A tag of an action such as `v4` is moved on to each release of that series
    /// (<https://github.com/actions/toolkit/blob/main/docs/action-versioning.md>), so it stands for the last of them.
    #[must_use]
    pub fn judged(&self) -> Cow<'_, str> {
        if self.bound {
            return Cow::Borrowed("");
        }
        let moves = self.ecosystem == Ecosystem::GitHubActions
            && !self.version.is_empty()
            && self
                .version
                .bytes()
                .all(|byte| byte.is_ascii_digit() || byte == b'.');
        if !moves {
            return Cow::Borrowed(&self.version);
        }
        match self.version.split('.').count() {
            1 => Cow::Owned(format!("{}.999999.999999", self.version)),
            2 => Cow::Owned(format!("{}.999999", self.version)),
            _ => Cow::Borrowed(&self.version),
        }
    }
}

/// The files of the project that a lockfile stands in, by their paths from the root.
#[derive(Clone, Copy)]
pub struct Beside<'a> {
    /// The bytes of a file; `None` where there is none.
    pub read: &'a dyn Fn(&str) -> Option<Vec<u8>>,
    /// Whether a file is read as a lockfile of its own, so that its packages are none of another's.
    pub apart: &'a dyn Fn(&str) -> bool,
}

/// What a lockfile holds together with the files that it names.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Contents {
    /// The packages.
    pub packages: Vec<Package>,
    /// Files it names that could not be read.
    pub unread: Vec<Unread>,
}

/// A file that a lockfile names and that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// How it is named.
    pub what: String,
    /// Why it could not be read.
    pub reason: String,
    /// Bytes of the place that names it.
    pub span: Range<usize>,
}

/// Reads a lockfile's packages together with those of files beside it.
pub(super) type Follow =
    fn(&str, &[u8], Vec<Package>, Beside<'_>) -> Result<Contents, LockfileError>;

/// Why a lockfile can't be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct LockfileError {
    /// What is wrong, in one sentence.
    pub message: String,
    /// Byte offset of the place, where it is known.
    pub at: Option<usize>,
    /// What to do next.
    pub help: String,
}

impl LockfileError {
    /// A file that its tool would refuse.
    pub(super) fn invalid(message: impl Into<String>, at: Option<usize>) -> Self {
        Self {
            message: message.into(),
            at,
            help: "let the package manager write the lockfile anew, or restore it from git"
                .to_owned(),
        }
    }
}

/// The commands that bring one package to a version. In them stand for what is asked: `{name}`, `{old}` (its version now), `{version}`, `{v-version}` (with
/// a `v` before it, once), `{file}` (the lockfile's own path), `{top}` (what the project asks for itself and the package comes with), `{spec}` (the requirement
/// that a manifest is to have) and `{flag}` (what leads the command to its place there).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Upgrade {
    direct: &'static str,
    indirect: &'static str,
    /// Whether the first is for what is shipped only.
    shipped: bool,
    /// Writes another requirement into the manifest.
    rewrite: &'static str,
    /// Brings the lockfile in line after the manifest was edited.
    edited: &'static str,
    /// Brings what the project asks for itself, and what comes with it, to the newest version.
    newest: &'static str,
    /// Takes what the project asks for itself out.
    removal: &'static str,
}

/// What a command is about.
#[derive(Debug, Clone, Copy)]
pub struct Target<'a> {
    /// The package.
    pub package: &'a Package,
    /// The version that it is to get.
    pub version: &'a str,
    /// The path of the file that names its version.
    pub file: &'a str,
    /// What the project asks for itself and the package comes with, where that is another.
    pub top: Option<&'a str>,
}

impl Upgrade {
    /// There is no single command.
    pub(super) const UNKNOWN: Self = Self::new("");

    /// The same command for every package.
    pub(super) const fn new(command: &'static str) -> Self {
        Self::by_depth(command, command)
    }

    /// One command for packages the project asks for itself, one for those that others bring in.
    pub(super) const fn by_depth(direct: &'static str, indirect: &'static str) -> Self {
        Self {
            direct,
            indirect,
            shipped: false,
            rewrite: "",
            edited: "",
            newest: "",
            removal: "",
        }
    }

    /// One command for packages that the project asks for itself and ships, one for all others.
    pub(super) const fn by_use(direct: &'static str, other: &'static str) -> Self {
        Self {
            shipped: true,
            ..Self::by_depth(direct, other)
        }
    }

    /// With the command that writes another requirement, and the one for after it was written by hand.
    pub(super) const fn and_manifest(self, rewrite: &'static str, edited: &'static str) -> Self {
        Self {
            rewrite,
            edited,
            ..self
        }
    }

    /// With a command of its own for the newest version of what the project asks for.
    pub(super) const fn and_newest(self, newest: &'static str) -> Self {
        Self { newest, ..self }
    }

    /// With the command that takes a package out.
    pub(super) const fn and_removal(self, removal: &'static str) -> Self {
        Self { removal, ..self }
    }

    /// The command that takes the package of this name out, which the project asks for itself; `flag` leads it to its place.
    #[must_use]
    pub fn removal(&self, name: &str, flag: &str, target: Target<'_>) -> Option<String> {
        let package = Package {
            name: name.into(),
            ..target.package.clone()
        };
        let target = Target {
            package: &package,
            ..target
        };
        fill(&self.removal.replace("{flag}", flag), target)
    }

    /// The command that brings a package of this name, which the project asks for itself, to the newest version.
    #[must_use]
    pub fn newest(&self, name: &str, target: Target<'_>) -> Option<String> {
        let package = Package {
            name: name.into(),
            direct: Some(true),
            ..target.package.clone()
        };
        let newest = Target {
            package: &package,
            version: "latest",
            top: None,
            ..target
        };
        match self.newest {
            "" => self.command(newest),
            command => fill(command, newest),
        }
    }

    /// The command that brings the target to its version; `None` where none is known.
    #[must_use]
    pub fn command(&self, target: Target<'_>) -> Option<String> {
        let package = target.package;
        let apart = self.shipped && (package.dev || package.optional);
        let command = if package.direct == Some(false) || apart {
            self.indirect
        } else {
            self.direct
        };
        fill(command, target)
    }

    /// The command that makes `spec` the requirement of the target at the place that `flag` leads to; `None` where none is
    /// known.
    #[must_use]
    pub fn rewrite(&self, target: Target<'_>, flag: &str, spec: &str) -> Option<String> {
        // Poetry's own ranges need a sign before them.
        let sign = if spec.starts_with(['<', '>', '=', '!']) {
            ""
        } else {
            "@"
        };
        let command = self.rewrite.replace("{flag}", flag);
        let command = command.replace("{@spec}", &format!("{sign}{spec}"));
        fill(&command.replace("{spec}", spec), target)
    }

    /// The command for after the requirement was written by hand; `None` where none is known.
    #[must_use]
    pub fn edited(&self, target: Target<'_>) -> Option<String> {
        fill(self.edited, target)
    }
}

/// The command in the folder of the lockfile.
fn fill(command: &str, target: Target<'_>) -> Option<String> {
    let Target {
        package,
        version,
        file,
        top,
    } = target;
    if command.is_empty() {
        return None;
    }
    // Go's standard library is upgraded with the toolchain, whose versions have no `v`.
    let toolchain = package.ecosystem == Ecosystem::Go && package.name == "stdlib";
    let (name, v) = if toolchain {
        ("go", "")
    } else {
        (package.name.as_str(), "v")
    };
    let with_v = format!("{v}{}", version.trim_start_matches('v'));
    let filled = command
        .replace("{top}", top.unwrap_or(name))
        .replace("{name}", name)
        .replace("{version}", version)
        .replace("{old}", &package.version)
        .replace("{v-version}", &with_v)
        .replace("{file}", file);
    let folder = file.rsplit_once('/').map(|(folder, _)| folder);
    Some(match folder.filter(|_| !command.contains("{file}")) {
        Some(folder) => format!("(cd {} && {filled})", in_shell(folder)),
        None => filled,
    })
}

/// The path as a shell reads it.
fn in_shell(path: &str) -> String {
    let plain = |c: char| c.is_alphanumeric() || "-_./+@,".contains(c);
    if path.chars().all(plain) && !path.starts_with('-') {
        return path.to_owned();
    }
    shlex::try_quote(path).map_or_else(|_| path.to_owned(), |quoted| quoted.into_owned())
}

/// A format of lockfile: an entry of [`super::LOCKFILES`].
pub struct LockfileSpec {
    /// Kebab-case id.
    pub id: &'static str,
    /// What it is, in a few words.
    pub title: &'static str,
    /// Whose packages it holds; where it can hold those of several, the usual one.
    pub ecosystem: Ecosystem,
    /// How the tool that writes it is told to upgrade one package.
    pub upgrade: Upgrade,
    /// Whether a file at this path (with `/`) has this format: judged by the name alone.
    pub matches: fn(path: &str) -> bool,
    /// The packages of a file, in its order.
    pub parse: fn(bytes: &[u8]) -> Result<Vec<Package>, LockfileError>,
}

/// Keeps the first of the packages that are equal but for their place. One that is needed to run anywhere is neither for
/// development nor optional; one that is for development here and optional there is both, as npm's `devOptional` is.
pub(super) fn unite(packages: Vec<Package>) -> Vec<Package> {
    let firsts = firsts(&packages);
    let mut out: Vec<Package> = Vec::with_capacity(packages.len());
    let mut places: Vec<usize> = Vec::with_capacity(packages.len());
    for (index, (package, first)) in packages.into_iter().zip(firsts).enumerate() {
        if first == index {
            places.push(out.len());
            out.push(package);
            continue;
        }
        let place = places[first];
        places.push(place);
        let kept = &mut out[place];
        let plain = |one: &Package| !one.dev && !one.optional;
        let needed = plain(kept) || plain(&package);
        kept.dev = !needed && (kept.dev || package.dev);
        kept.optional = !needed && (kept.optional || package.optional);
        kept.direct = kept.direct.max(package.direct);
    }
    out
}

/// For each package the index of the first that is equal to it.
fn firsts(packages: &[Package]) -> Vec<usize> {
    let mut seen = HashMap::with_capacity(packages.len());
    packages
        .iter()
        .enumerate()
        .map(|(index, package)| {
            let commit = match &package.source {
                Source::Git { commit } => commit.as_deref(),
                _ => None,
            };
            let key = (package.name.as_str(), package.version.as_str(), commit);
            *seen.entry(key).or_insert(index)
        })
        .collect()
}

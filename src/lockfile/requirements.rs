//! pip: `requirements.txt` and its kin (<https://pip.pypa.io/en/stable/reference/requirements-file-format/>).
//!
//! Only `==` and `===` pin a version: of `>=1.0` nobody knows what is installed, so its version is a bound only. Files that
//! `-r` names belong to the file that names them, and what `-c` pins counts for packages that are asked for by name only.

use super::input::{Input, commit_of, file_name};
use super::package::{Beside, Contents, Unread};
use super::pip_lines::{Line, lines};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use compact_str::CompactString;
use std::collections::{HashMap, HashSet};
use std::ops::Range;
use std::sync::Arc;

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "requirements",
    title: "pip (requirements*.txt)",
    ecosystem: Ecosystem::PyPI,
    upgrade: Upgrade::new("write {name}=={version} in {file}")
        .and_removal("take {name} out of {file}"),
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

/// What a line says.
enum Entry {
    Package(Package),
    /// A file that the line names, and where.
    File(String, Names, Range<usize>),
}

/// What a file is named for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Names {
    /// `-r`: its packages are installed too.
    Packages,
    /// `-c`: its versions count for what is installed.
    Versions,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let packages = entries(&input).into_iter().filter_map(|entry| match entry {
        Entry::Package(package) => Some(package),
        Entry::File(..) => None,
    });
    Ok(packages.collect())
}

fn entries(input: &Input<'_>) -> Vec<Entry> {
    lines(input).filter_map(|line| entry(&line)).collect()
}

fn entry(line: &Line<'_>) -> Option<Entry> {
    let text = line.text.trim();
    for (short, long, names) in [
        ("-r", "--requirement", Names::Packages),
        ("-c", "--constraint", Names::Versions),
    ] {
        if let Some(file) = option(text, short, long) {
            return Some(Entry::File(file.to_owned(), names, line.span(file)));
        }
    }
    requirement(line, text).map(Entry::Package)
}

/// The value of `-r value`, `-rvalue`, `--requirement value` or `--requirement=value`.
fn option<'a>(line: &'a str, short: &str, long: &str) -> Option<&'a str> {
    let value = match line.strip_prefix(long) {
        Some(rest) if rest.starts_with(['=', ' ', '\t']) => &rest[1..],
        Some(_) => return None,
        None => line.strip_prefix(short)?,
    };
    Some(value.trim().trim_matches(['"', '\''])).filter(|value| !value.is_empty())
}

fn requirement(line: &Line<'_>, text: &str) -> Option<Package> {
    let name_length = text
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')))
        .unwrap_or(text.len());
    let name = &text[..name_length];
    // Options, addresses and paths begin otherwise; variables could stand for anything.
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || text.contains("${") {
        return None;
    }
    let rest = after_extras(text[name_length..].trim_start())?;
    if let Some(address) = rest.strip_prefix('@') {
        return Some(at_address(line, name, address));
    }
    if !rest.is_empty() && !rest.starts_with(['=', '<', '>', '!', '~', '(', ';', '-']) {
        return None;
    }
    let clauses = clauses(rest);
    let exact = clauses.split(',').find_map(pinned);
    let found = exact.or_else(|| bound(clauses));
    let (version, place) = found.map_or(("", name), |version| (version, version));
    let mut package = Package::new(Ecosystem::PyPI, name, version, line.span(place));
    package.bound = exact.is_none() && found.is_some();
    package.hash = text
        .find("--hash")
        .map(|at| line.span(&text[at..]))
        .unwrap_or_default();
    Some(package)
}

/// The clauses at the start of `rest`.
fn clauses(rest: &str) -> &str {
    let rest = rest.strip_prefix('(').unwrap_or(rest);
    let options = [" -", "\t-"].map(|start| rest.find(start));
    let end = rest
        .find([';', ')'])
        .into_iter()
        .chain(options.into_iter().flatten())
        .min()
        .unwrap_or(rest.len());
    &rest[..end]
}

/// Skips `[extra, …]`.
fn after_extras(rest: &str) -> Option<&str> {
    match rest.strip_prefix('[') {
        Some(extras) => Some(extras[extras.find(']')? + 1..].trim_start()),
        None => Some(rest),
    }
}

/// The version of `==1.2` or `===1.2`, but not of `==1.*`.
fn pinned(clause: &str) -> Option<&str> {
    let clause = clause.trim();
    let version = clause
        .strip_prefix("===")
        .or_else(|| clause.strip_prefix("=="))?;
    plain(version)
}

/// The version of `>=1.2`, `~=1.2` or `<=1.2` where that is the only clause.
fn bound(clause: &str) -> Option<&str> {
    let clause = clause.trim();
    let mut signs = [">=", "~=", "<="].iter();
    plain(signs.find_map(|sign| clause.strip_prefix(sign))?)
}

/// A version without anything that stands for others.
fn plain(version: &str) -> Option<&str> {
    let version = version.trim();
    let plain = !version.is_empty()
        && version.bytes().all(|byte| {
            byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_' | b'+' | b'!')
        });
    plain.then_some(version)
}

/// `name @ git+https://…@commit`, `name @ https://…`: no version, but perhaps a commit to show.
fn at_address(line: &Line<'_>, name: &str, address: &str) -> Package {
    let address = address.trim();
    let address = address.split([' ', ';']).next().unwrap_or(address);
    let plain = address.split('#').next().unwrap_or(address);
    let commit = commit_of(plain);
    let mut package = Package::new(Ecosystem::PyPI, name, "", line.span(commit.unwrap_or(name)));
    package.source = if plain.starts_with("git+") {
        Source::Git {
            commit: commit.map(str::to_owned),
        }
    } else if plain.starts_with("file:") || !plain.contains(':') {
        Source::Path
    } else {
        Source::Url
    };
    package
}

/// No project has more: what goes on beyond is meant to keep a reader busy.
const FILES_MOST: usize = 200;

/// Reads the files that the one at `path` names, and those that they name.
///
/// # Errors
///
/// Where one of them is no text.
pub(super) fn follow(
    path: &str,
    bytes: &[u8],
    packages: Vec<Package>,
    beside: Beside<'_>,
) -> Result<Contents, LockfileError> {
    let input = Input::new(bytes)?;
    let mut walk = Walk {
        beside,
        seen: HashSet::from([path.to_owned()]),
        out: Contents {
            packages,
            unread: Vec::new(),
        },
        pins: HashMap::new(),
    };
    for entry in entries(&input) {
        if let Entry::File(file, names, place) = entry {
            walk.file(path, &file, names, &place);
        }
    }
    let Walk { mut out, pins, .. } = walk;
    for package in &mut out.packages {
        let open = package.version.is_empty() || package.bound;
        if open && package.source == Source::Registry {
            let name = Ecosystem::PyPI.normalize_name(&package.name);
            if let Some((version, file)) = pins.get(&*name) {
                package.version.clone_from(version);
                package.bound = false;
                package.named_in = Some(Arc::clone(file));
            }
        }
    }
    Ok(out)
}

struct Walk<'a> {
    beside: Beside<'a>,
    seen: HashSet<String>,
    out: Contents,
    /// Versions that constraint files pin, by normal name, and the file that does.
    pins: HashMap<String, (CompactString, Arc<str>)>,
}

impl Walk<'_> {
    /// Takes in the file that `from` names; what it holds is shown at `place`, where the first file names it.
    fn file(&mut self, from: &str, named: &str, names: Names, place: &Range<usize>) {
        let path = match beside_path(from, named) {
            Ok(path) => path,
            Err(reason) => return self.unread(named, reason, place),
        };
        if self.seen.len() >= FILES_MOST || !self.seen.insert(path.clone()) {
            return;
        }
        if names == Names::Packages && (self.beside.apart)(&path) {
            return;
        }
        let Some(bytes) = (self.beside.read)(&path) else {
            return self.unread(named, "there is no such file", place);
        };
        match Input::new(&bytes) {
            Ok(input) => self.entries(&path, &input, names, place),
            Err(_) => self.unread(named, "it is no text, or has merge conflicts", place),
        }
    }

    fn entries(&mut self, path: &str, input: &Input<'_>, names: Names, place: &Range<usize>) {
        let file: Arc<str> = Arc::from(path);
        for entry in entries(input) {
            match entry {
                Entry::Package(mut package) => {
                    package.named_in = Some(Arc::clone(&file));
                    self.package(package, names, place);
                }
                // Below a file of versions there are only versions.
                Entry::File(next, Names::Packages, _) => self.file(path, &next, names, place),
                Entry::File(next, below, _) => self.file(path, &next, below, place),
            }
        }
    }

    fn package(&mut self, mut package: Package, names: Names, place: &Range<usize>) {
        if names == Names::Versions {
            let name = Ecosystem::PyPI.normalize_name(&package.name).into_owned();
            if let Some(file) = package
                .named_in
                .filter(|_| !package.version.is_empty() && !package.bound)
            {
                self.pins.insert(name, (package.version, file));
            }
            return;
        }
        package.span = place.clone();
        package.hash = 0..0;
        self.out.packages.push(package);
    }

    fn unread(&mut self, named: &str, reason: &str, place: &Range<usize>) {
        self.out.unread.push(Unread {
            what: named.to_owned(),
            reason: reason.to_owned(),
            span: place.clone(),
        });
    }
}

/// The path from the root of the file that the one at `from` calls `named`.
fn beside_path(from: &str, named: &str) -> Result<String, &'static str> {
    if named.contains("://") {
        return Err("it is an address");
    }
    if named.contains("${") {
        return Err("its name is a variable");
    }
    super::input::relative(from, named).ok_or("it is outside of what is checked")
}

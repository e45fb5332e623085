//! pip: `requirements.txt` and its kin (<https://pip.pypa.io/en/stable/reference/requirements-file-format/>).
//!
//! Only `==` and `===` pin a version: of `>=1.0` nobody knows what is installed, so its version is a bound only. Files that
//! `-r` names belong to the file that names them, and what `-c` pins counts for packages that are asked for by name only.

use super::input::{Input, commit_of, file_name};
use super::package::{Beside, Contents, Unread};
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
enum Entry<'a> {
    Package(Package),
    /// `-r`: the file's packages are installed too.
    Include(&'a str),
    /// `-c`: the file's versions count for what is installed.
    Constrain(&'a str),
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let packages = entries(&input).into_iter().filter_map(|entry| match entry {
        Entry::Package(package) => Some(package),
        Entry::Include(_) | Entry::Constrain(_) => None,
    });
    Ok(packages.collect())
}

fn entries<'a>(input: &Input<'a>) -> Vec<Entry<'a>> {
    let mut out = Vec::new();
    // A logical line: a backslash at its end joins the next.
    let mut pieces: Vec<&str> = Vec::new();
    for line in input.text.lines() {
        let line = without_comment(line);
        pieces.push(line.trim_end_matches('\\').trim());
        if !line.ends_with('\\') {
            out.extend(entry(input, &pieces));
            pieces.clear();
        }
    }
    out.extend(entry(input, &pieces));
    out
}

/// A comment starts a line or follows a blank.
fn without_comment(line: &str) -> &str {
    if line.trim_start().starts_with('#') {
        return "";
    }
    let end = line.find(" #").or_else(|| line.find("\t#"));
    end.map_or(line, |end| &line[..end]).trim_end()
}

fn entry<'a>(input: &Input<'a>, pieces: &[&'a str]) -> Option<Entry<'a>> {
    let at = pieces.iter().position(|piece| !piece.is_empty())?;
    let (first, more) = (pieces[at], &pieces[at + 1..]);
    if let Some(file) = option(first, "-r", "--requirement") {
        return Some(Entry::Include(file));
    }
    if let Some(file) = option(first, "-c", "--constraint") {
        return Some(Entry::Constrain(file));
    }
    requirement(input, first, more).map(Entry::Package)
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

fn requirement(input: &Input<'_>, line: &str, more: &[&str]) -> Option<Package> {
    let name_length = line
        .bytes()
        .position(|byte| !(byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.')))
        .unwrap_or(line.len());
    let name = &line[..name_length];
    // Options, addresses and paths begin otherwise; variables could stand for anything.
    if !name.starts_with(|c: char| c.is_ascii_alphanumeric()) || line.contains("${") {
        return None;
    }
    let rest = after_extras(line[name_length..].trim_start())?;
    if let Some(address) = rest.strip_prefix('@') {
        return Some(at_address(input, name, address));
    }
    if !rest.is_empty() && !rest.starts_with(['=', '<', '>', '!', '~', '(', ';', '-']) {
        return None;
    }
    let pieces = || std::iter::once(rest).chain(more.first().copied());
    let exact = pieces().find_map(|piece| clauses(piece).split(',').find_map(pinned));
    let found = exact.or_else(|| pieces().find_map(|piece| bound(clauses(piece))));
    let (version, place) = found.map_or(("", name), |version| (version, version));
    let mut package = Package::new(Ecosystem::PyPI, name, version, input.span(place));
    package.bound = exact.is_none() && found.is_some();
    package.hash = more
        .iter()
        .find_map(|piece| hash_of(input, piece))
        .or_else(|| hash_of(input, line))
        .unwrap_or_default();
    Some(package)
}

/// Where `--hash=…` stands.
fn hash_of(input: &Input<'_>, piece: &str) -> Option<Range<usize>> {
    let at = piece.find("--hash")?;
    Some(input.span(&piece[at..]))
}

/// The clauses at the start of `rest`.
fn clauses(rest: &str) -> &str {
    let rest = rest.strip_prefix('(').unwrap_or(rest);
    let end = rest
        .find([';', ')'])
        .into_iter()
        .chain(rest.find(" --"))
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
fn at_address(input: &Input<'_>, name: &str, address: &str) -> Package {
    let address = address.trim();
    let address = address.split([' ', ';']).next().unwrap_or(address);
    let plain = address.split('#').next().unwrap_or(address);
    let commit = commit_of(plain);
    let mut package = Package::new(
        Ecosystem::PyPI,
        name,
        "",
        input.span(commit.unwrap_or(name)),
    );
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
        match entry {
            Entry::Package(_) => {}
            Entry::Include(file) => walk.file(path, file, false, &input.span(file)),
            Entry::Constrain(file) => walk.file(path, file, true, &input.span(file)),
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
    fn file(&mut self, from: &str, named: &str, constrains: bool, place: &Range<usize>) {
        let path = match beside_path(from, named) {
            Ok(path) => path,
            Err(reason) => return self.unread(named, reason, place),
        };
        if self.seen.len() >= FILES_MOST || !self.seen.insert(path.clone()) {
            return;
        }
        if !constrains && (self.beside.apart)(&path) {
            return;
        }
        let Some(bytes) = (self.beside.read)(&path) else {
            return self.unread(named, "there is no such file", place);
        };
        match Input::new(&bytes) {
            Ok(input) => self.entries(&path, &input, constrains, place),
            Err(_) => self.unread(named, "it is no text, or has merge conflicts", place),
        }
    }

    fn entries(&mut self, path: &str, input: &Input<'_>, constrains: bool, place: &Range<usize>) {
        let file: Arc<str> = Arc::from(path);
        for entry in entries(input) {
            match entry {
                Entry::Package(mut package) => {
                    package.named_in = Some(Arc::clone(&file));
                    self.package(package, constrains, place);
                }
                Entry::Include(next) => self.file(path, next, constrains, place),
                Entry::Constrain(next) => self.file(path, next, true, place),
            }
        }
    }

    fn package(&mut self, mut package: Package, constrains: bool, place: &Range<usize>) {
        if constrains {
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

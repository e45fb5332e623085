//! Go: `go.mod` (<https://go.dev/ref/mod#go-mod-file>).
//!
//! Since Go 1.17 it lists every module that a build needs; before, what others need is in `go.sum` only
//! (<https://go.dev/ref/mod#go-sum-files>). Excluded and retracted versions are none that are used.

use super::input::{Input, file_name};
use super::package::{Beside, Contents, unite};
use super::{LockfileError, LockfileSpec, Package, Source, Upgrade};
use crate::version::Ecosystem;
use std::collections::{BTreeMap, HashMap};

pub(super) static SPEC: LockfileSpec = LockfileSpec {
    id: "go-mod",
    title: "Go (go.mod)",
    ecosystem: Ecosystem::Go,
    upgrade: Upgrade::new("go get {name}@{v-version}").and_removal("go get {name}@none"),
    matches: |path| file_name(path) == "go.mod",
    parse,
};

#[derive(Default)]
struct Module<'a> {
    named: bool,
    required: Vec<(&'a str, &'a str, bool)>,
    /// By path and version (empty for all versions): the new path and version (empty for a folder).
    replaced: HashMap<(&'a str, &'a str), (&'a str, &'a str)>,
    go: Option<&'a str>,
    toolchain: Option<&'a str>,
}

fn parse(bytes: &[u8]) -> Result<Vec<Package>, LockfileError> {
    let input = Input::new(bytes)?;
    let module = read(&input)?;
    let mut out: Vec<Package> = module
        .required
        .iter()
        .map(|&(path, version, indirect)| required(&input, &module, path, version, indirect))
        .collect();
    out.extend(standard_library(&input, &module));
    Ok(unite(out))
}

fn read<'a>(input: &Input<'a>) -> Result<Module<'a>, LockfileError> {
    let mut module = Module::default();
    let mut block: Option<&str> = None;
    for line in input.text.lines() {
        let (code, comment) = line.split_once("//").unwrap_or((line, ""));
        let words: Vec<&str> = code.split_whitespace().map(unquote).collect();
        let indirect = comment.trim_start().starts_with("indirect");
        let known = match (block, words.as_slice()) {
            (_, []) => true,
            (Some(_), [")"]) => {
                block = None;
                true
            }
            (Some(verb), words) => note(&mut module, verb, words, indirect),
            (None, [verb, "("]) => {
                block = Some(*verb);
                true
            }
            (None, [verb, rest @ ..]) => note(&mut module, verb, rest, indirect),
        };
        if !known {
            return Err(input.error("it has a line that go.mod files don't have", code));
        }
    }
    if block.is_some() {
        return Err(LockfileError::invalid(
            "a block is not closed",
            Some(input.text.len()),
        ));
    }
    Ok(module)
}

fn unquote(word: &str) -> &str {
    word.trim_matches(['"', '`'])
}

/// Takes a line in; `false` for one that can't be. Directives that later versions of Go bring are let through.
fn note<'a>(module: &mut Module<'a>, verb: &str, words: &[&'a str], indirect: bool) -> bool {
    match (verb, words) {
        ("module", _) => module.named = true,
        ("go", [version]) => module.go = Some(version),
        ("toolchain", [name]) => module.toolchain = Some(name),
        ("require", [path, version]) if is_version(version) => {
            module.required.push((path, version, indirect));
        }
        ("replace", [path, "=>", to @ ..]) => return replace(module, (path, ""), to),
        ("replace", [path, version, "=>", to @ ..]) => return replace(module, (path, version), to),
        ("go" | "toolchain" | "require" | "replace", _) => return false,
        ("exclude" | "retract", _) => {}
        _ => return module.named,
    }
    true
}

fn replace<'a>(module: &mut Module<'a>, from: (&'a str, &'a str), to: &[&'a str]) -> bool {
    let to = match to {
        [folder] if is_folder(folder) => (*folder, ""),
        [path, version] if is_version(version) => (*path, *version),
        _ => return false,
    };
    module.replaced.insert(from, to);
    true
}

/// Go reads `v1`, `v1.2` and `v1.2.3` with what SemVer allows behind; a branch's name is for its command line only.
fn is_version(word: &str) -> bool {
    let number = word.strip_prefix('v');
    number.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

/// What stands without a version must be a path (<https://go.dev/ref/mod#go-mod-file-replace>).
fn is_folder(word: &str) -> bool {
    let windows = word
        .get(1..3)
        .is_some_and(|rest| matches!(rest, ":\\" | ":/"));
    windows
        || matches!(word, "." | "..")
        || ["./", "../", "/", ".\\", "..\\"]
            .iter()
            .any(|start| word.starts_with(start))
}

fn required(
    input: &Input<'_>,
    module: &Module<'_>,
    path: &str,
    version: &str,
    indirect: bool,
) -> Package {
    // A replacement for one version goes before one for all.
    let replaced = &module.replaced;
    let found = replaced
        .get(&(path, version))
        .or_else(|| replaced.get(&(path, "")));
    let (path, shown, source) = match found {
        // A fork in a folder is judged as what it was made from: others do so, and nobody knows what it mends.
        Some(&(_, "")) => (path, version, Source::Path),
        Some(&(new_path, new_version)) => (new_path, new_version, Source::Registry),
        None => (path, version, Source::Registry),
    };
    let number = shown.strip_prefix('v').unwrap_or(shown);
    let mut package = Package::new(Ecosystem::Go, path, number, input.span(shown));
    package.source = source;
    package.direct = Some(!indirect);
    package
}

/// The standard library is a package of the advisories: `stdlib`, in the version of the toolchain, or of the language.
fn standard_library(input: &Input<'_>, module: &Module<'_>) -> Option<Package> {
    let toolchain = module
        .toolchain
        .and_then(|name| name.strip_prefix("go"))
        .and_then(|version| version.split('-').next());
    let version = toolchain.or(module.go)?;
    let mut package = Package::new(Ecosystem::Go, "stdlib", version, input.span(version));
    package.direct = Some(true);
    Some(package)
}

/// The first language version whose `go.mod` lists what others need too.
const COMPLETE_SINCE: &str = "1.17";

/// Adds what only `go.sum` tells: of each module the highest version whose archive was needed. Lines for `go.mod` files
/// alone are of versions that were looked at and not used.
///
/// # Errors
///
/// Where `go.sum` is no text.
pub(super) fn follow(
    path: &str,
    bytes: &[u8],
    mut packages: Vec<Package>,
    beside: Beside<'_>,
) -> Result<Contents, LockfileError> {
    let input = Input::new(bytes)?;
    // Without a line of its own the language is that of 1.16 (<https://go.dev/ref/mod#go-mod-file-go>).
    let go = read(&input)?.go.unwrap_or("1.16");
    let complete = Ecosystem::Go
        .compare(go, COMPLETE_SINCE)
        .map_or(true, |order| order.is_ge());
    let sums = super::input::relative(path, "go.sum").filter(|_| !complete);
    let bytes = sums
        .and_then(|path| (beside.read)(&path))
        .unwrap_or_default();
    let summed = Input::new(&bytes)?;
    let place = input
        .text
        .lines()
        .find(|line| line.trim_start().starts_with("module"))
        .map_or(0..0, |line| input.span(line.trim_end()));
    for (module, version) in highest(&summed) {
        let newer = |known: &Package| {
            known.name != module
                || Ecosystem::Go
                    .compare(version, &known.version)
                    .is_ok_and(|order| order.is_gt())
        };
        if packages.iter().all(newer) {
            let mut package = Package::new(Ecosystem::Go, module, version, place.clone());
            package.direct = Some(false);
            packages.push(package);
        }
    }
    Ok(Contents {
        packages,
        unread: Vec::new(),
    })
}

/// `module v1.2.3 h1:…` lines, the highest version of each module.
fn highest<'a>(sums: &Input<'a>) -> BTreeMap<&'a str, &'a str> {
    let mut out: BTreeMap<&str, &str> = BTreeMap::new();
    for line in sums.text.lines() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let [module, version, _] = words[..] else {
            continue;
        };
        if version.ends_with("/go.mod") {
            continue;
        }
        let version = version.strip_prefix('v').unwrap_or(version);
        let known = out.entry(module).or_insert(version);
        if Ecosystem::Go
            .compare(version, known)
            .is_ok_and(|order| order.is_gt())
        {
            *known = version;
        }
    }
    out
}

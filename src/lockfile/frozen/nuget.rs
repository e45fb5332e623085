//! NuGet: the `PackageReference`s of a project and the direct packages of `packages.lock.json`, as `dotnet restore
//! --locked-mode` compares them
//! (<https://learn.microsoft.com/en-us/nuget/consume-packages/package-references-in-project-files#locking-dependencies>).
//! Conditions, properties of other files and what build files bring in are not evaluated: then nothing is said.

use super::super::encoding::xml;
use super::super::input::Input;
use super::super::json::{self, Entries};
use super::super::nuget_json::{Lock, Locked};
use super::super::xml::{Piece, Reader, attribute};
use super::{Frozen, FrozenSpec, Kept, ManifestName, Mismatch, Pair, Place};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;
use std::sync::Arc;

pub(super) static CSHARP: FrozenSpec = spec(".csproj");
pub(super) static FSHARP: FrozenSpec = spec(".fsproj");
pub(super) static VISUAL_BASIC: FrozenSpec = spec(".vbproj");

const fn spec(ending: &'static str) -> FrozenSpec {
    FrozenSpec {
        locks: &["packages.*.lock.json", "packages.lock.json"],
        manifest: ManifestName::Ending(ending, |_| true),
        command: "dotnet restore --force-evaluate",
        strict: "dotnet restore --locked-mode",
        check,
        manifests: |_| Vec::new(),
    }
}

/// What a project asks for: by the name in small letters, the name and its version.
#[derive(Default)]
struct Asked<'a> {
    packages: BTreeMap<String, (&'a str, Option<&'a str>, Range<usize>)>,
}

fn check(pair: &Pair<'_>) -> Frozen {
    if !pair.folder().is_empty() {
        return Frozen::Apart;
    }
    let text = xml(pair.manifest);
    let (Ok(manifest), Ok(lock)) = (Input::new(&text.bytes), Input::new(pair.lock.bytes())) else {
        return Frozen::Unknown;
    };
    let (Some(mut asked), Ok(lock)) = (project(&manifest), json::parse::<Lock<'_>>(&lock)) else {
        return Frozen::Unknown;
    };
    let locked = Direct::of(&lock);
    if locked.frameworks == 0 || imports(pair) {
        return Frozen::Unknown;
    }
    let props = above(pair, "Directory.Packages.props");
    let props = xml(props.as_deref().map_or(&[], Kept::bytes));
    let Some(central) = Input::new(&props.bytes)
        .ok()
        .and_then(|input| central(&input))
    else {
        return Frozen::Unknown;
    };
    for (key, (_, version, _)) in &mut asked.packages {
        *version = version.or_else(|| central.get(key).copied());
    }
    let mut out = differences(&asked, &locked);
    out.sort_by(|a, b| (&a.entry, &a.message).cmp(&(&b.entry, &b.message)));
    out.dedup();
    for one in &mut out {
        if let Place::At(start, end) = one.place {
            one.place = Place::At(text.offset(start), text.offset(end));
        }
    }
    Frozen::of(out)
}

/// The direct packages of the target frameworks; runtimes have only what they need beside.
#[derive(Default)]
struct Direct {
    frameworks: usize,
    /// By the name in small letters: how many frameworks have it, and the ranges that it is locked for.
    packages: BTreeMap<String, (usize, BTreeSet<String>)>,
}

impl Direct {
    fn of(lock: &Lock<'_>) -> Self {
        let mut out = Self::default();
        for (framework, packages) in &lock.dependencies.0 {
            if !framework.as_str().contains('/') {
                out.frameworks += 1;
                out.framework(packages);
            }
        }
        out
    }

    fn framework(&mut self, packages: &Entries<'_, Locked<'_>>) {
        for (name, one) in &packages.0 {
            if one.kind.as_str() == "Direct" {
                let name = name.as_str().to_ascii_lowercase();
                let known = self.packages.entry(name).or_default();
                known.0 += 1;
                known.1.insert(one.requested.as_str().to_owned());
            }
        }
    }
}

fn differences(asked: &Asked<'_>, locked: &Direct) -> Vec<Mismatch> {
    let mut out = Vec::new();
    for (key, (name, version, place)) in &asked.packages {
        let range = version.and_then(range);
        let shown = range.as_deref().unwrap_or("*");
        let (of, ranges) = locked
            .packages
            .get(key)
            .map_or((0, None), |(of, ranges)| (*of, Some(ranges)));
        let nothing =
            (of < locked.frameworks).then(|| format!("`{shown}` is asked for, nothing is locked"));
        let others = ranges
            .into_iter()
            .flatten()
            .filter(|old| range.as_ref().is_some_and(|range| range != *old))
            .map(|old| format!("`{shown}` is asked for, locked is for `{old}`"));
        out.extend(nothing.into_iter().chain(others).map(|message| Mismatch {
            entry: (*name).to_owned(),
            message,
            place: Place::at(place),
        }));
    }
    // The SDK asks for some of its own.
    let implied = |name: &str| {
        ["netstandard.library", "fsharp.core"].contains(&name) || name.starts_with("microsoft.")
    };
    for name in locked.packages.keys() {
        if !asked.packages.contains_key(name) && !implied(name) {
            out.push(Mismatch::left_over(name));
        }
    }
    out
}

/// A range as the lockfile writes it: `[1.2.0, )` for `1.2`; `None` for what is no plain range.
fn range(text: &str) -> Option<String> {
    let text = text.trim();
    let inner = text
        .strip_prefix(['[', '('])
        .and_then(|rest| rest.strip_suffix([']', ')']));
    match inner {
        None => Some(format!("[{}, )", version(text)?)),
        Some(inner) => {
            let (open, close) = (&text[..1], &text[text.len() - 1..]);
            let bounds: Option<Vec<String>> = match inner.split_once(',') {
                Some((low, high)) => [low, high].into_iter().map(bound).collect(),
                None => {
                    let exact = version(inner.trim())?;
                    Some(vec![exact.clone(), exact])
                }
            };
            Some(format!("{open}{}{close}", bounds?.join(", ")))
        }
    }
}

fn bound(text: &str) -> Option<String> {
    let text = text.trim();
    if text.is_empty() {
        return Some(String::new());
    }
    version(text)
}

/// A version with three numbers, or four where the fourth is not 0; one with `*` as it is.
fn version(text: &str) -> Option<String> {
    if text.contains('*') {
        return Some(text.to_owned());
    }
    let text = text.split('+').next().unwrap_or(text);
    let (numbers, label) = match text.split_once('-') {
        Some((numbers, label)) => (numbers, format!("-{label}")),
        None => (text, String::new()),
    };
    let mut numbers: Vec<u32> = numbers
        .split('.')
        .map(|number| number.parse().ok())
        .collect::<Option<_>>()?;
    numbers.resize(numbers.len().max(3), 0);
    if numbers.len() == 4 && numbers[3] == 0 {
        numbers.pop();
    }
    let numbers: Vec<String> = numbers.iter().map(u32::to_string).collect();
    Some(format!("{}{label}", numbers.join(".")))
}

/// The references of a project; `None` where conditions, properties or imports have a say.
fn project<'a>(input: &Input<'a>) -> Option<Asked<'a>> {
    let mut reader = Reader::new(*input);
    let mut asked = Asked::default();
    let mut last: Option<String> = None;
    while let Some(piece) = reader.next().ok()? {
        match piece {
            Piece::Open("PackageReference", attributes, _) => {
                let (name, version) = reference(attributes)?;
                let key = name.to_ascii_lowercase();
                let place = input.span(name);
                asked.packages.insert(key.clone(), (name, version, place));
                last = Some(key);
            }
            Piece::Open("Import" | "Choose" | "When", ..) => return None,
            Piece::Open("ItemGroup" | "Target", attributes, _)
                if attribute(attributes, "Condition").is_some() =>
            {
                return None;
            }
            Piece::Text(text)
                if matches!(
                    reader.path(),
                    [.., "PackageReference", "Version" | "VersionOverride"]
                ) =>
            {
                let plain = Some(text).filter(|text| !text.contains('$'))?;
                let of = last.as_ref().and_then(|key| asked.packages.get_mut(key));
                of?.1 = Some(plain);
            }
            _ => {}
        }
    }
    Some(asked)
}

/// The name and version of a reference; `None` where a condition or something else has a say.
fn reference(attributes: &str) -> Option<(&str, Option<&str>)> {
    let name = attribute(attributes, "Include")?;
    let version = attribute(attributes, "VersionOverride").or(attribute(attributes, "Version"));
    // What no name has, a `?` stands for a letter that is not ASCII.
    let odd = |text: &str| text.contains(['$', ';', '%', '@', '?']);
    let unclear = odd(name) || version.is_some_and(odd);
    let always = attribute(attributes, "Condition").is_none();
    (always && !unclear).then_some((name, version))
}

/// The versions of central management; `None` where conditions or properties have a say.
fn central<'a>(input: &Input<'a>) -> Option<BTreeMap<String, &'a str>> {
    let mut out = BTreeMap::new();
    if input.text.is_empty() {
        return Some(out);
    }
    let mut reader = Reader::new(*input);
    while let Some(piece) = reader.next().ok()? {
        match piece {
            Piece::Open("PackageVersion", attributes, _) => {
                let name = attribute(attributes, "Include")?;
                let version = attribute(attributes, "Version")?;
                if version.contains('$') || attribute(attributes, "Condition").is_some() {
                    return None;
                }
                out.insert(name.to_ascii_lowercase(), version);
            }
            Piece::Open("GlobalPackageReference" | "Import", ..) => return None,
            Piece::Open("ItemGroup", attributes, _)
                if attribute(attributes, "Condition").is_some() =>
            {
                return None;
            }
            _ => {}
        }
    }
    Some(out)
}

/// The nearest file of a name in the project's folder or above.
fn above(pair: &Pair<'_>, name: &str) -> Option<Arc<Kept<'static>>> {
    let mut folder = pair
        .manifest_path
        .rsplit_once('/')
        .map_or("", |(folder, _)| folder);
    loop {
        let slash = if folder.is_empty() { "" } else { "/" };
        if let Some(found) = (pair.read)(&format!("{folder}{slash}{name}")) {
            return Some(found);
        }
        if folder.is_empty() {
            return None;
        }
        folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
    }
}

/// Whether build files that every project gets may ask for packages too.
fn imports(pair: &Pair<'_>) -> bool {
    ["Directory.Build.props", "Directory.Build.targets"]
        .iter()
        .any(|name| {
            let file = above(pair, name);
            let text = xml(file.as_deref().map_or(&[], Kept::bytes));
            ["PackageReference", "<Import"]
                .iter()
                .any(|part| memchr::memmem::find(&text.bytes, part.as_bytes()).is_some())
        })
}

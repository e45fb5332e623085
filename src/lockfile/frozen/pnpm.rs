//! pnpm: `package.json` and `pnpm-lock.yaml`, which repeats what each project asks for as `specifier`
//! (<https://pnpm.io/cli/install#--frozen-lockfile>).

use super::super::input::Input;
use super::super::json;
use super::super::package_json::{Manifest, pairs, united};
use super::super::yaml_lines::lines;
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, Top, asked_otherwise};
use std::collections::{BTreeMap, HashSet};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["pnpm-lock.yaml"],
    manifest: ManifestName::Exact("package.json"),
    command: "pnpm install --lockfile-only",
    strict: "pnpm install --frozen-lockfile",
    check,
    manifests,
};

/// The specifiers of a project, by name.
type Specifiers = BTreeMap<String, String>;

/// What the lockfile says of every project.
#[derive(Default)]
struct Locked {
    /// By folder.
    importers: BTreeMap<String, Specifiers>,
    /// Whether overrides change it.
    overridden: bool,
}

impl Locked {
    fn importer(&mut self, folder: &str) -> &mut Specifiers {
        self.importers.entry(folder.to_owned()).or_default()
    }
}

/// `None` where it can't be read.
fn locked(lock: &[u8]) -> Option<Locked> {
    let input = Input::new(lock).ok()?;
    let mut out = Locked::default();
    let (mut keys, mut indents): (Vec<&str>, Vec<usize>) = (Vec::new(), Vec::new());
    for line in lines(&input) {
        let line = line.ok()?;
        while indents.last().is_some_and(|indent| *indent >= line.indent) {
            indents.pop();
            keys.pop();
        }
        indents.push(line.indent);
        keys.push(line.key);
        let (folder, name) = match keys.as_slice() {
            ["overrides" | "packageExtensionsChecksum", ..] => {
                out.overridden = true;
                continue;
            }
            ["importers", folder] => {
                out.importer(folder);
                continue;
            }
            ["importers", folder, _, name, "specifier"]
            | ["importers", folder, "specifiers", name] => (*folder, *name),
            [kind, name, "specifier"] if is_kind(kind) => (".", *name),
            ["specifiers", name] => (".", *name),
            _ => continue,
        };
        let specifier = line.value.to_owned();
        out.importer(folder).insert(name.to_owned(), specifier);
    }
    Some(out)
}

fn is_kind(key: &str) -> bool {
    matches!(
        key,
        "dependencies" | "devDependencies" | "optionalDependencies"
    )
}

fn manifests(top: &Top<'_>) -> Vec<String> {
    let locked = top.lock.once(locked);
    let importers = locked.iter().flat_map(|locked| locked.importers.keys());
    importers.map(|folder| path(folder)).collect()
}

fn path(folder: &str) -> String {
    match folder {
        "." => "package.json".to_owned(),
        folder => format!("{folder}/package.json"),
    }
}

fn check(pair: &Pair<'_>) -> Frozen {
    let locked = pair.lock.once(locked);
    let (Ok(manifest), Some(locked)) = (Input::new(pair.manifest), &*locked) else {
        return Frozen::Unknown;
    };
    let Ok(now) = json::parse::<Manifest<'_>>(&manifest) else {
        return Frozen::Unknown;
    };
    let overrides = now
        .pnpm
        .as_ref()
        .is_some_and(|pnpm| pnpm.overrides.is_some());
    if locked.overridden || overrides {
        return Frozen::Unknown;
    }
    let folder = if pair.folder().is_empty() {
        "."
    } else {
        pair.folder()
    };
    let none = Specifiers::new();
    let specifiers = match locked.importers.get(folder) {
        Some(specifiers) => specifiers,
        // A project without dependencies has no entry of its own.
        None if folder == "." => &none,
        None => return Frozen::Apart,
    };
    Frozen::of(differences(&now, specifiers))
}

fn differences(now: &Manifest<'_>, locked: &Specifiers) -> Vec<Mismatch> {
    let asked = united([
        &now.dependencies,
        &now.dev_dependencies,
        &now.optional_dependencies,
    ]);
    let mut out = asked_otherwise(&asked, |name| locked.get(name).map(String::as_str));
    if !refuses_unlocked_optional(now) {
        let optional = pairs(&now.optional_dependencies).map(|(name, _)| name);
        let optional: HashSet<&str> = optional.collect();
        let unlocked = |name: &str| optional.contains(name) && !locked.contains_key(name);
        out.retain(|one| !unlocked(&one.entry));
    }
    // Peers are locked like dependencies where pnpm installs them itself.
    let peers: HashSet<&str> = pairs(&now.peer_dependencies)
        .map(|(name, _)| name)
        .collect();
    for name in locked.keys().map(String::as_str) {
        if !asked.contains_key(name) && !peers.contains(name) {
            out.push(Mismatch::left_over(name));
        }
    }
    out
}

/// Whether the project's pnpm is known to refuse an optional dependency that is not locked. Since version 12 it takes one
/// for a package that could not be found when the lockfile was written, and leaves it out.
fn refuses_unlocked_optional(now: &Manifest<'_>) -> bool {
    let version = now.package_manager.as_str().strip_prefix("pnpm@");
    let major = version.and_then(|version| version.split('.').next()?.parse::<u32>().ok());
    major.is_some_and(|major| major < 12)
}

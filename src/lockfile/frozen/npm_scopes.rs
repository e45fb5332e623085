//! What the packages of a `package-lock.json` need of each other, and do not get. Node looks into the `node_modules` of each
//! folder upwards (<https://nodejs.org/api/modules.html#loading-from-node_modules-folders>), so each folder is a scope within those
//! above it: one walk over all of them, which keeps what can be seen, finds what each package gets.

use super::npm::{Folder, Folders, MODULES, admits, owner, version};
use super::{Mismatch, Place};
use std::cmp::Ordering;
use std::collections::HashMap;

/// How many are told: one change breaks many.
const TOLD_MOST: usize = 5;

/// What is seen from a folder: by name, the versions of the scopes, the nearest last.
#[derive(Default)]
struct Scopes<'a> {
    seen: HashMap<&'a str, Vec<&'a str>>,
    /// The folders from the project down to here, with the names that each brought.
    open: Vec<(&'a str, Vec<&'a str>)>,
}

impl<'a> Scopes<'a> {
    /// Goes on to `folder`, which brings `modules`.
    fn enter(&mut self, folder: &'a str, modules: Vec<(&'a str, &'a str)>) {
        while let Some((_, names)) = self.open.pop_if(|(above, _)| !is_below(folder, above)) {
            for name in names {
                self.seen.get_mut(name).and_then(Vec::pop);
            }
        }
        let names = modules.iter().map(|(name, _)| *name).collect();
        self.open.push((folder, names));
        for (name, version) in modules {
            self.seen.entry(name).or_default().push(version);
        }
    }

    fn nearest(&self, name: &str) -> Option<&'a str> {
        self.seen.get(name)?.last().copied()
    }
}

fn is_below(folder: &str, above: &str) -> bool {
    let rest = folder.strip_prefix(above);
    above.is_empty() || rest.is_some_and(|rest| rest.starts_with('/'))
}

/// What is needed and not there, or there in a version that does not fit: the first few.
pub(super) fn broken(folders: &Folders<'_>) -> Vec<Mismatch> {
    let mut modules: HashMap<&str, Vec<(&str, &str)>> = HashMap::new();
    for (path, folder) in folders {
        if let Some((of, name)) = owner(path) {
            let brought = modules.entry(of).or_default();
            brought.push((name, version(folder, folders)));
        }
    }
    let mut paths: Vec<&str> = folders.keys().chain(modules.keys()).copied().collect();
    // A folder comes before all that is below it, and what is below it together.
    paths.sort_unstable_by(|a, b| by_folder(a.as_bytes(), b.as_bytes()));
    paths.dedup();
    let mut scopes = Scopes::default();
    let mut out: Vec<Unmet<'_>> = Vec::new();
    for (at, path) in paths.iter().enumerate() {
        scopes.enter(path, modules.remove(path).unwrap_or_default());
        let package = folders.get(path).filter(|_| path.contains(MODULES));
        if let Some(folder) = package.filter(|folder| !folder.link) {
            out.extend(unmet(at, folder, &scopes));
        }
    }
    out.sort_unstable();
    out.truncate(TOLD_MOST);
    out.iter().map(|one| one.told(paths[one.at])).collect()
}

/// The order of paths part by part, as if `/` were the first of all letters. What two have in common may be long, and is passed
/// over in steps.
fn by_folder(a: &[u8], b: &[u8]) -> Ordering {
    const STEP: usize = 64;
    let steps = a.chunks(STEP).zip(b.chunks(STEP));
    let same = steps.take_while(|(a, b)| a == b).count() * STEP;
    let first = |byte: &u8| (*byte != b'/', *byte);
    let (a, b) = (&a[same.min(a.len())..], &b[same.min(b.len())..]);
    a.iter().map(first).cmp(b.iter().map(first))
}

/// A need that is not met. Paths may be long, so they stay where they are until one is told.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Unmet<'a> {
    name: &'a str,
    /// Which path is the package's that needs it.
    at: usize,
    range: &'a str,
    locked: Option<&'a str>,
}

impl Unmet<'_> {
    fn told(&self, path: &str) -> Mismatch {
        let range = self.range;
        let message = match self.locked {
            Some(version) => format!("`{path}` needs `{range}`, locked is {version}"),
            None => format!("`{path}` needs `{range}`, nothing is locked"),
        };
        Mismatch {
            entry: self.name.to_owned(),
            message,
            place: Place::Nowhere,
        }
    }
}

fn unmet<'a>(
    at: usize,
    folder: &'a Folder<'a>,
    scopes: &Scopes<'a>,
) -> impl Iterator<Item = Unmet<'a>> {
    let needs = folder.dependencies.0.iter();
    needs.filter_map(move |(name, range)| {
        let (name, range) = (name.as_str(), range.as_str());
        let locked = scopes.nearest(name);
        let met = locked.is_some_and(|version| admits(range, version));
        (!met).then_some(Unmet {
            name,
            at,
            range,
            locked,
        })
    })
}

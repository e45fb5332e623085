//! Yarn: `package.json` and `yarn.lock`. The classic form has a key for every `name@range` that was asked for, and
//! `--frozen-lockfile` looks for those of the root alone (<https://classic.yarnpkg.com/lang/en/docs/cli/install/>); since version 2
//! it repeats what each workspace asks for, and `--immutable` refuses every difference (<https://yarnpkg.com/cli/install>).

use super::super::input::Input;
use super::super::json::{self, Text};
use super::super::package_json::{Manifest, pairs, united};
use super::super::yaml_lines::unquote;
use super::members::members;
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, Place, Top, asked_otherwise, shown};
use serde::Deserialize;
use std::collections::{BTreeMap, HashMap, HashSet};

pub(super) static SPEC: FrozenSpec = FrozenSpec {
    locks: &["yarn.lock"],
    manifest: ManifestName::Exact("package.json"),
    command: "yarn install --mode=update-lockfile",
    strict: "yarn install --immutable",
    check,
    manifests,
};

/// What is asked for; of two lists that name a package the one that Yarn takes.
fn asked<'a>(now: &'a Manifest<'_>) -> BTreeMap<&'a str, &'a str> {
    united([
        &now.dev_dependencies,
        &now.dependencies,
        &now.optional_dependencies,
    ])
}

/// A workspace as the lockfile repeats it.
#[derive(Default)]
struct Workspace {
    asked: BTreeMap<String, String>,
    peers: BTreeMap<String, String>,
}

/// The first manifest of a workspace.
#[derive(Deserialize)]
struct Root<'a> {
    #[serde(borrow)]
    workspaces: Option<Workspaces<'a>>,
}

/// The patterns of a workspace's members (<https://classic.yarnpkg.com/lang/en/docs/workspaces/>).
#[derive(Deserialize)]
#[serde(untagged)]
enum Workspaces<'a> {
    #[serde(borrow)]
    List(Vec<Text<'a>>),
    Object {
        #[serde(borrow)]
        packages: Vec<Text<'a>>,
    },
}

#[derive(Default)]
struct Lock {
    /// Every `name@range`, in order.
    keys: Vec<String>,
    /// By folder, `.` for the root.
    workspaces: HashMap<String, Workspace>,
    berry: bool,
}

/// Reads keys and workspaces; what else there is does not matter. `None` where it can't be read.
fn lock(bytes: &[u8]) -> Option<Lock> {
    let input = Input::new(bytes).ok()?;
    let mut out = Lock::default();
    let mut block = "";
    let mut folder = None;
    for raw in input.text.lines() {
        let line = raw.trim_start_matches(' ');
        let indent = raw.len() - line.len();
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        match indent {
            0 => folder = out.entry(line),
            2 => block = line.trim_end().trim_end_matches(':'),
            4 => out.field(folder, block, line),
            _ => {}
        }
    }
    out.keys.sort_unstable();
    Some(out)
}

impl Lock {
    /// The head of an entry; gives the folder where it is a workspace.
    fn entry<'a>(&mut self, line: &'a str) -> Option<&'a str> {
        let line = line.strip_prefix("? ").unwrap_or(line).trim_end();
        let keys = patterns(line.strip_suffix(':').unwrap_or(line));
        self.berry |= keys == ["__metadata"];
        let places = keys.iter().filter_map(|key| key.split_once("@workspace:"));
        // A range for a workspace, as in `a@workspace:^`, is no folder.
        let folder = places.map(|(_, at)| at).find(|at| is_folder(at));
        if let Some(at) = folder {
            self.workspaces.entry(at.to_owned()).or_default();
        }
        self.keys.extend(keys.into_iter().map(str::to_owned));
        folder
    }

    fn field(&mut self, folder: Option<&str>, block: &str, line: &str) {
        let workspace = folder.and_then(|at| self.workspaces.get_mut(at));
        if let (Some(workspace), Some((name, range))) = (workspace, field(line)) {
            let list = match block {
                "dependencies" => &mut workspace.asked,
                "peerDependencies" => &mut workspace.peers,
                _ => return,
            };
            list.insert(name.to_owned(), range.to_owned());
        }
    }

    fn has(&self, key: &str) -> bool {
        self.keys
            .binary_search_by(|one| one.as_str().cmp(key))
            .is_ok()
    }

    /// What follows `start` in the keys that start so.
    fn after<'a>(&'a self, start: &'a str) -> impl ExactSizeIterator<Item = &'a str> {
        let first = self.keys.partition_point(|key| key.as_str() < start);
        let keys = &self.keys[first..];
        let end = keys.partition_point(|key| key.starts_with(start));
        keys[..end].iter().map(|key| &key[start.len()..])
    }
}

fn is_folder(text: &str) -> bool {
    let range = ["*", "^", "~"].contains(&text) || text.starts_with(['^', '~', '>', '<', '=']);
    !range && !text.starts_with(|c: char| c.is_ascii_digit())
}

/// `a@1, b@2`, together or one by one in quotes.
fn patterns(text: &str) -> Vec<&str> {
    let parts = text.split(", ");
    parts.map(|part| part.trim_matches('"')).collect()
}

/// `name: "range"`.
fn field(line: &str) -> Option<(&str, &str)> {
    let (name, range) = match line.strip_prefix('"') {
        Some(rest) => rest.split_once("\":")?,
        None => line.split_once(':')?,
    };
    Some((name, unquote(range.trim())))
}

fn manifests(top: &Top<'_>) -> Vec<String> {
    let lock = top.lock.once(lock);
    let Some(lock) = &*lock else {
        return Vec::new();
    };
    if !lock.berry {
        return members_of_classic(top);
    }
    let folders = lock.workspaces.keys();
    let mut out: Vec<String> = folders
        .filter(|folder| !folder.starts_with(".."))
        .map(|folder| match folder.as_str() {
            "." => "package.json".to_owned(),
            folder => format!("{folder}/package.json"),
        })
        .collect();
    out.sort();
    out
}

/// The classic form does not name the members of a workspace; the first manifest has patterns for them.
fn members_of_classic(top: &Top<'_>) -> Vec<String> {
    let mut out = vec!["package.json".to_owned()];
    if memchr::memmem::find(top.manifest, b"\"workspaces\"").is_none() {
        return out;
    }
    let manifest = Input::new(top.manifest).ok();
    let root = manifest.and_then(|input| json::parse::<Root<'_>>(&input).ok());
    let workspaces = root.and_then(|root| root.workspaces);
    let patterns = match &workspaces {
        Some(Workspaces::List(list) | Workspaces::Object { packages: list }) => list.as_slice(),
        None => &[],
    };
    let patterns: Vec<&str> = patterns.iter().map(Text::as_str).collect();
    let folders = members(&patterns, top.folders);
    out.extend(
        folders
            .iter()
            .map(|folder| format!("{folder}/package.json")),
    );
    out
}

fn check(pair: &Pair<'_>) -> Frozen {
    let lock = pair.lock.once(lock);
    let (Ok(manifest), Some(lock)) = (Input::new(pair.manifest), &*lock) else {
        return Frozen::Unknown;
    };
    let Ok(now) = json::parse::<Manifest<'_>>(&manifest) else {
        return Frozen::Unknown;
    };
    match (lock.berry, pair.folder()) {
        (true, folder) => berry(&now, lock, folder),
        (false, "") => classic(&now, lock),
        // Classic Yarn looks at the root only: whether a folder is one of its workspaces, other files tell.
        (false, _) => Frozen::Apart,
    }
}

fn classic(now: &Manifest<'_>, lock: &Lock) -> Frozen {
    let resolved: HashSet<&str> = pairs(&now.resolutions)
        .map(|(pattern, _)| pattern.trim_start_matches("**/"))
        .collect();
    let mut out = Vec::new();
    for (name, range) in asked(now) {
        let linked = ["link:", "workspace:"]
            .iter()
            .any(|kind| range.starts_with(kind));
        // A name alone stands for every version.
        let bare = range.is_empty() && lock.has(name);
        if linked || bare || resolved.contains(name) || lock.has(&format!("{name}@{range}")) {
            continue;
        }
        let start = format!("{name}@");
        let others = lock.after(&start);
        let message = match others.len() {
            0 => format!("`{range}` is asked for, nothing is locked"),
            _ => format!(
                "`{range}` is asked for, locked is for {}",
                shown(others.map(|other| format!("`{other}`")))
            ),
        };
        out.push(mismatch(name, range, message));
    }
    Frozen::of(out)
}

fn mismatch(name: &str, range: &str, message: String) -> Mismatch {
    Mismatch {
        entry: name.to_owned(),
        message,
        place: Place::JsonPair(name.to_owned(), range.to_owned()),
    }
}

fn berry(now: &Manifest<'_>, lock: &Lock, folder: &str) -> Frozen {
    let folder = if folder.is_empty() { "." } else { folder };
    let Some(locked) = lock.workspaces.get(folder) else {
        return Frozen::Apart;
    };
    let asked = asked(now);
    let mut out = compared(&asked, &locked.asked);
    let peers: BTreeMap<&str, &str> = pairs(&now.peer_dependencies).collect();
    out.extend(compared(&peers, &locked.peers));
    for (name, range) in pairs(&now.resolutions) {
        out.extend(resolution(name, range, lock));
    }
    Frozen::of(out)
}

fn compared(asked: &BTreeMap<&str, &str>, locked: &BTreeMap<String, String>) -> Vec<Mismatch> {
    // Since version 4 plain ranges are written with their protocol; patches and files with more.
    let plain = |range: &str| {
        !["patch:", "file:", "portal:", "exec:"]
            .iter()
            .any(|kind| range.starts_with(kind))
    };
    let mut out = asked_otherwise(asked, |name| {
        let (range, now) = (locked.get(name)?.as_str(), *asked.get(name)?);
        let same = range.strip_prefix("npm:") == Some(now) || !plain(now);
        Some(if same { now } else { range })
    });
    for name in locked.keys() {
        if !asked.contains_key(name.as_str()) {
            out.push(Mismatch::left_over(name));
        }
    }
    out
}

/// A resolution for a whole package: every key of it has that range.
fn resolution(name: &str, range: &str, lock: &Lock) -> Option<Mismatch> {
    let plain = !name.trim_start_matches('@').contains('@')
        && name.matches('/').count() == usize::from(name.starts_with('@'))
        && !range.contains(':');
    let start = format!("{name}@npm:");
    let other = lock
        .after(&start)
        .find(|key| *key != range)
        .filter(|_| plain)?;
    let message = format!("`{range}` is to be taken in all places, locked is for `{other}`");
    Some(mismatch(name, range, message))
}

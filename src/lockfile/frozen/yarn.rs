//! Yarn: `package.json` and `yarn.lock`. The classic form has a key for every `name@range` that was asked for, and
//! `--frozen-lockfile` looks for those of the root alone (<https://classic.yarnpkg.com/lang/en/docs/cli/install/>); since version 2
//! it repeats what each workspace asks for, and `--immutable` refuses every difference (<https://yarnpkg.com/cli/install>).

use super::super::input::Input;
use super::super::json;
use super::super::yaml_lines::unquote;
use super::package_json::{Manifest, pairs, united};
use super::{Frozen, FrozenSpec, ManifestName, Mismatch, Pair, asked_otherwise, json_pair};
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
struct Workspace<'a> {
    asked: BTreeMap<&'a str, &'a str>,
    peers: BTreeMap<&'a str, &'a str>,
}

#[derive(Default)]
struct Lock<'a> {
    /// Every `name@range`.
    keys: HashSet<&'a str>,
    /// By folder, `.` for the root.
    workspaces: HashMap<&'a str, Workspace<'a>>,
    berry: bool,
}

/// Reads keys and workspaces; what else there is does not matter.
fn lock<'a>(text: &'a str) -> Lock<'a> {
    let mut out = Lock::default();
    let mut block = "";
    let mut folder = None;
    for raw in text.lines() {
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
    out
}

impl<'a> Lock<'a> {
    /// The head of an entry; gives the folder where it is a workspace.
    fn entry(&mut self, line: &'a str) -> Option<&'a str> {
        let line = line.strip_prefix("? ").unwrap_or(line).trim_end();
        let keys = patterns(line.strip_suffix(':').unwrap_or(line));
        self.berry |= keys == ["__metadata"];
        let places = keys.iter().filter_map(|key| key.split_once("@workspace:"));
        // A range for a workspace, as in `a@workspace:^`, is no folder.
        let folder = places.map(|(_, at)| at).find(|at| is_folder(at));
        if let Some(at) = folder {
            self.workspaces.entry(at).or_default();
        }
        self.keys.extend(keys.iter().copied());
        folder
    }

    fn field(&mut self, folder: Option<&str>, block: &str, line: &'a str) {
        let workspace = folder.and_then(|at| self.workspaces.get_mut(at));
        if let (Some(workspace), Some((name, range))) = (workspace, field(line)) {
            match block {
                "dependencies" => workspace.asked.insert(name, range),
                "peerDependencies" => workspace.peers.insert(name, range),
                _ => None,
            };
        }
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

fn manifests(bytes: &[u8], _: &[u8]) -> Vec<String> {
    let Ok(input) = Input::new(bytes) else {
        return Vec::new();
    };
    let lock = lock(input.text);
    if !lock.berry {
        return vec!["package.json".to_owned()];
    }
    let folders = lock.workspaces.keys();
    let mut out: Vec<String> = folders
        .filter(|folder| !folder.starts_with(".."))
        .map(|folder| match *folder {
            "." => "package.json".to_owned(),
            folder => format!("{folder}/package.json"),
        })
        .collect();
    out.sort();
    out
}

fn check(pair: &Pair<'_>) -> Frozen {
    let (Ok(manifest), Ok(input)) = (Input::new(pair.manifest), Input::new(pair.lock)) else {
        return Frozen::Unknown;
    };
    let Ok(now) = json::parse::<Manifest<'_>>(&manifest) else {
        return Frozen::Unknown;
    };
    let lock = lock(input.text);
    match (lock.berry, pair.folder()) {
        (true, folder) => berry(&now, &lock, folder, manifest.text),
        (false, "") => classic(&now, &lock, manifest.text),
        // Classic Yarn looks at the root only: whether a folder is one of its workspaces, other files tell.
        (false, _) => Frozen::Apart,
    }
}

fn classic(now: &Manifest<'_>, lock: &Lock<'_>, text: &str) -> Frozen {
    let resolved: HashSet<&str> = pairs(&now.resolutions)
        .map(|(pattern, _)| pattern.trim_start_matches("**/"))
        .collect();
    let mut out = Vec::new();
    for (name, range) in asked(now) {
        let linked = ["link:", "workspace:"]
            .iter()
            .any(|kind| range.starts_with(kind));
        let plain = format!("{name}@{range}");
        // A name alone stands for every version.
        let bare = range.is_empty() && lock.keys.contains(name);
        if linked || bare || resolved.contains(name) || lock.keys.contains(plain.as_str()) {
            continue;
        }
        let start = format!("{name}@");
        let mut others: Vec<&str> = lock
            .keys
            .iter()
            .filter_map(|key| key.strip_prefix(start.as_str()))
            .collect();
        others.sort_unstable();
        let message = if others.is_empty() {
            format!("`{range}` is asked for, nothing is locked")
        } else {
            format!(
                "`{range}` is asked for, locked is for `{}`",
                others.join("`, `")
            )
        };
        out.push(Mismatch {
            entry: name.to_owned(),
            message,
            manifest: json_pair(text, name, range),
        });
    }
    Frozen::of(out)
}

fn berry(now: &Manifest<'_>, lock: &Lock<'_>, folder: &str, text: &str) -> Frozen {
    let folder = if folder.is_empty() { "." } else { folder };
    let Some(locked) = lock.workspaces.get(folder) else {
        return Frozen::Apart;
    };
    let asked = asked(now);
    let mut out = compared(&asked, &locked.asked, text);
    let peers: BTreeMap<&str, &str> = pairs(&now.peer_dependencies).collect();
    out.extend(compared(&peers, &locked.peers, text));
    for (name, range) in pairs(&now.resolutions) {
        out.extend(resolution(name, range, lock, text));
    }
    Frozen::of(out)
}

fn compared(
    asked: &BTreeMap<&str, &str>,
    locked: &BTreeMap<&str, &str>,
    text: &str,
) -> Vec<Mismatch> {
    // Since version 4 plain ranges are written with their protocol; patches and files with more.
    let plain = |range: &str| {
        !["patch:", "file:", "portal:", "exec:"]
            .iter()
            .any(|kind| range.starts_with(kind))
    };
    let locked: BTreeMap<&str, &str> = locked
        .iter()
        .map(|(name, range)| match asked.get(name) {
            Some(now) if range.strip_prefix("npm:") == Some(*now) || !plain(now) => (*name, *now),
            _ => (*name, *range),
        })
        .collect();
    let mut out = asked_otherwise(asked, &locked, text);
    for name in locked.keys().filter(|name| !asked.contains_key(*name)) {
        out.push(Mismatch::left_over(name));
    }
    out
}

/// A resolution for a whole package: every key of it has that range.
fn resolution(name: &str, range: &str, lock: &Lock<'_>, text: &str) -> Option<Mismatch> {
    let plain = !name.trim_start_matches('@').contains('@')
        && name.matches('/').count() == usize::from(name.starts_with('@'))
        && !range.contains(':');
    let start = format!("{name}@npm:");
    let mut keys = lock
        .keys
        .iter()
        .filter_map(|key| key.strip_prefix(start.as_str()));
    let other = keys.find(|key| *key != range).filter(|_| plain)?;
    Some(Mismatch {
        entry: name.to_owned(),
        message: format!("`{range}` is to be taken in all places, locked is for `{other}`"),
        manifest: json_pair(text, name, range),
    })
}

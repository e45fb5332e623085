//! What a lockfile says of where its archives come from and what they must hash to, against what it said before: a
//! lockfile is reviewed by nobody, so a changed address or hash is the quietest way to slip other code in.

use super::Audit;
use super::before::State;
use super::packages::{Key, Lockfile, key};
use super::report::{Notice, titled};
use super::rules::{HASH_CHANGED, HASH_MISSING, SOURCE_CHANGED, SOURCE_MISMATCH};
use crate::lockfile::{Package, Source};
use crate::model::{Severity, Sink};
use crate::scan::SourceFile;
use crate::version::Ecosystem;
use std::cell::OnceCell;
use std::collections::hash_map::Entry;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::ops::Range;

/// Formats whose tools write a hash for everything that comes from a registry.
const HASHING: [&str; 7] = [
    "bun",
    "nuget-lock",
    "pdm",
    "pipenv",
    "poetry",
    "pylock",
    "uv",
];

/// Compares the packages of a lockfile with those that it had before the change; without a change only their addresses.
pub(super) fn judge(lockfile: &Lockfile<'_>, out: &mut Sink) {
    let Lockfile {
        audit,
        file,
        format,
        packages,
        text,
        states,
        ..
    } = *lockfile;
    // Only formats that name hashes or addresses can say anything.
    let says = |package: &Package| !package.hash.is_empty() || !package.address.is_empty();
    if !audit.settings.integrity || !packages.iter().any(says) {
        return;
    }
    let before = audit
        .settings
        .judges_change
        .then(|| Before::of(states.own()))
        .flatten();
    let judge = Judge {
        audit,
        file,
        text,
        before,
        hashed: packages.iter().any(|one| !one.hash.is_empty()),
        hashes_all: HASHING.contains(&format.id),
    };
    for package in packages.iter().filter(|one| one.source != Source::Path) {
        judge.package(package, out);
    }
}

/// What was known of a package in a version.
#[derive(Default)]
struct Known<'a> {
    /// Where its hashes stand, as they were written.
    hashes: &'a str,
    /// The same in other places and states, where it is written otherwise.
    more: Vec<&'a str>,
    address: &'a str,
}

impl Known<'_> {
    fn hashes(&self) -> BTreeSet<&str> {
        let texts = self.more.iter().copied().chain([self.hashes]);
        texts.flat_map(hashes).collect()
    }
}

/// The lockfile before the change.
struct Before<'a> {
    packages: HashMap<Key<'a>, Known<'a>>,
    states: &'a [State<'a>],
    /// Gathered for the first package whose address is another than before.
    origins: OnceCell<Origins<'a>>,
}

/// Where packages came from.
#[derive(Default)]
struct Origins<'a> {
    /// Packages of which every version came from a registry.
    registry: HashMap<&'a str, bool>,
    /// The hosts that archives came from, by package name; and all of them.
    hosts: HashMap<&'a str, &'a str>,
    all_hosts: HashSet<&'a str>,
}

/// The packages of some states, with the text that they stand in.
fn packages<'a>(states: &'a [State<'a>]) -> impl Iterator<Item = (&'a str, &'a Package)> {
    let of = |state: &'a State<'a>| state.packages().iter().map(|one| (state.text, one));
    states.iter().flat_map(of)
}

impl<'a> Before<'a> {
    /// `None` where there was none: then everything is new and nothing can have changed.
    fn of(states: &'a [State<'a>]) -> Option<Self> {
        if states.is_empty() {
            return None;
        }
        let mut known: HashMap<Key<'a>, Known<'a>> = HashMap::new();
        for (text, package) in packages(states) {
            let hashes = part(text, &package.hash);
            let address = part(text, &package.address);
            match known.entry(key(package)) {
                Entry::Vacant(new) => {
                    new.insert(Known {
                        hashes,
                        more: Vec::new(),
                        address,
                    });
                }
                Entry::Occupied(mut known) => {
                    let known = known.get_mut();
                    known.address = address;
                    if known.hashes != hashes && known.more.last() != Some(&hashes) {
                        known.more.push(hashes);
                    }
                }
            }
        }
        Some(Self {
            packages: known,
            states,
            origins: OnceCell::new(),
        })
    }

    fn origins(&self) -> &Origins<'a> {
        self.origins.get_or_init(|| {
            let mut origins = Origins::default();
            for (text, package) in packages(self.states) {
                let name = package.name.as_str();
                if let Some(host) = host(part(text, &package.address)) {
                    origins.hosts.insert(name, host);
                    origins.all_hosts.insert(host);
                }
                let of_registry = package.source == Source::Registry;
                *origins.registry.entry(name).or_insert(true) &= of_registry;
            }
            origins
        })
    }
}

fn part<'a>(text: &'a str, place: &Range<usize>) -> &'a str {
    text.get(place.clone()).unwrap_or_default()
}

/// The hashes in a text: `algorithm-base64`, `algorithm:hex`, `algorithm=hex`, or bare digits. Addresses and names of files
/// stand beside them; those have a dot.
fn hashes(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '{' | '}' | '[' | ']'))
        .map(|word| word.trim_start_matches("--hash="))
        .filter(|word| is_hash(word))
}

fn is_hash(word: &str) -> bool {
    let named = word.split_once([':', '-', '=']).filter(|(algorithm, _)| {
        let letters = algorithm.bytes().all(|byte| byte.is_ascii_alphanumeric());
        letters && (2..=7).contains(&algorithm.len())
    });
    let digits = named.map_or(word, |(_, digits)| digits);
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=');
    digits.len() >= 28 && word.len() >= 32 && digits.bytes().all(fits)
}

/// The first of the wheels among the names of files in `text` that is of another package than `name`
/// (<https://packaging.python.org/en/latest/specifications/binary-distribution-format/#file-name-convention>).
fn other_wheel<'a>(text: &'a str, name: &str) -> Option<&'a str> {
    let names = text
        .split(['"', '\'', '/', ' '])
        .filter_map(|word| word.split(['#', '?']).next()?.strip_suffix(".whl"));
    let mut packages = names.filter_map(|file| file.split('-').next());
    let normal = |name: &str| Ecosystem::PyPI.normalize_name(name).into_owned();
    let own = normal(name);
    packages.find(|package| !package.contains('%') && normal(package) != own)
}

/// How strong a hash is: where it names no algorithm, by its length.
fn strength(hash: &str) -> u8 {
    const ALGORITHMS: [(&str, u8); 5] = [
        ("md5", 0),
        ("sha1", 1),
        ("sha256", 2),
        ("sha384", 3),
        ("sha512", 4),
    ];
    let named = ALGORITHMS.iter().find(|(name, _)| hash.starts_with(name));
    named.map_or(if hash.len() < 64 { 1 } else { 2 }, |(_, strength)| {
        *strength
    })
}

/// The host of an address, without user and port; `None` for what is no address.
fn host(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    let authority = rest.split(['/', '?', '#']).next()?;
    let host = authority.rsplit('@').next()?;
    Some(host.split(':').next().unwrap_or(host))
}

/// The name in the address of an npm archive, `https://host/[path/]name/-/name-1.0.0.tgz`, with the part before it.
fn named_in(address: &str) -> Option<String> {
    let (before, _) = address.split_once("/-/")?;
    let path = before.split_once("://")?.1;
    let path = path.split_once('/')?.1;
    Some(
        path.replace("%2f", "/")
            .replace("%2F", "/")
            .replace("%40", "@"),
    )
}

/// The name of the package whose archive the address of an npm package leads to, where that is another.
fn other_package(package: &Package, address: &str) -> Option<String> {
    if package.ecosystem != Ecosystem::Npm || package.source != Source::Registry {
        return None;
    }
    let named = named_in(address)?;
    let same = named == package.name || named.ends_with(&format!("/{}", package.name));
    (!same).then_some(named)
}

struct Judge<'a> {
    audit: &'a Audit,
    file: &'a SourceFile<'a>,
    text: &'a str,
    before: Option<Before<'a>>,
    /// Whether the lockfile names hashes at all.
    hashed: bool,
    /// Whether its tool hashes everything that comes from a registry, with or without an address.
    hashes_all: bool,
}

impl Judge<'_> {
    fn package(&self, package: &Package, out: &mut Sink) {
        let address = part(self.text, &package.address);
        let known = self
            .before
            .as_ref()
            .and_then(|before| before.packages.get(&key(package)));
        let same_address = known.is_some_and(|known| known.address == address);
        if !same_address || package.ecosystem == Ecosystem::PyPI {
            self.address(package, address, out);
        }
        // Whether hashes are read and put in order at all: without a lockfile before there is nothing to compare.
        let text = part(self.text, &package.hash);
        let same_hashes = known.is_some_and(|known| known.hashes == text && known.more.is_empty());
        if self.before.is_some() && !same_hashes {
            self.hash(package, known, out);
        }
    }

    fn address(&self, package: &Package, address: &str, out: &mut Sink) {
        if let Some(named) = other_package(package, address) {
            let message = format!("its archive is that of another package, {named}");
            self.finding(SOURCE_MISMATCH, Severity::Critical, package, message, out);
            return;
        }
        let python = package.ecosystem == Ecosystem::PyPI && package.source == Source::Registry;
        let wheel = || other_wheel(part(self.text, &package.hash), &package.name);
        if let Some(named) = python.then(wheel).flatten() {
            let message = format!("one of its archives is that of another package, {named}");
            self.finding(SOURCE_MISMATCH, Severity::Critical, package, message, out);
            return;
        }
        let bare = address.trim_matches('"');
        if bare.starts_with("http://") || bare.starts_with("git://") {
            let message = "its archive is fetched without encryption".to_owned();
            self.finding(SOURCE_CHANGED, Severity::High, package, message, out);
            return;
        }
        if let Some(now) = self.left_registry(package) {
            let message = format!("it comes from {now} now, before from a registry");
            self.finding(SOURCE_CHANGED, Severity::Medium, package, message, out);
            return;
        }
        if let Some((now, was)) = self.moved(package, address) {
            let message = format!("it comes from {now} now, before from {was}");
            self.finding(SOURCE_CHANGED, Severity::Medium, package, message, out);
        }
    }

    /// What a package comes from that only came from a registry before.
    fn left_registry(&self, package: &Package) -> Option<&'static str> {
        let now = match package.source {
            Source::Git { .. } => "a repository",
            Source::Url => "an address of its own",
            Source::Registry | Source::Path | Source::Unknown => return None,
        };
        let registry = &self.before.as_ref()?.origins().registry;
        (registry.get(package.name.as_str()) == Some(&true)).then_some(now)
    }

    /// The host that a package comes from now and the one before. Where a project moves to a mirror, every package does;
    /// a host that no package came from before is odd.
    fn moved<'b>(&'b self, package: &Package, address: &'b str) -> Option<(&'b str, &'b str)> {
        let (before, now) = (self.before.as_ref()?, host(address)?);
        let origins = before.origins();
        let was = *origins.hosts.get(package.name.as_str())?;
        (now != was && !origins.all_hosts.contains(now)).then_some((now, was))
    }

    fn hash(&self, package: &Package, known: Option<&Known<'_>>, out: &mut Sink) {
        let now: BTreeSet<&str> = hashes(part(self.text, &package.hash)).collect();
        match known.map(Known::hashes) {
            Some(was) if was.is_empty() => {}
            Some(_) if now.is_empty() => {
                let message = "its hash was taken out of the lockfile".to_owned();
                self.finding(HASH_MISSING, Severity::High, package, message, out);
            }
            Some(was) => self.changed(package, &was, &now, out),
            None if now.is_empty() && self.should_be_hashed(package) => {
                let message = "it has no hash, as others have".to_owned();
                self.finding(HASH_MISSING, Severity::Low, package, message, out);
            }
            None => {}
        }
    }

    /// A new archive with an address is fetched, and without a hash nothing tells whether it is the right one.
    fn should_be_hashed(&self, package: &Package) -> bool {
        let named = self.hashes_all || !package.address.is_empty();
        let fetched = package.source == Source::Registry && named;
        fetched && self.hashed
    }

    fn changed(
        &self,
        package: &Package,
        was: &BTreeSet<&str>,
        now: &BTreeSet<&str>,
        out: &mut Sink,
    ) {
        let best = |all: &BTreeSet<&str>| all.iter().map(|hash| strength(hash)).max();
        let common = was.intersection(now).next().is_some();
        if best(now) < best(was) {
            let message = "its hash is of a weaker kind than before".to_owned();
            self.finding(HASH_CHANGED, Severity::High, package, message, out);
        } else if !common && best(now) == best(was) {
            let message = "its hash changed and its version did not".to_owned();
            self.finding(HASH_CHANGED, Severity::High, package, message, out);
        }
    }

    fn finding(
        &self,
        rule: &'static str,
        severity: Severity,
        package: &Package,
        message: String,
        out: &mut Sink,
    ) {
        let settings = &self.audit.settings;
        let place = [&package.hash, &package.address, &package.span]
            .into_iter()
            .find(|place| !place.is_empty())
            .map_or(0..0, Clone::clone);
        let notice = Notice {
            rule,
            severity,
            blocking: settings.blocks && severity >= Severity::Medium.max(settings.threshold(false)),
            place,
            message: format!("{}: {message}", titled(package)),
            help: "restore the lockfile from git and let the package manager write it anew; if it is meant, \
                   `integrity = false` in [scan.audit] for this commit"
                .to_owned(),
            identity: &package.version,
            more: None,
        };
        out.finding(notice.finding(self.file, package));
    }
}

//! What a lockfile says of where its archives come from and what they must hash to, against what it said before: a
//! lockfile is reviewed by nobody, so a changed address or hash is the quietest way to slip other code in.

use super::Audit;
use super::packages::{Key, Lockfile, key, owned};
use super::report::{Notice, titled};
use super::rules::{HASH_CHANGED, HASH_MISSING, SOURCE_CHANGED, SOURCE_MISMATCH};
use crate::lockfile::{LockfileSpec, Package, Source};
use crate::model::{Severity, Sink};
use crate::scan::SourceFile;
use crate::version::Ecosystem;
use compact_str::CompactString;
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
    } = *lockfile;
    // Only formats that name hashes or addresses can say anything.
    let says = |package: &Package| !package.hash.is_empty() || !package.address.is_empty();
    if !audit.settings.integrity || !packages.iter().any(says) {
        return;
    }
    let before = audit
        .settings
        .judges_change
        .then(|| Before::read(audit, file, format))
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
struct Known {
    hashes: BTreeSet<String>,
    address: String,
}

/// The lockfile before the change.
struct Before {
    packages: HashMap<Key<'static>, Known>,
    /// Packages of which every version came from a registry.
    registry: HashMap<CompactString, bool>,
    /// The hosts that archives came from, by package name; and all of them.
    hosts: HashMap<CompactString, String>,
    all_hosts: HashSet<String>,
}

impl Before {
    /// `None` where there was none: then everything is new and nothing can have changed.
    fn read(audit: &Audit, file: &SourceFile<'_>, format: &LockfileSpec) -> Option<Self> {
        let path = file.meta().path.to_text();
        let mut before = Self {
            packages: HashMap::new(),
            registry: HashMap::new(),
            hosts: HashMap::new(),
            all_hosts: HashSet::new(),
        };
        let bases = file.bases().ok().filter(|bases| !bases.is_empty())?;
        for base in bases {
            let text = std::str::from_utf8(base).unwrap_or_default();
            let contents = audit.neighbours.contents_before(format, &path, base);
            for package in &contents.unwrap_or_default().packages {
                let address = part(text, &package.address).to_owned();
                if let Some(host) = host(&address) {
                    before.hosts.insert(package.name.clone(), host.to_owned());
                    before.all_hosts.insert(host.to_owned());
                }
                let of_registry = package.source == Source::Registry;
                let all = before.registry.entry(package.name.clone()).or_insert(true);
                *all &= of_registry;
                let known = before.packages.entry(owned(key(package))).or_default();
                known.hashes.extend(hashes(part(text, &package.hash)));
                known.address = address;
            }
        }
        Some(before)
    }
}

fn part<'a>(text: &'a str, place: &Range<usize>) -> &'a str {
    text.get(place.clone()).unwrap_or_default()
}

/// The hashes in a text: `algorithm-base64`, `algorithm:hex`, `algorithm=hex`, or bare digits. Addresses and names of files
/// stand beside them; those have a dot.
fn hashes(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | ',' | '{' | '}' | '[' | ']'))
        .map(|word| word.trim_start_matches("--hash="))
        .filter(|word| is_hash(word))
        .map(str::to_owned)
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
    before: Option<Before>,
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
        if self.before.is_some() {
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
        let before = self.before.as_ref()?;
        (before.registry.get(&package.name) == Some(&true)).then_some(now)
    }

    /// The host that a package comes from now and the one before. Where a project moves to a mirror, every package does;
    /// a host that no package came from before is odd.
    fn moved<'b>(&'b self, package: &Package, address: &'b str) -> Option<(&'b str, &'b str)> {
        let before = self.before.as_ref()?;
        let (now, was) = (host(address)?, before.hosts.get(&package.name)?);
        (now != was && !before.all_hosts.contains(now)).then_some((now, was.as_str()))
    }

    fn hash(&self, package: &Package, known: Option<&Known>, out: &mut Sink) {
        let now: BTreeSet<String> = hashes(part(self.text, &package.hash)).collect();
        match known {
            Some(known) if known.hashes.is_empty() => {}
            Some(_) if now.is_empty() => {
                let message = "its hash was taken out of the lockfile".to_owned();
                self.finding(HASH_MISSING, Severity::High, package, message, out);
            }
            Some(known) => self.changed(package, &known.hashes, &now, out),
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
        was: &BTreeSet<String>,
        now: &BTreeSet<String>,
        out: &mut Sink,
    ) {
        let best = |all: &BTreeSet<String>| all.iter().map(|hash| strength(hash)).max();
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

//! What the project's manifests ask for of a package: where they do not admit the version that fixes an advisory, mending
//! begins there. One file a kind of manifest.

mod cargo;
mod composer;
mod dialect;
mod flag;
mod gemfile;
mod package_json;
mod python;
#[cfg(test)]
mod tests;

use super::input::{Input, file_name, relative};
use super::{FROZEN, Folders, Kept, LockfileSpec, ManifestName, Top};
use dialect::Dialect;
use flag::{flag, removal};
use std::cell::OnceCell;
use std::collections::HashMap;

/// A requirement of a manifest.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Requirement {
    /// The manifest's path from the root.
    pub path: String,
    /// The line that it stands in, from 1.
    pub line: usize,
    /// The range as it is written.
    pub range: String,
    /// What must be said to the manager's own command so that it writes there; `None` where it can't.
    pub flag: Option<String>,
    /// How the manager's own command takes it out; `None` where it can't.
    pub removal: Option<Removal>,
    dialect: Dialect,
}

/// What must be said to a package manager's command so that it takes a requirement out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Removal {
    /// What leads it to the list; empty, or with a blank at its end.
    pub flag: String,
    /// The name in that list, which an alias makes another than the package's.
    pub name: String,
    /// Whether it is given in the manifest's own folder, not in the lockfile's.
    pub inside: bool,
}

impl Requirement {
    /// Whether the range admits `version`; `None` where it can't be read.
    #[must_use]
    pub fn admits(&self, version: &str) -> Option<bool> {
        self.dialect.admits(&self.range, version)
    }

    /// What to write instead, so that it admits `version`: an exact version stays one.
    #[must_use]
    pub fn raised(&self, version: &str) -> String {
        self.dialect.raised(&self.range, version)
    }

    /// Whether it admits one version only.
    #[must_use]
    pub fn is_exact(&self) -> bool {
        self.dialect.is_exact(&self.range)
    }
}

/// Which list of a manifest a requirement stands in.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Group {
    /// What is needed to run.
    Main,
    /// What development needs, where there is one such list.
    Dev,
    /// A group with a name.
    Named(String),
    /// What an extra brings in.
    Extra(String),
    /// One of Cargo's lists: the options of `cargo remove` for it.
    Cargo(String),
    /// A list that no command writes to.
    Other,
}

/// What a reader finds.
struct Asked {
    /// The package, as [`Reader::spelling`] spells it.
    name: String,
    range: String,
    /// Byte offset of the entry.
    at: usize,
    group: Group,
    /// Whether the manager's command for another version would leave what else is written there.
    writable: bool,
    /// How the list calls it.
    key: String,
    dialect: Dialect,
}

/// A kind of manifest.
struct Reader {
    /// How it is called.
    manifest: &'static str,
    /// Reads all that it asks for; `None` where it can't be read.
    read: fn(&Input<'_>) -> Option<Vec<Asked>>,
    /// One of all the spellings of a package's name.
    spelling: fn(&str) -> String,
}

static READERS: &[Reader] = &[
    Reader::new("Cargo.toml", cargo::asked, str::to_owned),
    Reader::new("Gemfile", gemfile::asked, str::to_owned),
    Reader::new("Pipfile", python::pipfile, python::normal),
    Reader::new("composer.json", composer::asked, str::to_ascii_lowercase),
    Reader::new("gems.rb", gemfile::asked, str::to_owned),
    Reader::new("package.json", package_json::asked, str::to_owned),
    Reader::new("pyproject.toml", python::pyproject, python::normal),
];

impl Reader {
    const fn new(
        manifest: &'static str,
        read: fn(&Input<'_>) -> Option<Vec<Asked>>,
        spelling: fn(&str) -> String,
    ) -> Self {
        Self {
            manifest,
            read,
            spelling,
        }
    }
}

/// The manifests that belong to a lockfile.
pub struct Manifests {
    format: &'static str,
    files: Vec<Manifest>,
}

/// A manifest that there is a reader for.
struct Manifest {
    /// How the lockfile's folder calls it.
    named: String,
    /// Its path from the root.
    path: String,
    bytes: Vec<u8>,
    reader: &'static Reader,
    /// What it asks for, by the package's name: read when the first package is asked for.
    asked: OnceCell<Option<ByName>>,
}

/// What is asked for by a name, each with its line.
type ByName = HashMap<String, Vec<(usize, Asked)>>;

impl Manifests {
    /// Those that belong to the lockfile at `path` with the bytes `lock`, as `read` and `folders` give them, both by paths
    /// from the root.
    #[must_use]
    pub fn new(
        format: &LockfileSpec,
        path: &str,
        lock: &[u8],
        read: &dyn Fn(&str) -> Option<Vec<u8>>,
        folders: Folders<'_>,
    ) -> Self {
        let specs = FROZEN
            .iter()
            .filter(|spec| spec.stem_of_lock(file_name(path)) == Some(""));
        let mut files = Vec::new();
        let lock = Kept::new(lock);
        for spec in specs {
            let ManifestName::Exact(manifest) = spec.manifest else {
                continue;
            };
            let reader = READERS.iter().find(|one| one.manifest == manifest);
            let top = relative(path, manifest).and_then(|path| read(&path));
            let (Some(reader), Some(top)) = (reader, top) else {
                continue;
            };
            let top = Top {
                lock: &lock,
                manifest: &top,
                folders: &|folder| relative(path, folder).map_or_else(Vec::new, |at| folders(&at)),
            };
            files.extend((spec.manifests)(&top).into_iter().filter_map(|named| {
                let path = relative(path, &named)?;
                Some(Manifest {
                    bytes: read(&path)?,
                    reader,
                    named,
                    path,
                    asked: OnceCell::new(),
                })
            }));
        }
        Self {
            format: format.id,
            files,
        }
    }

    /// What they ask for of the package `name`; `None` where there is none that can be read.
    #[must_use]
    pub fn requirements(&self, name: &str) -> Option<Vec<Requirement>> {
        let mut out = None;
        for found in self
            .files
            .iter()
            .filter_map(|one| one.requirements(self.format, name))
        {
            out.get_or_insert_with(Vec::new).extend(found);
        }
        out
    }
}

impl Manifest {
    /// Its requirements of the package `name`; `None` where it can't be read.
    fn requirements(&self, format: &str, name: &str) -> Option<Vec<Requirement>> {
        let all = self.asked.get_or_init(|| self.read()).as_ref()?;
        let folder = self.named.rsplit_once('/').map_or("", |(folder, _)| folder);
        let found = all.get(&(self.reader.spelling)(name));
        let requirement = |(line, one): &(usize, Asked)| Requirement {
            path: self.path.clone(),
            line: *line,
            flag: flag(format, folder, one),
            removal: removal(format, folder, one),
            range: one.range.clone(),
            dialect: one.dialect,
        };
        Some(found.into_iter().flatten().map(requirement).collect())
    }

    fn read(&self) -> Option<ByName> {
        let input = Input::new(&self.bytes).ok()?;
        let mut asked = (self.reader.read)(&input)?;
        asked.sort_by_key(|one| one.at);
        // From each to the next: all of a file in one go.
        let (mut line, mut seen) = (1, 0);
        let mut out = ByName::new();
        for one in asked {
            line += input.text[seen..one.at].matches('\n').count();
            seen = one.at;
            out.entry(one.name.clone()).or_default().push((line, one));
        }
        Some(out)
    }
}

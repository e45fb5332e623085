//! What was in a lockfile before the change: read once for every judge that compares.

use super::Audit;
use super::packages::{Key, key, published};
use crate::lockfile::{Contents, LockfileSpec, Package};
use crate::scan::SourceFile;
use crate::version::Ecosystem;
use std::cell::OnceCell;
use std::sync::Arc;

/// The states of a lockfile before the change: none where it is new, several for a merge.
pub(super) struct States<'a> {
    pub(super) audit: &'a Audit,
    pub(super) file: &'a SourceFile<'a>,
    pub(super) format: &'static LockfileSpec,
    own: OnceCell<Vec<State<'a>>>,
    instead: OnceCell<Option<Arc<Contents>>>,
}

/// One of them.
pub(super) struct State<'a> {
    /// What it said; nothing for one that is no text.
    pub(super) text: &'a str,
    contents: Arc<Contents>,
}

impl State<'_> {
    /// Its packages. One that can't be read holds nothing: a finding too many is better than one too few.
    pub(super) fn packages(&self) -> &[Package] {
        &self.contents.packages
    }
}

impl<'a> States<'a> {
    /// Those of `file`; nothing is read yet.
    pub(super) fn new(
        audit: &'a Audit,
        file: &'a SourceFile<'a>,
        format: &'static LockfileSpec,
    ) -> Self {
        Self {
            audit,
            file,
            format,
            own: OnceCell::new(),
            instead: OnceCell::new(),
        }
    }

    fn read(&self, bytes: &[u8]) -> Arc<Contents> {
        let path = self.file.meta().path.to_text();
        let neighbours = &self.audit.neighbours;
        let held = neighbours.contents_before(self.format, &path, bytes);
        held.unwrap_or_default()
    }

    /// Those of the file itself.
    pub(super) fn own(&self) -> &[State<'a>] {
        self.own.get_or_init(|| {
            let file = self.file;
            let bases = file.bases().unwrap_or_default().iter();
            let state = |bytes: &'a Vec<u8>| State {
                text: simdutf8::basic::from_utf8(bytes).unwrap_or_default(),
                contents: self.read(bytes),
            };
            bases.map(state).collect()
        })
    }

    /// The packages of the file that was read in its place before, where there was one.
    fn instead(&self) -> Option<&[Package]> {
        let found = self.instead.get_or_init(|| {
            let path = self.file.meta().path.to_text();
            let bytes = self.audit.neighbours.read_instead_before(&path)?;
            Some(self.read(&bytes))
        });
        found.as_ref().map(|contents| contents.packages.as_slice())
    }
}

/// Packages in their versions, in order, each once.
pub(super) struct Keys<'a>(Vec<Key<'a>>);

impl<'a> Keys<'a> {
    /// Puts keys in order.
    pub(super) fn of(keys: impl Iterator<Item = Key<'a>>) -> Self {
        let mut keys: Vec<Key<'a>> = keys.collect();
        // Most lockfiles are in order, which this sort sees in one go.
        keys.sort();
        keys.dedup();
        Self(keys)
    }

    /// Whether the package is there in this version.
    pub(super) fn has(&self, key: &Key<'_>) -> bool {
        self.0.binary_search_by(|one| one.cmp(key)).is_ok()
    }

    /// The package in all its versions.
    fn versions(&self, (ecosystem, name, _): &Key<'_>) -> &[Key<'a>] {
        let asked: (Ecosystem, &str) = (*ecosystem, name);
        let start = self
            .0
            .partition_point(|one| (one.0, one.1.as_ref()) < asked);
        let rest = &self.0[start..];
        let same = rest.partition_point(|one| (one.0, one.1.as_ref()) == asked);
        &rest[..same]
    }

    /// Those that `others` do not have.
    fn without<'b>(&'b self, others: &'b Keys<'_>) -> impl Iterator<Item = &'b Key<'a>> {
        let mut others = others.0.iter().peekable();
        self.0.iter().filter(move |key| {
            while others.next_if(|other| *other < *key).is_some() {}
            others.peek().is_none_or(|other| *other != *key)
        })
    }
}

/// The packages that advisories can be about, before the change.
pub(super) struct Before<'a>(Keys<'a>);

impl<'a> Before<'a> {
    /// Gathers them.
    pub(super) fn of(states: &'a States<'a>) -> Self {
        let own = || states.own().iter().flat_map(State::packages);
        let keys = |packages: &mut dyn Iterator<Item = &'a Package>| {
            Keys::of(packages.filter(|one| published(one)).map(key))
        };
        Self(match states.instead() {
            Some(instead) => keys(&mut instead.iter()),
            None => keys(&mut own()),
        })
    }

    /// Whether the package was there in this version.
    pub(super) fn has(&self, key: &Key<'_>) -> bool {
        self.0.has(key)
    }

    /// Whether nothing was there, as in a sweep.
    pub(super) fn is_empty(&self) -> bool {
        self.0.0.is_empty()
    }

    /// Whether the package was there in any version.
    pub(super) fn knows(&self, key: &Key<'_>) -> bool {
        !self.0.versions(key).is_empty()
    }

    /// The packages that are `now` no more.
    pub(super) fn gone<'b>(&'b self, now: &'b Keys<'_>) -> impl Iterator<Item = &'b Key<'a>> {
        self.0.without(now)
    }

    /// The version that `key` takes the place of: the only one that was there and is `now` no more.
    pub(super) fn replaced(&self, key: &Key<'_>, now: &Keys<'_>) -> Option<&str> {
        let versions = self.0.versions(key).iter();
        let mut gone = versions.filter(|one| !now.has(one));
        match (gone.next(), gone.next()) {
            (Some((_, _, version)), None) => Some(version),
            _ => None,
        }
    }
}

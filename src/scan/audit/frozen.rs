//! A manifest and its lockfile that do not agree: what the change brings in of that.

use super::excerpt::line_excerpt;
use super::rules::OUT_OF_SYNC;
use super::{Audit, ID};
use crate::lockfile::{self, Contents, FROZEN, Frozen, FrozenSpec, Kept, Mismatch, Pair, Top};
use crate::model::{Finding, Novelty, Severity, Sink};
use crate::scan::SourceFile;
use serde_json::json;
use std::borrow::Cow;
use std::collections::HashSet;
use std::ops::Range;
use std::sync::Arc;

/// How many entries a message names.
const NAMED_MOST: usize = 3;

/// Of how many entries a place is looked for, until one has any.
const LOOKED_FOR_MOST: usize = 16;

/// Whether a file is a manifest that a lockfile belongs to, or such a lockfile.
pub(super) fn concerns(path: &str) -> bool {
    FROZEN
        .iter()
        .any(|spec| spec.stem(path).is_some() || spec.locks.contains(&name(path)))
}

fn name(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn folder(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn join(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

/// Compares `file`, a manifest or a lockfile, with its counterparts. Where both are of the run, the lockfile's turn
/// does it. `own` is what `file` holds, where it is a lockfile.
pub(super) fn judge(
    audit: &Audit,
    file: &SourceFile<'_>,
    own: Option<&Arc<Contents>>,
    out: &mut Sink,
) {
    if !audit.settings.frozen {
        return;
    }
    let path = file.meta().path.to_text();
    for spec in FROZEN {
        let check = Check {
            audit,
            file,
            spec,
            path: &path,
            own,
        };
        if let Some(stem) = spec.stem_of_lock(name(&path)) {
            check.lockfile(stem, out);
        } else if let Some(stem) = spec.stem(&path) {
            check.manifest(stem, out);
        }
    }
}

/// The manifests that a lockfile covers.
struct Covered(HashSet<String>);

/// What tells one entry from another.
fn told(one: &Mismatch) -> (&str, &str) {
    (&one.entry, &one.message)
}

struct Check<'a> {
    audit: &'a Audit,
    file: &'a SourceFile<'a>,
    spec: &'static FrozenSpec,
    path: &'a str,
    /// What the file holds, where it is a lockfile.
    own: Option<&'a Arc<Contents>>,
}

impl Check<'_> {
    fn lockfile(&self, stem: &str, out: &mut Sink) {
        let kept = Kept::new(self.file.bytes());
        for manifest in self.covered(stem, self.path, &kept) {
            let of = self.spec.stem(&manifest).unwrap_or(stem);
            if !self.counts(of) {
                continue;
            }
            if let Some(bytes) = self.audit.neighbours.of_project(&manifest) {
                let now = self.compare((&manifest, &bytes), (self.path, &kept));
                self.report(now, &manifest, self.path, out);
            }
        }
    }

    /// Whether the file is the first of the lockfiles that a manifest with this stem can have.
    fn counts(&self, stem: &str) -> bool {
        let first = self.spec.locks_of(stem).find(|lock| {
            let path = join(folder(self.path), lock);
            path == self.path || self.audit.neighbours.has(&path)
        });
        first.is_none_or(|lock| lock == name(self.path))
    }

    fn manifest(&self, stem: &str, out: &mut Sink) {
        let mut above = Some(folder(self.path));
        while let Some(at) = above {
            let lock = self.spec.locks_of(stem).find_map(|lock| {
                let path = join(at, &lock);
                let kept = self.audit.neighbours.kept(&path)?;
                Some((path, kept))
            });
            if let Some((lock, kept)) = lock {
                // Then the lockfile's turn reports on this manifest.
                if self.is_covered(&lock, &kept) {
                    return;
                }
                let now = self.compare((self.path, self.file.bytes()), (&lock, &kept));
                if now != Frozen::Apart {
                    return self.report(now, self.path, &lock, out);
                }
            }
            above = (!at.is_empty()).then(|| folder(at));
        }
    }

    /// Whether the lockfile is one of the run, and covers this manifest.
    fn is_covered(&self, lock: &str, kept: &Kept<'_>) -> bool {
        let of_run = self.audit.neighbours.is_of_run(lock);
        let stem = self.spec.stem_of_lock(name(lock)).filter(|_| of_run);
        stem.is_some_and(|stem| {
            if self.spec.manifest_of("").is_none() {
                // Each project may have one of its own name, and others of its folder.
                let covered = self.covered(stem, lock, kept);
                return covered.iter().any(|one| one == self.path);
            }
            let covered = || Covered(self.covered(stem, lock, kept).into_iter().collect());
            kept.once(|_| covered()).0.contains(self.path)
        })
    }

    /// The paths of the manifests that the lockfile covers.
    fn covered(&self, stem: &str, lock: &str, kept: &Kept<'_>) -> Vec<String> {
        let Some(first) = self.spec.manifest_of(stem) else {
            // Its name does not tell: those of its folder that the run sees.
            let beside = self.audit.neighbours.beside(folder(lock));
            return beside
                .filter(|path| self.spec.stem(path).is_some())
                .map(str::to_owned)
                .collect();
        };
        let top = join(folder(lock), &first);
        if !stem.is_empty() {
            return vec![top]
                .into_iter()
                .filter(|path| self.spec.stem(path).is_some())
                .collect();
        }
        // Without a manifest beside it nothing tells that it is of this project, and it need not be read for that.
        let Some(manifest) = self.audit.neighbours.of_project(&top) else {
            return Vec::new();
        };
        let neighbours = &self.audit.neighbours;
        let below = (self.spec.manifests)(&Top {
            lock: kept,
            manifest: &manifest,
            folders: &|below| neighbours.folders(&join(folder(lock), below)),
        });
        below.iter().map(|path| join(folder(lock), path)).collect()
    }

    fn compare(&self, manifest: (&str, &[u8]), lock: (&str, &Kept<'_>)) -> Frozen {
        let neighbours = &self.audit.neighbours;
        let contents = || match self.own {
            Some(own) if lock.0 == self.path => Some(Arc::clone(own)),
            _ => {
                let format = lockfile::find(lock.0)?;
                neighbours
                    .contents_kept(format, lock.0, lock.1.bytes())
                    .ok()
            }
        };
        (self.spec.check)(&Pair {
            manifest_path: manifest.0,
            manifest: manifest.1,
            lock_path: lock.0,
            lock: lock.1,
            contents: &contents,
            read: &|path| neighbours.kept(path),
        })
    }

    /// What did not agree before the change; nothing where one of the files was not there.
    fn before(&self, manifest: &str, lock: &str) -> Vec<Mismatch> {
        let neighbours = &self.audit.neighbours;
        let (Some(old), Some(old_lock)) = (
            neighbours.read_before(manifest),
            neighbours.kept_before(lock),
        ) else {
            return Vec::new();
        };
        let before = || {
            let format = lockfile::find(lock)?;
            neighbours
                .contents_before(format, lock, old_lock.bytes())
                .ok()
        };
        let pair = Pair {
            manifest_path: manifest,
            manifest: &old,
            lock_path: lock,
            lock: &old_lock,
            contents: &before,
            read: &|path| neighbours.kept_before(path),
        };
        match (self.spec.check)(&pair) {
            Frozen::OutOfSync(found) => found,
            Frozen::InSync | Frozen::Unknown | Frozen::Apart => Vec::new(),
        }
    }

    fn report(&self, now: Frozen, manifest: &str, lock: &str, out: &mut Sink) {
        let Frozen::OutOfSync(mut found) = now else {
            return;
        };
        let settings = &self.audit.settings;
        let mut novelty = Novelty::New;
        if settings.judges_change && !settings.whole_files {
            let before = self.before(manifest, lock);
            let told: HashSet<(&str, &str)> = before.iter().map(told).collect();
            let same = |one: &Mismatch| told.contains(&(&*one.entry, &*one.message));
            if found.iter().all(same) {
                novelty = Novelty::Existing;
            } else {
                found.retain(|one| !same(one));
            }
        }
        out.finding(self.finding(&found, novelty, manifest, lock));
    }

    fn finding(&self, found: &[Mismatch], novelty: Novelty, manifest: &str, lock: &str) -> Finding {
        let settings = &self.audit.settings;
        let severity = Severity::Medium;
        let place = self.place(found, manifest);
        let mut named: Vec<String> = found
            .iter()
            .take(NAMED_MOST)
            .map(|one| format!("{}: {}", one.entry, one.message))
            .collect();
        if found.len() > NAMED_MOST {
            named.push(format!("{} more", found.len() - NAMED_MOST));
        }
        let entries: Vec<&str> = found.iter().map(|one| one.entry.as_str()).collect();
        let data = json!({ "manifest": manifest, "lockfile": lock, "entries": entries });
        Finding {
            scanner: ID,
            rule: Cow::Borrowed(OUT_OF_SYNC),
            severity,
            blocking: settings.blocks && severity >= settings.threshold(false),
            novelty,
            path: self.file.meta().path.clone(),
            span: self.file.span(place.clone()),
            message: format!("{lock} does not match {manifest}: {}", named.join("; ")),
            help: format!(
                "{} and stage {}; `{}` refuses it as it is",
                self.spec.command,
                name(lock),
                self.spec.strict
            ),
            excerpt: line_excerpt(self.file, place, &named[0]),
            identity: format!("{manifest}\0{lock}\0{}", entries.join("\0")).into_bytes(),
            data: data.as_object().cloned().unwrap_or_default(),
        }
    }

    /// The first entry's place in the manifest; the start of a lockfile.
    fn place(&self, found: &[Mismatch], manifest: &str) -> Range<usize> {
        if manifest != self.path {
            return 0..0;
        }
        let mut places = found
            .iter()
            .take(LOOKED_FOR_MOST)
            .map(|one| one.place.find(self.file.bytes()));
        places.find(|place| !place.is_empty()).unwrap_or(0..0)
    }
}

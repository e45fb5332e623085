//! Clearing the cache of what no known configuration uses.

use super::cache::{Cache, Entry};
use super::document::{Document, Origin};
use super::plan::wanted;
use super::resolve::resolve;
use super::tool::Failed;
use std::fs;
use std::path::{Path, PathBuf};

/// What was, or would be, removed.
#[derive(Debug, Default)]
pub struct Cleared {
    /// Each entry, with what it says it is.
    pub entries: Vec<(PathBuf, String)>,
    /// Their bytes.
    pub bytes: u64,
    /// Entries that stay.
    pub kept: usize,
}

/// Removes the entries that no configuration uses which hookd has seen and which is still there; with `dry` only tells them.
///
/// # Errors
/// The cache cannot be locked, read or changed.
pub fn clear(cache: &Cache, dry: bool, on_wait: &mut dyn FnMut()) -> Result<Cleared, Failed> {
    let disk = |error| Failed::disk(cache.root(), &error);
    let _lock = cache.lock(on_wait).map_err(disk)?;
    let (known, used) = used(cache);
    let mut cleared = Cleared::default();
    for entry in cache.entries().map_err(disk)? {
        if used.contains(&entry) {
            cleared.kept += 1;
            continue;
        }
        cleared.bytes += size(&entry.dir);
        let about = entry.about().lines().take(2).collect::<Vec<_>>().join(" ");
        if !dry {
            fs::remove_dir_all(&entry.dir).map_err(disk)?;
        }
        cleared.entries.push((entry.dir, about));
    }
    if !dry {
        cache.set_configurations(&known).map_err(disk)?;
    }
    Ok(cleared)
}

/// The configurations that are still there, and every entry that one of them uses.
fn used(cache: &Cache) -> (Vec<PathBuf>, Vec<Entry>) {
    let (mut known, mut used) = (Vec::new(), Vec::new());
    for path in cache.configurations() {
        let Ok(bytes) = fs::read(&path) else { continue };
        let name = path
            .file_name()
            .unwrap_or_default()
            .to_string_lossy()
            .into_owned();
        // A broken one may be mended: it stays known, but what it used cannot be told.
        if let Ok(document) = Document::parse(&name, bytes) {
            used.extend(entries_of(&document, cache));
        }
        known.push(path);
    }
    (known, used)
}

fn entries_of(document: &Document, cache: &Cache) -> Vec<Entry> {
    let clones = document.repos.iter().filter_map(|repo| match &repo.origin {
        Origin::Remote { url, rev } => Some(cache.clone_of(&url.value, &rev.value)),
        _ => None,
    });
    let mut entries: Vec<Entry> = clones.collect();
    let resolved = resolve(document, Some(cache), None).unwrap_or_default();
    entries.extend(
        resolved
            .iter()
            .filter_map(wanted)
            .map(|wanted| wanted.entry(cache)),
    );
    entries
}

/// The bytes of all files below `dir`.
fn size(dir: &Path) -> u64 {
    let walk = ignore::WalkBuilder::new(dir)
        .standard_filters(false)
        .build();
    walk.flatten()
        .filter_map(|entry| entry.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|meta| meta.len())
        .sum()
}

//! Making everything ready that the hooks of a configuration need: clones first, then environments.

use super::cache::Cache;
use super::clone;
use super::document::{Document, Origin};
use super::environment::Wanted;
use super::manifest::Manifest;
use super::plan::{Settings, wanted};
use super::resolve::{From, resolve};
use super::tool::{Failed, Tools};
use crate::config::ConfigError;

/// Something that could not be made ready, and the hooks that need it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unready {
    /// The ids of the hooks.
    pub hooks: Vec<String>,
    /// Why.
    pub failed: Failed,
}

/// Fetches and makes what `document` needs and the cache does not have. What fails is left out and told, the rest is made.
///
/// # Errors
/// A mistake in the configuration or in a manifest.
pub fn prepare(
    document: &Document,
    settings: &Settings<'_>,
    tools: &Tools<'_>,
) -> Result<Vec<Unready>, ConfigError> {
    let Some(cache) = settings.cache else {
        return Ok(Vec::new());
    };
    let mut failed = Vec::new();
    if !is_ready(document, settings)? {
        let wait = || (tools.say)("waiting for another hookd that prepares hooks");
        match cache.lock(&mut { wait }) {
            Ok(_lock) => {
                clones(document, settings, cache, tools, &mut failed)?;
                environments(document, settings, cache, tools, &mut failed)?;
            }
            Err(error) => failed.push(Unready {
                hooks: Vec::new(),
                failed: Failed::disk(cache.root(), &error),
            }),
        }
    }
    if uses_cache(document) {
        let path = settings.root.join(&document.source.file);
        // Forgotten, its entries would be made anew after the next `hookd gc`: nothing is lost.
        let _ = cache.remember(&path);
    }
    Ok(failed)
}

/// Fetches the hook repositories that are not there yet, and makes no environment: enough to know what the hooks are.
///
/// # Errors
/// A mistake in the configuration or in a manifest.
pub fn fetch(
    document: &Document,
    settings: &Settings<'_>,
    tools: &Tools<'_>,
) -> Result<Vec<Unready>, ConfigError> {
    let mut failed = Vec::new();
    let Some(cache) = settings.cache else {
        return Ok(failed);
    };
    let resolved = resolve(document, Some(cache), settings.native)?;
    if !resolved
        .iter()
        .any(|hook| matches!(hook.from, From::Absent(..)))
    {
        return Ok(failed);
    }
    let wait = || (tools.say)("waiting for another hookd that prepares hooks");
    match cache.lock(&mut { wait }) {
        Ok(_lock) => clones(document, settings, cache, tools, &mut failed)?,
        Err(error) => failed.push(Unready {
            hooks: Vec::new(),
            failed: Failed::disk(cache.root(), &error),
        }),
    }
    Ok(failed)
}

fn uses_cache(document: &Document) -> bool {
    document
        .repos
        .iter()
        .any(|repo| matches!(repo.origin, Origin::Remote { .. } | Origin::Local))
}

/// Whether nothing is left to be made.
fn is_ready(document: &Document, settings: &Settings<'_>) -> Result<bool, ConfigError> {
    let Some(cache) = settings.cache else {
        return Ok(true);
    };
    let resolved = resolve(document, Some(cache), settings.native)?;
    Ok(resolved.iter().all(|hook| match hook.from {
        From::Absent(..) => false,
        _ => wanted(hook).is_none_or(|wanted| wanted.is_ready(cache)),
    }))
}

fn clones(
    document: &Document,
    settings: &Settings<'_>,
    cache: &Cache,
    tools: &Tools<'_>,
    failed: &mut Vec<Unready>,
) -> Result<(), ConfigError> {
    let resolved = resolve(document, Some(cache), settings.native)?;
    let mut tried: Vec<(&str, &str)> = Vec::new();
    for hook in &resolved {
        let From::Absent(url, rev) = &hook.from else {
            continue;
        };
        if tried.contains(&(url, rev)) {
            continue;
        }
        tried.push((url, rev));
        if let Err(reason) = clone::bring(cache, url, rev, settings.root, tools) {
            let same = resolved.iter().filter(|other| other.from == hook.from);
            failed.push(Unready {
                hooks: same.map(|other| other.keys.id().to_owned()).collect(),
                failed: reason,
            });
        }
    }
    Ok(())
}

fn environments(
    document: &Document,
    settings: &Settings<'_>,
    cache: &Cache,
    tools: &Tools<'_>,
    failed: &mut Vec<Unready>,
) -> Result<(), ConfigError> {
    let resolved = resolve(document, Some(cache), settings.native)?;
    let mut todo: Vec<(Wanted, Vec<String>)> = Vec::new();
    for hook in &resolved {
        let Some(wanted) = wanted(hook).filter(|wanted| !wanted.is_ready(cache)) else {
            continue;
        };
        if matches!(hook.from, From::Absent(..) | From::Native(..)) {
            continue;
        }
        match todo.iter_mut().find(|(known, _)| *known == wanted) {
            Some((_, ids)) => ids.push(hook.keys.id().to_owned()),
            None => todo.push((wanted, vec![hook.keys.id().to_owned()])),
        }
    }
    for (wanted, hooks) in todo {
        (tools.say)(&format!(
            "making the environment of {} ({})",
            hooks.join(", "),
            wanted.about()
        ));
        if let Err(reason) = wanted.make(cache, tools) {
            failed.push(Unready {
                hooks,
                failed: reason,
            });
        }
    }
    Ok(())
}

/// The ids of all hooks that the repository at `url` offers at `rev`; it is fetched where it is not there.
///
/// # Errors
/// It cannot be fetched, or offers nothing.
pub fn offered(
    url: &str,
    rev: &str,
    settings: &Settings<'_>,
    tools: &Tools<'_>,
) -> Result<Vec<String>, Failed> {
    let Some(cache) = settings.cache else {
        return Err(Failed::new(
            "there is no folder for clones",
            "set HOME or HOOKD_CACHE_DIR",
        ));
    };
    let _lock = cache
        .lock(&mut || ())
        .map_err(|error| Failed::disk(cache.root(), &error))?;
    let entry = clone::bring(cache, url, rev, settings.root, tools)?;
    let manifest =
        Manifest::read(&entry.dir, url).map_err(|error| Failed::new(error.to_string(), ""))?;
    Ok(manifest
        .hooks
        .iter()
        .map(|hook| hook.id().to_owned())
        .collect())
}

//! Clones of hook repositories: one commit, shallow where the server allows it.

use super::cache::{Cache, Entry};
use super::tool::{Failed, Tools};
use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// What keeps git from asking questions, and from doing what a hook repository has no business with.
fn quiet() -> [(&'static str, OsString); 3] {
    [
        ("GIT_TERMINAL_PROMPT", "0".into()),
        ("GIT_ASKPASS", "true".into()),
        ("GIT_LFS_SKIP_SMUDGE", "1".into()),
    ]
}

/// Brings the clone of `url` at `rev` into the cache, whose lock the caller holds. A relative path is one from `root`, the
/// top of the repository with the configuration.
///
/// # Errors
/// git cannot fetch it, or what it fetched is not `rev`.
pub(super) fn bring(
    cache: &Cache,
    url: &str,
    rev: &str,
    root: &Path,
    tools: &Tools<'_>,
) -> Result<Entry, Failed> {
    let entry = cache.clone_of(url, rev);
    if entry.is_ready() {
        return Ok(entry);
    }
    (tools.say)(&format!("fetching {url} at {rev}"));
    let parent = entry.dir.parent().unwrap_or(cache.root());
    let disk = |error| Failed::disk(parent, &error);
    fs::create_dir_all(parent).map_err(disk)?;
    let fresh = tempfile::Builder::new().prefix(".new-").tempdir_in(parent).map_err(disk)?;
    let commit = fetch(&source(url, root), rev, fresh.path(), tools)
        .map_err(|failed| Failed::new(format!("{url} at {rev}: {}", failed.message), failed.help))?;
    Entry { dir: fresh.path().to_path_buf() }
        .finish(&format!("{url}\n{rev}\n{commit}\n"))
        .map_err(disk)?;
    // What stands there is the half of an earlier attempt.
    let _ = fs::remove_dir_all(&entry.dir);
    fs::rename(fresh.keep(), &entry.dir).map_err(disk)?;
    Ok(entry)
}

/// The address as git gets it from another folder.
fn source(url: &str, root: &Path) -> OsString {
    let is_path = !url.contains("://") && root.join(url).is_dir();
    if is_path { root.join(url).into_os_string() } else { url.into() }
}

/// Fetches `rev` into the empty folder `dir` and gives its commit.
fn fetch(url: &OsString, rev: &str, dir: &Path, tools: &Tools<'_>) -> Result<String, Failed> {
    let git = |words: &[&str]| tools.run("git", words, dir, &quiet());
    git(&["init", "-q", "."])?;
    let mut add = vec![OsString::from("remote"), "add".into(), "--".into(), "origin".into()];
    add.push(url.clone());
    tools.run("git", &add, dir, &quiet())?;
    let protocol = ["-c", "protocol.version=2"];
    let shallow = [&protocol[..], &["fetch", "-q", "--depth=1", "--no-tags", "--", "origin", rev]].concat();
    if git(&shallow).is_ok() {
        git(&["-c", "advice.detachedHead=false", "checkout", "-q", "FETCH_HEAD"])?;
    } else {
        // Servers need not give single commits by their hash, and short hashes mean nothing to them.
        git(&["fetch", "-q", "--tags", "origin"])?;
        git(&["-c", "advice.detachedHead=false", "checkout", "-q", rev, "--"])?;
    }
    let commit = git(&["rev-parse", "--verify", "HEAD^{commit}"])?.trim().to_owned();
    let is_hash = rev.len() >= 7 && rev.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash && rev.len() == commit.len() && !commit.eq_ignore_ascii_case(rev) {
        return Err(Failed::new(
            format!("git gave the commit {commit}"),
            "the server did not give what was asked for: do not use it",
        ));
    }
    if dir.join(".gitmodules").is_file() {
        git(&["submodule", "update", "-q", "--init", "--recursive", "--depth=1"])?;
    }
    Ok(commit)
}

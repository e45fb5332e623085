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
    let fresh = tempfile::Builder::new()
        .prefix(".new-")
        .tempdir_in(parent)
        .map_err(disk)?;
    let commit = fetch(&source(url, root), rev, fresh.path(), tools).map_err(|failed| {
        Failed::new(format!("{url} at {rev}: {}", failed.message), failed.help)
    })?;
    Entry {
        dir: fresh.path().to_path_buf(),
    }
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
    if is_path {
        root.join(url).into_os_string()
    } else {
        url.into()
    }
}

/// Fetches `rev` into the empty folder `dir` and gives its commit.
fn fetch(url: &OsString, rev: &str, dir: &Path, tools: &Tools<'_>) -> Result<String, Failed> {
    let git = |words: &[&str]| tools.run("git", words, dir, &quiet());
    git(&["init", "-q", "."])?;
    let mut add = vec![
        OsString::from("remote"),
        "add".into(),
        "--".into(),
        "origin".into(),
    ];
    add.push(url.clone());
    tools.run("git", &add, dir, &quiet())?;
    let protocol = ["-c", "protocol.version=2"];
    let shallow = [
        &protocol[..],
        &["fetch", "-q", "--depth=1", "--no-tags", "--", "origin", rev],
    ]
    .concat();
    if git(&shallow).is_ok() {
        git(&[
            "-c",
            "advice.detachedHead=false",
            "checkout",
            "-q",
            "FETCH_HEAD",
        ])?;
    } else {
        // Servers need not give single commits by their hash, and short hashes mean nothing to them.
        git(&["fetch", "-q", "--tags", "origin"])?;
        git(&[
            "-c",
            "advice.detachedHead=false",
            "checkout",
            "-q",
            rev,
            "--",
        ])?;
    }
    let commit = git(&["rev-parse", "--verify", "HEAD^{commit}"])?
        .trim()
        .to_owned();
    let is_hash = rev.len() >= 7 && rev.bytes().all(|byte| byte.is_ascii_hexdigit());
    if is_hash && rev.len() == commit.len() && !commit.eq_ignore_ascii_case(rev) {
        return Err(Failed::new(
            format!("git gave the commit {commit}"),
            "the server did not give what was asked for: do not use it",
        ));
    }
    if dir.join(".gitmodules").is_file() {
        git(&[
            "submodule",
            "update",
            "-q",
            "--init",
            "--recursive",
            "--depth=1",
        ])?;
    }
    Ok(commit)
}

/// The tags of the repository at `url`, each with its commit.
///
/// # Errors
/// git cannot ask it.
pub(super) fn tags(
    url: &str,
    root: &Path,
    tools: &Tools<'_>,
) -> Result<Vec<(String, String)>, Failed> {
    let words = [
        OsString::from("ls-remote"),
        "--tags".into(),
        "--".into(),
        source(url, root),
    ];
    let printed = tools.run("git", &words, root, &quiet())?;
    let mut tags: Vec<(String, String)> = Vec::new();
    for line in printed.lines() {
        let Some((commit, name)) = line.split_once("\trefs/tags/") else {
            continue;
        };
        // `TAG^{}` is the commit of an annotated tag, and follows it.
        let name = name.strip_suffix("^{}").unwrap_or(name);
        match tags.last_mut().filter(|(last, _)| last == name) {
            Some((_, known)) => commit.clone_into(known),
            None => tags.push((name.to_owned(), commit.to_owned())),
        }
    }
    Ok(tags)
}

/// The commit that HEAD of the repository at `url` is.
///
/// # Errors
/// git cannot ask it, or it is empty.
pub fn head_of(url: &str, root: &Path, tools: &Tools<'_>) -> Result<String, Failed> {
    let words = [
        OsString::from("ls-remote"),
        "--".into(),
        source(url, root),
        "HEAD".into(),
    ];
    let printed = tools.run("git", &words, root, &quiet())?;
    let head = printed.lines().find_map(|line| line.strip_suffix("\tHEAD"));
    head.map(str::to_owned)
        .ok_or_else(|| Failed::new(format!("{url} has no commit"), "name one with --ref"))
}

/// When the commit of a tag was made, in seconds since 1970.
///
/// # Errors
/// git cannot fetch it.
pub(super) fn time_of(url: &str, tag: &str, root: &Path, tools: &Tools<'_>) -> Result<u64, Failed> {
    let dir = tempfile::tempdir().map_err(|error| Failed::disk(root, &error))?;
    tools.run("git", &["init", "-q", "--bare", "."], dir.path(), &quiet())?;
    let mut words = vec![
        OsString::from("fetch"),
        "-q".into(),
        "--depth=1".into(),
        "--".into(),
    ];
    words.extend([source(url, root), format!("refs/tags/{tag}").into()]);
    tools.run("git", &words, dir.path(), &quiet())?;
    let printed = tools.run(
        "git",
        &["log", "-1", "--format=%ct", "FETCH_HEAD"],
        dir.path(),
        &quiet(),
    )?;
    printed
        .trim()
        .parse()
        .map_err(|_| Failed::new(format!("git gave no time for {tag}"), ""))
}

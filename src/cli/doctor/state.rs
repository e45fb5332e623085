//! What runs have left behind: unfinished transactions, saved versions, locks, the ledger, caches.

use super::{Findings, count};
use crate::cli::context::Context;
use crate::env;
use crate::git::{Leftovers, Repo};
use crate::ledger::Ledger;
use std::path::Path;

/// Looks at the git directory and at the user's caches.
pub(super) fn look(context: &Context, found: &mut Findings) {
    if let Some(repo) = &context.repo {
        match repo.leftovers() {
            Ok(left) => leftovers(&left, found),
            Err(error) => found.broken("leftovers", error.to_string(), error.hint()),
        }
        ledger(repo, found);
    }
    caches(found);
}

fn leftovers(left: &Leftovers, found: &mut Findings) {
    if left.busy {
        found.look("leftovers", "another hookd works here at the moment", "");
    }
    if left.transactions > 0 {
        let runs = count(left.transactions, "killed run has", "killed runs have");
        found.broken(
            "leftovers",
            format!("{runs} files of yours that are not back in their places"),
            "hookd recover",
        );
    }
    if let Some(lock) = &left.index_lock {
        found.broken(
            "leftovers",
            format!("{} is held by nobody: git refuses to work", lock.display()),
            format!("rm '{}'", lock.display()),
        );
    }
    if let Some(first) = left.saved.first() {
        let folder = first.parent().unwrap_or(first).display();
        let number = count(left.saved.len(), "time", "times");
        found.look(
            "saved",
            format!("versions of your files were set aside {number}: {folder}"),
            "take what you need and delete the rest",
        );
    }
    if left.transactions == 0 && left.index_lock.is_none() && !left.busy {
        found.fine("leftovers", "none");
    }
}

fn ledger(repo: &Repo, found: &mut Findings) {
    let ledger = Ledger::of(&repo.common_dir());
    match ledger.read() {
        Ok(records) if records.broken > 0 => found.look(
            "ledger",
            format!(
                "{} of {} are no records",
                count(records.broken, "line", "lines"),
                ledger.path().display()
            ),
            "they are passed over; hookd verify tells of commits without a record",
        ),
        Ok(_) => found.fine("ledger", "it can be read"),
        Err(error) => found.broken(
            "ledger",
            format!("{}: {error}", ledger.path().display()),
            "make it readable, or delete it: commits then count as never checked",
        ),
    }
}

fn caches(found: &mut Findings) {
    let megabytes =
        |path: Option<std::path::PathBuf>| path.map_or(0.0, |path| size(&path) as f64 / 1e6);
    let data = megabytes(env::data_dir());
    let cache = megabytes(env::cache_dir());
    found.fine(
        "disk",
        format!("data {data:.1} MB, hook repositories and environments {cache:.1} MB"),
    );
}

/// Bytes in a folder; links are not followed, and what cannot be read is not counted.
fn size(top: &Path) -> u64 {
    let mut folders = vec![top.to_path_buf()];
    let mut bytes = 0;
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).into_iter().flatten().flatten() {
            match entry.metadata() {
                Ok(meta) if meta.is_dir() => folders.push(entry.path()),
                Ok(meta) => bytes += meta.len(),
                Err(_) => {}
            }
        }
    }
    bytes
}

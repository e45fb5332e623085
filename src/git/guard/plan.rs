//! Which steps bring the staged versions into their places.

use super::disk;
use super::journal::Op;
use crate::model::RepoPath;
use std::collections::HashSet;
use std::io;
use std::path::Path;

/// The steps for `paths` in the worktree `root`. What stands in the way, at a path or above it, is moved aside: an
/// untracked file or folder, a link in place of a folder.
///
/// # Errors
/// A place cannot be looked at.
pub(super) fn steps(root: &Path, paths: &[&RepoPath]) -> io::Result<Vec<Op>> {
    let mut plan = Plan {
        root,
        ops: Vec::with_capacity(paths.len() * 2),
        made: HashSet::new(),
        sound: HashSet::new(),
        // The first numbers belong to the paths, those after them to what stands above paths.
        next: paths.len(),
    };
    for (number, path) in paths.iter().enumerate() {
        plan.add(number, path)?;
    }
    Ok(plan.ops)
}

struct Plan<'a> {
    root: &'a Path,
    ops: Vec<Op>,
    /// Folders that the plan makes: below them is nothing.
    made: HashSet<RepoPath>,
    /// Folders that are there.
    sound: HashSet<RepoPath>,
    next: usize,
}

impl Plan<'_> {
    fn add(&mut self, number: usize, path: &RepoPath) -> io::Result<()> {
        let mut below_made = false;
        for folder in parents(path) {
            below_made = self.folder(folder, below_made)?;
        }
        if !below_made && disk::entry(&self.root.join(path.to_path()))?.is_some() {
            self.ops.push(Op::Aside(number, path.clone()));
        }
        self.ops.push(Op::Place(number, path.clone()));
        Ok(())
    }

    /// Plans one folder; whether it is one that the plan makes.
    fn folder(&mut self, folder: RepoPath, below_made: bool) -> io::Result<bool> {
        if self.sound.contains(&folder) {
            return Ok(false);
        }
        if self.made.contains(&folder) {
            return Ok(true);
        }
        if !below_made && let Some(meta) = disk::entry(&self.root.join(folder.to_path()))? {
            if meta.is_dir() {
                self.sound.insert(folder);
                return Ok(false);
            }
            self.ops.push(Op::Aside(self.next, folder.clone()));
            self.next += 1;
        }
        self.ops.push(Op::MakeDir(folder.clone()));
        self.made.insert(folder);
        Ok(true)
    }
}

/// The folders above a path, from the top.
pub(super) fn parents(path: &RepoPath) -> impl Iterator<Item = RepoPath> + '_ {
    let bytes = path.as_bytes();
    let slashes = bytes
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'/')
        .map(|(at, _)| at);
    slashes.map(|at| RepoPath::new(&bytes[..at]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    fn plan(root: &Path, paths: &[&str]) -> Vec<Op> {
        let paths: Vec<RepoPath> = paths.iter().map(|path| (*path).into()).collect();
        steps(root, &paths.iter().collect::<Vec<_>>()).unwrap()
    }

    #[test]
    fn files_links_and_obstacles() {
        let dir = tempfile::tempdir().unwrap();
        let root = dir.path();
        fs::create_dir(root.join("d")).unwrap();
        fs::write(root.join("d/a"), "").unwrap();
        fs::create_dir(root.join("obstacle")).unwrap();
        std::os::unix::fs::symlink("d", root.join("link")).unwrap();
        let aside = |n, path: &str| Op::Aside(n, path.into());
        let place = |n, path: &str| Op::Place(n, path.into());
        let make = |path: &str| Op::MakeDir(path.into());
        assert_eq!(
            plan(
                root,
                &["d/a", "d/gone", "link/a", "link/b", "obstacle", "x/y/z"]
            ),
            [
                aside(0, "d/a"),
                place(0, "d/a"),
                place(1, "d/gone"),
                aside(6, "link"),
                make("link"),
                place(2, "link/a"),
                place(3, "link/b"),
                aside(4, "obstacle"),
                place(4, "obstacle"),
                make("x"),
                make("x/y"),
                place(5, "x/y/z"),
            ]
        );
    }
}

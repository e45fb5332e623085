//! What commands have changed: the files of the worktree at one moment, compared with a later one.

use super::entries::Entry;
use super::error::GuardError;
use super::hash;
use super::stat::Stat;
use crate::model::{ObjectId, RepoPath};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// A file whose time lies this close to the moment of looking may be changed again without its time changing: kernels
/// stamp files with the time of their last clock tick, file systems with as little as two seconds' precision.
const TICK: Duration = Duration::from_millis(20);

/// The ids of the empty blob: SHA-1 and SHA-256.
const EMPTY: [&str; 2] = [
    "e69de29bb2d1d6434b8b29ae775ad8c2e48c5391",
    "473a0f4c3be8a93681a267e3b1e9a7dcda1185436fe141f7749120a303721813",
];

/// The tracked files at one moment.
#[derive(Debug)]
pub struct Snapshot {
    root: PathBuf,
    files: Vec<File>,
    taken: SystemTime,
}

#[derive(Debug)]
struct File {
    path: RepoPath,
    /// The id of the content it had; `None` where nothing was there, or no git could read it.
    id: Option<ObjectId>,
    stat: Option<Stat>,
}

impl Snapshot {
    /// Looks at every file of the index that `visible` lets through. Such files are, at the beginning, as they are
    /// staged: the guard has seen to that.
    ///
    /// # Errors
    /// git cannot be asked.
    pub(super) fn take(
        root: &Path,
        entries: &[Entry],
        visible: &dyn Fn(&RepoPath) -> bool,
    ) -> Result<Self, GuardError> {
        let taken = SystemTime::now();
        let files = entries
            .iter()
            .filter(|entry| entry.mode != b"160000" && visible(&entry.path))
            .map(|entry| File {
                stat: Stat::in_worktree(root, &entry.path),
                path: entry.path.clone(),
                id: Some(entry.id),
            });
        let mut files: Vec<File> = files.collect();
        let intended: Vec<usize> = (0..files.len())
            .filter(|&number| files[number].may_be_intended())
            .collect();
        if !intended.is_empty() {
            let paths: Vec<&RepoPath> = intended.iter().map(|&n| &files[n].path).collect();
            let ids = hash::files(root, &paths)?;
            for (number, id) in intended.into_iter().zip(ids) {
                files[number].id = id;
            }
        }
        Ok(Self {
            root: root.to_path_buf(),
            files,
            taken,
        })
    }

    /// The files whose content, kind or mode is not what it was, and from now on what it is counts as what it was.
    /// A file that was written with the same content, or only touched, has not changed.
    ///
    /// # Errors
    /// git cannot be started.
    pub fn changed(&mut self) -> Result<Vec<RepoPath>, GuardError> {
        let now = SystemTime::now();
        let mut suspects = Vec::new();
        for (number, file) in self.files.iter().enumerate() {
            let stat = Stat::in_worktree(&self.root, &file.path);
            if stat != file.stat || stat.is_some_and(|stat| !is_settled(stat, self.taken)) {
                suspects.push((number, stat));
            }
        }
        let paths: Vec<&RepoPath> = suspects
            .iter()
            .map(|(number, _)| &self.files[*number].path)
            .collect();
        let ids = if paths.is_empty() {
            Vec::new()
        } else {
            hash::files(&self.root, &paths)?
        };
        let mut changed = Vec::new();
        for ((number, stat), id) in suspects.into_iter().zip(ids) {
            let file = &mut self.files[number];
            let is_unreadable = id.is_none() && stat.is_some() && stat != file.stat;
            if id != file.id && (id.is_some() || stat.is_none())
                || is_unreadable
                || stat.map(Stat::kind) != file.stat.map(Stat::kind)
            {
                changed.push(file.path.clone());
            }
            // A content that cannot be known is compared by its times from now on.
            file.id = id;
            file.stat = stat;
        }
        self.taken = now;
        Ok(changed)
    }
}

impl File {
    /// Whether it may be an entry of `git add -N`: recorded as empty, whatever is in the file.
    fn may_be_intended(&self) -> bool {
        self.stat.is_some_and(|stat| stat.size > 0)
            && self
                .id
                .is_some_and(|id| EMPTY.contains(&id.to_string().as_str()))
    }
}

/// Whether any later change must show in the times.
fn is_settled(stat: Stat, taken: SystemTime) -> bool {
    let limit = taken
        .checked_sub(TICK)
        .and_then(|limit| limit.duration_since(UNIX_EPOCH).ok());
    let Some(limit) = limit else { return false };
    let limit = (
        i64::try_from(limit.as_secs()).unwrap_or(i64::MAX),
        i64::from(limit.subsec_nanos()),
    );
    stat.changed < limit
}

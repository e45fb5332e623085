//! What commands have changed: the files of the worktree at one moment, compared with a later one.

use super::entries::{self, Entry};
use super::error::GuardError;
use super::hash;
use super::stat::Stat;
use crate::model::{ObjectId, RepoPath};
use std::collections::{HashMap, HashSet};
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
    /// The index that commands use, where it is not the one that git uses now.
    index: Option<PathBuf>,
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
        index: Option<&Path>,
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
            index: index.map(Path::to_path_buf),
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
        let suspects = self.suspects();
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
            if file.is_changed(stat, id) {
                changed.push(file.path.clone());
            }
            // A content that cannot be known is compared by its times from now on.
            file.id = id;
            file.stat = stat;
        }
        self.taken = now;
        Ok(changed)
    }

    /// Those of `paths` that are not staged as they were when [`Snapshot::changed`] was last asked: a command may have run
    /// `git add` or `git rm` itself, and then the commit gets what it made.
    ///
    /// # Errors
    /// git cannot be asked.
    pub fn unstaged(&self, paths: Vec<RepoPath>) -> Result<Vec<RepoPath>, GuardError> {
        if paths.is_empty() {
            return Ok(paths);
        }
        let wanted: HashSet<&RepoPath> = paths.iter().collect();
        let entries = entries::list(&self.root, self.index.as_deref())?;
        let staged: HashMap<&RepoPath, &Entry> = entries
            .iter()
            .filter(|entry| wanted.contains(&entry.path))
            .map(|entry| (&entry.path, entry))
            .collect();
        let as_staged = self.files.iter().filter(|file| {
            let entry = staged.get(&file.path);
            wanted.contains(&file.path) && file.is_staged_as(entry.copied())
        });
        let as_staged: HashSet<&RepoPath> = as_staged.map(|file| &file.path).collect();
        Ok(paths
            .iter()
            .filter(|path| !as_staged.contains(path))
            .cloned()
            .collect())
    }

    /// The numbers of the files that may have been written, with what is known of them now.
    fn suspects(&self) -> Vec<(usize, Option<Stat>)> {
        let files = self.files.iter().enumerate().map(|(number, file)| {
            let stat = Stat::in_worktree(&self.root, &file.path);
            let is_suspect =
                stat != file.stat || stat.is_some_and(|stat| !is_settled(stat, self.taken));
            is_suspect.then_some((number, stat))
        });
        files.flatten().collect()
    }
}

impl File {
    fn is_changed(&self, stat: Option<Stat>, id: Option<ObjectId>) -> bool {
        if stat.map(Stat::kind) != self.stat.map(Stat::kind) {
            return true;
        }
        // Where git could not read it, its times decide.
        id.map_or(stat != self.stat, |id| self.id != Some(id))
    }

    fn is_staged_as(&self, entry: Option<&Entry>) -> bool {
        match (entry, self.stat) {
            (Some(entry), Some(stat)) => {
                self.id == Some(entry.id) && entry.kind() == Some(stat.kind())
            }
            (None, None) => true,
            _ => false,
        }
    }

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

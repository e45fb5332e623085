//! What commands change while they run, and which of them did it.

use super::CommandPlan;
use crate::command::{Around as CommandAround, HookResult, HookStatus, Job};
use crate::git::{Guard, GuardError, Snapshot};
use crate::model::RepoPath;
use std::collections::{BTreeSet, HashMap, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};

/// The files as they were when they were last looked at.
pub(super) enum Watch {
    /// Every tracked file, as staged.
    Staged(Snapshot),
    /// The files of the run, as they are on disk.
    Disk {
        root: PathBuf,
        hashes: HashMap<RepoPath, Option<u64>>,
    },
}

impl Watch {
    /// Watches what the commands of `plan` may change.
    ///
    /// # Errors
    /// git cannot be asked.
    pub(super) fn new(
        plan: &CommandPlan<'_>,
        jobs: &[Job<'_>],
        guard: &Guard,
    ) -> Result<Self, GuardError> {
        if plan.staged {
            Ok(Self::Staged(guard.snapshot(&|_| true)?))
        } else {
            Ok(Self::files(plan, jobs))
        }
    }

    /// Watches the files that commands which write are given. Files that no such command gets cost nothing.
    pub(super) fn files(plan: &CommandPlan<'_>, jobs: &[Job<'_>]) -> Self {
        let written = jobs
            .iter()
            .filter(|job| job.hook.writes)
            .flat_map(|job| job.files.iter().flatten());
        let paths: HashSet<&RepoPath> = written.copied().collect();
        let root = plan.root.to_path_buf();
        let hashes = paths
            .into_iter()
            .map(|path| (path.clone(), hash(&root, path)))
            .collect();
        Self::Disk { root, hashes }
    }

    /// Takes the files as they are now for unchanged. Where that fails, looking for changes fails too and says why.
    pub(super) fn look(&mut self) {
        let _ = self.changed();
    }

    /// What has changed since the last time, but for what a command has staged itself: that is as it is staged.
    fn changed(&mut self) -> Result<Vec<RepoPath>, String> {
        match self {
            Self::Staged(snapshot) => {
                let changed = snapshot.changed();
                let unstaged = changed.and_then(|changed| snapshot.unstaged(changed));
                unstaged.map_err(|error| error.to_string())
            }
            Self::Disk { root, hashes } => {
                let mut changed = Vec::new();
                for (path, known) in hashes {
                    let now = hash(root, path);
                    if *known != now {
                        *known = now;
                        changed.push(path.clone());
                    }
                }
                Ok(changed)
            }
        }
    }
}

/// What a file holds, in short; `None` where there is none.
fn hash(root: &std::path::Path, path: &RepoPath) -> Option<u64> {
    let mut hasher = DefaultHasher::new();
    std::fs::read(root.join(path.to_path()))
        .ok()?
        .hash(&mut hasher);
    Some(hasher.finish())
}

/// Looks after each hook what it changed.
pub(super) struct Around<'a> {
    watch: &'a Mutex<Watch>,
    /// Files that some hook is given: a change of one belongs to a hook that has it.
    given: HashSet<&'a RepoPath>,
    seen: Mutex<Seen>,
}

#[derive(Default)]
struct Seen {
    /// Changed, and not yet known by whom.
    pending: BTreeSet<RepoPath>,
    /// Changed by hooks with `stage_fixed`.
    fixed: BTreeSet<RepoPath>,
}

impl<'a> Around<'a> {
    pub(super) fn new(jobs: &[Job<'a>], watch: &'a Mutex<Watch>) -> Self {
        Self {
            watch,
            given: jobs
                .iter()
                .flat_map(|job| job.files.iter().flatten())
                .copied()
                .collect(),
            seen: Mutex::default(),
        }
    }

    /// The files that hooks with `stage_fixed` changed.
    pub(super) fn fixed(&self) -> Vec<RepoPath> {
        let seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.fixed.iter().cloned().collect()
    }

    /// What `job` changed: its own files, and files that no hook was given.
    fn of(&self, job: &Job<'_>, seen: &mut Seen) -> Vec<RepoPath> {
        let own: HashSet<&RepoPath> = job.files.iter().flatten().copied().collect();
        let is_its =
            |path: &RepoPath| own.contains(path) || own.is_empty() || !self.given.contains(path);
        let mine: Vec<RepoPath> = seen
            .pending
            .iter()
            .filter(|path| is_its(path))
            .cloned()
            .collect();
        for path in &mine {
            seen.pending.remove(path);
        }
        mine
    }
}

impl CommandAround for Around<'_> {
    fn before(&self, _: &Job<'_>) -> Result<(), String> {
        Ok(())
    }

    fn after(&self, job: &Job<'_>, result: &mut HookResult) {
        if !job.hook.writes {
            return;
        }
        let changed = self
            .watch
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .changed();
        let changed = match changed {
            Ok(changed) => changed,
            Err(message) => {
                result.status = HookStatus::Error {
                    message: format!("what it changed cannot be told: {message}"),
                    help: "see what git itself says: git status".to_owned(),
                };
                return;
            }
        };
        let mut seen = self.seen.lock().unwrap_or_else(PoisonError::into_inner);
        seen.pending.extend(changed);
        let mine = self.of(job, &mut seen);
        if mine.is_empty() || result.status != HookStatus::Passed {
            return;
        }
        let (staged, others): (Vec<RepoPath>, Vec<RepoPath>) = mine
            .into_iter()
            .partition(|path| job.hook.stage_fixed && self.given.contains(path));
        seen.fixed.extend(staged);
        if !others.is_empty() {
            result.status = HookStatus::Modified;
            result
                .output
                .extend_from_slice(changed_files(&others).as_bytes());
        }
    }
}

fn changed_files(paths: &[RepoPath]) -> String {
    const MOST: usize = 10;
    let mut text = String::from("changed:\n");
    for path in paths.iter().take(MOST) {
        text.push_str(&format!("  {}\n", crate::text::printable(&path.to_text())));
    }
    if paths.len() > MOST {
        text.push_str(&format!("  … and {} more\n", paths.len() - MOST));
    }
    text
}

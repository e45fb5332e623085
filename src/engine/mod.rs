//! The run itself: every file is read once, handed to every scanner that takes it, and what they find is judged.

mod assemble;
mod base;
mod commands;
mod hide;
mod panics;
mod read;
mod scan_file;
mod scan_source;
mod unused;
mod window;

use crate::git::BlobReader;
use crate::model::{CheckError, FileMeta, Mode, Outcome, Sink};
use crate::select::PreparedCheck;
use crate::triage::IgnoreList;
use assemble::Assembly;
use rayon::prelude::*;
use scan_file::scan_file;
use scan_source::FileResult;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Instant;

pub use commands::{CommandPlan, Commands, run_commands, write_fix};
pub use panics::keep_panics_quiet;
pub use window::LARGE;

/// Under this many bytes a run is over before a pool of threads has started.
const WORTH_A_POOL: u64 = 512 * 1024;
/// How many files are scanned before their results are put together: a history has millions of blobs.
const BATCH: usize = 16 * 1024;

/// Told how a run gets on, from any thread.
pub trait Progress: Sync {
    /// `files` files with `bytes` bytes in all will be read.
    fn start(&self, files: usize, bytes: u64);
    /// One more file of `bytes` bytes is done.
    fn advance(&self, bytes: u64);
    /// The last file is done.
    fn finish(&self);
}

/// What to run.
pub struct Plan<'a> {
    /// What is looked at.
    pub mode: Mode,
    /// The git hook it runs as.
    pub stage: String,
    /// The files, in order of path.
    pub files: &'a [FileMeta],
    /// What could not even be looked at.
    pub errors: Vec<CheckError>,
    /// The checks, in registry order.
    pub checks: Vec<PreparedCheck>,
    /// Ids of checks left out by the user: shown as skipped.
    pub skipped: Vec<String>,
    /// Where blobs come from; `None` outside a repository.
    pub blobs: Option<&'a BlobReader>,
    /// Threads; 0 for one a core.
    pub jobs: usize,
    /// Whether anything is done with fixes.
    pub fixes: bool,
    /// How many findings that block, and how many others, the report shows; `None` for all. Of the rest no line is kept.
    pub shown: Option<usize>,
    /// Whether the first blocking finding ends the run.
    pub fail_fast: bool,
    /// When the run began.
    pub started: Instant,
}

/// Runs the plan; findings that `ignores` lists are accepted. Never fails: what could not be checked is in the outcome.
#[must_use]
pub fn run(plan: Plan<'_>, progress: &dyn Progress, ignores: &IgnoreList<'_>) -> Outcome {
    let selected: Vec<Vec<usize>> = plan
        .files
        .iter()
        .map(|file| takers(&plan.checks, file))
        .collect();
    let mut assembly = judged(&plan, &selected, progress, ignores, plan.fail_fast);
    if plan.fail_fast && !assembly.blocks() {
        // What made it stop was accepted: the rest has not been looked at.
        assembly = judged(&plan, &selected, progress, ignores, false);
    }
    if plan.mode == Mode::All {
        assembly.block(unused::loose(&plan, ignores));
    }
    if plan.mode == Mode::All
        && let Some(note) = unused::note(&plan, ignores)
    {
        assembly.complain(note);
    }
    assembly.finish(plan)
}

/// Scans everything, or up to the first blocking finding, and asks who accepted what.
fn judged(
    plan: &Plan<'_>,
    selected: &[Vec<usize>],
    progress: &dyn Progress,
    ignores: &IgnoreList<'_>,
    stop_early: bool,
) -> Assembly {
    let mut assembly = Assembly::new(plan);
    for (at, check) in plan.checks.iter().enumerate() {
        let files: Vec<&FileMeta> = plan
            .files
            .iter()
            .zip(selected)
            .filter(|(_, takers)| takers.contains(&at))
            .map(|(file, _)| file)
            .collect();
        let mut sink = Sink::new();
        let began = Instant::now();
        if !files.is_empty() || check.always {
            check.scanner.scan_set(&files, &mut sink);
        }
        assembly.add_set(at, files.len(), sink, began.elapsed());
    }
    scan_all(plan, selected, progress, stop_early, &mut assembly);
    if !stop_early {
        for check in &plan.checks {
            let mut sink = Sink::new();
            check.scanner.finish(&mut sink);
            assembly.add_end(sink);
        }
    }
    assembly.accept(plan.mode, ignores);
    assembly
}

fn takers(checks: &[PreparedCheck], file: &FileMeta) -> Vec<usize> {
    let taken = checks
        .iter()
        .enumerate()
        .filter(|(_, check)| check.takes(file).is_ok());
    taken.map(|(at, _)| at).collect()
}

/// Adds one result a file to `assembly`, in the order of the files, whatever thread made it.
fn scan_all(
    plan: &Plan<'_>,
    selected: &[Vec<usize>],
    progress: &dyn Progress,
    stop_early: bool,
    assembly: &mut Assembly,
) {
    let work: Vec<(&FileMeta, &Vec<usize>)> = plan
        .files
        .iter()
        .zip(selected)
        .filter(|(_, takers)| !takers.is_empty())
        .collect();
    let bytes = work.iter().map(|(file, _)| file.size).sum();
    progress.start(work.len(), bytes);
    let stop = AtomicBool::new(false);
    let one = |&(file, takers): &(&FileMeta, &Vec<usize>)| {
        if stop.load(Ordering::Relaxed) {
            return FileResult::default();
        }
        let result = scan_file(plan, file, takers);
        if stop_early && result.blocks() {
            stop.store(true, Ordering::Relaxed);
        }
        progress.advance(file.size);
        result
    };
    let pool = pool(plan.jobs, bytes);
    for batch in work.chunks(BATCH) {
        let results: Vec<FileResult> = match &pool {
            Some(pool) => pool.install(|| batch.par_iter().map(one).collect()),
            None => batch.iter().map(one).collect(),
        };
        results
            .into_iter()
            .for_each(|result| assembly.add_file(result));
    }
    progress.finish();
}

/// A pool of `jobs` threads (0: one a core) for `bytes` bytes of work; `None` where one thread does as well, or none can be started.
#[must_use]
pub fn pool(jobs: usize, bytes: u64) -> Option<rayon::ThreadPool> {
    if jobs == 1 || bytes < WORTH_A_POOL {
        return None;
    }
    rayon::ThreadPoolBuilder::new()
        .num_threads(jobs)
        .stack_size(crate::lang::POOL_STACK)
        .start_handler(|_| crate::lang::announce_pool_stack())
        .build()
        .ok()
}

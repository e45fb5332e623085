//! All hooks of a run: side by side where they may, on a bounded number of threads, results in configuration order.

use super::call::{Call, Surroundings, add_up, call};
use super::environment::Environment;
use super::job::Job;
use super::locks::predecessors;
use super::order::run_order;
use super::result::{HookResult, HookStatus};
use super::spec::Hook;
use super::state::{Event, Shared, State, Task};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::time::{Duration, Instant};

/// How often progress gets a tick while nothing else happens.
const TICK: Duration = Duration::from_millis(100);

/// What all hooks of a run share.
#[derive(Clone, Copy)]
pub struct RunContext<'a> {
    /// The top of the worktree: absolute.
    pub root: &'a Path,
    /// What every command inherits.
    pub environment: &'a Environment,
    /// How many processes run at once; at least one does.
    pub jobs: usize,
    /// Nothing begins after a failure, whatever the hooks say.
    pub fail_fast: bool,
    /// Whether the run is to end; asked often, from several threads.
    pub interrupted: &'a (dyn Fn() -> bool + Sync),
}

/// What the caller does right before and after each hook, while nobody else may touch its files. Called on the threads
/// of the run.
pub trait Around: Sync {
    /// Before the first call.
    ///
    /// # Errors
    /// A sentence why the hook must not run; it becomes the hook's error.
    fn before(&self, job: &Job<'_>) -> Result<(), String>;

    /// After the last call, where [`Around::before`] said yes; may change the result, for example to [`HookStatus::Modified`].
    fn after(&self, job: &Job<'_>, result: &mut HookResult);
}

/// Does nothing.
impl Around for () {
    fn before(&self, _: &Job<'_>) -> Result<(), String> {
        Ok(())
    }

    fn after(&self, _: &Job<'_>, _: &mut HookResult) {}
}

/// Gets told how the run goes on. Called on the thread that called [`run_hooks`].
pub trait CommandProgress {
    /// A hook begins.
    fn started(&mut self, hook: &Hook);
    /// A hook ended or was skipped, in the order in which that happened.
    fn finished(&mut self, result: &HookResult);
    /// Time has passed; `running` are the hooks at work and for how long, in configuration order.
    fn tick(&mut self, running: &[(&Hook, Duration)]);
}

/// Shows nothing.
impl CommandProgress for () {
    fn started(&mut self, _: &Hook) {}
    fn finished(&mut self, _: &HookResult) {}
    fn tick(&mut self, _: &[(&Hook, Duration)]) {}
}

/// Runs `jobs`, given in configuration order, and gives one result each in the same order.
///
/// Hooks run beside each other unless one depends on the other or both want the same file and one of them writes; then
/// the earlier one in the configuration goes first. Hooks that write and get no file names lock every file, `serial` and
/// `tty` hooks run alone.
pub fn run_hooks(
    jobs: &[Job<'_>],
    context: RunContext<'_>,
    around: &dyn Around,
    progress: &mut dyn CommandProgress,
) -> Vec<HookResult> {
    let hooks: Vec<&Hook> = jobs.iter().map(|job| job.hook).collect();
    let (order, dependencies) = run_order(&hooks);
    let before = predecessors(jobs, &order, dependencies.clone());
    let shared = Shared::new(State::new(
        jobs,
        order,
        before,
        dependencies,
        context.fail_fast,
    ));
    let workers = context.jobs.clamp(1, 512);
    std::thread::scope(|scope| {
        for _ in 0..workers.min(most_at_once(jobs, context)) {
            scope.spawn(|| work(&shared, jobs, context, around));
        }
        watch(&shared, jobs, progress);
    });
    shared.into_results()
}

/// More threads than calls would only wait.
fn most_at_once(jobs: &[Job<'_>], context: RunContext<'_>) -> usize {
    let calls = jobs
        .iter()
        .map(|job| job.calls(context.environment, context.jobs).len());
    calls.sum::<usize>().max(1)
}

fn watch(shared: &Shared<'_>, jobs: &[Job<'_>], progress: &mut dyn CommandProgress) {
    loop {
        let (events, running, over) = shared.news(TICK);
        for event in &events {
            match event {
                Event::Started(at) => progress.started(jobs[*at].hook),
                Event::Finished(result) => progress.finished(result),
            }
        }
        if over {
            return;
        }
        let running: Vec<(&Hook, Duration)> = running
            .into_iter()
            .map(|(at, since)| (jobs[at].hook, since.elapsed()))
            .collect();
        progress.tick(&running);
    }
}

fn work(shared: &Shared<'_>, jobs: &[Job<'_>], context: RunContext<'_>, around: &dyn Around) {
    while let Some(task) = shared.next(context.interrupted) {
        match task {
            Task::Start(at) => {
                let answer = guarded(|| around.before(&jobs[at])).and_then(|answer| answer);
                let calls = answer.map(|()| jobs[at].calls(context.environment, context.jobs));
                shared.started(at, calls);
            }
            Task::Call(at, number, range) => {
                let call = guarded(|| one_call(&jobs[at], range, context));
                shared.called(
                    at,
                    number,
                    call.unwrap_or_else(|message| {
                        Call::without_process(HookStatus::without_help(message))
                    }),
                );
            }
            Task::Finish(at, calls, begun) => {
                let mut result = sum(&jobs[at], calls, begun);
                if let Err(message) = guarded(|| around.after(&jobs[at], &mut result)) {
                    result.status = HookStatus::without_help(message);
                }
                shared.finished(at, result);
            }
        }
    }
}

/// A panic on a thread of the run must neither end in a pass nor leave the other threads waiting.
fn guarded<T>(work: impl FnOnce() -> T) -> Result<T, String> {
    catch_unwind(AssertUnwindSafe(work)).map_err(|_| "a bug in hookd stopped this hook".to_owned())
}

fn one_call(job: &Job<'_>, range: Range<usize>, context: RunContext<'_>) -> Call {
    let files = job.paths()[range].iter();
    let names: Vec<_> = files.map(|path| job.hook.argument(path)).collect();
    let arguments: Vec<&[u8]> = job
        .arguments
        .iter()
        .map(Vec::as_slice)
        .chain(names.iter().map(|name| &**name))
        .collect();
    let surroundings = Surroundings {
        root: context.root,
        environment: context.environment,
        interrupted: context.interrupted,
    };
    call(job.hook, &arguments, job.stdin.as_deref(), surroundings)
}

fn sum(job: &Job<'_>, calls: Vec<Call>, begun: Instant) -> HookResult {
    let sum = add_up(calls);
    HookResult {
        id: job.hook.id.clone(),
        status: sum.status,
        files: job.paths().len(),
        duration: begun.elapsed(),
        output: sum.output,
        exit: sum.exit,
    }
}
